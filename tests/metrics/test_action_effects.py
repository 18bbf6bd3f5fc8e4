"""The sample's actions: the one that worked, the one that did nothing, the one too recent; placebos; loops closed."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from data.sample import truths
from metrics.actions import action_months, actions, finished, recovery
from metrics.results import action_series
from metrics.results.action_effects import NO_EVIDENCE, TOO_EARLY, WORKED, Row, judge
from metrics.results.action_series import Registered, series, whole_months
from metrics.selection import Selection, months_later
from tests.company import LAST_YEAR, Company, last_year

REGIONS = ("north", "east", "south", "west", "paris")
PLACEBOS = 60
METRICS = ("nps", "repeat_contact_rate", "csat", "transfer_rate")


def numbered(action: truths.Action) -> str:
    return f"ACT-{action.number}"


def verdicts(company: Company) -> dict:
    return {acted.entry.action_id: acted.verdict for acted in company.ask(actions, last_year())}


def test_the_action_that_worked_is_found_and_its_size_is_in_the_interval(planted):
    found = verdicts(planted)[numbered(truths.WORKED)]
    assert found.verdict == WORKED
    assert found.low < truths.MEASURABLE.worked_repeat_change < found.high < 0
    assert found.came_true == "yes"
    assert (found.is_declared, found.compared) == (True, ("east", "south"))
    assert (found.before_to, found.after_from, found.after_to) == (
        *(date(2025, 3, 1), date(2025, 8, 1), date(2026, 8, 1)),
    )
    assert found.after - found.before - (found.other_after - found.other_before) == pytest.approx(found.value, abs=0.01)


def test_the_action_without_effect_shows_what_could_have_been_found(planted):
    found = verdicts(planted)[numbered(truths.DID_NOTHING)]
    assert found.verdict == NO_EVIDENCE
    assert found.low < 0 < found.high
    assert found.detectable > found.high - found.value


def test_the_recent_action_is_too_early_and_told_from_when(planted):
    found = verdicts(planted)[numbered(truths.TOO_RECENT)]
    assert (found.verdict, found.told_from, found.value) == (TOO_EARLY, date(2027, 2, 1), None)


def test_an_idea_has_no_verdict(planted):
    found = verdicts(planted)["ACT-4"]
    assert (found.state, found.verdict) == ("none", None)


def test_without_effect_nothing_worked(null):
    found = finished(null.ask(actions, last_year()))
    assert not found[WORKED]
    assert [a.entry.action_id for a in found[TOO_EARLY]] == [numbered(truths.TOO_RECENT)]


def test_months_of_both_sides_stand_beside_each_other(planted):
    months = planted.ask(action_months, last_year(), numbered(truths.WORKED))
    assert set(months) == {"acted", "compared"}
    assert len(months["acted"]) == len(months["compared"]) == 33
    ((value, n),) = planted.rows("""
        select avg(cast(repeat_within_7d as double)), count(repeat_within_7d) from fct_contact
        where region = 'west' and date_trunc('month', started_at) = '2025-09-01' and repeat_within_7d is not null
    """)
    month = next(m for m in months["acted"] if m.month == date(2025, 9, 1))
    assert (month.value, month.n) == (pytest.approx(value), n)


def test_who_may_see_some_customers_only_gets_the_register_without_numbers(planted):
    scoped = Selection(LAST_YEAR, "none", (), (("region", ("west",)),))
    assert all(acted.verdict is None for acted in planted.ask(actions, scoped))
    assert planted.ask(action_months, scoped, numbered(truths.WORKED)) == {}


def action(number: int, **changes: object) -> Registered:
    plain = Registered(f"P-{number}", "nps", None, (("region", "west"),), (), 1.0, None, None, date(2025, 8, 1))
    return replace(plain, **changes)


def judged(company: Company, action: Registered) -> Row:
    row = Row(action.number, "finished", expected=action.expected)
    judge(company.cursor, company.catalogue, company.settings, action, [action], row)
    return row


def placebo(company: Company, rng: np.random.Generator, number: int) -> Registered:
    """A useless action in a region: every second one in the worst region of the month before, the others anywhere."""
    metric = company.catalogue.metrics[METRICS[number % len(METRICS)]]
    months = whole_months(company.catalogue, metric)
    opened = int(rng.integers(14, len(months) - 8))
    region = str(rng.choice(REGIONS))
    if number % 2 == 0:
        found = series(company.cursor, company.catalogue, metric, ("region",), {})
        good = {"up": 1, "down": -1}[metric.direction]
        before = good * (found.values[:, opened - 1] - np.nanmean(found.values[:, : opened - 1], axis=1))
        region = found.units[int(np.nanargmin(before))][0]
    done = months_later(months[opened], int(rng.integers(0, 4)))
    return action(
        number, metric=metric.name, where=(("region", region),), opened_on=months[opened], started_on=done, done_on=done
    )


def test_of_sixty_placebos_hardly_any_worked(null):
    rng = np.random.default_rng(1954)
    rows = [judged(null, placebo(null, rng, number)) for number in range(PLACEBOS)]
    assert sum(row.verdict == WORKED for row in rows) <= 0.05 * PLACEBOS
    assert sum(row.verdict == NO_EVIDENCE for row in rows) >= 0.6 * PLACEBOS


@pytest.mark.soak
def test_of_a_thousand_placebos_at_most_five_in_a_hundred_worked(null):
    rng = np.random.default_rng(2026)
    rows = [judged(null, placebo(null, rng, number)) for number in range(1_000)]
    assert sum(row.verdict == WORKED for row in rows) <= 50


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"metric": ""}, "no_metric"),
        ({"metric": "no_such_metric"}, "no_metric"),
        ({"where": (("planet", "mars"),)}, "no_columns"),
        ({"where": (("region", "atlantis"),)}, "no_columns"),
        ({"where": ()}, "no_comparison"),
        ({"compared": (("region", "atlantis"),)}, "no_comparison"),
        ({"opened_on": date(2024, 3, 1), "done_on": date(2024, 4, 1)}, "few_months"),
    ],
    ids=str,
)
def test_what_cannot_be_told_says_why(planted, changes, why):
    row = judged(planted, action(1, **changes))
    assert (row.verdict, row.why) == ("cannot_tell", why)


def test_a_series_without_comparison_never_worked(planted):
    """The carrier made the north late: everybody's NPS fell, and nobody is there to compare with."""
    row = judged(planted, action(1, where=(), expected=-1.0))
    assert row.verdict == "cannot_tell"
    assert row.method == "interrupted_series"
    assert row.low < row.value < row.high


def test_without_a_year_before_the_months_before_are_what_is_told(planted):
    row = judged(planted, action(1, where=(), opened_on=date(2024, 10, 1), done_on=date(2024, 11, 1)))
    assert (row.verdict, row.why, row.method) == ("cannot_tell", "no_comparison", "before_after")
    assert row.low < row.value < row.high


@pytest.mark.parametrize(("acted", "others"), [(REGIONS[:4], 1), (REGIONS[:3], 2)])
def test_too_few_units_says_how_many_there_are(planted, acted, others):
    row = judged(planted, action(1, where=tuple(("region", code) for code in acted)))
    assert (row.verdict, row.why, row.n_units) == ("cannot_tell", "few_units", others)


def test_amounts_and_quantiles_are_compared_in_their_unit(planted):
    sales = judged(planted, action(1, metric="revenue"))
    assert abs(sales.value) < sales.before
    seconds = judged(planted, action(2, metric="wait_p50"))
    assert seconds.verdict == NO_EVIDENCE
    assert 10 < seconds.before < 1_000


def test_customers_called_back_recover_where_it_is_planted(planted, null):
    found = planted.ask(recovery, last_year())
    assert found["next_score"].difference.low > 0
    assert found["former_score"].difference.low < 0 < found["former_score"].difference.high
    assert found["answered"].difference.low < 0 < found["answered"].difference.high
    assert null.ask(recovery, last_year())["next_score"].difference.low < 0


def test_the_share_called_back_is_what_was_planted(planted):
    ((share,),) = planted.rows("""
        select avg(cast(is_called_back_48h as double)) from fct_survey_answer where is_called_back_48h is not null
    """)
    assert share == pytest.approx(truths.CALLED_BACK * 0.72, abs=0.02)


def test_too_few_people_on_a_side_show_nothing(planted):
    """Of each part the fullest month counts: the same people may come back every month."""
    row = Row("P-1", "finished")
    strict = replace(planted.catalogue, ground=replace(planted.catalogue.ground, min_group=10_000))
    wanted = action(1)
    assert judge(planted.cursor, strict, planted.settings, wanted, [wanted], row) is None
    assert (row.why, row.value, row.n) == ("few_people", None, None)


def test_people_of_teams_are_not_added_up_since_they_may_be_the_same(planted):
    metric = planted.catalogue.metrics["repeat_contact_rate"]
    teams, regions = (series(planted.cursor, planted.catalogue, metric, (column,), {}) for column in ("team", "region"))
    assert (teams.people_at_least((0, 1)) == teams.people[:2].max(axis=0)).all()
    assert (regions.people_at_least((0, 1)) == regions.people[:2].sum(axis=0)).all()


def test_a_team_beyond_the_largest_units_is_kept_when_it_is_named(planted, monkeypatch):
    monkeypatch.setattr(action_series, "MOST_UNITS", 2)
    metric = planted.catalogue.metrics["repeat_contact_rate"]
    found = series(planted.cursor, planted.catalogue, metric, ("team",), {}, ((("team", "mail_dijon"),),))
    assert ("mail_dijon",) in found.units
    assert len(found.units) == 3


def test_a_team_and_nothing_else_is_where_it_was_done(planted):
    """The billing target of the sample, as an action: fewer seconds, and customers who come back more."""
    team = {"where": (("team", truths.BILLING.team),), "opened_on": truths.BILLING.starts_on}
    team |= {"started_on": truths.BILLING.starts_on, "done_on": truths.BILLING.starts_on}
    seconds = judged(planted, action(1, metric="aht", expected=-50.0, **team))
    assert seconds.verdict == WORKED
    assert seconds.low < truths.MEASURABLE.billing_handle_seconds < seconds.high
    assert truths.BILLING.comparison in seconds.compared
    repeats = judged(planted, action(2, metric="repeat_contact_rate", expected=-0.02, **team))
    assert (repeats.verdict, repeats.came_true) == (NO_EVIDENCE, "short")
    assert repeats.low > 0
