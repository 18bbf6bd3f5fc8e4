"""Leading indicators of the sample: late deliveries lead purchases by the planted months, without effect none does."""

import numpy as np
import pytest

from metrics.leads import leads
from metrics.results import leading_panels
from metrics.results.leading_panels import MEASURES, Followed
from tests.company import last_year


def test_late_deliveries_lead_purchases_by_the_planted_delay(planted):
    found = planted.ask(leads, last_year())
    first = found.told[0]
    assert first.measure == "delivery"
    assert first.after.high < 0
    assert first.lead.value in (2, 3, 4)
    assert {"wait", "repeat"} <= {one.measure for one in found.told}
    assert not any(lag.is_told for lag in first.lags if lag.months <= 1)
    assert min(first.lags, key=lambda lag: lag.value.value).months >= 3
    assert (found.n_groups, found.n_months) == (found.n_customers // 10, 36)


def test_without_effect_nothing_leads_either_result_of_anybody_and_no_group_differs(null):
    for outcome in ("purchases", "revenue"):
        found = null.ask(leads, last_year(), outcome)
        assert found.told == ()
        assert len({part.group for part in found.parts}) >= 9
        assert not any(part.status == "told" or part.differs for part in found.parts)


def test_a_group_is_compared_with_itself_alone_and_less_sure_than_everybody(planted):
    whole, part = planted.ask(leads, last_year()), planted.ask(leads, last_year(region=["north"]))
    assert part.n_customers < whole.n_customers / 3
    assert part.parts == ()
    everybody, north = (next(one for one in of.leads if one.measure == "delivery") for of in (whole, part))
    assert north.after.half_width > everybody.after.half_width
    assert north.after.low < everybody.after.value < north.after.high
    assert (
        next(p for p in whole.parts if p.group == ("region", "north") and p.measure == "delivery").after == north.after
    )


def test_what_moves_first_among_everybody_and_is_told_of_some_groups_is_the_delivery(planted):
    told = {part.measure for part in planted.ask(leads, last_year()).parts if part.status == "told"}
    assert "delivery" in told


@pytest.mark.parametrize(
    "where", [{"acquisition_channel": ["referral"]}, {"persona": ["families"], "region": ["north"]}]
)
def test_too_few_customers_and_two_groups_at_once_have_none(planted, where):
    assert planted.ask(leads, last_year(**where)) is None


def followed(wrong: np.ndarray, before: np.ndarray) -> Followed:
    """(customers, months): deliveries that went wrong, one each; purchases before them."""
    place, month = (at.ravel() for at in np.indices(wrong.shape))
    lived = {"place": place, "month": month, "measure": np.zeros_like(place), "wrong": wrong.ravel().astype(float)}
    lived |= {"n": np.ones_like(place), "before": before.ravel()}
    bought = {"place": place, "month": month, "purchases": wrong.ravel() * 0.0 + 1, "revenue": wrong.ravel() * 0.0}
    lot = np.arange(len(wrong), dtype=np.uint64)
    return Followed(lot, {}, lived, bought, wrong.shape[1])


def test_what_went_wrong_counts_beyond_what_is_usual_among_those_alike_in_the_group():
    """A region where most is late is no worse than usual for itself; beside the others it would seem so."""
    rng = np.random.default_rng(1)
    is_north = np.arange(400) < 200
    wrong = rng.random((400, 6)) < np.where(is_north, 0.8, 0.1)[:, None]
    everybody = followed(wrong, rng.integers(0, 3, wrong.shape))
    alone, together = leading_panels.panel(everybody, is_north), leading_panels.panel(everybody)
    delivery = MEASURES.index("delivery")
    assert alone.beyond[delivery].sum() == pytest.approx(0)
    assert together.beyond[delivery].sum() == pytest.approx(0)
    assert (alone.customers, alone.units, alone.occasions[delivery]) == (200, 20, 1200)
    assert alone.results["purchases"].sum() == 1200
