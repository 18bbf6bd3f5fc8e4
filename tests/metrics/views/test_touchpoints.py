"""fct_touchpoint_event: which touchpoint an event belongs to, whether it went wrong, and what came next."""

from tests.metrics.views.test_contacts import CUSTOMERS, contact


def order(order_id: str, **more) -> dict:
    usual = {"customer_id": "A", "ordered_at": "2026-03-01 10:00", "sales_channel": "web", "status": "delivered"}
    return {"order_id": order_id} | usual | more


def events(world, *columns: str, contacts=(), **tables) -> dict:
    built = world(customers=CUSTOMERS, contacts=contacts, **tables)
    return built.by("fct_touchpoint_event", "event_id", *columns)


def test_a_delivery_goes_wrong_on_its_promised_day_and_without_a_promise_cannot_be_judged(world):
    found = events(
        world,
        "is_bad",
        "happened_at::varchar",
        orders=[
            order("kept", promised_on="2026-03-05", delivered_at="2026-03-04 09:00"),
            order("late", promised_on="2026-03-05", delivered_at="2026-03-09 09:00"),
            order("never", promised_on="2026-03-05", status="shipped"),
            order("unpromised", delivered_at="2026-03-04 09:00"),
        ],
    )
    assert found["delivery-kept"] == (False, "2026-03-04 09:00:00")
    assert found["delivery-late"] == (True, "2026-03-05 00:00:00")
    assert found["delivery-never"] == (True, "2026-03-05 00:00:00")
    assert found["delivery-unpromised"] == (None, "2026-03-04 09:00:00")


def test_a_contact_goes_wrong_in_any_of_five_ways(world):
    ways = {
        "fine": {},
        "given_up": {"abandoned": True},
        "handed_on": {"transferred_to": "other"},
        "asked_twice": {"information_repeated": True},
        "waited": {"wait_seconds": 301},
        "waited_little": {"wait_seconds": 300},
        "slow_mail": {"wait_seconds": 90_000, "channel": "email"},
    }
    contacts = [
        contact(name, f"2026-03-01 {10 + n}:00", reason=f"reason_{n}", **more)
        for n, (name, more) in enumerate(ways.items())
    ]
    contacts += [contact("again", "2026-04-01", reason="same"), contact("again_too", "2026-04-03", reason="same")]
    found = events(world, "is_bad", contacts=contacts)
    bad = {name.removeprefix("contact-") for name, is_bad in found.items() if is_bad}
    assert bad == {"given_up", "handed_on", "asked_twice", "waited", "again"}


def test_a_contact_of_nobody_known_or_of_the_last_seven_days_is_not_judged_even_when_given_up(world):
    contacts = [
        contact("nobody", "2026-03-01", customer=None, abandoned=True),
        contact("recent", "2026-10-28", abandoned=True),
    ]
    found = events(world, "is_bad", contacts=contacts)
    assert (found["contact-nobody"], found["contact-recent"]) == (None, None)


def test_channels_and_reasons_have_their_touchpoint(world):
    contacts = [contact(channel, "2026-03-01", channel=channel) for channel in ("phone", "store", "web", "app", "fax")]
    issues = [
        {"issue_id": reason, "customer_id": "A", "opened_at": "2026-03-01", "reason": reason}
        for reason in ("returns", "breakdown", "billing")
    ]
    orders = [order(channel, sales_channel=channel) for channel in ("web", "store", "phone")]
    sessions = [{"session_id": "v", "customer_id": "A", "started_at": "2026-03-01", "outcome": "left"}]
    found = events(world, "touchpoint", contacts=contacts, issues=issues, orders=orders, digital_sessions=sessions)
    assert found == {
        "contact-phone": "phone",
        "contact-store": "store_visit",
        "contact-web": "website",
        "contact-app": "website",
        "issue-returns": "returns",
        "issue-breakdown": "repair",
        "purchase-web": "checkout",
        "purchase-store": "store_purchase",
        "session-v": "self_service",
    }


def test_what_comes_next_is_the_next_contact_within_seven_days_and_never_the_same_one(world):
    contacts = [
        contact("call", "2026-03-01 10:00", reason="billing"),
        contact("next", "2026-03-08 10:00", reason="delivery"),
        contact("far", "2026-03-20 10:00", reason="returns"),
        contact("other", "2026-03-02 10:00", customer="B", reason="order"),
    ]
    found = events(world, "what_next", contacts=contacts)
    assert found["contact-call"] == "delivery"
    assert found["contact-next"] == "none"
    assert found["contact-other"] == "none"
