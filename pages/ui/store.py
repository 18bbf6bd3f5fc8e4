"""What pages read from snapshots, and the only caches. Every key holds the snapshot's id, the selection and its scope.

What is kept is frozen (measurements, findings) or never changed by those who receive it (figures).
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.errors import SnapshotError
from data.manifest import Manifest, kept_ids, of_another_version, read_manifest
from data.settings import Settings
from data.store import Snapshot, newest_id, open_snapshot
from metrics import inventory
from metrics.answered import answered
from metrics.customers import Customers, customers
from metrics.definitions import Catalogue, catalogue_of
from metrics.errors import CatalogueError
from metrics.query import Measurement, measure, rows_behind, sql_behind
from metrics.question import cuttable
from metrics.selection import Selection
from pages.ui.access import Reader, reader
from pages.ui.address import Choices, View
from pages.ui.asked import note_computed, note_measured
from pages.ui.kept import Kept
from pages.ui.plotted import once_written

if TYPE_CHECKING:
    import duckdb

ROOT = Path(__file__).resolve().parents[2]
CODES_AHEAD = 12  # of a column
_folders, _settings, _catalogues, _choices = Kept(4), Kept(8), Kept(8), Kept(32)
_measured, _computed, _inventoried, _drawn, _rows = Kept(6000), Kept(600), Kept(100), Kept(300), Kept(20)


def directory() -> Path:
    """Folder of the snapshots: OUTSIDE_IN_SNAPSHOTS, else data/snapshots of the project."""
    return ROOT / os.environ.get("OUTSIDE_IN_SNAPSHOTS", "data/snapshots")


def snapshot_for(asked: str | None) -> Snapshot:
    """The snapshot of that id when kept and whole, else the newest; raises SnapshotError when none can be read."""
    if asked in kept():
        try:
            return open_snapshot(directory(), asked, understood)
        except SnapshotError:
            return open_snapshot(directory(), None, understood)
    return open_snapshot(directory(), None, understood)


def understood(found: Snapshot) -> None:
    """Raises SnapshotDamaged for a snapshot whose settings or definitions this version of the program cannot read."""
    found.settings()
    try:
        _catalogues.get(lambda: catalogue_of(found.cursor()), found.id)
    except CatalogueError:
        raise of_another_version(found.path) from None


def kept() -> tuple[str, ...]:
    """Ids of the kept snapshots, the latest built first."""
    folder = directory()
    if not folder.is_dir():
        return ()
    return _folders.get(lambda: tuple(kept_ids(folder)), folder, folder.stat().st_mtime_ns)


def manifests() -> tuple[Manifest, ...]:
    """Manifests of the kept snapshots, the latest built first, without those that cannot be read (the banner tells)."""
    found = []
    for snapshot_id in kept():
        try:
            found.append(manifest(snapshot_id))
        except SnapshotError:
            continue
    return tuple(found)


def manifest(snapshot_id: str) -> Manifest:
    return read_manifest(directory() / snapshot_id)


def newest() -> str | None:
    return newest_id(directory())


def opened(snapshot_id: str) -> Snapshot:
    return open_snapshot(directory(), snapshot_id)


def snapshot(view: View) -> Snapshot:
    """The one snapshot of this run."""
    return opened(view.snapshot)


def cursor(view: View) -> "duckdb.DuckDBPyConnection":
    """For one question to the snapshot of this run."""
    return snapshot(view).cursor()


def catalogue_in(snapshot_id: str) -> Catalogue:
    return _catalogues.get(lambda: catalogue_of(opened(snapshot_id).cursor()), snapshot_id)


def catalogue(view: View) -> Catalogue:
    """The definitions that the snapshot was built with."""
    return catalogue_in(view.snapshot)


def settings(view: View) -> Settings:
    """The company's choices that the snapshot was built with."""
    return _settings.get(lambda: snapshot(view).settings(), view.snapshot)


def choices(snapshot_id: str, who: Reader, pages: tuple[str, ...], snapshots: tuple[str, ...]) -> Choices:
    """What an address may ask of a snapshot: its codes in the order of the settings, inside the reader's scope."""
    key = snapshot_id, who, pages, snapshots
    return _choices.get(lambda: choices_of(*key), *key)


def choices_of(snapshot_id: str, who: Reader, pages: tuple[str, ...], snapshots: tuple[str, ...]) -> Choices:
    ground, found = catalogue_in(snapshot_id).ground, opened(snapshot_id)
    codes = inventory.segment_codes(found.cursor(), ground.segments)
    named = {column: list(segment.values) for column, segment in found.settings().segments.items()}
    named["value_tier"] = [tier.code for tier in found.settings().value_tiers.names]
    return Choices(
        pages=tuple(page for page in pages if who.may_open(page)),
        languages=tuple(found.settings().company.languages),
        columns={
            column: who.may_choose(column, in_named_order(codes[column], named.get(column, [])))
            for column in ground.segments
        },
        first=ground.whole.start,
        end=ground.whole.end,
        snapshots=snapshots,
        scope=who.scope,
        events=inventory.event_codes(found.cursor()) if "result_event_code" in ground.columns else {},
        definitions=found.manifest.definitions_version[:8],
    )


def in_named_order(codes: tuple[str, ...], named: list[str]) -> tuple[str, ...]:
    """Codes that the settings name come first, in their order; those that are the lack of one last."""
    return tuple(
        sorted(
            codes, key=lambda code: (code in ("unknown", "none"), named.index(code) if code in named else len(named))
        )
    )


def measured(
    metric: str, view: View, by: tuple[str, ...] = (), every: str | None = None, **changes: Any
) -> tuple[Measurement, ...]:
    """A metric over the view's selection; `changes` are those of Selection (period, versus, where), never its scope."""
    question = metric, asked_of(metric, view, **changes), by, every
    note_measured(*question)
    return measured_in(view.snapshot, *question)


def measured_in(
    snapshot_id: str, metric: str, selection: Selection, by: tuple[str, ...] = (), every: str | None = None
) -> tuple[Measurement, ...]:
    """A metric in any kept snapshot."""
    question = metric, selection, by, every
    return _measured.get(
        lambda: measure(opened(snapshot_id).cursor(), catalogue_in(snapshot_id), *question), snapshot_id, *question
    )


def asked_of(metric: str, view: View, **changes: Any) -> Selection:
    """What is asked of a metric: the view's selection, without the filters by events that it does not know.

    Employees' answers know no segment and no scope of customers.
    """
    asked, ground = selection_of(view, **changes), catalogue(view).ground
    known = catalogue(view).metrics.get(metric)
    if known is None:
        return asked
    if known.people != "customers":
        return replace(asked, where=tuple(one for one in asked.where if one[0] not in ground.segments), scope=())
    if not view.events:
        return asked
    strange = {column for column, _ in view.events}.difference(cuttable_of(metric, view))
    return replace(asked, where=tuple(one for one in asked.where if one[0] not in strange)) if strange else asked


def cuttable_of(metric: str, view: View) -> tuple[str, ...]:
    """Columns by which a metric can be cut and filtered in this snapshot, segments first."""
    return cuttable_in(catalogue(view), metric)


def cuttable_in(known: Catalogue, metric: str) -> tuple[str, ...]:
    return cuttable(known.metrics[metric], known.ground)


def selection_of(view: View, **changes: Any) -> Selection:
    """The view's selection with other parts and its filters by events; the scope is that of the reader of this run."""
    if not changes and not view.events and view.selection.scope == reader().scope:
        return view.selection
    asked = replace(view.selection, **changes, scope=reader().scope)
    return replace(asked, where=(*asked.where, *view.events)) if view.events else asked


def computed(function: Callable, view: View, *arguments: Any) -> Any:
    """function(cursor, catalogue, selection, *arguments) of metrics/, kept; arguments are codes and numbers."""
    question = selection_of(view), *arguments
    note_computed(function, question)
    return computed_in(view.snapshot, function, *question)


def computed_in(snapshot_id: str, function: Callable, *arguments: Any) -> Any:
    """The same of any kept snapshot."""
    key = snapshot_id, function, *arguments
    return _computed.get(
        lambda: answered(opened(snapshot_id).cursor(), catalogue_in(snapshot_id), function, arguments), *key
    )


def whatever_is_filtered(function: Callable, snapshot_id: str) -> Any:
    """function(cursor, catalogue, scope) of metrics/, kept: what depends on whom the reader may see alone."""
    return computed_in(snapshot_id, function, reader().scope)


def remembered(compute: Callable[[], Any], *key: Any) -> Any:
    """What is kept under a key that holds every snapshot, selection and scope that matters."""
    return _computed.get(compute, *key)


def inventoried(function: Callable, snapshot_id: str, *arguments: Any) -> Any:
    """function(cursor, *arguments) of metrics/inventory.py, kept."""
    return _inventoried.get(
        lambda: function(opened(snapshot_id).cursor(), *arguments), snapshot_id, function, *arguments
    )


def drawn(name: str, view: View, draw: Callable[[], Any], *arguments: Any) -> Any:
    """The figure of `draw`, kept by name, snapshot, selection, language and arguments: nothing else may matter."""
    return _drawn.get(
        lambda: once_written(draw(), view.lang), view.snapshot, name, selection_of(view), view.lang, *arguments
    )


def rows(metric: str, view: View, limit: int = 1000) -> Any:
    """The rows behind a number, without personal columns; None for who may not see rows, and of employees' answers."""
    if not reader().sees_rows or catalogue(view).metric(metric).people == "employees":
        return None
    asked = metric, asked_of(metric, view), limit
    return _rows.get(lambda: rows_behind(cursor(view), catalogue(view), *asked), view.snapshot, *asked)


def customers_behind(metric: str, view: View) -> Customers:
    """Of whom a metric counts something, by pseudonym; for readers who may see rows."""
    asked = asked_of(metric, view), metric
    return _computed.get(lambda: customers(cursor(view), catalogue(view), *asked), view.snapshot, customers, *asked)


def sql(metric: str, view: View) -> str:
    return sql_behind(cursor(view), catalogue(view), metric, asked_of(metric, view))


def last_day(view: View) -> date:
    """The last day that the data speaks of."""
    return catalogue(view).ground.as_of - timedelta(days=1)


def warm(found: Snapshot) -> None:
    """Read ahead what the first reader needs of a snapshot."""
    catalogue_in(found.id)
    choices(found.id, reader(), (), kept())


def warm_filters(found: Snapshot, metrics: Sequence[str]) -> None:
    """Ask ahead what the next click on a filter will: the first codes of each segment column over the first period.

    The first code of a column makes the sums of all of them ready (metrics/slices.py), for several at once too.
    """
    catalogue, offered = catalogue_in(found.id), choices(found.id, reader(), (), kept())
    first = Selection(offered.default_period(), offered.default_versus(), (), reader().scope)
    for column, codes in offered.columns.items():
        known = [m for m in metrics if m in catalogue.metrics and column in cuttable_in(catalogue, m)]
        for code, metric in product(codes[:CODES_AHEAD], known):
            chosen = replace(first, where=((column, (code,)),))
            measured_in(found.id, metric, chosen)
            measured_in(found.id, metric, replace(chosen, versus="none"), (), "month")
