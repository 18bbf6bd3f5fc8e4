"""Culture before tools: what employees answer, whether it holds, and whether customers feel it."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from data.sample import truths
from metrics.culture import METRIC, CultureEffect, culture_effects, culture_findings, reliabilities
from metrics.query import Measurement, measure
from metrics.results import culture, tools
from metrics.stats.permutation import slope
from tests.company import last_year

TOLD = CultureEffect(
    "experience", "", "told", 0.8, 0.5, 1.0, 0.001, None, None, None, 900, 0.4, 0.8, *[date(2025, 6, 16)] * 3
)
WHOLE = Measurement(METRIC, (), date(2025, 11, 1), date(2026, 11, 1), value=3.2, low=3.1, high=3.3, n=900, people=40)


def by(company, column: str) -> dict[str, Measurement]:
    return {m.group[0][1]: m for m in measure(company.cursor, company.catalogue, METRIC, last_year(), (column,))}


def test_customers_rate_teams_of_a_strong_culture_better(planted):
    lived = next(e for e in planted.ask(culture_effects, last_year()) if e.question == "experience")
    assert lived.is_told
    assert lived.low > 0
    assert lived.asked_on < lived.first_on
    assert len(lived.teams) >= 8
    assert lived.icc1 > 0.2


def test_the_survey_that_a_store_hands_out_itself_says_nothing_of_its_culture(planted):
    teams = {team.team for e in planted.ask(culture_effects, last_year()) for team in e.teams}
    assert f"store_{truths.STORE.store}" not in teams


def test_every_team_shown_has_people_and_answers_enough(planted):
    least = planted.settings.thresholds.min_group_culture
    for effect in planted.ask(culture_effects, last_year()):
        assert all(team.n_people >= least and team.n >= tools.LEAST_ANSWERS for team in effect.teams)


def test_the_score_is_that_of_the_answers_turned_and_stretched(planted):
    ((expected,),) = planted.rows(
        "select avg(if(better = 'low', 6 - score, score)) from canonical.culture_answers where asked_on = '2026-06-15'"
    )
    whole = measure(planted.cursor, planted.catalogue, METRIC, last_year())[0]
    assert whole.value == pytest.approx(expected)
    assert by(planted, "office")["back"].value < by(planted, "office")["front"].value


def test_fewer_employees_than_the_minimum_are_never_shown(planted):
    for group in by(planted, "team").values():
        if group.value is not None:
            assert group.people >= planted.settings.thresholds.min_group_culture


def test_alpha_is_told_for_each_signal_and_for_all(planted):
    found = planted.ask(reliabilities, last_year())
    assert [one.signal for one in found] == [
        *("", "formal", "informal", "management", "organisation", "practices", "process")
    ]
    assert all(one.low < one.value < one.high and one.n_items in (4, 24) for one in found)


def test_a_tool_that_helps_strong_cultures_more_is_found_and_one_that_helps_all_alike_is_not():
    rng = np.random.default_rng(2024)
    found = {0.0: 0, 1.0: 0}
    for extra in found:
        for _ in range(60):
            score = rng.normal(size=28)
            table = months_of_teams(rng, score, extra)
            changes = tools.own_changes(table, [f"t{n}" for n in range(28)])
            one = slope(score, changes, np.zeros(28), np.full(28, 0.05))
            found[extra] += one.p < culture.AGREES and one.estimate.low > 0
    assert found[1.0] >= 54
    assert found[0.0] <= 6


def months_of_teams(rng, score: np.ndarray, extra: float) -> dict[str, np.ndarray]:
    """40 teams over 24 months of one season; the first 28 get a tool after 8 to 14 months."""
    team, month = np.repeat(np.arange(40), 24), np.tile(np.arange(24), 40)
    start = np.where(team < 28, 8 + team % 7, 99)
    is_after = month > start
    gain = np.append(0.2 + extra * score, np.zeros(12))[team]
    mean = rng.normal(size=40)[team] + np.sin(month) + is_after * gain + 0.6 * rng.normal(size=len(team))
    return {
        "team": np.char.add("t", team.astype(str)),
        "department": np.full(len(team), "care"),
        "month": month,
        "is_after": is_after,
        "score": mean,
        "n": rng.integers(5, 40, len(team)),
    }


def test_the_finding_says_what_is_told_and_never_more():
    assert [f.key for f in culture_findings([TOLD], WHOLE, ())] == ["finding.culture.better"]
    worse = replace(TOLD, value=-0.8, low=-1.0, high=-0.5)
    assert culture_findings([worse], WHOLE, ())[0].holes["low"] == (0.5, "times:1")
    noise = replace(TOLD, status="noise")
    shown = replace(WHOLE, status="shown")
    assert [f.key for f in culture_findings([noise], shown, ())] == ["finding.culture.level"]
    weak = replace(shown, group=(("signal", "process"),), value=2.5, low=2.4, high=2.6)
    assert culture_findings([noise], shown, [weak])[1].holes["signal"] == ("process", "code:signal")
    assert culture_findings([], replace(WHOLE, n=None, value=None), ())[0].key == "finding.culture.never"
