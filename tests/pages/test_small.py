"""Companies at the edge: with one customer, and with names that would be markup, every page opens."""

import re

import pytest

from pages.frame import NAMES
from tests.conftest import built_once
from tests.pages import small_worlds
from tests.pages.conftest import no_error, words


@pytest.fixture(scope="session")
def lonely(shared_folder):
    return (
        built_once(shared_folder / "lonely", lambda f: small_worlds.one_customer(f / "world")) / "world" / "snapshots"
    )


@pytest.fixture(scope="session")
def hostile(shared_folder):
    return built_once(shared_folder / "hostile", lambda f: small_worlds.hostile(f / "world")) / "world" / "snapshots"


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("page", NAMES)
def test_a_company_of_one_customer_has_every_page(opener, lonely, page, lang):
    app = opener(lonely)(page, lang=lang)
    no_error(app)
    assert app.header


@pytest.mark.parametrize("page", NAMES)
def test_one_customer_is_never_counted_out_loud(opener, lonely, page):
    """Fewer people than min_group: no figure of theirs is shown."""
    app = opener(lonely)(page, lang="en")
    assert not re.search(r"€\s?25\b|12\.50|25\.00", words(app))


@pytest.mark.parametrize("page", NAMES)
def test_names_that_would_be_markup_are_text(opener, hostile, page):
    """Escaped wherever markdown is read, with an invisible joiner where a link could be."""
    app = opener(hostile)(page, lang="en")
    no_error(app)
    said = words(app)
    assert not re.search(r"(?<!\\)<img|(?<!\\)\]\(javascript|!\[p\]\(http|https://evil|(?<![\w.])www\.evil", said)
