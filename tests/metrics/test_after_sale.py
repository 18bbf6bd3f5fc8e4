"""After the signature: one-shot selling shows where it is planted, in the world without effect too, only there."""

from dataclasses import replace
from datetime import datetime

import pytest

from data.sample import truths
from metrics.query import measure
from metrics.selection import Period
from metrics.value_findings import one_shot_finding
from tests.company import last_year
from tests.metrics.views.view_worlds import build_world, settings_with

EVER = Period.of_months("2023-11", "2026-10")
CHANNEL = "acquisition_channel"


def by_channel(company, metric: str) -> dict:
    asked = replace(last_year(), period=EVER)
    return {m.group[0][1]: m for m in company.ask(lambda c, k, s: measure(c, k, metric, s, by=(CHANNEL,)), asked)}


@pytest.mark.parametrize("world", ["planted", "null"])
def test_flash_sale_customers_do_not_come_back(world, request):
    second = by_channel(request.getfixturevalue(world), "repeat_purchase_rate")
    found = one_shot_finding(list(second.values()), CHANNEL)
    assert found.key == "finding.value.one_shot"
    assert found.holes["group"][0] == truths.ONE_SHOT.acquisition_channel
    assert found.holes["low"][0] <= truths.MEASURABLE.second_order_flash_sale <= found.holes["high"][0]
    assert found.holes["others_low"][0] <= truths.MEASURABLE.second_order_others <= found.holes["others_high"][0]
    without = [m for channel, m in second.items() if channel != truths.ONE_SHOT.acquisition_channel]
    assert one_shot_finding(without, CHANNEL).key == "finding.value.no_one_shot"


def test_they_were_won_with_a_discount_and_hear_as_much_from_us(planted):
    discount, contacts = by_channel(planted, "first_order_discount"), by_channel(planted, "contacts_after_sale")
    flash = truths.ONE_SHOT.acquisition_channel
    assert discount[flash].value == pytest.approx(truths.ONE_SHOT.discount, abs=0.01)
    assert all(m.high < 0.1 for channel, m in discount.items() if channel != flash)
    assert contacts[flash].low < contacts["web"].high


def test_what_we_did_after_the_first_order_is_counted_once_it_is_old_enough():
    """Offer on the day itself left out; offer and call within 180 days count; a call-back and the day 181 do not."""
    day, after = datetime(2025, 1, 10), "2025-01-20"
    order = {"order_id": "O1", "customer_id": "A", "ordered_at": day, "status": "delivered"}
    calls = [("K1", after, None), ("K2", after, "S1"), ("K3", "2025-07-10", None)]
    tables = {
        "customers": [
            {"customer_id": "A", "first_seen_on": "2025-01-10"},
            {"customer_id": "B", "first_seen_on": "2025-10-01"},
        ],
        "orders": [order, order | {"order_id": "O2", "customer_id": "B", "ordered_at": datetime(2025, 10, 1)}],
        "order_lines": [
            {"order_id": "O1", "line": 1, "quantity": 1, "net_amount": 75, "discount": 25},
            {"order_id": "O2", "line": 1, "quantity": 1, "net_amount": 10},
        ],
        "contacts": [
            {"contact_id": k, "customer_id": "A", "started_at": at, "direction": "outbound", "survey_id": s}
            for k, at, s in calls
        ],
        "offers": [
            {"offer_id": at, "customer_id": "A", "offered_at": at} for at in ("2025-01-10", after, "2025-02-01")
        ],
    }  # fmt: skip
    world = build_world(tables, settings_with(datetime(2025, 12, 31).date()))
    names = "order_id, n_offers_after, n_contacts_after, discount_amount, full_amount"
    assert world.rows(f"select {names} from fct_first_order order by order_id") == [
        ("O1", 2, 1, 25, 100),
        ("O2", None, None, None, None),
    ]
