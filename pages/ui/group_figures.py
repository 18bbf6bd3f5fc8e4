"""Figures of groups compared: one line with an interval each, trends side by side, two columns crossed, a funnel."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from pages.ui.figures import CEM, CRM, INK, NORMAL, QUIET, SMALL, month_axis, plain
from pages.ui.gap_figures import BACKGROUND
from pages.ui.promise_figures import Spot, band, line

ROW, TALL_ROW = 46, 62  # pixels of a group: its words on one line or on two, its interval
LONGEST = 54  # letters that a phone has room for on one line
WORDS_AT, LINE_AT = -0.24, 0.2  # places inside a row of height 1
ROOM = 0.06  # of the scale, left free at both ends
HEAD = 0.014  # of the scale, the length of an arrowhead
NARROW = 0.08  # of a scale of shares: below it, ticks chosen freely would be written alike


@dataclass(frozen=True)
class Group:
    """A group's number and interval with the words above it; without a value only the words. `code` is what a click
    chooses; `is_told` false draws it grey."""

    code: str
    name: str
    detail: str
    value: float | None
    low: float | None
    high: float | None
    is_told: bool = True


def colour_of(side: str) -> str:
    return CEM if side == "cem" else CRM


def span(values: Sequence[float | None]) -> tuple[float, float]:
    """Both ends of a scale that holds the values, with room at the sides."""
    known = [value for value in values if value is not None] or [0.0, 1.0]
    room = (max(known) - min(known)) * ROOM or abs(known[0]) * ROOM or 1.0
    return min(known) - room, max(known) + room


def forest(
    groups: Sequence[Group],
    whole: float | None,
    side: str,
    tick: str,
    is_open: bool,
    ends: tuple[float, float] | None = None,
) -> go.Figure:
    """A dot with its interval for each group, the upright line is the whole; `is_open`: a click leads into a group.

    `ends`: of the scale; without them it holds the whole and what can be told.
    """
    is_any_told = any(g.is_told for g in groups)
    told = [edge for g in groups for edge in ((g.value,) if is_any_told and not g.is_told else (g.low, g.high))]
    ends = ends or span([whole, *told])
    known = [(place, g) for place, g in enumerate(groups) if g.value is not None]
    colours = [colour_of(side) if g.is_told else QUIET for _, g in known]
    return go.Figure(
        data=[
            click_field(groups, ends) if is_open else go.Bar(),
            *(one_dot(p, g, c) for (p, g), c in zip(known, colours, strict=True)),
        ],
        layout={
            "height": height_of(groups) + 40,
            "margin": {"l": 4, "r": 8, "t": 4, "b": 24},
            "showlegend": False,
            "dragmode": False,
            "clickmode": "event+select",
            "hovermode": "closest",
            "xaxis": {
                "range": list(ends),
                "tickfont": {"size": SMALL},
                "fixedrange": True,
                "zeroline": False,
                **steps(ends, tick),
            },
            "yaxis": {"range": [len(groups) - 0.5, -0.6], "visible": False, "fixedrange": True},
            "shapes": [
                *([] if whole is None else [upright(whole, len(groups))]),
                *(head for (p, g), c in zip(known, colours, strict=True) for head in beyond(p, g, c, ends)),
            ],
            "annotations": rows_of_words(groups),
        },
    )


def beyond(place: int, group: Group, colour: str, ends: tuple[float, float]) -> list[dict]:
    """An arrowhead at the edge where an interval goes on: wide ones that tell nothing do not set the scale."""
    outside = [(ends[0], 1)] if group.low is not None and group.low < ends[0] else []
    outside += [(ends[1], -1)] if group.high is not None and group.high > ends[1] else []
    y, long = place + LINE_AT, (ends[1] - ends[0]) * HEAD
    return [
        {
            "type": "path",
            "path": f"M {tip} {y} L {tip + way * long} {y - 0.1} L {tip + way * long} {y + 0.1} Z",
            "fillcolor": colour,
            "line": {"width": 0},
        }
        for tip, way in outside
    ]


def steps(ends: tuple[float, float], tick: str) -> dict:
    """Ticks of an axis: whole percents at the finest where the numbers are written so, none twice."""
    is_narrow = tick == ".0%" and ends[1] - ends[0] < NARROW
    return {"tickformat": tick} | ({"dtick": 0.01} if is_narrow else {})


def one_dot(place: int, group: Group, colour: str) -> go.Scatter:
    has_interval = None not in (group.low, group.high)
    return go.Scatter(
        x=[group.value],
        y=[place + LINE_AT],
        mode="markers",
        marker={"size": 10, "color": colour},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [group.high - group.value if has_interval else 0],
            "arrayminus": [group.value - group.low if has_interval else 0],
            "color": colour,
            "thickness": 2,
            "width": 0,
        },
        hoverinfo="skip",
        cliponaxis=False,
    )


def click_field(groups: Sequence[Group], ends: tuple[float, float]) -> go.Bar:
    """An unseen bar behind each row that takes the click."""
    return go.Bar(
        orientation="h",
        y=list(range(len(groups))),
        base=[ends[0]] * len(groups),
        x=[ends[1] - ends[0]] * len(groups),
        width=0.98,
        customdata=[g.code for g in groups],
        hovertext=[plain(g.name) for g in groups],
        hovertemplate="%{hovertext}<extra></extra>",
        marker={"color": QUIET, "opacity": 0.0},
        unselected={"marker": {"opacity": 0.0}},
        selected={"marker": {"opacity": 0.12}},
    )


def upright(x: float, rows: int) -> dict:
    line = {"color": INK, "width": 1, "dash": "dot"}
    return {"type": "line", "x0": x, "x1": x, "y0": -0.55, "y1": rows - 0.5, "line": line, "layer": "below"}


def are_long(groups: Sequence[Group]) -> bool:
    """Whether words of one of them are too long for a phone's line."""
    return any(len(f"{g.name}  {g.detail}") > LONGEST for g in groups)


def height_of(groups: Sequence[Group]) -> int:
    """Pixels of all rows."""
    return (TALL_ROW if are_long(groups) else ROW) * len(groups)


def rows_of_words(groups: Sequence[Group]) -> list[dict]:
    """The words of every row, on two lines in all of them where those of one need it."""
    is_tall = are_long(groups)
    return [words(place, group, is_tall) for place, group in enumerate(groups)]


def words(place: int, group: Group, is_tall: bool) -> dict:
    """Name and numbers above the interval, under each other in tall rows."""
    return {
        "text": f"<b>{plain(group.name)}</b>{'<br>' if is_tall else '  '}{plain(group.detail)}",
        "align": "left",
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "y": place + WORDS_AT,
        "yanchor": "middle",
        "showarrow": False,
        "font": {"size": NORMAL},
        "bgcolor": BACKGROUND,
        "borderpad": 1,
    }


def trend(spots: Sequence[Spot], whole: Sequence[Spot], ends: tuple[float, float], side: str, tick: str) -> go.Figure:
    """One group's months in their intervals, the whole as a grey line; scale `ends`."""
    colour = colour_of(side)
    return go.Figure(
        data=[
            band(spots, colour),
            go.Scatter(
                x=[s.at for s in whole],
                y=[s.value for s in whole],
                mode="lines",
                line={"color": QUIET, "width": 1.5},
                hoverinfo="skip",
            ),
            line(spots, colour, "circle", 5, shape="linear", width=2),
        ],
        layout={
            "height": 190,
            "margin": {"l": 40, "r": 6, "t": 6, "b": 24},
            "showlegend": False,
            "dragmode": False,
            "xaxis": month_axis(3),
            "yaxis": {
                "range": list(ends),
                "tickformat": tick,
                "tickfont": {"size": SMALL},
                "nticks": 5,
                "fixedrange": True,
                "zeroline": False,
            },
        },
    )
