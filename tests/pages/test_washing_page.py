"""The customer-washing check opens in both languages, with any data, each sign with its number and the way to it."""

import pytest

from metrics.definitions import load_catalogue
from metrics.washing import SIGNS
from pages.frame import NAMES
from pages.ui.address import PAGE_PARTS
from pages.ui.signs import EVIDENCE
from tests.pages.conftest import no_error, words


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_shows_eleven_signs(open_page, lang):
    app = open_page("washing", lang=lang)
    no_error(app)
    said = words(app)
    for number in range(1, 12):
        assert f"**{number}. " in said
    assert ("Signe fort" if lang == "fr" else "Strong sign") in said
    assert "n\u00a0=\u00a0" in app.header[0].value


def test_a_set_of_orders_and_reviews_names_what_is_missing(opener, olist_8k_snapshots):
    app = opener(olist_8k_snapshots)("washing", lang="en")
    no_error(app)
    said = words(app).replace("\\", "")
    for what in ("contacts.note", "contacts.transferred_to", "teams.handle_time_target", "customers' suggestions"):
        assert what in said


@pytest.mark.parametrize("where", [{"region": "north"}, {"region": "north", "persona": "seniors"}])
def test_filters_are_survived(open_page, where):
    app = open_page("washing", lang="fr", **where)
    no_error(app)
    assert all(f"**{number}. " in words(app) for number in range(1, 12))


def test_every_number_has_a_way_to_its_evidence_that_an_address_knows():
    assert set(EVIDENCE) == {test for _, tests in SIGNS for test in tests}
    known = load_catalogue().metrics
    for places in EVIDENCE.values():
        for page, parts in places:
            assert page in NAMES
            assert set(parts) <= {"pick", *PAGE_PARTS.get(page, ())}
            metric = known.get(parts.get("metric", ""))
            if metric:
                assert {parts[cut] for cut in ("by", "by2") if cut in parts} <= set(metric.by)
