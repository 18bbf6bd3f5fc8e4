"""What was loaded, what was not and why, which customers have which data, and what changed since another snapshot?"""

import streamlit as st

from metrics import inventory
from pages.ui import formats, holdings, link, store
from pages.ui.address import View
from pages.ui.link import current
from pages.ui.text import t

TABS = (
    "loaded",
    "rejected",
    "coverage",
    "snapshots",
)  # `pick` of the address: coverage, coverage.region, or a snapshot


def page() -> None:
    view = current()
    the_finding(store.inventoried(inventory.ledger, view.snapshot), view)
    st.caption(t("data.no_filters", view.lang))
    holdings.warnings(view)
    names = [t(f"data.tabs.{tab}", view.lang) for tab in TABS]
    opened = names[TABS.index(tab_of(view.pick))]
    tabs = st.tabs(names, key=link.widget("tab", opened), on_change=open_tab, args=(names,))
    parts = (holdings.loaded, holdings.rejected, holdings.coverage, holdings.snapshots)
    for name, tab, draw in zip(names, tabs, parts, strict=True):
        if name == opened:
            with tab:
                draw(view)


def tab_of(pick: str | None) -> str:
    """The part that a pick belongs to; what is no part is taken for a snapshot."""
    name = (pick or TABS[0]).split(".")[0]
    return name if name in TABS else "snapshots"


def open_tab(names: list[str]) -> None:
    link.go(pick=TABS[names.index(link.chosen("tab"))])


def the_finding(ledger: tuple[inventory.Loaded, ...], view: View) -> None:
    """All rows of all files, and where they are."""
    lang = view.lang
    rows = {
        name: sum(getattr(line, name) for line in ledger)
        for name in ("rows_in", "loaded", "rejected", "duplicate", "superseded", "not_applicable")
    }
    others = rows["duplicate"] + rows["superseded"] + rows["not_applicable"]
    words = t(
        "data.finding",
        lang,
        count=rows["rejected"],
        files=formats.number(len({(line.source, line.file) for line in ledger}), lang),
        rows_in=formats.number(rows["rows_in"], lang),
        loaded=formats.number(rows["loaded"], lang),
        rejected=formats.number(rows["rejected"], lang),
        others=formats.number(others, lang),
    )
    st.header(words, anchor=False)
