"""Irritants: what keeps going wrong, ranked by the least that it is worth to fix: small, sure wins come first."""

import streamlit as st

from metrics.irritant_findings import irritant_findings
from metrics.irritants import irritants, there
from pages.ui import irritants as shown
from pages.ui import store
from pages.ui.explain import how_computed
from pages.ui.link import current
from pages.ui.said import finding
from pages.ui.text import literal, t

METRICS = ("promise_kept", "repeat_contact_rate", "stopped_within_6m", "margin")


def page() -> None:
    view = current()
    found = store.computed(irritants, view)
    part = store.computed(there, view, found[0].thing) if found else None
    finding(irritant_findings(found, part), view)
    if not found:
        st.markdown(literal(t("irritants.nothing", view.lang)))
        return
    chosen = next((one for one in found if one.thing == view.pick), found[0])
    with st.container(border=True):
        st.subheader(t("irritants.title", view.lang), anchor=False)
        shown.ranked(found, chosen, view)
    with st.container(border=True):
        st.subheader(literal(shown.name(chosen, view)), anchor=False)
        shown.detail(chosen, found, view)
    how_computed(METRICS, view)
