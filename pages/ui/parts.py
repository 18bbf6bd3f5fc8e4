"""Choices that a page offers besides the filters, each a part of its address (address.PAGE_PARTS)."""

from collections.abc import Callable, Sequence

import streamlit as st

from pages.ui import link
from pages.ui.address import View
from pages.ui.text import literal

LONG = 12  # options


def part_choice(name: str, options: Sequence[str], words: Callable[[str], str], label: str, view: View) -> str:
    """One of a few, side by side; the first is the default."""
    value = view.part(name, options)
    st.segmented_control(
        label,
        options,
        format_func=lambda code: literal(words(code)),
        key=link.widget(name, value),
        on_change=write,
        args=(name,),
        label_visibility="collapsed",
        required=True,
    )
    return value


def pick_choice(options: Sequence[str], chosen: str, words: Callable[[str], str], label: str) -> None:
    """The chosen mark, for who would rather choose it from a list than in the chart."""
    choice("pick", options, chosen, words, label, 340)


def choice(name: str, options: Sequence[str], chosen: str, words: Callable[[str], str], label: str, width: int) -> None:
    """One of many, from a list that can be searched when it is long."""
    st.selectbox(
        label,
        options,
        format_func=words,
        key=link.widget(name, chosen),
        on_change=write,
        args=(name,),
        width=width,
        filter_mode="contains" if len(options) > LONG else None,
    )


def write(name: str) -> None:
    link.go(**{name: link.chosen(name)})


def pick_from(chart: str) -> Callable[[], None]:
    """What a click in a chart does: the mark's code becomes the chosen one."""

    def picked() -> None:
        code = link.clicked(chart)
        if code is not None:
            link.go(pick=code)

    return picked
