"""The entry script, run before every page: who reads, which snapshot, what the address says, navigation, filters.

A page is one file and one line of PAGES.
"""

import streamlit as st

from data.errors import SnapshotError
from pages import (
    actions,
    cases,
    contacts,
    culture,
    dictionary,
    irritants,
    journey,
    outlook,
    overview,
    promise,
    seams,
    segments,
    sources,
    value,
    voice,
    walk,
    washing,
)
from pages.ui import banner, filters, lacking, link, notes, printed, settling, since, store
from pages.ui.access import reader
from pages.ui.address import PAGE_PARTS, Choices, View, parse
from pages.ui.navigation import Entry, navigation
from pages.ui.text import LANGUAGES
from pages.ui.turns import TURNS

PAGES = (
    Entry("overview", "steer", overview.page, overview.METRICS),
    Entry("promise", "steer", promise.page, promise.METRICS),
    Entry("outlook", "steer", outlook.page, outlook.METRICS),
    Entry("walk", "steer", walk.page),
    Entry("segments", "understand", segments.page, segments.FIRST),
    Entry("journey", "understand", journey.page, journey.METRICS),
    Entry("contacts", "understand", contacts.page, contacts.METRICS),
    Entry("seams", "understand", seams.page, seams.METRICS),
    Entry("voice", "understand", voice.page, voice.METRICS),
    Entry("value", "understand", value.page, value.METRICS),
    Entry("irritants", "act", irritants.page, irritants.METRICS),
    Entry("actions", "act", actions.page, actions.METRICS),
    Entry("cases", "act", cases.page, cases.METRICS),
    Entry("culture", "act", culture.page, culture.METRICS),
    Entry("washing", "act", washing.page, washing.METRICS, has_charts=False),
    Entry("metrics", "trust", dictionary.page, has_charts=False),
    Entry("data", "trust", sources.page, has_charts=False),
)
NAMES = tuple(entry.name for entry in PAGES)
NOT_SHARED = {"pick", "missing"}.union(*PAGE_PARTS.values())  # parts of an address that do not go along to another page


def frame() -> None:
    """In turn with other readers' runs, from when the snapshot is open."""
    hinted = link.likely("lang"), link.likely("snap")
    try:
        snapshot = store.snapshot_for(hinted[1])
    except SnapshotError as error:
        lang = hinted[0] if hinted[0] in LANGUAGES else LANGUAGES[0]
        st.set_page_config(page_title=f"{navigation(PAGES, lang, below).title} · Outside-In", layout="wide")
        banner.no_data(error, lang)
        return
    with TURNS.turn():
        drawn(snapshot, hinted)


def drawn(snapshot: store.Snapshot, hinted: tuple[str | None, str | None]) -> None:
    """`hinted`: what language and snapshot the address seemed to ask for."""
    choices = store.choices(snapshot.id, reader(), NAMES, store.kept())
    page = navigation(PAGES, hinted[0] if hinted[0] in choices.languages else choices.languages[0], below)
    view = viewed(page.url_path or NAMES[0], snapshot, choices)
    if hinted != (link.likely("lang"), link.likely("snap")):
        st.rerun()
    settings = store.settings(view)
    st.set_page_config(page_title=f"{page.title} · {settings.company.name[view.lang]}", layout="wide")
    link.bar_shows(view, is_open=filters.filter_bar(view, choices, settings))
    page.run()


@st.fragment(key=link.BELOW)
def below() -> None:
    """The page under the bar: alone when one of its widgets changed, or one of the bar that shows the change itself."""
    settling.settle()
    with TURNS.turn():
        try:
            snapshot = store.snapshot_for(link.likely("snap"))
        except SnapshotError:
            st.rerun()
        choices = store.choices(snapshot.id, reader(), NAMES, store.kept())
        view = viewed(link.page_drawn(), snapshot, choices)
        if not link.is_in_the_bar(view):
            st.rerun()
        filters.nothing_before(view, choices)
        banner.snapshot_banner(view, choices, snapshot, store.settings(view))
        banner.say_problems(view)
        printed.letterhead(view)
        draw = PAGES[NAMES.index(view.page)].draw
        since.told(view, lambda: lacking.drawn(view, draw), draw)
        notes.under(view)
        printed.definitions(view)


def viewed(name: str, snapshot: store.Snapshot, choices: Choices) -> View:
    """What the address asks of a page; the view of this run."""
    asked = link.asked_for(name, shared=lambda part: part not in NOT_SHARED.union(choices.events))
    view = parse(asked, name, choices, snapshot.id)
    link.show(view)
    return view


if __name__ == "__main__":
    frame()
