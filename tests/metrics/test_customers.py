"""Customers behind a number: pseudonyms only, the selection and the scope hold, those at most risk first."""

import pytest

from metrics.customers import customers
from metrics.errors import OutsideScope, UnknownName
from metrics.selection import Selection
from tests.company import LAST_YEAR, last_year

WASHING_NORTH = {"region": ["north"], "category": ["washing"]}


def test_every_customer_of_whom_the_number_counts_something_is_counted_and_none_else(sample):
    found = sample.ask(customers, last_year(**WASHING_NORTH), "revenue", 50)
    known = """
        select distinct customer_token from fct_order inner join dim_customer_token using (customer_id)
        where is_sale and region = 'north' and category = 'washing' and ordered_at >= ? and ordered_at < ?"""
    tokens = {token for (token,) in sample.rows(known, [LAST_YEAR.start, LAST_YEAR.end])}
    assert found.total == len(tokens)
    assert {customer.token for customer in found.found} <= tokens
    assert len(found.found) == min(50, len(tokens))


def test_a_state_is_that_of_its_last_month_end(sample):
    found = sample.ask(customers, last_year(region=["north"]), "active_customers")
    known = "select count(*) from fct_customer_month where month_end = '2026-10-31' and region = 'north' and is_active"
    assert (found.total, found.month_end.isoformat()) == (sample.rows(known)[0][0], "2026-10-31")


def test_nobody_is_listed_where_the_number_may_not_be_shown(sample):
    few = """
        select store, category, region from fct_order where is_sale and ordered_at >= '2025-11-01' and store <> 'none'
        group by all having count(distinct customer_id) between 1 and 9 order by all limit 1"""
    ((store, category, region),) = sample.rows(few)
    found = sample.ask(customers, last_year(store=[store], category=[category], region=[region]), "revenue")
    assert (found.status, found.total, found.found) == ("private", 0, ())


def test_a_scope_cannot_be_left(sample):
    scoped = Selection(LAST_YEAR, where=(("region", ("north",)),), scope=(("region", ("south",)),))
    with pytest.raises(OutsideScope):
        sample.ask(customers, scoped, "revenue")


def test_no_number_of_the_company_is_shown(sample):
    ids = {row[0] for row in sample.rows("select customer_id from canonical.customers")}
    tokens = {c.token for c in sample.ask(customers, last_year(), "revenue", 5000).found}
    assert not ids & tokens
    assert len(tokens) > 1000, "one pseudonym a customer"


def test_silent_risk_comes_first_by_what_is_at_stake(sample):
    found = sample.ask(customers, last_year(), "revenue", 20).found
    assert {c.quadrant for c in found} == {"silent_risk"}
    assert [c.revenue for c in found] == sorted((c.revenue for c in found), reverse=True)


def test_what_the_number_does_not_know_is_refused(sample):
    with pytest.raises(UnknownName):
        sample.ask(customers, last_year(purpose=["question"]), "revenue")
