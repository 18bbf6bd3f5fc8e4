"""What an adapter can say, each by a small file that a person can check by hand."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from data.adapters import Canonical, Feed, File, Filter, LastPer, Lookup, Value, load_adapter
from data.contracts import load_contracts

ROOT = Path(__file__).resolve().parents[3]

CUSTOMERS = {"pattern": "people.csv", "feeds": [{"table": "customers", "columns": {"customer_id": "person"}}]}


def contact(**columns) -> dict:
    """Columns of contacts, the required ones filled."""
    fixed = {"started_at": {"constant": "2026-01-01 10:00:00"}, "channel": {"constant": "phone"}}
    return {"contact_id": "id", **fixed, **columns}


def reasons(outcome) -> list[tuple]:
    return outcome.rows("select contact_id, reason from canonical.contacts order by contact_id")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", ["x", None, "Z"]),
        ({"first_of": ["b", "a"]}, ["y", "w", "Z"]),
        ({"constant": "k"}, ["k", "k", "k"]),
        ({"join": ["a", "b"]}, ["x-y", None, None]),
        ({"join_given": ["a", "b"], "separator": "/"}, ["x/y", "w", "Z"]),
        ({"column": "a", "lower": True}, ["x", None, "z"]),
        ({"column": "a", "missing": ["Z"]}, ["x", None, None]),
        ({"column": "a", "map": {"x": "one"}}, ["one", None, "rejected"]),
        ({"column": "a", "map": {"x": "one"}, "otherwise": "keep"}, ["one", None, "Z"]),
        ({"column": "a", "map": {"x": "one"}, "otherwise": "missing"}, ["one", None, None]),
        ({"column": "a", "map": {"x": "one"}, "otherwise": "other"}, ["one", None, "other"]),
        ({"column": "a", "map": {"x": None}, "otherwise": "keep"}, [None, None, "Z"]),
        ({"column": "a", "when": [{"column": "b", "is": "given"}]}, ["x", None, None]),
        ({"column": "a", "when": [{"column": "a", "not_in": ["x"]}]}, [None, None, "Z"]),
        ({"row_id": True}, ["file.csv:1", "file.csv:2", "file.csv:3"]),
        ({"column": "nowhere", "optional": True}, [None, None, None]),
    ],
)
def test_a_value_comes_from_its_origin_and_is_cleaned_and_mapped(world, value, expected):
    world.write("file.csv", "id,a,b\n1,x,y\n2,,w\n3,Z,\n")
    outcome = world.load_file(contact(reason=value), "contacts")
    kept = [(str(i), text) for i, text in enumerate(expected, 1) if text != "rejected"]
    assert reasons(outcome) == kept
    assert len(outcome.rejects) == 3 - len(kept)
    assert outcome.holds()


def test_blanks_are_cut_only_when_declared(world):
    world.write("file.csv", "id,a\n1, x \n")
    assert reasons(world.load_file(contact(reason="a"), "contacts")) == [("1", " x ")]
    assert reasons(world.load_file(contact(reason="a"), "contacts", trim=True)) == [("1", "x")]
    assert reasons(world.load_file(contact(reason={"column": "a", "trim": True}), "contacts")) == [("1", "x")]


def test_one_file_feeds_several_tables_and_one_table_twice(world):
    world.write("file.csv", "id,person,nps,csat\n1,C1,9,5\n2,C2,,4\n")
    answer = {
        "kind": {"constant": "relational"},
        "scale_low": {"constant": 0},
        "better": {"constant": "high"},
        "customer_id": "person",
    }
    nps = {
        "survey_id": {"join": ["id", "nps_name"]},
        "instrument": "nps_name",
        "scale_high": {"constant": 10},
        "score": "nps",
    }
    csat = {"survey_id": "id", "instrument": {"constant": "csat"}, "scale_high": {"constant": 5}, "score": "csat"}
    feeds = [
        {"table": "customers", "columns": {"customer_id": "person"}},
        {"table": "surveys", "columns": {**answer, **nps}, "when": [{"column": "nps", "is": "given"}]},
        {"table": "surveys", "columns": {**answer, **csat}},
    ]
    derive = {"nps_name": {"constant": "nps"}}
    outcome = world.load({"files": {"file": {"pattern": "file.csv", "derive": derive, "feeds": feeds}}})
    assert outcome.rows("select survey_id, instrument, customer_id, score from canonical.surveys order by all") == [
        ("1", "csat", "C1", 5.0),
        ("1-nps", "nps", "C1", 9.0),
        ("2", "csat", "C2", 4.0),
    ]
    assert outcome.ledger("surveys") == dict(outcome.ledger("surveys"), loaded=3, not_applicable=1, **{"in": 4})
    assert outcome.holds()


def test_the_last_event_of_each_ticket_counts_and_the_others_are_superseded(world):
    rows = ["T1,9,new", "T1,10,done", "T2,1,new", "T1,2,old", "T2,1,later in the file", ",1,nobody", ",2,nobody"]
    world.write("file.csv", "id,updates,state\n" + "\n".join(rows) + "\n")
    feed = {"table": "contacts", "columns": contact(reason="state"),
            "last_per": {"key": "id", "order": [{"column": "updates", "type": "int"}]}}  # fmt: skip
    outcome = world.load({"files": {"file": {"pattern": "file.csv", "feeds": [feed]}}})
    assert reasons(outcome) == [("T1", "done"), ("T2", "later in the file")]
    assert [(line, rule) for line, _, rule in outcome.rejects] == [(7, "required"), (8, "required")]
    assert outcome.ledger("contacts")["superseded"] == 3
    assert outcome.holds()


def test_the_last_event_is_told_over_all_files(world):
    world.write("2026-01.csv", "id,at,state\nT1,31/01/2026,a\nT2,31/01/2026,b\n")
    world.write("2026-02.csv", "id,at,state\nT1,01/02/2026,c\n")
    last = {"key": "id", "order": [{"column": "at", "type": "date", "format": "%d/%m/%Y"}]}
    feed = {"table": "contacts", "columns": contact(reason="state"), "last_per": last}
    outcome = world.load({"files": {"file": {"pattern": "2026-*.csv", "feeds": [feed]}}})
    assert reasons(outcome) == [("T1", "c"), ("T2", "b")]


def test_an_event_whose_order_cannot_be_told_is_rejected(world):
    world.write("file.csv", "id,updates\nT1,1\nT1,many\n")
    feed = {
        "table": "contacts",
        "columns": contact(),
        "last_per": {"key": "id", "order": [{"column": "updates", "type": "int"}]},
    }
    outcome = world.load({"files": {"file": {"pattern": "file.csv", "feeds": [feed]}}})
    assert outcome.rejects == [(3, "updates", "order")]
    assert outcome.ledger("contacts")["loaded"] == 1


def lookup_files(people: str, orders: str = "order,account\nO1,A1\nO2,A2\nO3,A9\n") -> dict:
    derive = {"person": {"lookup": {"file": "people", "on": "account", "take": "person"}}}
    feed = {
        "table": "orders",
        "columns": {"order_id": "order", "customer_id": "person", "ordered_at": {"constant": "2026-01-01"}},
    }
    return {"people": people, "orders": orders, "files": {
        "people": CUSTOMERS | {"feeds": [CUSTOMERS["feeds"][0] | {"last_per": {"key": "person"}}]},
        "orders": {"pattern": "orders.csv", "derive": derive, "feeds": [feed]}}}  # fmt: skip


def load_lookup(world, parts: dict):
    world.write("people.csv", parts["people"])
    world.write("orders.csv", parts["orders"])
    return world.load({"files": parts["files"]})


def test_the_person_behind_an_account_is_looked_up(world):
    parts = lookup_files("account,person\nA1,P1\nA2,P1\nA3,P2\n", "order,account\nO1,A1\nO2,A2\nO3,\n")
    outcome = load_lookup(world, parts)
    assert outcome.rows("select order_id, customer_id from canonical.orders order by all") == [
        ("O1", "P1"),
        ("O2", "P1"),
        ("O3", None),
    ]
    assert outcome.ledger("customers") == dict(outcome.ledger("customers"), loaded=2, superseded=1)


def test_a_key_that_a_lookup_does_not_find_is_rejected_unless_it_may_be_missing(world):
    parts = lookup_files("account,person\nA1,P1\nA2,P2\n")
    columns = parts["files"]["orders"]["feeds"][0]["columns"]
    columns["customer_id"] = parts["files"]["orders"].pop("derive")["person"]
    assert load_lookup(world, parts).rejects == [(4, "customer_id", "lookup")]
    columns["customer_id"]["otherwise"] = "missing"
    outcome = load_lookup(world, parts)
    assert outcome.rejects == []
    assert outcome.column("select customer_id from canonical.orders order by order_id") == ["P1", "P2", None]


def test_a_lookup_with_two_answers_is_refused(world):
    outcome = load_lookup(world, lookup_files("account,person\nA1,P1\nA1,P2\n"))
    assert outcome.rules == {"lookup"}
    assert "2 different answers" in str(outcome.faults[0])


def test_lookups_go_through_derived_columns_of_other_files(world):
    parts = lookup_files("account,person\nA1,P1\nA2,P2\n", "order,account\nO1,A1\nO2,A2\n")
    world.write("reviews.csv", "id,order\nR1,O2\n")
    columns = {"survey_id": "id", "order_id": "order", "instrument": {"constant": "rating"},
               "customer_id": {"lookup": {"file": "orders", "on": "order", "take": "person"}}}  # fmt: skip
    parts["files"]["reviews"] = {"pattern": "reviews.csv", "feeds": [{"table": "surveys", "columns": columns}]}
    assert load_lookup(world, parts).column("select customer_id from canonical.surveys") == ["P2"]


def test_a_file_for_lookups_only_stands_in_the_ledger(world):
    world.write("codes.csv", "code,name\nd,delivery\nbroken\n")
    world.write("file.csv", "id,code\n1,d\n")
    files = {
        "codes": {"pattern": "codes.csv"},
        "file": {
            "pattern": "file.csv",
            "feeds": [
                {
                    "table": "contacts",
                    "columns": contact(reason={"lookup": {"file": "codes", "on": "code", "take": "name"}}),
                }
            ],
        },
    }
    outcome = world.load({"files": files})
    assert reasons(outcome) == [("1", "delivery")]
    assert outcome.ledger("(lookup)") == dict(outcome.ledger("(lookup)"), rejected=1, not_applicable=1, **{"in": 2})
    assert outcome.rejects == [(3, None, "width")]


def test_files_of_a_kind_may_order_their_columns_differently(world):
    world.write("1.csv", "id,a\n1,x\n")
    world.write("2.csv", "a,more,id\ny,?,2\n")
    outcome = world.load_file(contact(reason="a"), "contacts", pattern="*.csv")
    assert reasons(outcome) == [("1", "x"), ("2", "y")]


def test_encodings_are_declared_by_pattern_and_a_file_without_one_is_refused(world):
    world.write("old_1.csv", "id,a\n1,été\n".encode("latin-1"))
    world.write("new_1.csv", "id,a\n2,été\n")
    encodings = {"old_*.csv": "latin-1", "new_*.csv": "utf-8"}
    assert reasons(world.load_file(contact(reason="a"), "contacts", pattern="*.csv", encoding=encodings)) == [
        ("1", "été"),
        ("2", "été"),
    ]
    world.write("other.csv", "id,a\n3,x\n")
    outcome = world.load_file(contact(reason="a"), "contacts", pattern="*.csv", encoding=encodings)
    assert [fault.file for fault in outcome.faults] == ["other.csv"]


def test_columns_of_the_same_name_get_names_from_the_adapter(world):
    world.write("file.csv", "id,category,category\n1,x,y\n")
    names = ["id", "category", "subcategory"]
    assert reasons(world.load_file(contact(reason="subcategory"), "contacts", names=names)) == [("1", "y")]
    outcome = world.load_file(contact(reason="subcategory"), "contacts", names=names[:2])
    assert outcome.rules == {"header"}


def test_segment_columns_of_the_config_are_columns_of_customers(world):
    world.segments = {"region": {"label": "Region"}, "acquisition_channel": {"label": "Acquired"}}
    world.write("customers.csv", "customer_id,region,acquisition_channel\nC1,north,web\n")
    outcome = world.load_canonical("customers")
    assert outcome.rows("select customer_id, region, acquisition_channel from canonical.customers") == [
        ("C1", "north", "web")
    ]


def test_optional_files_may_be_absent_or_empty(world):
    world.write("products.csv", "product_id\nP1\n")
    world.write("orders.csv", "order_id,customer_id,ordered_at\n")
    outcome = world.load_canonical("products", "orders", "contacts", optional=["contacts", "orders"])
    assert outcome.faults == ()
    assert outcome.ledger("orders") == dict.fromkeys(outcome.ledger("orders"), 0)
    assert outcome.column("select rule from meta.warnings where file = 'orders.csv'")[0] in ("no_rows", "absent_column")


def test_all_sixteen_tables_exist_whatever_is_fed(world):
    world.write("products.csv", "product_id\nP1\n")
    outcome = world.load_canonical("products")
    assert len(outcome.rows("select * from duckdb_tables() where schema_name = 'canonical'")) == 16


def test_a_file_that_no_adapter_reads_is_a_warning(world):
    world.write("products.csv", "product_id\nP1\n")
    world.write("forgotten.csv", "x\n1\n")
    assert world.load_canonical("products").column("select file from meta.warnings where rule = 'unused_file'") == [
        "forgotten.csv"
    ]


def test_the_ledger_says_from_when_to_when_the_data_speaks(world):
    world.write("file.csv", "id,at\n1,2026-02-03 10:00:00\n2,2025-12-31 23:59:59\n3,later\n")
    outcome = world.load_file({**contact(), "started_at": "at"}, "contacts")
    assert outcome.rows("select data_from, data_to, bytes, length(sha256) from meta.ledger") == [
        (datetime(2025, 12, 31, 23, 59, 59), datetime(2026, 2, 3, 10), 58, 64)
    ]


def test_the_adapters_of_the_documentation_are_right(tmp_path):
    text = (ROOT / "docs" / "adding-a-source.md").read_text()
    examples = [block for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if block.startswith("adapter:")]
    assert len(examples) == 2
    for example in examples:
        (tmp_path / "adapter.yaml").write_text(example)
        assert load_adapter(tmp_path / "adapter.yaml", load_contracts()).all_files()


def test_every_key_of_a_file_and_a_value_is_documented():
    text = (ROOT / "docs" / "adding-a-source.md").read_text()
    for model in (File, Feed, Value, LastPer, Lookup, Filter, Canonical):
        for name, field in model.model_fields.items():
            assert re.search(rf"`?\b{field.alias or name}\b", text), f"{model.__name__}.{name} is not documented"


def test_many_codes_keep_the_lines_of_rejected_rows(world):
    """Long lists make the engine forget the file's order, unless it is told not to."""
    rows = [f"{i},code{i % 700}\n" for i in range(30_000)]
    rows[20_000] = "20000,unknown\n"
    world.write("file.csv", "id,a\n" + "".join(rows))
    codes = {f"code{i}": f"c{i}" for i in range(700)}
    outcome = world.load_file(contact(reason={"column": "a", "map": codes}), "contacts")
    assert outcome.rejects == [(20_002, "reason", "map")]


def test_one_changed_cell_in_three_hundred_thousand_rows_changes_the_sum(world):
    rows = [f"{i},{i % 97}\n" for i in range(300_000)]
    sums = []
    for cell in ("5", "6"):
        rows[123_456] = f"123456,{cell}\n"
        world.write("file.csv", "id,t\n" + "".join(rows))
        outcome = world.load_file(contact(talk_seconds="t"), "contacts")
        sums += outcome.column("select sum(talk_seconds) from canonical.contacts")
    assert sums[1] - sums[0] == 1
