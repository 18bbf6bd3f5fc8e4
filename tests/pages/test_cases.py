"""One case per function: a link to each, in both languages, with its number; and without any of the data."""

from dataclasses import replace

import pytest

from metrics.cases import FUNCTIONS, SAFE, Pledge, movables, places, pledge_finding, sales_findings, way
from metrics.promises import Fact
from metrics.query import Measurement
from metrics.stats.intervals import Estimate, wilson
from tests.company import LAST_YEAR
from tests.pages.conftest import no_error, words


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_each_function_has_its_case(open_page, function, lang):
    app = open_page("cases", function=function, lang=lang)
    no_error(app)
    assert any(char.isdigit() for char in app.header[0].value)
    assert app.subheader


def test_a_function_that_is_none_shows_the_first(open_page):
    app = open_page("cases", function="<script>", cut="nobody", lang="en")
    no_error(app)
    assert "Who orders again" in words(app)


ADD = {
    "marketing": "add a leads source",
    "sales": "add an offers source",
    "contact_centre": "Nothing can be said for this function yet",
    "digital": "add a digital_sessions source",
}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_set_without_the_data_says_what_to_add(opener, olist_8k_snapshots, function):
    app = opener(olist_8k_snapshots)("cases", function=function, lang="en")
    no_error(app)
    assert app.header
    assert ADD[function] in words(app).replace("\\", "")


def measured(code: str, count: int, n: int, column: str = "region", numerator: float | None = None) -> Measurement:
    e = wilson(count, n)
    value = count if numerator is None else numerator
    span = LAST_YEAR.start, LAST_YEAR.end
    return Measurement("contained", ((column, code),), *span, value, n, e.value, e.low, e.high, n, n, "shown")


def test_a_group_is_safe_or_not_yet_only_beyond_noise():
    found = places([measured("north", 300, 1000), measured("south", 100, 1000), measured("east", 200, 1000)])
    assert [(p.m.group[0][1], p.verdict) for p in found] == [("south", SAFE), ("east", "alike"), ("north", "not_yet")]
    assert {p.verdict for p in places([measured("north", 21, 100), measured("south", 20, 100)])} == {"alike"}


def test_a_group_that_is_surely_safer_is_named_where_none_is_surely_riskier():
    """One stands apart on the good side alone: then it is not said that no group is safer."""
    found = places([measured(code, 190 + k, 1000) for k, code in enumerate("abcdefgh")] + [measured("safe", 130, 1000)])
    assert {p.verdict for p in found} == {SAFE, "alike"}
    (said,) = sales_findings(found, "region", (), 6)
    assert (said.key, said.holes["group"]) == ("finding.cases.safe", ("safe", "code:region"))
    (alike,) = sales_findings([p for p in found if p.verdict != SAFE], "region", (), 6)
    assert alike.key == "finding.cases.all_alike"


def test_a_promise_in_seconds_is_told_in_seconds():
    """Whatever the unit of its metric: a wait of 90 seconds is not 9,000 %."""
    slow = replace(measured("north", 50, 100), value=90.0, low=80.0, high=100.0)
    pledge = Pledge(Fact("reachable", "wait", (), 60.0), "seconds", slow, (slow,), (), (), 2)
    holes = pledge_finding(pledge).holes
    assert [holes[name] for name in ("value", "low", "high", "target")] == [
        (number, "seconds") for number in (90.0, 80.0, 100.0, 60.0)
    ]


def test_the_sentence_on_hours_names_the_period_it_is_of(open_page):
    """Of the last three months of what is chosen; of all of it where that is shorter."""
    asked = {"lang": "en", "function": "contact_centre"}
    quarter, month = (
        open_page("cases", **asked, **{"from": first, "to": "2026-06"}) for first in ("2026-01", "2026-06")
    )
    assert quarter.header[0].value.startswith("Apr 2026 – Jun 2026")
    assert month.header[0].value.startswith("Jun 2026")


def test_no_leads_of_a_region_does_not_mean_no_leads(open_page):
    """Leads have no segment: under a filter there is none to count, in data that holds many."""
    everybody, north = (
        words(open_page("cases", function="marketing", lang="en", **w)) for w in ({}, {"region": "north"})
    )
    assert "Nothing to count here for Leads won" in north
    assert not any("No lead in this snapshot" in said for said in (everybody, north))


def test_a_promise_is_short_or_kept_only_with_its_whole_interval():
    assert way(Estimate(0.9, 0.88, 0.92), 0.95, is_up=True) == "not_yet"
    assert way(Estimate(0.9, 0.88, 0.96), 0.95, is_up=True) == "alike"
    assert way(Estimate(0.03, 0.02, 0.04), 0.05, is_up=False) == SAFE


def test_what_moves_first_takes_most_hours_surely_not_most_visits():
    verified = [measured("billing", 90, 100, "reason"), measured("returns", 900, 1000, "reason")]
    handled = [measured("billing", 1, 50, "reason", 36_000), measured("returns", 1, 900, "reason", 3_600)]
    found = movables(verified, (), handled)
    assert [(m.reason, m.hours) for m in found] == [("billing", 10.0), ("returns", 1.0)]
    assert found[0].at_least == pytest.approx(10 * verified[0].low)
