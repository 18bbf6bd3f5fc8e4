"""Is it customer-washing? Eleven signs, each tested on the company's own data, and what to do first."""

import streamlit as st

from metrics.washing import washing, washing_findings
from pages.ui import after_sale, kpi, signs, store
from pages.ui.explain import how_computed
from pages.ui.link import current
from pages.ui.said import finding
from pages.ui.text import t

METRICS = (
    "unidentified_contact_share",
    "loop_closed",
    "hand_off_repeated",
    "transfer_rate",
    "effort",
    "disparaging_notes",
    "suggestions_left",
    "reached_after",
    "emotion_left_alone",
    "repeat_purchase_rate",
)


def page() -> None:
    view = current()
    found = store.computed(washing, view, store.settings(view).washing, after_sale.columns(view)[0])
    finding(washing_findings(found), view)
    with st.container(border=True, gap="small", key="washing_signs"):
        st.subheader(t("washing.title", view.lang), anchor=False)
        signs.listed(found, view)
    signs.every_test(found, view)
    how_computed(kpi.known(METRICS, view), view)
