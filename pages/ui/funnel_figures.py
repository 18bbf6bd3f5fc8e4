"""Groups by size and value, inside the curves that chance alone draws (metrics/funnel.py)."""

from collections.abc import Sequence

import plotly.graph_objects as go

from metrics.funnel import INNER, OUTER, Funnel
from pages.ui.figures import INK, QUIET, SMALL, plain
from pages.ui.group_figures import colour_of, span


def funnel_plot(found: Funnel, names: dict[str, str], side: str, tick: str, axes: tuple[str, str]) -> go.Figure:
    """Groups by size and value; names only of those outside 99.8 %."""
    lines = [(quantile, found.curve(quantile)) for quantile in (INNER, OUTER)]
    outside = {g.group for g in found.outside}
    ends = span(
        [
            found.center,
            *(g.value for g in found.groups),
            *(found.center + s * d for _, c in lines for _, d in c for s in (1, -1)),
        ]
    )
    return go.Figure(
        data=[
            *(limit_line(found.center, curve, sign, quantile) for quantile, curve in lines for sign in (1, -1)),
            go.Scatter(
                x=[g.n for g in found.groups],
                y=[g.value for g in found.groups],
                mode="markers+text",
                marker={"size": 9, "color": [colour_of(side) if g.group in outside else QUIET for g in found.groups]},
                text=[plain(names[g.group[0][1]]) if g.group in outside else "" for g in found.groups],
                textposition="top center",
                hovertext=[plain(names[g.group[0][1]]) for g in found.groups],
                hovertemplate="%{hovertext}: %{y}, n = %{x}<extra></extra>",
            ),
        ],
        layout={
            "height": 400,
            "margin": {"l": 48, "r": 12, "t": 10, "b": 42},
            "showlegend": False,
            "dragmode": False,
            "hovermode": "closest",
            "xaxis": quiet_axis(axes[0]) | {"showgrid": False},
            "yaxis": quiet_axis(axes[1]) | {"range": list(ends), "tickformat": tick},
            "shapes": [level(found.center)],
        },
    )


def quiet_axis(title: str) -> dict:
    return {"title": {"text": plain(title), "font": {"size": SMALL}}, "fixedrange": True, "zeroline": False}


def level(center: float) -> dict:
    line = {"color": INK, "width": 1}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": center, "y1": center, "line": line}


def limit_line(center: float, curve: Sequence[tuple[float, float]], sign: int, quantile: float) -> go.Scatter:
    return go.Scatter(
        x=[n for n, _ in curve],
        y=[center + sign * distance for _, distance in curve],
        mode="lines",
        line={"color": QUIET, "width": 1, "dash": "dot" if quantile == INNER else "solid"},
        hoverinfo="skip",
    )
