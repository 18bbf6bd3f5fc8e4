"""The customer-washing check: strong signs where they are planted and nowhere else, and what cannot be told is said."""

from dataclasses import replace

import numpy as np
import pytest

from data.sample import truths
from data.settings import Limits, Washing
from metrics.query import Measurement
from metrics.selection import Selection
from metrics.stats.intervals import Estimate, wilson
from metrics.stats.multiple import widened
from metrics.washing import CLEAR, FEW, MISSING, SIGNS, SOME, STRONG, Sign, Trial, by_chance, judged, washing
from metrics.washing import washing_findings as told_of
from metrics.washing_asked import worst
from metrics.washing_needs import KINDS, NEEDS
from metrics.washing_tests import TESTS
from tests.company import LAST_YEAR, Company, last_year

WON = "acquisition_channel"
PLANTED = {"processes", "treatment", "disdain", "suggestions", "one_shot"}  # also where experience changes nothing


def signs(company: Company, selection: Selection | None = None, column: str = WON) -> dict[str, Sign]:
    found = company.ask(washing, selection or last_year(), company.settings.washing, column)
    return {sign.name: sign for sign in found}


def strong(found: dict[str, Sign]) -> set[str]:
    return {name for name, sign in found.items() if sign.verdict == STRONG}


def test_signs_are_strong_where_they_were_planted_and_nowhere_else(planted):
    """What 6,000 customers cannot tell yet is not called strong: the target of billing_lyon needs 20,000."""
    found = signs(planted)
    assert strong(found) == PLANTED | {"moments"}
    assert {name for name, sign in found.items() if sign.verdict == SOME} == {"surveys", "emotions"}
    assert found["data"].verdict == found["rational"].verdict == CLEAR
    assert found["hurry"].verdict == FEW


def test_without_effect_the_facts_remain_and_no_moment_of_truth_is_missed(null):
    found = signs(null)
    assert strong(found) == PLANTED
    assert found["moments"].deciding.reason == "no_moment"


def test_the_number_that_decides_is_the_one_planted(planted):
    found = {name: sign.deciding for name, sign in signs(planted).items()}
    again = dict(found["processes"].about)
    assert [again[name][0] for name in ("left", "right", "reason")] == ["chat", "phone", "returns"]
    assert found["processes"].low < truths.MEASURABLE.returns_repeated < found["processes"].high
    assert dict(found["disdain"].about)["team"][0] == truths.NOTES.team
    assert found["disdain"].low < truths.NOTES.share < found["disdain"].high
    assert found["suggestions"].low < 1 - truths.SUGGESTIONS_ACTED_ON < found["suggestions"].high
    assert dict(found["one_shot"].about)["group"][0] == truths.ONE_SHOT.acquisition_channel
    gap = truths.MEASURABLE.second_order_others - truths.MEASURABLE.second_order_flash_sale
    assert found["one_shot"].low < gap < found["one_shot"].high


def test_a_set_of_orders_and_reviews_says_of_each_sign_what_is_missing(olist_8k_snapshots):
    company = Company.of(olist_8k_snapshots)
    found = signs(company, Selection(company.catalogue.ground.whole), "state")
    untold = {name: sign for name, sign in found.items() if sign.verdict in (MISSING, FEW)}
    assert len(untold) >= 9
    assert all(sign.lacks or sign.deciding.reason for sign in untold.values())
    assert set(found["hurry"].lacks) == {"handle_targets", "talk_times"}
    assert found["one_shot"].deciding.name == "never_back"
    (count, first) = told_of(tuple(found.values()))
    assert count.key == "finding.washing.all_missing"
    assert first.key == "washing.tests.never_back"


def test_what_was_not_computed_for_the_selection_is_not_called_absent(planted):
    """A result of a refresh is of everybody or of one group: under other filters nothing was looked at."""
    reasons = {
        name: {
            trial.name: trial.reason for sign in signs(planted, last_year(**where)).values() for trial in sign.trials
        }
        for name, where in {
            "one": {"region": ["north"]},
            "two": {"region": ["north"], "persona": ["seniors"]},
        }.items()
    }
    untold = {reasons["two"][name] for name in ("emotional_drivers", "moment_unanswered", "hurried")}
    assert untold == {"one_group"}
    assert "one_group" not in reasons["one"].values()


def test_a_number_of_all_the_data_names_all_the_data_as_its_period(planted):
    trials = {trial.name: trial for sign in signs(planted).values() for trial in sign.trials}
    whole = planted.catalogue.ground.whole
    assert whole != LAST_YEAR
    assert trials["anonymous_sales"].period == trials["rejected_rows"].period == whole
    assert trials["unidentified"].period == LAST_YEAR
    assert trials["hurried"].period.start < LAST_YEAR.start


def test_the_worst_team_is_looked_for_among_all_not_among_the_highest_shares(planted, monkeypatch):
    """Eight small teams with higher shares, which nobody can tell from chance, do not hide a large one that is sure."""
    small = [replace(team(3, 6), group=(("team", f"small{k}"),)) for k in range(8)]
    sure = replace(team(300, 1000), group=(("team", "large"),))

    def measured(cursor, catalogue, name, asked, by=()):
        return (*small, sure) if by else (team(324, 1048),)

    monkeypatch.setattr("metrics.spoken_notes.measure", measured)
    decided = signs(planted)["disdain"].deciding
    assert dict(decided.about)["team"][0] == "large"
    assert decided.verdict == STRONG


def test_a_filter_on_two_columns_and_one_on_a_small_group_are_survived(sample):
    for where in ({"region": ["north"], "persona": ["seniors"]}, {"persona": ["professionals"]}):
        found = signs(sample, last_year(**where))
        assert len(found) == len(SIGNS)
        assert all(sign.deciding.sentence() for sign in found.values())


@pytest.mark.parametrize(
    ("name", "low", "high", "verdict"),
    [
        ("transfers", 0.21, 0.30, STRONG),
        ("transfers", 0.19, 0.30, SOME),
        ("transfers", 0.05, 0.30, FEW),
        ("transfers", 0.05, 0.0999, CLEAR),
        ("actions_started", 0, 0, STRONG),
        ("actions_started", 1, 1, CLEAR),
        ("moment_unanswered", -0.02, 0.09, STRONG),
        ("moment_unanswered", -0.02, 0.15, SOME),
        ("moment_unanswered", 0.15, 0.25, FEW),
        ("moment_unanswered", 0.21, 0.50, CLEAR),
    ],
)
def test_a_verdict_needs_the_whole_interval_beyond_its_limit(name, low, high, verdict):
    assert judged(name, getattr(Washing(), name), Estimate((low + high) / 2, low, high)) == verdict


def trial(verdict: str, **more) -> Trial:
    return Trial("transfers", 0.1, 0.2, verdict, **more)


@pytest.mark.parametrize(
    ("verdicts", "whole"),
    [
        ((CLEAR, CLEAR), CLEAR),
        ((CLEAR, FEW), FEW),
        ((CLEAR, MISSING), MISSING),
        ((MISSING, SOME), SOME),
        ((SOME, FEW, STRONG), STRONG),
    ],
)
def test_a_sign_is_as_bad_as_its_worst_test_and_clear_only_when_all_are(verdicts, whole):
    sign = Sign(1, "data", tuple(map(trial, verdicts)))
    assert sign.verdict == sign.deciding.verdict == whole


def test_every_test_has_its_limits_its_number_and_its_needs():
    tests = [name for _, names in SIGNS for name in names]
    assert set(tests) == set(TESTS) == set(NEEDS) == set(Washing.model_fields)
    assert {kind for needs in NEEDS.values() for kind in needs} == set(KINDS)
    for name in tests:
        limits = getattr(Washing(), name)
        assert isinstance(limits, Limits)


def team(bad: int, n: int) -> Measurement:
    e = wilson(bad, n)
    span = LAST_YEAR.start, LAST_YEAR.end
    return Measurement("disparaging_notes", (), *span, bad, n, e.value, e.low, e.high, n, n, "shown")


def test_the_worst_of_many_honest_teams_is_not_called_strong_and_a_bad_one_is():
    """At the limit itself, which no honest company is: at most one company in twenty."""
    rng, limit, named, found = np.random.default_rng(3), Washing().disparaging.strong, 0, 0
    for _ in range(200):
        sizes = rng.integers(30, 300, 56)
        teams = [team(int(rng.binomial(n, limit)), int(n)) for n in sizes]
        named += worst(teams, len(teams))[0].low >= limit
        teams = [team(int(rng.binomial(n, 0.02)), int(n)) for n in sizes[1:]] + [team(int(rng.binomial(100, 0.3)), 100)]
        found += worst(teams, len(teams))[0].low >= limit
    assert named <= 200 * 0.05 + 4
    assert found >= 200 * 0.8


def test_an_interval_grows_with_how_many_were_looked_at():
    one = Estimate(0.3, 0.2, 0.4)
    assert widened(one, 1).low == pytest.approx(0.2)
    assert widened(one, 50).low < widened(one, 5).low < 0.2


def test_chance_is_counted_over_what_was_judged_by_an_interval():
    sampled, counted = trial(CLEAR, value=0.1, low=0.05, high=0.15), trial(CLEAR, value=0.1, low=0.1, high=0.1)
    assert by_chance([Sign(1, "data", (sampled, sampled, counted, trial(MISSING)))]) == pytest.approx(0.05)


def test_what_is_found_is_said():
    sign = Sign(1, "data", (trial(CLEAR, value=0.1, low=0.05, high=0.15, n=100),))
    missing = replace(sign, trials=(trial(MISSING, lacks=("contacts",)),))
    assert [f.key for f in told_of([sign])] == ["finding.washing.clear"]
    assert [f.key for f in told_of([missing])] == ["finding.washing.untold"]
