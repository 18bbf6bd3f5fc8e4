"""Self-service visits, suggestions, leads, and whom the company got in touch with: what is counted, what waits."""

from tests.metrics.views.test_contacts import CUSTOMERS, contact


def visit(session_id: str, **more) -> dict:
    usual = {"customer_id": "A", "started_at": "2026-03-01 10:00", "reason": "billing", "outcome": "resolved"}
    return {"session_id": session_id} | usual | more


def test_a_visit_is_contained_when_nobody_stepped_in_and_no_contact_followed_for_the_same_reason(world):
    built = world(
        customers=CUSTOMERS,
        contacts=[contact("K1", "2026-03-06 10:00", reason="billing")],
        digital_sessions=[
            visit("followed"),
            visit("followed_later", started_at="2026-02-20 10:00"),
            visit("other_reason", reason="returns"),
            visit("no_reason", reason=None),
            visit("after", started_at="2026-03-06 11:00"),
            visit("agent", reason="returns", agent_involved=True),
            visit("unknown", customer_id=None),
            visit("recent", started_at="2026-10-30 10:00"),
        ],
    )
    assert built.by("fct_digital_session", "session_id", "is_contained_7d") == {
        "followed": False,
        "followed_later": True,
        "other_reason": True,
        "no_reason": False,
        "after": True,
        "agent": False,
        "unknown": None,
        "recent": None,
    }


def test_what_the_site_claims_is_its_own_word(world):
    sessions = [visit("settled"), visit("left", outcome="left"), visit("silent", outcome=None)]
    sessions.append(visit("by_agent", outcome="resolved", agent_involved=True))
    found = world(customers=CUSTOMERS, digital_sessions=sessions).by(
        "fct_digital_session", "session_id", "is_claimed_resolved"
    )
    assert found == {"settled": True, "left": False, "silent": None, "by_agent": False}


def test_a_suggestion_is_decided_in_time_or_left_and_a_refusal_decides(world):
    usual = {"asked_at": "2026-03-01 10:00"}
    built = world(
        customers=CUSTOMERS,
        surveys=[{"survey_id": "S1", "customer_id": "A", "instrument": "nps", "score": 5, "answered_at": "2026-03-02"}],
        suggestions=[
            usual | {"suggestion_id": "open", "survey_id": "S1", "status": "open"},
            usual | {"suggestion_id": "refused", "status": "refused", "decided_on": "2026-04-01"},
            usual | {"suggestion_id": "too_late", "status": "done", "decided_on": "2026-09-01"},
            usual | {"suggestion_id": "undated", "status": "planned"},
            usual | {"suggestion_id": "recent", "status": "open", "asked_at": "2026-10-01 10:00"},
        ],
    )
    assert built.by("fct_suggestion", "suggestion_id", "is_decided_90d") == {
        "open": False,
        "refused": True,
        "too_late": False,
        "undated": True,
        "recent": None,
    }
    assert built.by("fct_suggestion", "suggestion_id", "customer_id")["open"] == "A"


def test_a_lead_is_won_in_time_and_stands_under_no_customer_since_only_the_won_have_one(world):
    built = world(
        customers=CUSTOMERS,
        leads=[
            {"lead_id": "won", "customer_id": "A", "created_at": "2026-03-01 10:00", "won_at": "2026-03-11 10:00"},
            {"lead_id": "late", "customer_id": "A", "created_at": "2026-03-01 10:00", "won_at": "2026-08-01 10:00"},
            {"lead_id": "lost", "created_at": "2026-03-01 10:00", "referred_by": "B"},
            {"lead_id": "recent", "created_at": "2026-10-01 10:00"},
        ],
    )
    found = built.by("fct_lead", "lead_id", "is_won_90d", "days_to_win", "customer_id", "referred")
    assert found["won"] == (True, 10.0, None, "no")
    assert found["late"][0] is found["lost"][0] is False
    assert found["lost"][3] == "yes"
    assert found["recent"][0] is None
    assert built.value("select count(*) from fct_lead where region <> 'unknown'") == 0


def test_who_was_reached_after_something_went_wrong(world):
    order = {"customer_id": "A", "ordered_at": "2026-03-01 10:00", "sales_channel": "web", "status": "delivered"}
    late = order | {"order_id": "late", "promised_on": "2026-03-05", "delivered_at": "2026-03-09 09:00"}
    fine = order | {"order_id": "fine", "promised_on": "2026-03-25", "delivered_at": "2026-03-24 09:00"}
    called = contact("K1", "2026-03-08 10:00", direction="outbound")
    found = world(customers=CUSTOMERS, orders=[late, fine], contacts=[called]).by(
        "fct_touchpoint_event", "event_id", "went", "is_reached_7d"
    )
    assert found["delivery-late"] == ("bad", True)
    assert found["delivery-fine"] == ("good", False)
    alone = world(customers=CUSTOMERS, orders=[late], contacts=[]).by(
        "fct_touchpoint_event", "event_id", "is_reached_7d"
    )
    assert alone["delivery-late"] is None
