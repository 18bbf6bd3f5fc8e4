"""The page on irritants opens in both languages, with any address, and leads to the page that shows a cause."""

import pytest

from tests.pages.conftest import no_error, words


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("parts", [{}, {"pick": "promise:issue"}, {"region": "south"}], ids=str)
def test_the_page_opens(open_page, parts, lang):
    app = open_page("irritants", lang=lang, **parts)
    no_error(app)
    assert app.header
    assert ("Dans leurs mots" if lang == "fr" else "In their own words") in words(app)


def test_the_one_picked_is_told_and_what_is_unknown_falls_back(open_page):
    app = open_page("irritants", lang="en", pick="promise:issue")
    assert any("not solved by the day" in header.value for header in app.subheader)
    strange = open_page("irritants", lang="en", pick="<script>alert(1)</script>")
    no_error(strange)
    assert any("Late delivery" in header.value for header in strange.subheader)


def test_two_filters_at_once_say_what_is_missing(open_page):
    app = open_page("irritants", lang="en", persona="families", region="north")
    no_error(app)
    assert "choose one group at a time" in words(app)


@pytest.mark.parametrize("name", ["olist_8k", "uci_incident"])
def test_a_set_with_less_data_opens_and_says_what_it_can(opener, name, request):
    app = opener(request.getfixturevalue(f"{name}_snapshots"))("irritants", lang="en")
    no_error(app)
    assert app.header
