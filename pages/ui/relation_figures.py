"""Figures of what goes with what: importance against performance, what moves months later, shares ahead."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from pages.ui.figures import CEM, CRM, INK, NORMAL, QUIET, SMALL, apart, month_axis, plain
from pages.ui.outlook_figures import interval, months

LABEL_ROOM = 0.055  # of the height, between two labels
NAMED = 4  # marks
HIGH, BELOW = 374, 0.12  # of the plot in pixels; room under zero, as a part of what stands above it


@dataclass(frozen=True)
class Mark:
    """A driver: how well it goes, 0 to 1, how much it tells; `is_told` false draws it grey and unnamed."""

    name: str
    performance: float
    importance: float
    hover: str
    is_told: bool


def importance(marks: Sequence[Mark], axes: tuple[str, str], corner: str) -> go.Figure:
    """How well it goes across, how much it tells up; what tells much and goes badly stands in the named corner."""
    told = sorted((m for m in marks if m.is_told), key=lambda m: -m.importance)
    edges = [m.performance for m in marks] or [0.0, 1.0]
    room = max(0.03, (max(edges) - min(edges)) * 0.12)
    left, right = max(0.0, min(edges) - room), min(1.0, max(edges) + room)
    top = max([m.importance for m in marks], default=0.01) * 1.25
    return go.Figure(
        data=[
            go.Scatter(
                x=[m.performance for m in marks],
                y=[m.importance for m in marks],
                mode="markers",
                marker={"size": 11, "color": [CEM if m.is_told else QUIET for m in marks]},
                hovertext=[plain(m.hover) for m in marks],
                hovertemplate="%{hovertext}<extra></extra>",
                cliponaxis=False,
            )
        ],
        layout={
            "height": 430,
            "margin": {"l": 58, "r": 12, "t": 10, "b": 46},
            "showlegend": False,
            "dragmode": False,
            "hovermode": "closest",
            "xaxis": share_axis([left, right], axes[0]),
            "yaxis": share_axis([-BELOW * top, top], axes[1]),
            "annotations": [
                *labels(told[:NAMED], (left + right) / 2, top),
                {"text": plain(corner), "x": 0, "xref": "paper", "xanchor": "left", "y": 1, "yref": "paper"}
                | {"yanchor": "top", "showarrow": False, "font": {"size": SMALL, "color": INK}},
            ],
        },
    )


def labels(told: Sequence[Mark], middle: float, top: float) -> list[dict]:
    """Names beside their marks, towards the middle, pushed down where they would overlap, each on a thin line."""
    found, at = [], 10.0
    for mark in told:
        side = "right" if mark.performance > middle else "left"
        at = min(mark.importance, at - LABEL_ROOM * top)
        down = (mark.importance - at) * HIGH / ((1 + BELOW) * top)
        found.append(
            {"text": plain(mark.name), "x": mark.performance, "y": mark.importance, "font": {"size": NORMAL}}
            | {"ax": -16 if side == "right" else 16, "ay": down, "xanchor": side, "yanchor": "middle"}
            | {"arrowcolor": QUIET, "arrowwidth": 1, "arrowhead": 0, "standoff": 5, "showarrow": True}
        )
    return found


def share_axis(ends: Sequence[float], title: str) -> dict:
    return {
        "range": list(ends),
        "tickformat": ".1%" if ends[1] - ends[0] < 0.05 else ".0%",
        "nticks": 6,
        "fixedrange": True,
        "zeroline": False,
        "tickfont": {"size": SMALL},
        "title": {"text": plain(title), "font": {"size": NORMAL}},
    }


@dataclass(frozen=True)
class Step:
    """Months after (below 0: before) and the change with its interval."""

    months: int
    value: float
    low: float
    high: float
    is_told: bool
    hover: str


def lags(steps: Sequence[Step], axes: tuple[str, str], sides: tuple[str, str]) -> go.Figure:
    """Change of the result, month by month, before and after something went wrong."""
    return go.Figure(
        data=[
            go.Scatter(
                x=[s.months for s in steps],
                y=[s.value for s in steps],
                mode="markers",
                marker={"size": 10, "color": [CEM if s.is_told else QUIET for s in steps]},
                error_y={
                    "type": "data",
                    "symmetric": False,
                    "array": [s.high - s.value for s in steps],
                    "arrayminus": [s.value - s.low for s in steps],
                    "color": QUIET,
                    "thickness": 1.5,
                    "width": 0,
                },
                hovertext=[plain(s.hover) for s in steps],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        ],
        layout={
            "height": 320,
            "margin": {"l": 58, "r": 8, "t": 22, "b": 44},
            "showlegend": False,
            "dragmode": False,
            "hovermode": "closest",
            "xaxis": {"dtick": 2, "fixedrange": True, "zeroline": False, "showgrid": False, "tickfont": {"size": SMALL}}
            | {"title": {"text": plain(axes[0]), "font": {"size": NORMAL}}},
            "yaxis": {"fixedrange": True, "zeroline": False, "nticks": 6, "tickfont": {"size": SMALL}}
            | {"title": {"text": plain(axes[1]), "font": {"size": NORMAL}}},
            "shapes": [
                {"type": "line", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "yref": "paper", "layer": "below"}
                | {"line": {"color": INK, "width": 1, "dash": "dot"}},
                {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": 0, "y1": 0, "layer": "below"}
                | {"line": {"color": INK, "width": 1}},
            ],
            "annotations": [side_name(sides[0], -0.2, "right"), side_name(sides[1], 0.2, "left")],
        },
    )


def side_name(text: str, x: float, anchor: str) -> dict:
    return {
        "text": plain(text),
        "x": x,
        "xanchor": anchor,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": SMALL, "color": INK},
    }


@dataclass(frozen=True)
class Stream:
    """Shares of one code: what happened, what is ahead, and the words at its end."""

    name: str
    facts: Sequence
    ahead: Sequence
    words: str


def shares_ahead(streams: Sequence[Stream], hover: Callable) -> go.Figure:
    """A line a code on one scale; ahead lighter, in its 80 % interval; the words stand where each line ends."""
    top = max((m.value for s in streams for m in (*s.facts, *s.ahead)), default=1.0) * 1.12
    places = apart([s.ahead[-1].value if s.ahead else s.facts[-1].value for s in streams], 0.1 * top)
    ends = [(s.ahead or s.facts)[-1].month for s in streams]
    return go.Figure(
        data=[
            *(interval(s.ahead, ("low_80", "high_80"), CRM, 0.14) for s in streams if s.ahead),
            *(months(s.facts, CRM, {"width": 2}, 1.0, hover) for s in streams),
            *(months([*s.facts[-1:], *s.ahead], CRM, {"width": 2}, 0.5, hover) for s in streams),
        ],
        layout={
            "height": 360,
            "margin": {"l": 40, "r": 136, "t": 8, "b": 28},
            "showlegend": False,
            "dragmode": False,
            "hovermode": "closest",
            "xaxis": month_axis(5) | {"range": [min(s.facts[0].month for s in streams), max(ends)]},
            "yaxis": {"range": [0, top], "tickformat": ".0%", "fixedrange": True, "nticks": 5, "zeroline": False}
            | {"tickfont": {"size": SMALL}},
            "annotations": [
                {
                    "text": f"<b>{plain(s.name)}</b><br>{plain(s.words)}",
                    "x": end,
                    "y": place,
                    "xanchor": "left",
                    "yanchor": "middle",
                    "xshift": 6,
                }
                | {"showarrow": False, "align": "left", "font": {"size": SMALL}}
                for s, end, place in zip(streams, ends, places, strict=True)
            ],
        },
    )
