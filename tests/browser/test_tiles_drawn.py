"""Tiles in a real browser: a definition by keyboard and by mouse, words that stay words, no file but their own."""

import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import drawn_aside
from tests.browser.shots import settle

FILES = "/_stcore/bidi-components/outside_in.tiles"
TEXTS = {"label": "<b>L</b>", "definition": "<i>D</i>", "help": "H", "value": "<img src=x>"}
TOLD = [TEXTS | {"is_pale": True, "change": None, "line": None, "notes": ["<script>1</script>"]}]


@pytest.fixture
def overview(watched, site) -> Page:
    watched.page.goto(f"{site}/?lang=en")
    settle(watched.page)
    return watched.page


def test_the_definition_shows_on_focus_and_escape_closes_it(overview):
    button = overview.get_by_role("button", name="Revenue: definition")
    tip = overview.get_by_role("tooltip").filter(has_text="Amount of the orders placed")
    expect(tip).to_be_hidden()
    button.focus()
    expect(tip).to_be_visible()
    overview.keyboard.press("Escape")
    expect(tip).to_be_hidden()


def test_it_shows_inside_the_window_while_pointed_at(overview):
    overview.set_viewport_size({"width": 390, "height": 844})
    overview.get_by_role("button", name="Orders: definition").hover()
    tip = overview.locator(".tile-tip:popover-open")
    expect(tip).to_have_count(1)
    box = tip.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    overview.mouse.move(5, 5)
    expect(overview.locator(".tile-tip:popover-open")).to_have_count(0)


def test_words_are_set_as_words(overview):
    said, made, _ = drawn_aside(overview, "tiles", TOLD)
    assert made == 0
    assert all(text in said for text in ("<b>L</b>", "<i>D</i>", "<img src=x>", "<script>1</script>"))


@pytest.mark.parametrize("name", ["../kpi.py", "..%2fkpi.py", "%2e%2e/kpi.py", "print.js"])
def test_nothing_else_of_ours_can_be_fetched_with_them(site, name):
    with urllib.request.urlopen(f"{site}{FILES}/tiles.js") as answer:
        assert answer.status == 200
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{site}{FILES}/{name}")
