"""What pages read from snapshots, and the only caches. Every key holds the snapshot's id, the selection and its scope.

What is kept is frozen (measurements, findings) or never changed by those who receive it (figures), so it is kept as it
is, without a copy for each reader.
"""

import gc
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import streamlit as st

from data.errors import SnapshotError
from data.manifest import Manifest, kept_ids, read_manifest
from data.settings import Settings
from data.store import Snapshot, newest_id, open_snapshot
from metrics import inventory
from metrics.customers import Customers, customers
from metrics.definitions import Catalogue, catalogue_of
from metrics.query import Measurement, measure, rows_behind, sql_behind
from metrics.question import cuttable
from metrics.selection import Selection
from pages.ui.access import Reader, reader
from pages.ui.address import Choices, View

ROOT = Path(__file__).resolve().parents[2]
RUNS_BEFORE_SETTLED = 3
_runs = 0


def directory() -> Path:
    """Folder of the snapshots: OUTSIDE_IN_SNAPSHOTS, else data/snapshots of the project."""
    return ROOT / os.environ.get("OUTSIDE_IN_SNAPSHOTS", "data/snapshots")


def snapshot_for(asked: str | None) -> Snapshot:
    """The snapshot of that id when kept and whole, else the newest; raises SnapshotError when none can be read."""
    if asked in kept():
        try:
            return open_snapshot(directory(), asked)
        except SnapshotError:
            return open_snapshot(directory())
    return open_snapshot(directory())


def kept() -> tuple[str, ...]:
    """Ids of the kept snapshots, the latest built first."""
    return kept_in(str(directory()), directory().stat().st_mtime_ns) if directory().is_dir() else ()


@st.cache_resource(max_entries=4, show_spinner=False)
def kept_in(folder: str, changed: int) -> tuple[str, ...]:
    """Reads every manifest, so only when the folder `changed`."""
    return tuple(kept_ids(Path(folder)))


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


@st.cache_resource(max_entries=8, show_spinner=False)
def catalogue_in(snapshot_id: str) -> Catalogue:
    return catalogue_of(opened(snapshot_id).cursor())


def catalogue(view: View) -> Catalogue:
    """The definitions that the snapshot was built with."""
    return catalogue_in(view.snapshot)


def settings(view: View) -> Settings:
    """The company's choices that the snapshot was built with."""
    return snapshot(view).settings()


@st.cache_resource(max_entries=32, show_spinner=False)
def choices(snapshot_id: str, who: Reader, pages: tuple[str, ...], snapshots: tuple[str, ...]) -> Choices:
    """What an address may ask of a snapshot: its codes in the order of the settings, inside the reader's scope."""
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
    )


def in_named_order(codes: tuple[str, ...], named: list[str]) -> tuple[str, ...]:
    """Codes that the settings name come first, in their order; those that are the lack of one last."""
    return tuple(
        sorted(
            codes, key=lambda code: (code in ("unknown", "none"), named.index(code) if code in named else len(named))
        )
    )


@st.cache_resource(max_entries=6000, show_spinner=False)
def measured_in(
    snapshot_id: str, metric: str, selection: Selection, by: tuple[str, ...], every: str | None
) -> tuple[Measurement, ...]:
    return measure(opened(snapshot_id).cursor(), catalogue_in(snapshot_id), metric, selection, by, every)


def measured(
    metric: str, view: View, by: tuple[str, ...] = (), every: str | None = None, **changes: Any
) -> tuple[Measurement, ...]:
    """A metric over the view's selection; `changes` are those of Selection (period, versus, where), never its scope."""
    return measured_in(view.snapshot, metric, asked_of(metric, view, **changes), by, every)


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
    strange = {column for column, _ in view.events}.difference(cuttable_of(metric, view))
    return replace(asked, where=tuple(one for one in asked.where if one[0] not in strange)) if strange else asked


def cuttable_of(metric: str, view: View) -> tuple[str, ...]:
    """Columns by which a metric can be cut and filtered in this snapshot, segments first."""
    known = catalogue(view)
    return cuttable(known.metrics[metric], known.ground)


def selection_of(view: View, **changes: Any) -> Selection:
    """The view's selection with other parts and its filters by events; the scope is that of the reader of this run."""
    asked = replace(view.selection, **changes, scope=reader().scope)
    return replace(asked, where=(*asked.where, *view.events)) if view.events else asked


@st.cache_resource(max_entries=600, show_spinner=False)
def computed_in(snapshot_id: str, name: str, selection: Selection, arguments: tuple, _function: Callable) -> Any:
    return _function(opened(snapshot_id).cursor(), catalogue_in(snapshot_id), selection, *arguments)


def computed(function: Callable, view: View, *arguments: Any) -> Any:
    """function(cursor, catalogue, selection, *arguments) of metrics/, kept; arguments are codes and numbers."""
    return computed_in(view.snapshot, name_of(function), selection_of(view), arguments, function)


@st.cache_resource(max_entries=100, show_spinner=False)
def inventoried_in(snapshot_id: str, name: str, arguments: tuple, _function: Callable) -> Any:
    return _function(opened(snapshot_id).cursor(), *arguments)


def inventoried(function: Callable, snapshot_id: str, *arguments: Any) -> Any:
    """function(cursor, *arguments) of metrics/inventory.py, kept."""
    return inventoried_in(snapshot_id, name_of(function), arguments, function)


def name_of(function: Callable) -> str:
    return f"{function.__module__}.{function.__qualname__}"


@st.cache_resource(max_entries=300, show_spinner=False)
def drawn_in(snapshot_id: str, name: str, selection: Selection, lang: str, arguments: tuple, _draw: Callable) -> Any:
    return _draw()


def drawn(name: str, view: View, draw: Callable[[], Any], *arguments: Any) -> Any:
    """The figure of `draw`, kept by name, snapshot, selection, language and arguments: nothing else may matter."""
    return drawn_in(view.snapshot, name, selection_of(view), view.lang, arguments, draw)


@st.cache_resource(max_entries=20, show_spinner=False)
def rows_in(snapshot_id: str, metric: str, selection: Selection, limit: int) -> Any:
    return rows_behind(opened(snapshot_id).cursor(), catalogue_in(snapshot_id), metric, selection, limit)


def rows(metric: str, view: View, limit: int = 1000) -> Any:
    """The rows behind a number, without personal columns; None for who may not see rows, and of employees' answers."""
    if not reader().sees_rows or catalogue(view).metric(metric).people == "employees":
        return None
    return rows_in(view.snapshot, metric, asked_of(metric, view), limit)


def customers_behind(metric: str, view: View) -> Customers:
    """Of whom a metric counts something, by pseudonym; for readers who may see rows."""
    return computed_in(view.snapshot, name_of(customers), asked_of(metric, view), (metric,), customers)


def sql(metric: str, view: View) -> str:
    return sql_behind(snapshot(view).cursor(), catalogue(view), metric, asked_of(metric, view))


def last_day(view: View) -> date:
    """The last day that the data speaks of."""
    return catalogue(view).ground.as_of - timedelta(days=1)


def warm(found: Snapshot) -> None:
    """Read ahead what the first reader needs of a snapshot."""
    catalogue_in(found.id)
    choices(found.id, reader(), (), kept())


def settle() -> None:
    """After the first runs, take what they left for good out of the garbage collector's sight.

    Of a rerun's time most was a full collection over long-lived objects (PERFORMANCE.md).
    """
    global _runs
    _runs += 1
    if _runs == RUNS_BEFORE_SETTLED:
        gc.collect()
        gc.freeze()
