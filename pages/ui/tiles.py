"""Tiles side by side as one element of the page, drawn in the browser by browser/tiles.js.

Streamlit's own elements would be four a tile, and a filter on the Overview would send and draw 36 instead of two
(docs/decisions/0014). The words are data, not markdown.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.components.v2.types import ComponentRenderer

from pages.ui.sparkline import Sparkline

FOLDER = Path(__file__).resolve().parent
MANIFEST = ComponentManifest("outside_in", "1", [ComponentConfig("tiles", asset_dir="browser")])
NAME = "outside_in.tiles"
STYLE = (FOLDER / "browser" / "tiles.css").read_text("utf-8")


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
    """`key`: of this group on this page, so that the browser draws into what is there."""
    mount(get_bidi_component_manager())(data=written(tuple(shown)), key=key)


@lru_cache(maxsize=1000)
def written(shown: tuple[Tile, ...]) -> bytes:
    """JSON, written once for all who see the same: Streamlit would write it twice a run."""
    return json.dumps([asdict(tile) for tile in shown], ensure_ascii=False).encode()


@lru_cache(maxsize=1)
def mount(manager: BidiComponentManager) -> ComponentRenderer:
    """The script is a file, since the browser runs none that comes with the data (web.content_security_policy)."""
    manager.register_from_manifest(MANIFEST, FOLDER)
    return st.components.v2.component(NAME, css=STYLE, js="tiles.js", isolate_styles=False)
