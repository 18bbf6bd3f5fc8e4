"""Figures of the promise page: numbers and finished words in, one plotly Figure out.

Marks are the same everywhere: a bar for what is wanted, a ring for what our own people think, a dot for what customers
live, a diamond for what they expect. What the company says of itself is slate, what customers say is vermilion.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import plotly.graph_objects as go

from pages.ui.figures import BACKGROUND, CEM, CRM, NORMAL, QUIET, SMALL, plain

ROW = 66  # pixels of a row: its words, its line, room below
WORDS_AT, LINE_AT, BELOW_AT = -0.34, 0.08, 0.36  # places inside a row of height 1
SYMBOLS = {"wanted": "line-ns-open", "thought": "circle-open", "lived": "circle", "expected": "diamond-open"}
COLOURS = {"wanted": CRM, "thought": CRM, "lived": CEM, "expected": CEM}
SIZES = {"wanted": 18, "thought": 12, "lived": 12, "expected": 9}
WIDTHS = {"wanted": 3.5, "thought": 2.5, "lived": 1, "expected": 1.5}
MARKS = ("expected", "wanted", "thought", "lived")  # drawn in this order, the last on top


@dataclass(frozen=True)
class Dot:
    """One mark: its place, its interval, and what the pointer says; `is_told` false draws it grey."""

    value: float
    low: float | None
    high: float | None
    hover: str
    is_told: bool = True


@dataclass(frozen=True)
class Row:
    """A promise or a group. marks: by name, only those that exist. desire, knowledge: what to write over each stretch.

    never: words of each mark that nobody was asked for. code: what a click chooses.
    """

    code: str
    name: str
    detail: str
    marks: Mapping[str, Dot]
    desire: str = ""
    knowledge: str = ""
    never: Mapping[str, str] = field(default_factory=dict)


def dumbbell(rows: Sequence[Row], ends: tuple[float, float], labels: Mapping[str, str], chosen: str = "") -> go.Figure:
    """W, S and E of each row on one line. `labels`: names of the marks, written once beside those of the first row."""
    return go.Figure(
        data=[
            *(stretches(rows, upper, lower) for upper, lower in (("wanted", "thought"), ("thought", "lived"))),
            *(hatched(rows, mark, ends) for mark in ("wanted", "thought", "lived")),
            *(dots(rows, mark) for mark in MARKS),
            click_field(rows, ends, chosen),
        ],
        layout=go.Layout(
            height=ROW * len(rows) + 34,
            margin={"l": 4, "r": 30, "t": 6, "b": 26},
            showlegend=False,
            barmode="overlay",
            hovermode="closest",
            dragmode=False,
            clickmode="event+select",
            xaxis={
                "range": list(ends),
                "dtick": 1,
                "tickfont": {"size": SMALL},
                "fixedrange": True,
                "zeroline": False,
                "gridcolor": QUIET,
                "gridwidth": 0.4,
            },
            yaxis={"range": [len(rows) - 0.42, -0.58], "visible": False, "fixedrange": True},
            annotations=[
                *(words(place, row) for place, row in enumerate(rows)),
                *(label for place, row in enumerate(rows) for label in stretch_labels(place, row)),
                *(label for place, row in enumerate(rows) for label in never_labels(place, row, ends)),
                *(mark_names(rows[0], labels) if rows else ()),
            ],
        ),
    )


def stretches(rows: Sequence[Row], upper: str, lower: str) -> go.Bar:
    """The gap between two marks of each row, as a pale bar."""
    both = [(place, row.marks[upper].value, row.marks[lower].value) for place, row in enumerate(rows)
            if upper in row.marks and lower in row.marks]  # fmt: skip
    return go.Bar(
        orientation="h",
        y=[place + LINE_AT for place, _, _ in both],
        base=[low for _, _, low in both],
        x=[high - low for _, high, low in both],
        width=0.11,
        marker={"color": CRM if upper == "wanted" else CEM, "opacity": 0.35, "line": {"width": 0}},
        hoverinfo="skip",
    )


def hatched(rows: Sequence[Row], mark: str, ends: tuple[float, float]) -> go.Bar:
    """Where a mark that nobody was asked for would stand."""
    spans = [(place, *missing_span(row, mark, ends)) for place, row in enumerate(rows) if mark in row.never]
    return go.Bar(
        orientation="h",
        y=[place + LINE_AT for place, _, _ in spans],
        base=[start for _, start, _ in spans],
        x=[end - start for _, start, end in spans],
        width=0.3,
        marker={
            "color": BACKGROUND,
            "line": {"width": 0},
            "pattern": {"shape": "/", "fgcolor": QUIET, "bgcolor": BACKGROUND, "size": 7, "solidity": 0.25},
        },
        hoverinfo="skip",
    )


def missing_span(row: Row, mark: str, ends: tuple[float, float]) -> tuple[float, float]:
    """From the nearest marks that are there to the next, or to the end of the scale; parted when several are missing."""
    known = {name: dot.value for name, dot in row.marks.items() if name != "expected"}
    order = ("lived", "thought", "wanted")
    place = order.index(mark)
    below = [known[name] for name in order[:place] if name in known]
    above = [known[name] for name in order[place + 1 :] if name in known]
    start, end = (max(below) if below else ends[0]), (min(above) if above else ends[1])
    start, end = min(start, end), max(start, end)
    alike = [name for name in order if name in row.never and same_side(order, name, mark, known)]
    step = (end - start) / len(alike)
    first = start + step * alike.index(mark)
    return first, first + step


def same_side(order: Sequence[str], one: str, other: str, known: Mapping[str, float]) -> bool:
    """Two missing marks share the room between the same known ones."""
    low, high = sorted((order.index(one), order.index(other)))
    return not any(name in known for name in order[low : high + 1])


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
        error_x=interval_of([dot for _, dot in found], colours[0] if colours else QUIET),
        hovertext=[plain(dot.hover) for _, dot in found],
        hovertemplate="%{hovertext}<extra></extra>",
        cliponaxis=False,
    )


def interval_of(found: Sequence[Dot], colour: str) -> dict:
    return {
        "type": "data",
        "symmetric": False,
        "array": [0 if dot.high is None else dot.high - dot.value for dot in found],
        "arrayminus": [0 if dot.low is None else dot.value - dot.low for dot in found],
        "color": colour,
        "thickness": 1.2,
        "width": 4,
    }


def click_field(rows: Sequence[Row], ends: tuple[float, float], chosen: str) -> go.Bar:
    """An invisible bar over each row: a click anywhere in it chooses the row, and the chosen one is tinted."""
    return go.Bar(
        orientation="h",
        name="rows",
        y=list(range(len(rows))),
        base=[ends[0]] * len(rows),
        x=[ends[1] - ends[0]] * len(rows),
        width=0.98,
        customdata=[row.code for row in rows],
        marker={"color": QUIET, "opacity": [0.16 if row.code == chosen else 0.0 for row in rows], "line": {"width": 0}},
        unselected={"marker": {"opacity": 0.0}},
        selected={"marker": {"opacity": 0.16}},
        selectedpoints=[i for i, row in enumerate(rows) if row.code == chosen] or None,
        hoverinfo="skip",
    )


def words(place: int, row: Row) -> dict:
    """Name and numbers of a row, above its line, so that they fit any width."""
    return {
        "text": f"<b>{plain(row.name)}</b>  {plain(row.detail)}",
        "x": 0,
        "xanchor": "left",
        "xref": "paper",
        "y": place + WORDS_AT,
        "yanchor": "middle",
        "showarrow": False,
        "align": "left",
        "font": {"size": NORMAL},
    }


def stretch_labels(place: int, row: Row) -> list[dict]:
    """The size of each gap, over its stretch."""
    found = []
    for upper, lower, text, colour in (
        ("wanted", "thought", row.desire, CRM),
        ("thought", "lived", row.knowledge, CEM),
    ):
        if text and upper in row.marks and lower in row.marks:
            middle = (row.marks[upper].value + row.marks[lower].value) / 2
            found.append(small(text, middle, place + LINE_AT - 0.21, colour))
    return found


def never_labels(place: int, row: Row, ends: tuple[float, float]) -> list[dict]:
    """Words over what is hatched; where there is no room over it, they run towards the middle of the scale."""
    labels = []
    for mark, text in row.never.items():
        start, end = missing_span(row, mark, ends)
        middle, centre = (start + end) / 2, sum(ends) / 2
        anchor = (
            "center" if abs(middle - centre) < 0.25 * (ends[1] - ends[0]) else "left" if middle < centre else "right"
        )
        at = {"center": middle, "left": start, "right": end}[anchor]
        labels.append(small(text, at, place + BELOW_AT, "") | {"xanchor": anchor})
    return labels


def mark_names(row: Row, labels: Mapping[str, str]) -> list[dict]:
    """Names of the marks under those of the first row: the outer ones run outwards."""
    found = sorted((dot.value, name) for name, dot in row.marks.items() if name in labels)
    anchors = {0: "right", len(found) - 1: "left"} if len(found) > 1 else {}
    return [
        small(labels[name], value, BELOW_AT, COLOURS[name]) | {"xanchor": anchors.get(i, "center")}
        for i, (value, name) in enumerate(found)
        if not row.never or BELOW_AT is None or name in row.marks
    ]


def small(text: str, x: float, y: float, colour: str) -> dict:
    return {
        "text": plain(text),
        "x": x,
        "y": y,
        "xanchor": "center",
        "yanchor": "middle",
        "showarrow": False,
        "font": {"size": SMALL} | ({"color": colour} if colour else {}),
    }
