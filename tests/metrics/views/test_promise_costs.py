"""Broken promises and what followed them, on small worlds made by hand."""

from datetime import date, timedelta

import pytest
from view_worlds import build_world, settings_with

from metrics.results import promise_cost


def orders(customer: str, *days: date, late: tuple[int, ...] = (), price: int = 100) -> tuple[list[dict], list[dict]]:
    """Orders promised in 3 days, delivered that day or (those whose place is in `late`) two days after, a line each."""
    sold = [
        {
            "order_id": f"{customer}-{i}",
            "customer_id": customer,
            "ordered_at": f"{day} 10:00:00",
            "status": "delivered",
            "promised_on": day + timedelta(days=3),
            "delivered_at": f"{day + timedelta(days=5 if i in late else 3)} 12:00:00",
        }
        for i, day in enumerate(days)
    ]
    return sold, [{"order_id": order["order_id"], "line": 1, "quantity": 1, "net_amount": price} for order in sold]


@pytest.fixture
def followed():
    """followed(*customers' orders) -> World with the results; the data ends on 2026-10-31."""
    settings = settings_with(date(2026, 10, 31))

    def build(*people: tuple[list[dict], list[dict]]):
        sold = [order for orders_of, _ in people for order in orders_of]
        lines = [line for _, lines_of in people for line in lines_of]
        customers = [{"customer_id": name, "region": "north"} for name in sorted({o["customer_id"] for o in sold})]
        built = build_world({"customers": customers, "orders": sold, "order_lines": lines}, settings)
        promise_cost.create(built.connection, settings)
        return built

    return build


def test_a_case_is_the_first_broken_promise_in_six_months_so_windows_never_overlap(followed):
    days = [date(2025, month, 5) for month in range(1, 13)]
    built = followed(orders("C1", *days, late=(0, 2, 7)), orders("C2", *days))
    found = built.rows(
        "select month, n_exposed, n_broken, n_cases from result_promise_case where promise = 'on_time' order by month"
    )
    assert [row[1] for row in found] == [2] * 12
    assert [row[0].month for row in found if row[2]] == [1, 3, 8]
    assert [row[0].month for row in found if row[3]] == [1], "August is within six months after March"


def test_customers_whose_half_year_has_not_passed_are_counted_as_cases_but_not_followed(followed):
    many = [orders(f"K{i}", date(2025, 11, 5), date(2026, 5, 4 + i % 3)) for i in range(40)]
    built = followed(*many, *(orders(f"B{i}", date(2026, 5, 5), late=(0,)) for i in range(40)))
    assert built.value("select sum(n_cases) from result_promise_case") == 40
    assert built.value("select count(*) from result_promise_cost") == 0


def test_the_difference_is_that_of_people_alike(followed):
    """40 late, of whom 30 never buy again; 60 on time, of whom 15 never do; all new, all in one month."""
    again = date(2025, 6, 20)
    late = [orders(f"L{i}", date(2025, 3, 5), *([again] if i >= 30 else []), late=(0,)) for i in range(40)]
    kept = [orders(f"K{i}", date(2025, 3, 5), *([again] if i >= 15 else [])) for i in range(60)]
    built = followed(*late, *kept)
    row = built.rows(
        "select broken, kept, value, n_cases, n, n_kept from result_promise_cost "
        "where promise = 'on_time' and outcome = 'stopped' and column_name = ''"
    )
    assert row == [(0.75, 0.25, 0.5, 40, 40, 60)]
    margin = built.rows(
        "select broken, kept from result_promise_cost "
        "where promise = 'on_time' and outcome = 'margin' and column_name = 'region' and code = 'north'"
    )
    assert margin == [(pytest.approx(0.25 * 30), pytest.approx(0.75 * 30))]  # margin_share of the config: 30 %


def test_fewer_than_the_minimum_are_not_stored(followed):
    late = [orders(f"L{i}", date(2025, 3, 5), late=(0,)) for i in range(9)]
    kept = [orders(f"K{i}", date(2025, 3, 5)) for i in range(60)]
    assert followed(*late, *kept).value("select count(*) from result_promise_cost") == 0


def test_without_promises_the_tables_are_there_and_empty(followed):
    built = followed(([{"order_id": "O1", "customer_id": "C1", "ordered_at": "2025-03-05 10:00:00"}], []))
    assert built.value("select count(*) from result_promise_case") == 0
    assert built.value("select count(*) from result_promise_cost") == 0
