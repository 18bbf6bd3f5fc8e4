"""An action before and after, where it was done and where it was not, as one plotly Figure."""

from collections.abc import Sequence
from datetime import date

import plotly.graph_objects as go

from pages.ui.figures import CEM, CRM, QUIET, SMALL, month_axis, plain
from pages.ui.gap_figures import small
from pages.ui.handle_time_figures import ROOM, Side, end_words, level, upright
from pages.ui.promise_figures import line

Days = tuple[date, date, date, date]  # before from, before to, after from, after to; ends not included


def before_and_after(
    acted: Side, others: Side, days: Days, expected: float, words: Sequence[str], tick: tuple[str, str]
) -> go.Figure:
    """Months of both sides, their levels over the months compared, those left out shaded.

    Dotted: where those acted on would stand had they only moved as the others did. words: of the upright line, of the
    dotted one, of the shaded months. tick: format and suffix of the values.
    """
    values = [spot.value for spot in (*acted.spots, *others.spots)] + [acted.before, acted.after, expected]
    room = (max(values) - min(values)) * ROOM or 1.0
    height = max(values) - min(values) + 2 * room
    sides = ((others, CRM), (acted, CEM))
    return go.Figure(
        data=[
            line(others.spots, QUIET, "circle", 4, shape="linear", width=1.2),
            line(acted.spots, CEM, "circle", 4, shape="linear", width=1.2),
            *(level(days[0], days[1], side.before, colour, "solid") for side, colour in sides),
            *(level(days[2], days[3], side.after, colour, "solid") for side, colour in sides),
            level(days[2], days[3], expected, CEM, "dot"),
        ],
        layout={
            "height": 320,
            "margin": {"l": 48, "r": 104, "t": 22, "b": 28},
            "showlegend": False,
            "hovermode": "closest",
            "dragmode": False,
            "xaxis": month_axis(6),
            "yaxis": {
                "range": [min(values) - room, max(values) + room],
                "tickformat": tick[0],
                "ticksuffix": tick[1],
                "tickfont": {"size": SMALL},
                "fixedrange": True,
                "zeroline": False,
                "nticks": 5,
                "gridwidth": 0.5,
            },
            "shapes": [left_out(days), upright(days[2])],
            "annotations": [
                small(plain(words[0]), 0, 1) | {"x": days[2], "yref": "paper", "yanchor": "bottom"},
                small(plain(words[2]), 0, 0) | middle_of(days),
                *end_words(acted, others, expected, words[1], height),
            ],
        },
    )


def left_out(days: Days) -> dict:
    """The months in which the action was decided and done."""
    ends = {"x0": days[1], "x1": days[2], "yref": "paper", "y0": 0, "y1": 1}
    return {"type": "rect", **ends, "fillcolor": QUIET, "opacity": 0.15, "line": {"width": 0}, "layer": "below"}


def middle_of(days: Days) -> dict:
    return {"x": days[1] + (days[2] - days[1]) / 2, "yref": "paper", "xanchor": "center", "yanchor": "bottom"}
