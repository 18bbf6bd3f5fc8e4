"""The seams page opens in both languages, with any address, and says what stands in the snapshot."""

import pytest

from tests.pages.conftest import no_error, words

PARTS = [
    {},
    {"tab": "counted", "look": "hand_off_repeat_rate"},
    {"tab": "nothings", "persona": "families"},
    {"tab": "cases", "axis": "team", "look": "hand_offs"},
    {"pick": "phone>phone"},
]


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("parts", PARTS, ids=str)
def test_the_page_opens(open_page, parts, lang):
    app = open_page("seams", lang=lang, **parts)
    no_error(app)
    assert app.header
    assert ("Qui passe le relais" if lang == "fr" else "Who hands over") in words(app)


def test_strange_parts_of_an_address_fall_back(open_page):
    app = open_page("seams", lang="en", pick="' or 1=1--", look="<script>", tab="../etc", axis="x")
    no_error(app)
    assert "<script>" not in words(app)


def test_the_field_chosen_in_the_address_is_told_below(open_page):
    app = open_page("seams", lang="en", pick="phone>phone")
    assert any("Phone → Phone" in element.value for element in app.subheader)


def test_a_seam_leads_to_walks_of_those_it_lost(open_page):
    app = open_page("walk", lang="en", rule="hand_off", seam="chat>phone")
    no_error(app)
    assert "only from Chat → Phone" in words(app).replace("\\", "")


def test_an_unknown_seam_offers_nobody(open_page):
    app = open_page("walk", lang="en", rule="hand_off", seam="<b>nowhere>")
    no_error(app)
    assert "Nobody answers to this rule" in app.header[0].value


def test_a_set_without_contacts_says_what_to_add(opener, olist_8k_snapshots):
    app = opener(olist_8k_snapshots)("seams", lang="en")
    no_error(app)
    assert "Add a contacts source" in words(app)
