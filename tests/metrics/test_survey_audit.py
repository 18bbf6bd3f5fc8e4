"""Signals of rigged surveys: honest stores are not named, the one that rigs is, never on one signal alone."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from scipy import stats

from data.sample import truths
from metrics import survey_trust
from metrics.stats import audit, peers
from metrics.stats.multiple import holm
from metrics.survey_trust import doubtful, trust_findings, units, without
from tests.company import last_year
from tests.metrics import simulated_stores as simulated

MIN_GROUP = 10
RIGGED = {("store", f"s{simulated.RIGGED:02d}")}


def named(seed: int, is_rigged: bool) -> set:
    company = simulated.company(np.random.default_rng([seed, is_rigged]), is_rigged)
    return audit.worth_an_audit(audit.signals(company, MIN_GROUP))


def test_no_honest_store_is_named_and_the_rigged_one_is():
    honest = [named(seed, is_rigged=False) for seed in range(8)]
    rigged = [named(seed, is_rigged=True) for seed in range(8)]
    assert honest == [set()] * 8
    assert sum(found == RIGGED for found in rigged) >= 6
    assert not any(found - RIGGED for found in rigged)


@pytest.mark.soak
def test_the_error_rates_that_the_page_states_are_those_of_500_companies():
    runs = range(survey_trust.SIMULATED)
    assert sum(bool(named(seed, is_rigged=False)) for seed in runs) == survey_trust.HONEST_NAMED
    found = [named(seed, is_rigged=True) for seed in runs]
    assert sum(one >= RIGGED for one in found) == survey_trust.RIGGED_FOUND
    assert survey_trust.HONEST_NAMED <= 0.05 * survey_trust.SIMULATED
    assert survey_trust.RIGGED_FOUND >= 0.9 * survey_trust.SIMULATED


def test_one_signal_names_nobody_and_two_of_one_family_neither():
    """The honest store that hands out its invitations is told for it, and is not named."""
    for seed in range(3):
        found = audit.signals(simulated.company(np.random.default_rng([seed, 0]), False), MIN_GROUP)
        told = {(s.unit[1], s.name) for s, p in audit.together(found) if p <= audit.LEVEL}
        assert (f"s{simulated.HANDS_OUT:02d}", "handed") in told
    one = next(s for s in found if s.unit[1] == "s05" and s.name == "handed")
    sure = [audit.Signal(one.unit, name, one.value, one.expected, one.n, 9.0, 1e-12) for name in ("handed", "answered")]
    assert audit.worth_an_audit(sure) == set()
    assert audit.worth_an_audit([*sure, audit.Signal(one.unit, "shape", one.value, 0.2, 50, 9.0, 1e-12)]) == {one.unit}


def test_honest_distances_are_standard_whatever_honest_stores_differ_in():
    found = [
        s
        for seed in range(6)
        for s in audit.signals(simulated.company(np.random.default_rng([seed, 0]), False), MIN_GROUP)
        if s.unit[1] not in ("s01", "s02")
    ]
    for name in audit.FAMILIES:
        distances = np.array([s.distance for s in found if s.name == name])
        assert len(distances) > 50, name
        assert np.mean(distances > 1.645) < 0.10, name


def test_bad_scores_that_come_with_problems_are_no_contradiction():
    company = simulated.company(np.random.default_rng(4), False)
    bad = ("store", f"s{simulated.BAD_AFTERWARDS:02d}")
    assert audit.merit(company.scores)[bad] < -audit.WITHIN_NOISE
    assert not [s for s in audit.signals(company, MIN_GROUP) if s.unit == bad and s.name in ("problem", "stopped")]


def test_tails_are_those_of_scipy():
    assert peers.share_tail(7, 20, 0.2) == pytest.approx(stats.binom.sf(7, 20, 0.2) + stats.binom.pmf(7, 20, 0.2) / 2)
    assert peers.share_tail(0, 20, 0.2) == pytest.approx(1 - stats.binom.pmf(0, 20, 0.2) / 2)
    law = stats.nchypergeom_fisher(50, 20, 15, 0.7)
    tail, mean, deviation = peers.fewer_tail(4, 15, 20, 50, 0.7)
    assert tail == pytest.approx(law.cdf(4) - law.pmf(4) / 2)
    assert (mean, deviation) == pytest.approx((law.mean(), law.std()))


def test_the_chance_of_a_net_score_is_that_of_counting_every_way():
    up, down, n = 0.5, 0.2, 4
    ways = [sum(answers) for answers in product((1, -1, 0), repeat=n)]
    chances = [
        np.prod([{1: up, -1: down, 0: 1 - up - down}[a] for a in answers]) for answers in product((1, -1, 0), repeat=n)
    ]
    for net in range(-n, n + 1):
        expected = sum(c for total, c in zip(ways, chances, strict=True) if total == net)
        assert peers.net_chance(n, up, down, net) == pytest.approx(expected)


def test_months_beside_the_bonus_are_told_by_one_answer():
    """Ten answers and a bonus from 50: net 5 just reaches it, net 4 just misses it, net 6 and 3 are not beside it."""
    near = peers.near([(10, 6, 1), (10, 5, 1), (10, 7, 1), (10, 4, 1)], 0.5)
    assert (near.enough, near.missed) == (1, 1)
    rigged = peers.near([(10, 5, 0), (10, 6, 1)] * 10, 0.5)
    assert (rigged.enough, rigged.missed) == (20, 0)
    assert rigged.tail < 1e-6


def test_a_tilted_distribution_has_the_mean_and_keeps_the_shape():
    pooled, values = np.array([0.1, 0.2, 0.3, 0.25, 0.15]), np.array([5.0, 7.0, 8.0, 9.0, 10.0])
    shares = peers.tilted(pooled, values, 8.6)
    assert shares.sum() == pytest.approx(1)
    assert shares @ values == pytest.approx(8.6)
    slopes = np.diff(np.log(shares / pooled)) / np.diff(values)
    assert slopes == pytest.approx(slopes[0])


def test_holm_is_the_published_example():
    """Holm 1979 by hand: four p-values, the least times four, the next times three, never falling."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))


def test_too_few_units_cannot_say_how_honest_ones_differ():
    few = peers.unlike(np.array([0.5, 0.0, 0.0]), np.array([0.01] * 3), np.array([1e-30, 0.5, 0.5]))
    assert [judged.p for judged in few] == [1.0] * 3


def test_the_rigged_store_and_no_other_is_worth_an_audit(planted):
    found = planted.ask(units, last_year())
    assert [unit.code for unit in doubtful(found)] == [truths.STORE.store]
    (finding,) = trust_findings(found)
    assert finding.key == "finding.trust.one"
    assert all(s.low <= s.value <= s.high for unit in found for s in unit.signals)
    assert all(s.n >= MIN_GROUP for unit in found for s in unit.signals if s.signal != "threshold")
    (score, *_) = planted.ask(without, last_year())
    assert score.metric == "nps_transactional"
    assert score.rest - score.whole == pytest.approx(score.value)
    assert score.low < score.value < score.high
    (own,) = planted.rows(
        "select count(*) from fct_survey_answer where store = 'avignon' and instrument = 'nps' "
        "and kind = 'transactional' and answered_at >= timestamp '2025-11-01' and answered_at < timestamp '2026-11-01'"
    )
    assert score.n - score.n_rest == own[0]


def test_without_effect_of_experience_nobody_else_is_named(null):
    found = null.ask(units, last_year())
    assert {unit.code for unit in doubtful(found)} <= {truths.STORE.store}


def test_a_reader_of_some_customers_is_shown_no_unit(planted):
    assert planted.ask(units, replace(last_year(), scope=(("region", ("north",)),))) == ()
