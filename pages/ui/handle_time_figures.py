"""Figures of the page on handle time: numbers and finished words in, one plotly Figure out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import plotly.graph_objects as go

from pages.ui.bar_figures import errors
from pages.ui.figures import CEM, CRM, INK, NORMAL, QUIET, SMALL, apart, month_axis, plain
from pages.ui.gap_figures import small
from pages.ui.promise_figures import Spot, band, line

ROOM = 0.05  # of the scale, free above and below
MOST_LABELS = 16
LETTER, LINE = 0.027, 0.05  # of the scales on a phone, the narrowest: a letter across, a line up
RIGHTMOST = 0.7  # of the scale, from which names stand on the left of their dots


@dataclass(frozen=True)
class Side:
    """The months of the team or of those compared, its level before and after, and the words at its line's end."""

    spots: Sequence[Spot]
    before: float
    after: float
    name: str


@dataclass(frozen=True)
class Place:
    """A group in the plane of handle time and repeats: (value, low, high) on each axis; grey unless told."""

    name: str
    seconds: tuple[float, float, float]
    repeats: tuple[float, float, float]
    hover: str
    is_told: bool = True


def before_and_after(
    team: Side, others: Side, day: date, expected: float, words: Sequence[str], tick: str
) -> go.Figure:
    """Months of both sides, their levels before and after `day`, and where the team would stand had it only moved as
    the others did (dotted). words: of the upright line and of the dotted one."""
    every = [*team.spots, *others.spots]
    tops = [spot.value for spot in every] + [edge for s in team.spots for edge in (s.low, s.high) if edge is not None]
    tops += [team.before, team.after, expected]
    room = (max(tops) - min(tops)) * ROOM or 1.0
    first, last = min(s.at for s in every), max(s.at for s in every)
    return go.Figure(
        data=[
            band(team.spots),
            line(others.spots, QUIET, "circle", 4, shape="linear", width=1.2),
            line(team.spots, CEM, "circle", 4, shape="linear", width=1.2),
            *(level(first, day, s.before, c, "solid") for s, c in ((others, CRM), (team, CEM))),
            *(level(day, last, s.after, c, "solid") for s, c in ((others, CRM), (team, CEM))),
            level(day, last, expected, CEM, "dot"),
        ],
        layout={
            "height": 300,
            "margin": {"l": 44, "r": 112, "t": 22, "b": 28},
            "showlegend": False,
            "hovermode": "closest",
            "dragmode": False,
            "xaxis": month_axis(6),
            "yaxis": {
                "range": [min(tops) - room, max(tops) + room],
                "tickformat": tick,
                "ticksuffix": "" if "%" in tick else " s",
                "tickfont": {"size": SMALL},
                "fixedrange": True,
                "zeroline": False,
                "nticks": 5,
                "gridwidth": 0.5,
            },
            "shapes": [upright(day)],
            "annotations": [
                small(plain(words[0]), 0, 1) | {"x": day, "yref": "paper", "yanchor": "bottom"},
                *end_words(team, others, expected, words[1], max(tops) - min(tops) + 2 * room),
            ],
        },
    )


def end_words(team: Side, others: Side, expected: float, dotted: str, height: float) -> list[dict]:
    """Names of the levels beside their right ends, moved up where they would lie on each other."""
    rows = [(team.after, team.name, CEM), (expected, dotted, CEM), (others.after, others.name, CRM)]
    return [
        small(plain(name), 1, y, colour) | {"xref": "paper", "xanchor": "left", "xshift": 6}
        for (_, name, colour), y in zip(rows, apart([row[0] for row in rows], 0.065 * height), strict=True)
    ]


def level(start: date, end: date, value: float, colour: str, dash: str) -> go.Scatter:
    return go.Scatter(
        x=[start, end],
        y=[value, value],
        mode="lines",
        line={"color": colour, "width": 3 if dash == "solid" else 2, "dash": dash},
        hoverinfo="skip",
    )


def upright(day: date) -> dict:
    line_ = {"color": INK, "width": 1, "dash": "dot"}
    return {"type": "line", "x0": day, "x1": day, "yref": "paper", "y0": 0, "y1": 1, "line": line_, "layer": "below"}


def plane(places: Sequence[Place], axes: tuple[str, str]) -> go.Figure:
    """Median handle time across, repeats up, each with its interval; names beside the dots. Both axes from zero."""
    right = max((p.seconds[2] for p in places), default=1.0) * 1.18
    top = max((p.repeats[2] for p in places), default=0.1) * 1.08
    colours = [CEM if p.is_told else QUIET for p in places]
    return go.Figure(
        data=[
            go.Scatter(
                x=[p.seconds[0]],
                y=[p.repeats[0]],
                mode="markers",
                marker={"size": 10, "color": colour},
                error_x=errors([(*p.seconds, 1)]) | {"color": colour, "width": 0},
                error_y=errors([(*p.repeats, 1)]) | {"color": colour, "width": 0},
                hovertext=[plain(p.hover)],
                hovertemplate="%{hovertext}<extra></extra>",
            )
            for p, colour in zip(places, colours, strict=True)
        ],
        layout={
            "height": 380,
            "margin": {"l": 48, "r": 8, "t": 8, "b": 44},
            "showlegend": False,
            "hovermode": "closest",
            "dragmode": False,
            "xaxis": axis(axes[0], [0, right], ",.0f") | {"ticksuffix": " s"},
            "yaxis": axis(axes[1], [0, top], ".0%"),
            "annotations": names_beside(places[:MOST_LABELS], right, top),
        },
    )


def names_beside(places: Sequence[Place], right: float, top: float) -> list[dict]:
    """Names beside their dots, on the left where the right end of the scale is near; moved up where they would lie on
    one another."""
    found: list[dict] = []
    taken: list[tuple[float, float, float]] = []  # from, to across; height
    for place in sorted(places, key=lambda place: place.repeats[0]):
        x, y, long = place.seconds[0], place.repeats[0], LETTER * len(place.name) * right
        is_left = x > RIGHTMOST * right
        start, end = (x - long, x) if is_left else (x, x + long)
        y = max([y, *(h + LINE * top for s, e, h in taken if s < end and e > start)])
        taken.append((start, end, y))
        side, shift = ("right", -6) if is_left else ("left", 6)
        beside = {"xanchor": side, "yanchor": "bottom", "xshift": shift, "yshift": 2, "font": {"size": NORMAL}}
        found.append(small(plain(place.name), x, y) | beside)
    return found


def axis(title: str, ends: Sequence[float], tick: str) -> dict:
    return {
        "title": {"text": plain(title), "font": {"size": SMALL}, "standoff": 6},
        "range": list(ends),
        "tickformat": tick,
        "tickfont": {"size": SMALL},
        "fixedrange": True,
        "zeroline": False,
        "gridwidth": 0.5,
    }


def dots_up(spots: Sequence[tuple[str, float, float, float, str]], title: str, is_joined: bool) -> go.Figure:
    """Rates from zero over named places in order (name, value, low, high, hover), joined when they are one course."""
    return go.Figure(
        data=[
            go.Scatter(
                x=list(range(len(spots))),
                y=[s[1] for s in spots],
                mode="lines+markers" if is_joined else "markers",
                line={"color": CEM, "width": 2},
                marker={"size": 9, "color": CEM},
                error_y=errors([(*s[1:4], 1) for s in spots]) | {"color": CEM, "width": 0},
                hovertext=[plain(s[4]) for s in spots],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        ],
        layout={
            "height": 300,
            "margin": {"l": 44, "r": 8, "t": 8, "b": 44},
            "showlegend": False,
            "hovermode": "closest",
            "dragmode": False,
            "xaxis": axis(title, [-0.5, len(spots) - 0.5], "")
            | {
                "tickvals": list(range(len(spots))),
                "ticktext": [plain(s[0]) if i % 3 == 0 else "" for i, s in enumerate(spots)],
                "showgrid": False,
            },
            "yaxis": axis("", [0, max((s[3] for s in spots), default=0.1) * 1.06], ".0%"),
        },
    )


def curves(
    rows: Sequence[tuple[str, bool, Sequence[tuple[float, float, float, float]]]], days: Sequence[int], title: str
) -> go.Figure:
    """Share come back within so many days: a line a group (name, whether it is the whole, (day, value, low, high))."""
    top = max((spot[3] for _, _, spots in rows for spot in spots), default=0.1) * 1.08
    names = [(name, is_whole, spots[-1]) for name, is_whole, spots in rows if spots]
    heights = apart([last[1] for _, _, last in names], 0.045 * top)
    return go.Figure(
        data=[
            go.Scatter(
                x=[s[0] for s in spots],
                y=[s[1] for s in spots],
                mode="lines+markers",
                line={"color": CEM if is_whole else QUIET, "width": 3 if is_whole else 1.5},
                marker={"size": 8 if is_whole else 6},
                error_y=errors([(*s[1:], 1) for s in spots]) | {"color": CEM if is_whole else QUIET, "width": 0},
                hoverinfo="skip",
            )
            for _, is_whole, spots in rows
        ],
        layout={
            "height": 380,
            "margin": {"l": 44, "r": 8, "t": 8, "b": 44},
            "showlegend": False,
            "dragmode": False,
            "xaxis": axis(title, [0, days[-1] * 1.28], "") | {"tickvals": list(days), "showgrid": False},
            "yaxis": axis("", [0, top], ".0%"),
            "annotations": [
                small(plain(name), last[0], y, CEM if is_whole else "")
                | {"xanchor": "left", "xshift": 8, "font": {"size": NORMAL} | ({"color": CEM} if is_whole else {})}
                for (name, is_whole, last), y in zip(names, heights, strict=True)
            ],
        },
    )
