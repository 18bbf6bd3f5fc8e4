"""Culture before tools: what signals does the company send its own people, and do customers feel it?"""

import streamlit as st

from metrics.culture import METRIC, culture_effects, culture_findings, reliabilities
from pages.ui import cultures, store
from pages.ui.address import View
from pages.ui.explain import how_computed
from pages.ui.labels import column_label
from pages.ui.link import current
from pages.ui.parts import part_choice
from pages.ui.said import finding
from pages.ui.text import literal, t

METRICS = (METRIC,)
CUTS = ("office", "department", "team", "item")


def page() -> None:
    view = current()
    effects = store.computed(culture_effects, view)
    whole, signals = cultures.whole(view), cultures.by("signal", view)
    finding(culture_findings(effects, whole, signals), view)
    if not whole.n:
        st.markdown(literal(t("culture.nothing", view.lang)))
        return
    what_people_say(signals, view)
    what_customers_feel(effects, view)
    how_reliable(view)
    how_computed(METRICS, view)


def what_people_say(signals: tuple, view: View) -> None:
    """Each signal of the company on one scale; the chosen one, or all of them, by office, department, team, item."""
    left, right = st.columns(2)
    with left.container(border=True, height="stretch"):
        st.subheader(t("culture.signals", view.lang), anchor=False)
        cultures.signals(signals, view)
    with right.container(border=True, height="stretch"):
        chosen = cultures.chosen(signals, view)
        st.subheader(literal(cultures.title(chosen, view)), anchor=False)
        settings = store.settings(view)
        cut = part_choice(
            "cut", CUTS, lambda c: column_label(settings, c, view.lang), t("culture.cut", view.lang), view
        )
        cultures.groups(cut, chosen, view)


def what_customers_feel(effects: tuple, view: View) -> None:
    """Teams by their culture and what their customers answer; then what each tool changed, by the culture it met."""
    with st.container(border=True):
        st.subheader(t("culture.customers", view.lang), anchor=False)
        for place, effect in zip(st.columns(max(2, len(effects)), gap="medium"), effects, strict=False):
            with place:
                cultures.effect(effect, view)


def how_reliable(view: View) -> None:
    """Whether the items of a signal measure one thing."""
    found = store.computed(reliabilities, view)
    with st.container(border=True):
        st.subheader(t("culture.reliable", view.lang), anchor=False)
        cultures.reliability(found, view)
