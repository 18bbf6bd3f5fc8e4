"""Leading indicators of the sample: late deliveries lead purchases by the planted months, without effect none does."""

from metrics.leads import leads
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


def test_without_effect_nothing_leads_either_result(null):
    for outcome in ("purchases", "revenue"):
        assert null.ask(leads, last_year(), outcome).told == ()


def test_a_group_has_none_of_its_own(planted):
    assert planted.ask(leads, last_year(persona=["families"])) is None
