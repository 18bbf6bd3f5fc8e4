"""What is coming, how sure that is, and whether experience tells it better than purchase history."""

import streamlit as st

from metrics.cem_lifts import cem_lift
from metrics.drivers import drivers
from metrics.forecast_told import foretold
from metrics.leads import leads
from metrics.mixes import mixes
from metrics.outlook_findings import outlook_findings
from metrics.promise_costs import group_of
from metrics.purchases_ahead import purchases_ahead
from metrics.results.leading_panels import RESULTS
from metrics.risks import revenue_at_risk
from pages.ui import (
    outlook_drivers,
    outlook_forecasts,
    outlook_leads,
    outlook_lift,
    outlook_mixes,
    outlook_purchases,
    outlook_risk,
    store,
)
from pages.ui.address import View
from pages.ui.explain import how_computed
from pages.ui.link import current
from pages.ui.parts import part_choice
from pages.ui.said import finding
from pages.ui.text import literal, t

METRICS = ("stopped_within_6m", "crm_health", "cem_health")
LOOKS = {"leads": leads, "drivers": drivers, "mixes": mixes, "purchases": purchases_ahead}


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
    with st.container(border=True):
        looked_into(view)
    how_computed(METRICS, view)


def looked_into(view: View) -> None:
    """What moves first, what goes with loyalty, where preferences go, purchases to expect: one at a time.

    What can be told stands before what cannot.
    """
    result = view.part("gain", RESULTS)
    told = {name: store.computed(read, view, *([result] if name == "leads" else [])) for name, read in LOOKS.items()}
    words = {name: t(f"outlook.looks.{name}", view.lang) for name in LOOKS}
    looks = tuple(sorted(LOOKS, key=lambda name: not told[name]))
    look = part_choice("look", looks, words.get, t("outlook.look", view.lang), view)
    found = told[look]
    if not found:
        is_one = group_of(store.selection_of(view)) is not None
        st.markdown(literal(t(f"outlook.not_told.{look}" if is_one else "outlook.one_value", view.lang)))
    elif look == "leads":
        names = {name: t(f"outlook.leads_outcomes.{name}", view.lang) for name in RESULTS}
        part_choice("gain", RESULTS, names.get, t("outlook.leads_of", view.lang), view)
        outlook_leads.section(found, view)
    elif look == "drivers":
        outlook_drivers.section(found, view)
    elif look == "mixes":
        outlook_mixes.section(found, view)
    else:
        outlook_purchases.section(found, view)
