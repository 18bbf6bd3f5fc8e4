"""Any metric, by whom: cut by one column or two, compared, and down to one customer, every step an address."""

import streamlit as st

from metrics.segment_findings import segment_findings
from pages.ui import groups, roster, store
from pages.ui.address import View
from pages.ui.explain import how_computed
from pages.ui.groups import Compared
from pages.ui.labels import column_label
from pages.ui.link import current, page_link
from pages.ui.parts import choice, part_choice
from pages.ui.said import finding
from pages.ui.text import literal, t

FIRST = ("nps", "promise_kept", "repeat_contact_rate", "revenue")
SHAPES = ("compare", "trend", "cross", "funnel")
FUNNELS = ("team", "store")
NO_SECOND = "none"


def page() -> None:
    view = current()
    name = view.part("metric", metrics(view))
    columns = open_columns(name, view)
    if not columns:
        breadcrumb(view)
        roster.customers_of(view)
        return
    column = view.part("by", columns)
    found = groups.compared(name, column, view)
    finding(segment_findings(found.metric, found.whole, found.groups, column), view)
    breadcrumb(view)
    choices(name, column, columns, view)
    figure(found, columns, view)
    roster.customers_of(view)
    how_computed((name,), view)


def metrics(view: View) -> tuple[str, ...]:
    """Metrics of customers, those most asked for first."""
    known = store.catalogue(view).metrics
    others = [n for n, m in known.items() if m.people == "customers" and m.change_of is None and n not in FIRST]
    return (*(n for n in FIRST if n in known), *others)


def open_columns(name: str, view: View) -> tuple[str, ...]:
    """Columns that can still cut: segments that the view does not fix to one code, then what the events carry."""
    fixed = {column for column, codes in view.selection.where if len(codes) == 1}
    ground, metric = store.catalogue(view).ground, store.catalogue(view).metrics[name]
    return tuple(c for c in (*ground.segments, *metric.by) if c not in fixed)


def breadcrumb(view: View) -> None:
    """The way back up: the company, then each group that was entered."""
    where = [pair for pair in view.selection.where if len(pair[1]) == 1]
    if not where:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        page_link(literal(t("segments.company", view.lang)), "segments", where=(), by=None, by2=None)
        for step, (column, codes) in enumerate(where, start=1):
            st.markdown("›", width="content")
            label = literal(groups.code_label(store.settings(view), column, codes[0], view.lang))
            page_link(label, "segments", where=tuple(where[:step]), by=None, by2=None)


def choices(name: str, column: str, columns: tuple[str, ...], view: View) -> None:
    known, settings, lang = store.catalogue(view).metrics, store.settings(view), view.lang
    seconds = (NO_SECOND, *(c for c in columns if c != column))

    def words(code: str) -> str:
        return t("segments.no_second", lang) if code == NO_SECOND else column_label(settings, code, lang)

    with st.container(horizontal=True, gap="small"):
        choice("metric", metrics(view), name, lambda code: known[code].label[lang], t("segments.metric", lang), 330)
        choice("by", columns, column, words, t("segments.by", lang), 220)
        choice("by2", seconds, view.part("by2", seconds), words, t("segments.by2", lang), 220)


def figure(found: Compared, columns: tuple[str, ...], view: View) -> None:
    """The groups in the shape chosen; two columns are crossed."""
    second = view.part("by2", (NO_SECOND, *(c for c in columns if c != found.column)))
    shapes = [s for s in SHAPES if s != "cross" and (s != "funnel" or found.column in FUNNELS)]
    with st.container(border=True):
        if second != NO_SECOND:
            is_open = found.is_segment and second in store.catalogue(view).ground.segments
            enter = groups.down(view, found.column, second, chart_name="segments_cross") if is_open else None
            groups.heatmap(found, second, view, enter)
            return
        shape = part_choice(
            "shape", shapes, lambda s: t(f"segments.shapes.{s}", view.lang), t("segments.shape", view.lang), view
        )
        if shape == "trend":
            groups.trends(found, view)
        elif shape == "funnel":
            groups.funnel_chart(found, view)
        else:
            enter = groups.down(view, found.column, chart_name="segments_groups") if found.is_segment else None
            groups.forest(found, view, enter)
            groups.bars(found, view)
