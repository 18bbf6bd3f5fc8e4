"""Bars from zero with their words above them, so that they fit any width: facts, butterfly, amounts, stacks."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from pages.ui.figures import CEM, CRM, INK, NORMAL, QUIET, plain
from pages.ui.gap_figures import BACKGROUND, LINE_AT, ROW, WORDS_AT, small, two_lines

STATE_FILLS = {
    "none": (CEM, 1.0, ""),
    "no_evidence": (CRM, 0.55, "."),
    "under_way": (CRM, 1.0, ""),
    "proven": (CRM, 0.7, "/"),
}
AT_LEAST = 0.06  # of a scale: an empty bar still says that it starts at zero


@dataclass(frozen=True)
class FactRow:
    """A fact beside its target, both as parts of `scale`; without a value only the words stand there."""

    name: str
    detail: str
    value: float | None
    low: float | None
    high: float | None
    target: float | None
    scale: float
    is_told: bool = True


@dataclass(frozen=True)
class Wing:
    """A department between its two wings."""

    name: str
    detail: str
    left: float | None
    left_low: float | None
    left_high: float | None
    right: float | None
    left_words: str = ""
    right_words: str = ""


@dataclass(frozen=True)
class Amount:
    """A signed amount with its interval, its words above it; without a value only the words."""

    name: str
    detail: str
    value: float | None
    low: float | None = None
    high: float | None = None
    is_marked: bool = True


@dataclass(frozen=True)
class Stack:
    """Points of a gap by state of action, in the order of STATE_FILLS."""

    name: str
    detail: str
    points: Sequence[tuple[str, float]]


def facts(rows: Sequence[FactRow]) -> go.Figure:
    """Bars from zero with their intervals, the target as an upright stroke; rows as high as those of the dumbbell."""
    known = [(place + LINE_AT, row) for place, row in enumerate(rows) if row.value is not None]
    aims = [(place + LINE_AT, row) for place, row in enumerate(rows) if row.target is not None]
    return go.Figure(
        data=[
            go.Bar(
                orientation="h",
                y=[place for place, _ in known],
                x=[row.value / row.scale for _, row in known],
                width=0.2,
                marker={"color": [CEM if row.is_told else QUIET for _, row in known], "line": {"width": 0}},
                error_x=errors([(row.value, row.low, row.high, row.scale) for _, row in known]),
                hoverinfo="skip",
            ),
            go.Scatter(
                x=[row.target / row.scale for _, row in aims],
                y=[place for place, _ in aims],
                mode="markers",
                marker={"symbol": "line-ns-open", "size": 18, "color": CRM, "line": {"width": 3.5, "color": CRM}},
                hoverinfo="skip",
                cliponaxis=False,
            ),
        ],
        layout=quiet_layout(ROW * len(rows) + 34, [0, 1.02], [len(rows) - 0.42, -0.58])
        | {
            "margin": {"l": 4, "r": 8, "t": 6, "b": 26},
            "annotations": [two_lines(row.name, row.detail, place + WORDS_AT) for place, row in enumerate(rows)],
        },
    )


def butterfly(rows: Sequence[Wing], sides: tuple[str, str]) -> go.Figure:
    """Two wings of one scale from the middle: left what we think, right what customers live; words above each pair."""
    places = list(range(len(rows)))
    return go.Figure(
        data=[
            go.Bar(
                orientation="h",
                y=[place + LINE_AT for place in places],
                x=[-(row.left or 0) for row in rows],
                width=0.26,
                text=[plain(row.left_words) for row in rows],
                textposition="inside",
                insidetextanchor="start",
                textangle=0,
                insidetextfont={"color": BACKGROUND, "size": NORMAL},
                marker={"color": CRM, "line": {"width": 0}},
                error_x=errors([(-(r.left or 0), minus(r.left_high), minus(r.left_low), 1) for r in rows]),
                hoverinfo="skip",
            ),
            go.Bar(
                orientation="h",
                y=[place + LINE_AT for place in places],
                x=[row.right or 0 for row in rows],
                width=0.26,
                text=[plain(row.right_words) for row in rows],
                textposition="inside",
                insidetextanchor="start",
                textangle=0,
                insidetextfont={"color": BACKGROUND, "size": NORMAL},
                marker={"color": CEM, "line": {"width": 0}},
                hoverinfo="skip",
            ),
        ],
        layout=quiet_layout(ROW * len(rows) + 44, [-10.2, 10.2], [len(rows) - 0.42, -0.58])
        | {
            "barmode": "overlay",
            "margin": {"l": 4, "r": 8, "t": 26, "b": 8},
            "annotations": [
                *(two_lines(row.name, row.detail, place + WORDS_AT) for place, row in enumerate(rows)),
                side(sides[0], -0.2, "right", CRM),
                side(sides[1], 0.2, "left", CEM),
            ],
            "shapes": [upright(0, len(rows))],
        },
    )


def side(name: str, x: float, anchor: str, colour: str) -> dict:
    """Name of a wing, over all rows."""
    return small(f"<b>{plain(name)}</b>", x, 1, colour) | {"yref": "paper", "yanchor": "bottom", "xanchor": anchor}


def minus(value: float | None) -> float | None:
    return None if value is None else -value


def amounts(rows: Sequence[Amount]) -> go.Figure:
    """Signed bars from zero with their intervals, one scale for all."""
    known = [(place + LINE_AT, row) for place, row in enumerate(rows) if row.value is not None]
    least = min([0.0, *(row.value if row.low is None else row.low for _, row in known)])
    most = max([0.0, *(row.value if row.high is None else row.high for _, row in known)])
    room = (most - least) * AT_LEAST or 1.0
    return go.Figure(
        data=[
            go.Bar(
                orientation="h",
                y=[place for place, _ in known],
                x=[row.value for _, row in known],
                width=0.26,
                marker={"color": [CEM if row.is_marked else QUIET for _, row in known], "line": {"width": 0}},
                error_x=errors([(row.value, row.low, row.high, 1) for _, row in known]),
                hoverinfo="skip",
            )
        ],
        layout=quiet_layout(ROW * len(rows) + 16, [least - room * (least < 0), most + room], [len(rows) - 0.42, -0.58])
        | {
            "annotations": [two_lines(row.name, row.detail, place + WORDS_AT) for place, row in enumerate(rows)],
            "shapes": [upright(0, len(rows))],
        },
    )


def stacks(rows: Sequence[Stack]) -> go.Figure:
    """Points of gap by what is being done, on one scale from zero."""
    states = list(STATE_FILLS)
    return go.Figure(
        data=[
            go.Bar(
                orientation="h",
                y=[place + LINE_AT for place in range(len(rows))],
                x=[dict(row.points).get(state, 0.0) for row in rows],
                width=0.26,
                marker={
                    "color": STATE_FILLS[state][0],
                    "opacity": STATE_FILLS[state][1],
                    "pattern": {"shape": STATE_FILLS[state][2]},
                    "line": {"width": 0},
                },
                hoverinfo="skip",
            )
            for state in states
        ],
        layout=quiet_layout(
            ROW * len(rows) + 16,
            [0, max([sum(p for _, p in row.points) for row in rows], default=1.0) * 1.02],
            [len(rows) - 0.42, -0.58],
        )
        | {
            "barmode": "stack",
            "annotations": [two_lines(row.name, row.detail, place + WORDS_AT) for place, row in enumerate(rows)],
        },
    )


def upright(x: float, rows: int) -> dict:
    return {"type": "line", "x0": x, "x1": x, "y0": -0.5, "y1": rows - 0.5, "line": {"color": QUIET, "width": 1}}


def errors(values: Sequence[tuple[float, float | None, float | None, float]]) -> dict:
    """Asymmetric intervals of (value, low, high, scale); none where an end is not known."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [0 if high is None else (high - value) / scale for value, _, high, scale in values],
        "arrayminus": [0 if low is None else (value - low) / scale for value, low, _, scale in values],
        "color": INK,
        "thickness": 1.3,
        "width": 4,
    }


def quiet_layout(height: int, across: Sequence[float], down: Sequence[float]) -> dict:
    """No axis to be seen: what the bars say is written above them."""
    return {
        "height": height,
        "margin": {"l": 4, "r": 8, "t": 6, "b": 8},
        "showlegend": False,
        "dragmode": False,
        "xaxis": {"range": list(across), "visible": False, "fixedrange": True},
        "yaxis": {"range": list(down), "visible": False, "fixedrange": True},
    }
