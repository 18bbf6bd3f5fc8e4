"""Customers one by one: pseudonyms only, the selection and the scope hold, those at most risk first."""

from datetime import date

import pytest

from metrics.customers import customers
from metrics.errors import UnknownName
from metrics.selection import Period, Selection

YEAR = Period(date(2025, 11, 1), date(2026, 11, 1))


@pytest.fixture
def world(sample):
    return sample.cursor, sample.catalogue


def test_every_customer_of_the_selection_is_counted_and_none_else(world):
    cursor, catalogue = world
    found = customers(cursor, catalogue, Selection(YEAR, where=(("region", ("north",)),)), limit=50)
    known = "select count(*) from fct_customer_month where month_end = '2026-10-31' and region = 'north'"
    assert found.total == cursor.execute(known).fetchone()[0]
    assert len(found.found) == 50
    assert {dict(c.codes)["region"] for c in found.found} == {"north"}


def test_a_scope_cannot_be_left(world):
    cursor, catalogue = world
    scoped = Selection(YEAR, where=(("region", ("north",)),), scope=(("region", ("south",)),))
    assert customers(cursor, catalogue, scoped) is None


def test_no_number_of_the_company_is_shown(world):
    cursor, catalogue = world
    ids = {row[0] for row in cursor.execute("select customer_id from canonical.customers").fetchall()}
    tokens = {c.token for c in customers(cursor, catalogue, Selection(YEAR), limit=5000).found}
    assert not ids & tokens
    assert len(tokens) > 1000, "one pseudonym a customer"


def test_silent_risk_comes_first_by_what_is_at_stake(world):
    cursor, catalogue = world
    found = customers(cursor, catalogue, Selection(YEAR), limit=20).found
    assert {c.quadrant for c in found} == {"silent_risk"}
    assert [c.revenue for c in found] == sorted((c.revenue for c in found), reverse=True)


def test_what_is_not_a_segment_is_refused(world):
    cursor, catalogue = world
    with pytest.raises(UnknownName):
        customers(cursor, catalogue, Selection(YEAR, where=(("channel", ("phone",)),)))
