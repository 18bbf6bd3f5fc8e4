"""What changed between two snapshots: rows of each table, values of each metric, definitions."""

import streamlit as st

from metrics.query import Measurement
from pages.ui import formats, holdings, store
from pages.ui.address import View, changed
from pages.ui.export import Table
from pages.ui.text import t


def differences(other: str, view: View) -> None:
    """From the snapshot `other` to the one of the view; metrics over the view's period and segments in both."""
    lang = view.lang
    before, now = store.manifest(other), store.snapshot(view).manifest
    if before.definitions_version != now.definitions_version:
        st.info(t("data.definitions_differ", lang), icon=":material/function:")
    st.subheader(t("data.rows_changed", lang), anchor=False)
    rows = row_changes(before.rows, now.rows)
    if rows:
        rows_table(rows, view)
    else:
        st.markdown(t("data.no_rows_changed", lang))
    st.subheader(t("data.values_changed", lang), anchor=False)
    st.caption(t("data.values_explained", lang, period=formats.period(view.selection.period, lang)))
    values = value_changes(other, view)
    if values:
        values_table(values, view)
    else:
        st.markdown(t("data.no_values_changed", lang))


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
    holdings.show("data_rows_changed", table, view, signed)


def value_changes(other: str, view: View) -> list[tuple[str, str, Measurement, Measurement]]:
    """Label, unit and both measurements of the metrics that both define and whose value differs."""
    there, here = changed(view, snapshot=other), view
    known = store.catalogue(there).metrics.keys()
    found = []
    for metric in store.catalogue(view).metrics.values():
        if metric.name not in known:
            continue
        a = store.measured(metric.name, there, versus="none")[0]
        b = store.measured(metric.name, here, versus="none")[0]
        if (a.value, a.status) != (b.value, b.status):
            found.append((metric.label[view.lang], metric.unit, a, b))
    return found


def values_table(values: list[tuple[str, str, Measurement, Measurement]], view: View) -> None:
    """On screen each metric in its unit, in the file plain numbers."""
    names, lang, currency = ("metric", "before", "now", "change"), view.lang, store.settings(view).company.currency
    headers = holdings.columns(names, lang, dict.fromkeys(names[1:], "score"))
    changes = [None if None in (a.value, b.value) else b.value - a.value for _, _, a, b in values]
    table = Table(headers, tuple((v[0], v[2].value, v[3].value, c) for v, c in zip(values, changes, strict=True)))
    texts = {
        headers[1].header: [formats.amount(a.value, unit, lang, currency) for _, unit, a, _ in values],
        headers[2].header: [formats.amount(b.value, unit, lang, currency) for _, unit, _, b in values],
        headers[3].header: [
            formats.change(c, unit, lang, currency) for c, (_, unit, _, _) in zip(changes, values, strict=True)
        ],
    }
    holdings.show("data_values_changed", table, view, texts)
