"""The page on handle time opens in both languages, at any address, on companies with much and with little data."""

import pytest

from tests.pages.conftest import no_error, words

TABS = ("groups", "curve", "evidence", "cost", "answers", "teams")
PARTS = [{}, *({"tab": tab} for tab in TABS), {"tab": "groups", "cut": "team"}, {"persona": "families", "tab": "cost"}]


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("parts", PARTS, ids=str)
def test_the_page_opens(open_page, parts, lang):
    app = open_page("contacts", lang=lang, **parts)
    no_error(app)
    assert app.header


def test_strange_parts_of_an_address_fall_back(open_page):
    app = open_page("contacts", lang="en", tab="' or 1=1--", cut="<script>", about="../../etc", pick="billing|never")
    no_error(app)
    said = words(app).replace("\\", "").replace("\u00a0", " ")
    assert "handle-time target of 5 min since 1 Jan 2026" in said


def test_it_says_with_whom_it_compared_and_what_one_against_one_cannot_tell(open_page):
    said = words(open_page("contacts", lang="en")).replace("\\", "")
    assert "Compared with Billing Nantes" in said
    assert "One team against one" in said
    assert "without the last month" in said
    assert "Median:" in said


def test_two_filters_at_once_are_no_group_that_anything_was_computed_for(open_page):
    app = open_page("contacts", lang="en", persona="families", region="north")
    no_error(app)
    assert "Since its target" not in app.header[0].value


def test_a_company_without_contacts_says_what_to_add(opener, olist_8k_snapshots):
    app = opener(olist_8k_snapshots)("contacts", lang="en")
    no_error(app)
    assert "There are no contacts" in app.header[0].value
    assert "feed contacts" in words(app)


def test_a_service_desk_without_times_tells_returns_and_answers(opener, uci_incident_snapshots):
    app = opener(uci_incident_snapshots)("contacts", lang="en", tab="answers")
    no_error(app)
    assert "no handle times" in app.header[0].value
    assert "How soon do they come back" in words(app)


def test_complaints_of_unknown_people_tell_answers_by_company(opener, consumidor_gov_br_snapshots):
    app = opener(consumidor_gov_br_snapshots)("contacts", lang="en")
    no_error(app)
    assert "Half of the answers come within" in app.header[0].value
    columns = list(next(iter(app.dataframe)).value.columns)
    assert {"Team", "Days to an answer, median", "Promises kept"} <= set(columns)


def test_calls_of_a_bank_tell_time_and_returns(opener, anonymous_bank_snapshots):
    app = opener(anonymous_bank_snapshots)("contacts", lang="en", tab="evidence")
    no_error(app)
    assert "a sign, not a proof" in app.header[0].value.replace("\\", "")
    assert "Weak evidence" in words(app)
