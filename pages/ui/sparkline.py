"""The small line of a tile: months in order, as an image in markdown.

Not `chart_data` of st.metric: each such line is a Vega chart of its own, and the twelve of a page took a third of the
browser's time at every change (docs/scale.md). The colours stand out on a light and on a dark page.
"""

from base64 import b64encode
from collections.abc import Iterator, Sequence

WIDTH, HEIGHT, EDGE = 150, 44, 4  # pixels
COLOURS = {"gray": "#7C828A", "red": "#D64A5C", "green": "#1F9A74"}


def sparkline(values: Sequence[float | None], colour: str, alt: str) -> str:
    """Markdown of the image; nothing where fewer than two values are known. A month without a value is a gap."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    places = list(placed(values, min(known), max(known)))
    lines = "".join(f'<polyline points="{" ".join(f"{x},{y}" for x, y in part)}"/>' for part in parts(places))
    last = next(place for place in reversed(places) if place)
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<g fill="none" stroke="{COLOURS[colour]}" stroke-width="1.8" stroke-linejoin="round" stroke-linecap="round">'
        f'{lines}</g><circle cx="{last[0]}" cy="{last[1]}" r="2.6" fill="{COLOURS[colour]}"/></svg>'
    )
    return f"![{alt}](data:image/svg+xml;base64,{b64encode(picture.encode()).decode()})"


def placed(values: Sequence[float | None], low: float, high: float) -> Iterator[tuple[float, float] | None]:
    """Pixels of each value, the lowest at the bottom; a level line runs through the middle."""
    step, span = (WIDTH - 2 * EDGE) / (len(values) - 1), HEIGHT - 2 * EDGE
    for i, value in enumerate(values):
        share = 0.5 if value is None or high == low else (value - low) / (high - low)
        yield None if value is None else (round(EDGE + i * step, 1), round(EDGE + (1 - share) * span, 1))


def parts(places: Sequence[tuple[float, float] | None]) -> Iterator[list[tuple[float, float]]]:
    """Neighbouring months; a month alone is a point of the line."""
    part: list[tuple[float, float]] = []
    for place in (*places, None):
        if place:
            part.append(place)
        elif part:
            yield part if len(part) > 1 else part * 2
            part = []
