"""A promise as a waterfall that adds up, and over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import plotly.graph_objects as go

from pages.ui.bar_figures import errors
from pages.ui.figures import CEM, CRM, NORMAL, SMALL, month_axis, plain, ribbon
from pages.ui.gap_figures import HATCH, small


@dataclass(frozen=True)
class Step:
    """A column of the waterfall: from `start` to `end`; a level stands on zero. `words` stand over it."""

    name: str
    words: str
    start: float
    end: float
    colour: str
    is_level: bool
    low: float | None = None
    high: float | None = None
    is_never: bool = False


@dataclass(frozen=True)
class Spot:
    """A mark at a moment, with its interval and what the pointer says."""

    at: date
    value: float
    low: float | None
    high: float | None
    hover: str


def waterfall(steps: Sequence[Step]) -> go.Figure:
    """Levels stand on zero, gaps hang between them."""
    return go.Figure(
        data=[
            go.Bar(
                x=[two_lines(step.name) for step in steps],
                y=[0 if step.is_never else step.end - step.start for step in steps],
                base=[step.start for step in steps],
                width=0.62,
                marker={
                    "color": [step.colour for step in steps],
                    "opacity": [1.0 if step.is_level else 0.45 for step in steps],
                    "line": {"width": 0},
                },
                error_y=errors(
                    [(step.end, step.low, step.high, 1) if step.is_level else (0, None, None, 1) for step in steps]
                ),
                hoverinfo="skip",
            ),
            go.Bar(
                x=[two_lines(step.name) for step in steps if step.is_never],
                y=[step.end for step in steps if step.is_never],
                width=0.62,
                marker=HATCH,
                hoverinfo="skip",
            ),
        ],
        layout={
            "height": 340,
            "barmode": "overlay",
            "margin": {"l": 24, "r": 4, "t": 22, "b": 44},
            "showlegend": False,
            "dragmode": False,
            "xaxis": {"fixedrange": True, "tickfont": {"size": SMALL}, "tickangle": 0, "automargin": True},
            "yaxis": {"range": [0, 10], "dtick": 2, "fixedrange": True, "tickfont": {"size": SMALL}, "gridwidth": 0.5},
            "annotations": [over(step) for step in steps if step.words],
        },
    )


def two_lines(text: str) -> str:
    """The last word under the others, so that names fit beside each other on a phone."""
    head, _, tail = plain(text).rpartition(" ")
    return f"{head}<br>{tail}" if head else tail


def over(step: Step) -> dict:
    top = max(step.start, step.end, step.high or 0)
    return small(f"<b>{plain(step.words)}</b>", 0, top, "" if step.is_never else step.colour) | {
        "x": two_lines(step.name),
        "yanchor": "bottom",
        "yshift": 3,
        "font": {"size": NORMAL} | ({} if step.is_never else {"color": step.colour}),
    }


def course(
    lived: Sequence[Spot], thought: Sequence[Spot], wanted: Sequence[Spot], ends: tuple[float, float], height: int = 340
) -> go.Figure:
    """What was lived as a line in its interval; what we think, when asked, as rings; what is wanted as a step."""
    return go.Figure(
        data=[
            *([band(lived)] if lived else ()),
            line(wanted, CRM, "line-ew-open", 10, shape="hv", width=1.5),
            line(lived, CEM, "circle", 6, shape="linear", width=2.5),
            line(thought, CRM, "circle-open", 9, shape="linear", width=0),
        ],
        layout={
            "height": height,
            "margin": {"l": 24, "r": 8, "t": 8, "b": 28},
            "showlegend": False,
            "hovermode": "closest",
            "dragmode": False,
            "xaxis": month_axis(5),
            "yaxis": {
                "range": list(ends),
                "dtick": 1,
                "fixedrange": True,
                "tickfont": {"size": SMALL},
                "gridwidth": 0.5,
            },
        },
    )


def band(spots: Sequence[Spot], colour: str = CEM) -> go.Scatter:
    known = [s for s in spots if s.low is not None and s.high is not None]
    return ribbon([s.at for s in known], [s.low for s in known], [s.high for s in known], colour)


def line(spots: Sequence[Spot], colour: str, symbol: str, size: int, shape: str, width: float) -> go.Scatter:
    return go.Scatter(
        x=[s.at for s in spots],
        y=[s.value for s in spots],
        mode="lines+markers" if width else "markers",
        line={"color": colour, "width": width, "shape": shape},
        marker={"symbol": symbol, "size": size, "color": colour, "line": {"width": 2, "color": colour}},
        error_y=None if width else errors([(s.value, s.low, s.high, 1) for s in spots]) | {"color": colour},
        hovertext=[plain(s.hover) for s in spots],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def fact_course(spots: Sequence[Spot], target: float | None, is_share: bool) -> go.Figure:
    """A fact month by month in its interval, and its target as a dotted line."""
    tops = [end for s in spots for end in (s.high, s.value) if end is not None] + ([] if target is None else [target])
    aim = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": target, "y1": target}
    return go.Figure(
        data=[band(spots), line(spots, CEM, "circle", 5, shape="linear", width=2)],
        layout={
            "height": 240,
            "margin": {"l": 36, "r": 8, "t": 8, "b": 28},
            "showlegend": False,
            "hovermode": "closest",
            "dragmode": False,
            "xaxis": month_axis(5),
            "yaxis": {
                "range": [0, max(tops, default=1.0) * 1.04],
                "fixedrange": True,
                "tickfont": {"size": SMALL},
                "tickformat": ".0%" if is_share else None,
                "nticks": 5,
                "gridwidth": 0.5,
            },
            "shapes": [] if target is None else [aim | {"line": {"color": CRM, "width": 1.5, "dash": "dot"}}],
        },
    )
