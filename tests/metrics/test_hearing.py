"""Who is heard: propensities, R-indicator, raking and the parts of a change, against independent computation."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize

from metrics.heard import PARTS, TOTAL, funnel, levels, representativeness, score_mix, silent_facts
from metrics.heard_findings import heard_findings, mix_finding
from metrics.query import measure
from metrics.results import score_mix as step
from metrics.stats import propensity, raking
from metrics.stats.jackknife import GROUPS
from tests.company import last_year

LEVELS = (5, 4, 3)


def answered(seed: int, customers: int, slope: float) -> tuple[list[np.ndarray], np.ndarray, np.ndarray, np.ndarray]:
    """Cells of customers who answer more readily by level: codes, customers, heard, and each one's true propensity."""
    rng = np.random.default_rng(seed)
    codes = [rng.integers(0, n, customers) for n in LEVELS]
    odds = -1 + sum(slope * np.linspace(-1, 1, n)[c] for n, c in zip(LEVELS, codes, strict=True))
    true = 1 / (1 + np.exp(-odds))
    cells, place = np.unique(np.stack(codes), axis=1, return_inverse=True)
    n, heard = np.zeros((cells.shape[1], GROUPS)), np.zeros((cells.shape[1], GROUPS))
    where = (place.ravel(), rng.integers(0, GROUPS, customers))
    np.add.at(n, where, 1)
    np.add.at(heard, where, rng.random(customers) < true)
    return list(cells), n, heard, true


def test_the_fit_is_the_one_that_makes_the_answers_likeliest():
    codes, n, heard, _ = answered(1, 1500, 0.5)
    x = propensity.design(codes)
    fitted = propensity.propensity(x, n.sum(axis=1), heard.sum(axis=1))

    def unlikely(b: np.ndarray) -> float:
        odds = x @ b
        return float((n.sum(axis=1) * np.logaddexp(0, odds) - heard.sum(axis=1) * odds).sum())

    best = minimize(unlikely, np.zeros(x.shape[1]), method="BFGS")
    assert fitted.coefficients == pytest.approx(best.x, abs=2e-3)
    assert fitted.mean == pytest.approx(heard.sum() / n.sum(), abs=1e-4)


def test_r_indicator_by_hand():
    """Half of the customers answer with 20 %, half with 40 %: S is 0.1, R is 0.8, and the mean can be off by S/mean."""
    x = propensity.design([np.array([0, 1])])
    fitted = propensity.propensity(x, np.array([1e8, 1e8]), np.array([2e7, 4e7]))
    assert 1 - 2 * fitted.deviation == pytest.approx(0.8, abs=1e-4)
    assert fitted.most_bias(75.0) == pytest.approx(0.1 / 0.3 * 75.0, abs=1e-2)
    partial = propensity.unconditional(fitted.share, np.array([1e8, 1e8]), np.array([0, 1]))
    assert partial == pytest.approx([-(0.5**0.5) * 0.1, 0.5**0.5 * 0.1], abs=1e-4)
    assert propensity.conditional(fitted.share, np.ones(2), [np.array([0, 1])]) == pytest.approx(0)
    assert propensity.conditional(fitted.share, np.ones(2), [np.array([0, 0])]) == pytest.approx(0.1, abs=1e-4)


@pytest.mark.parametrize("slope", [0.0, 0.4])
def test_r_is_not_taken_for_chance_and_its_interval_holds(slope):
    hits, found, raw = [], [], []
    for seed in range(40):
        codes, n, heard, true = answered(seed, 1500, slope)
        fitted, r = propensity.r_indicator(propensity.design(codes), n, heard)
        hits.append(r.low - 1e-9 <= 1 - 2 * true.std() <= r.high + 1e-9)
        found.append(r.value)
        raw.append(1 - 2 * np.average((fitted.share - fitted.mean) ** 2, weights=n.sum(axis=1)) ** 0.5)
    assert np.mean(hits) >= 0.9
    assert abs(np.mean(found) - (1 - 2 * true.std())) < (0.03 if slope == 0 else 0.012)
    assert np.mean(raw) < np.mean(found)


def moody(seed: int, customers: int = 4000) -> tuple[list[np.ndarray], np.ndarray, np.ndarray, np.ndarray, float]:
    """The same, whose mood follows their first level: codes, customers, answers, their sums, mean of all customers."""
    codes, n, heard, _ = answered(seed, customers, 0.7)
    rng = np.random.default_rng([seed, 1])
    mood = 0.2 + 0.15 * codes[0]
    total = rng.binomial(heard.astype(int), np.clip(mood, 0, 1)[:, None]).astype(float)
    return codes, n, heard, total, float(np.average(mood, weights=n.sum(axis=1)))


def test_raking_takes_the_bias_away_that_its_margins_see_and_its_interval_holds():
    hits, raw, raked, truth = [], [], [], []
    for seed in range(40):
        codes, n, heard, total, true = moody(seed)
        found = raking.raked(heard, total, n.sum(axis=1), codes)
        hits.append(found.weighted.low <= true <= found.weighted.high)
        raw.append(found.raw.value - true)
        raked.append(found.weighted.value - true)
        truth.append(found.shift.low <= -np.mean(raw) <= found.shift.high)
        assert found.is_converged
    assert np.mean(raw) > 0.04
    assert abs(np.mean(raked)) < 0.006
    assert np.mean(hits) >= 0.88


def test_raked_answers_have_the_margins_of_all_and_keep_their_odds_ratios():
    """What iterative proportional fitting is known for: margins are met, interactions stay (2 x 2 table by hand)."""
    codes, answers = [np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])], np.array([40.0, 10.0, 20.0, 30.0])
    goals = [np.array([0.3, 0.7]), np.array([0.6, 0.4])]
    w, is_converged = raking.weights(answers, goals, codes, np.ones(4))
    table = answers * w
    assert is_converged
    assert np.bincount(codes[0], table) / 100 == pytest.approx(goals[0], abs=1e-5)
    assert np.bincount(codes[1], table) / 100 == pytest.approx(goals[1], abs=1e-5)
    assert table[0] * table[3] / (table[1] * table[2]) == pytest.approx(40 * 30 / (10 * 20), rel=1e-4)


def test_equal_weights_have_no_design_effect_and_small_levels_are_put_together():
    answers = np.full((2, GROUPS), 10.0)
    even = raking.raked(answers, answers / 2, np.array([500.0, 500.0]), [np.array([0, 1])])
    assert even.design_effect == pytest.approx(1)
    assert even.shift.value == pytest.approx(0)
    codes = raking.collapsed(np.array([0, 1, 2, 3]), np.array([100.0, 4.0, 50.0, 3.0]))
    assert len(set(codes)) == 2 or np.bincount(codes, [100, 4, 50, 3]).min() >= raking.LEAST_ANSWERS


def test_the_parts_of_a_change_by_hand():
    """Before: 10 same at 0, 10 gone at -1: mean -0.5. Now: 10 same at 0: mean 0. All of the rise is people who left."""
    sums = np.zeros((4, len(PARTS)))
    sums[:, step.SAME] = (10, 0, 10, 0)
    sums[:, step.GONE] = (10, -10, 0, 0)
    found = step.mix(sums)
    assert found.total == pytest.approx(0.5)
    assert dict(zip(PARTS, found.parts, strict=True)) == pytest.approx(
        {"same": 0, "gone": 0.5, "silent": 0, "new": 0, "again": 0}
    )


def test_the_funnel_is_that_of_the_catalogue(planted):
    steps = {s.step: s for s in planted.ask(funnel, last_year())}
    (coverage,) = planted.ask(lambda c, k, s: measure(c, k, "coverage", s), last_year())
    (silent,) = planted.ask(lambda c, k, s: measure(c, k, "silent_revenue", s), last_year())
    assert steps["heard"].share == pytest.approx(coverage.value)
    assert 1 - steps["heard"].revenue_share == pytest.approx(silent.value)
    assert steps["active"].n_active == coverage.denominator
    order = [steps[name].customers for name in ("active", "asked", "reached", "heard") if name in steps]
    assert order == sorted(order, reverse=True)


def test_scores_are_those_of_active_customers_and_their_bounds_hold_them(planted):
    found = planted.ask(representativeness, last_year())
    assert list(found) == ["nps", "nps_transactional", "csat"]
    for r in found.values():
        assert r.raw_low < r.raw < r.raw_high
        assert r.raked_low < r.raked < r.raked_high
        assert r.bound_low < r.raw < r.bound_high
        assert r.r_low <= r.r <= r.r_high <= 1
        assert r.shift == pytest.approx(r.raked - r.raw)
        assert r.is_converged
        assert r.design_effect >= 1
    (nps,) = planted.ask(lambda c, k, s: measure(c, k, "nps", s), last_year())
    assert found["nps"].raw == pytest.approx(nps.value, abs=1.5)
    assert found["nps"].n_answers <= nps.n


def test_the_unhappy_speak_up_more_so_weighting_lifts_the_score(planted):
    """Planted: the unhappy answer more readily (REPLIES_UNHAPPY), and who lived a broken promise is less happy."""
    assert planted.ask(representativeness, last_year())["nps"].shift > 0
    told = {(level.variable, level.level) for level in planted.ask(levels, last_year(), "nps") if level.is_told}
    assert ("promises", "broken") in told
    assert not {variable for variable, _ in told} & {"persona", "acquisition_channel"}


def test_parts_add_up_to_the_change_between_the_two_years(planted):
    for metric in ("nps", "csat"):
        parts = planted.ask(score_mix, last_year(), metric)
        total = parts.pop(TOTAL)
        assert sum(part.value for part in parts.values()) == pytest.approx(total.value)
        assert total.now - total.before == pytest.approx(total.value)
        assert sum(part.n_now for part in parts.values()) == total.n_now
        assert mix_finding(metric, parts | {TOTAL: total}, planted.catalogue).key.startswith("finding.mix.")


def test_facts_of_heard_and_silent_are_those_of_the_panel(planted):
    facts = {fact.fact: fact for fact in planted.ask(silent_facts, last_year())}
    assert set(facts) == {"kept", "again", "stopped"}
    ((heard, silent),) = planted.rows(
        "with kept as (select is_heard_12m, 1 - sum(n_broken_promises_12m) / sum(n_promises_12m) as share "
        "from fct_customer_month where month_end = date '2026-10-31' and is_active group by is_heard_12m) "
        "select max(share) filter (where is_heard_12m), max(share) filter (where not is_heard_12m) from kept"
    )
    assert (facts["kept"].heard, facts["kept"].silent) == pytest.approx((heard, silent))
    assert all(fact.low < fact.value < fact.high for fact in facts.values())


def test_everything_shown_is_of_min_group_people_and_of_one_group_at_a_time(planted):
    smallest = planted.rows(
        "select min(least(n_heard, n_customers - n_heard)) from result_representativeness union all "
        "select min(least(n_heard, n - n_heard)) from result_hearing_level union all "
        "select min(least(n_heard, n_silent)) from result_silent_fact"
    )
    assert all(n >= planted.settings.thresholds.min_group for (n,) in smallest)
    one = last_year(region=["north"])
    assert planted.ask(representativeness, one)["nps"].n_answers < 600
    assert planted.ask(representativeness, last_year(region=["north"], persona=["families"])) == {}
    assert planted.ask(levels, replace(last_year(), scope=(("region", ("north",)),)), "nps") == ()


def test_findings_say_what_is_silent_and_what_weighting_changes(planted):
    steps, found = planted.ask(funnel, last_year()), planted.ask(representativeness, last_year())
    told = heard_findings(steps, found["nps"], planted.catalogue)
    assert told[0].key == "finding.heard.revenue"
    assert told[1].key in ("finding.heard.shifted", "finding.heard.same")
    assert [f.key for f in heard_findings((), None, planted.catalogue)] == ["finding.heard.none"]
    (two_groups,) = heard_findings((), None, planted.catalogue, is_one_group=False)
    assert two_groups.key == "finding.heard.one_group"
