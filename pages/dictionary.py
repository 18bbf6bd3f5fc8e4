"""What does this number mean, how is it made, and may I trust it?"""

import difflib

import streamlit as st

from metrics.definitions import Metric
from pages.ui import defined, store
from pages.ui.address import View
from pages.ui.index import index
from pages.ui.link import current, go, page_link
from pages.ui.text import literal, t

# The three columns of the list: groups of what metrics are counted on, each named after its first.
GROUPS = (
    (
        ("fct_order",),
        ("fct_customer_month",),
        ("fct_first_order", "fct_lead", "fct_offer"),
        ("fct_touchpoint_event", "fct_digital_session"),
        ("fct_issue",),
    ),
    (
        ("fct_survey_answer", "fct_survey_invitation"),
        ("fct_verbatim", "fct_verbatim_theme", "fct_suggestion"),
        ("fct_promise",),
        ("fct_self_rating", "fct_culture_answer"),
    ),
    (("fct_contact",), ("fct_hand_off", "fct_first_contact"), ("other",)),
)
NAMED = {view for column in GROUPS for group in column for view in group}


def page() -> None:
    view = current()
    known = store.catalogue(view).metrics
    if view.pick in known:
        one_metric(known[view.pick], view)
        return
    st.header(t("metrics.finding", view.lang, n=str(len(known))), anchor=False)
    if view.pick:
        not_found(view, tuple(known))
    wanted = st.text_input(t("metrics.search", view.lang), placeholder=t("metrics.search_example", view.lang))
    all_metrics([metric for metric in known.values() if defined.speaks_of(metric, wanted)], view)


def not_found(view: View, known: tuple[str, ...]) -> None:
    """A name that an address asked for and that this snapshot does not define; the nearest one, if there is one."""
    near = difflib.get_close_matches(view.pick.lower(), known, n=1)
    st.warning(t("metrics.unknown", view.lang, name=literal(view.pick)), icon=":material/link_off:")
    if near:
        page_link(t("metrics.nearest", view.lang, name=literal(near[0])), "metrics", pick=near[0])


def all_metrics(found: list[Metric], view: View) -> None:
    """Names and definitions under what they are counted on, in three columns."""
    if not found:
        st.markdown(t("metrics.nothing_found", view.lang))
    for column, groups in zip(st.columns(3, gap="large"), GROUPS, strict=True):
        for views in groups:
            group = [metric for metric in found if (metric.view if metric.view in NAMED else "other") in views]
            if group:
                column.subheader(t(f"metrics.groups.{views[0]}", view.lang), anchor=False)
                with column:
                    index([defined.entry(metric, view) for metric in group], f"index_{views[0]}")


def one_metric(metric: Metric, view: View) -> None:
    st.button(
        t("metrics.all", view.lang), icon=":material/arrow_back:", type="tertiary", on_click=go, kwargs={"pick": None}
    )
    st.header(literal(metric.label[view.lang]), anchor=False)
    st.markdown(literal(metric.definition[view.lang]))
    defined.value_now(metric, view)
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader(t("metrics.how", view.lang), anchor=False)
        defined.entries(defined.meaning(metric, view))
        defined.sql(metric, view)
        defined.rows(metric, view)
    with right:
        st.subheader(t("metrics.example", view.lang), anchor=False)
        defined.example(metric, view)
        st.subheader(t("metrics.used", view.lang), anchor=False)
        defined.uses(metric, view)
