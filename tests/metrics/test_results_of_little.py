"""What is made at refresh is made, empty, for a company with hardly any data: pages find their tables and say so."""

from datetime import datetime

import pytest

from metrics.results import attention, cost_to_serve, drivers, irritants, leading_indicators, preferences
from tests.metrics.views.view_worlds import SETTINGS, build_world

STEPS = (attention, cost_to_serve, irritants, drivers, leading_indicators, preferences)
TABLES = (
    "attention",
    "attention_test",
    "cost_tier",
    "cost_concentration",
    "cost_reason",
    "irritant",
    "irritant_words",
    "drivers",
    "drivers_kind",
)
ORDERS = [
    {
        "order_id": f"O{n}",
        "customer_id": f"C{n % 20}",
        "ordered_at": datetime(2025, 1 + n % 12, 5),
        "promised_on": f"2025-{1 + n % 12:02}-10",
        "delivered_at": datetime(2025, 1 + n % 12, 9 + n % 3),
        "status": "delivered",
    }
    for n in range(60)
]
WORLDS = {
    "nothing": {},
    "customers only": {"customers": [{"customer_id": "C1"}]},
    "orders without amounts": {"customers": [{"customer_id": f"C{n}"} for n in range(20)], "orders": ORDERS},
    "contacts of strangers": {
        "contacts": [{"contact_id": "K1", "started_at": datetime(2025, 1, 3), "reason": "billing", "wait_seconds": 9}]
    },
}


@pytest.mark.parametrize("tables", WORLDS.values(), ids=WORLDS)
@pytest.mark.parametrize("segments", [SETTINGS.segments, {}], ids=["segments", "none"])
def test_tables_are_made_and_hold_nothing_that_cannot_be_told(tables, segments):
    settings = SETTINGS.model_copy(update={"segments": segments})
    world = build_world(tables, settings)
    for step in STEPS:
        step.create(world.connection, settings)
    for name in TABLES:
        assert world.value(f"select count(*) from result_{name}") == 0, name
