"""The page on value opens in both languages, with any address, and with whatever data a company has."""

import pytest

from tests.pages.conftest import no_error, words

PARTS = [{}, {"look": "first_order_discount"}, {"cut": "persona", "look": "left_alone_after_sale"}, {"region": "north"}]


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("parts", PARTS, ids=str)
def test_the_page_opens(open_page, parts, lang):
    app = open_page("value", lang=lang, **parts)
    no_error(app)
    assert app.header
    assert ("Motif" if lang == "fr" else "Reason") in next(iter(app.dataframe)).value.columns


def test_the_finding_says_that_all_are_treated_alike_and_that_flash_sales_do_not_last(open_page):
    said = open_page("value", lang="en").header[0].value
    assert "same attention" in said
    assert "One\\-shot selling" in said


def test_strange_parts_of_an_address_fall_back(open_page):
    app = open_page("value", lang="en", cut="' or 1=1--", look="<script>")
    no_error(app)
    assert (
        app.selectbox(key=next(w.key for w in app.selectbox if w.key.endswith(".cut"))).value == "acquisition_channel"
    )


def test_two_filters_at_once_are_said_to_compare_nothing(open_page):
    app = open_page("value", lang="en", persona="families", region="north")
    no_error(app)
    assert words(app).count("two columns nothing is compared") == 3


def test_a_set_without_contacts_says_what_is_missing_and_shows_the_rest(opener, olist_8k_snapshots):
    app = opener(olist_8k_snapshots)("value", lang="en")
    no_error(app)
    assert "Attention cannot be told by value here" in words(app)
    assert "one\\-shot selling shows by the way" in words(app)
    assert any("Second purchase" in frame.value.columns for frame in app.dataframe)
