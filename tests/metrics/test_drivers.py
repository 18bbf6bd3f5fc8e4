"""Drivers: what was planted stands above chance, without effect no fact does, halo and few are said."""

from metrics.drivers import drivers
from tests.company import Company, last_year


def told(company: Company) -> dict[tuple[str, str], object]:
    return {(one.outcome, one.basis): one for one in company.ask(drivers, last_year())}


def above_chance(one) -> set[str]:
    return {driver.name for driver in one.drivers if driver.share.is_told}


def test_late_deliveries_and_waits_go_with_leaving_and_with_lower_scores(planted):
    found = told(planted)
    for outcome in ("repurchase", "recommendation"):
        one = found[outcome, "before"]
        assert [driver.name for driver in one.drivers[:2]] == ["delivery", "wait"]
        assert {"delivery", "wait"} <= above_chance(one)
        assert all(driver.way == 1 for driver in one.drivers[:2])


def test_without_effect_no_fact_stands_above_chance_but_the_discount_of_the_flash_sale(null):
    for (_, basis), one in told(null).items():
        facts = {driver.name for driver in one.drivers if driver.source == "fact"}
        assert basis == "same" or above_chance(one) & facts <= {"price"}


def test_shares_add_up_and_the_rarer_outcome_is_counted(planted):
    for one in told(planted).values():
        assert abs(sum(d.share.value.value for d in one.drivers) - one.whole.value.value) < 1e-6
        assert one.n >= 10 * one.n_drivers
        assert 0 <= one.controls + one.whole.value.value <= 1
        assert all(0 <= d.performance.low <= d.performance.value <= d.performance.high <= 1 for d in one.drivers)
    assert 0 < told(planted)["repurchase", "before"].n_events <= told(planted)["repurchase", "before"].n / 2


def test_a_group_has_no_drivers_of_its_own(planted):
    assert planted.ask(drivers, last_year(persona=["families"])) == ()


def test_overall_satisfaction_stands_where_nobody_was_asked_to_recommend(ecsi_satisfaction_snapshots):
    found = told(Company.of(ecsi_satisfaction_snapshots))
    assert found["repurchase", "before"].status == "too_few"
    one = found["recommendation", "same"]
    assert (one.measure, one.status, one.n, one.n_drivers) == ("satisfaction", "measured", 250, 7)
    assert {"overall", "advice"} <= above_chance(one)
