"""Two columns of groups crossed: a field each, its shade and its number."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from pages.ui.figures import INK, NORMAL, TEXT, plain
from pages.ui.gap_figures import BACKGROUND

SHADES = [[step / 9, f"#0000{11 + step}"] for step in range(10)]  # chartSequentialColors of .streamlit/config.toml
STRONG = 0.6  # of the shades, from which words must be as the page behind


@dataclass(frozen=True)
class Cell:
    """Where two groups cross: the number (None when not shown), its words; `is_told` false leaves it unshaded."""

    column: str
    row: str
    value: float | None
    text: str
    hover: str
    code: str
    is_told: bool = True


def crossed(cells: Sequence[Cell], columns: Sequence[str], rows: Sequence[str], chosen: str = "") -> go.Figure:
    """Two columns crossed; unseen marks over the fields take the click, which a heatmap itself does not give.

    chosen: code of the field that is framed.
    """
    found = {(c.column, c.row): c for c in cells}
    grid = [[found.get((column, row)) for column in columns] for row in rows]
    return go.Figure(
        data=[
            go.Heatmap(
                x=list(range(len(columns))),
                y=list(range(len(rows))),
                z=[[cell.value if cell and cell.is_told else None for cell in cells] for cells in grid],
                colorscale=SHADES,
                showscale=False,
                xgap=3,
                ygap=3,
                hoverinfo="skip",
            ),
            go.Scatter(
                x=[columns.index(c.column) for c in cells],
                y=[rows.index(c.row) for c in cells],
                mode="markers",
                marker={"size": 34, "opacity": 0, "symbol": "square"},
                customdata=[c.code for c in cells],
                hovertext=[plain(c.hover) for c in cells],
                hovertemplate="%{hovertext}<extra></extra>",
                unselected={"marker": {"opacity": 0}},
                selected={"marker": {"opacity": 0.3}},
            ),
        ],
        layout={
            "height": 52 * len(rows) + 50,
            "margin": {"l": 4, "r": 4, "t": 28, "b": 4},
            "dragmode": False,
            "hovermode": "closest",
            "clickmode": "event+select",
            "xaxis": named_axis(columns)
            | {"side": "top", "range": [-0.5, len(columns) - 0.5], "autotickangles": [0, -90]},
            "yaxis": named_axis(rows) | {"range": [len(rows) - 0.5, -0.5]},
            "shapes": [frame(columns.index(c.column), rows.index(c.row)) for c in cells if c.code == chosen],
            "annotations": [field_words(c, columns.index(c.column), rows.index(c.row), shades(cells)) for c in cells],
        },
    )


def frame(x: int, y: int) -> dict:
    edges = {"x0": x - 0.48, "x1": x + 0.48, "y0": y - 0.48, "y1": y + 0.48}
    return {"type": "rect", **edges, "line": {"color": INK, "width": 2.5}, "layer": "above"}


def named_axis(names: Sequence[str]) -> dict:
    places = {"tickvals": list(range(len(names))), "ticktext": [plain(name) for name in names]}
    return places | {"fixedrange": True, "showgrid": False, "zeroline": False, "automargin": True}


def shades(cells: Sequence[Cell]) -> tuple[float, float]:
    known = [c.value for c in cells if c.value is not None and c.is_told] or [0.0]
    return min(known), max(known)


def field_words(cell: Cell, x: int, y: int, ends: tuple[float, float]) -> dict:
    """The number in its field: dark on pale, pale on strong, in light and in dark alike."""
    if cell.value is None or not cell.is_told:
        colour = INK
    else:
        is_strong = ends[1] > ends[0] and (cell.value - ends[0]) / (ends[1] - ends[0]) > STRONG
        colour = BACKGROUND if is_strong else TEXT
    return {"text": plain(cell.text), "x": x, "y": y, "showarrow": False, "font": {"size": NORMAL, "color": colour}}
