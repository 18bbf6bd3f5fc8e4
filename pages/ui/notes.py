"""Notes for the room: written under a page, a small number on every chart of their month, their text under the page.

A note is numbered by its place among all that stand, so that its number is the same on every chart and page.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import streamlit as st

from data.errors import StoreFault
from data.written.notes import LONGEST, Note, add, notes, withdraw
from data.written.store import Conflict
from pages.ui import formats, link, written
from pages.ui.access import reader
from pages.ui.address import View
from pages.ui.figures import INK, SMALL, plain
from pages.ui.gap_figures import BACKGROUND
from pages.ui.months import add_months, month_start
from pages.ui.shown import Shown
from pages.ui.text import literal, t
from pages.ui.written import who_words

Numbered = tuple[int, Note]


def standing() -> tuple[Numbered, ...]:
    """Every note that this reader may see, with its number."""
    found = enumerate(written.answer(notes) or (), 1)
    return tuple((number, note) for number, note in found if reader().may_open(note.page))


def in_this_run() -> tuple[Numbered, ...]:
    """The same, read once a run whatever the number of charts."""
    run = link.shown()
    if run.notes is None:
        run.notes = standing()
    return run.notes


def marked(figure: Any) -> Any:
    """A figure with the number of each note on a month that it shows; the same figure where there is none."""
    numbered = in_this_run()
    return with_marks(figure.to_dict(), numbered) if with_month(numbered) else figure


def with_marks(drawn: Mapping[str, Any], numbered: Sequence[Numbered]) -> Mapping[str, Any]:
    """The same of a figure as a dict."""
    here = inside(with_month(numbered), drawn)
    if not here:
        return drawn
    layout = drawn["layout"]
    marks = [mark(number, note) for number, note in here]
    shapes = [*(layout.get("shapes") or ()), *(stroke(note.month) for _, note in here)]
    return drawn | {"layout": layout | {"annotations": [*(layout.get("annotations") or ()), *marks], "shapes": shapes}}


def with_month(numbered: Sequence[Numbered]) -> list[Numbered]:
    return [(number, note) for number, note in numbered if note.month]


def inside(dated: Sequence[Numbered], drawn: Mapping[str, Any]) -> list[Numbered]:
    """Notes on months between the first and the last day of a figure over time; () of any other figure."""
    if not is_dated(drawn):
        return []
    days = [day_of(x) for trace in drawn.get("data", ()) for x in listed(trace.get("x"))]
    known = [day for day in days if day is not None]
    if not known:
        return []
    first, last = month_start(min(known)), max(known)
    return [(number, note) for number, note in dated if first <= note.month <= last]


def is_dated(drawn: Mapping[str, Any]) -> bool:
    return (drawn.get("layout", {}).get("xaxis") or {}).get("type") == "date"


def listed(values: Any) -> Sequence[Any]:
    return values if isinstance(values, list | tuple) else ()


def day_of(value: Any) -> date | None:
    """A day as figures hold it: a date, a moment, or the beginning of a text."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def mark(number: int, note: Note) -> dict[str, Any]:
    """The number, above its month; the pointer says the text."""
    return {
        "x": note.month,
        "y": 1,
        "yref": "paper",
        "yanchor": "top",
        "text": str(number),
        "hovertext": plain(note.text),
        "showarrow": False,
        "font": {"size": SMALL, "color": INK},
        "bgcolor": BACKGROUND,
        "bordercolor": INK,
        "borderwidth": 1,
        "borderpad": 2,
    }


def stroke(month: date) -> dict[str, Any]:
    line = {"color": INK, "width": 1, "dash": "dot"}
    return {"type": "line", "x0": month, "x1": month, "yref": "paper", "y0": 0, "y1": 1, "line": line, "layer": "below"}


def under(view: View) -> None:
    """Below a page: the notes on it, on its period and on the months that its charts show, and the way to add one."""
    in_this_run()
    found, may = seen_on(link.shown()), written.may_note(view)
    if not found and not may:
        return
    with st.container(border=bool(found), key="notes"):
        if found:
            st.markdown(f"**{literal(t('notes.title', view.lang))}**")
        for number, note in found:
            line(number, note, may, view)
        if may:
            adding(view)


@st.fragment
def adding(view: View) -> None:
    """Closed until asked for; opening it reruns nothing else."""
    box = st.expander(t("notes.add", view.lang), type="compact", key="note_add", on_change="rerun")
    if box.open:
        with box:
            form(view)


def seen_on(run: Shown) -> list[Numbered]:
    """Notes on a page, on its period and on the months that its charts show."""
    every = run.notes or ()
    dated = with_month(every)
    on_charts = {number for drawn in run.charts.values() for number, _ in inside(dated, drawn.spec)}
    of_page = of_period(run)
    return [(number, note) for number, note in every if number in on_charts or (number, note) in of_page]


def of_period(run: Shown) -> list[Numbered]:
    """Notes on a page and on the months of its period."""
    page, period = run.view.page, run.view.selection.period
    return [
        (number, note)
        for number, note in run.notes or ()
        if note.page == page or (note.month and period.start < add_months(note.month, 1) and note.month < period.end)
    ]


def beside(drawn: Mapping[str, Any], run: Shown) -> list[str]:
    """In words, to leave with a figure: the notes on the months that it shows; without months, those of the period."""
    found = inside(with_month(run.notes or ()), drawn) if is_dated(drawn) else of_period(run)
    return [t("notes.line", run.view.lang, n=str(number), words=words(note, run.view.lang)) for number, note in found]


def line(number: int, note: Note, may: bool, view: View) -> None:
    """Number, month, text, who wrote it and when; those who may can withdraw it."""
    lang = view.lang
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        said = t("notes.line", lang, n=str(number), words=words(note, lang))
        st.markdown(literal(said), width="stretch")
        if may and st.button(
            t("notes.withdraw", lang), key=f"withdraw_{note.id}", type="tertiary", icon=":material/close:"
        ):
            take_back(note, view)


def words(note: Note, lang: str) -> str:
    about = formats.month(note.month, lang) if note.month else t("notes.whole_page", lang)
    holes = {"about": about, "text": note.text, "who": who_words(note.who, lang)}
    return t("notes.words", lang, **holes, at=formats.day(note.at, lang))


def around(month: date) -> list[Note]:
    """Notes on a month and the two before it."""
    first = add_months(month, -2)
    return [note for _, note in standing() if note.month and first <= note.month <= month]


def take_back(note: Note, view: View) -> None:
    """Withdrawn once, whoever else does the same at the same moment."""
    try:
        with suppress(Conflict):
            withdraw(written.folder(), note, reader().name, written.now(view))
    except StoreFault:
        st.error(t("actions.unreadable", view.lang))
    else:
        st.rerun()


def form(view: View) -> None:
    lang = view.lang
    with st.form("note", border=False, clear_on_submit=True):
        month = st.selectbox(
            t("notes.month", lang),
            [None, *reversed(written.months(view))],
            format_func=lambda m: t("notes.whole_page", lang) if m is None else formats.month(m, lang),
            key="note_month",
        )
        text = st.text_area(t("notes.text", lang), key="note_text", max_chars=LONGEST, height=90)
        is_sent = st.form_submit_button(t("notes.save", lang), type="primary")
    if is_sent and text.strip():
        try:
            add(written.folder(), view.page, month, text, reader().name, written.now(view))
        except StoreFault:
            st.error(t("actions.unreadable", lang))
        else:
            st.rerun()
