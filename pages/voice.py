"""What customers say, who is heard, and whether these surveys can be trusted: one tab each."""

from collections.abc import Callable, Mapping

import streamlit as st

from pages.ui import heard, integrity, spoken
from pages.ui.address import View
from pages.ui.explain import how_computed
from pages.ui.link import current
from pages.ui.parts import part_choice
from pages.ui.text import t

Tab = Callable[[View, st.delta_generator.DeltaGenerator], None]

# Each tab: draws itself, and its finding into the place on top of the page; the metrics that it shows.
TABS: Mapping[str, tuple[Tab, tuple[str, ...]]] = {
    "themes": (spoken.tab, spoken.METRICS),
    "heard": (heard.tab, heard.METRICS),
    "trust": (integrity.tab, integrity.METRICS),
}
METRICS = tuple(dict.fromkeys(name for _, names in TABS.values() for name in names))


def page() -> None:
    view = current()
    top = st.container()
    chosen = view.part("tab", tuple(TABS))
    if len(TABS) > 1:
        words = {name: t(f"voice.tabs.{name}", view.lang) for name in TABS}
        part_choice("tab", tuple(TABS), words.get, t("voice.tab", view.lang), view)
    draw, metrics = TABS[chosen]
    draw(view, top)
    how_computed(metrics, view)
