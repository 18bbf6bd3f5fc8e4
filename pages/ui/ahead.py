"""What the outlook says, in a line under the blind spot: money at risk, and what the two health scores were worth."""

import streamlit as st

from metrics.cem_lifts import cem_lift
from metrics.risks import revenue_at_risk
from pages.ui import formats, store
from pages.ui.address import View
from pages.ui.text import literal, t


def at_risk(view: View) -> None:
    """Margin at risk now, or that it cannot be told from noise; nothing where it was not computed."""
    risk = store.computed(revenue_at_risk, view)
    if risk is None:
        return
    whole, lang, currency = risk.of("all"), view.lang, store.settings(view).company.currency
    low, high = formats.ends(whole.value.low, whole.value.high, "money", lang, currency)
    months = str(store.catalogue(view).ground.windows["stop_months"])
    key = "outlook.glance_risk" if whole.is_told and whole.value.value > 0 else "outlook.glance_noise"
    holes = {"value": formats.money(whole.value.value, lang, currency), "n": formats.number(whole.n, lang)}
    st.caption(literal(t(key, lang, months=months, low=low, high=high, **holes)))


def worth(view: View) -> None:
    """How often each health score named the right one of two customers, one of whom stopped, at past dates."""
    lift = store.computed(cem_lift, view)
    alone = {} if lift is None else {part.name: part.value for part in lift.part("alone")}
    if not {"crm_health", "cem_health"} <= alone.keys():
        return
    holes = {}
    for side, score in (("crm", "crm_health"), ("cem", "cem_health")):
        low, high = formats.ends(alone[score].low, alone[score].high, "share", view.lang)
        value = formats.share(alone[score].value, view.lang)
        holes[side] = t("outlook.interval", view.lang, value=value, low=low, high=high)
    n = formats.number(lift.n, view.lang)
    st.caption(literal(t("outlook.glance_worth", view.lang, n=n, cuts=str(lift.n_cuts), **holes)))
