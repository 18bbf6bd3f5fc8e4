"""What changed between two snapshots: rows of each table, values of each metric with their causes, definitions."""

import streamlit as st

from data.errors import SnapshotError
from metrics.since import Asked, Moved
from pages.ui import formats, holdings, since, store
from pages.ui.address import View, changed
from pages.ui.export import Table
from pages.ui.since_tables import moved_table
from pages.ui.tables import show
from pages.ui.text import t


def differences(other: str, view: View) -> None:
    """Between the snapshot `other` and the one of the view, the older first; metrics over the view's selection."""
    lang, view = view.lang, changed(view, since=other)
    try:
        then, now = since.in_order(view)
    except SnapshotError:
        st.markdown(t("since.unreadable", lang))
        return
    st.subheader(t("data.rows_changed", lang), anchor=False)
    rows = row_changes(store.manifest(then).rows, store.manifest(now).rows)
    if rows:
        rows_table(rows, view)
    else:
        st.markdown(t("data.no_rows_changed", lang))
    st.subheader(t("data.values_changed", lang), anchor=False)
    st.caption(t("data.values_explained", lang, period=formats.period(view.selection.period, lang)))
    values = value_changes(then, now, view)
    if values:
        moved_table("data_values_changed", values, view)
    else:
        st.markdown(t("data.no_values_changed", lang))
    since.the_definitions(list(store.catalogue_in(now).metrics), then, now, view)


def row_changes(before: dict[str, int], now: dict[str, int]) -> list[tuple[str, int, int]]:
    """Canonical tables whose number of rows is not the same: name, before, now."""
    names = [n for n in sorted({*before, *now}) if n.startswith("canonical.")]
    both = [(n.removeprefix("canonical."), before.get(n, 0), now.get(n, 0)) for n in names]
    return [row for row in both if row[1] != row[2]]


def rows_table(rows: list[tuple[str, int, int]], view: View) -> None:
    names, lang = ("table", "before", "now", "change"), view.lang
    headers = holdings.columns(names, lang, dict.fromkeys(names[1:], "count"))
    signed = {headers[-1].header: [formats.change(b - a, "count", lang) for _, a, b in rows]}
    table = Table(headers, tuple((name, a, b, b - a) for name, a, b in rows))
    show("data_rows_changed", table, view, signed)


def value_changes(then: str, now: str, view: View) -> list[Moved]:
    """The metrics whose value a reader sees to differ, in the order of the catalogue."""
    asked = [Asked(name, store.asked_of(name, view, versus="none")) for name in store.catalogue(view).metrics]
    found = [moved for question in asked for moved in since.moves(then, now, question)]
    return [moved for moved in found if since.is_moved(moved, view)]
