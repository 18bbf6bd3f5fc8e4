"""fct_order, fct_promise: money, the promised day, first and second purchases. Expected values were worked by hand."""

from datetime import date
from decimal import Decimal

import pytest

CUSTOMER = {"customer_id": "C1", "region": "north", "persona": "families", "acquisition_channel": "web"}


def order(order_id: str, ordered: str = "2026-03-01 10:00", customer: str | None = "C1", **more) -> dict:
    return {"order_id": order_id, "customer_id": customer, "ordered_at": ordered, "status": "delivered"} | more


PROMISES = {
    "on_the_day": ({"promised_on": "2026-03-05", "delivered_at": "2026-03-05 23:59"}, "kept", True, 0),
    "early": ({"promised_on": "2026-03-05", "delivered_at": "2026-03-02 08:00"}, "kept", True, -3),
    "a_minute_into_the_next_day": ({"promised_on": "2026-03-05", "delivered_at": "2026-03-06 00:01"}, "late", False, 1),
    "never_came": ({"promised_on": "2026-03-05", "status": "shipped"}, "undelivered", False, None),
    "unavailable": ({"promised_on": "2026-03-05", "status": "unavailable"}, "undelivered", False, None),
    "moved_then_kept_the_second_day": (
        {"promised_on": "2026-03-05", "repromised_on": "2026-03-09", "delivered_at": "2026-03-09 10:00"},
        *("late", False, 4),
    ),
    "cancelled_before": (
        {"promised_on": "2026-03-05", "status": "cancelled", "cancelled_at": "2026-03-04 20:00"},
        *("cancelled", None, None),
    ),
    "cancelled_on_the_day": (
        {"promised_on": "2026-03-05", "status": "cancelled", "cancelled_at": "2026-03-05 09:00"},
        *("undelivered", False, None),
    ),
    "cancelled_on_an_unknown_day": ({"promised_on": "2026-03-05", "status": "cancelled"}, "cancelled", None, None),
    "delivered_then_cancelled": (
        {"promised_on": "2026-03-05", "status": "cancelled", "delivered_at": "2026-03-04 10:00"},
        *("kept", True, -1),
    ),
    "delivered_on_an_unknown_day": ({"promised_on": "2026-03-05"}, "unknown", None, None),
    "no_promise": ({"delivered_at": "2026-03-02 10:00"}, "no_promise", None, None),
    "promised_for_the_last_day": ({"promised_on": "2026-10-31", "status": "shipped"}, "undelivered", False, None),
    "promised_for_tomorrow": ({"promised_on": "2026-11-01", "status": "shipped"}, "not_due", None, None),
    "came_before_the_day_is_over": (
        {"promised_on": "2026-11-03", "delivered_at": "2026-10-30 10:00"},
        *("kept", None, -4),
    ),
}


@pytest.mark.parametrize("case", PROMISES)
def test_a_delivery_promise_is_judged_by_local_days(world, case):
    given, promise, kept, late = PROMISES[case]
    built = world(customers=[CUSTOMER], orders=[order("O1", **given)])
    columns = "delivery_promise, is_promise_kept, days_late, is_promise_due"
    assert built.rows(f"select {columns} from fct_order") == [(promise, kept, late, kept is not None)]
    assert built.rows("select is_kept from fct_promise") == ([(kept,)] if kept is not None else [])


def test_a_promise_still_open_is_as_late_as_the_days_so_far(world):
    built = world(customers=[CUSTOMER], orders=[order("O1", promised_on="2026-10-21", status="shipped")])
    assert built.rows("select due_on, days_late, is_still_open from fct_promise") == [(date(2026, 10, 21), 11, True)]


def test_a_moved_promise_is_counted_apart(world):
    orders = [
        order("moved", promised_on="2026-03-05", repromised_on="2026-03-09", delivered_at="2026-03-09"),
        order("same_day_again", promised_on="2026-03-05", repromised_on="2026-03-05", delivered_at="2026-03-05"),
    ]
    built = world(customers=[CUSTOMER], orders=orders)
    assert built.by("fct_order", "order_id", "is_repromised") == {"moved": True, "same_day_again": False}
    assert built.value("select count(*) filter (where is_repromised) from fct_promise") == 1


def test_money_is_net_of_refunds_and_costs_count_for_what_was_kept(world):
    built = world(
        customers=[CUSTOMER],
        products=[
            {"product_id": "known", "category": "washing", "unit_cost": "100.00"},
            {"product_id": "uncosted", "category": "cooking"},
        ],
        orders=[order("O1")],
        order_lines=[
            {"order_id": "O1", "line": 1, "product_id": "known", "quantity": 3, "net_amount": "450.00",
             "returned_quantity": 1, "refunded_amount": "150.00"},
            {"order_id": "O1", "line": 2, "product_id": "uncosted", "quantity": 1, "net_amount": "50.00"},
            {"order_id": "O1", "line": 3, "quantity": 1, "net_amount": "10.00"},
        ],
    )  # fmt: skip
    # 450 - 150 + 50 + 10; margin 300 - 2 x 100, and 30 % of 50 and of 10
    expected = (Decimal("360.00"), Decimal("118.00"), 3, "washing")
    assert built.rows("select net_amount, margin_amount, n_lines, category from fct_order") == [expected]


def test_the_category_is_that_of_the_largest_line_and_of_the_first_when_equal(world):
    products = [{"product_id": name, "category": name} for name in ("a", "b", "c")]
    lines = [("O1", 1, "a", "10.00"), ("O1", 2, "b", "30.00"), ("O2", 1, "c", "20.00"), ("O2", 2, "a", "20.00")]
    built = world(
        customers=[CUSTOMER],
        products=products,
        orders=[order("O1"), order("O2")],
        order_lines=[dict(zip(("order_id", "line", "product_id", "net_amount"), line, strict=True)) for line in lines],
    )
    assert built.by("fct_order", "order_id", "category") == {"O1": "b", "O2": "c"}


def test_an_order_without_lines_is_kept_and_its_money_is_not_known(world):
    built = world(customers=[CUSTOMER], orders=[order("O1")])
    row = built.rows("select net_amount, margin_amount, n_lines, category, is_sale from fct_order")
    assert row == [(None, None, 0, "unknown", True)]


def test_cancelled_and_unavailable_orders_are_no_sales(world):
    states = {
        "delivered": {}, "placed": {"status": "placed"}, "returned": {"status": "returned"}, "unsaid": {"status": None},
        "cancelled": {"status": "cancelled"}, "unavailable": {"status": "unavailable"},
        "cancelled_by_its_date": {"status": "placed", "cancelled_at": "2026-03-02"},
    }  # fmt: skip
    built = world(customers=[CUSTOMER], orders=[order(name, **given) for name, given in states.items()])
    sales = built.by("fct_order", "order_id", "is_sale")
    assert {name for name, is_sale in sales.items() if is_sale} == {"delivered", "placed", "returned", "unsaid"}


def second_orders(world, *ordered: str, **first) -> dict:
    """{order: (is_first_order, has_second_order_180d)} of one customer's orders, numbered in the order given."""
    orders = [order(f"O{n}", when) for n, when in enumerate(ordered, 1)]
    # someone else's order, so that the data begins before
    customers = [{**CUSTOMER, **first}, {**CUSTOMER, "customer_id": "other"}]
    built = world(customers=customers, orders=[*orders, order("before", "2024-01-05", "other")])
    found = built.by("fct_order", "order_id", "is_first_order", "has_second_order_180d")
    del found["before"]
    return found


def test_a_second_order_counts_until_day_180_included(world):
    # 2026-01-01 + 180 days = 2026-06-30
    assert second_orders(world, "2026-01-01", "2026-06-30 23:00")["O1"] == (True, True)
    assert second_orders(world, "2026-01-01", "2026-07-01 00:00")["O1"] == (True, False)


def test_purchases_of_one_day_are_one_purchase_and_only_one_of_them_is_the_first(world):
    found = second_orders(world, "2026-01-01 09:00", "2026-01-01 18:00")
    assert found == {"O1": (True, False), "O2": (False, False)}


def test_a_second_order_is_not_known_before_180_days_have_passed(world):
    # the last day of the data is 2026-10-31: 180 days after 2026-05-04 it is over, after 2026-05-05 it is not
    assert second_orders(world, "2026-05-04")["O1"] == (True, False)
    assert second_orders(world, "2026-05-05")["O1"] == (True, None)
    assert second_orders(world, "2026-05-05", "2026-05-20")["O1"] == (True, None)


def test_a_cancelled_order_is_neither_a_first_nor_a_second_one(world):
    orders = [
        order("gone", "2025-01-01", status="cancelled"),
        order("first", "2025-02-01"),
        order("gone_too", "2025-03-01", status="cancelled"),
    ]
    built = world(customers=[CUSTOMER], orders=orders)
    found = built.by("fct_order", "order_id", "is_first_order", "has_second_order_180d", "is_second_order_mature")
    assert found == {"gone": (False, None, False), "first": (True, False, True), "gone_too": (False, None, False)}


def test_a_customer_known_before_the_orders_begin_has_no_first_order_in_them(world):
    assert second_orders(world, "2025-01-01", first_seen_on="2023-06-01")["O1"] == (False, False)
    assert second_orders(world, "2025-01-01", first_seen_on="2024-01-05")["O1"] == (True, False)


def test_unmatched_and_anonymous_orders_are_kept_with_segments_unknown(world):
    orders = [order("anonymous", customer=None), order("stranger", customer="nobody"), order("known")]
    built = world(customers=[CUSTOMER], orders=orders)
    found = built.by("fct_order", "order_id", "region", "persona", "value_tier")
    assert found["anonymous"] == found["stranger"] == ("unknown", "unknown", "unknown")
    assert found["known"][:2] == ("north", "families")
    assert built.value("select is_first_order from fct_order where order_id = 'anonymous'") is False


def test_value_tiers_cut_buyers_of_the_last_12_months_at_the_shares_of_the_config(world):
    customers = [CUSTOMER | {"customer_id": f"C{n:02}"} for n in range(1, 23)]
    orders = [order(f"O{n:02}", "2026-09-01", f"C{n:02}") for n in range(1, 21)]
    lines = [{"order_id": f"O{n:02}", "line": 1, "net_amount": 100 * n} for n in range(1, 21)]
    orders += [order("long_ago", "2025-10-31", "C21"), order("cancelled", "2026-09-01", "C22", status="cancelled")]
    built = world(customers=customers, orders=orders, order_lines=lines)
    tiers = built.by("dim_segment", "customer_id", "value_tier")
    counts = {tier: sum(t == tier for t in tiers.values()) for tier in set(tiers.values())}
    assert counts == {"small": 10, "medium": 6, "large": 3, "top": 1, "none": 2}
    assert (tiers["C20"], tiers["C21"], tiers["C22"]) == ("top", "none", "none")


def test_equal_margins_never_stand_in_different_tiers(world):
    customers = [CUSTOMER | {"customer_id": f"C{n}"} for n in range(4)]
    orders = [order(f"O{n}", "2026-09-01", f"C{n}") for n in range(4)]
    lines = [{"order_id": f"O{n}", "line": 1, "net_amount": 100} for n in range(4)]
    built = world(customers=customers, orders=orders, order_lines=lines)
    assert set(built.by("dim_segment", "customer_id", "value_tier").values()) == {"small"}
