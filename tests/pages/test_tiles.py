"""Tiles: what goes to the browser, and that its colours can be read on light and dark."""

import json
import tomllib
from itertools import product

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import ROOT, contrast, tiles

THEMES = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]


def two_groups() -> None:
    from pages.ui.tiles import Pill, Tile
    from pages.ui.tiles import tiles as drawn

    names = "<b>*Revenue*</b>", "NPS", "Effort"
    shown = [Tile(name, "What it is", "Help", "1", False, Pill("+1"), None, ("n = 9",)) for name in names]
    drawn(shown[:1], "left")
    drawn(shown[1:], "right")


def test_every_group_is_one_element_and_its_words_are_data():
    app = AppTest.from_function(two_groups).run()
    assert not app.exception
    assert [len(json.loads(each.proto.bytes)) for each in app.get("bidi_component")] == [1, 2]
    assert [tile["label"] for tile in tiles(app)] == ["<b>*Revenue*</b>", "NPS", "Effort"]
    (element, _) = (each.proto for each in app.get("bidi_component"))
    assert element.js_source_path == "tiles.js"
    assert not element.js_content, "the policy lets no script run that comes with the data"


@pytest.mark.parametrize(("theme", "tone"), list(product(("light", "dark"), ("gray", "red", "green"))))
def test_colours_can_be_read_on_their_ground(theme, tone):
    """4.5 : 1 at least, as WCAG 1.4.3 asks of text; the line has the colour of the words."""
    colours = THEMES[theme]
    assert contrast(colours[f"{tone}TextColor"], colours["backgroundColor"]) >= 4.5
