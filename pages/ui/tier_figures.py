"""Measures one under the other, each a few value tiers on one scale for all: upright rows of dots are equality."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from pages.ui.figures import CEM, NORMAL, QUIET, SMALL, plain

LINE, HEAD = 19, 46  # pixels of a tier, and of a measure's two lines of words
SCALE = (0.19, 0.79)  # part of the width that the scale takes, between the tiers' names and their numbers
LEAST = 0.1  # half of the scale, at least


@dataclass(frozen=True)
class TierMark:
    """A tier: name, number as words, and where it stands on the common scale, 0 being everybody."""

    name: str
    words: str
    at: float
    low: float
    high: float


@dataclass(frozen=True)
class Block:
    """A measure: name, what there is to say of it, its tiers from low to high; `differs` gives it its colour."""

    name: str
    detail: str
    tiers: Sequence[TierMark]
    differs: bool


def blocks(rows: Sequence[Block], tick: str, widest: float) -> go.Figure:
    """`widest`: half of the scale at most; an interval that is wider runs out of the figure."""
    half = min(widest, max([LEAST * widest, *(max(-t.low, t.high) for row in rows for t in row.tiers)]))
    places, heads, height = laid_out(rows)
    return go.Figure(
        data=[one_block(row, spots) for row, spots in zip(rows, places, strict=True)],
        layout={
            "height": height + 34,
            "margin": {"l": 2, "r": 2, "t": 2, "b": 32},
            "showlegend": False,
            "dragmode": False,
            "hovermode": False,
            "xaxis": {
                "domain": list(SCALE),
                "range": [-half * 1.04, half * 1.04],
                "tickformat": tick,
                "tickfont": {"size": SMALL},
                "nticks": 5,
                "fixedrange": True,
                "zeroline": False,
                "showgrid": False,
            },
            "yaxis": {"range": [height, 0], "visible": False, "fixedrange": True},
            "shapes": [everybody(spots) for spots in places],
            "annotations": [
                *(head(row, y) for row, y in zip(rows, heads, strict=True)),
                *(a for row, spots in zip(rows, places, strict=True) for a in beside(row, spots)),
            ],
        },
    )


def laid_out(rows: Sequence[Block]) -> tuple[list[list[float]], list[float], float]:
    """Pixels from the top: of each tier's line, of each block's words, and of everything."""
    places, heads, y = [], [], 0.0
    for row in rows:
        heads.append(y)
        places.append([y + HEAD + LINE * (i + 0.5) for i in range(len(row.tiers))])
        y += HEAD + LINE * len(row.tiers) + 8
    return places, heads, y


def one_block(row: Block, spots: Sequence[float]) -> go.Scatter:
    colour = CEM if row.differs else QUIET
    return go.Scatter(
        x=[tier.at for tier in row.tiers],
        y=list(spots),
        mode="markers",
        marker={"size": 9, "color": colour},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [tier.high - tier.at for tier in row.tiers],
            "arrayminus": [tier.at - tier.low for tier in row.tiers],
            "color": colour,
            "thickness": 2,
            "width": 0,
        },
        hoverinfo="skip",
    )


def everybody(spots: Sequence[float]) -> dict:
    line = {"color": QUIET, "width": 1, "dash": "dot"}
    ends = {"y0": spots[0] - LINE / 2, "y1": spots[-1] + LINE / 2}
    return {"type": "line", "x0": 0, "x1": 0, "line": line, "layer": "below"} | ends


def head(row: Block, y: float) -> dict:
    words = f"<b>{plain(row.name)}</b><br><span style='font-size:{SMALL}px'>{plain(row.detail)}</span>"
    return beside_at(words, 0, y + HEAD / 2 + 3, "left") | {"align": "left"}


def beside(row: Block, spots: Sequence[float]) -> list[dict]:
    """The tier's name before its line, its number after it."""
    found = []
    for tier, y in zip(row.tiers, spots, strict=True):
        found.append(beside_at(plain(tier.name), SCALE[0] - 0.02, y, "right"))
        found.append(beside_at(plain(tier.words), 1, y, "right"))
    return found


def beside_at(text: str, x: float, y: float, anchor: str) -> dict:
    return {
        "text": text,
        "x": x,
        "xref": "paper",
        "xanchor": anchor,
        "y": y,
        "yanchor": "middle",
        "showarrow": False,
        "font": {"size": NORMAL},
    }
