"""Handle time and repeats: targets found from the data alone, effects as planted, evidence in its order."""

from dataclasses import replace
from datetime import date

import duckdb
import pytest

from data.sample import truths
from data.settings import load_settings
from metrics.handle_time_findings import handle_time_findings
from metrics.handle_times import avoidable, correlations, deciles, pace, targets
from metrics.query import measure
from metrics.results import targets as step
from metrics.selection import Period, Selection
from tests.company import LAST_YEAR, last_year
from tests.conftest import ROOT

TRUTH = truths.BILLING
SECONDS, POINTS = -40.0, 0.10  # of the made-up world
STARTS = date(2025, 7, 1)
WORLD = """
create schema canonical;
create table setting as select timestamp '2026-05-01' as as_of, timestamp '2023-06-01' as data_from, 6 as stop_months;
create table fct_order (customer_id varchar, ordered_on date, is_sale boolean);
create table canonical.teams (team varchar, valid_from date, handle_time_target integer);
insert into canonical.teams values
    ('a', null, null), ('a', '2025-07-01', 240), ('b', null, null), ('c', '2020-01-01', 300), ('d', null, null),
    ('e', null, null), ('e', '2025-09-01', 200), ('f', null, null);
create macro lot(i, k) as (hash(i, k) % 1000000) / 1000000.0;
create table fct_contact as
with drawn as (
    select
        i,
        date '2023-06-01' + cast(lot(i, 1) * 1060 as integer) as started_on,
        ['a', 'b', 'c', 'd', 'e', 'a', 'b', 'c', 'f'][
            if(lot(i, 2) < 0.004, 9, 1 + cast(floor(lot(i, 3) * 8) as integer))
        ] as team
    from range(24000) as t(i)
),
placed as (
    select
        *, if(team = 'd', 'other', 'bill') as reason, if(lot(i, 4) < 0.6, 'phone', 'mail') as channel,
        team = 'a' and started_on >= date '2025-07-01' as has_target
    from drawn
)
select
    'I' || i as contact_id, 'C' || (hash(i, 9) % 4000) as customer_id, started_on, team, reason, channel,
    cast(started_on as timestamp) + to_seconds(i) as started_at,
    true as is_inbound, true as is_handled, true as is_identified,
    cast(
        if(channel = 'phone', 300, 400) + 100 * (lot(i, 5) + lot(i, 6) - 1) + if(has_target, {seconds}, 0) as integer
    ) as handle_seconds,
    lot(i, 7) < 0.15 + if(has_target, {points}, 0) as repeat_within_7d,
    lot(i, 7) < 0.18 + if(has_target, {points}, 0) as repeat_any_reason_within_7d,
    false as is_abandoned, false as is_transferred, lot(i, 8) < 0.15 as is_repeat_of_earlier_7d,
    if(hash(i, 9) % 2 = 0, 'north', 'south') as region, 'x' as persona, 'x' as acquisition_channel
from placed;
"""


@pytest.fixture(scope="module")
def made_up() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(WORLD.format(seconds=SECONDS, points=POINTS))
    step.create(connection, load_settings(ROOT / "config.yaml"))
    return connection


def effect(connection: duckdb.DuckDBPyConnection, outcome: str, column: str = "", code: str = "") -> dict:
    sql = "from result_target_effect where team = 'a' and outcome = ? and column_name = ? and code = ?"
    cursor = connection.execute(sql, [outcome, column, code])
    return dict(zip([name for name, *_ in cursor.description], cursor.fetchall()[0], strict=True))


def test_targets_that_came_while_there_is_data_are_found(made_up):
    rows = made_up.execute(
        "select team, started_on, target_seconds, former_seconds, before_from, before_to, after_to, n_compared "
        "from result_target order by all"
    ).fetchall()
    assert rows == [
        ("a", STARTS, 240, None, date(2023, 7, 1), date(2025, 6, 1), date(2026, 5, 1), 2),
        ("e", date(2025, 9, 1), 200, None, date(2023, 9, 1), date(2025, 8, 1), date(2026, 5, 1), 2),
    ]


def test_teams_compared_answer_the_same_and_did_not_change_and_the_others_say_why(made_up):
    found = dict(made_up.execute("select other, why from result_target_team where team = 'a'").fetchall())
    assert found == {"b": "compared", "c": "compared", "e": "own_change", "f": "few"}


def test_the_effect_is_what_was_put_in_for_everyone_and_for_each_group(made_up):
    for group in (("", ""), ("region", "north"), ("region", "south")):
        seconds, repeat = (effect(made_up, outcome, *group) for outcome in ("handle_seconds", "repeat"))
        assert seconds["low"] <= SECONDS <= seconds["high"] < 0
        assert 0 < repeat["low"] <= POINTS <= repeat["high"]
        assert seconds["placebo_low"] <= 0 <= seconds["placebo_high"]
    assert effect(made_up, "handle_median")["low"] <= SECONDS <= effect(made_up, "handle_median")["high"]
    assert effect(made_up, "repeat")["value"] == pytest.approx(effect(made_up, "repeat_any")["value"], abs=0.03)


def test_worked_seconds_hold_the_time_of_those_who_come_back(made_up):
    seconds, repeat, net = (effect(made_up, outcome) for outcome in ("handle_seconds", "repeat", "net_seconds"))
    each = made_up.execute(
        "select avg(handle_seconds) from fct_contact where is_repeat_of_earlier_7d and team in ('a', 'b', 'c') "
        "and started_on >= '2023-07-01' and started_on < '2026-05-01'"
    ).fetchall()[0][0]
    assert net["value"] == pytest.approx(seconds["value"] + each * repeat["value"])
    assert net["low"] < net["value"] < net["high"]


def test_months_part_the_contacts_and_hide_what_few_made(made_up):
    sql = "select sum(n) from result_target_month where team = 'a' and is_target and outcome = 'handle_seconds'"
    counted = (
        "select count(*) from fct_contact where team = 'a' and started_on >= '2023-07-01' and started_on < '2026-05-01'"
    )
    assert made_up.execute(sql).fetchall() == made_up.execute(counted).fetchall()


def test_a_team_too_small_has_no_counts(made_up):
    rows = made_up.execute("select why, n_before from result_target_team where other = 'f' and team = 'a'").fetchall()
    assert rows[0][0] == "few"
    assert rows[0][1] < step.LEAST_CONTACTS


def test_the_billing_target_is_found_with_the_one_team_like_it(planted):
    (target,) = planted.ask(targets, last_year())
    assert (target.team, target.started_on, target.seconds) == (TRUTH.team, TRUTH.starts_on, TRUTH.target_seconds)
    assert target.compared == (TRUTH.comparison,)
    assert {each.why for each in target.looked} <= {"compared", "other_contacts"}
    seconds = target.effects["handle_seconds"]
    assert seconds.low <= truths.MEASURABLE.billing_handle_seconds <= seconds.high < 0
    assert not target.differed_before
    assert target.effects["repeat"].after > target.effects["repeat"].before


def test_without_effect_the_time_stays_and_the_repeats_vanish_and_both_are_told(null):
    (target,) = null.ask(targets, last_year())
    assert target.effects["handle_seconds"].way == "down"
    repeat = target.effects["repeat"]
    assert repeat.low <= 0 <= repeat.high < truths.MEASURABLE.billing_repeat_change
    found = handle_time_findings([target], None, (), None, None)
    assert found[0].key == "finding.contacts.down_flat"
    assert found[1].key == "finding.contacts.net.saved"


def test_quicker_agents_bring_customers_back_only_where_that_was_planted(planted, null):
    there, none = (world.ask(pace, last_year()) for world in (planted, null))
    assert there.is_random
    assert none.is_random
    assert there.low > 0
    assert none.low <= 0 <= none.high


def test_agents_and_months_are_told_of_everyone_only_and_two_limits_tell_nothing(planted):
    assert planted.ask(pace, last_year(persona=["families"])) is None
    (target,) = planted.ask(targets, last_year(persona=["families"]))
    assert target.points == ()
    (none,) = planted.ask(targets, last_year(persona=["families"], region=["north"]))
    assert none.effects == {}
    assert planted.ask(correlations, last_year(persona=["families"], region=["north"])) == ()


def test_the_association_has_the_wrong_sign_which_is_why_it_is_told_last(planted):
    """Shorter contacts bring customers back (planted), and yet longer ones are followed by more of them."""
    overall = planted.ask(correlations, last_year())[0]
    assert overall.reason == ""
    assert overall.low > 0
    tenths = planted.ask(deciles, last_year(), "")
    assert [d.decile for d in tenths] == list(range(1, 11))
    assert sum(d.n for d in tenths) == overall.n
    assert [d.median_seconds for d in tenths] == sorted(d.median_seconds for d in tenths)


def test_avoidable_time_is_that_of_returns_less_chance(planted):
    whole, *reasons = planted.ask(avoidable, last_year())
    assert whole.reason == ""
    assert {a.reason for a in reasons} >= {"billing", "breakdown"}
    seconds, n = planted.rows(
        "select sum(handle_seconds), count(*) from fct_contact where is_repeat_of_earlier_7d and is_handled "
        "and handle_seconds is not null and started_on >= ? and started_on < ?",
        [LAST_YEAR.start, LAST_YEAR.end],
    )[0]
    assert whole.n == n
    assert whole.time.value == pytest.approx(seconds * whole.share_above)
    assert 0 < whole.time.low < whole.time.value < whole.time.high
    assert 0 < whole.chance < 0.05
    assert sum(a.time.value for a in reasons) == pytest.approx(whole.time.value, rel=0.05)


def test_a_resolved_issue_costs_all_contacts_it_took(planted):
    (m,) = measure(planted.cursor, planted.catalogue, "cost_per_resolution", last_year())
    cost, resolved = planted.rows(
        "with spent as (select issue_id, sum(handling_cost) as cost from fct_contact group by issue_id) "
        "select sum(s.cost), count(i.resolved_at) from canonical.issues as i join spent as s using (issue_id) "
        "where s.cost is not null and i.opened_at >= ? and i.opened_at < timestamp '2026-10-02'",
        [LAST_YEAR.start],
    )[0]
    assert m.value == pytest.approx(float(cost) / resolved)
    assert m.low < m.value < m.high


def test_every_row_of_results_carries_its_method_interval_and_n(planted):
    for table in ("target_effect", "target_month", "time_correlation", "time_decile", "repeat_chance", "agent_time"):
        rows = planted.rows(f"select low, value, high, n, method from result_{table}")  # noqa: S608 names above
        assert rows
        assert all(low is None or low <= value <= high for low, value, high, _, _ in rows)
        assert all(n >= 10 and method for *_, n, method in rows)


def test_findings_follow_the_order_of_the_evidence(planted):
    target = planted.ask(targets, last_year())[0]
    agents, found = planted.ask(pace, last_year()), planted.ask(correlations, last_year())
    assert handle_time_findings([target], agents, found, None, None)[0].key.startswith("finding.contacts.down_")
    up = replace(target.effects["repeat"], value=0.08, low=0.05, high=0.11)
    more = replace(target, effects=target.effects | {"repeat": up})
    assert handle_time_findings([more], agents, found, None, None)[0].key == "finding.contacts.down_up"
    apart = replace(target.effects["repeat"], placebo=0.1, placebo_low=0.07, placebo_high=0.13)
    moved = replace(target, effects=target.effects | {"repeat": apart})
    assert [f.key for f in handle_time_findings([moved], agents, found, None, None)] == ["finding.contacts.differed"]
    nobody = replace(target, effects={}, looked=())
    alone = handle_time_findings([nobody], agents, found, None, None)
    assert [f.key for f in alone] == ["finding.contacts.alone", "finding.contacts.pace_more"]
    sorted_calls = replace(agents, is_random=False)
    assert handle_time_findings([], sorted_calls, found, None, None)[0].key == "finding.contacts.correlation_longer"
    assert handle_time_findings([], None, (), None, None)[0].key == "finding.contacts.empty"


def test_two_limits_at_once_say_neither_that_nobody_compares_nor_that_times_are_missing(planted):
    both = last_year(persona=["families"], region=["north"])
    repeats, times = (
        measure(planted.cursor, planted.catalogue, name, both)[0] for name in ("repeat_contact_rate", "aht")
    )
    found = handle_time_findings(
        planted.ask(targets, both), None, (), replace(repeats, status="shown"), None, None, times
    )
    assert [f.key for f in found] == ["finding.contacts.narrow"]


def test_a_period_changes_nothing_in_what_was_computed_at_refresh(planted):
    short = Selection(Period.of_months("2026-09", "2026-10"))
    assert planted.ask(targets, short) == planted.ask(targets, last_year())
