"""The journey page opens in both languages, with any address, and says what stands in the snapshot."""

import pytest

from tests.pages.conftest import no_error, words

PARTS = [{}, {"look": "csat"}, {"look": "effort", "who": "couples", "who2": "seniors"}, {"persona": "families"}]


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("parts", PARTS, ids=str)
def test_the_page_opens(open_page, parts, lang):
    app = open_page("journey", lang=lang, **parts)
    no_error(app)
    assert app.header
    assert ("Étape" if lang == "fr" else "Stage") in next(iter(app.dataframe)).value.columns


def test_strange_parts_of_an_address_fall_back(open_page):
    app = open_page("journey", lang="en", look="' or 1=1--", who="<script>", who2="../../etc")
    no_error(app)
    assert app.selectbox(key=next(w.key for w in app.selectbox if w.key.endswith(".who"))).value == "families"


def test_the_same_group_is_not_compared_with_itself(open_page):
    app = open_page("journey", lang="en", who="seniors", who2="seniors")
    no_error(app)
    chosen = [w.value for w in app.selectbox if w.key.endswith((".who", ".who2"))]
    assert chosen == ["seniors", "families"]


def test_two_filters_at_once_are_said_to_compare_nothing(open_page):
    app = open_page("journey", lang="en", persona="families", region="north")
    no_error(app)
    assert "one group at a time" in words(app)
    assert "Nothing happened" not in app.header[0].value


def test_stages_stand_in_the_order_of_the_settings(open_page):
    stages = list(dict.fromkeys(next(iter(open_page("journey", lang="en").dataframe)).value["Stage"]))
    assert stages == ["Discover", "Buy", "Receive", "Get help", "After-sales"]


def test_a_set_with_deliveries_only_shows_deliveries(opener, olist_8k_snapshots):
    app = opener(olist_8k_snapshots)("journey", lang="en")
    no_error(app)
    assert list(next(iter(app.dataframe)).value["Touchpoint"]) == ["Delivery"]
