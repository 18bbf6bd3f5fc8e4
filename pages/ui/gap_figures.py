"""Figures of the promise page: numbers and finished words in, one plotly Figure out.

Marks are the same everywhere: a bar for what is wanted, a ring for what our own people think, a dot for what customers
live, a diamond for what they expect. What the company says of itself is slate, what customers say is vermilion.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from pages.ui.figures import CEM, CRM, NORMAL, QUIET, SMALL, plain

BACKGROUND = "#000038"  # the page's own
ROW = 92  # pixels of a row: two lines of words, sizes of the gaps, the line, names of the marks
WORDS_AT, SIZES_AT, LINE_AT, BELOW_AT = -0.35, -0.05, 0.13, 0.36  # places inside a row of height 1
HATCH = {
    "color": BACKGROUND,
    "line": {"width": 0},
    "pattern": {"shape": "/", "fgcolor": QUIET, "bgcolor": BACKGROUND, "size": 7, "solidity": 0.3},
}
SYMBOLS = {"wanted": "line-ns-open", "thought": "circle-open", "lived": "circle", "expected": "diamond-open"}
COLOURS = {"wanted": CRM, "thought": CRM, "lived": CEM, "expected": CEM}
SIZES = {"wanted": 18, "thought": 12, "lived": 12, "expected": 9}
WIDTHS = {"wanted": 3.5, "thought": 2.5, "lived": 1, "expected": 1.5}
LEVELS = ("lived", "thought", "wanted")  # from the lowest that is usual to the highest
OVER = {"right": 8, "left": -8}  # pixels: the middle name begins under its mark
MARKS = ("expected", "wanted", "thought", "lived")  # drawn in this order, the last on top


@dataclass(frozen=True)
class Dot:
    """One mark: its place and its interval; `is_told` false (too few to tell) draws it grey."""

    value: float
    low: float | None
    high: float | None
    is_told: bool = True


@dataclass(frozen=True)
class Row:
    """A promise or a group. marks: by name, only those that exist. desire, knowledge: what to write over each stretch.

    never: groups of neighbouring marks that nobody was asked for, with the words for each. code: what a click chooses.
    hover: what the pointer says, a line an entry.
    """

    code: str
    name: str
    detail: str
    marks: Mapping[str, Dot]
    hover: Sequence[str] = ()
    desire: str = ""
    knowledge: str = ""
    never: Sequence[tuple[tuple[str, ...], str]] = ()


def dumbbell(rows: Sequence[Row], ends: tuple[float, float], labels: Mapping[str, str], chosen: str = "") -> go.Figure:
    """W, S and E of each row on one line. `labels`: names of the marks, written once under those of the first row."""
    return go.Figure(
        data=[
            click_field(rows, ends, chosen),
            *(stretches(rows, upper, lower) for upper, lower in (("wanted", "thought"), ("thought", "lived"))),
            hatched(rows, ends),
            *(dots(rows, mark) for mark in MARKS),
        ],
        layout={
            "height": ROW * len(rows) + 34,
            "margin": {"l": 4, "r": 34, "t": 6, "b": 26},
            "showlegend": False,
            "barmode": "overlay",
            "hovermode": "closest",
            "dragmode": False,
            "clickmode": "event+select",
            "xaxis": scale_axis(ends),
            "yaxis": {"range": [len(rows) - 0.42, -0.58], "visible": False, "fixedrange": True},
            "annotations": [
                *(words(place, row) for place, row in enumerate(rows)),
                *(label for place, row in enumerate(rows) for label in stretch_labels(place, row)),
                *(label for place, row in enumerate(rows) for label in never_labels(place, row, ends)),
                *(mark_names(rows[0], labels) if rows else ()),
            ],
        },
    )


def scale_axis(ends: tuple[float, float]) -> dict:
    """The 0-10 scale, or the part of it that is used."""
    return {
        "range": list(ends),
        "dtick": 1,
        "tickfont": {"size": SMALL},
        "fixedrange": True,
        "zeroline": False,
        "gridwidth": 0.5,
    }


def stretches(rows: Sequence[Row], upper: str, lower: str) -> go.Bar:
    """The gap between two marks of each row, as a pale bar."""
    both = [
        (place, row.marks[upper].value, row.marks[lower].value)
        for place, row in enumerate(rows)
        if upper in row.marks and lower in row.marks
    ]
    return go.Bar(
        orientation="h",
        y=[place + LINE_AT for place, _, _ in both],
        base=[low for _, _, low in both],
        x=[high - low for _, high, low in both],
        width=0.11,
        marker={"color": CRM if upper == "wanted" else CEM, "opacity": 0.35, "line": {"width": 0}},
        hoverinfo="skip",
    )


def hatched(rows: Sequence[Row], ends: tuple[float, float]) -> go.Bar:
    """Where marks that nobody was asked for would stand."""
    spans = [(place, *span_of(row, marks, ends)) for place, row in enumerate(rows) for marks, _ in row.never]
    return go.Bar(
        orientation="h",
        y=[place + LINE_AT for place, _, _ in spans],
        base=[start for _, start, _ in spans],
        x=[end - start for _, start, end in spans],
        width=0.3,
        marker=HATCH,
        hoverinfo="skip",
    )


def span_of(row: Row, missing: Sequence[str], ends: tuple[float, float]) -> tuple[float, float]:
    """The room of neighbouring missing marks: between the marks beside them, or to the end of the scale."""
    first, last = LEVELS.index(missing[0]), LEVELS.index(missing[-1])
    below = row.marks[LEVELS[first - 1]].value if first and LEVELS[first - 1] in row.marks else ends[0]
    above = LEVELS[last + 1] if last + 1 < len(LEVELS) else ""
    top = row.marks[above].value if above in row.marks else ends[1]
    return min(below, top), max(below, top)


def dots(rows: Sequence[Row], mark: str) -> go.Scatter:
    found = [(place + LINE_AT, row.marks[mark]) for place, row in enumerate(rows) if mark in row.marks]
    colours = [COLOURS[mark] if dot.is_told else QUIET for _, dot in found]
    return go.Scatter(
        x=[dot.value for _, dot in found],
        y=[place for place, _ in found],
        mode="markers",
        marker={
            "symbol": SYMBOLS[mark],
            "size": SIZES[mark],
            "color": colours,
            "line": {"width": WIDTHS[mark], "color": colours},
            "opacity": 1,
        },
        error_x=interval_of([dot for _, dot in found], COLOURS[mark]),
        hoverinfo="skip",
        cliponaxis=False,
    )


def interval_of(found: Sequence[Dot], colour: str) -> dict:
    return {
        "type": "data",
        "symmetric": False,
        "array": [0 if dot.high is None else dot.high - dot.value for dot in found],
        "arrayminus": [0 if dot.low is None else dot.value - dot.low for dot in found],
        "color": colour,
        "thickness": 1,
        "width": 3,
    }


def click_field(rows: Sequence[Row], ends: tuple[float, float], chosen: str) -> go.Bar:
    """An unseen bar behind each row: what the pointer says, what a click chooses; the chosen one is tinted."""
    return go.Bar(
        orientation="h",
        y=list(range(len(rows))),
        base=[ends[0]] * len(rows),
        x=[ends[1] - ends[0]] * len(rows),
        width=0.96,
        customdata=[row.code for row in rows],
        hovertext=["<br>".join(plain(line) for line in row.hover) for row in rows],
        hovertemplate="%{hovertext}<extra></extra>",
        marker={"color": QUIET, "opacity": [0.16 if row.code == chosen else 0.0 for row in rows], "line": {"width": 0}},
        unselected={"marker": {"opacity": 0.0}},
        selected={"marker": {"opacity": 0.16}},
        selectedpoints=[i for i, row in enumerate(rows) if row.code == chosen] or None,
    )


def words(place: int, row: Row) -> dict:
    """Name and numbers of a row, above its line, so that they fit any width."""
    return two_lines(row.name, row.detail, place + WORDS_AT)


def two_lines(name: str, detail: str, y: float) -> dict:
    """A name, and under it what there is to say."""
    text = f"<b>{plain(name)}</b>" + (f"<br>{plain(detail)}" if detail else "")
    return small(text, 0, y) | {"xanchor": "left", "xref": "paper", "align": "left", "font": {"size": NORMAL}}


def stretch_labels(place: int, row: Row) -> list[dict]:
    """The size of each gap, over its stretch."""
    found = []
    both = (("wanted", "thought", row.desire, CRM), ("thought", "lived", row.knowledge, CEM))
    for upper, lower, text, colour in both:
        if text and upper in row.marks and lower in row.marks:
            middle = (row.marks[upper].value + row.marks[lower].value) / 2
            found.append(small(plain(text), middle, place + SIZES_AT, colour))
    return found


def never_labels(place: int, row: Row, ends: tuple[float, float]) -> list[dict]:
    """Words under what is hatched, never on a mark: from the end of the scale inwards, or between two marks."""
    found = []
    for marks, text in row.never:
        start, end = span_of(row, marks, ends)
        at, anchor = (end, "right") if end == ends[1] else (start, "left")
        if (start, end) != ends and start != ends[0] and end != ends[1]:
            at, anchor = (start + end) / 2, "center"
        found.append(small(plain(text), at, place + BELOW_AT) | {"xanchor": anchor})
    return found


def mark_names(row: Row, labels: Mapping[str, str]) -> list[dict]:
    """Names of the marks under those of the first row (over them, where what is hatched is named under them)."""
    found = sorted((dot.value, name) for name, dot in row.marks.items() if name in labels)
    anchors = {1: ["center"], 2: ["right", "left"]}.get(len(found), [])
    at = SIZES_AT if row.never else BELOW_AT
    if len(found) == 3:
        lowest, middle, highest = (value for value, _ in found)
        anchors = ["right", "right" if middle - lowest > highest - middle else "left", "left"]
    return [
        small(plain(labels[name]), value, at, COLOURS[name])
        | {"xanchor": anchor, "xshift": OVER.get(anchor, 0) if 0 < i < len(found) - 1 else 0}
        for i, ((value, name), anchor) in enumerate(zip(found, anchors, strict=True))
    ]


def small(text: str, x: float, y: float, colour: str = "") -> dict:
    """An annotation; its text is already plain."""
    return {
        "text": text,
        "x": x,
        "y": y,
        "xanchor": "center",
        "yanchor": "middle",
        "showarrow": False,
        "font": {"size": SMALL} | ({"color": colour} if colour else {}),
    }
