"""Forecasts of the sample: every measure told, facts are the pages' own, short sets say that points are too few."""

from datetime import date

import pytest

from metrics.forecast_told import foretold
from metrics.selection import Period, Selection, months_later
from tests.company import Company, last_year

WHOLE = Selection(Period(date(2023, 11, 1), date(2026, 11, 1)))


def test_every_measure_is_told_with_what_it_is_worth(planted):
    found = planted.ask(foretold, last_year())
    assert [one.metric for one in found][:3] == ["revenue", "active_customers", "nps"]
    for one in found:
        if one.metric == "active_customers":
            continue
        assert one.status in ("published", "no_better")
        assert (one.high < 1) == (one.status == "published")
        assert one.low <= one.relative <= one.high
        assert [m.month for m in one.ahead] == sorted(m.month for m in one.ahead)
        assert len(one.ahead) == 6
        for month in one.ahead:
            assert month.low <= month.low_80 <= month.value <= month.high_80 <= month.high
        assert [past[0].made_on < one.facts[-1].month for past in one.past] == [True, True]


def test_facts_are_the_numbers_of_the_pages(planted):
    from metrics.query import measure

    one = next(each for each in planted.ask(foretold, last_year()) if each.metric == "nps")
    pages = measure(planted.cursor, planted.catalogue, "nps", WHOLE, (), "month")
    assert [m.value for m in one.facts] == pytest.approx([m.value for m in pages])
    assert [m.n for m in one.facts] == [m.n for m in pages]


def test_shares_stay_shares(planted):
    for one in planted.ask(foretold, last_year()):
        if one.metric in ("promise_kept", "repeat_contact_rate"):
            assert all(m.low >= 0 and m.high <= 1 for m in one.ahead)


def test_the_last_month_of_sales_is_left_out_since_returns_still_lower_it(planted):
    last = {one.metric: one.facts[-1].month for one in planted.ask(foretold, last_year())}
    assert last["revenue"] == date(2026, 9, 1)
    assert last["nps"] == date(2026, 10, 1)


def test_customers_are_not_gained_while_the_data_is_shorter_than_the_activity_window(planted):
    """A customer of before the data counts as active from the first purchase in it on: the rise is the window's."""
    one = next(each for each in planted.ask(foretold, last_year()) if each.metric == "active_customers")
    days = planted.catalogue.ground.windows["activity_days"]
    assert (months_later(one.facts[0].month, 1) - planted.catalogue.ground.data_from).days > days
    assert (one.facts[0].month - planted.catalogue.ground.data_from).days <= days
    assert (one.status, one.ahead) == ("too_few", ())


def test_few_points_are_said_to_be_few_and_nothing_is_foretold(olist_8k_snapshots):
    found = Company.of(olist_8k_snapshots).ask(foretold, last_year())
    assert found
    assert {one.status for one in found} == {"too_few"}
    assert not any(one.ahead for one in found)
