"""Tiles side by side as one element of the page, drawn in the browser by browser/tiles.js.

Streamlit's own elements would be four a tile, and a filter on the Overview would send and draw 36 instead of two
(docs/decisions/0014). The words are data, not markdown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pages.ui.component import component, written
from pages.ui.sparkline import Sparkline


@dataclass(frozen=True)
class Pill:
    """The change: its text, its tone (green good, red bad, gray neither or not told), its arrow (up, down, off)."""

    text: str
    tone: str = "gray"
    arrow: str = "off"
    meaning: str | None = None


@dataclass(frozen=True)
class Tile:
    """What is shown of one metric, as texts. `help`: what the button for the definition is called."""

    label: str
    definition: str
    help: str
    value: str
    is_pale: bool
    change: Pill | None
    line: Sparkline | None
    notes: tuple[str, ...]


def tiles(shown: Sequence[Tile], key: str) -> None:
    """`key`: of this group on this page."""
    component("tiles")(data=written(tuple(shown)), key=key)
