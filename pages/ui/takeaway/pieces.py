"""A panel too tall for one slide, in pieces that are not."""

import math
from collections.abc import Iterator
from dataclasses import replace

from pages.ui.takeaway.marks import chosen
from pages.ui.takeaway.panels import Panel, Series, Words

TALLEST = 500  # pixels of the screen that one slide holds
MOST_BARS, MOST_ROWS = 11, 14


def pages_of(panel: Panel) -> list[Panel]:
    """The panel itself when it fits."""
    if panel.kind == "rows":
        return list(bars_in_pieces(panel))
    heads = [w for w in panel.words if w.is_head]
    count = math.ceil(len(heads) / MOST_ROWS if panel.is_list else panel.height / TALLEST)
    if panel.kind != "points" or count < 2 or len(heads) < 2 * count:
        return [panel]
    return list(rows_in_pieces(panel, sorted(heads, key=lambda w: w.y), count))


def bars_in_pieces(panel: Panel) -> Iterator[Panel]:
    total = len(panel.categories)
    count = math.ceil(total / MOST_BARS) or 1
    size = math.ceil(total / count) if total else 0
    for start in range(0, max(total, 1), size or 1):
        keep = range(start, min(total, start + size))
        series = tuple(chosen(s, keep) for s in panel.series)
        yield replace(panel, series=series, categories=tuple(panel.categories[i] for i in keep))


def rows_in_pieces(panel: Panel, heads: list[Words], count: int) -> Iterator[Panel]:
    """Cut between rows: each piece has the same height of the plot as any other, the last may have less in it."""
    size = math.ceil(len(heads) / count)
    step = (heads[-1].y - heads[0].y) / (len(heads) - 1)
    for start in range(0, len(heads), size):
        top = heads[start].y - step / 4 if start else 0.0
        end = heads[start + size].y - step / 4 if start + size < len(heads) else 1.0
        high, low = (panel.y.high - cut * (panel.y.high - panel.y.low) for cut in (top, end))
        axis = replace(panel.y, low=low, high=high)
        words = tuple(replace(w, y=(w.y - top) / (end - top)) for w in panel.words if top <= w.y < end)
        series = tuple(
            chosen(s, [i for i, y in enumerate(s.y) if y is None or low <= y <= high]) if not is_line(s) else s
            for s in panel.series
        )
        yield replace(panel, y=axis, words=words, series=tuple(s for s in series if any(v is not None for v in s.y)))


def is_line(series: Series) -> bool:
    """An upright line through all rows."""
    return bool(series.width) and len(series.x) == 2
