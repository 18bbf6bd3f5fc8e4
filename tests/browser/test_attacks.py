"""Addresses written to do harm, on every page, in a real Chromium: they are only ever text, and the next page is well.

One address a page carries all of it at once; `soak` takes them one by one.
"""

from itertools import cycle, islice
from urllib.parse import quote

import pytest

from pages.frame import NAMES
from pages.ui.address import OWN_NAMES, PAGE_PARTS, path_of
from tests.browser.shots import settle

MARKUP = (
    "<img src=x onerror=document.title=1>",
    "[a](javascript:alert(1))",
    "![p](http://evil.example/p.png)",
    "https://evil.example",
    "www.evil.example",
    "<form action=http://evil.example><input></form>",
    "<style>*{display:none}</style>",
    "<a href='http://evil.example'>x</a><br><b>b</b>",
    "$\\frac{1}{2}$",
    ":material/home:",
)
QUERIES = ("' OR 1=1--", "x') union select * from meta.definitions--", "1;attach 'x.db'", "../../etc/passwd", "{{7*7}}")
DATES = ("0001-01", "9999-12", "2026-02-30", "1764201600", "1e9", "-1", "NaN", "2026-10-32", "")
LETTERS = ("\u202ehtron", "no\u200brth", "n\u043erth", "north,,north", "%", "a[]")
RAW = ("%00", "%ff%fe", "%ed%a0%80", "%", "=&=&&=", "x" * 20_000)
HOSTILE = (*MARKUP, *QUERIES, *LETTERS)
BAD_PLACES = """() => [...document.querySelectorAll('a[href], img[src], form[action], iframe, script[src]')]
    .map(e => e.getAttribute('href') || e.getAttribute('src') || e.getAttribute('action') || 'frame')
    .filter(to => /evil|javascript:|frame/.test(to))"""


def names_of(page: str) -> list[str]:
    """Every parameter that the page reads, and some that it does not."""
    return [*OWN_NAMES, *PAGE_PARTS.get(page, ()), "region", "persona", "value_tier", "channel", "category", "unknown"]


def all_at_once(page: str) -> str:
    """Each parameter of a page with another payload, periods with impossible days, many more, and broken bytes."""
    names = names_of(page)
    turn = NAMES.index(page)
    pairs = list(zip(names, islice(cycle(HOSTILE), turn, None), strict=False))
    pairs += [("from", DATES[turn % len(DATES)]), ("to", DATES[(turn + 1) % len(DATES)])]
    pairs += [(f"p{i}", "v") for i in range(300)]
    query = "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs if name not in ("lang", "missing"))
    return f"{query}&pick={RAW[turn % len(RAW)]}&{RAW[(turn + 1) % len(RAW)][:50]}&lang=en"


def is_unharmed(watched) -> None:
    """Nothing ran, nothing was fetched or linked elsewhere, nobody was told of an error, and the page is there."""
    page = watched.page
    assert watched.foreign == []
    assert [fault for fault in watched.faults if "414" not in fault] == []
    assert page.evaluate(BAD_PLACES) == []
    assert page.title() != "1"
    assert page.locator("img[src=x], form, .katex").count() == 0
    assert "home" not in page.locator('[data-testid="stIconMaterial"]').all_inner_texts()
    assert page.get_by_test_id("stAlertContentError").count() == 0
    assert page.get_by_test_id("stException").count() == 0
    assert page.locator('[data-testid="stHeading"]').count() > 0


@pytest.mark.parametrize("page", NAMES)
def test_a_hostile_address_is_only_ever_text(watched, site, page):
    watched.page.goto(f"{site}/{path_of(page)}?{all_at_once(page)}")
    settle(watched.page)
    is_unharmed(watched)
    assert watched.page.get_by_text("Part of this address could not be used").count() == 1


@pytest.mark.soak
@pytest.mark.parametrize("page", NAMES)
def test_each_hostile_text_in_every_part_of_an_address(watched, site, page):
    for value in [*map(quote, (*HOSTILE, *DATES)), *RAW]:
        names = names_of(page) if len(value) < 1000 else ["pick"]
        watched.page.goto(
            f"{site}/{path_of(page)}?{'&'.join(f'{name}={value}' for name in names if name != 'missing')}"
        )
        settle(watched.page)
        is_unharmed(watched)
