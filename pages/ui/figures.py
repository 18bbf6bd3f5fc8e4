"""Figures: numbers in, one plotly Figure out, built in one constructor.

Colours are the placeholders that Streamlit's chart theme replaces in the reader's browser by `chartCategoricalColors`
of .streamlit/config.toml, so that one figure is right in light and in dark. Text that comes from outside (labels of
the configuration, codes of the data) is escaped: plotly renders a subset of HTML, links included.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go

CRM, CEM, QUIET = "#000001", "#000002", "#000003"  # places 1, 2 and 3 of chartCategoricalColors
INK = "#000036"  # of axes and intervals, light on dark and dark on light
TEXT = "#000037"  # of names and numbers; charts' own grey has a contrast of 3.7 with the page, letters need 4.5
SMALL, NORMAL = 11, 13
CORNERS = {  # quadrant -> (CRM side, experience side)
    "unseen_love": (0, 1),
    "healthy": (1, 1),
    "known_risk": (0, 0),
    "silent_risk": (1, 0),
}
STRIP = 17  # room above 100 and below 0 for the labels, in health points


@dataclass(frozen=True)
class QuadrantLabel:
    """Three short lines, so that two stand beside each other on a phone."""

    name: str
    customers: str
    revenue: str


@dataclass(frozen=True)
class Bar:
    """A share with its interval, and the words above it; `is_marked` draws it in the experience colour."""

    name: str
    detail: str
    value: float | None
    low: float | None
    high: float | None
    is_marked: bool = False


def month_axis(n_ticks: int) -> dict:
    """Time from left to right, months in figures: Plotly knows the names of months in English only."""
    looks = {"fixedrange": True, "tickfont": {"size": SMALL}, "showgrid": False}
    return {"type": "date", "tickformat": "%m/%Y", "nticks": n_ticks} | looks


def ribbon(
    at: Sequence, low: Sequence[float], high: Sequence[float], colour: str = CEM, opacity: float = 0.18
) -> go.Scatter:
    """The room between two courses."""
    return go.Scatter(
        x=[*at, *reversed(at)],
        y=[*high, *reversed(low)],
        fill="toself",
        fillcolor=colour,
        opacity=opacity,
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
    )


def plain(text: str) -> str:
    """Text as text: no tag, no link, no line break of its own."""
    return escape(text.replace("\n", " "), quote=False)


def apart(values: Sequence[float], least: float) -> list[float]:
    """The same places, in their order, none nearer to the next than `least`; from the lowest up."""
    found, last = [0.0] * len(values), -1e9
    for place in sorted(range(len(values)), key=lambda k: values[k]):
        last = max(values[place], last + least)
        found[place] = last
    return found


def blind_spot(
    points: Sequence[tuple[float, float, str]],
    cuts: tuple[float, float],
    labels: dict[str, QuadrantLabel],
    axes: tuple[str, str],
    hover: str,
) -> go.Figure:
    """A dot a customer (crm, cem, quadrant); silent risk shaded; labels stand in strips where no dot can be.

    `hover` has the holes {crm} and {cem}.
    """
    text = plain(hover).format(crm="%{x:.0f}", cem="%{y:.0f}") + "<extra></extra>"
    return go.Figure(
        data=[dots(points, text, is_silent=False), dots(points, text, is_silent=True)],
        layout={
            "height": 430,
            "margin": {"l": 36, "r": 8, "t": 8, "b": 40},
            "showlegend": False,
            "hovermode": "closest",
            "dragmode": False,
            "xaxis": health_axis(axes[0], [-2, 102]),
            "yaxis": health_axis(axes[1], [-STRIP, 100 + STRIP]),
            "shapes": [*silent_area(cuts), *cut_lines(cuts)],
            "annotations": [corner(CORNERS[code], label, code) for code, label in labels.items()],
        },
    )


def dots(points: Sequence[tuple[float, float, str]], text: str, is_silent: bool) -> go.Scatter:
    shown = [p for p in points if (p[2] == "silent_risk") == is_silent]
    return go.Scatter(
        x=[round(p[0], 1) for p in shown],
        y=[round(p[1], 1) for p in shown],
        mode="markers",
        marker={
            "color": CEM if is_silent else QUIET,
            "size": 6 if is_silent else 5,
            "opacity": 0.9 if is_silent else 0.6,
        },
        hovertemplate=text,
    )


def health_axis(title: str, ends: list[float]) -> dict:
    return {
        "title": {"text": plain(title), "font": {"size": SMALL}, "standoff": 6},
        "range": ends,
        "tickvals": [0, 50, 100],
        "tickfont": {"size": SMALL},
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def silent_area(cuts: tuple[float, float]) -> list[dict]:
    box = {"type": "rect", "x0": cuts[0], "x1": 102, "y0": -STRIP, "y1": cuts[1]}
    return [box | {"fillcolor": CEM, "opacity": 0.10, "line": {"width": 0}, "layer": "below"}]


def cut_lines(cuts: tuple[float, float]) -> list[dict]:
    line = {"type": "line", "line": {"color": QUIET, "width": 1}, "layer": "below"}
    return [
        line | {"x0": cuts[0], "x1": cuts[0], "y0": -STRIP, "y1": 100 + STRIP},
        line | {"x0": -2, "x1": 102, "y0": cuts[1], "y1": cuts[1]},
    ]


def corner(place: tuple[int, int], label: QuadrantLabel, code: str) -> dict:
    """Name and size of a quadrant in its outer corner."""
    right, top = place
    colour = {"color": CEM} if code == "silent_risk" else {}
    return {
        "text": "<br>".join(
            [f"<b>{plain(label.name)}</b>", *filter(None, [plain(label.customers), plain(label.revenue)])]
        ),
        "x": 102 if right else -2,
        "xanchor": "right" if right else "left",
        "y": 100 + STRIP if top else -STRIP,
        "yanchor": "top" if top else "bottom",
        "align": "right" if right else "left",
        "showarrow": False,
        "font": {"size": SMALL} | colour,
    }


def shares(bars: Sequence[Bar], height_of_one: int = 76) -> go.Figure:
    """Horizontal bars from zero with their intervals; each bar's words stand above it, so they fit any width."""
    rows = [(row, bar) for row, bar in enumerate(bars) if bar.value is not None]
    known = [bar for _, bar in rows]
    top = max((b.high for b in known), default=1.0)
    return go.Figure(
        data=[
            go.Bar(
                orientation="h",
                y=[row for row, _ in rows],
                x=[b.value for b in known],
                width=0.26,
                marker={"color": [CEM if b.is_marked else CRM for b in known], "opacity": 0.5},
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "array": [b.high - b.value for b in known],
                    "arrayminus": [b.value - b.low for b in known],
                    "color": INK,
                    "thickness": 1.5,
                    "width": 5,
                },
                hoverinfo="skip",
            )
        ],
        layout={
            "height": height_of_one * len(bars) + 12,
            "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
            "showlegend": False,
            "dragmode": False,
            "xaxis": {"range": [0, top * 1.04], "visible": False, "fixedrange": True},
            "yaxis": {"range": [len(bars) - 0.55, -0.75], "visible": False, "fixedrange": True},
            "annotations": [above(i, b) for i, b in enumerate(bars)],
        },
    )


def above(row: int, bar: Bar) -> dict:
    colour = {"color": CEM} if bar.is_marked else {}
    return {
        "text": f"<b>{plain(bar.name)}</b><br>{plain(bar.detail)}",
        "x": 0,
        "xanchor": "left",
        "xref": "paper",
        "y": row - 0.16,
        "yanchor": "bottom",
        "showarrow": False,
        "align": "left",
        "font": {"size": NORMAL} | colour,
    }
