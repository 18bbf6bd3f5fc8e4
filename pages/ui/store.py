"""What pages read from snapshots, and the only caches. Every key holds the snapshot's id, the selection and its scope.

Measurements, rows and figures are frozen or never changed by those who receive them.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from data.errors import SnapshotError
from data.settings import Settings
from data.store import Snapshot, newest_id, open_snapshot
from metrics import inventory
from metrics.definitions import Catalogue, catalogue_of
from metrics.query import Measurement, measure, rows_behind, sql_behind
from metrics.selection import Selection
from pages.ui.access import reader
from pages.ui.address import Choices, View

ROOT = Path(__file__).resolve().parents[2]


def directory() -> Path:
    """Folder of the snapshots: OUTSIDE_IN_SNAPSHOTS, else data/snapshots of the project."""
    return ROOT / os.environ.get("OUTSIDE_IN_SNAPSHOTS", "data/snapshots")


@st.cache_resource(max_entries=6, show_spinner=False)
def opened(folder: str, snapshot_id: str | None) -> Snapshot:
    """A snapshot whose manifest verifies, open for reading; raises SnapshotError. A damaged newest gives the one before."""
    return open_snapshot(Path(folder), snapshot_id)


def snapshot_for(asked: str | None) -> Snapshot:
    """The snapshot of that id, else the newest; raises SnapshotMissing when there is none at all."""
    folder = directory()
    if asked in kept():
        try:
            return opened(str(folder), asked)
        except SnapshotError:
            return opened(str(folder), newest_id(folder))
    return opened(str(folder), newest_id(folder))


def kept() -> tuple[str, ...]:
    """Ids of the kept snapshots, newest first."""
    found = [p.parent for p in directory().glob("*/manifest.json")]
    return tuple(p.name for p in sorted(found, key=lambda p: (p / "manifest.json").stat().st_mtime, reverse=True))


def snapshot(view: View) -> Snapshot:
    return opened(str(directory()), view.snapshot)


@st.cache_resource(max_entries=6, show_spinner=False)
def catalogue_in(snapshot_id: str) -> Catalogue:
    return catalogue_of(opened(str(directory()), snapshot_id).cursor())


@st.cache_resource(max_entries=6, show_spinner=False)
def settings_in(snapshot_id: str) -> Settings:
    return opened(str(directory()), snapshot_id).settings()


def catalogue(view: View) -> Catalogue:
    """The definitions that the snapshot was built with."""
    return catalogue_in(view.snapshot)


def settings(view: View) -> Settings:
    """The company's choices that the snapshot was built with."""
    return settings_in(view.snapshot)


@st.cache_data(max_entries=4000, show_spinner=False)
def measured_in(
    snapshot_id: str, metric: str, selection: Selection, by: tuple[str, ...], every: str | None
) -> tuple[Measurement, ...]:
    cursor = opened(str(directory()), snapshot_id).cursor()
    return measure(cursor, catalogue_in(snapshot_id), metric, selection, by, every)


def measured(
    metric: str, view: View, by: tuple[str, ...] = (), every: str | None = None, **changes: Any
) -> tuple[Measurement, ...]:
    """A metric over the view's selection; `changes` are those of Selection (period, versus, where), never its scope."""
    return measured_in(view.snapshot, metric, selection_of(view, **changes), by, every)


def selection_of(view: View, **changes: Any) -> Selection:
    """The view's selection with other parts; the scope is always that of the reader of this run."""
    return replace(view.selection, **changes, scope=reader().scope)


@st.cache_data(max_entries=500, show_spinner=False)
def computed_in(snapshot_id: str, name: str, selection: Selection, arguments: tuple, _function: Callable) -> Any:
    return _function(opened(str(directory()), snapshot_id).cursor(), catalogue_in(snapshot_id), selection, *arguments)


def computed(function: Callable, view: View, *arguments: Any) -> Any:
    """function(cursor, catalogue, selection, *arguments) of metrics/, cached; the arguments are hashable codes and numbers."""
    name = f"{function.__module__}.{function.__qualname__}"
    return computed_in(view.snapshot, name, selection_of(view), arguments, function)


@st.cache_resource(max_entries=300, show_spinner=False)
def drawn_in(snapshot_id: str, name: str, selection: Selection, lang: str, arguments: tuple, _draw: Callable) -> Any:
    return _draw()


def drawn(name: str, view: View, draw: Callable[[], Any], *arguments: Any) -> Any:
    """The figure that `draw` builds, kept by name, snapshot, selection, language and arguments: it must depend on nothing else."""
    return drawn_in(view.snapshot, name, selection_of(view), view.lang, arguments, draw)


@st.cache_data(max_entries=50, show_spinner=False)
def rows_in(snapshot_id: str, metric: str, selection: Selection, limit: int) -> Any:
    return rows_behind(
        opened(str(directory()), snapshot_id).cursor(), catalogue_in(snapshot_id), metric, selection, limit
    )


def rows(metric: str, view: View, limit: int = 1000) -> Any:
    """The rows behind a number, without personal columns; None for a reader who may not see rows."""
    return rows_in(view.snapshot, metric, selection_of(view), limit) if reader().sees_rows else None


def sql(metric: str, view: View) -> str:
    return sql_behind(snapshot(view).cursor(), catalogue(view), metric, selection_of(view))
