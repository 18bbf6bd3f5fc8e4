"""What was loaded, what was not and why, which customers have which data, and what changed since another snapshot?"""

import streamlit as st

from metrics import inventory
from pages.ui import formats, holdings, store
from pages.ui.address import View
from pages.ui.link import current
from pages.ui.text import t

TABS = ("loaded", "rejected", "coverage", "snapshots")


def page() -> None:
    view = current()
    ledger = store.inventoried(inventory.ledger, view.snapshot)
    the_finding(ledger, view)
    st.caption(t("data.no_filters", view.lang))
    holdings.warnings(view)
    names = [t(f"data.tabs.{tab}", view.lang) for tab in TABS]
    first = names[TABS.index("snapshots")] if view.pick else None
    tabs = st.tabs(names, key="data_tabs", on_change="rerun", default=first)
    for tab, draw in zip(
        tabs, (holdings.loaded, holdings.rejected, holdings.coverage, holdings.snapshots), strict=True
    ):
        if tab.open:
            with tab:
                draw(view)


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
