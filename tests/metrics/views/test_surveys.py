"""fct_survey_invitation and fct_survey_answer: one row an invitation, whatever it is joined to."""

from datetime import datetime

CUSTOMERS = [{"customer_id": "A", "region": "north"}]
ORDERS = [
    {"order_id": "O1", "customer_id": "A", "ordered_at": "2026-03-01", "status": "delivered", "sales_channel": "web",
     "promised_on": "2026-03-05", "delivered_at": "2026-03-08"},
    {"order_id": "O2", "customer_id": "A", "ordered_at": "2026-03-01", "status": "delivered",
     "promised_on": "2026-03-05", "delivered_at": "2026-03-05"},
]  # fmt: skip
CONTACT = {"contact_id": "K1", "customer_id": "A", "started_at": "2026-03-01", "channel": "chat", "reason": "billing"}


def survey(survey_id: str = "S1", **more) -> dict:
    usual = {"customer_id": "A", "instrument": "nps", "kind": "transactional", "sent_at": "2026-03-10 09:00"}
    scale = {"scale_low": 0, "scale_high": 10, "better": "high"}
    return {"survey_id": survey_id} | usual | scale | more


def test_joining_orders_lines_contacts_and_customers_does_not_multiply_answers(world):
    lines = [{"order_id": "O1", "line": n, "net_amount": 10} for n in range(1, 6)]
    teams = [{"team": "desk", "valid_from": f"202{n}-01-01", "hourly_cost": 30} for n in range(5)]
    built = world(
        customers=CUSTOMERS,
        orders=ORDERS,
        order_lines=lines,
        contacts=[CONTACT | {"contact_id": f"K{n}", "team": "desk"} for n in range(1, 6)],
        teams=teams,
        surveys=[survey(score=9, order_id="O1", contact_id="K1"), survey("S2", score=3, contact_id="K2")],
    )
    assert built.rows("select count(*), sum(score) from fct_survey_answer") == [(2, 12)]
    assert built.rows("select count(*) from fct_survey_invitation") == [(2,)]


def test_an_answer_carries_its_order_and_its_contact(world):
    built = world(
        customers=CUSTOMERS,
        orders=ORDERS,
        contacts=[CONTACT],
        surveys=[
            survey("both", score=1, order_id="O1", contact_id="K1"),
            survey("neither", score=1),
            survey("lost", score=1, order_id="gone", contact_id="gone"),
        ],
    )
    found = built.by("fct_survey_answer", "survey_id", "delivery_promise", "sales_channel", "channel", "reason")
    assert found == {
        "both": ("late", "web", "chat", "billing"),
        "neither": ("none", "none", "none", "none"),
        "lost": ("unknown", "unknown", "unknown", "unknown"),
    }


def test_one_review_of_two_orders_counts_for_each(world):
    surveys = [survey(score=2, order_id="O1"), survey(score=2, order_id="O2")]
    built = world(customers=CUSTOMERS, orders=ORDERS, surveys=surveys)
    found = built.rows("select order_id, delivery_promise from fct_survey_answer order by order_id")
    assert found == [("O1", "late"), ("O2", "kept")]


def test_unanswered_invitations_are_kept_and_are_no_answers(world):
    built = world(
        customers=CUSTOMERS, surveys=[survey("yes", score=0), survey("no"), survey("lost", is_delivered=False)]
    )
    found = built.by("fct_survey_invitation", "survey_id", "is_answered", "is_delivered")
    assert found == {"yes": (True, True), "no": (False, True), "lost": (False, False)}
    assert built.value("select count(*) from fct_survey_answer") == 1


def test_an_answer_to_an_invitation_that_is_said_not_to_have_arrived_did_arrive(world):
    built = world(customers=CUSTOMERS, surveys=[survey(score=5, is_delivered=False)])
    assert built.rows("select is_delivered, is_answered from fct_survey_invitation") == [(True, True)]


def test_a_scale_that_runs_backwards_is_turned_and_the_score_itself_is_left(world):
    surveys = [
        survey("effort", instrument="effort", scale_low=1, scale_high=7, better="low", score=2),
        survey("rating", instrument="rating", scale_low=1, scale_high=5, score=4),
        survey("nps", score=7),
    ]
    built = world(customers=CUSTOMERS, surveys=surveys)
    found = built.by("fct_survey_answer", "survey_id", "score", "score_high_good", "score_share", "score_0_10")
    assert found == {"effort": (2, 6, 5 / 6, None), "rating": (4, 4, 0.75, None), "nps": (7, 7, 0.7, 7)}


def test_an_answer_without_a_date_is_dated_by_its_invitation_and_an_invitation_by_its_answer(world):
    surveys = [survey("a", score=5), survey("b", score=5, sent_at=None, answered_at="2026-04-02 10:00")]
    built = world(customers=CUSTOMERS, surveys=surveys)
    found = built.by("fct_survey_invitation", "survey_id", "invited_at", "answered_at")
    assert found["a"] == (datetime(2026, 3, 10, 9), datetime(2026, 3, 10, 9))
    assert found["b"] == (datetime(2026, 4, 2, 10), datetime(2026, 4, 2, 10))


def test_answers_of_unknown_customers_are_kept(world):
    surveys = [survey("anonymous", score=5, customer_id=None), survey("stranger", score=5, customer_id="nobody")]
    built = world(customers=CUSTOMERS, surveys=surveys)
    assert set(built.by("fct_survey_answer", "survey_id", "region").values()) == {"unknown"}


def test_the_stage_is_that_of_the_touchpoint_in_the_config(world):
    surveys = [survey("a", touchpoint="delivery"), survey("b", touchpoint="elsewhere"), survey("c")]
    built = world(customers=CUSTOMERS, surveys=surveys)
    found = built.by("fct_survey_invitation", "survey_id", "touchpoint", "stage", "touchpoint_kind")
    assert found == {
        "a": ("delivery", "receive", "physical"),
        "b": ("elsewhere", "unknown", "unknown"),
        "c": ("unknown", "unknown", "unknown"),
    }


def test_an_answer_is_unhappy_by_its_own_instrument_and_scale_whichever_end_is_good(world):
    def answers(instrument: str, low: int, high: int, better: str = "high") -> list[dict]:
        scale = {"instrument": instrument, "scale_low": low, "scale_high": high, "better": better}
        return [survey(f"{instrument}-{better}-{high}-{n}", score=n, **scale) for n in range(low, high + 1)]

    surveys = [*answers("nps", 0, 10), *answers("csat", 1, 5), *answers("effort", 1, 7), *answers("rating", 1, 5)]
    surveys += [*answers("effort", 1, 5, "low"), *answers("rating", 1, 10), *answers("expectation", 1, 10)]
    built = world(customers=CUSTOMERS, surveys=surveys)
    found = built.rows(
        "select split_part(survey_id, '-', 1) || ' ' || split_part(survey_id, '-', 2) || ' ' || scale_high::int, "
        "list(score::int order by score) from fct_survey_answer where is_unhappy group by all order by all"
    )
    assert dict(found) == {
        "csat high 5": [1, 2],
        "effort high 7": [1, 2, 3],
        "effort low 5": [4, 5],
        "nps high 10": [0, 1, 2, 3, 4, 5, 6],
        "rating high 5": [1, 2],
        "rating high 10": [1, 2, 3],
    }
