"""What is coming, how sure that is, and whether experience tells it better than purchase history."""

import streamlit as st

from metrics.cem_lifts import cem_lift
from metrics.forecast_told import foretold
from metrics.outlook_findings import outlook_findings
from metrics.purchases_ahead import purchases_ahead
from metrics.risks import revenue_at_risk
from pages.ui import outlook_forecasts, outlook_lift, outlook_purchases, outlook_risk, store
from pages.ui.explain import how_computed
from pages.ui.link import current
from pages.ui.said import finding
from pages.ui.text import literal, t

METRICS = ("stopped_within_6m", "crm_health", "cem_health")


def page() -> None:
    view = current()
    lift = store.computed(cem_lift, view)
    risk = store.computed(revenue_at_risk, view)
    months = store.catalogue(view).ground.windows["stop_months"]
    finding(outlook_findings(risk, lift, months), view)
    if lift is None and risk is None:
        st.markdown(literal(t("outlook.one_group", view.lang)))
    if coming := store.computed(foretold, view):
        with st.container(border=True):
            outlook_forecasts.section(coming, view)
    if risk is not None:
        with st.container(border=True):
            outlook_risk.section(risk, view)
    if lift is not None:
        with st.container(border=True):
            outlook_lift.section(lift, view)
    if bought := store.computed(purchases_ahead, view):
        with st.container(border=True):
            outlook_purchases.section(bought, view)
    how_computed(METRICS, view)
