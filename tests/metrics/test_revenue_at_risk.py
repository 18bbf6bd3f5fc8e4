"""Revenue at risk: a known difference is found with its money, none where there is none, heard and unheard add up."""

import numpy as np
import pytest

from metrics.outlook_findings import outlook_findings
from metrics.results import revenue_at_risk as step
from metrics.results.revenue_at_risk import GROUPS, Lived
from metrics.risks import revenue_at_risk
from tests.company import last_year

MARGIN = 100.0


def world(rng: np.random.Generator, effect: float, customers: int = 8000) -> Lived:
    """Who buys more lives more and stops less; calls go wrong oftener than deliveries, and come to those who buy less;
    a bad thing adds `effect` to stopping. Margin of a stayer: 100."""
    shape = (GROUPS, len(step.BANDS), 5, step.PURCHASES, step.EXPOSURES, step.LEVELS)
    band, tier = rng.integers(0, 4, (2, customers)), rng.integers(1, 5, (2, customers))
    bought = np.minimum(1 + rng.poisson(0.5 * tier), step.PURCHASES - 1)
    calls = rng.poisson(0.8, bought.shape)
    exposure = np.minimum(bought + calls, step.EXPOSURES - 1)
    level = np.minimum(rng.binomial(bought, 0.1) + rng.binomial(calls, 0.4), step.LEVELS - 1)
    stopped = rng.random((2, customers)) < 0.40 + 0.08 * band - 0.05 * bought - 0.02 * tier + effect * (level > 0)
    bucket, heard = rng.integers(0, GROUPS, (2, customers)), rng.random(customers) < 0.6

    def counted(side: int, kept: np.ndarray, weight: float = 1.0) -> np.ndarray:
        filled = np.zeros(shape)
        places = (bucket[side], band[side], tier[side], bought[side], exposure[side], level[side])
        np.add.at(filled, tuple(place[kept] for place in places), weight)
        return filled

    everyone = np.ones(customers, bool)
    past = (counted(0, everyone), counted(0, stopped[0]), counted(0, ~stopped[0], MARGIN))
    return Lived(*past, (counted(1, heard), counted(1, ~heard)))


def told(lived: Lived) -> tuple[float, float, float, float]:
    """Value, low, high, and what is true a unit of effect: the margin of those who lived something bad."""
    row = next(step.rows_of("", "", lived, (None, None, None)))
    return *row[3:6], MARGIN * row[8]


def test_a_known_difference_is_found_and_covered():
    rng = np.random.default_rng(21)
    hits = []
    for _ in range(40):
        value, low, high, unit = told(world(rng, 0.15))
        hits.append(low <= 0.15 * unit <= high)
        assert value == pytest.approx(0.15 * unit, rel=0.5)
    assert np.mean(hits) >= 0.85


def test_without_difference_nothing_is_at_risk_on_average_and_negatives_are_kept():
    rng = np.random.default_rng(22)
    found = [told(world(rng, 0.0)) for _ in range(40)]
    assert np.mean([low <= 0 <= high for _, low, high, _ in found]) >= 0.85
    assert any(value < 0 for value, *_ in found)
    assert abs(np.mean([value / unit for value, _, _, unit in found])) < 0.006


@pytest.mark.soak
def test_the_interval_covers_as_often_as_it_says():
    rng = np.random.default_rng(23)
    for effect in (0.0, 0.15):
        found = [told(world(rng, effect)) for _ in range(500)]
        share = np.mean([low <= effect * unit <= high for _, low, high, unit in found])
        assert abs(share - 0.95) <= 0.03, (effect, share)


def test_cells_that_do_not_differ_are_drawn_together_and_those_that_do_are_not():
    size = np.full((2, 2), 400.0)
    alike, apart = np.array([[40.0, 44.0], [36.0, 40.0]]), np.array([[160.0, 0.0], [160.0, 0.0]])
    share = np.full((2, 2), 0.4)
    assert np.ptp(step.shrunk(alike, size, share)) < 0.002
    assert np.ptp(step.shrunk(apart, size, share)) > 0.35


def test_on_the_sample_money_is_at_risk_and_more_bad_things_weigh_more(planted):
    found = planted.ask(revenue_at_risk, last_year())
    whole = found.of("all")
    assert whole.value.low > 0
    assert 0.1 < whole.excess < 0.5
    assert whole.value.value == pytest.approx(found.of("heard").value.value + found.of("never_heard").value.value)
    assert (
        whole.n_active
        == planted.rows("select count(*) from fct_customer_month where is_active and month_end = '2026-10-31'")[0][0]
    )
    assert found.levels[-1].value.value > found.levels[0].value.value
    assert outlook_findings(found, None, 6)[0].key == "finding.outlook.risk"


def test_without_effect_it_is_noise(null):
    found = null.ask(revenue_at_risk, last_year())
    assert abs(found.of("all").excess) < 0.03
    assert outlook_findings(found, None, 6)[0].key == "finding.outlook.risk_noise"


def test_a_group_has_its_own_and_two_at_once_have_none(planted):
    families = planted.ask(revenue_at_risk, last_year(persona=["families"])).of("all")
    assert families.n < planted.ask(revenue_at_risk, last_year()).of("all").n
    assert planted.ask(revenue_at_risk, last_year(persona=["families"], region=["north"])) is None
