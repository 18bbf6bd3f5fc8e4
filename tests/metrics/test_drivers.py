"""Drivers: what was planted stands above chance, without effect no fact does, halo and few are said."""

from types import SimpleNamespace

import numpy as np
import pytest

from metrics.drivers import drivers
from metrics.results import drivers as step
from metrics.results.driver_occasions import Question
from metrics.stats.intervals import Estimate
from tests.company import Company, last_year


def told(company: Company) -> dict[tuple[str, str], object]:
    return {(one.outcome, one.basis): one for one in company.ask(drivers, last_year())}


def above_chance(one) -> set[str]:
    return {driver.name for driver in one.drivers if driver.share.is_told}


def test_late_deliveries_and_waits_go_with_leaving_and_with_lower_scores(planted):
    found = told(planted)
    for outcome in ("repurchase", "recommendation"):
        one = found[outcome, "before"]
        assert [driver.name for driver in one.drivers[:2]] == ["delivery", "wait"]
        assert {"delivery", "wait"} <= above_chance(one)
        assert all(driver.way == 1 for driver in one.drivers[:2])


def test_without_effect_no_fact_stands_above_chance_but_the_discount_of_the_flash_sale(null):
    for (_, basis), one in told(null).items():
        facts = {driver.name for driver in one.drivers if driver.source == "fact"}
        assert basis == "same" or above_chance(one) & facts <= {"price"}


def test_shares_add_up_and_the_rarer_outcome_is_counted(planted):
    for one in told(planted).values():
        assert abs(sum(d.share.value.value for d in one.drivers) - one.whole.value.value) < 1e-6
        assert one.n >= 10 * one.n_drivers
        assert 0 <= one.controls + one.whole.value.value <= 1
        assert all(0 <= d.performance.low <= d.performance.value <= d.performance.high <= 1 for d in one.drivers)
    assert 0 < told(planted)["repurchase", "before"].n_events <= told(planted)["repurchase", "before"].n / 2


def test_families_weigh_the_day_and_seniors_the_answer(planted):
    """Planted: a late delivery weighs 1.8 for families, 0.6 for seniors; a bad call 0.6 and 1.9."""
    found = told(planted)["recommendation", "before"]
    weigh = {(part.group[1], part.driver): part for part in found.parts}
    assert weigh["families", "delivery"].share.is_told
    assert weigh["families", "delivery"].beyond.low > 0
    assert weigh["seniors", "delivery"].beyond.high < 0
    assert weigh["seniors", "wait"].share.value.value > weigh["families", "wait"].share.value.value


def test_without_effect_no_fact_stands_above_chance_in_any_group_but_the_discount(null):
    for (_, basis), one in told(null).items():
        facts = {part.driver for part in one.parts if part.share.is_told} - {"emotion", "effort"}
        assert basis == "same" or not {f for f in facts if not f.startswith("rated_")} - {"price"}


def test_a_group_is_answered_by_its_own_customers(planted):
    whole = told(planted)["recommendation", "before"]
    own = {(one.outcome, one.basis): one for one in planted.ask(drivers, last_year(persona=["families"]))}
    one = own["recommendation", "before"]
    assert one.n < whole.n / 2
    assert one.parts == ()
    part = next(part for part in whole.parts if (part.group[1], part.driver) == ("families", one.drivers[0].name))
    assert (part.share, part.n) == (one.drivers[0].share, one.n)


def answered(n: int, share: float, error: float) -> SimpleNamespace:
    """One driver in a group; its standard error by drawing."""
    told = SimpleNamespace(shares=[SimpleNamespace(estimate=Estimate(share), error=error)], controls=0.0)
    return SimpleNamespace(n=n, told=told, found=SimpleNamespace(drivers=("wait",), values=np.ones((n, 1))))


def test_a_share_near_zero_of_few_is_not_surely_less_than_that_of_many():
    """Drawing others makes a share near zero look sure: 287 customers cannot tell 1.2 % from 5 %."""
    question = Question("recommendation", "before", "nps")
    answers = {("channel", "web"): answered(4000, 0.05, 0.01), ("channel", "referral"): answered(287, 0.012, 0.01)}
    found = step.beyond(question, answers)[("channel", "referral"), "wait"]
    assert found.value == pytest.approx(-0.038)
    assert found.high > 0
    answers["channel", "referral"] = answered(4000, 0.012, 0.01)
    assert step.beyond(question, answers)[("channel", "referral"), "wait"].high < 0


def test_two_groups_at_once_have_none(planted):
    assert planted.ask(drivers, last_year(persona=["families"], region=["north"])) == ()


def test_overall_satisfaction_stands_where_nobody_was_asked_to_recommend(ecsi_satisfaction_snapshots):
    found = told(Company.of(ecsi_satisfaction_snapshots))
    assert found["repurchase", "before"].status == "too_few"
    one = found["recommendation", "same"]
    assert (one.measure, one.status, one.n, one.n_drivers) == ("satisfaction", "measured", 250, 7)
    assert {"overall", "advice"} <= above_chance(one)
