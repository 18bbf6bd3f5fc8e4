"""Irritants: late delivery comes first where planted; without any effect nothing is claimed, and hours remain."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from metrics.irritant_findings import irritant_findings
from metrics.irritants import Irritant, doing, irritants, there, words
from metrics.results.irritants import part_of, reached
from metrics.stats.intervals import Estimate
from tests.company import last_year

LATE = "promise:delivery"


def by_thing(company, **where) -> dict[str, Irritant]:
    return {one.thing: one for one in company.ask(irritants, last_year(**where))}


def irritant(thing: str, low: float, hours_low: float = 1.0, before_high: float | None = 5.0) -> Irritant:
    estimates = {name: Estimate(low + 10, low, low + 20) for name in ("loss", "margin", "cost", "stopped", "change")}
    counts = {"cases": 50, "hit": 50, "exposed": 400, "n": 80, "n_like": 500, "n_contacts": 20}
    none = dict.fromkeys(("rate_before", "part_column", "part_code", "part_rate", "rest_rate", "overlap_thing"))
    none |= dict.fromkeys(("department", "department_share"))
    days = {"first_on": date(2025, 1, 1), "last_on": date(2026, 1, 1)}
    ranks = {"p_first": 0.5, "best_rank": 1, "worst_rank": 2, "rate": 0.1, "overlap": 0.0}
    hours = Estimate(hours_low + 1, hours_low, hours_low + 2)
    return Irritant(thing, hours=hours, before_high=before_high, **estimates, **counts, **none, **days, **ranks)


def test_late_delivery_comes_first_of_all_and_most_in_the_north(planted):
    found = planted.ask(irritants, last_year())
    first = found[0]
    assert first.thing == LATE
    assert first.is_told
    assert first.p_first > 0.95
    assert first.stopped.low > 0
    assert (first.part_column, first.part_code) == ("region", "north")
    assert first.part_rate > 2 * first.rest_rate
    assert first.is_changed
    part = planted.ask(there, last_year(), LATE)
    assert part.cases < first.cases
    keys = [f.key for f in irritant_findings(found, part)]
    assert keys == ["finding.irritants.first", "finding.irritants.there"]


def test_late_delivery_comes_first_in_the_region_planted(planted):
    first = planted.ask(irritants, last_year(region=["north"]))[0]
    assert first.thing == LATE
    assert first.loss.low > 0


def test_the_seam_planted_is_among_the_candidates_and_costs_hours(planted):
    seam = by_thing(planted)["seam:chat>phone"]
    assert seam.hours.low > 0
    assert seam.department == "contact_centre"


def test_without_effect_nothing_is_claimed_of_behaviour_and_hours_remain(null):
    found = null.ask(irritants, last_year())
    assert len(found) >= 8
    assert not any(one.is_told for one in found)
    (finding,) = irritant_findings(found, None)
    assert finding.key == "finding.irritants.hours"
    assert finding.holes["low"][0] > 0


def test_rows_are_of_enough_customers_and_say_how_they_came_about(planted):
    made = planted.rows("select hit, exposed, low, loss, high, n, n_like, cases, method from result_irritant")
    assert made
    for hit, exposed, low, loss, high, n, n_like, cases, method in made:
        assert min(hit, exposed - hit) >= 10
        assert hit >= 30
        assert low < loss < high
        assert min(n, n_like, cases) > 0
        assert method == "matched_jackknife_shrunk"


def test_ranks_of_a_group_are_those_of_its_candidates(planted):
    found = planted.ask(irritants, last_year())
    assert sum(one.p_first for one in found) == pytest.approx(1)
    assert all(1 <= one.best_rank <= one.worst_rank <= len(found) for one in found)


def test_words_are_unhappy_masked_and_of_the_group_asked_for(planted):
    texts = planted.ask(words, last_year(), LATE)
    assert len(texts) == 3
    assert all(text.words and (text.csat is None or text.csat <= 3) for text in texts)
    tokens = {text.token for text in planted.ask(words, last_year(region=["north"]), LATE)}
    of_north = "from dim_customer_token inner join dim_segment using (customer_id) where region = 'north'"
    assert tokens <= {token for (token,) in planted.rows(f"select customer_token {of_north}")}


def test_what_is_being_done_is_found_by_reason_promise_or_metric(planted):
    late = planted.ask(doing, last_year(), LATE)
    assert (late.state, late.cost) == ("finished", 12000.0)
    assert planted.ask(doing, last_year(), "repeat:returns").title.startswith("Un seul dossier")
    assert planted.ask(doing, last_year(), "seam:chat>phone") is None


def test_two_limits_at_once_weigh_nothing(planted):
    assert planted.ask(irritants, last_year(persona=["families"], region=["north"])) == ()
    assert planted.ask(there, last_year(region=["north"]), LATE) is None


def test_who_brought_less_already_before_is_not_told():
    assert irritant("a", 5.0).is_told
    assert not irritant("a", 5.0, before_high=-1.0).is_told
    assert not irritant("a", -5.0).is_told
    none = irritant_findings([irritant("promise:issue", -5.0, hours_low=-3.0)], None)
    assert none[0].key == "finding.irritants.none"
    assert irritant_findings([irritant("promise:issue", 5.0)], None)[0].key == "finding.irritants.only"
    untimed = replace(irritant("promise:issue", -5.0), hours=Estimate(None))
    assert irritant_findings([untimed], None)[0].key == "finding.irritants.untimed"
    assert irritant_findings([], None)[0].key == "finding.irritants.nothing"


def customer_months(rng, rates: dict[str, float], each: int = 400) -> dict[str, np.ndarray]:
    region = np.repeat(list(rates), each)
    number = np.arange(len(region))
    return {
        "region": region, "customer": number.astype(str), "bucket": number % 20,
        "is_exposed": rng.random(len(region)) < np.repeat(list(rates.values()), each),
        "is_recent": np.zeros(len(region), bool), "is_now": np.ones(len(region), bool),
    }  # fmt: skip


def test_a_segment_struck_far_more_is_told_apart_and_chance_is_not():
    rng = np.random.default_rng(4)
    assert part_of(customer_months(rng, {"north": 0.3, "south": 0.08, "west": 0.08}), ["region"]).code == "north"
    even = [
        part_of(customer_months(rng, dict.fromkeys(("north", "south", "west"), 0.1)), ["region"]) for _ in range(60)
    ]
    assert sum(part.code is not None for part in even) <= 3


def test_a_group_too_small_to_be_shown_is_left_out_with_one_that_would_give_it_away():
    rng = np.random.default_rng(5)
    rows = customer_months(rng, {"north": 0.3, "south": 0.3, "west": 0.01})
    shown = {code for column, code in reached(rows, ["region"], 10) if column}
    assert "west" not in shown
    assert len(shown) == 1
