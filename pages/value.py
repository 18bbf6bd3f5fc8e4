"""Value and attention: do those who bring most get better, or the same? Who costs most, and who never comes back."""

import streamlit as st

from metrics.attention import attention, experience
from metrics.costs_to_serve import costs, learnt
from metrics.value_findings import value_findings
from pages.ui import after_sale, serving, store
from pages.ui.address import View
from pages.ui.attention import tiers_side_by_side
from pages.ui.explain import how_computed
from pages.ui.link import current
from pages.ui.said import finding
from pages.ui.text import literal, t

METRICS = after_sale.METRICS


def page() -> None:
    view = current()
    treated, lived = store.computed(attention, view), store.computed(experience, view)
    column = view.part("cut", after_sale.columns(view))
    so_far = after_sale.until_now(view)
    second = after_sale.compared(column, so_far)
    groups = second[after_sale.SECOND].groups if after_sale.SECOND in second else ()
    finding(value_findings(treated, lived, groups, column), view)
    value_and_attention(treated, lived, view)
    those_who_cost_most(view)
    with st.container(border=True):
        st.subheader(t("value.after_sale", view.lang), anchor=False)
        after_sale.after_sale(second, column, so_far)
    how_computed(METRICS, so_far)


def value_and_attention(treated: tuple, lived: tuple, view: View) -> None:
    """What each value tier gets from us, and what it lives, side by side."""
    with st.container(border=True):
        left, right = st.columns(2, gap="medium")
        with left:
            st.subheader(t("value.attention", view.lang), anchor=False)
            tiers_side_by_side("attention", treated, view)
        with right:
            st.subheader(t("value.experience", view.lang), anchor=False)
            tiers_side_by_side("experience", lived, view)


def those_who_cost_most(view: View) -> None:
    found = store.computed(costs, view)
    with st.container(border=True):
        st.subheader(t("value.cost", view.lang), anchor=False)
        if found is None:
            st.markdown(literal(t("value.no_cost", view.lang)))
            return
        left, right = st.columns(2, gap="medium")
        with left:
            serving.concentration(found, view)
        with right:
            serving.tiers(found, view)
        serving.why(found, store.computed(learnt, view), view)
