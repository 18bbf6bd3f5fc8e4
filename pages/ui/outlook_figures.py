"""Figures of the outlook: what ranks better, whether predictions are exact."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from pages.ui.figures import CEM, CRM, INK, NORMAL, SMALL, plain
from pages.ui.group_figures import ROW, Group, colour_of, one_dot, span, words


def ladder(rows: Sequence[tuple[Group, str]], tick: str) -> go.Figure:
    """Numbers of one scale under each other with their intervals, each in the colour of its side."""
    ends = span([edge for group, _ in rows for edge in (group.low, group.high)])
    return go.Figure(
        data=[one_dot(place, group, colour_of(side)) for place, (group, side) in enumerate(rows)],
        layout=go.Layout(
            height=ROW * len(rows) + 40,
            margin={"l": 4, "r": 8, "t": 4, "b": 24},
            showlegend=False,
            dragmode=False,
            xaxis={
                "range": list(ends),
                "tickformat": tick,
                "tickfont": {"size": SMALL},
                "nticks": 5,
                "fixedrange": True,
                "zeroline": False,
            },
            yaxis={"range": [len(rows) - 0.5, -0.6], "visible": False, "fixedrange": True},
            annotations=[words(place, group) for place, (group, _) in enumerate(rows)],
        ),
    )


def calibration(sides: Mapping[str, Sequence[tuple[float, float]]], axes: tuple[str, str]) -> go.Figure:
    """Predicted across, observed up; on the diagonal a prediction is exact."""
    top = max((edge for marks in sides.values() for mark in marks for edge in mark), default=1.0) * 1.06
    colours = {"base": (CRM, "circle-open"), "extra": (CEM, "circle")}
    axis = {"range": [0, top], "tickformat": ".0%", "fixedrange": True, "tickfont": {"size": SMALL}, "zeroline": False}
    return go.Figure(
        data=[
            go.Scatter(
                x=[x for x, _ in marks],
                y=[y for _, y in marks],
                mode="markers",
                marker={"size": 9, "color": colours[arm][0], "symbol": colours[arm][1]},
                hoverinfo="skip",
            )
            for arm, marks in sides.items()
        ],
        layout=go.Layout(
            height=340,
            margin={"l": 48, "r": 8, "t": 8, "b": 44},
            showlegend=False,
            dragmode=False,
            xaxis=axis | {"title": {"text": plain(axes[0]), "font": {"size": NORMAL}}},
            yaxis=axis | {"title": {"text": plain(axes[1]), "font": {"size": NORMAL}}},
            shapes=[
                {"type": "line", "x0": 0, "y0": 0, "x1": top, "y1": top, "layer": "below"}
                | {"line": {"color": INK, "width": 1, "dash": "dot"}}
            ],
        ),
    )
