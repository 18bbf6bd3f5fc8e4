"""The outlook page opens in both languages, with any address, and says what stands in the snapshot."""

import re
from datetime import date

import pytest

from metrics.drivers import drivers
from metrics.mixes import Share
from pages.ui import outlook_drivers, outlook_figures, relation_figures
from pages.ui.figures import CRM
from pages.ui.relation_figures import Stream
from tests.company import last_year
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


@pytest.mark.parametrize(("lang", "told"), [("en", "Cross-sectional: "), ("fr", "Analyse transversale : ")])
def test_a_company_without_dates_is_told_what_goes_together_and_not_what_comes(
    opener, iranian_churn_snapshots, lang, told
):
    app = opener(iranian_churn_snapshots)("outlook", lang=lang)
    no_error(app)
    said = words(app).replace("\\", "").replace("\u00a0", " ")
    assert told in said
    assert {"en": "who left", "fr": "qui est parti"}[lang] in said
    assert {"en": "A prediction, not", "fr": "Une prévision, non"}[lang] not in said


def test_the_overview_says_what_is_at_risk_and_what_the_scores_were_worth(opener, planted_snapshots):
    said = words(opener(planted_snapshots)("overview", lang="en"))
    assert "of margin is at risk with" in said
    assert "CRM health named the right one in" in said


def test_a_measure_ahead_is_chosen_by_the_address(opener, planted_snapshots):
    app = opener(planted_snapshots)("outlook", lang="en", series="promise_kept")
    no_error(app)
    assert "simple guess" in words(app)


LOOKS = {
    "leads": "a promised day missed",
    "drivers": "general dominance",
    "mixes": "shares add up to 100%",
    "purchases": "MBG/NBD on days of purchase",
}


@pytest.mark.parametrize("look", LOOKS)
def test_one_thing_is_looked_into_at_a_time(opener, planted_snapshots, look):
    app = opener(planted_snapshots)("outlook", lang="en", look=look)
    no_error(app)
    assert LOOKS[look] in words(app)
    assert not any(said in words(app) for name, said in LOOKS.items() if name != look)


@pytest.mark.parametrize("about", ["recommendation_before", "recommendation_same"])
def test_each_question_on_loyalty_opens_in_french(opener, planted_snapshots, about):
    app = opener(planted_snapshots)("outlook", lang="fr", look="drivers", about=about)
    no_error(app)
    assert ("effet de halo" in words(app)) == (about == "recommendation_same")


@pytest.mark.parametrize("look", ["leads", "drivers", "mixes"])
def test_two_filters_at_once_have_none_of_it(opener, planted_snapshots, look):
    app = opener(planted_snapshots)("outlook", lang="en", look=look, persona="families", region="north")
    assert "one value at a time" in words(app)


def test_the_region_with_the_new_carrier_has_its_own_lead(opener, planted_snapshots):
    """In the sample deliveries of the north are late, and purchases there fall months later."""
    app = opener(planted_snapshots)("outlook", lang="en", look="leads", region="north")
    no_error(app)
    assert "of this group are parted at random" in words(app)


def test_who_differs_is_said_with_the_way(opener, planted_snapshots):
    """Planted: a late delivery weighs most for families, least for seniors."""
    app = opener(planted_snapshots)(
        "outlook", lang="fr", look="drivers", about="recommendation_before", lead="delivery"
    )
    said = words(app).replace("\\", "")
    assert re.search("Au-dessus des autres de leur colonne[^.]*Familles", said)
    assert re.search("Au-dessous des autres de leur colonne[^.]*Seniors", said)


def test_everybody_together_says_for_whom(opener, planted_snapshots):
    app = opener(planted_snapshots)("outlook", lang="fr", look="leads")
    assert "Pour qui" in words(app)
    assert "groupes sur" in words(app) or "aucun des" in words(app)


def test_a_set_with_ratings_only_tells_what_goes_with_satisfaction(opener, ecsi_satisfaction_snapshots):
    app = opener(ecsi_satisfaction_snapshots)("outlook", lang="en", look="drivers")
    no_error(app)
    assert "Together they account for" in words(app)


def test_what_can_be_told_stands_first(opener, planted_snapshots):
    app = opener(planted_snapshots)("outlook", lang="en", acquisition_channel="referral")
    no_error(app)
    assert "general dominance" in words(app)


@pytest.mark.parametrize("draw", [outlook_figures.ahead, relation_figures.shares_ahead])
def test_months_ahead_stand_in_figures(draw):
    """Plotly would write their names, in English on a French page as well."""
    known = [Share(date(2026, month, 1), 0.2, None, None, None, None, 50) for month in (8, 9, 10)]
    coming = [Share(date(2026, month, 1), 0.2, 0.1, 0.3, 0.1, 0.3, None) for month in (11, 12)]
    is_mix = draw is relation_figures.shares_ahead
    drawn = draw([Stream("App", known, coming, "")], str) if is_mix else draw(known, coming, (), CRM, ".0%", str)
    assert drawn.layout.xaxis.tickformat == "%m/%Y"


def test_a_driver_that_goes_with_less_loyalty_says_so(planted):
    """In the sample rebates go with fewer second orders: standing above chance does not make them a merit."""
    told = {d.name: d for one in planted.ask(drivers, last_year()) if one.outcome == "repurchase" for d in one.drivers}
    assert told["price"].share.is_told
    assert "the other way" in outlook_drivers.words(told["price"], "en")
    assert "en sens inverse" in outlook_drivers.words(told["price"], "fr")
    assert "the other way" not in outlook_drivers.words(told["delivery"], "en")
