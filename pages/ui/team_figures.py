"""Teams by what they are and what their customers live, with the line that goes through them."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from pages.ui.figures import CEM, INK, QUIET, SMALL, plain
from pages.ui.funnel_figures import quiet_axis


def teams(
    spots: Sequence[tuple[float, float, str, int]], axes: tuple[str, str], slope: float, is_told: bool
) -> go.Figure:
    """A dot a team (x, y, name, n), as large as its answers are many; the line of that slope through their middle."""
    x, y, names, n = (list(values) for values in zip(*spots, strict=True))
    largest = max(n)
    return go.Figure(
        data=[
            go.Scatter(
                x=[round(value, 2) for value in x],
                y=[round(value, 2) for value in y],
                mode="markers",
                marker={
                    "color": CEM if is_told else QUIET,
                    "opacity": 0.55,
                    "size": [6 + 12 * (count / largest) ** 0.5 for count in n],
                    "line": {"width": 0},
                },
                customdata=[plain(name) for name in names],
                hovertemplate="%{customdata}: %{x:.1f}, %{y:.1f}<extra></extra>",
            ),
            line(x, y, n, slope, is_told),
        ],
        layout={
            "height": 330,
            "margin": {"l": 44, "r": 8, "t": 8, "b": 44},
            "showlegend": False,
            "dragmode": False,
            "hovermode": "closest",
            "xaxis": quiet_axis(axes[0]) | {"tickfont": {"size": SMALL}, "showgrid": False},
            "yaxis": quiet_axis(axes[1]) | {"tickfont": {"size": SMALL}, "gridwidth": 0.5},
        },
    )


def line(x: Sequence[float], y: Sequence[float], n: Sequence[int], slope: float, is_told: bool) -> go.Scatter:
    """Solid where the slope can be told from none, else dotted."""
    middle = np.average(x, weights=n), np.average(y, weights=n)
    ends = [min(x), max(x)]
    return go.Scatter(
        x=ends,
        y=[float(middle[1] + slope * (end - middle[0])) for end in ends],
        mode="lines",
        line={"color": INK, "width": 1.5, "dash": "solid" if is_told else "dot"},
        hoverinfo="skip",
    )
