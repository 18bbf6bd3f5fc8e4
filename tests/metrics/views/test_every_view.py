"""What holds for every file of metrics/views, tried on an untidy world: a new file is tested the moment it exists."""

import random
import re
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from view_worlds import SETTINGS, World, build_world, create_canonical

from metrics.views import DIRECTORY, ViewError, create_views, load_views

VIEWS = load_views()
KEPT = [view for view in VIEWS if view.stored != "temp"]
FACTS = [view for view in KEPT if view.name.startswith("fct_")]
OF_EMPLOYEES = {"fct_self_rating", "fct_culture_answer"}  # facts without a customer, so without segments
OF_CUSTOMERS = [view for view in FACTS if view.name not in OF_EMPLOYEES]
FIRST = datetime(2024, 1, 1)

# What a fact has as many rows as. A new fact says here what it must not lose or multiply.
COUNTS_AS = {
    "fct_order": "canonical.orders",
    "fct_contact": "canonical.contacts",
    "fct_survey_invitation": "canonical.surveys",
    "fct_survey_answer": "(from canonical.surveys where score is not null)",
    "fct_promise": """(select order_id from fct_order where is_promise_due union all
                       select issue_id from fct_issue where is_promise_due)""",
    "fct_issue": """(select distinct issue_id from fct_contact where issue_id is not null and is_inbound)""",
    "fct_customer_month": """(select * from (select customer_id, min(ordered_on) as first_on from fct_order
                              where is_sale and customer_id is not null group by all)
                              join (select distinct month_end from fct_customer_month) on first_on <= month_end)""",
    "fct_touchpoint_event": """(select order_id from fct_order where delivered_at is not null or is_promise_due
                               union all select order_id from fct_order where sales_channel in ('web', 'store')
                               union all select contact_id from fct_contact where is_inbound
                               union all select session_id from canonical.digital_sessions)""",
    "fct_first_contact": "(from fct_contact where is_first_of_issue)",
    "fct_hand_off": """(with placed as (select *,
                               row_number() over (partition by issue_id order by started_at, contact_id) as n
                               from fct_contact where issue_id is not null),
                       pair as (select a.channel, b.channel as channel2, b.team as team2, a.transferred_to as passed,
                                case when a.is_transferred then a.transferred_to else a.team end as team,
                                a.is_transferred and a.transferred_to = b.team
                                    and b.started_at - a.started_at <= interval 24 hour as is_met
                                from placed as a left join placed as b on a.issue_id = b.issue_id and b.n = a.n + 1)
                       select 1 from pair where channel <> channel2 or is_met
                           or team <> team2 and 'unknown' not in (team, team2)
                       union all select 1 from pair where passed <> 'none' and is_met is not true)""",
    "fct_verbatim": """(select survey_id from canonical.surveys where verbatim is not null
                       union all select contact_id from canonical.contacts where note is not null)""",
    "fct_verbatim_theme": "(select verbatim_id from fct_verbatim inner join reading_theme using (reading_id))",
    "fct_verbatim_emotion": "(select verbatim_id from fct_verbatim inner join reading_emotion using (reading_id))",
    "fct_first_order": "(select order_id from fct_order where is_first_order)",
    "fct_suggestion": "canonical.suggestions",
    "fct_digital_session": "canonical.digital_sessions",
    "fct_offer": "canonical.offers",
    "fct_lead": "canonical.leads",
    "fct_culture_answer": "(from canonical.culture_answers where score is not null)",
    "fct_self_rating": "(select distinct respondent, asked_on, pillar from canonical.self_ratings)",
}


def some(pick: random.Random, *values):
    return pick.choice(values)


def moment(pick: random.Random, days: int = 1000) -> datetime:
    """Some moment; hours are few, so that many are equal."""
    return FIRST + timedelta(days=pick.randrange(days), hours=pick.choice((0, 9, 9, 15)))


def untidy_tables(seed: int) -> dict[str, list[dict]]:
    """Every table with missing values, equal times, rows of unknown customers, orders and contacts."""
    pick = random.Random(seed)
    who = [f"C{n}" for n in range(40)]
    customers = [{"customer_id": c, "region": some(pick, "north", None), "persona": "seniors"} for c in who]
    anyone = [*who, *who, None, "nobody"]
    return {
        "customers": customers,
        "products": [{"product_id": f"P{n}", "category": some(pick, "washing", None)} for n in range(5)],
        "teams": [{"team": "desk", "valid_from": f"2024-0{n}-01", "hourly_cost": 30 + n} for n in range(1, 6)],
        "orders": [untidy_order(pick, n, anyone) for n in range(300)],
        "order_lines": [
            {"order_id": f"O{pick.randrange(280)}-", "line": n, "product_id": f"P{pick.randrange(7)}", "quantity": 2,
             "net_amount": pick.randrange(5000) / 100, "refunded_amount": some(pick, None, 0, 1)}
            for n in range(500)
        ],
        "contacts": [untidy_contact(pick, n, anyone) for n in range(400)],
        "surveys": [untidy_survey(pick, n, anyone) for n in range(400)],
        "digital_sessions": [
            {"session_id": f"V{n}", "customer_id": pick.choice(anyone), "started_at": moment(pick, 60),
             "outcome": some(pick, "left", "resolved", None), "agent_involved": some(pick, None, True, False),
             "reason": some(pick, "billing", None)}
            for n in range(80)
        ],
        "suggestions": [
            {"suggestion_id": f"G{n}", "survey_id": some(pick, None, f"S{n}"), "asked_at": moment(pick),
             "status": some(pick, None, "open", "done"), "decided_on": some(pick, None, "2026-06-08")}
            for n in range(60)
        ],
        "offers": [
            {"offer_id": f"F{n}", "customer_id": pick.choice(anyone), "offered_at": moment(pick),
             "campaign": some(pick, None, "spring"), "accepted": some(pick, None, True, False)}
            for n in range(60)
        ],
        "leads": [
            {"lead_id": f"L{n}", "customer_id": pick.choice(anyone), "created_at": moment(pick),
             "won_at": some(pick, None, moment(pick)), "source": some(pick, None, "web"),
             "referred_by": some(pick, None, "C1")}
            for n in range(60)
        ],
        "self_ratings": [
            {"asked_on": "2026-06-08", "respondent": f"R{n // 4}", "pillar": ("easy", "fair")[n % 2], "score": n % 11,
             "question": ("wanted", "delivered")[n // 2 % 2], "department": some(pick, "stores", "it", None)}
            for n in range(160)
        ],
        "culture_answers": [
            {"asked_on": "2026-06-15", "respondent": f"R{n // 3}", "item": f"management_{n % 3}", "better": "high",
             "score": some(pick, None, 1, 4), "scale_low": 1, "scale_high": 4, "team": some(pick, "desk", None),
             "signal": some(pick, "management", None)}
            for n in range(120)
        ],
    }  # fmt: skip


def untidy_order(pick: random.Random, n: int, anyone: list) -> dict:
    ordered = moment(pick)
    promised = some(pick, None, ordered.date() + timedelta(days=5))
    return {
        "order_id": f"O{n}-",
        "customer_id": pick.choice(anyone),
        "ordered_at": ordered,
        "status": some(pick, "delivered", "delivered", "cancelled", "unavailable", "shipped", None),
        "promised_on": promised,
        "delivered_at": some(pick, None, ordered + timedelta(days=pick.randrange(9))),
        "sales_channel": some(pick, "web", "store", "elsewhere", None),
    }


def untidy_contact(pick: random.Random, n: int, anyone: list) -> dict:
    return {
        "contact_id": f"K{n}",
        "customer_id": pick.choice(anyone),
        "case_id": some(pick, None, None, f"case{pick.randrange(60)}"),
        "started_at": moment(pick, 60),
        "channel": some(pick, "phone", "chat"),
        "direction": some(pick, "inbound", "inbound", "outbound", None),
        "reason": some(pick, "billing", None),
        "team": some(pick, "desk", "other", None),
        "talk_seconds": some(pick, 100, None),
        "abandoned": some(pick, True, False, None),
        "transferred_to": some(pick, None, None, None, "other"),
        "question_code": some(pick, None, "when", "why"),
        "answer_code": some(pick, None, "today", "never"),
        "note": (None, "Client pénible.", "Facture envoyée par courriel au client.")[n % 3],
    }


def untidy_survey(pick: random.Random, n: int, anyone: list) -> dict:
    return {
        "survey_id": f"S{n // 2}",
        "order_id": some(pick, None, f"O{pick.randrange(310)}-") if n % 2 else f"O{n}-",
        "contact_id": f"K{n}" if n % 2 else some(pick, None, f"K{pick.randrange(420)}"),
        "customer_id": pick.choice(anyone),
        "instrument": some(pick, "nps", "csat"),
        "scale_low": 0,
        "scale_high": 10,
        "better": some(pick, "high", "low"),
        "score": some(pick, None, pick.randrange(11)),
        "sent_at": some(pick, None, moment(pick)),
        "touchpoint": some(pick, "delivery", "nowhere", None),
        "verbatim": (None, "Livraison rapide, merci !", "Toujours pas de remboursement, honteux", "Muito bom")[n % 4],
        "language": (None, "fr", None, "pt")[n % 4],
    }


@pytest.fixture(scope="module")
def untidy() -> World:
    return build_world(untidy_tables(1))


def key_columns(world: World, view) -> list[str]:
    """The grain's columns; `segments` stands for the company's own columns and the value tier."""
    segments = [row[0] for row in world.rows("describe dim_segment")][1:]
    return [column for name in view.key for column in (segments if name == "segments" else [name])]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_the_grain_is_what_the_header_says(untidy, view):
    key = ", ".join(key_columns(untidy, view))
    doubled = untidy.rows(f"select {key}, count(*) from {view.name} group by {key} having count(*) > 1 limit 3")
    assert not doubled, f"{view.name} has several rows for the same ({key}): {doubled}"


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_header_says_what_is_kept_and_nothing_reads_the_clock(view):
    assert "keeps" in dict(view.notes), f"{view.name}.sql: say what the view keeps and what it doesn't"
    clock = re.search(r"\b(current_\w+|now|today|localtime\w*|random)\b", view.body)
    assert not clock, f"{view.name}.sql reads {clock.group()}: the same data must give the same rows"


@pytest.mark.parametrize("view", FACTS, ids=lambda view: view.name)
def test_a_fact_has_as_many_rows_as_what_it_counts(untidy, view):
    wanted = untidy.value(f"select count(*) from {COUNTS_AS[view.name]}")
    assert wanted > 40, "the untidy world must have something to lose"
    assert untidy.value(f"select count(*) from {view.name}") == wanted


def test_no_money_is_lost_or_multiplied_by_joins(untidy):
    lines = "sum(net_amount) - sum(coalesce(refunded_amount, 0))"
    # lines of orders that are not there belong to nobody
    known = untidy.value(f"select {lines} from canonical.order_lines semi join canonical.orders using (order_id)")
    assert untidy.value("select sum(net_amount) from fct_order") == known
    seen = untidy.value("select sum(score) from canonical.surveys")
    assert untidy.value("select sum(score) from fct_survey_answer") == seen


@pytest.mark.parametrize("view", OF_CUSTOMERS, ids=lambda view: view.name)
def test_a_fact_has_its_customer_and_every_segment_column_never_empty(untidy, view):
    columns = [row[0] for row in untidy.rows(f"describe {view.name}")]
    assert len(set(columns)) == len(columns)
    assert "customer_id" in columns
    for segment in (*SETTINGS.segment_columns, "value_tier"):
        assert untidy.value(f"select count(*) from {view.name} where {segment} is null") == 0


@pytest.mark.parametrize("view", FACTS, ids=lambda view: view.name)
def test_a_code_to_cut_by_is_never_empty_so_that_a_link_can_name_it(untidy, view):
    types = untidy.rows(f"describe {view.name}")
    codes = [name for name, kind, *_ in types if kind == "VARCHAR" and not name.endswith("_id")]
    for code in codes:
        assert untidy.value(f"select count(*) from {view.name} where {code} is null") == 0, code


SORTED_BY = {
    "fct_order": "ordered_at",
    "fct_contact": "started_at",
    "fct_issue": "opened_at",
    "fct_first_contact": "started_at",
    "fct_hand_off": "happened_at",
    "fct_first_order": "ordered_at",
    "fct_promise": "due_on",
    "fct_touchpoint_event": "happened_at",
    "fct_survey_invitation": "invited_at",
    "fct_survey_answer": "answered_at",
    "fct_customer_month": "month_end",
    "fct_suggestion": "asked_at",
    "fct_digital_session": "started_at",
    "fct_offer": "offered_at",
    "fct_lead": "created_at",
    "fct_verbatim": "said_at",
    "fct_verbatim_theme": "said_at",
    "fct_verbatim_emotion": "said_at",
    "fct_self_rating": "asked_on",
    "fct_culture_answer": "asked_on",
}


@pytest.mark.parametrize("view", FACTS, ids=lambda view: view.name)
def test_a_fact_lies_in_the_order_of_its_date_so_that_a_period_reads_a_part_of_it(untidy, view):
    column = SORTED_BY[view.name]
    lying = f"(select {column}, lag({column}) over (order by rowid) as before from {view.name})"
    assert untidy.value(f"select count(*) from {lying} where {column} < before") == 0


def test_the_blind_spot_adds_up_to_the_active_customers_of_the_panel(untidy):
    sums = "select month_end, {} from {} where {} group by month_end order by month_end"
    cube = untidy.rows(
        sums.format(
            "sum(n_customers), sum(revenue_12m), sum(n_mature), sum(n_stopped)", "cube_blind_spot_month", "true"
        )
    )
    panel = "count(*), sum(revenue_12m), count(stopped_within_6m), count(*) filter (where stopped_within_6m)"
    assert cube == untidy.rows(sums.format(panel, "fct_customer_month", "is_active"))
    assert untidy.value("select count(*) from cube_blind_spot_month where persona = 'unknown'") > 0


def test_unmatched_rows_are_unknown_and_the_matched_are_not(untidy):
    for fact in ("fct_order", "fct_contact", "fct_survey_invitation"):
        unknown = untidy.value(f"select count(*) from {fact} where persona = 'unknown'")
        strangers = untidy.value(f"select count(*) from {fact} where customer_id is null or customer_id = 'nobody'")
        assert unknown == strangers > 0


def content(world: World, name: str) -> list[tuple]:
    return sorted(world.rows(f"select * from {name}"), key=repr)


def test_the_same_rows_in_another_order_give_the_same_relations():
    tables = untidy_tables(2)
    shuffled = {name: random.Random(3).sample(rows, len(rows)) for name, rows in tables.items()}
    one, other = build_world(tables), build_world(shuffled)
    for view in KEPT:
        assert content(one, view.name) == content(other, view.name), view.name


def test_a_company_without_any_data_and_without_segments_gets_every_relation_empty_but_not_missing():
    bare = build_world({}, SETTINGS.model_copy(update={"segments": {}, "journey": [], "channels": {}, "pillars": {}}))
    for view in FACTS:
        assert bare.value(f"select count(*) from {view.name}") == 0
        columns = {row[0] for row in bare.rows(f"describe {view.name}")}
        assert view.name in OF_EMPLOYEES or {"customer_id", "value_tier"} <= columns


def test_a_segment_called_like_a_column_of_a_fact_is_refused_with_its_name():
    region = SETTINGS.segments["region"]
    settings = SETTINGS.model_copy(update={"segments": {"region": region, "store": region}})
    with pytest.raises(ViewError, match=r"two columns are called \['store'\]"):
        build_world({}, settings)


def test_steps_on_the_way_are_not_kept_in_the_snapshot(tmp_path: Path):
    path = str(tmp_path / "snapshot.duckdb")
    with duckdb.connect(path) as connection:
        create_canonical(connection, untidy_tables(4))
        create_views(connection, SETTINGS)
    with duckdb.connect(path, read_only=True) as connection:
        kept = {row[0] for row in connection.execute("select table_name from duckdb_tables()").fetchall()}
    assert {view.name for view in KEPT if view.stored == "table"} <= kept
    assert not [name for name in kept if name.startswith("int_")]


def test_every_file_is_a_view():
    assert {path.stem for path in DIRECTORY.glob("*.sql")} == {view.name for view in VIEWS}
