"""Any metric, by whom: cut by one column or two, compared, and down to one customer, every step an address."""

import streamlit as st

from metrics.segment_findings import segment_findings
from pages.ui import groups, roster, store
from pages.ui.address import View
from pages.ui.crossed_groups import heatmap
from pages.ui.drill import breadcrumb, down, entered, left_out
from pages.ui.explain import how_computed
from pages.ui.groups import Compared
from pages.ui.labels import column_label
from pages.ui.link import current
from pages.ui.parts import choice, part_choice
from pages.ui.said import finding
from pages.ui.text import t

FIRST = ("nps", "rating_mean", "promise_kept", "repeat_contact_rate", "revenue")
SHAPES = ("compare", "trend", "cross", "funnel")
FUNNELS = ("team", "store")
NO_SECOND = "none"


def page() -> None:
    view = current()
    name = view.part("metric", metrics(view))
    columns = open_columns(name, view)
    found = groups.compared(name, view.part("by", columns) if columns else None, view)
    finding(segment_findings(found.metric, found.whole, found.groups, found.column), view)
    breadcrumb(view)
    left_out(name, view)
    choices(name, found.column, columns, view)
    if columns:
        figure(found, columns, view)
    roster.customers_behind(name, view)
    how_computed((name,), view)


def metrics(view: View) -> tuple[str, ...]:
    """Metrics of customers, those most asked for first, of them those that have a number."""
    known = store.catalogue(view).metrics
    first = sorted((n for n in FIRST if n in known), key=lambda n: store.measured(n, view)[0].status == "empty")
    others = [n for n, m in known.items() if m.people == "customers" and m.change_of is None and n not in FIRST]
    return (*first, *others)


def open_columns(name: str, view: View) -> tuple[str, ...]:
    """Columns that can still cut: segments, then what the events carry, that the view does not fix to one code."""
    fixed = {column for column, codes in entered(view) if len(codes) == 1}
    return tuple(column for column in store.cuttable_of(name, view) if column not in fixed)


def choices(name: str, column: str, columns: tuple[str, ...], view: View) -> None:
    known, settings, lang = store.catalogue(view).metrics, store.settings(view), view.lang
    seconds = (NO_SECOND, *(c for c in columns if c != column))

    def words(code: str) -> str:
        return t("segments.no_second", lang) if code == NO_SECOND else column_label(settings, code, lang)

    with st.container(horizontal=True, gap="small"):
        choice("metric", metrics(view), name, lambda code: known[code].label[lang], t("segments.metric", lang), 330)
        if columns:
            choice("by", columns, column, words, t("segments.by", lang), 220)
            choice("by2", seconds, view.part("by2", seconds), words, t("segments.by2", lang), 220)


def figure(found: Compared, columns: tuple[str, ...], view: View) -> None:
    """The groups in the shape chosen; two columns are crossed."""
    second = view.part("by2", (NO_SECOND, *(c for c in columns if c != found.column)))
    shapes = [s for s in SHAPES if s != "cross" and (s != "funnel" or found.column in FUNNELS)]
    with st.container(border=True):
        if second != NO_SECOND:
            heatmap(found, second, view, down(view, found.column, second, chart_name="segments_cross"))
            return
        shape = part_choice(
            "shape", shapes, lambda s: t(f"segments.shapes.{s}", view.lang), t("segments.shape", view.lang), view
        )
        if shape == "trend":
            groups.trends(found, view)
        elif shape == "funnel":
            groups.funnel_chart(found, view)
        else:
            groups.forest(found, view, down(view, found.column, chart_name="segments_groups"))
            groups.bars(found, view)
