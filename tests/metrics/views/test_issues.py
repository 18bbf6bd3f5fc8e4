"""fct_issue: put together from contacts, or as the source knows them; resolved in one contact; kept in time."""

import pytest

CUSTOMERS = [{"customer_id": name, "region": "north"} for name in ("A", "B")]


def contact(contact_id: str, started: str, customer: str | None = "A", **more) -> dict:
    usual = {"channel": "phone", "direction": "inbound", "reason": "billing", "team": "desk"}
    return {"contact_id": contact_id, "customer_id": customer, "started_at": started} | usual | more


def issues_of(world, *contacts: dict, **more) -> dict:
    """{contact: issue}"""
    return world(customers=CUSTOMERS, contacts=contacts, **more).by("fct_contact", "contact_id", "issue_id")


def test_contacts_of_a_case_are_one_issue_whatever_the_gap_and_the_reason(world):
    found = issues_of(
        world,
        contact("a", "2026-01-01", case_id="K1"),
        contact("b", "2026-06-01", case_id="K1", reason="delivery"),
        contact("c", "2026-01-02", case_id="K2"),
    )
    assert found == {"a": "K1", "b": "K1", "c": "K2"}


def test_without_a_case_an_issue_lasts_until_nothing_comes_for_14_days(world):
    found = issues_of(
        world,
        contact("a", "2026-01-01 10:00"),
        contact("b", "2026-01-15 10:00"),  # 14 days after a: the same issue
        contact("c", "2026-01-29 10:00:01"),  # a second more than 14 days after b: a new one
        contact("d", "2026-01-02 10:00", reason="delivery"),
        contact("e", "2026-01-02 10:00", customer="B"),
    )
    assert found["a"] == found["b"] == "contact-a"
    assert found["c"] == "contact-c"
    assert len({found[name] for name in "acde"}) == 4


def test_the_gap_is_the_config_s(world):
    contacts = (contact("a", "2026-01-01"), contact("b", "2026-01-08"))
    found = issues_of(world, *contacts, settings={"windows": {"issue_gap_days": 5}})
    assert found["a"] != found["b"]


def test_a_follow_up_without_its_case_number_joins_the_case_of_its_chain(world):
    found = issues_of(
        world,
        contact("a", "2026-01-01", case_id="K1"),
        contact("b", "2026-01-05"),
        contact("c", "2026-03-01"),
    )
    assert found == {"a": "K1", "b": "K1", "c": "contact-c"}


def test_unidentified_contacts_are_an_issue_each_unless_a_case_joins_them(world):
    found = issues_of(
        world,
        contact("a", "2026-01-01", customer=None),
        contact("b", "2026-01-01", customer=None),
        contact("c", "2026-01-01", customer=None, case_id="K1"),
        contact("d", "2026-01-02", customer=None, case_id="K1"),
    )
    assert found == {"a": "contact-a", "b": "contact-b", "c": "K1", "d": "K1"}


def test_our_own_calls_open_no_issue_and_count_in_the_case_they_name(world):
    built = world(
        customers=CUSTOMERS,
        contacts=[
            contact("a", "2026-01-02", case_id="K1"),
            contact("ours", "2026-01-03", case_id="K1", direction="outbound", channel="email"),
            contact("courtesy", "2026-01-03", direction="outbound"),
            contact("proactive", "2026-01-03", direction="outbound", case_id="K2"),
        ],
    )
    assert built.by("fct_issue", "issue_id", "n_contacts", "n_channels", "first_channel") == {"K1": (2, 2, "phone")}
    assert built.value("select issue_id from fct_contact where contact_id = 'courtesy'") is None
    openings = built.by("fct_contact", "contact_id", "is_first_of_issue")
    assert openings == {"a": True, "ours": False, "courtesy": False, "proactive": False}


def test_an_issue_says_how_it_went(world):
    built = world(
        customers=CUSTOMERS,
        contacts=[
            contact("b", "2026-01-03", channel="chat", team="other", transferred_to="third", case_id="K1"),
            contact("a", "2026-01-01", talk_seconds=900, case_id="K1", transferred_to="other"),
            contact("c", "2026-01-03 09:00", talk_seconds=900, case_id="K1"),
        ],
    )
    columns = "n_contacts, n_channels, hand_off_count, first_channel, team, region, cast(handling_cost as integer)"
    assert built.rows(f"select {columns} from fct_issue") == [(3, 2, 2, "phone", "desk", "north", 16)]


RESOLVED = {
    "nothing_followed": ({}, None, True, True),
    "followed_by_the_same_channel": ({}, {"channel": "phone"}, False, False),
    "followed_by_another_channel": ({}, {"channel": "chat"}, False, True),
    "followed_after_the_window": ({}, {"started": "2026-03-09"}, True, True),
    "followed_for_another_reason": ({}, {"reason": "delivery"}, True, True),
    "given_up": ({"abandoned": True}, None, False, False),
    "not_identified_and_given_up": ({"customer": None, "abandoned": True}, None, None, None),
    "given_up_lately": ({"started": "2026-10-30", "abandoned": True}, None, None, None),
    "not_identified": ({"customer": None}, {"customer": None}, None, None),
    "too_recent": ({"started": "2026-10-30"}, None, None, None),
}


@pytest.mark.parametrize("case", RESOLVED)
def test_resolved_in_one_contact_sees_every_channel_and_fcr_only_its_own(world, case):
    first, then, in_one, same_channel = RESOLVED[case]
    contacts = [contact("a", **{"started": "2026-03-01"} | first)]
    contacts += [contact("b", **{"started": "2026-03-03"} | then)] if then else []
    built = world(customers=CUSTOMERS, contacts=contacts)
    columns = ("is_resolved_in_one_contact", "is_fcr_same_channel")
    assert built.by("fct_contact", "contact_id", *columns)["a"] == (in_one, same_channel)
    assert built.by("fct_issue", "issue_id", *columns)["contact-a"] == (in_one, same_channel)


def test_follow_ups_are_not_in_the_denominator_of_resolution(world):
    contacts = [contact(f"K{day}", f"2026-03-0{day}") for day in range(1, 6)] + [contact("B1", "2026-03-01", "B")]
    built = world(customers=CUSTOMERS, contacts=contacts)
    # one issue of five contacts, one of one: half are resolved in one contact, though 2 of 6 contacts brought no other
    counted = "count(*) filter (where is_resolved_in_one_contact), count(is_resolved_in_one_contact)"
    assert built.rows(f"select {counted} from fct_contact") == [(1, 2)]
    assert built.rows(f"select {counted} from fct_issue") == [(1, 2)]


def known(**more) -> dict:
    return {"issue_id": "I1", "customer_id": "A", "opened_at": "2026-03-01 10:00"} | more


def test_issues_of_the_source_replace_those_of_contacts_and_take_what_contacts_say(world):
    contacts = [
        contact("a", "2026-03-01", case_id="I1"),
        contact("b", "2026-03-02", case_id="I1", channel="chat"),
        contact("c", "2026-05-01", "B"),
    ]
    issues = [known(channel="email", hand_off_count=7), known(issue_id="I2", customer_id="B")]
    built = world(customers=CUSTOMERS, contacts=contacts, issues=issues)
    columns = ("first_channel", "n_contacts", "n_channels", "hand_off_count", "is_resolved_in_one_contact")
    assert built.by("fct_issue", "issue_id", *columns) == {
        "I1": ("email", 2, 2, 7, False),
        "I2": ("unknown", None, None, None, None),
    }


DUE = {
    "within_the_hour_promised": ({"due_at": "2026-03-03 12:00", "resolved_at": "2026-03-03 12:00"}, True, 0),
    "a_minute_late": ({"due_at": "2026-03-03 12:00", "resolved_at": "2026-03-03 12:01"}, False, 0),
    "on_the_day_promised": ({"due_at": "2026-03-03", "resolved_at": "2026-03-03 23:59"}, True, 0),
    "the_day_after": ({"due_at": "2026-03-03", "resolved_at": "2026-03-04 00:00"}, False, 1),
    "still_open": ({"due_at": "2026-10-21 12:00"}, False, 11),
    "closed_without_a_resolution_date": ({"due_at": "2026-03-03", "closed_at": "2026-03-02"}, True, -1),
    "the_source_says_it_was_kept": ({"promise_kept": True, "resolved_at": "2026-03-09"}, True, None),
    "the_source_says_it_was_broken": (
        {"due_at": "2026-03-03", "resolved_at": "2026-03-02", "promise_kept": False},
        *(False, -1),
    ),
    "due_on_the_last_day": ({"due_at": "2026-10-31"}, False, 1),
    "due_tomorrow": ({"due_at": "2026-11-01 09:00"}, None, None),
    "no_promise": ({"resolved_at": "2026-03-02"}, None, None),
}


@pytest.mark.parametrize("case", DUE)
def test_an_issue_with_a_due_time_is_a_promise(world, case):
    given, kept, late = DUE[case]
    built = world(customers=CUSTOMERS, issues=[known(**given)])
    assert built.rows("select is_promise_kept, is_promise_due from fct_issue") == [(kept, kept is not None)]
    expected = [("issue", kept, late)] if kept is not None else []
    assert built.rows("select kind, is_kept, days_late from fct_promise") == expected
