"""Figures of the outlook: months ahead, what ranks better, whether predictions are exact."""

from collections.abc import Callable, Mapping, Sequence

import plotly.graph_objects as go

from pages.ui.bar_figures import errors
from pages.ui.figures import CEM, CRM, INK, NORMAL, QUIET, SMALL, month_axis, plain, ribbon
from pages.ui.group_figures import Group, colour_of, height_of, one_dot, rows_of_words, span


def ladder(rows: Sequence[tuple[Group, str]], tick: str) -> go.Figure:
    """Numbers of one scale under each other with their intervals, each in the colour of its side."""
    ends = span([edge for group, _ in rows for edge in (group.low, group.high)])
    return go.Figure(
        data=[one_dot(place, group, colour_of(side)) for place, (group, side) in enumerate(rows)],
        layout={
            "height": height_of([group for group, _ in rows]) + 40,
            "margin": {"l": 4, "r": 8, "t": 4, "b": 24},
            "showlegend": False,
            "dragmode": False,
            "xaxis": {
                "range": list(ends),
                "tickformat": tick,
                "tickfont": {"size": SMALL},
                "nticks": 5,
                "fixedrange": True,
                "zeroline": False,
            },
            "yaxis": {"range": [len(rows) - 0.5, -0.6], "visible": False, "fixedrange": True},
            "annotations": rows_of_words([group for group, _ in rows]),
        },
    )


def calibration(sides: Mapping[str, Sequence[tuple[float, float]]], axes: tuple[str, str]) -> go.Figure:
    """Predicted across, observed up; on the diagonal a prediction is exact."""
    top = max((edge for marks in sides.values() for mark in marks for edge in mark), default=1.0) * 1.06
    colours = {"base": (CRM, "circle-open"), "extra": (CEM, "circle")}
    axis = {"range": [0, top], "tickformat": ".0%", "fixedrange": True, "tickfont": {"size": SMALL}, "zeroline": False}
    return go.Figure(
        data=[
            go.Scatter(
                x=[x for x, _ in marks],
                y=[y for _, y in marks],
                mode="markers",
                marker={"size": 9, "color": colours[arm][0], "symbol": colours[arm][1]},
                hoverinfo="skip",
            )
            for arm, marks in sides.items()
        ],
        layout={
            "height": 340,
            "margin": {"l": 48, "r": 8, "t": 8, "b": 44},
            "showlegend": False,
            "dragmode": False,
            "xaxis": axis | {"title": {"text": plain(axes[0]), "font": {"size": NORMAL}}},
            "yaxis": axis | {"title": {"text": plain(axes[1]), "font": {"size": NORMAL}}},
            "shapes": [
                {"type": "line", "x0": 0, "y0": 0, "x1": top, "y1": top, "layer": "below"}
                | {"line": {"color": INK, "width": 1, "dash": "dot"}}
            ],
        },
    )


def ahead(
    facts: Sequence,
    coming: Sequence,
    past: Sequence[Sequence],
    colour: str,
    tick: str,
    hover: Callable,
    kept: Sequence = (),
) -> go.Figure:
    """What happened as a line; what is to come lighter, in its 80 and 95 % intervals; what would have been foretold
    dotted; `kept`: what was foretold, as rings with their 80 % intervals."""
    linked = [*facts[-1:], *coming]
    return go.Figure(
        data=[
            *(
                interval(coming, pair, colour, shade)
                for pair, shade in ((("low", "high"), 0.1), (("low_80", "high_80"), 0.18))
            ),
            *(months(each, colour, {"dash": "dot", "width": 1.5}, 0.7, hover) for each in past),
            months(facts, colour, {"width": 2.5}, 1.0, hover),
            months(linked, colour, {"width": 2.5}, 0.5, hover),
            *([foretold(kept, hover)] if kept else []),
        ],
        layout={
            "height": 300,
            "margin": {"l": 52, "r": 8, "t": 8, "b": 28},
            "showlegend": False,
            "hovermode": "closest",
            "dragmode": False,
            "xaxis": month_axis(6),
            "yaxis": {
                "tickformat": tick,
                "fixedrange": True,
                "tickfont": {"size": SMALL},
                "nticks": 5,
                "zeroline": False,
            },
        },
    )


def months(found: Sequence, colour: str, style: dict, opacity: float, hover: Callable) -> go.Scatter:
    return go.Scatter(
        x=[m.month for m in found],
        y=[m.value for m in found],
        mode="lines",
        line={"color": colour} | style,
        opacity=opacity,
        hovertext=[plain(hover(m)) for m in found],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def foretold(kept: Sequence, hover: Callable) -> go.Scatter:
    return go.Scatter(
        x=[m.month for m in kept],
        y=[m.value for m in kept],
        mode="markers",
        marker={"size": 8, "symbol": "circle-open", "color": QUIET, "line": {"width": 2}},
        error_y=errors([(m.value, m.low_80, m.high_80, 1) for m in kept]) | {"color": QUIET},
        hovertext=[plain(hover(m)) for m in kept],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def interval(found: Sequence, ends: tuple[str, str], colour: str, shade: float) -> go.Scatter:
    low, high = ([getattr(m, end) for m in found] for end in ends)
    return ribbon([m.month for m in found], low, high, colour, shade)


def holdout(found: Sequence, axes: tuple[str, str]) -> go.Figure:
    """Purchases made, with their intervals, and those expected as rings, by repeat purchases before."""
    names = [f"{h.repeats}+" if h is found[-1] else str(h.repeats) for h in found]
    made = [h.made.value for h in found]
    return go.Figure(
        data=[
            go.Bar(
                x=names,
                y=made,
                marker={"color": CRM, "opacity": 0.5},
                error_y=errors([(h.made.value, h.made.low, h.made.high, 1) for h in found]),
                hoverinfo="skip",
            ),
            go.Scatter(
                x=names,
                y=[h.expected for h in found],
                mode="markers",
                marker={"size": 10, "symbol": "circle-open", "color": INK, "line": {"width": 2}},
                hoverinfo="skip",
            ),
        ],
        layout={
            "height": 300,
            "margin": {"l": 48, "r": 8, "t": 8, "b": 44},
            "showlegend": False,
            "dragmode": False,
            "xaxis": {
                "type": "category",
                "fixedrange": True,
                "title": {"text": plain(axes[0]), "font": {"size": NORMAL}},
            },
            "yaxis": {
                "rangemode": "tozero",
                "fixedrange": True,
                "title": {"text": plain(axes[1]), "font": {"size": NORMAL}},
            },
        },
    )
