"""The voice page opens in both languages, with any address, on companies with and without words."""

import pytest

from tests.pages.conftest import no_error, words


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize(
    "parts", [{}, {"pick": "waiting"}, {"of": "csat", "rated": "low"}, {"region": "north"}], ids=str
)
def test_the_page_opens(open_page, parts, lang):
    app = open_page("voice", lang=lang, **parts)
    no_error(app)
    assert app.header


def test_strange_parts_of_an_address_fall_back(open_page):
    app = open_page("voice", lang="en", tab="' or 1=1", of="<script>", rated="x", pick="no_such_theme")
    no_error(app)
    assert app.text


def test_words_are_masked_and_shown_as_text(open_page):
    app = open_page("voice", lang="fr", pick="late_delivery")
    assert not any("exemple.fr" in element.value or "06 39" in element.value for element in app.text)
    assert "tirés au sort" in words(app).lower()


def test_without_words_the_page_says_what_to_add(opener, uci_incident_snapshots):
    app = opener(uci_incident_snapshots)("voice", lang="en")
    no_error(app)
    assert "verbatim" in words(app)
