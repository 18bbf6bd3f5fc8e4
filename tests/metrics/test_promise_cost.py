"""What a broken promise is followed by: the matching finds a known effect, and nothing where there is none."""

from dataclasses import astuple
from datetime import date

import numpy as np
import pytest

from data.sample import truths
from data.settings import Pillar
from metrics.errors import UnknownName
from metrics.promise_costs import promise_costs
from metrics.promises import facts, refuse_unknown
from metrics.results import promise_cost
from metrics.stats.matching import LEAST_REFERENCE, matched
from tests.company import Company, last_year

WORLDS = 400


def one(is_exposed, outcome, strata, group):
    """The matched difference of a single outcome, None where nothing can be compared."""
    return matched(is_exposed, {"stopped": outcome}, strata, group).get("stopped")


def simulated(rng, effect: float, customers: int = 500):
    """Units of customers who resemble themselves; whom it hits, and how they fare without it, depends on the strata.

    Returns exposure, outcome, strata, groups, and the true mean effect on the exposed (it differs between people).
    """
    n_units = rng.integers(1, 5, customers)
    who = np.repeat(np.arange(customers), n_units)
    region, persona, frequency = (rng.integers(0, top, customers)[who] for top in (5, 5, 4))
    month = rng.integers(0, 12, len(who))
    frailty = rng.normal(0, 0.08, customers)[who]
    hit = np.clip(0.05 + 0.25 * ((region == 0) & (month > 6)) + 0.03 * frequency + 0.05 * (month % 3 == 0), 0, 1)
    is_exposed = rng.random(len(who)) < hit
    base = 0.35 - 0.07 * frequency + 0.1 * (persona == 1) + 0.06 * (region == 0) + 0.01 * month + frailty
    base = np.clip(base, 0.02, 0.95)
    lived = np.clip(base + effect * (1 + 0.8 * (persona == 2)), 0, 1)
    outcome = (rng.random(len(who)) < np.where(is_exposed, lived, base)).astype(float)
    coarse = month * 5 + frequency
    strata = [(coarse * 5 + region) * 5 + persona, coarse * 5 + region, coarse]
    return is_exposed, outcome, strata, who * 2654435761 % 20, float((lived - base)[is_exposed].mean())


@pytest.mark.parametrize("effect", [0.0, 0.15])
def test_the_interval_contains_a_known_effect_as_often_as_it_says_and_is_not_wider_than_it_must(effect):
    rng = np.random.default_rng(7)
    hits, errors, widths, signals = [], [], [], []
    for _ in range(WORLDS):
        *world, truth = simulated(rng, effect)
        found = one(*world).difference
        hits.append(found.low <= truth <= found.high)
        errors.append(found.value - truth)
        widths.append(found.half_width)
        signals.append(found.low > 0 or found.high < 0)
    assert 0.93 <= np.mean(hits) <= 0.99
    assert abs(np.mean(errors)) < 0.2 * np.std(errors)
    assert np.mean(widths) < 1.35 * 1.96 * np.std(errors)
    assert np.mean(signals) <= 0.06 if effect == 0 else np.mean(signals) >= 0.8


def test_what_the_strata_hold_does_not_pass_for_an_effect():
    """Those who buy often are hit more often and stop less often, whether hit or not."""
    rng = np.random.default_rng(11)
    naive, adjusted = [], []
    for _ in range(60):
        often = rng.random(1500) < 0.5
        is_exposed = rng.random(1500) < np.where(often, 0.5, 0.1)
        outcome = (rng.random(1500) < np.where(often, 0.2, 0.6)).astype(float)
        naive.append(outcome[is_exposed].mean() - outcome[~is_exposed].mean())
        adjusted.append(one(is_exposed, outcome, [often.astype(int)], np.arange(1500) % 20).difference.value)
    assert np.mean(naive) < -0.15
    assert abs(np.mean(adjusted)) < 0.01


def test_one_customer_s_many_units_do_not_pass_for_many_customers():
    """Everybody's outcome is their own for ever: twice the units of the same people tell nothing more."""
    rng = np.random.default_rng(3)
    fate, is_exposed = (rng.random(400) < 0.4).astype(float), rng.random(400) < 0.3
    who = np.arange(400)

    def half_width(times: int) -> float:
        units = np.repeat(who, times)
        return one(is_exposed[units], fate[units], [np.zeros(len(units), int)], units % 20).difference.half_width

    assert half_width(6) == pytest.approx(half_width(1), rel=0.01)


def test_a_worked_example_by_hand():
    """Two strata: in A 3 exposed (2 stopped) against 4 (1 stopped), in B 1 exposed (stopped) against 3 (none)."""
    is_exposed = np.array([1, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0], bool)
    outcome = np.array([1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0], float)
    stratum = np.array([0] * 7 + [1] * 4)
    found = one(is_exposed, outcome, [stratum], np.arange(11) % 20)
    assert (found.n_exposed, found.n_matched, found.n_reference) == (4, 4, 7)
    assert found.exposed == 0.75
    assert found.reference == pytest.approx((3 * 0.25 + 1 * 0) / 4)
    assert found.difference.value == pytest.approx(0.75 - 0.1875)


def test_too_small_a_stratum_hands_over_to_the_coarser_one_and_nobody_is_compared_with_too_few():
    fine = np.array([0, 0, 1, 1, 1, 1])
    is_exposed = np.array([1, 0, 0, 0, 0, 0], bool)
    outcome = np.array([1, 1, 0, 0, 0, 0], float)
    coarse = np.zeros(6, int)
    assert LEAST_REFERENCE == 3
    assert one(is_exposed, outcome, [fine], np.arange(6)) is None
    found = one(is_exposed, outcome, [fine, coarse], np.arange(6))
    assert found.reference == pytest.approx(0.2)
    assert found.n_reference == 5


def test_outcomes_looked_at_together_are_as_each_alone():
    rng = np.random.default_rng(5)
    is_exposed, outcome, strata, group, _ = simulated(rng, 0.1)
    others = {"stopped": outcome, "margin": rng.normal(size=len(outcome))}
    together = matched(is_exposed, others, strata, group)
    for name, values in others.items():
        alone, beside = one(is_exposed, values, strata, group), together[name]
        assert astuple(beside.difference) == pytest.approx(astuple(alone.difference))
        assert (beside.n_exposed, beside.n_matched, beside.n_reference) == (
            alone.n_exposed,
            alone.n_matched,
            alone.n_reference,
        )


def costs_of(company: Company, **where) -> dict:
    """Promise -> what its broken cases were followed by."""
    found = company.ask(promise_costs, last_year(**where), facts(company.settings))
    return {cost.promise: cost for cost in found}


def test_in_the_sample_customers_of_a_broken_promise_stop_more_often_and_bring_less_margin(planted):
    costs = costs_of(planted)
    assert set(costs) == {"on_time", "first_time", "human"}  # the two others are opinions, not facts
    for cost in costs.values():
        assert cost.stopped.low > 0
        assert cost.margin.high < 0
        value, low, high = cost.money
        assert 0 < low < value < high
        assert value == pytest.approx(-cost.cases * cost.margin.value)


def test_in_the_world_without_effect_nothing_is_found(null):
    told = [effect for cost in costs_of(null).values() for effect in (cost.stopped, cost.margin)]
    assert len(told) == 6
    wrong = [effect for effect in told if effect.is_sure]
    assert len(wrong) <= 1, "six 95 % intervals: one may miss, not two"
    assert all(abs(cost.stopped.value) < 0.04 for cost in costs_of(null).values())


def test_the_effect_is_below_what_was_planted_since_many_would_have_left_or_leave_later(planted):
    """Planted is the probability of leaving for good; observed, half a year without a purchase."""
    assert 0 < costs_of(planted)["on_time"].stopped.value < truths.DEFECTION.probability(1.5)


def test_one_group_is_measured_on_itself_and_two_at_once_on_nothing(planted):
    north = costs_of(planted, region=["north"])["on_time"]
    assert north.group == ("region", "north")
    assert north.stopped is not None
    assert north.cases < costs_of(planted)["on_time"].cases
    both = costs_of(planted, region=["north"], persona=["families"])["first_time"]
    assert (both.stopped, both.margin, both.money) == (None, None, None)
    assert costs_of(planted, value_tier=["top"])["on_time"].money is None


def test_cases_add_up_over_the_groups_of_a_column(planted):
    codes = [code for (code,) in planted.rows("select distinct region from result_promise_case")]
    total = planted.rows("select sum(n_cases) from result_promise_case where promise = 'on_time'")[0][0]
    parts = [
        planted.rows(f"select sum(n_cases) from result_promise_case where promise = 'on_time' and region = '{code}'")[
            0
        ][0]
        for code in codes
    ]
    assert sum(part or 0 for part in parts) == total


def test_every_row_carries_what_makes_it_believable_and_small_groups_are_left_out(planted):
    rows = planted.rows(
        "select value, low, high, n_cases, n, n_kept, method, first_on, last_on from result_promise_cost"
    )
    assert rows
    for value, low, high, n_cases, n, n_kept, method, first_on, last_on in rows:
        assert low < value < high
        assert n_cases >= n >= 10
        assert n_kept >= 10
        assert method == promise_cost.METHOD
        assert first_on < last_on <= date(2026, 4, 1)  # six months must have passed after the month


def test_a_pillar_that_names_no_metric_or_no_column_of_it_is_refused_with_the_nearest_name(planted):
    settings = planted.settings

    def with_pillar(**changes):
        pillar = Pillar(promise={"en": "x", "fr": "x"}, **changes)
        return facts(settings.model_copy(update={"pillars": {"p": pillar}}))

    with pytest.raises(UnknownName, match="promise_kept"):
        refuse_unknown(with_pillar(metric="promise_keept"), planted.catalogue)
    with pytest.raises(UnknownName, match="'kind'"):
        refuse_unknown(with_pillar(metric="promise_kept", where={"kinds": ["delivery"]}), planted.catalogue)
    refuse_unknown(with_pillar(metric="promise_kept", where={"kind": ["delivery"]}), planted.catalogue)
