"""Of those invited, how many answer: by touchpoint, channel, segment and value, over the months chosen."""

import streamlit as st

from metrics.query import Measurement
from pages.ui import group_figures, kpi, store
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.group_figures import Group
from pages.ui.groups import LACKING, TICKS, words_of
from pages.ui.labels import code_label, column_label
from pages.ui.parts import part_choice
from pages.ui.text import literal, t

METRIC = "response_rate"
CUTS = ("touchpoint", "instrument", "channel", "handed_by")


def response(view: View) -> None:
    """The rate of the whole as an upright line, each group with its interval."""
    lang, metric = view.lang, store.catalogue(view).metrics[METRIC]
    columns = (*CUTS, *store.settings(view).segment_columns, "value_tier")
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.subheader(t("heard.response", lang), anchor=False, width="content")
            labels = {column: column_label(store.settings(view), column, lang) for column in columns}
            cut = part_choice("cut", columns, labels.get, t("heard.cut", lang), view)
        whole = store.measured(METRIC, view)[0]
        if whole.value is None:
            st.markdown(literal(kpi.missing((METRIC,), view)))
            return
        if whole.value == 1:
            st.markdown(literal(t("heard.only_answers", lang)))
            return
        groups = [g for g in store.measured(METRIC, view, by=(cut,)) if g.status != "empty"]
        shown = sorted((g for g in groups if g.group[0][1] not in LACKING or len(groups) == 1), key=order)
        rows = [row_of(g, cut, view) for g in shown]
        figure = store.drawn(
            "heard_response",
            view,
            lambda: group_figures.forest(rows, whole.value, metric.side, TICKS[metric.unit], is_open=False),
            cut,
        )
        listed = "; ".join(f"{row.name} {row.detail}" for row in rows)
        alt = t("heard.response_alt", lang, groups=listed)
        note = t("heard.response_note", lang, words=words_of(metric, whole, view))
        currency = store.settings(view).company.currency
        chart("heard_response", figure, alt, lambda: table_of(shown, cut, view), lang, currency, note)


def order(measured: Measurement) -> tuple[bool, float]:
    return measured.value is None, -(measured.value or 0.0)


def row_of(measured: Measurement, cut: str, view: View) -> Group:
    metric, code = store.catalogue(view).metrics[METRIC], measured.group[0][1]
    return Group(
        code,
        code_label(store.settings(view), cut, code, view.lang),
        words_of(metric, measured, view),
        measured.value,
        measured.low,
        measured.high,
        measured.status == "shown",
    )


def table_of(groups: list[Measurement], cut: str, view: View) -> Table:
    lang = view.lang
    kinds = {"group": None, "value": "share", "low": "share", "high": "share", "n": "count"}
    columns = tuple(Column(t(f"segments.headers.{name}", lang), unit) for name, unit in kinds.items())
    rows = ((code_label(store.settings(view), cut, g.group[0][1], lang), g.value, g.low, g.high, g.n) for g in groups)
    return Table(columns, tuple(rows))
