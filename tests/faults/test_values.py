"""Values and meaning: what does not fit its column is rejected with its line, column and rule; nothing is guessed."""

from datetime import date, datetime
from decimal import Decimal

import pytest

CONTACT = "contact_id,customer_id,started_at,channel,wait_seconds,talk_seconds\n"
ORDERS = {"order_id": "id", "ordered_at": "at", "promised_on": "day"}


def values(world, table: str, column: str, texts: list[str], **value) -> tuple[list, list]:
    """(what stands in the column for each loaded row, lines rejected) of one text a row, read by `value`."""
    key, fixed = KEYS[table]
    rows = "".join(f'{i};"{text}"\n' for i, text in enumerate(texts))
    world.write("file.csv", "id;x\n" + rows)
    columns = {key: "id", **fixed, column: {"column": "x", **value}}
    outcome = world.load_file(columns, table, delimiter=";")
    assert outcome.faults == ()
    assert outcome.holds()
    found = outcome.column(f"select {column} from canonical.{table} order by cast({key} as int)")
    assert {name for _, name, _ in outcome.rejects} <= {column, None}
    return found, [line - 2 for line, _, _ in outcome.rejects]


KEYS = {
    "products": ("product_id", {}),
    "orders": ("order_id", {"ordered_at": {"constant": "2026-01-01 00:00:00"}}),
    "contacts": ("contact_id", {"started_at": {"constant": "2026-01-01 12:00:00"}, "channel": {"constant": "phone"}}),
    "issues": ("issue_id", {"opened_at": {"constant": "2026-01-01 12:00:00"}}),
    "actions": ("action_id", {"title": {"constant": "t"}}),
    "order_lines": ("line", {"order_id": {"constant": "o"}, "net_amount": {"constant": "1"}}),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("12.50", "12.50"), ("0", "0"), ("7.5000", "7.50"), ("+3", "3"), ("99999999999999.99", "99999999999999.99")],
)
def test_an_amount_is_read_to_the_cent(world, text, expected):
    assert values(world, "products", "price", [text]) == ([Decimal(expected)], [])


@pytest.mark.parametrize(
    "text",
    [
        "dear",
        "12,50",
        "1 000",
        "1,000.00",
        "€12",
        "12 €",
        "12%",
        "NaN",
        "inf",
        "-inf",
        "1e3",
        "1e999",
        "12.505",
        "-1",
        "--1",
        "0x10",
        "1_000",
        "９",
        "true",
        "12.5.0",
        "10000000000000000000",
        " 12",
        "12 ",
    ],
)
def test_what_is_not_an_amount_is_rejected(world, text):
    assert values(world, "products", "price", ["1", text]) == ([Decimal(1)], [1])


def test_a_decimal_comma_is_read_when_declared_and_rejected_when_not(world):
    assert values(world, "products", "price", ["1.234,50", "0,5", "12"], decimal=",", thousands=".") == (
        [Decimal("1234.50"), Decimal("0.50"), Decimal(12)],
        [],
    )
    assert values(world, "products", "price", ["12.5", "1.23,4", "1,2,3"], decimal=",", thousands=".") == (
        [],
        [0, 1, 2],
    )
    world.thresholds = {"max_rejected_share": 0.01}
    world.write("file.csv", "id;x\n1;3,50\n2;4,20\n")
    outcome = world.load_file({"product_id": "id", "price": "x"}, delimiter=";")
    assert outcome.rules == {"rejected_share", "money"}
    assert "decimal mark '.'" in str(outcome.faults[1])


def test_rounding_happens_only_when_declared(world):
    assert values(world, "products", "price", ["0.1250", "1.005"]) == ([], [0, 1])
    assert values(world, "products", "price", ["1.239", "2.004"], round=True) == (
        [Decimal("1.24"), Decimal("2.00")],
        [],
    )


@pytest.mark.parametrize("text", ["9.5", "9223372036854775808", "1e3", "NaN", "twelve", "1_0", "-1"])
def test_what_is_not_a_whole_number_is_rejected(world, text):
    assert values(world, "issues", "reopen_count", ["9223372036854775807", "3.0", text]) == (
        [9223372036854775807, 3],
        [2],
    )


@pytest.mark.parametrize("text", ["NaN", "inf", "1e999", "-Infinity", "1,5", "x"])
def test_what_is_not_a_finite_number_is_rejected(world, text):
    assert values(world, "actions", "expected_change", ["-1.5e-3", text]) == ([-0.0015], [1])


def test_leading_zeros_of_ids_are_kept(world):
    world.write("file.csv", "id,x\n007,a\n7,b\n")
    outcome = world.load_file({"product_id": "id", "name": "x"})
    assert outcome.column("select product_id from canonical.products order by all") == ["007", "7"]


@pytest.mark.parametrize(
    ("texts", "value", "expected", "rejected"),
    [
        (["2026-03-14", "2026-03-14 00:00:00"], {}, [date(2026, 3, 14)] * 2, []),
        (["03/04/2026", "12/25/2026", "2026/03/14", "14.03.2026", "20260314"], {}, [], [0, 1, 2, 3, 4]),
        (["2026-02-30", "2026-13-01", "2026-00-10", "1900-02-29", "26-03-14", "2026-3-14"], {}, [], [0, 1, 2, 3, 4, 5]),
        (["45321", "2026-03-14 09:00:00", "tomorrow", "2026-03-14x"], {}, [], [0, 1, 2, 3]),
        (
            ["03/04/2026", "25/12/2026", "12/25/2026"],
            {"format": "%d/%m/%Y"},
            [date(2026, 4, 3), date(2026, 12, 25)],
            [2],
        ),
        (["03/04/2026", "25/12/2026"], {"format": "%m/%d/%Y"}, [date(2026, 3, 4)], [1]),
        (["2026-03-14", "14/03/26", "14/03/0026", "14/03/3026"], {"format": "%d/%m/%Y"}, [], [0, 1, 2, 3]),
        (["2026-03-14 23:59:59.999"], {"as_day": True}, [date(2026, 3, 14)], []),
        (["2026-02-25"], {"add_days": 10}, [date(2026, 3, 7)], []),
    ],
)
def test_days_are_read_in_their_declared_form_only(world, texts, value, expected, rejected):
    assert values(world, "orders", "promised_on", texts, **value) == (expected, rejected)


@pytest.mark.parametrize("text", ["1970-01-01", "9999-12-31"])
def test_days_that_stand_for_nothing_are_missing_with_a_warning(world, text):
    world.write("file.csv", f"id,at,day\n1,2026-01-01 10:00:00,{text}\n2,2026-01-01 10:00:00,2026-01-05\n")
    outcome = world.load_file(ORDERS, "orders")
    assert outcome.column("select promised_on from canonical.orders order by order_id") == [None, date(2026, 1, 5)]
    assert outcome.warnings == {"sentinel_day"}


def test_a_day_that_stands_for_nothing_does_not_fill_a_required_column(world):
    world.write("file.csv", "id,at,day\n1,1970-01-01 00:00:00,\n")
    assert world.load_file(ORDERS, "orders").rejects == [(2, "ordered_at", "required")]


@pytest.mark.parametrize(
    ("zone", "text", "expected"),
    [
        ("local", "2026-07-01 10:00:00", datetime(2026, 7, 1, 10)),
        ("local", "2026-07-01T10:00", datetime(2026, 7, 1, 10)),
        ("local", "2026-06-30 23:59:59.999", datetime(2026, 6, 30, 23, 59, 59, 999000)),
        ("local", "2026-07-01T10:00:00Z", None),
        ("local", "2026-07-01T10:00:00+02:00", None),
        ("offset", "2026-07-01T08:00:00Z", datetime(2026, 7, 1, 10)),
        ("offset", "2026-01-01T18:00:00+0300", datetime(2026, 1, 1, 16)),
        ("offset", "2026-06-30T22:00:00Z", datetime(2026, 7, 1)),
        ("offset", "2026-07-01 10:00:00", None),
        ("mixed", "2026-07-01 10:00:00", datetime(2026, 7, 1, 10)),
        ("mixed", "2026-07-01 10:00:00-05:00", datetime(2026, 7, 1, 17)),
        ("UTC", "2026-07-01 08:00:00", datetime(2026, 7, 1, 10)),
        ("America/New_York", "2026-07-01 04:00:00", datetime(2026, 7, 1, 10)),
        ("UTC", "2026-03-29 01:00:00", datetime(2026, 3, 29, 3)),
        ("local", "2026-03-29 02:30:00", None),
        ("local", "2026-03-29 03:00:00", datetime(2026, 3, 29, 3)),
        ("local", "2026-10-25 02:30:00", datetime(2026, 10, 25, 2, 30)),
        ("America/New_York", "2026-03-08 02:30:00", None),
        ("local", "2026-07-01 24:30:00", None),
        ("local", "2026-07-01 10:60:00", None),
        ("local", "01/07/2026 10:00", None),
        ("local", "2026-07-01", datetime(2026, 7, 1)),
    ],
)
def test_times_become_local_time_by_their_declared_zone_or_are_rejected(world, zone, text, expected):
    found = values(world, "issues", "resolved_at", ["", text], zone=zone)
    assert found == (([None, expected], []) if expected else ([None], [1]))


@pytest.mark.parametrize(("which", "hour"), [("first", 7), ("second", 8)])
def test_the_doubled_hour_means_what_the_config_says(world, which, hour):
    world.company["doubled_hour"] = which
    texts = ["2026-11-01 01:30:00", "2026-11-01 00:30:00", "2026-11-01 02:30:00"]
    found, _ = values(world, "issues", "resolved_at", texts, zone="America/New_York")
    assert found == [datetime(2026, 11, 1, hour - 1, 30), datetime(2026, 11, 1, 5, 30), datetime(2026, 11, 1, 8, 30)]


def test_a_day_at_midnight_is_kept_where_clocks_change_at_midnight(world):
    world.company["time_zone"] = "America/Sao_Paulo"
    texts = ["2017-10-15", "2017-10-15 00:00:00", "2017-10-15 00:30:00"]
    world.write("file.csv", "id,at,day\n" + "".join(f"{i},{text},\n" for i, text in enumerate(texts)))
    assert world.load_file(ORDERS, "orders").rejects == [(4, "ordered_at", "skipped_hour")]


def test_the_zone_of_the_server_changes_nothing(world, monkeypatch):
    import time

    found = []
    for zone in ("UTC", "Asia/Tokyo"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        found.append(
            values(world, "issues", "resolved_at", ["2026-07-01T08:00:00Z", "2026-07-01T23:30:00Z"], zone="offset")
        )
    monkeypatch.undo()
    time.tzset()
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("90", None, 90),
        ("90.0", "seconds", 90),
        ("1.5", "minutes", 90),
        ("1:02:03", "h:mm:ss", 3723),
        ("30:00:00", "h:mm:ss", 108000),
        ("02:03", "mm:ss", 123),
        ("1500", "milliseconds", None),
        ("2000", "milliseconds", 2),
        ("1:02:63", "h:mm:ss", None),
        ("1:02", "h:mm:ss", None),
        ("90.5", None, None),
        ("-5", None, None),
        ("99999999999", None, None),
    ],
)
def test_durations_are_whole_seconds_of_their_declared_unit(world, text, unit, expected):
    found = values(world, "contacts", "talk_seconds", ["", text], **({"unit": unit} if unit else {}))
    assert found == (([None, expected], []) if expected is not None else ([None], [1]))


@pytest.mark.parametrize(
    ("text", "expected"), [("true", True), ("False", False), ("1", True), ("0", False), ("yes", None)]
)
def test_yes_and_no_need_a_map(world, text, expected):
    found = values(world, "contacts", "abandoned", ["", text])
    assert found == (([None, expected], []) if expected is not None else ([None], [1]))
    assert values(world, "contacts", "abandoned", ["oui", "non"], map={"oui": True, "non": False}) == (
        [True, False],
        [],
    )


SURVEY = "survey_id,instrument,scale_low,scale_high,better,score,sent_at,answered_at\n"


@pytest.mark.parametrize(
    ("score", "rule"),
    [
        ("11", "score_off_scale"),
        ("-1", "score_off_scale"),
        ("9.5", "nps_not_whole"),
        ("ten", "number"),
        ("10", None),
        ("", None),
    ],
)
def test_an_answer_off_its_scale_is_rejected_and_an_empty_one_is_missing(world, score, rule):
    world.write("surveys.csv", SURVEY + f"1,nps,0,10,high,{score},2026-01-01 00:00:00,2026-01-02 00:00:00\n")
    outcome = world.load_canonical("surveys")
    assert [found for _, _, found in outcome.rejects] == ([rule] if rule else [])
    assert rule or outcome.column("select score from canonical.surveys") == [float(score) if score else None]


BACKWARDS = "1,2026-02-01 10:00:00,2026-01-31 10:00:00"


def test_an_answer_without_its_scale_is_rejected(world):
    world.write("surveys.csv", SURVEY + "1,nps,,,high,9,2026-01-01 00:00:00,2026-01-02 00:00:00\n")
    assert [rule for _, _, rule in world.load_canonical("surveys").rejects] == ["score_without_scale"]


@pytest.mark.parametrize(
    ("table", "header", "row", "rule"),
    [
        ("issues", "issue_id,opened_at,closed_at", BACKWARDS, "closed_before_opened"),
        ("issues", "issue_id,opened_at,resolved_at", BACKWARDS, "resolved_before_opened"),
        ("orders", "order_id,ordered_at,delivered_at", BACKWARDS, "delivered_before_ordered"),
        ("orders", "order_id,ordered_at,cancelled_at", BACKWARDS, "cancelled_before_ordered"),
        ("orders", "order_id,ordered_at,status", "1,2026-02-01 10:00:00,lost", "allowed"),
        ("actions", "action_id,title,started_on,done_on", "1,x,2026-02-01,2026-01-31", "done_before_started"),
        ("self_ratings", "asked_on,respondent,pillar,question,score", "2026-02-01,r,p,wanted,11", "max"),
        ("contacts", "contact_id,started_at,channel", "1,2026-02-01 10:00:00,", "required"),
    ],
)
def test_a_row_that_contradicts_itself_is_rejected(world, table, header, row, rule):
    world.write(f"{table}.csv", f"{header}\n{row}\n")
    outcome = world.load_canonical(table)
    assert [found for _, _, found in outcome.rejects] == [rule]
    assert outcome.holds()


def test_every_fault_of_a_row_is_told_and_personal_values_are_masked(world):
    world.write("contacts.csv", "contact_id,started_at,channel,agent_id,talk_seconds\n1,soon,phone,anna@x.org,-1\n")
    outcome = world.load_canonical("contacts")
    (message,) = outcome.column("select message from meta.rejects")
    assert "started_at" in message
    assert "talk_seconds" in message
    world.write("customers.csv", 'customer_id,name,email\n,"Anna","anna@x.org"\n')
    outcome = world.load_canonical("customers")
    assert "anna" not in str(outcome.rows("select * from meta.rejects")).lower()


def test_a_personal_value_that_is_wrong_is_not_shown(world):
    world.write("file.csv", "id,note\n1,anna@x.org\n")
    contact = {"contact_id": "id", "started_at": {"constant": "2026-01-01 10:00:00"}, "channel": {"constant": "phone"}}
    outcome = world.load_file({**contact, "note": {"column": "note", "map": {"a": "b"}}}, "contacts")
    assert outcome.rows("select column_name, rule, value from meta.rejects") == [
        ("note", "map", "(personal, 10 characters)")
    ]


def test_missing_markers_are_missing_and_others_are_not(world):
    world.write("file.csv", "id,name,category\n1,N/A,-\n2,null,x\n")
    category = {"column": "category", "missing": ["-"]}
    outcome = world.load_file({"product_id": "id", "name": "name", "category": category}, missing=["N/A"])
    assert outcome.rows("select name, category from canonical.products order by product_id") == [
        (None, None),
        ("null", "x"),
    ]


def test_the_same_row_twice_is_counted_as_a_duplicate(world):
    world.write("products.csv", "product_id,name\nP1,Iron\nP2,Oven\nP1,Iron\nP1,Iron\n")
    outcome = world.load_canonical("products")
    assert outcome.ledger("products") == dict(outcome.ledger("products"), loaded=2, duplicate=2, **{"in": 4})
    assert outcome.holds()


def test_the_same_key_with_other_content_is_refused_with_both_lines(world):
    world.write("products.csv", "product_id,name\nP1,Iron\nP2,Oven\nP1,Fridge\n")
    outcome = world.load_canonical("products")
    assert outcome.rules == {"duplicate_key"}
    assert outcome.faults[0].line == 4
    assert "products.csv:2" in str(outcome.faults[0])


def test_missing_parts_of_a_key_compare_equal(world):
    survey = "survey_id,instrument,order_id\nS1,rating,\nS1,rating,\n"
    world.write("surveys.csv", survey)
    assert world.load_canonical("surveys").ledger("surveys")["duplicate"] == 1


def customers_and_orders(world, orphans: int) -> None:
    world.write("customers.csv", "customer_id\n" + "".join(f"C{i}\n" for i in range(100)))
    rows = [f"O{i},C{i if i >= orphans else 'X' + str(i)},2026-01-01 10:00:00\n" for i in range(99)]
    world.write("orders.csv", "order_id,customer_id,ordered_at\n" + "".join(rows) + "O99,,2026-01-01 10:00:00\n")
    world.write("order_lines.csv", "order_id,line,net_amount\n" + "".join(f"O{i},1,10.00\n" for i in range(100)))


def test_orphans_are_rejected_and_totals_reconcile(world):
    customers_and_orders(world, orphans=3)
    outcome = world.load_canonical("customers", "orders", "order_lines")
    assert outcome.rejects[:2] == [(2, "customer_id", "orphan"), (2, "order_id", "orphan")]
    assert outcome.ledger("orders") == dict(outcome.ledger("orders"), loaded=97, rejected=3)
    assert outcome.ledger("order_lines")["loaded"] == 97
    assert outcome.column("select count(*) from canonical.orders where customer_id is null") == [1]
    assert outcome.holds()


def test_more_orphans_than_the_limit_refuse_the_run(world):
    world.thresholds = {"max_rejected_share": 0.01, "max_orphan_share": 0.05}
    customers_and_orders(world, orphans=4)
    assert world.load_canonical("customers", "orders", "order_lines").faults == ()
    customers_and_orders(world, orphans=6)
    outcome = world.load_canonical("customers", "orders", "order_lines")
    assert outcome.rules == {"orphan"}
    assert "6 of 99 rows point to customers" in str(outcome.faults[0])


def test_amounts_in_another_currency_are_rejected_or_turned_by_the_rate(world):
    world.write("orders.csv", "order_id,ordered_at,currency\nO1,2026-01-01 10:00:00,USD\nO2,2026-01-01 10:00:00,EUR\n"
                              "O3,2026-01-01 10:00:00,\n")  # fmt: skip
    world.write("order_lines.csv", "order_id,line,net_amount,discount\nO1,1,10.00,1.11\nO2,1,10.00,\nO3,1,10.00,\n")
    outcome = world.load_canonical("orders", "order_lines")
    assert outcome.rejects == [(2, "currency", "currency"), (2, "order_id", "orphan")]
    world.company["rates"] = {"USD": 0.92}
    outcome = world.load_canonical("orders", "order_lines")
    assert outcome.rows("select net_amount, discount from canonical.order_lines order by order_id") == [
        (Decimal("9.20"), Decimal("1.02")),
        (Decimal("10.00"), None),
        (Decimal("10.00"), None),
    ]
