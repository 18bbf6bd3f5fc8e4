"""What was planted in the sample company is found, with its interval; the world without effect shows none of it.

The sizes are those of data/sample/truths.py, which is the only place where they are written.
"""

from collections.abc import Mapping, Sequence
from math import sqrt

import pytest

from data.sample import truths
from metrics.blind_spot import BlindSpot, blind_spot
from metrics.query import Measurement, measure
from metrics.selection import Period, Selection, choice
from tests.company import Company

Months = tuple[str, str]  # first and last, both included
WHOLE = ("2023-11", "2026-10")
AFTER_CARRIER = ("2026-02", "2026-10")
AFTER_TARGET = ("2026-01", "2026-10")
AFTER_BONUS = ("2025-01", "2026-10")
LAST_YEAR = ("2025-11", "2026-10")
OTHER_REGIONS = {"east", "south", "west", "paris"}
BILLING = (truths.BILLING.team, truths.BILLING.comparison)


def ask(company: Company, metric: str, months: Months, by: str, versus: str = "none", **where: Sequence[str]) -> dict:
    """{code: Measurement} of the groups that may be shown."""
    selection = Selection(Period.of_months(*months), versus, choice(where))
    found = measure(company.cursor, company.catalogue, metric, selection, (by,))
    return {m.group[0][1]: m for m in found if m.status in ("shown", "unreliable")}


def blind_spot_at(company: Company, last_month: str) -> BlindSpot:
    return company.ask(blind_spot, Selection(Period.of_months("2023-11", last_month)))


def pooled(groups: Mapping[str, Measurement], leaving_out: str) -> tuple[float, float]:
    """Share over all other groups together, and its standard error."""
    others = [m for code, m in groups.items() if code not in (leaving_out, "none", "unknown")]
    share = sum(m.numerator for m in others) / (n := sum(m.denominator for m in others))
    return share, sqrt(share * (1 - share) / n)


def rises(group: Measurement) -> bool:
    """A rise that can be told from noise."""
    return group.is_signal and group.change_low > 0


def falls(group: Measurement) -> bool:
    """A fall that can be told from noise."""
    return group.is_signal and group.change_high < 0


def test_the_new_carrier_s_region_is_late_by_as_much_as_planted(planted, null):
    truth = truths.CARRIER
    for world in (planted, null):  # the deliveries are late in both: only what people make of it differs
        kept = ask(world, "promise_kept", AFTER_CARRIER, "region", "previous", kind=["delivery"])
        north = kept[truth.region]
        assert north.low <= truth.on_time_after <= north.high
        assert north.change_low <= truth.on_time_after - truth.on_time_before <= north.change_high
        assert falls(north)
        assert all(kept[region].low > north.high and abs(kept[region].change) < 0.05 for region in OTHER_REGIONS)


def test_nps_falls_in_that_region_more_than_anywhere_else(planted):
    nps = ask(planted, "nps", ("2026-03", "2026-10"), "region", "previous")
    north = nps.pop(truths.CARRIER.region)
    assert falls(north)
    assert all(north.change < m.change for m in nps.values() if m.change is not None)


def test_purchases_follow_months_later(planted):
    orders = ask(planted, "orders", ("2026-06", "2026-10"), "region", "year_before")
    north = orders.pop(truths.CARRIER.region)
    assert falls(north)
    assert all(north.change < m.change for m in orders.values())
    at_once = ask(planted, "orders", ("2026-02", "2026-04"), "region", "year_before")[truths.CARRIER.region]
    assert not falls(at_once)


def test_without_effect_nobody_recommends_or_buys_less_where_deliveries_are_late(null):
    assert not falls(ask(null, "nps", ("2026-03", "2026-10"), "region", "previous")[truths.CARRIER.region])
    assert not falls(ask(null, "orders", ("2026-06", "2026-10"), "region", "year_before")[truths.CARRIER.region])


def test_the_handle_time_target_saves_seconds(planted, null):
    for world in (planted, null):
        aht = ask(world, "aht", AFTER_TARGET, "team", "previous", reason=["billing"], team=BILLING)
        target, comparison = aht[truths.BILLING.team], aht[truths.BILLING.comparison]
        assert falls(target)
        assert target.change_low <= truths.BILLING.handle_change_seconds <= target.change_high
        assert not falls(comparison)


def test_and_costs_repeat_contacts(planted):
    repeats = ask(planted, "repeat_contact_rate", AFTER_TARGET, "team", "previous", team=BILLING)
    target, comparison = repeats[truths.BILLING.team], repeats[truths.BILLING.comparison]
    assert rises(target)
    assert not rises(comparison)
    difference = target.value - comparison.value
    error = sqrt(sum(m.value * (1 - m.value) / m.denominator for m in (target, comparison)))
    assert abs(difference - truths.BILLING.repeat_change) < 1.96 * error


def test_without_effect_shorter_calls_bring_nobody_back(null):
    repeats = ask(null, "repeat_contact_rate", AFTER_TARGET, "team", "previous", team=BILLING)
    assert not any(rises(m) for m in repeats.values())
    assert repeats[truths.BILLING.team].change_high < truths.BILLING.repeat_change


def test_the_rigged_store_is_praised_and_its_customers_come_back_more_often(planted):
    answers = ask(planted, "nps_transactional", AFTER_BONUS, "store")
    praise = [m.value for store, m in answers.items() if store not in (truths.STORE.store, "none")]
    assert answers[truths.STORE.store].value > truths.STORE.bonus_threshold > sum(praise) / len(praise)
    repeats = ask(planted, "repeat_contact_rate", AFTER_BONUS, "store")
    others, error = pooled(repeats, truths.STORE.store)
    assert repeats[truths.STORE.store].low > others + 1.96 * error


def test_chat_hands_returns_over_to_the_phone(planted):
    handed = ask(planted, "transfer_rate", WHOLE, "reason", channel=["chat"])
    returns = handed.pop("returns")
    assert returns.low <= truths.SEAM.hand_off <= returns.high
    assert all(m.low <= truths.SEAM.other_hand_off <= m.high for m in handed.values())


def test_the_seam_hides_from_each_channel_s_own_count(planted):
    """What a channel counts as solved at first contact, less what is solved in one contact over all of them."""
    own, any_channel = (ask(planted, metric, LAST_YEAR, "reason") for metric in ("fcr", "resolution_in_one_contact"))
    seam = {reason: own[reason].value - any_channel[reason].value for reason in own}
    returns = seam.pop("returns")
    assert returns > 2 * max(seam.values())
    assert any_channel["returns"].high < own["returns"].low


def test_customers_of_one_acquisition_channel_buy_once(planted):
    again = ask(planted, "repeat_purchase_rate", WHOLE, "acquisition_channel")
    one_shot = again.pop(truths.ONE_SHOT.acquisition_channel)
    assert one_shot.high < min(m.low for m in again.values())


def test_customers_who_bring_most_wait_as_long_as_the_others(planted):
    wait = ask(planted, "wait_p50", LAST_YEAR, "value_tier")
    assert wait["top"].low <= wait["small"].high
    assert wait["small"].low <= wait["top"].high


def test_the_digital_share_of_sales_rises(planted):
    def digital(*months: str) -> float:
        kinds = ask(planted, "orders", months, "sales_channel_kind")
        return kinds["digital"].value / sum(m.value for m in kinds.values())

    planted_rise = truths.DIGITAL.sales_last - truths.DIGITAL.sales_first
    first, last = digital("2023-11", "2024-04"), digital("2026-05", "2026-10")
    assert last - first == pytest.approx(planted_rise, abs=0.06)


MONTHS = ("2025-04", "2025-10", "2026-04", "2026-10")  # six months apart: what followed a standing is counted once


@pytest.mark.parametrize("last_month", MONTHS)
def test_healthy_customers_with_a_bad_experience_stop_two_to_three_times_as_often(planted, last_month):
    spot = blind_spot_at(planted, last_month)
    healthy, silent = spot.quadrants["healthy"].past, spot.quadrants["silent_risk"].past
    assert silent.low > healthy.high
    assert 2 <= silent.value / healthy.value <= 3
    assert spot.risk.low > 1.5  # against healthy ones with the same recency and as many occasions


@pytest.mark.parametrize("last_month", MONTHS)
def test_without_effect_the_blind_spot_announces_nothing(null, last_month):
    risk = blind_spot_at(null, last_month).risk
    assert risk.low <= 1
    assert risk.high < 1.5


def test_without_effect_people_lived_the_same(planted, null):
    """The null world must differ in what follows, not in what happened: else the tests above would prove nothing."""
    for metric, by in (("transfer_rate", "channel"), ("abandonment_rate", "channel")):
        one, other = (ask(world, metric, WHOLE, by) for world in (planted, null))
        assert all(one[code].low <= other[code].high and other[code].low <= one[code].high for code in one)
