"""How a number came about: definition, formula, sureness, window, exclusions, source; then its SQL, then its rows."""

from collections.abc import Mapping

import streamlit as st

from metrics.definitions import Metric
from metrics.selection import Choice, choice
from pages.ui import formats, kpi, link, store
from pages.ui.address import View, changed
from pages.ui.charts import save
from pages.ui.export import Column, Table, readable
from pages.ui.stated import limits
from pages.ui.text import literal, t

SHOWN_ROWS = 200


@st.fragment
def how_computed(names: tuple[str, ...], view: View, parts: Mapping[str, Choice] | None = None) -> None:
    """Closed until asked for; choosing a number, its SQL or its rows reruns nothing else on the page.

    parts: the part of its events that the page shows a metric of, besides what the view filters.
    """
    link.shown().explained = names
    box = st.expander(t("explain.title", view.lang), key="how_computed", on_change="rerun")
    if not box.open:
        return
    metrics = store.catalogue(view).metrics
    with box:
        name = st.selectbox(
            t("explain.which", view.lang),
            names,
            format_func=lambda code: metrics[code].label[view.lang],
            key="how_computed_metric",
        )
        view = changed(view, where=choice([*view.selection.where, *(parts or {}).get(name, ())]))
        words, sql, rows = st.tabs(
            [t(f"explain.{tab}", view.lang) for tab in ("words", "sql", "rows")],
            key="how_computed_tab",
            on_change="rerun",
        )
        if words.open:
            words.markdown(definition(metrics[name], view))
        if sql.open:
            sql.code(store.sql(name, view), language="sql", wrap_lines=True)
        if rows.open:
            with rows:
                rows_behind(name, view)


def definition(metric: Metric, view: View) -> str:
    """One line an entry: what a reader asks of a number, in the order of asking."""
    lang, now = view.lang, store.measured(metric.name, view)[0]
    currency = store.settings(view).company.currency
    entries = [
        ("definition", metric.definition[lang]),
        ("formula", metric.formula[lang]),
        ("n", kpi.sureness(metric, now, lang, currency) if now.value is not None else formats.NOTHING),
        ("interval", t(f"interval.{metric.interval}", lang)),
        ("period", formats.period(view.selection.period, lang)),
        ("counted", counted_on(metric, view)),
        ("window", metric.window[lang]),
        ("exclusions", metric.exclusions[lang]),
        ("caution", metric.caution[lang]),
        ("freshness", formats.moment(store.snapshot(view).manifest.built_at, lang)),
        ("source", metric.source),
    ]
    return "\n".join(f"- **{literal(t(f'explain.{key}', lang))}** {literal(words)}" for key, words in entries if words)


def counted_on(metric: Metric, view: View) -> str:
    """What the number is limited to, in words; empty without any limit."""
    asked = store.asked_of(metric.name, view)
    return limits((*asked.where, *asked.scope), view)


def rows_behind(name: str, view: View) -> None:
    """The first rows that the number counts, without personal columns; said when there are more."""
    found = store.rows(name, view)
    if found is None:
        st.caption(t("explain.no_rows_for_you", view.lang))
        return
    table = Table(tuple(Column(c) for c in found.columns), tuple(found.rows))
    shown = Table(table.columns, table.rows[:SHOWN_ROWS])
    currency = store.settings(view).company.currency
    st.dataframe(readable(shown, view.lang, currency), hide_index=True, key="how_computed_rows")
    st.caption(
        t("explain.rows_shown", view.lang, shown=str(len(shown.rows)), n=formats.number(len(table.rows), view.lang))
    )
    save(t("chart.csv", view.lang), name, table)
