"""Figures of the voice page: signed bars that can be chosen, shares of emotions, the course of a theme."""

from collections.abc import Sequence

import plotly.graph_objects as go

from pages.ui.bar_figures import errors
from pages.ui.figures import CEM, QUIET, SMALL
from pages.ui.group_figures import LINE_AT, ROW, Group, click_field, span, upright, words

PALE = 0.4  # of what adds to a score, beside what takes off


def signed_bars(rows: Sequence[Group], chosen: str | None) -> go.Figure:
    """Bars from zero with their intervals, words above each, one of them chosen; grey where it cannot be told."""
    ends = span([0.0, *(end for row in rows for end in (row.low, row.high, row.value))])
    places = list(range(len(rows)))
    return go.Figure(
        data=[
            click_field(rows, ends),
            go.Bar(
                orientation="h",
                y=[place + LINE_AT for place in places],
                x=[row.value for row in rows],
                width=0.28,
                marker={
                    "color": [CEM if row.is_told else QUIET for row in rows],
                    "opacity": [1.0 if row.value < 0 else PALE for row in rows],
                    "line": {"width": 0},
                },
                error_x=errors([(row.value, row.low, row.high, 1) for row in rows]),
                hoverinfo="skip",
            ),
        ],
        layout=go.Layout(
            height=ROW * len(rows) + 40,
            margin={"l": 4, "r": 8, "t": 4, "b": 24},
            barmode="overlay",
            showlegend=False,
            dragmode=False,
            clickmode="event+select",
            hovermode="closest",
            xaxis={"range": list(ends), "tickfont": {"size": SMALL}, "fixedrange": True, "zeroline": False},
            yaxis={"range": [len(rows) - 0.5, -0.6], "visible": False, "fixedrange": True},
            shapes=[
                upright(0, len(rows)),
                *(mark for place in places for mark in frame_of(rows[place], place, chosen)),
            ],
            annotations=[words(place, row) for place, row in enumerate(rows)],
        ),
    )


def frame_of(row: Group, place: int, chosen: str | None) -> list[dict]:
    """A pale field behind the row that is chosen."""
    if row.code != chosen:
        return []
    where = {"x0": 0, "x1": 1, "xref": "paper", "y0": place - 0.47, "y1": place + 0.47}
    return [{"type": "rect", **where, "fillcolor": QUIET, "opacity": 0.12, "line": {"width": 0}, "layer": "below"}]
