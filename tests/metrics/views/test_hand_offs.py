"""fct_hand_off: where an issue passes from one channel or team to another, and what is lost on the way."""

CUSTOMERS = [{"customer_id": "A", "region": "north"}]


def contact(contact_id: str, started: str, **more) -> dict:
    usual = {"channel": "phone", "direction": "inbound", "reason": "returns", "team": "desk", "case_id": "K1"}
    return {"contact_id": contact_id, "customer_id": "A", "started_at": started} | usual | more


def hand_offs(world, *contacts: dict, columns: tuple = ("from_channel", "to_channel", "handed_how"), **tables) -> dict:
    return world(customers=CUSTOMERS, contacts=contacts, **tables).by("fct_hand_off", "hand_off_id", *columns)


def test_a_chat_that_ends_on_the_phone_is_one_hand_off(world):
    chat = contact("a", "2026-03-01 10:00", channel="chat", team="chat", transferred_to="desk")
    found = hand_offs(world, chat, contact("b", "2026-03-01 10:20"))
    assert found == {"to-b": ("chat", "phone", "passed_on")}


def test_a_customer_who_takes_it_elsewhere_makes_the_hand_off_and_one_who_calls_again_does_not(world):
    found = hand_offs(
        world, contact("a", "2026-03-01"), contact("b", "2026-03-03"), contact("c", "2026-03-04", channel="chat")
    )
    assert found == {"to-c": ("phone", "chat", "came_back")}


def test_another_team_on_the_same_channel_is_a_hand_off_when_both_are_known(world):
    columns = ("from_team", "to_team")
    known = hand_offs(world, contact("a", "2026-03-01"), contact("b", "2026-03-03", team="back"), columns=columns)
    assert known == {"to-b": ("desk", "back")}
    assert not hand_offs(world, contact("a", "2026-03-01"), contact("b", "2026-03-03", team=None))


def test_a_call_passed_on_while_the_customer_holds_has_no_contact_of_its_own(world):
    columns = ("from_team", "to_team", "handed_how", "to_contact_id", "is_bad", "repeat_within_7d")
    found = hand_offs(world, contact("a", "2026-03-01", transferred_to="back"), columns=columns)
    assert found == {"from-a": ("desk", "back", "passed_live", None, None, False)}


def test_after_24_hours_the_next_contact_is_not_the_one_that_was_passed_on(world):
    contacts = [contact("a", "2026-03-01 10:00", transferred_to="back"), contact("b", "2026-03-02 10:01", team="back")]
    assert hand_offs(world, *contacts, columns=("handed_how",)) == {"from-a": "passed_live"}
    contacts[1]["started_at"] = "2026-03-02 10:00"
    assert hand_offs(world, *contacts, columns=("handed_how",)) == {"to-b": "passed_on"}


def test_a_call_of_ours_from_another_team_takes_over(world):
    found = hand_offs(world, contact("a", "2026-03-01"), contact("b", "2026-03-02", team="back", direction="outbound"))
    assert found == {"to-b": ("phone", "phone", "taken_over")}


def test_contacts_of_different_issues_hand_nothing_over(world):
    found = hand_offs(world, contact("a", "2026-03-01"), contact("b", "2026-03-02", channel="chat", case_id="K2"))
    assert not found


def test_issues_without_a_case_number_are_put_together_by_customer_and_reason_until_the_gap(world):
    for gap, expected in ((7, set()), (14, {"to-b"})):
        found = hand_offs(
            world,
            contact("a", "2026-03-01", case_id=None),
            contact("b", "2026-03-11", case_id=None, channel="chat"),
            settings={"windows": {"issue_gap_days": gap}},
        )
        assert set(found) == expected


def test_another_answer_to_the_same_question_conflicts_whoever_had_answered_before(world):
    asked = {"question_code": "refund"}
    found = hand_offs(
        world,
        contact("a", "2026-03-01", channel="chat", answer_code="yes", **asked),
        contact("b", "2026-03-02", answer_code="no", **asked),
        contact("c", "2026-03-03", channel="email", question_code="when", answer_code="no"),
        contact("d", "2026-03-04", answer_code="yes", **asked),
        columns=("conflicting", "is_bad"),
    )
    assert found == {"to-b": (True, True), "to-c": (None, None), "to-d": (False, False)}


def test_what_is_lost_is_that_of_the_contact_that_took_over(world):
    lost = {
        "wait_seconds": 60,
        "talk_seconds": 200,
        "hold_seconds": 40,
        "wrap_seconds": 500,
        "information_repeated": True,
    }
    effort = {"survey_id": "S", "instrument": "effort", "scale_low": 1, "scale_high": 7, "better": "high", "score": 2}
    columns = ("information_repeated", "is_bad", "round(minutes_lost, 2)", "effort_score", "reason", "region")
    found = hand_offs(
        world,
        contact("a", "2026-03-01", channel="chat", information_repeated=True),
        contact("b", "2026-03-02", **lost),
        columns=columns,
        surveys=[effort | {"contact_id": "b", "customer_id": "A", "answered_at": "2026-03-03"}],
    )
    assert found == {"to-b": (True, True, 5.0, 2, "returns", "north")}


def test_who_gives_up_in_the_queue_of_the_other_channel_is_badly_served_and_lost_no_known_minutes(world):
    gone = contact("b", "2026-03-02", abandoned=True, wait_seconds=600, information_repeated=False)
    columns = ("is_given_up", "is_bad", "information_repeated", "minutes_lost")
    found = hand_offs(world, contact("a", "2026-03-01", channel="chat"), gone, columns=columns)
    assert found == {"to-b": (True, True, None, None)}


def test_departments_are_those_of_the_teams_and_small_teams_are_drawn_as_theirs(world):
    teams = [{"team": "desk", "department": "care"}, {"team": "back", "department": "finance"}]
    many = [contact(f"n{n}", "2026-01-01", case_id=f"N{n}", team=f"t{n % 14}") for n in range(28)]
    found = hand_offs(
        world,
        *many,
        contact("a", "2026-03-01"),
        contact("b", "2026-03-02", team="back"),
        columns=("from_department", "to_department", "from_unit", "team_seam"),
        teams=teams,
    )
    assert found == {"to-b": ("care", "finance", "care", "care>finance")}
