"""Figures of hearing: two groups on one line; every unit as a dot in every signal."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from pages.ui.bar_figures import quiet_layout
from pages.ui.figures import CEM, INK, QUIET, SMALL, plain
from pages.ui.gap_figures import LINE_AT, ROW, WORDS_AT, two_lines

STRIP_ROW = 74  # pixels of a signal: two lines of words, its dots
FARTHEST = 12  # standard deviations; dots beyond stand there
NEAREST = -4


@dataclass(frozen=True)
class Pair:
    """Two shares, those of the heard (filled) and of the silent (ring); grey where they cannot be told apart."""

    name: str
    detail: str
    heard: float
    silent: float
    is_told: bool


@dataclass(frozen=True)
class Dot:
    """A unit in a signal; `is_chosen` is drawn large."""

    code: str
    name: str
    distance: float
    is_told: bool
    is_chosen: bool


@dataclass(frozen=True)
class Strip:
    """A signal and all units that could be judged by it; `words` stand above."""

    name: str
    detail: str
    dots: Sequence[Dot]


def pairs(rows: Sequence[Pair]) -> go.Figure:
    """A line from 0 to 100 % a fact, the two groups on it."""
    places = [place + LINE_AT for place in range(len(rows))]
    colours = [CEM if row.is_told else QUIET for row in rows]
    return go.Figure(
        data=[
            go.Scatter(
                x=[value for row in rows for value in (row.heard, row.silent, None)],
                y=[at for place in places for at in (place, place, None)],
                mode="lines",
                line={"color": QUIET, "width": 2},
                hoverinfo="skip",
            ),
            go.Scatter(
                x=[row.heard for row in rows],
                y=places,
                mode="markers",
                marker={"size": 11, "color": colours},
                hoverinfo="skip",
                cliponaxis=False,
            ),
            go.Scatter(
                x=[row.silent for row in rows],
                y=places,
                mode="markers",
                marker={"size": 11, "color": INK, "symbol": "circle-open", "line": {"width": 2}},
                hoverinfo="skip",
                cliponaxis=False,
            ),
        ],
        layout=quiet_layout(ROW * len(rows) + 34, [0, 1.02], [len(rows) - 0.42, -0.58])
        | {
            "margin": {"l": 4, "r": 8, "t": 6, "b": 24},
            "annotations": [two_lines(row.name, row.detail, place + WORDS_AT) for place, row in enumerate(rows)],
            "xaxis": {
                "range": [0, 1.02],
                "tickformat": ".0%",
                "tickfont": {"size": SMALL},
                "fixedrange": True,
                "zeroline": False,
            },
        },
    )


def strips(rows: Sequence[Strip], ends: tuple[str, str]) -> go.Figure:
    """A line a signal, a dot a unit: how far it lies from the others; what chance cannot explain is coloured."""
    dots = [(place + LINE_AT, dot) for place, row in enumerate(rows) for dot in row.dots]
    usual = [(at, d) for at, d in dots if not d.is_told and not d.is_chosen]
    marked = [(at, d) for at, d in dots if d.is_told or d.is_chosen]
    return go.Figure(
        data=[scattered(usual, 7, 0.55), scattered(marked, 13, 1.0)],
        layout=quiet_layout(STRIP_ROW * len(rows) + 40, [NEAREST - 0.3, FARTHEST + 0.4], [len(rows) - 0.42, -0.58])
        | {
            "margin": {"l": 4, "r": 8, "t": 6, "b": 30},
            "clickmode": "event+select",
            "hovermode": "closest",
            "annotations": [
                *(two_lines(row.name, row.detail, place + WORDS_AT) for place, row in enumerate(rows)),
                edge(ends[0], 0, "center"),
                edge(ends[1], FARTHEST + 0.4, "right"),
            ],
            "shapes": [level(len(rows))],
        },
    )


def scattered(dots: Sequence[tuple[float, Dot]], size: int, opacity: float) -> go.Scatter:
    """Told ones filled in the experience colour; the chosen one that is not told, a ring."""
    return go.Scatter(
        x=[min(FARTHEST, max(NEAREST, d.distance)) for _, d in dots],
        y=[at for at, _ in dots],
        mode="markers",
        marker={
            "size": size,
            "opacity": opacity,
            "color": [CEM if d.is_told else INK if d.is_chosen else QUIET for _, d in dots],
            "symbol": ["circle-open" if d.is_chosen and not d.is_told else "circle" for _, d in dots],
            "line": {"width": 2 if size > 10 else 0},
        },
        customdata=[d.code for _, d in dots],
        hovertext=[plain(d.name) for _, d in dots],
        hovertemplate="%{hovertext}<extra></extra>",
        unselected={"marker": {"opacity": opacity}},
        selected={"marker": {"opacity": 1.0}},
        cliponaxis=False,
    )


def edge(text: str, x: float, anchor: str) -> dict:
    place = {"x": x, "xanchor": anchor, "y": 0, "yref": "paper", "yanchor": "top", "showarrow": False}
    return place | {"text": plain(text), "font": {"size": SMALL, "color": INK}}


def level(rows: int) -> dict:
    line = {"color": QUIET, "width": 1, "dash": "dot"}
    return {"type": "line", "x0": 0, "x1": 0, "y0": -0.5, "y1": rows - 0.5, "line": line, "layer": "below"}
