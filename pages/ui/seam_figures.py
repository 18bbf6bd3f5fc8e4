"""A figure of several numbers about one thing on one line each: as the channel counts it, as customers live it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from pages.ui.figures import CEM, CRM, NORMAL, QUIET, SMALL, plain
from pages.ui.gap_figures import Dot
from pages.ui.group_figures import span

ROW = 74  # pixels: two lines of words, the line
WORDS_AT, LINE_AT = -0.26, 0.24  # places inside a row of height 1
LOOKS = {  # mark -> colour, symbol
    "fcr": (CRM, "circle-open"),
    "resolution_in_one_contact": (CEM, "circle"),
    "says_resolved": (CEM, "diamond-open"),
}


@dataclass(frozen=True)
class Line:
    """A name, words, and its marks by name (LOOKS); hover: a line an entry."""

    name: str
    detail: str
    marks: Mapping[str, Dot]
    hover: Sequence[str] = ()


def lines(rows: Sequence[Line], labels: Mapping[str, str]) -> go.Figure:
    """A share each, joined by a line; `labels` are the names of the marks, written once as a legend above."""
    known = [end for row in rows for p in row.marks.values() for end in (p.value, p.low, p.high)]
    ends = span(known)
    drawn = [name for name in LOOKS if any(name in row.marks for row in rows)]
    return go.Figure(
        data=[*(stretch(place, row) for place, row in enumerate(rows)), *(marks(rows, n, labels[n]) for n in drawn)],
        layout={
            "height": ROW * len(rows) + 70,
            "margin": {"l": 4, "r": 12, "t": 4, "b": 24},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom"},
            "dragmode": False,
            "hovermode": "closest",
            "xaxis": {
                "range": [ends[0], min(ends[1], 1.01)],
                "tickformat": ".0%",
                "tickfont": {"size": SMALL},
                "fixedrange": True,
                "zeroline": False,
            },
            "yaxis": {"range": [len(rows) - 0.5, -0.6], "visible": False, "fixedrange": True},
            "annotations": [words(place, row) for place, row in enumerate(rows)],
        },
    )


def stretch(place: int, row: Line) -> go.Scatter:
    values = [p.value for name, p in row.marks.items() if name != "says_resolved"]
    return go.Scatter(
        x=[min(values, default=None), max(values, default=None)],
        y=[place + LINE_AT] * 2,
        mode="lines",
        line={"color": CEM, "width": 5},
        opacity=0.35,
        hoverinfo="skip",
        showlegend=False,
    )


def marks(rows: Sequence[Line], name: str, label: str) -> go.Scatter:
    colour, symbol = LOOKS[name]
    found = [(place, row, row.marks[name]) for place, row in enumerate(rows) if name in row.marks]
    has_ends = [None not in (p.low, p.high) for _, _, p in found]
    return go.Scatter(
        name=plain(label),
        x=[p.value for _, _, p in found],
        y=[place + LINE_AT for place, _, _ in found],
        mode="markers",
        marker={
            "size": 11,
            "symbol": symbol,
            "color": [colour if p.is_told else QUIET for _, _, p in found],
            "line": {"width": 2},
        },
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [p.high - p.value if has else 0 for (_, _, p), has in zip(found, has_ends, strict=True)],
            "arrayminus": [p.value - p.low if has else 0 for (_, _, p), has in zip(found, has_ends, strict=True)],
            "color": colour,
            "thickness": 1.5,
            "width": 0,
        },
        hovertext=["<br>".join(plain(text) for text in row.hover) for _, row, _ in found],
        hovertemplate="%{hovertext}<extra></extra>",
        cliponaxis=False,
    )


def words(place: int, row: Line) -> dict:
    return {
        "text": f"<b>{plain(row.name)}</b>  {plain(row.detail)}",
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "y": place + WORDS_AT,
        "yanchor": "middle",
        "showarrow": False,
        "font": {"size": NORMAL},
    }
