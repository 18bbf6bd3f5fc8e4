"""fct_contact: who comes back within how long, and what a contact cost."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

CUSTOMERS = [{"customer_id": name, "region": "north"} for name in ("A", "B")]


def contact(contact_id: str, started: str, customer: str | None = "A", **more) -> dict:
    usual = {"channel": "phone", "direction": "inbound", "reason": "billing", "team": "desk"}
    return {"contact_id": contact_id, "customer_id": customer, "started_at": started} | usual | more


def repeats(world, *contacts: dict, column: str = "repeat_within_7d") -> dict:
    return world(customers=CUSTOMERS, contacts=contacts).by("fct_contact", "contact_id", column)


def test_a_contact_is_repeated_when_the_same_customer_comes_back_for_the_same_reason_by_any_channel(world):
    found = repeats(
        world,
        contact("first", "2026-03-01 10:00"),
        contact("by_chat", "2026-03-04 10:00", channel="chat"),
        contact("other_reason", "2026-03-05 10:00", reason="delivery"),
        contact("other_customer", "2026-03-05 11:00", customer="B"),
    )
    assert found == {"first": True, "by_chat": False, "other_reason": False, "other_customer": False}


def test_seven_days_are_seven_times_24_hours_and_their_last_instant_counts(world):
    assert repeats(world, contact("a", "2026-03-01 10:00"), contact("b", "2026-03-08 10:00"))["a"] is True
    assert repeats(world, contact("a", "2026-03-01 10:00"), contact("b", "2026-03-08 10:00:01"))["a"] is False


def test_each_window_counts_for_itself(world):
    built = world(customers=CUSTOMERS, contacts=[contact("a", "2026-03-01"), contact("b", "2026-03-11")])
    columns = [f"repeat_within_{days}d" for days in (1, 7, 14, 30)]
    assert built.by("fct_contact", "contact_id", *columns)["a"] == (False, False, True, True)


def test_of_two_contacts_at_the_same_moment_the_lower_id_is_followed_by_the_other(world):
    assert repeats(world, contact("b", "2026-03-01 10:00"), contact("a", "2026-03-01 10:00")) == {"a": True, "b": False}


def test_any_reason_and_same_channel_are_told_apart(world):
    contacts = [
        contact("call", "2026-03-01"),
        contact("chat", "2026-03-02", channel="chat"),
        contact("other_matter", "2026-03-20"),
        contact("another_reason", "2026-03-21", reason="delivery"),
    ]
    built = world(customers=CUSTOMERS, contacts=contacts)
    columns = ("repeat_within_7d", "same_channel_repeat_within_7d", "repeat_any_reason_within_7d")
    found = built.by("fct_contact", "contact_id", *columns)
    assert found["call"] == (True, False, True)
    assert found["other_matter"] == (False, False, True)


def test_a_window_that_has_not_passed_gives_no_flag_even_if_the_customer_is_already_back(world):
    # the last day of the data is 2026-10-31: seven days after the 24th at midnight are over only the moment after it
    contacts = [contact("over", "2026-10-24 23:59:59"), contact("open", "2026-10-25"), contact("back", "2026-10-26")]
    built = world(customers=CUSTOMERS, contacts=contacts)
    found = built.by("fct_contact", "contact_id", "repeat_within_7d", "is_mature_7d", "repeat_within_1d")
    assert found["over"] == (True, True, True)
    assert found["open"] == (None, False, True)


def test_unidentified_and_outbound_contacts_are_kept_and_have_no_flag(world):
    contacts = [
        contact("nobody", "2026-03-01", customer=None),
        contact("nobody_again", "2026-03-02", customer=None),
        contact("we_called", "2026-03-03", direction="outbound"),
    ]
    built = world(customers=CUSTOMERS, contacts=contacts)
    found = built.by("fct_contact", "contact_id", "repeat_within_7d", "is_identified", "is_inbound", "region")
    assert found == {
        "nobody": (None, False, True, "unknown"),
        "nobody_again": (None, False, True, "unknown"),
        "we_called": (None, True, False, "north"),
    }


def test_our_own_call_does_not_make_a_repeat(world):
    found = repeats(world, contact("a", "2026-03-01"), contact("ours", "2026-03-02", direction="outbound"))
    assert found == {"a": False, "ours": None}


def test_a_direction_left_empty_counts_as_inbound(world):
    found = repeats(world, contact("a", "2026-03-01", direction=None), contact("b", "2026-03-02", direction=None))
    assert found == {"a": True, "b": False}


def test_the_repeat_is_also_marked_on_the_contact_that_came_back(world):
    contacts = [contact("a", "2026-03-01"), contact("b", "2026-03-08"), contact("c", "2026-03-16")]
    assert repeats(world, *contacts, column="is_repeat_of_earlier_7d") == {"a": False, "b": True, "c": False}


def test_handle_time_is_talk_hold_and_wrap_and_unknown_when_none_is_given(world):
    built = world(
        customers=CUSTOMERS,
        contacts=[
            contact("all", "2026-03-01", talk_seconds=100, hold_seconds=20, wrap_seconds=30),
            contact("talk_only", "2026-03-02", talk_seconds=100),
            contact("none", "2026-03-03"),
            contact("given_up", "2026-03-04", abandoned=True),
        ],
    )
    found = built.by("fct_contact", "contact_id", "handle_seconds", "is_handled", "is_abandoned")
    assert found == {
        "all": (150, True, None),
        "talk_only": (100, True, None),
        "none": (None, True, None),
        "given_up": (None, False, True),
    }


def test_a_contact_costs_what_its_team_cost_on_that_day_and_is_never_multiplied_by_the_periods(world):
    teams = [
        {"team": "desk", "valid_from": "2025-01-01", "valid_to": "2026-03-31", "hourly_cost": "36.00"},
        {"team": "desk", "valid_from": "2026-03-15", "valid_to": None, "hourly_cost": "72.00"},
        {"team": "gone", "valid_from": None, "valid_to": "2026-01-31", "hourly_cost": "90.00"},
        {"team": "uncosted", "valid_from": "2025-01-01"},
    ]
    contacts = [
        contact("old_rate", "2026-03-14", talk_seconds=100),
        contact("new_rate", "2026-03-15", talk_seconds=100),
        contact("after_the_end", "2026-03-15", talk_seconds=900, team="gone"),
        contact("config_rate", "2026-03-15", talk_seconds=900, team="uncosted"),
        contact("no_team", "2026-03-15", talk_seconds=900, team=None),
        contact("no_time", "2026-03-15"),
    ]
    costs = world(customers=CUSTOMERS, contacts=contacts, teams=teams).by("fct_contact", "contact_id", "handling_cost")
    assert costs == {
        "old_rate": Decimal("1.0000"),
        "new_rate": Decimal("2.0000"),
        "after_the_end": Decimal("8.0000"),  # 900 s at 32.00 an hour, the config's
        "config_rate": Decimal("8.0000"),
        "no_team": Decimal("8.0000"),
        "no_time": None,
    }


MOMENTS = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", None]),
        st.sampled_from(["billing", None]),
        st.sampled_from(["phone", "chat"]),
        st.sampled_from(["inbound", "inbound", "outbound"]),
        st.integers(0, 60).map(lambda half_days: datetime(2026, 10, 1) + timedelta(hours=12 * half_days)),
    ),
    max_size=12,
)


@pytest.mark.parametrize("examples", [15, pytest.param(400, marks=pytest.mark.soak)])
def test_repeat_flags_are_those_of_a_search_by_hand(world, examples):
    @settings(max_examples=examples, deadline=None)
    @given(MOMENTS)
    def holds(moments):
        contacts = [
            contact(f"K{n:02}", started, who, channel=channel, direction=way, reason=why)
            for n, (who, why, channel, way, started) in enumerate(moments)
        ]
        built = world(customers=CUSTOMERS, contacts=contacts)
        columns = ("repeat_within_7d", "repeat_any_reason_within_7d", "same_channel_repeat_within_7d")
        found = built.by("fct_contact", "contact_id", *columns)
        for this in contacts:
            wanted = tuple(searched(this, contacts, same) for same in (("reason",), (), ("reason", "channel")))
            assert found[this["contact_id"]] == wanted

    holds()


def searched(this: dict, contacts: list[dict], same: tuple[str, ...]) -> bool | None:
    """Whether another inbound contact of the same customer, alike in `same`, came within 7 days; None: cannot tell."""
    end = this["started_at"] + timedelta(days=7)
    if this["direction"] != "inbound" or this["customer_id"] is None or end >= datetime(2026, 11, 1):
        return None
    return any(
        other["direction"] == "inbound"
        and all(other[column] == this[column] for column in ("customer_id", *same))
        and (this["started_at"], this["contact_id"]) < (other["started_at"], other["contact_id"])
        and other["started_at"] <= end
        for other in contacts
    )
