"""Values that may not stand in the register are told; tables go out and come back; a refresh joins both registers."""

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from data.written.__main__ import main
from data.written.register import Known, Wrong, checked, frozen, join, next_id, written_actions
from data.written.store import Save, save
from data.written.tables import Standing, csv_of, read

NOON = datetime(2026, 11, 27, 12)
WHOLE = {
    "title": "Call back within a day",
    "pillar": "easy",
    "opened_on": "2026-11-02",
    "started_on": "2026-11-09",
    "target_metric": "nps",
    "expected_change": "2,5",
    "applies_to": "region=west",
    "cost": "1200.50",
    "status": "started",
}


def test_what_is_right_becomes_values():
    content, wrong = checked(WHOLE)
    assert wrong == []
    assert (content["expected_change"], content["cost"]) == (2.5, 1200.5)
    assert "reason" not in content


@pytest.mark.parametrize(
    ("column", "text", "rule"),
    [
        ("title", " ", "required"),
        ("started_on", "2026-02-30", "date"),
        ("started_on", "09/11/2026", "date"),
        ("expected_change", "much", "number"),
        ("expected_change", "nan", "number"),
        ("expected_change", "inf", "number"),
        ("cost", "-1", "min"),
        ("status", "finished", "allowed"),
        ("pillar", "two words", "code"),
        ("title", "x" * 500, "too_long"),
        ("title", "a\x00b", "printable"),
        ("done_on", "2026-11-08", "done_before_started"),
        ("status", "done", "done_without_day"),
        ("applies_to", "west", "conditions"),
        ("applies_to", "region=atlantis", "unknown"),
        ("target_metric", "npss", "unknown"),
    ],
)
def test_what_is_wrong_is_told_with_its_column_and_rule(column, text, rule):
    known = Known(frozenset({"nps"}), frozenset({"easy"}), {"region": frozenset({"west"})})
    _, wrong = checked({**WHOLE, column: text}, known)
    assert [(one.column, one.rule) for one in wrong] == [(column, rule)]


def test_what_an_action_should_move_is_fixed_once_it_has_started():
    before, _ = checked(WHOLE)
    after = before | {"target_metric": "csat", "title": "Renamed", "expected_change": 9.0}
    assert {one.column for one in frozen(before, after)} == {"target_metric", "expected_change"}
    idea = {key: value for key, value in before.items() if key != "started_on"}
    assert frozen(idea, after) == []
    assert frozen(None, after) == []


def test_numbers_are_never_given_twice():
    assert next_id([]) == "W-1"
    assert next_id(["ACT-9", "W-2", "W-10"]) == "W-11"


def test_a_table_goes_out_and_comes_back_the_same():
    content, _ = checked(WHOLE | {"title": "=cmd|' /C calc'!A0"})
    text = csv_of({"W-1": Standing(content, 3)}).decode("utf-8-sig")
    assert "'=cmd" in text
    saves, faults = read(text, {"W-1": Standing({}, 3)})
    assert faults == []
    assert saves == [Save("W-1", content, 3)]


def test_every_fault_of_a_table_is_told_with_its_line_and_nothing_is_saved():
    text = "\n".join(
        [
            "action_id;title;started_on;cost;version",
            ";Good;2026-01-05;10,5;",
            ";;2026-13-01;free;",
            "W-1;Late;2026-01-05;1;1",
            "W-1;Twice;2026-01-05;1;2",
            '"";"Two',
            'lines";2026-01-05;1;',
            ";Short",
        ]
    )
    saves, faults = read(text, {"W-1": Standing({}, 2)})
    assert saves == []
    assert [(fault.line, fault.wrong.column, fault.wrong.rule) for fault in faults] == [
        (3, "title", "required"),
        (3, "started_on", "date"),
        (3, "cost", "number"),
        (4, "version", "changed_meanwhile"),
        (5, "action_id", "twice"),
        (6, "title", "printable"),
        (8, "", "cells"),
    ]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "no_rows"),
        ("title\n", "no_rows"),
        ("action_id\nW-1\n", "missing_header"),
        ("title,titel\na,b\n", "unknown_header"),
        ("title,title\na,b\n", "header_twice"),
        ("title\n" + "a\n" * 3000, "too_much"),
    ],
    ids=str,
)
def test_a_table_that_is_none_says_so(text, rule):
    assert [fault.wrong.rule for fault in read(text, {})[1]] == [rule]


@pytest.mark.parametrize("opened", ["", '"'], ids=["long", "never closed"])
def test_a_cell_of_any_length_is_a_fault_of_its_row(opened):
    faults = read(f"title\nA\n{opened}{'x' * 200_000}", {})[1]
    assert [(fault.line, fault.wrong.column, fault.wrong.rule) for fault in faults] == [(3, "title", "too_long")]


def test_new_rows_are_numbered_after_those_that_stand_and_those_above():
    saves, faults = read("action_id,title\n,A\nW-9,B\n,C\nACT-1,D\n,E\n", {"W-4": Standing({}, 1)})
    assert faults == []
    assert [one.id for one in saves] == ["W-5", "W-9", "W-10", "ACT-1", "W-11"]


def test_cells_copied_from_a_spreadsheet_are_read():
    saves, faults = read("title\tcost\nFewer forms\t12,50\n", {"W-4": Standing({}, 1)})
    assert faults == []
    assert saves == [Save("W-5", {"title": "Fewer forms", "cost": 12.5}, 0)]


@pytest.fixture
def database():
    connection = duckdb.connect()
    connection.execute("create schema canonical; create schema meta")
    connection.execute(
        "create table canonical.actions as select 'ACT-1' as action_id, 'Old' as title, null::varchar as pillar, "
        "null::varchar as reason, null::varchar as team, null::varchar as owner_role, null::date as opened_on, "
        "null::date as started_on, null::date as done_on, null::varchar as target_metric, null::double as "
        "expected_change, null::varchar as applies_to, null::varchar as comparison, null::decimal(18, 2) as cost, "
        "'done' as status union all by name select 'ACT-2' as action_id, 'Stays' as title"
    )
    connection.execute(
        "create table meta.ledger as select 'x' as source, 'a.csv' as file, null::varchar as sheet, 'actions' as "
        "table_name, 2::bigint as rows_in, 2::bigint as rows_loaded, 0::bigint as rows_rejected, 0::bigint as "
        "rows_duplicate, 0::bigint as rows_superseded, 0::bigint as rows_not_applicable, null::varchar as sha256, "
        "0::bigint as bytes, null::timestamp as modified_at, null::timestamp as data_from, null::timestamp as data_to"
    )
    return connection


def test_a_refresh_joins_both_registers_and_the_ledger_balances(tmp_path, database):
    content, _ = checked(WHOLE)
    save(tmp_path, "action", [Save("ACT-1", {"title": "New"}), Save("W-1", content)], "ada", NOON)
    join(database, written_actions(tmp_path))
    rows = database.execute("select action_id, title, expected_change from canonical.actions order by all").fetchall()
    assert rows == [("ACT-1", "New", None), ("ACT-2", "Stays", None), ("W-1", WHOLE["title"], 2.5)]
    ledger = database.execute("select source, rows_in, rows_loaded, rows_superseded from meta.ledger order by all")
    assert ledger.fetchall() == [("written", 2, 2, 0), ("x", 2, 1, 1)]


def test_the_command_takes_a_table_in_and_out(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("OUTSIDE_IN_WRITTEN", raising=False)
    snapshots, file = str(tmp_path / "snapshots"), tmp_path / "in.csv"
    file.write_text("title,status\nA first one,idea\n,idea\n")
    assert main(["--import", str(file), "--snapshots", snapshots]) == 1
    assert "in.csv:3:title" in capsys.readouterr().err
    file.write_text("title,status\nA first one,idea\n")
    assert main(["--import", str(file), "--snapshots", snapshots]) == 0
    assert main(["--export", str(tmp_path / "out.csv"), "--snapshots", snapshots]) == 0
    assert "W-1,A first one" in Path(tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    assert main(["--import", str(tmp_path / "out.csv"), "--snapshots", snapshots]) == 0
    assert [written.version for written in written_actions(tmp_path / "written_store")] == [1]


def test_a_wrong_value_is_told_as_it_was_written():
    assert checked({"title": "x", "cost": "12 euros"})[1] == [Wrong("cost", "12 euros", "number")]
