"""The small line of a tile: months in order, as a path of SVG (browser/tiles.js draws it).

Not `chart_data` of st.metric: each such line is a Vega chart of its own, and the twelve of a page took a third of the
browser's time at every change (docs/scale.md).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

WIDTH, HEIGHT, EDGE = 150, 44, 4  # pixels
Place = tuple[float, float]


@dataclass(frozen=True)
class Sparkline:
    """`path` and `last`, the place of the last value, in pixels from the top left; `alt`: the line in words."""

    path: str
    last: Place
    tone: str
    alt: str
    width: int = WIDTH
    height: int = HEIGHT


@lru_cache(maxsize=2000)
def sparkline(values: tuple[float | None, ...], tone: str, alt: str) -> Sparkline | None:
    """None where fewer than two values are known. A month without a value is a gap, one alone between gaps a point."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    places = list(placed(values, min(known), max(known)))
    steps = (step(before, place) for before, place in pairwise([None, *places]) if place)
    return Sparkline("".join(steps), next(place for place in reversed(places) if place), tone, alt)


def step(before: Place | None, place: Place) -> str:
    """A line from the month before, or a beginning, which is a point by itself."""
    x, y = place
    return f"L{x} {y}" if before else f"M{x} {y}h0"


def placed(values: Sequence[float | None], low: float, high: float) -> Iterator[Place | None]:
    """Pixels of each value, the lowest at the bottom; a level line runs through the middle."""
    step, span = (WIDTH - 2 * EDGE) / (len(values) - 1), HEIGHT - 2 * EDGE
    for i, value in enumerate(values):
        share = 0.5 if value is None or high == low else (value - low) / (high - low)
        yield None if value is None else (round(EDGE + i * step, 1), round(EDGE + (1 - share) * span, 1))
