"""Figures of the voice page: signed bars that can be chosen, shares of emotions, the course of a theme."""

from collections.abc import Sequence
from datetime import date

import plotly.graph_objects as go

from pages.ui.bar_figures import errors
from pages.ui.figures import CEM, QUIET, SMALL, month_axis
from pages.ui.group_figures import LINE_AT, Group, click_field, height_of, rows_of_words, span, upright
from pages.ui.promise_figures import Spot, band, line

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
        layout={
            "height": height_of(rows) + 40,
            "margin": {"l": 4, "r": 8, "t": 4, "b": 24},
            "barmode": "overlay",
            "showlegend": False,
            "dragmode": False,
            "clickmode": "event+select",
            "hovermode": "closest",
            "xaxis": {"range": list(ends), "tickfont": {"size": SMALL}, "fixedrange": True, "zeroline": False},
            "yaxis": {"range": [len(rows) - 0.5, -0.6], "visible": False, "fixedrange": True},
            "shapes": [
                upright(0, len(rows)),
                *(mark for place in places for mark in frame_of(rows[place], place, chosen)),
            ],
            "annotations": rows_of_words(rows),
        },
    )


def frame_of(row: Group, place: int, chosen: str | None) -> list[dict]:
    """A pale field behind the row that is chosen."""
    if row.code != chosen:
        return []
    where = {"x0": 0, "x1": 1, "xref": "paper", "y0": place - 0.47, "y1": place + 0.47}
    return [{"type": "rect", **where, "fillcolor": QUIET, "opacity": 0.12, "line": {"width": 0}, "layer": "below"}]


def share_bars(rows: Sequence[Group], most: float, pale: Sequence[str] = ()) -> go.Figure:
    """Bars of shares from zero to `most` with their intervals, words above each; grey where it cannot be told.

    pale: codes of what pleases, drawn as what adds to a score is.
    """
    places = list(range(len(rows)))
    known = [(place + LINE_AT, row) for place, row in zip(places, rows, strict=True) if row.value is not None]
    return go.Figure(
        data=[
            go.Bar(
                orientation="h",
                y=[place for place, _ in known],
                x=[row.value for _, row in known],
                width=0.28,
                marker={
                    "color": [CEM if row.is_told else QUIET for _, row in known],
                    "opacity": [PALE if row.code in pale else 1.0 for _, row in known],
                    "line": {"width": 0},
                },
                error_x=errors([(row.value, row.low, row.high, 1) for _, row in known]),
                hoverinfo="skip",
            )
        ],
        layout={
            "height": height_of(rows) + 12,
            "margin": {"l": 4, "r": 8, "t": 4, "b": 4},
            "showlegend": False,
            "dragmode": False,
            "xaxis": {"range": [0, most * 1.02], "visible": False, "fixedrange": True},
            "yaxis": {"range": [len(rows) - 0.5, -0.6], "visible": False, "fixedrange": True},
            "annotations": rows_of_words(rows),
        },
    )


def theme_course(
    spots: Sequence[Spot], signals: Sequence[Spot], limits: Sequence[Spot], centre: float | None, judged_from: date
) -> go.Figure:
    """A share over time inside the limits of chance (grey); steps beyond them ringed; the period begins at the line."""
    known = [s for s in limits if s.low is not None]
    start = {"type": "line", "x0": judged_from, "x1": judged_from, "yref": "paper", "y0": 0, "y1": 1}
    level = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": centre, "y1": centre}
    quiet = {"color": QUIET, "width": 1}
    tops = [end for s in (*spots, *known) for end in (s.value, s.high) if end is not None] or [1.0]
    return go.Figure(
        data=[
            band(limits, QUIET),
            line(spots, CEM, "circle", 5, shape="linear", width=2),
            go.Scatter(
                x=[s.at for s in signals],
                y=[s.value for s in signals],
                mode="markers",
                marker={"size": 15, "symbol": "circle-open", "color": CEM, "line": {"width": 2}},
                hoverinfo="skip",
            ),
        ],
        layout={
            "height": 250,
            "margin": {"l": 40, "r": 8, "t": 8, "b": 26},
            "showlegend": False,
            "hovermode": "closest",
            "dragmode": False,
            "xaxis": month_axis(5),
            "yaxis": {
                "range": [0, max(tops) * 1.08],
                "tickformat": ".0%",
                "tickfont": {"size": SMALL},
                "nticks": 5,
                "fixedrange": True,
                "zeroline": False,
            },
            "shapes": [start | {"line": quiet | {"dash": "dot"}}]
            + ([] if centre is None else [level | {"line": quiet}]),
        },
    )
