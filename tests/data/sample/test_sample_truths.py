"""What was planted can be seen in the raw exports, by plain counting without the metrics; sizes are in truths.py.

Tolerances are three standard errors or so of a world of 16,000 customers. README.md tells the truths in words.
"""

import math

import pytest

from data.sample import truths

NPS = "100.0 * (avg(cast(cast(score as integer) >= 9 as integer)) - avg(cast(cast(score as integer) <= 6 as integer)))"
MEASURABLE = truths.MEASURABLE


def values(connection, sql: str) -> dict:
    """First column -> the others (the value itself when there is one)."""
    return {row[0]: row[1] if len(row) == 2 else row[1:] for row in connection.execute(sql).fetchall()}


def change(connection, relation: str, treated: str, since: str, measure: str) -> tuple[float, float]:
    """Difference in differences of a mean, and its standard error."""
    rows = values(
        connection,
        f"""select concat(({treated})::integer, ({since})::integer), avg({measure}), var_samp({measure}) / count(*)
            from {relation} group by 1""",
    )
    mean = {key: row[0] for key, row in rows.items()}
    return mean["11"] - mean["10"] - (mean["01"] - mean["00"]), math.sqrt(sum(row[1] for row in rows.values()))


# 1: the carrier
CARRIER = "due_on >= date '2026-02-01'"


@pytest.mark.parametrize("world", ["company", "null_company"])
def test_deliveries_of_one_region_become_late_in_both_worlds(world, request):
    kept = values(
        request.getfixturevalue(world),
        f"""select concat(region = 'north', {CARRIER}), avg(kept::integer) from promise
            where region is not null group by 1""",
    )
    assert kept["truetrue"] == pytest.approx(MEASURABLE.on_time_north_after, abs=0.02)
    assert [kept[key] for key in ("truefalse", "falsetrue", "falsefalse")] == pytest.approx([0.926] * 3, abs=0.015)


def relational_nps_change(connection) -> float:
    rows = values(
        connection,
        f"""select concat(region = 'north', sent_at >= '2026-05-01'), {NPS}
            from surveys join customers using (customer_id)
            where instrument = 'nps' and kind = 'relational' and score is not null and region is not null
                and sent_at >= '2025-02-01' and (sent_at < '2026-02-01' or sent_at >= '2026-05-01') group by 1""",
    )
    return rows["truetrue"] - rows["truefalse"] - (rows["falsetrue"] - rows["falsefalse"])


def test_nps_of_the_region_falls(company):
    assert relational_nps_change(company) == pytest.approx(MEASURABLE.nps_north_change, abs=12)


def test_nps_does_not_fall_without_effect(null_company):
    assert abs(relational_nps_change(null_company)) < 12


def north_share(connection, start: str, end: str) -> float:
    sql = """select avg((region = 'north')::integer) from sale join customers using (customer_id)
             where region is not null and bought_on >= cast(? as date) and bought_on < cast(? as date)"""
    return connection.execute(sql, [start, end]).fetchone()[0]


def test_purchases_of_the_region_fall_months_after_its_nps(company):
    before = north_share(company, "2025-08-01", "2026-02-01")
    assert north_share(company, "2026-02-01", "2026-05-01") == pytest.approx(before, rel=0.08)
    assert north_share(company, "2026-08-01", "2026-11-01") < 0.94 * before


def test_purchases_of_the_region_hold_without_effect(null_company):
    before = north_share(null_company, "2025-08-01", "2026-02-01")
    assert north_share(null_company, "2026-08-01", "2026-11-01") == pytest.approx(before, rel=0.06)


# 2: the handle-time target
BILLING = "(select * from inbound where team like 'billing%' and began_at < timestamp '2026-10-25')"
TREATED, SINCE = "team = 'billing_lyon'", "began_at >= timestamp '2026-01-01'"


@pytest.mark.parametrize("world", ["company", "null_company"])
def test_handle_time_falls_by_the_target_in_both_worlds(world, request):
    seconds, error = change(request.getfixturevalue(world), BILLING, TREATED, SINCE, "handle_seconds")
    assert seconds == pytest.approx(MEASURABLE.billing_handle_seconds, abs=3.5 * error)
    assert error < 8


def test_repeat_contacts_rise_with_the_target(company):
    points, error = change(company, BILLING, TREATED, SINCE, "is_repeated::integer")
    assert points == pytest.approx(MEASURABLE.billing_repeat_change, abs=3.5 * error)
    assert points > 2.5 * error


def test_repeat_contacts_do_not_rise_without_effect(null_company):
    points, error = change(null_company, BILLING, TREATED, SINCE, "is_repeated::integer")
    assert abs(points) < 3.5 * error


def test_the_target_is_in_the_teams_table(company):
    rows = company.execute(
        "select team, valid_from, handle_time_target from teams where handle_time_target is not null"
    )
    assert rows.fetchall() == [("billing_lyon", "2026-01-01", "300")]


# 3: the rigged store
STORE_ANSWERS = "surveys where touchpoint = 'store_purchase' and sent_at >= '2025-01-01'"


def test_the_rigged_store_hands_out_its_survey_and_reaches_its_bonus(company):
    unit = values(company, f"select store, avg((handed_by = 'unit')::integer) from {STORE_ANSWERS} group by 1")
    assert unit.pop("avignon") == 1
    assert max(unit.values()) < 0.25
    nps = values(company, f"select store, {NPS} from {STORE_ANSWERS} and score is not null group by 1")
    assert truths.STORE.bonus_threshold <= nps["avignon"] < truths.STORE.bonus_threshold + 12
    before = company.execute(
        f"""select {NPS} from surveys where store = 'avignon' and touchpoint = 'store_purchase'
            and score is not null and sent_at < '2025-01-01'"""
    ).fetchone()[0]
    assert before < 30


def contacts_a_sale(connection) -> dict[str, float]:
    return values(
        connection,
        """select store, count(distinct contact_id) / count(distinct order_id)
           from (select store, order_id from orders where store is not null and ordered_at >= '2025-01-01')
           left join (select store, contact_id from inbound where began_at >= timestamp '2025-01-01') using (store)
           group by 1""",
    )


def test_customers_of_the_rigged_store_come_back_more_than_those_of_any_other(company):
    rate = contacts_a_sale(company)
    assert rate.pop("avignon") > 1.15 * max(rate.values())


# 4: the seam
def hand_offs(connection) -> dict[str, tuple]:
    return values(
        connection,
        """select chat.reason = 'returns', avg((phone.information_repeated = 'true')::integer),
               avg((chat.answer_code <> phone.answer_code)::integer) filter (chat.question_code = phone.question_code),
               count(*)
           from contacts as chat join contacts as phone using (case_id)
           where chat.channel = 'chat' and phone.channel = 'phone' and chat.transferred_to = phone.team
               and cast(phone.started_at as timestamp) - cast(chat.started_at as timestamp)
                   between interval 1 minute and interval 1 hour group by 1""",
    )


@pytest.mark.parametrize("world", ["company", "null_company"])
def test_chat_hands_returns_over_without_what_was_said(world, request):
    seam = hand_offs(request.getfixturevalue(world))
    repeated, conflicting, n = seam[True]
    assert n > 300
    assert repeated == pytest.approx(MEASURABLE.returns_repeated, abs=0.09)
    assert conflicting == pytest.approx(MEASURABLE.returns_conflicting, abs=0.09)
    assert seam[False][0] < 0.2
    assert seam[False][1] < 0.15


# 5 and 7: experience and stopping
def stopped(connection, experience: str) -> dict[str, tuple]:
    """Persona -> share that bought nothing from May to October 2026, of frequent buyers: after it, without it."""
    return values(
        connection,
        f"""with buyer as (
                select customer_id from sale where bought_on between date '2025-05-01' and date '2026-04-30'
                group by 1 having count(*) >= 2 and max(bought_on) > date '2025-12-01'
            ), exposed as (select customer_id, max(bad) as bad from ({experience}) group by 1)
            select persona, avg(gone) filter (bad = 1), avg(gone) filter (bad = 0) from (
                select persona, bad, (customer_id not in (
                    select customer_id from sale where bought_on > date '2026-04-30'))::integer as gone
                from buyer join exposed using (customer_id) join customers using (customer_id)
            ) where persona is not null group by rollup (persona)""",
    )


DELIVERIES = """select customer_id, (not kept)::integer as bad from promise
                where customer_id is not null and due_on between date '2025-05-01' and date '2026-04-30'"""
CALLS = """select customer_id, (cast(wait_seconds as integer) > 330 or abandoned = 'true'
               or coalesce(information_repeated = 'true', false))::integer as bad
           from inbound where channel = 'phone'
               and began_at between timestamp '2025-05-01' and timestamp '2026-04-30'"""


def test_good_buyers_with_a_bad_experience_stop_twice_as_often(company):
    bad, good = stopped(company, f"{DELIVERIES} union all {CALLS}")[None]
    assert 2 < bad / good < 3.2
    assert good < 0.3


def test_they_do_not_stop_more_often_without_effect(null_company):
    """Who buys more lives more: without effect the exposed even stop a little less."""
    bad, good = stopped(null_company, f"{DELIVERIES} union all {CALLS}")[None]
    assert bad / good < 1.05


def test_deliveries_matter_most_to_families_and_calls_to_seniors(company):
    late, call = stopped(company, DELIVERIES), stopped(company, CALLS)
    after_late = {persona: bad - good for persona, (bad, good) in late.items() if persona}
    after_call = {persona: bad - good for persona, (bad, good) in call.items() if persona}
    assert max(after_late, key=after_late.get) == "families"
    assert after_late["families"] == pytest.approx(MEASURABLE.families_late_effect, abs=0.12)
    assert after_late["seniors"] == pytest.approx(MEASURABLE.seniors_late_effect, abs=0.12)
    assert after_call["seniors"] == pytest.approx(MEASURABLE.seniors_phone_effect, abs=0.16)
    assert after_call["seniors"] > after_call["families"] + 0.05


# 6: acquisition, attention, digital
def test_flash_sale_sells_once(company):
    share = values(
        company,
        """with day as (
               select customer_id, min(bought_on) as first_on, min(bought_on) filter (n = 2) as second_on from (
                   select *, row_number() over (partition by customer_id order by bought_on) as n from sale
               ) group by 1
           )
           select acquisition_channel = 'flash_sale', avg(coalesce(second_on - first_on <= 180, false)::integer)
           from day join customers using (customer_id)
           where first_seen_on >= '2023-11-01' and first_on < date '2026-05-01' group by 1""",
    )
    assert share[True] == pytest.approx(MEASURABLE.second_order_flash_sale, abs=0.06)
    assert share[False] == pytest.approx(MEASURABLE.second_order_others, abs=0.05)


def test_those_who_bring_most_get_no_better_attention(company):
    rows = company.execute(
        """with spent as (
               select customer_id, ntile(4) over (order by sum(cast(net_amount as double))) as quarter
               from order_lines join orders using (order_id) where customer_id is not null
                   and not regexp_matches(order_id, '^O9999') and try_cast(net_amount as double) is not null group by 1
           )
           select quarter, avg(cast(wait_seconds as integer)) filter (channel = 'phone'),
               avg(handle_seconds) filter (channel = 'phone' and reason = 'billing' and team <> 'billing_lyon')
           from inbound join spent using (customer_id) group by 1 order by 1"""
    ).fetchall()
    waits, times = [row[1] for row in rows], [row[2] for row in rows]
    assert max(waits) / min(waits) < 1.12
    assert max(times) / min(times) < 1.12


def test_digital_sales_gain(company):
    share = values(
        company,
        """select ordered_at[:7], avg((sales_channel in ('web', 'app'))::integer) from orders
           where ordered_at[:7] in ('2023-11', '2026-10') group by 1""",
    )
    assert share["2023-11"] == pytest.approx(truths.DIGITAL.sales_first, abs=0.03)
    assert share["2026-10"] == pytest.approx(truths.DIGITAL.sales_last, abs=0.03)


# 8 and 9: the company's own people
def test_headquarters_overrates_more_than_the_front_office(company):
    mean = values(
        company,
        """select office, avg(cast(score as double)) from self_ratings join (
               select distinct department, office from teams) using (department)
           where question = 'delivered' group by 1""",
    )
    assert mean["back"] - mean["front"] == pytest.approx(MEASURABLE.self_rating_difference, abs=0.12)


def test_teams_with_a_strong_culture_are_rated_better(company):
    rows = company.execute(
        """with culture as (
               select team, avg(if(better = 'low', 6 - cast(score as integer), cast(score as integer))) as culture
               from culture_answers where asked_on = '2025-06-16' group by 1
           )
           select regr_slope(rating, culture), corr(rating, culture), count(*) from (
               select team, avg(cast(score as integer)) as rating, any_value(culture) as culture
               from surveys join culture using (team)
               where instrument = 'csat' and contact_id is not null and score is not null group by 1
           )"""
    ).fetchone()
    assert rows[2] == 56
    assert rows[0] > 0.2
    assert rows[1] > 0.5


# 10 and 11: actions, notes
WEST = """(select * from inbound where region in ('west', 'east', 'south')
           and began_at between timestamp '2024-08-01' and timestamp '2026-10-24')"""


def test_the_first_action_worked(company):
    points, error = change(
        company, WEST, "region = 'west'", "began_at >= timestamp '2025-08-01'", "is_repeated::integer"
    )
    assert points == pytest.approx(MEASURABLE.worked_repeat_change, abs=3.5 * error)


def test_the_first_action_moves_nothing_without_effect(null_company):
    points, error = change(
        null_company, WEST, "region = 'west'", "began_at >= timestamp '2025-08-01'", "is_repeated::integer"
    )
    assert abs(points) < 3.5 * error


def test_the_register_names_regions_that_exist(company):
    rows = company.execute("select applies_to, comparison, done_on from actions where status = 'done'").fetchall()
    assert rows[0] == ("region=west", "region=east;region=south", "2025-08-01")
    assert len(rows) == 3


@pytest.mark.parametrize("world", ["company", "null_company"])
def test_one_teams_notes_speak_badly_of_customers(world, request):
    share = values(
        request.getfixturevalue(world),
        """select team, avg((kind = 'disparaging')::integer) from truth_notes join contacts using (contact_id)
           group by 1 having count(*) > 50""",
    )
    assert share.pop("after_sales_pau") == pytest.approx(truths.NOTES.share, abs=0.06)
    assert max(share.values()) < 0.08


# the company as a whole
def test_the_company_is_plausible(company):
    (nps,) = company.execute(
        f"select {NPS} from surveys where instrument = 'nps' and kind = 'relational' and score is not null"
    ).fetchone()
    assert 13 < nps < 27
    answered = values(company, "select instrument, count(score) / count(*) from surveys group by 1")
    assert all(0.23 < share < 0.31 for share in answered.values()), answered
    anonymous, cases, abandoned = company.execute(
        """select avg((customer_id is null)::integer), avg((case_id is not null)::integer),
               avg((abandoned = 'true')::integer) filter (channel in ('phone', 'chat'))
           from contacts where direction = 'inbound'"""
    ).fetchone()
    assert (anonymous, cases, abandoned) == pytest.approx((0.12, 0.90, 0.105), abs=0.015)


def test_both_worlds_are_of_one_size(company, null_company):
    """Without effect, about as many orders, contacts, answers: what differs is what depends on what."""
    for table in ("sale", "inbound", "surveys"):
        (with_effect,) = company.execute(f"select count(*) from {table}").fetchone()
        (without,) = null_company.execute(f"select count(*) from {table}").fetchone()
        assert without == pytest.approx(with_effect, rel=0.15), table
