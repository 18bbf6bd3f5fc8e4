"""Cost to serve: sums that reconcile, concentration against lot by hand, and the lessons of the register."""

import numpy as np
import pytest

from metrics.costs_to_serve import costs, learnt
from metrics.results.cost_to_serve import Served, by_lot, concentrations, share_of, top_share
from tests.company import last_year


def test_the_share_of_the_costliest_is_that_of_a_hand_count():
    cost = np.array([0.0] * 15 + [1, 1, 2, 6, 10])
    assert top_share(cost, 0.10) == pytest.approx(16 / 20)
    assert top_share(cost, 0.05) == pytest.approx(10 / 20)
    assert top_share(np.zeros(20), 0.05) is None


def test_by_lot_some_bear_more_than_their_share_though_nobody_is_special():
    """1,000 calls of one price among 1,000 customers: Poisson of mean 1; the most called 5 % take about 17 %."""
    counts = np.sort(np.random.default_rng(1).poisson(1.0, 200_000))
    expected = counts[-10_000:].sum() / counts.sum()
    assert by_lot(np.ones(1000), 1000, 0.05) == pytest.approx(expected, abs=0.01)


def test_customers_who_call_by_lot_are_not_shown_as_costlier_than_lot():
    rng = np.random.default_rng(2)
    number = rng.integers(0, 2000, 3000)
    cost = rng.gamma(2, 2, 3000)
    customers = {"cost": np.bincount(number, cost, minlength=2000), "bucket": np.arange(2000) % 20}
    for found in concentrations(Served(customers, {"number": number, "cost": cost}), 10):
        share, value, low, high, lot = found[:5]
        assert low < lot < high, share
        assert value == pytest.approx(lot, abs=0.02)


def test_cost_over_margin_has_the_interval_of_a_ratio():
    rng = np.random.default_rng(3)
    hits = []
    for _ in range(200):
        margin = rng.gamma(2, 50, 400)
        found = share_of(0.03 * margin + rng.gamma(1, 1, 400), margin)
        hits.append(found.low <= 0.04 <= found.high)
    assert np.mean(hits) >= 0.91
    assert share_of(np.ones(3), -np.ones(3)).value is None


def test_the_cost_of_all_is_that_of_the_timed_contacts_of_known_customers(planted):
    found = planted.ask(costs, last_year())
    ((total, timed, n),) = planted.rows(
        "select sum(handling_cost), count(handling_cost), count(*) from fct_contact "
        "where customer_id is not null and started_on between '2025-11-01' and '2026-10-31'"
    )
    everyone = found.everyone
    assert everyone.cost.value * everyone.n == pytest.approx(float(total), rel=1e-6)
    assert (everyone.n_timed, everyone.n_contacts) == (timed, n)
    assert found.top[0].total == pytest.approx(float(total), rel=1e-6)
    assert sum(tier.n for tier in found.tiers[1:]) == everyone.n
    assert sum(r.cost for pair in found.reasons.values() for r in pair if r) == pytest.approx(float(total), rel=1e-6)


def test_more_is_borne_by_the_costliest_than_lot_would_make_and_it_rises_with_their_number(planted):
    five, ten = planted.ask(costs, last_year()).top
    assert five.low > five.by_lot
    assert five.value < ten.value < 1
    assert five.customers == int(0.05 * five.n)


def test_lessons_are_those_of_the_register_as_of_the_period(planted):
    found = planted.ask(learnt, last_year())
    assert found["delivery"].state == "finished"
    assert found["returns"].state == "none"
    assert "billing" not in found


def test_two_limits_at_once_tell_nothing_and_one_is_a_part_of_all(planted):
    assert planted.ask(costs, last_year(persona=["families"], region=["north"])) is None
    north, everyone = planted.ask(costs, last_year(region=["north"])), planted.ask(costs, last_year())
    assert north.everyone.n < everyone.everyone.n
