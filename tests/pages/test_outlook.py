"""The outlook page opens in both languages, with any address, and says what stands in the snapshot."""

import pytest

from tests.pages.conftest import no_error, words

PARTS = [{}, {"persona": "families"}, {"persona": "families", "region": "north"}]


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("parts", PARTS, ids=str)
def test_the_page_opens(opener, planted_snapshots, parts, lang):
    app = opener(planted_snapshots)("outlook", lang=lang, **parts)
    no_error(app)
    assert app.header


def test_the_finding_counts_calls_and_says_what_it_is_not(opener, planted_snapshots):
    app = opener(planted_snapshots)("outlook", lang="en")
    assert "1,000 calls guided by experience reach" in app.header[0].value
    assert "not proof of cause" in words(app)


def test_two_filters_at_once_are_said_to_have_no_outlook(opener, planted_snapshots):
    app = opener(planted_snapshots)("outlook", lang="en", persona="families", region="north")
    assert "one group at a time" in words(app)


def test_a_set_with_orders_only_says_what_is_missing(opener, olist_8k_snapshots):
    app = opener(olist_8k_snapshots)("outlook", lang="en")
    no_error(app)
    assert "Too little data" in app.header[0].value


def test_the_overview_says_what_is_at_risk_and_what_the_scores_were_worth(opener, planted_snapshots):
    said = words(opener(planted_snapshots)("overview", lang="en"))
    assert "of margin is at risk with" in said
    assert "CRM health named the right one in" in said


def test_a_measure_ahead_is_chosen_by_the_address(opener, planted_snapshots):
    app = opener(planted_snapshots)("outlook", lang="en", series="promise_kept")
    no_error(app)
    assert "simple guess" in words(app)
