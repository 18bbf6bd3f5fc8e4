"""The exports: what was asked, the same each time, as the contracts say, and no dirt but the planted."""

import filecmp
import re
from pathlib import Path

import duckdb
import pytest
import yaml

from data.sample import __main__ as command
from data.sample import dirt
from tests.data.sample.conftest import tables_of

CONTRACTS = {
    path.stem: yaml.safe_load(path.read_text())
    for path in sorted((Path(__file__).resolve().parents[3] / "data" / "contracts").glob("*.yaml"))
}
SEGMENTS = {"customers": ["region", "persona"]}
TYPES = {
    "id": "varchar", "code": "varchar", "text": "varchar", "int": "bigint", "number": "double",
    "money": "decimal(18, 2)", "date": "date", "timestamp": "timestamp", "seconds": "integer", "bool": "boolean",
}  # fmt: skip
PATTERNS = {
    "date": r"\d{4}-\d\d-\d\d",
    "timestamp": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d",
    "money": r"-?\d+\.\d\d",
    "bool": "true|false",
    "int": r"-?\d+",
    "seconds": r"\d+",
    "number": r"-?\d+(\.\d+)?",
    "code": r"[a-z0-9_]+|EUR",
}


def planted(table: str, rows: int) -> int:
    """Faulty rows planted in a file of so many sound ones."""
    return sum(fault.table == table for fault in dirt.FAULTS) * dirt.times(rows)


def sound_rows(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """Rows before dirt was added: every row has its place, so the sum must come out."""
    (rows,) = connection.execute(f"select count(*) from {table}").fetchone()
    faults = sum(fault.table == table for fault in dirt.FAULTS) + dirt.REPEATED.get(table, 0)
    return next(n for n in range(rows, -1, -1) if n + faults * dirt.times(n) == rows)


@pytest.mark.parametrize("table", CONTRACTS)
def test_every_canonical_table_has_a_file_with_its_columns(small, table):
    columns = [row[0] for row in small.execute(f"describe {table}").fetchall()]
    assert sorted(columns) == sorted([*CONTRACTS[table]["columns"], *SEGMENTS.get(table, [])])


def faults_of(name: str, column: dict) -> list[str]:
    """Conditions on the text of a column under which it breaks its contract."""
    faults = [f'"{name}" is not null and try_cast("{name}" as {TYPES[column["type"]]}) is null']
    if column.get("required"):
        faults.append(f'"{name}" is null')
    if column["type"] in PATTERNS:
        faults.append(f"not regexp_full_match(\"{name}\", '{PATTERNS[column['type']]}')")
    if "allowed" in column:
        faults.append(f'"{name}" not in ({", ".join(repr(code) for code in column["allowed"])})')
    if "min" in column:
        faults.append(f'try_cast("{name}" as double) < {column["min"]}')
    if "references" in column:
        key = CONTRACTS[column["references"]]["key"][0]
        faults.append(f'"{name}" is not null and "{name}" not in (select "{key}" from {column["references"]})')
    return faults


@pytest.mark.parametrize("table", CONTRACTS)
def test_no_row_breaks_its_contract_but_the_planted_ones(small, table):
    contract = CONTRACTS[table]
    faults = [fault for name, column in contract["columns"].items() for fault in faults_of(name, column)]
    rules = [rule["check"] for rule in contract.get("rules", {}).values()]
    casts = ", ".join(f'try_cast("{n}" as {TYPES[c["type"]]}) as "{n}"' for n, c in contract["columns"].items())
    small.execute(f"create or replace temp table typed as select rowid as place, {casts} from {table}")
    broken = " or ".join(f"coalesce({fault}, false)" for fault in faults)
    against = " or ".join(f"not coalesce({rule}, true)" for rule in rules) or "false"
    found = small.execute(
        f"select * from {table} where {broken} or rowid in (select place from typed where {against})"
    ).fetchall()
    assert len(found) == planted(table, sound_rows(small, table)), found[:5]


@pytest.mark.parametrize("table", CONTRACTS)
def test_a_key_appears_twice_only_in_rows_exported_twice(small, table):
    key = ", ".join(CONTRACTS[table]["key"])
    (twice,) = small.execute(f"select count(*) from {table}").fetchone()
    (once,) = small.execute(f"select count(*) from (select distinct * from {table})").fetchone()
    (keys,) = small.execute(f"select count(*) from (select distinct {key} from {table})").fetchone()
    assert keys == once
    assert twice - once == dirt.REPEATED.get(table, 0) * dirt.times(sound_rows(small, table))


def test_codes_are_those_of_the_configuration(small):
    config = yaml.safe_load((Path(command.__file__).resolve().parents[2] / "config.yaml").read_text())
    known = {
        ("customers", "region"): config["segments"]["region"]["values"],
        ("customers", "persona"): config["segments"]["persona"]["values"],
        ("customers", "acquisition_channel"): config["segments"]["acquisition_channel"]["values"],
        ("contacts", "channel"): config["channels"],
        ("orders", "sales_channel"): ["store", "phone", "web", "app"],
        ("contacts", "reason"): config["labels"]["reason"],
        ("products", "category"): config["labels"]["category"],
        ("surveys", "pillar"): config["pillars"],
        ("surveys", "touchpoint"): {code for stage in config["journey"] for code in stage["touchpoints"]},
    }
    for (table, column), codes in known.items():
        found = {row[0] for row in small.execute(f"select distinct {column} from {table}").fetchall()} - {None}
        assert found == set(codes), (table, column)


def test_nothing_is_known_after_the_end_of_the_data(small):
    moments = {
        "orders": ["ordered_at", "delivered_at", "cancelled_at"],
        "contacts": ["started_at"],
        "surveys": ["sent_at", "answered_at"],
        "issues": ["opened_at", "resolved_at", "closed_at"],
        "digital_sessions": ["started_at"],
        "leads": ["created_at", "won_at"],
        "offers": ["offered_at"],
    }
    for table, columns in moments.items():
        for column in columns:
            last, first = small.execute(
                f"select max(try_cast({column} as timestamp)), min(try_cast({column} as timestamp)) from {table}"
            ).fetchone()
            assert last.isoformat() < "2026-11-01", (table, column)
            assert first.isoformat() >= "2023-10-31", (table, column)


def test_no_local_time_falls_into_the_hour_that_spring_skips(small):
    """02:00 to 03:00 does not exist in France on these days."""
    for table, column in (("issues", "resolved_at"), ("digital_sessions", "started_at"), ("surveys", "answered_at")):
        (found,) = small.execute(
            f"select count(*) from {table} where {column} similar to '(2024-03-31|2025-03-30|2026-03-29) 02:.*'"
        ).fetchone()
        assert found == 0, table


def test_the_same_options_give_the_same_bytes(folder_of):
    first, again = folder_of("first", 300, 14), folder_of("again", 300, 14)
    names = [path.name for path in first.glob("*.csv")]
    assert filecmp.cmpfiles(first, again, names, shallow=False) == (names, [], [])


def test_another_seed_gives_another_company(folder_of):
    first, other = folder_of("one", 300, 14), folder_of("other", 300, 14, seed=2)
    assert (first / "orders.csv").read_bytes() != (other / "orders.csv").read_bytes()


def test_a_world_made_in_parts_keeps_its_keys_and_references(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "PART", 130)
    command.write_company(400, 12, 5, True, tmp_path)
    parts = tables_of(tmp_path)
    assert parts.execute("select count(*), count(distinct customer_id) from customers").fetchone() == (400, 400)
    for table, key, column, owner in (
        ("order_lines", "order_id", "order_id", "orders"),
        ("surveys", "survey_id", "contact_id", "contacts"),
        ("surveys", "survey_id", "order_id", "orders"),
        ("contacts", "contact_id", "survey_id", "surveys"),
        ("suggestions", "suggestion_id", "survey_id", "surveys"),
        ("issues", "issue_id", "issue_id", "(select case_id as issue_id from contacts)"),
    ):
        missing = f"{column} is not null and {column} not in (select {column} from {owner})"
        spoilt = f"regexp_matches({key}, '^.9+[0-9]{{4}}$') or {column} like '%9999999'"
        (lost,) = parts.execute(f"select count(*) from {table} where {missing} and not ({spoilt})").fetchone()
        assert lost == 0, (table, column)
    for table, key in (
        ("orders", "order_id"),
        ("contacts", "contact_id"),
        ("surveys", "survey_id"),
        ("leads", "lead_id"),
    ):
        rows, keys = parts.execute(
            f"select count(*), count(distinct {key}) from (select distinct * from {table})"
        ).fetchone()
        assert rows == keys, table


@pytest.mark.parametrize(("customers", "months"), [(1, 1), (3, 36), (40, 2), (200, 120)])
def test_the_smallest_and_the_longest_worlds_have_every_file(folder_of, customers, months):
    folder = folder_of(f"world_{customers}_{months}", customers, months)
    assert {path.stem for path in folder.glob("*.csv")} == set(CONTRACTS)
    tables = tables_of(folder)
    assert tables.execute("select count(*) from customers").fetchone() == (customers,)


def test_eighteen_months_hold_the_planted_dates(folder_of):
    tables = tables_of(folder_of("short", 500, 18))
    (first,) = tables.execute("select min(try_cast(ordered_at as timestamp)) from orders").fetchone()
    assert first.isoformat().startswith("2025-05-0")
    assert tables.execute("select count(*) from teams where handle_time_target is not null").fetchone() == (1,)


@pytest.mark.parametrize(
    "words", [["--customers", "0"], ["--months", "0"], ["--months", "121"], ["--customers", "many"]]
)
def test_impossible_worlds_are_refused_with_the_option_named(words, capsys):
    with pytest.raises(SystemExit) as refusal:
        command.main(words)
    assert refusal.value.code == 2
    assert words[0] in capsys.readouterr().err


def test_the_command_says_what_it_wrote(tmp_path, capsys):
    assert command.main(["--customers", "20", "--months", "3", "--seed", "4", "--out", str(tmp_path)]) == 0
    assert re.search(r"20 customers, 3 months to 2026-10-31, seed 4: .*", capsys.readouterr().out)
    assert not (tmp_path / "truth").exists()
