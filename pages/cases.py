"""One case per function: what a better experience brings marketing, sales, the contact centre, digital."""

import streamlit as st

from metrics.cases import FUNCTIONS
from pages.ui import cases, kpi
from pages.ui.explain import how_computed
from pages.ui.link import current
from pages.ui.parts import part_choice
from pages.ui.text import t

METRICS = tuple(dict.fromkeys(name for _, names in cases.CASES.values() for name in names))


def page() -> None:
    view = current()
    top = st.container()
    words = {name: t(f"cases.functions.{name}", view.lang) for name in FUNCTIONS}
    chosen = part_choice("function", FUNCTIONS, words.get, t("cases.function", view.lang), view)
    draw, metrics = cases.CASES[chosen]
    draw(view, top)
    how_computed(kpi.known(metrics, view), cases.quarter(view))
