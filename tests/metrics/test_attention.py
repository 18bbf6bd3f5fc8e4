"""Value and attention: equal treatment is found where planted, by tiers of before, and small groups stay hidden."""

from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pytest

from metrics.attention import ATTENTION, Tier, Treated, attention, experience
from metrics.results import attention as step
from metrics.value_findings import attention_finding, value_findings
from tests.company import last_year
from tests.metrics.views.view_worlds import SETTINGS, build_world, settings_with


def measures(company, family=attention, **where) -> dict[str, Treated]:
    return {m.measure: m for m in company.ask(family, last_year(**where))}


def treated(measure: str, p_at_once: float, gap: float = 1.0) -> Treated:
    tiers = tuple(Tier(code, 10.0, 9.0, 11.0, 100, 50) for code in ("small", "top"))
    ends = (gap, gap - 3, gap + 3)
    sizes = (0.01, p_at_once, 99, 200, 100)
    return Treated(measure, tiers, 10.0, *ends, "small", "top", *sizes, "before", date(2026, 1, 1), date(2026, 6, 1))


@pytest.mark.parametrize("world", ["planted", "null"])
def test_value_gets_no_better_attention_and_what_could_have_been_missed_is_small(world, request):
    found = measures(request.getfixturevalue(world))
    assert tuple(found) == ATTENTION
    assert not any(m.differs for m in found.values())
    assert found["wait"].low < 0 < found["wait"].high
    assert found["wait"].missed < 30
    assert found["offers"].whole == pytest.approx(2.4, abs=0.1)
    finding = attention_finding(list(found.values()))
    assert finding.key == "finding.value.same"


def test_who_buys_more_lives_more_and_recommends_less(planted):
    """Planted by the weights of what customers live: more orders, more that goes wrong."""
    nps = measures(planted, experience)["nps"]
    assert nps.differs
    assert nps.high < 0
    assert (nps.bottom, nps.top) == ("small", "top")


def test_every_tier_of_every_group_has_enough_customers_and_its_interval(planted):
    rows = planted.rows("select value, low, high, n, customers, method from result_attention")
    assert rows
    assert all(low < value < high and n >= customers >= 10 for value, low, high, n, customers, _ in rows)
    assert {method for *_, method in rows} == {step.METHOD}
    tests = planted.rows("select p_value, deals, low, gap, high from result_attention_test")
    assert all(0 < p <= 1 and deals >= 20 and low < gap < high for p, deals, low, gap, high in tests)


def test_the_whole_of_a_measure_is_the_mean_of_its_events(planted):
    ((mean, n),) = planted.rows("""
        select avg(wait_seconds), count(*) from fct_contact as c
        inner join fct_customer_month as m
            on c.customer_id = m.customer_id and m.month_end = last_day(cast(c.started_on - interval 1 month as date))
        where is_inbound and is_handled and wait_seconds is not null and m.value_tier not in ('none', 'unknown')
            and started_on between '2025-11-01' and '2026-10-31'
    """)
    wait = measures(planted)["wait"]
    assert (wait.n, wait.whole) == (n, pytest.approx(mean))


def test_two_limits_at_once_are_not_compared(planted):
    assert planted.ask(attention, last_year(persona=["families"], region=["north"])) == ()
    assert measures(planted, region=["north"])


def test_a_tier_of_too_few_customers_is_left_out_with_one_that_would_give_it_away():
    codes = np.array(["a"] * 60 + ["b"] * 60)
    tier = np.array([1] * 25 + [2] * 30 + [3] * 5 + [1] * 20 + [2] * 20 + [3] * 20)
    shown = step.shown_tiers(codes, tier, np.arange(120), 10)
    assert 3 not in shown["a"]
    assert len(shown["a"]) == 1
    assert step.shown_tiers(codes, tier, np.arange(120), 1) == {"a": [1, 2, 3], "b": [1, 2, 3]}


def test_the_tier_is_that_of_the_month_before_never_of_what_was_bought_after():
    """Two buyers; the poorer one buys much, after the call: the call is still that of a small customer."""
    months = [datetime(2024, m, 5) for m in (1, 2, 3)]
    orders = [
        {"order_id": f"{who}{n}", "customer_id": who, "ordered_at": moment, "status": "delivered"}
        for who in "AB"
        for n, moment in enumerate([*months, datetime(2025, 6, 20)])
    ]
    amounts = {"A0": 10, "A1": 10, "A2": 10, "B0": 500, "B1": 500, "B2": 500, "A3": 90_000, "B3": 1}
    lines = [{"order_id": o, "line": 1, "quantity": 1, "net_amount": amount} for o, amount in amounts.items()]
    contact = {"contact_id": "K", "customer_id": "A", "started_at": datetime(2024, 6, 10), "channel": "phone"}
    world = build_world(
        {
            "customers": [{"customer_id": "A"}, {"customer_id": "B"}],
            "orders": orders,
            "order_lines": lines,
            "contacts": [contact | {"direction": "inbound", "reason": "billing", "wait_seconds": 60}],
        },
        settings_with(datetime(2024, 12, 31).date()),
    )
    assert world.rows("select event_id, tier_before, outcome from int_attention_event where measure = 'wait'") == [
        ("K", "small", 60.0)
    ]


def test_a_set_without_dates_is_compared_by_the_tier_of_the_same_time_and_says_so():
    """As of the radio donors: money and answer on two days of one month, nothing before."""
    who = [f"C{n}" for n in range(80)]
    day = {"sent_at": datetime(2015, 6, 16), "answered_at": datetime(2015, 6, 17), "kind": "relational"}
    scale = {"instrument": "nps", "scale_low": 0, "scale_high": 10, "better": "high"}
    world = build_world(
        {
            "customers": [{"customer_id": c} for c in who],
            "orders": [{"order_id": c, "customer_id": c, "ordered_at": datetime(2015, 6, 15)} for c in who],
            "order_lines": [{"order_id": c, "line": 1, "quantity": 1, "net_amount": 10 + n} for n, c in enumerate(who)],
            "surveys": [
                day | scale | {"survey_id": c, "customer_id": c, "score": 10 if n >= 40 else n % 9}
                for n, c in enumerate(who)
            ],
        },
        settings_with(date(2015, 6, 30)),
    )
    step.create(world.connection, SETTINGS)
    whole = "select measure, tier_when, gap > 100, p_value < 0.01 from result_attention_test where column_name = ''"
    assert world.rows(whole) == [("nps", "same_time", True, True)]


def test_a_measure_that_differs_is_told_before_those_that_do_not():
    found = value_findings([treated("wait", 0.9), treated("offers", 0.01, gap=2.0)], [], [], "region")
    assert [f.key for f in found] == ["finding.value.different"]
    assert found[0].holes["measure"] == ("offers", "code:measure")
    assert value_findings([], [treated("nps", 0.4)], [], "region")[0].key == "finding.value.lived_same"
    alike, apart = replace(treated("wait", 0.9), customers=150), treated("nps", 0.01, gap=-30.0)
    (found,) = value_findings([alike], [treated("effort", 0.5), apart], [], "region")
    assert found.key == "finding.value.same_but_lived", "best treated alike, but living worse: not told as all the same"
    assert found.holes["measure"] == ("nps", "code:measure")
    assert found.holes["measures"] == (1, "count")
    assert found.holes["customers"] == (150, "count"), "those whose attention was compared, not those who answered"
    unclear = replace(apart, low=-1.0, high=1.0)  # tiers differ, but not the first from the last
    assert value_findings([alike], [unclear], [], "region")[0].key == "finding.value.same"
    assert value_findings([], [], [], "region")[0].key == "finding.value.nothing"
