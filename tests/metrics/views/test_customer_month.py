"""fct_customer_month: where a customer stood at each month end, from what was known by then, and what came next."""

from datetime import date
from decimal import Decimal

import pytest

WINDOW = {"windows": {"activity_days": 200}}
JANUARY, FEBRUARY, JUNE, JULY = date(2026, 1, 31), date(2026, 2, 28), date(2026, 6, 30), date(2026, 7, 31)


def customers(*names: str, **more) -> list[dict]:
    return [{"customer_id": name, "region": "north"} | more for name in names]


def bought(customer: str, *days: str, amount: int = 100) -> dict:
    """Tables with an order of one line on each of the days, numbered."""
    ids = [f"{customer}-{day}" for day in days]
    return {
        "orders": [
            {"order_id": i, "customer_id": customer, "ordered_at": day, "status": "delivered"}
            for i, day in zip(ids, days, strict=True)
        ],
        "order_lines": [{"order_id": i, "line": 1, "net_amount": amount} for i in ids],
    }


def together(*worlds: dict) -> dict:
    return {name: [row for w in worlds for row in w.get(name, [])] for name in {name for w in worlds for name in w}}


def months(built, customer: str, *columns: str) -> dict:
    return built.by(f"(select * from fct_customer_month where customer_id = '{customer}')", "month_end", *columns)


def test_a_customer_is_there_from_the_first_purchase_to_the_last_full_month(world):
    tables = together(bought("early", "2026-06-15"), bought("late", "2026-09-30"))
    built = world(customers=customers("early", "late", "never"), as_of=date(2026, 10, 30), settings=WINDOW, **tables)
    rows = built.rows(
        "select customer_id, count(*), min(month_end), max(month_end) from fct_customer_month group by all"
    )
    # October is not over on the 30th
    assert sorted(rows) == [
        ("early", 4, date(2026, 6, 30), date(2026, 9, 30)),
        ("late", 1, date(2026, 9, 30), date(2026, 9, 30)),
    ]


def test_twelve_months_hold_what_happened_in_them_and_nothing_else(world):
    tables = bought("A", "2025-06-30", "2025-07-01", "2026-06-30", "2026-06-30")
    tables["orders"][3]["order_id"] = tables["order_lines"][3]["order_id"] = "same-day"
    built = world(customers=customers("A"), settings=WINDOW, **tables)
    columns = ("n_orders_12m", "n_purchases_12m", "revenue_12m", "margin_12m", "recency_days")
    found = months(built, "A", *columns)
    assert found[date(2025, 6, 30)] == (1, 1, Decimal("100.00"), Decimal("30.00"), 0)
    assert found[date(2026, 5, 31)] == (2, 2, Decimal("200.00"), Decimal("60.00"), 334)
    assert found[JUNE] == (3, 2, Decimal("300.00"), Decimal("90.00"), 0)
    assert found[JULY] == (2, 1, Decimal("200.00"), Decimal("60.00"), 31)


def test_cancelled_orders_are_no_purchases(world):
    tables = bought("A", "2026-01-10", "2026-03-10")
    tables["orders"][1]["status"] = "cancelled"
    built = world(customers=customers("A"), settings=WINDOW, **tables)
    assert months(built, "A", "n_orders_12m", "recency_days")[date(2026, 3, 31)] == (1, 80)


def test_active_is_bought_within_the_window_its_last_day_included(world):
    built = world(customers=customers("A"), settings=WINDOW, **bought("A", "2025-12-12"))
    found = months(built, "A", "is_active", "recency_days")
    assert found[JUNE] == (True, 200)
    assert world(
        customers=customers("A"), settings={"windows": {"activity_days": 199}}, **bought("A", "2025-12-12")
    ).rows("select is_active from fct_customer_month where month_end = '2026-06-30'") == [(False,)]


def test_a_contract_that_ended_makes_inactive_though_the_last_purchase_is_recent(world):
    built = world(
        customers=customers("A", contract_ended_on="2026-02-10"), settings=WINDOW, **bought("A", "2026-01-10")
    )
    found = months(built, "A", "is_active", "stopped_within_6m")
    assert found[JANUARY] == (True, True)
    assert found[FEBRUARY] == (False, None)


STOPPED = {
    "bought_on_the_first_day_after": ("2026-02-01", False),
    "bought_on_the_last_day_of_the_six_months": ("2026-07-31 23:00", False),
    "bought_a_day_later": ("2026-08-01", True),
}


@pytest.mark.parametrize("case", STOPPED)
def test_stopped_is_no_purchase_in_the_six_months_after(world, case):
    again, stopped = STOPPED[case]
    built = world(customers=customers("A"), settings=WINDOW, **bought("A", "2026-01-31", again))
    assert months(built, "A", "stopped_within_6m")[JANUARY] is stopped


def test_stopped_is_not_known_before_six_months_have_passed_and_not_asked_of_the_inactive(world):
    built = world(customers=customers("A"), settings=WINDOW, **bought("A", "2025-09-30"))
    found = months(built, "A", "is_active", "stopped_within_6m")
    assert found[date(2026, 3, 31)] == (True, True)
    assert found[date(2026, 4, 30)] == (False, None)  # 212 days
    recent = months(
        world(customers=customers("A"), settings=WINDOW, **bought("A", "2026-04-30")), "A", "stopped_within_6m"
    )
    assert recent[date(2026, 4, 30)] is True  # May to October have passed
    assert recent[date(2026, 5, 31)] is None  # November has not


def test_an_incomplete_last_month_does_not_make_six_months(world):
    built = world(customers=customers("A"), as_of=date(2026, 10, 30), settings=WINDOW, **bought("A", "2026-04-30"))
    assert months(built, "A", "stopped_within_6m")[date(2026, 4, 30)] is None


def test_retention_asks_those_who_were_active_a_year_ago(world):
    tables = together(
        bought("stayed", "2025-03-01", "2026-02-15"),
        bought("left", "2025-03-01"),
        bought("gone_before", "2024-03-01"),
        bought("new", "2026-01-15"),
        bought("a_day_too_late", "2025-07-01"),
    )
    names = ("stayed", "left", "gone_before", "new", "a_day_too_late")
    built = world(customers=customers(*names), settings=WINDOW, **tables)
    june = "(select * from fct_customer_month where month_end = '2026-06-30')"
    assert built.by(june, "customer_id", "is_active_year_ago", "bought_since") == {
        "stayed": (True, True),
        "left": (True, False),
        "gone_before": (False, False),
        "new": (False, True),
        "a_day_too_late": (False, True),
    }
    # the data begins in March 2024: what was a year before February 2025 is not known
    assert set(months(built, "gone_before", "is_active_year_ago").values()) == {None, True, False}
    assert months(built, "gone_before", "is_active_year_ago")[date(2025, 2, 28)] is None
    assert months(built, "gone_before", "is_active_year_ago")[date(2025, 3, 31)] is True


def test_contacts_and_answers_before_the_first_purchase_count(world):
    built = world(
        customers=customers("A", "before"),
        settings=WINDOW,
        contacts=[{"contact_id": "K1", "customer_id": "A", "started_at": "2026-01-10", "channel": "phone"}],
        **together(bought("A", "2026-03-10"), bought("before", "2025-01-01")),
    )
    assert months(built, "A", "n_contacts_12m")[date(2026, 3, 31)] == 1


def test_the_value_tier_is_that_of_the_month_end_not_the_one_that_later_purchases_made(world):
    """With today's tier, 'none' would mean 'stopped' in every month of the past."""
    spent = {f"C{n:02}": n for n in range(1, 11)}
    tables = together(*(bought(name, "2025-10-15", amount=100 * n) for name, n in spent.items()))
    tables = together(tables, bought("C01", "2026-10-15", amount=5000))
    built = world(customers=customers(*spent), settings=WINDOW, **tables)
    assert set(built.by("dim_segment", "customer_id", "value_tier").items()) >= {("C01", "small"), ("C10", "none")}
    then = built.by("(select * from fct_customer_month where month_end = '2025-10-31')", "customer_id", "value_tier")
    assert [then[f"C{n:02}"] for n in (1, 5, 6, 8, 9, 10)] == ["small", "small", "medium", "medium", "large", "large"]
    # the same rule as in dim_segment, where the two speak of the same 12 months
    now = built.by("(select * from fct_customer_month where month_end = '2026-10-31')", "customer_id", "value_tier")
    assert now == built.by("dim_segment", "customer_id", "value_tier")
    assert built.value("select count(*) from cube_blind_spot_month where value_tier = 'none' and n_stopped > 0") == 0


def answer(survey_id: str, when: str, score: int, customer: str = "A", **more) -> dict:
    scale = {"instrument": "nps", "scale_low": 0, "scale_high": 10, "better": "high"}
    return {"survey_id": survey_id, "customer_id": customer, "answered_at": when, "score": score} | scale | more


def test_heard_is_having_answered_in_12_months_and_the_last_answer_is_the_latest(world):
    surveys = [
        answer("S1", "2026-01-05", 9),
        answer("S2", "2026-01-20", 2),
        answer("S3", "2026-03-05", 4, instrument="csat", scale_low=1, scale_high=5),
        {"survey_id": "unanswered", "customer_id": "A", "instrument": "nps", "sent_at": "2026-06-05"},
    ]
    built = world(customers=customers("A", "B"), settings=WINDOW, surveys=surveys, **bought("A", "2025-01-10"))
    columns = ("is_heard_12m", "n_answers_12m", "last_nps_12m", "last_csat_12m")
    found = months(built, "A", *columns)
    assert found[date(2025, 12, 31)] == (False, 0, None, None)
    assert found[JANUARY] == (True, 2, 2, None)
    assert found[date(2026, 6, 30)] == (True, 3, 2, 4)


def test_only_contacts_that_the_customer_began_are_lived(world):
    contacts = [
        {"contact_id": f"K{way}", "customer_id": "A", "started_at": "2026-01-20", "channel": "phone", "direction": way}
        for way in ("inbound", "outbound")
    ]
    built = world(customers=customers("A"), settings=WINDOW, contacts=contacts, **bought("A", "2026-01-10"))
    assert months(built, "A", "n_contacts_12m")[JANUARY] == 1


def test_a_promise_is_broken_on_its_day_and_a_repeat_counts_when_the_customer_is_back(world):
    tables = bought("A", "2026-01-25")
    tables["orders"][0] |= {"promised_on": "2026-01-31", "delivered_at": "2026-02-20"}
    contacts = [
        {"contact_id": f"K{day}", "customer_id": "A", "started_at": day, "channel": "phone", "reason": "delivery"}
        for day in ("2026-01-31", "2026-02-03")
    ]
    found = months(world(customers=customers("A"), settings=WINDOW, contacts=contacts, **tables), "A",
                   "n_broken_promises_12m", "n_repeat_contacts_12m")  # fmt: skip
    assert found[JANUARY] == (1, 0)
    assert found[FEBRUARY] == (1, 1)


def scored(world, **more) -> dict:
    """Four buyers, alike but for what they spent; B had a late delivery, nothing is known of D's experience."""
    tables = together(*(bought(name, "2025-10-15", amount=100 * n) for n, name in enumerate("ABCD", 1)))
    for row, late in zip(tables["orders"], (0, 5, 0, None), strict=True):
        if late is not None:
            row |= {"promised_on": "2025-10-20", "delivered_at": f"2025-10-{20 + late}"}
    return world(customers=customers(*"ABCD"), settings=WINDOW | more, **tables)


def test_health_is_the_mean_of_ranks_against_the_active_customers_of_the_reference(world):
    built = scored(world, health={"reference_on": date(2025, 10, 31)})
    found = built.by(
        "(select * from fct_customer_month where month_end = '2025-10-31')", "customer_id",
        *("crm_recency_rank", "crm_frequency_rank", "crm_margin_rank", "crm_health"),
        *("cem_promise_rank", "cem_answer_rank", "cem_solved_rank", "cem_health", "quadrant"),
    )  # fmt: skip
    half, known = Decimal("50.0"), (None, None)
    # margins 30 < 60 < 90 < 120: 12.5, 37.5, 62.5, 87.5; all else alike: 50. Of three promises one is broken: 1/6; 2/3
    assert found == {
        "A": (half, half, Decimal("12.5"), Decimal("37.5"), Decimal("66.7"), *known, Decimal("66.7"), "unseen_love"),
        "B": (half, half, Decimal("37.5"), Decimal("45.8"), Decimal("16.7"), *known, Decimal("16.7"), "known_risk"),
        "C": (half, half, Decimal("62.5"), Decimal("54.2"), Decimal("66.7"), *known, Decimal("66.7"), "healthy"),
        "D": (half, half, Decimal("87.5"), Decimal("62.5"), None, *known, None, "unknown"),
    }


def test_customers_no_longer_active_at_the_reference_are_no_part_of_the_scale(world):
    tables = together(bought("A", "2025-10-15"), bought("B", "2025-10-15"), bought("long_gone", "2025-01-15"))
    health = {"reference_on": date(2025, 10, 31)}
    built = world(customers=customers("A", "B", "long_gone"), settings=WINDOW | {"health": health}, **tables)
    recency = "(select * from fct_customer_month where month_end = '2025-10-31')"
    ranks = built.by(recency, "customer_id", "crm_recency_rank")
    assert ranks == {"A": Decimal("50.0"), "B": Decimal("50.0"), "long_gone": Decimal("0.0")}


def test_a_healthy_customer_with_a_bad_experience_is_a_silent_risk(world):
    built = scored(world, health={"reference_on": date(2025, 10, 31), "crm_cut": 45})
    assert months(built, "B", "quadrant")[date(2025, 10, 31)] == "silent_risk"


def test_who_stands_on_the_cut_is_on_the_good_side_of_it(world):
    tables = bought("A", "2025-10-15")  # alone, so in the middle of every scale
    tables["orders"][0] |= {"promised_on": "2025-10-20", "delivered_at": "2025-10-20"}
    built = world(
        customers=customers("A"),
        settings=WINDOW | {"health": {"reference_on": date(2025, 10, 31), "crm_cut": 50, "cem_cut": 50}},
        **tables,
    )
    found = months(built, "A", "crm_health", "cem_health", "quadrant")
    assert found[date(2025, 10, 31)] == (Decimal("50.0"), Decimal("50.0"), "healthy")


def test_the_scale_stays_that_of_the_reference_when_everybody_gets_better(world):
    """Were the ranks made again each month, the median would always be 50 and no company could improve."""
    tables = together(*(bought(name, "2025-10-15", "2026-10-15") for name in "ABCD"))
    for row in tables["orders"]:
        is_old = row["ordered_at"].startswith("2025")
        year = row["ordered_at"][:4]
        late = is_old and not row["order_id"].startswith("A")
        row |= {"promised_on": f"{year}-10-20", "delivered_at": f"{year}-10-{25 if late else 20}"}
    health = {"reference_on": date(2025, 10, 31)}
    built = world(customers=customers(*"ABCD"), settings=WINDOW | {"health": health}, **tables)
    mean = "select avg(cem_health) from fct_customer_month where month_end = '{}'"
    assert built.value(mean.format("2025-10-31")) == pytest.approx(50)
    assert built.value(mean.format("2026-10-31")) == pytest.approx(87.5)


def test_nothing_bad_and_nothing_said_is_never_below_the_middle(world):
    built = scored(world)
    unharmed = "n_broken_promises_12m + n_repeat_contacts_12m + n_answers_12m = 0 and cem_health < 50"
    assert built.value(f"select count(*) from fct_customer_month where {unharmed}") == 0


def test_the_blind_spot_counts_active_customers_once_a_month_with_their_money(world):
    built = scored(world)
    sums = "sum(n_customers), sum(revenue_12m), sum(n_mature), sum(n_stopped)"
    per_month = f"select {sums} from cube_blind_spot_month where month_end = '{{}}'"
    assert built.rows(per_month.format("2025-10-31")) == [(4, Decimal("1000.00"), 4, 4)]
    assert built.rows(per_month.format("2026-05-31")) == [(None, None, None, None)]


def test_the_sample_of_points_has_no_identity_and_only_known_healths(world):
    tables = together(*(bought(name, "2026-09-15") for name in "AB"))
    tables["orders"][0] |= {"promised_on": "2026-09-20", "delivered_at": "2026-09-20"}
    built = world(customers=customers("A", "B"), settings=WINDOW, **tables)
    assert built.value("select count(*) from blind_spot_sample") == 1
    assert "customer_id" not in [row[0] for row in built.rows("describe blind_spot_sample")]
