"""The pages of the navigation: what each is, and which of them this reader may open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.ui import link
from pages.ui.access import reader
from pages.ui.address import path_of
from pages.ui.text import t


@dataclass(frozen=True)
class Entry:
    """A page: its name, which is its address (the first is the front page), its group, what draws it, its metrics.

    has_charts: whether it opens with any.
    """

    name: str
    group: str
    draw: Callable[[], None]
    metrics: tuple[str, ...] = ()
    has_charts: bool = True


def navigation(entries: Sequence[Entry], lang: str, draw: Callable[[], None]) -> st.Page:
    """The page asked for; only built pages, only those that this reader may open, in their groups. `draw` draws any."""
    allowed = [entry for entry in entries if reader().may_open(entry.name)]
    pages = {
        entry.name: st.Page(
            draw,
            title=t(f"frame.pages.{entry.name}", lang),
            help=t(f"frame.pages_help.{entry.name}", lang),
            url_path=entry.name,
            default=path_of(entry.name) == "",
        )
        for entry in allowed
    }
    link.offer_pages(pages, {entry.name: entry.metrics for entry in allowed})
    groups: dict[str, list[st.Page]] = {}
    for entry in allowed:
        groups.setdefault(t(f"frame.groups.{entry.group}", lang), []).append(pages[entry.name])
    return st.navigation(groups, position="top")
