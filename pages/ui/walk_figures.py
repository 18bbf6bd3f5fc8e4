"""One customer's path on one time axis: the promises above, what happened below, and under it what the CRM showed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import plotly.graph_objects as go

from pages.ui.figures import CEM, CRM, INK, NORMAL, QUIET, SMALL, month_axis, plain

LANES = {"promise": 2.0, "reality": 1.0}
SYMBOLS = {
    "order": "square",
    "promise": "line-ns-open",
    "delivery": "diamond",
    "contact": "circle",
    "answer": "star",
    "offer": "triangle-up-open",
}
SPREAD = 0.13  # between events of nearly the same day, so that none hides another
ROWS, ACROSS = 6, 22  # marks below each other at most; as many as stand side by side on a phone
ROOM = 0.03  # of the time, left free at both ends


@dataclass(frozen=True)
class Mark:
    """An event: where it stands, whether it went badly, and what the pointer says."""

    at: datetime
    kind: str
    lane: str
    is_bad: bool
    hover: str


@dataclass(frozen=True)
class Overdue:
    """From a promised day to the delivery that came later."""

    promised: datetime
    delivered: datetime


def path(
    marks: Sequence[Mark],
    overdue: Sequence[Overdue],
    health: Sequence[tuple[date, float]],
    lanes: tuple[str, str, str],
    ends: tuple[date, date],
) -> go.Figure:
    """`lanes`: names of the promise lane, the reality lane and the CRM's; `ends`: of the time axis."""
    room = (ends[1] - ends[0]) * ROOM
    return go.Figure(
        data=[
            *(one_kind(kind, [m for m in marks if m.kind == kind], places(marks, ends)) for kind in SYMBOLS),
            health_line(health),
        ],
        layout={
            "height": 420,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 28},
            "showlegend": False,
            "dragmode": False,
            "hovermode": "closest",
            "xaxis": {
                "range": [ends[0] - room, ends[1] + room],
                "anchor": "y2",
                **month_axis(6),
            },
            "yaxis": {"range": [0.2, 2.6], "domain": [0.36, 1], "visible": False, "fixedrange": True},
            "yaxis2": {
                "range": [-4, 104],
                "domain": [0, 0.26],
                "tickvals": [0, 50, 100],
                "tickfont": {"size": SMALL},
                "fixedrange": True,
                "automargin": True,
            },
            "shapes": [*(lane_line(y) for y in LANES.values()), *(late_bridge(o) for o in overdue)],
            "annotations": [
                lane_name(lanes[0], 2.45, "y"),
                lane_name(lanes[1], 1.45, "y"),
                lane_name(lanes[2], 1.04, "y2 domain"),
            ],
        },
    )


def health_line(health: Sequence[tuple[date, float]]) -> go.Scatter:
    return go.Scatter(
        x=[day for day, _ in health],
        y=[value for _, value in health],
        yaxis="y2",
        mode="lines+markers",
        line={"color": CRM, "width": 2, "shape": "hv"},
        marker={"size": 5},
        cliponaxis=False,
        hovertemplate="%{x|%Y-%m}: %{y:.0f}<extra></extra>",
    )


def one_kind(kind: str, marks: Sequence[Mark], places: Mapping[Mark, int]) -> go.Scatter:
    return go.Scatter(
        x=[m.at for m in marks],
        y=[LANES[m.lane] - SPREAD * places[m] for m in marks],
        mode="markers",
        marker={
            "symbol": SYMBOLS[kind],
            "size": 18 if kind == "promise" else 11,
            "color": [CEM if m.is_bad else CRM for m in marks],
            "line": {"width": 2.5 if kind == "promise" else 1, "color": [CEM if m.is_bad else CRM for m in marks]},
        },
        hovertext=[plain(m.hover) for m in marks],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def places(marks: Sequence[Mark], ends: tuple[date, date]) -> dict[Mark, int]:
    """How many rows below its lane each mark stands: the first row in which no other is nearer than its own width."""
    found: dict[Mark, int] = {}
    for mark in sorted(marks, key=lambda m: (m.at, not m.is_bad)):
        near = {p for m, p in found.items() if m.lane == mark.lane and mark.at - m.at < (ends[1] - ends[0]) / ACROSS}
        found[mark] = next((row for row in range(ROWS) if row not in near), ROWS - 1)
    return found


def lane_line(y: float) -> dict:
    line = {"color": QUIET, "width": 1}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y, "line": line, "layer": "below"}


def late_bridge(overdue: Overdue) -> dict:
    """A slanted line from the promise to the delivery: the longer, the later."""
    line = {"color": CEM, "width": 2, "dash": "dot"}
    ends = {"x0": overdue.promised, "x1": overdue.delivered, "y0": LANES["promise"], "y1": LANES["reality"]}
    return {"type": "line", "line": line, "layer": "below"} | ends


def lane_name(text: str, y: float, axis: str) -> dict:
    return {
        "text": f"<b>{plain(text)}</b>",
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "y": y,
        "yref": axis,
        "yanchor": "bottom" if axis != "y" else "middle",
        "showarrow": False,
        "font": {"size": NORMAL, "color": INK},
    }
