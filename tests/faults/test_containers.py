"""Hostile or damaged containers: refused before they are parsed, without a hang and without a request."""

import gzip
import io
import os
import subprocess
import sys
import zipfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.readers.files import MAX_BYTES
from tests.faults.world import short

PRODUCTS = "product_id,name,price\nP1,Iron,19.90\nP2,Oven,499.00\n"
JSON_LINES = (
    b'{"product_id": "P1", "name": "Iron", "price": 19.90}\n\n{"price": "499.00", "name": "Oven", "product_id": "P2"}'
)
PRODUCT_TABLE = pa.table({"product_id": ["P1", "P2"], "name": ["Iron", "Oven"], "price": [19.9, 499.0]})
LOAD = {"product_id": "product_id", "name": "name", "price": "price"}


def zipped(*members: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return target.getvalue()


def workbook(*rows: list, change=None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def parquet(table: pa.Table, **options) -> bytes:
    target = io.BytesIO()
    pq.write_table(table, target, **options)
    return target.getvalue()


def names(outcome) -> list[str]:
    return outcome.column("select name from canonical.products order by product_id")


@pytest.mark.parametrize(
    ("name", "content", "options"),
    [
        ("file.csv.gz", gzip.compress(PRODUCTS.encode(), mtime=0), {}),
        ("file.zip", zipped(("inner.csv", PRODUCTS.encode())), {}),
        ("file.zip", zipped(("a/inner.csv", PRODUCTS.encode()), ("b.txt", b"x")), {"member": "a/*.csv"}),
        ("file.jsonl", JSON_LINES, {"format": "jsonl"}),
        (
            "file.txt",
            b"  product_id\tname   price\r\n P1 Iron\t\t19.90 \r\n\r\nP2  Oven 499.00",
            {"format": "whitespace"},
        ),
        ("file.parquet", parquet(PRODUCT_TABLE), {"format": "parquet"}),
        (
            "file.xlsx",
            workbook(["product_id", "name", "price"], ["P1", "Iron", 19.9], ["P2", "Oven", 499]),
            {"format": "excel"},
        ),
    ],
    ids=short,
)
def test_each_container_gives_the_same_rows(world, name, content, options):
    world.write(name, content)
    outcome = world.load_file(LOAD, pattern=name, **options)
    assert outcome.faults == ()
    assert outcome.rows("select product_id, name, price from canonical.products order by all") == [
        ("P1", "Iron", Decimal("19.90")),
        ("P2", "Oven", Decimal("499.00")),
    ]
    assert outcome.holds()


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("file.csv.gz", gzip.compress(PRODUCTS.encode(), mtime=0)[:-12], "archive"),
        ("file.csv.gz", PRODUCTS.encode(), "archive"),
        ("file.csv.gz", gzip.compress(bytes(70 << 20), mtime=0), "bomb"),
        ("file.zip", zipped(("inner.csv", bytes(70 << 20))), "bomb"),
        ("file.zip", zipped(("inner.csv", PRODUCTS.encode()))[:-20], "archive"),
        ("file.zip", zipped(("inner.zip", zipped(("deep.csv", b"x")))), "nested"),
        ("file.zip", zipped(("inner.csv", zipped(("deep.csv", b"x")))), "content"),
        ("file.zip", zipped(("a.csv", b"x"), ("b.csv", b"x")), "member"),
        ("file.zip", zipped(), "member"),
    ],
    ids=short,
)
def test_damaged_nested_and_exploding_archives_are_refused(world, name, content, rule):
    world.write(name, content)
    outcome = world.load_file(LOAD, pattern=name)
    assert outcome.rules == {rule}
    assert outcome.faults[0].file.startswith(name)


def test_a_damaged_member_is_refused_by_its_checksum(world):
    content = bytearray(zipped(("inner.csv", os.urandom(5000))))
    content[2000] ^= 0xFF
    world.write("file.zip", bytes(content))
    assert world.load_file(LOAD, pattern="file.zip").rules == {"archive"}


def test_a_member_cannot_be_written_elsewhere(world, tmp_path):
    world.write("file.zip", zipped(("../../escaped.csv", PRODUCTS.encode())))
    outcome = world.load_file(LOAD, pattern="file.zip")
    assert names(outcome) == ["Iron", "Oven"]
    assert not list(tmp_path.parent.rglob("escaped.csv"))


@pytest.mark.parametrize("kind", ["link", "link to a folder", "pipe", "device", "folder"])
def test_what_is_not_a_regular_file_is_refused_without_a_hang(world, tmp_path, kind):
    path = world.exports / "file.csv"
    if kind == "link":
        path.symlink_to("/etc/passwd")
    elif kind == "link to a folder":
        (tmp_path / "outside").mkdir()
        (tmp_path / "outside" / "file.csv").write_text(PRODUCTS)
        (world.exports / "sub").symlink_to(tmp_path / "outside")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    outcome = world.load_file(LOAD, pattern=["sub/file.csv"] if "folder" in kind and kind != "folder" else "file.csv")
    assert outcome.rules <= {"link", "not_a_file"}
    assert len(outcome.faults) == 1


@pytest.mark.parametrize("size", [MAX_BYTES + 1, 100 << 20])
def test_an_enormous_or_hollow_file_is_refused_by_its_size_before_it_is_read(world, size):
    with (world.exports / "file.csv").open("wb") as stream:
        stream.truncate(size)
    assert world.load_file(LOAD).rules <= {"too_large", "sparse"}


def test_the_same_file_twice_is_loaded_once_and_told_once(world):
    world.write("a.csv", PRODUCTS)
    world.write("b.csv", PRODUCTS)
    outcome = world.load_file(LOAD, pattern="*.csv")
    assert outcome.ledger("products") == dict(outcome.ledger("products"), loaded=2, duplicate=2, **{"in": 4})
    assert outcome.column("select file from meta.warnings where rule = 'same_file'") == ["b.csv"]


def test_the_same_file_twice_does_not_double_rows_without_a_number_of_their_own(world):
    world.write("a.csv", PRODUCTS)
    world.write("b.csv", PRODUCTS)
    outcome = world.load_file({**LOAD, "product_id": {"row_id": True}}, pattern="*.csv")
    assert outcome.column("select product_id from canonical.products order by all") == ["a.csv:1", "a.csv:2"]


def test_a_file_that_changes_while_it_is_read_is_refused(world, monkeypatch):
    path = world.write("file.csv", PRODUCTS)
    import data.ingest

    original = data.ingest.load_table

    def load_and_write(*arguments):
        original(*arguments)
        path.write_text(PRODUCTS + "P3,Pan,1\n")

    monkeypatch.setattr("data.ingest.load_table", load_and_write)
    assert world.load_file(LOAD).rules == {"changed"}


def test_names_with_marks_of_patterns_are_read_as_they_are(world):
    world.write("prices [2026] {a}.csv", PRODUCTS)
    world.write("prices 2.csv", PRODUCTS.replace("P1", "P8").replace("P2", "P9"))
    outcome = world.load_file(LOAD, pattern="prices*.csv")
    assert outcome.ledger("products")["loaded"] == 4


# Excel


def test_cells_become_texts_without_guessing(world):
    header = ["order_id", "customer_id", "ordered_at", "promised_on", "status"]
    row = [7, "0012", datetime(2026, 3, 14, 9, 26, 53), date(2026, 3, 20), "placed"]
    world.write("file.xlsx", workbook([], header, row, [], [8, "0013", datetime(2026, 3, 15), 45321, "placed"]))
    world.write("customers.csv", "customer_id\n0012\n0013\n")
    files = {
        "orders": {"pattern": "file.xlsx", "format": "excel", "feeds": [{"table": "orders"}]},
        "customers": {"pattern": "customers.csv", "feeds": [{"table": "customers"}]},
    }
    outcome = world.load({"files": files})
    assert outcome.rows("select order_id, customer_id, ordered_at, promised_on from canonical.orders") == [
        ("7", "0012", datetime(2026, 3, 14, 9, 26, 53), date(2026, 3, 20))
    ]
    assert outcome.rejects == [(5, "promised_on", "date")]
    assert outcome.column("select sheet from meta.ledger where table_name = 'orders'") == ["Sheet"]


def excel(world, content: bytes, columns: dict | None = None, **options):
    world.write("file.xlsx", content)
    return world.load_file(
        columns or {"product_id": "id", "name": "name"}, pattern="file.xlsx", format="excel", **options
    )


def test_days_of_both_calendars_are_right_or_rejected(world):
    def of_1904(book):
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    rows = (["id", "name"], [1, date(2026, 3, 14)])
    assert (
        names(excel(world, workbook(*rows))) == names(excel(world, workbook(*rows, change=of_1904))) == ["2026-03-14"]
    )

    def serial_60(book):
        book.active["B2"] = 60
        book.active["B2"].number_format = "yyyy-mm-dd"

    started = {"action_id": "id", "title": {"constant": "x"}, "started_on": "name"}
    world.write("file.xlsx", workbook(*rows, change=serial_60))
    outcome = world.load_file(started, "actions", pattern="file.xlsx", format="excel")
    assert outcome.rejects == [(2, "started_on", "date")]


def test_formulas_are_not_run_and_their_absent_results_and_errors_are_warnings(world):
    outcome = excel(world, workbook(["id", "name"], [1, "=1+1"], [2, "=cmd|' /C calc'!A0"], [3, "#N/A"], [4, "Iron"]))
    assert names(outcome) == [None, None, None, "Iron"]
    assert outcome.warnings == {"formula", "cell_error"}


def test_a_text_like_a_formula_in_a_file_is_a_text(world):
    world.write("file.csv", "product_id,name,price\nP1,\"=cmd|' /C calc'!A0\",1\n")
    assert names(world.load_file(LOAD)) == ["=cmd|' /C calc'!A0"]


def test_durations_of_excel_are_clock_texts(world):
    world.write("file.xlsx", workbook(["id", "t"], [1, timedelta(hours=30, minutes=2, seconds=3)]))
    contact = {"contact_id": "id", "started_at": {"constant": "2026-01-01"}, "channel": {"constant": "phone"}}
    talk = {"talk_seconds": {"column": "t", "unit": "h:mm:ss"}}
    outcome = world.load_file({**contact, **talk}, "contacts", pattern="file.xlsx", format="excel")
    assert outcome.column("select talk_seconds from canonical.contacts") == [108123]


def test_one_of_several_sheets_must_be_named(world):
    content = workbook(["id", "name"], [1, "Iron"], change=lambda book: book.create_sheet("Notes"))
    assert "Say sheet: one of Sheet, Notes" in str(excel(world, content).faults[0])
    assert names(excel(world, content, sheet="Sheet")) == ["Iron"]
    assert excel(world, content, sheet="Data").rules == {"sheet"}
    assert excel(world, content, sheet="Notes").rules == {"empty"}


def test_a_cell_beyond_the_header_rejects_its_row(world):
    outcome = excel(world, workbook(["id", "name"], [1, "Iron"], [2, "Oven", "what?"]))
    assert outcome.rejects == [(3, None, "width")]
    assert outcome.holds()


def with_part(content: bytes, name: str, change) -> bytes:
    """A workbook with one part changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as sink:
        for info in source.infolist():
            part = source.read(info)
            sink.writestr(info.filename, change(part) if info.filename == name else part)
    return target.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda part: b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>' + part, "entity"),
        (lambda part: b'<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1:9/x">]>' + part, "entity"),
        (lambda part: part.replace(b"<sheetData>", b"<sheetData>" + b" " * (300 << 20)), "bomb"),
        (lambda part: part[: len(part) // 2], "content"),
    ],
    ids=short,
)
def test_hostile_workbooks_are_refused_before_they_are_parsed(world, change, rule):
    content = with_part(workbook(["id", "name"], [1, "Iron"]), SHEET, change)
    assert len(content) < 1 << 20
    assert excel(world, content).rules == {rule}


@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"id,name\n1,Iron\n", b""])
def test_a_protected_or_false_workbook_is_refused(world, content):
    assert excel(world, content).rules <= {"content", "password", "empty"}
    assert excel(world, content).faults


# Parquet


def parquet_outcome(world, content: bytes, **options):
    world.write("file.parquet", content)
    return world.load_file(LOAD, pattern="file.parquet", format="parquet", **options)


GOOD = pa.table({"product_id": [f"P{i}" for i in range(500)], "name": ["Iron"] * 500, "price": [1.5] * 500})


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (parquet(GOOD)[: len(parquet(GOOD)) // 2], "content"),
        (b"", "empty"),
        (parquet(GOOD, compression="BROTLI"), "codec"),
        (parquet(pa.table({"product_id": [["a"], ["b"]], "name": ["x", "y"]})), "nested"),
        (parquet(pa.table({f"c{i}": ["x"] for i in range(3000)})), "header"),
        (parquet(GOOD.slice(0, 0)), "no_rows"),
        (parquet(GOOD.rename_columns(["id", "name", "price"])), "absent_column"),
    ],
    ids=short,
)
def test_damaged_or_unusual_parquet_is_refused(world, content, rule):
    assert parquet_outcome(world, content).rules == {rule}


def test_parquet_without_a_manifest_is_a_source_that_cannot_be_verified(world):
    assert parquet_outcome(world, parquet(GOOD)).warnings == {"unverifiable"}


def test_sixty_of_sixty_flipped_bits_are_found_with_a_manifest(world):
    content = parquet(GOOD)
    world.write("list.txt", f"{sha256(content).hexdigest()} {len(content)} 500 file.parquet\n")
    assert parquet_outcome(world, content, manifest="list.txt").warnings == set()
    for flip in range(60):
        damaged = bytearray(content)
        at = flip * len(content) // 60
        damaged[at] ^= 1 << (flip % 8)
        outcome = parquet_outcome(world, bytes(damaged), manifest="list.txt")
        assert outcome.faults, f"bit {flip} at byte {at} went unseen"


def test_flipped_bits_without_a_manifest_are_refused_or_loaded_with_the_warning_and_nothing_else(world):
    content = parquet(GOOD)
    for flip in range(40):
        damaged = bytearray(content)
        damaged[flip * len(content) // 40] ^= 1 << (flip % 8)
        outcome = parquet_outcome(world, bytes(damaged))
        assert outcome.rules <= {"engine", "content", "count", "header", "codec", "absent_column", "duplicate_key"}
        assert outcome.faults or "unverifiable" in outcome.warnings


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("- - 3 file.csv", "rows is 2"),
        ("- 10 - file.csv", "size is"),
        ("- - - other.csv", "not listed"),
        ("x", "four fields"),
    ],
)
def test_a_file_that_differs_from_its_manifest_is_refused(world, line, told):
    world.write("file.csv", PRODUCTS)
    world.write("list.txt", line + "\n")
    outcome = world.load_file(LOAD, manifest="list.txt")
    assert outcome.rules == {"manifest"}
    assert told in str(outcome.faults[0])


# JSON lines


def test_lines_that_are_not_one_object_are_rejected(world):
    lines = [
        '{"product_id": "P1", "name": "Iron"}',
        "[1, 2]",
        '{"product_id": "P2"',
        "7",
        '{"product_id": "P3", "product_id": "P4"}',
        '{"product_id": "P5", "name": null, "more": {"a": [1]}}',
        '{"product_id": "P6", "name": "a\\u0000b"}',
        "[" * 100_000,
        '{"product_id": "P7", "price": NaN}',
        '{"product_id": 12345678901234567890, "price": 0.10}',
    ]
    world.write("file.jsonl", "\n".join(lines))
    outcome = world.load_file(LOAD, pattern="file.jsonl", format="jsonl")
    assert [line for line, _, _ in outcome.rejects] == [2, 3, 4, 5, 7, 8, 9]
    assert outcome.column("select product_id from canonical.products order by all") == [
        "12345678901234567890",
        "P1",
        "P5",
    ]
    assert outcome.holds()


def test_lines_between_blanks_with_another_number_of_values_are_rejected_at_their_line(world):
    lines = [
        b"made by hand",
        b"",
        b" P1  Iron",
        b"P2",
        b" \t ",
        b"P3 Two words",
        b"P4 caf\xe9",
        b'P5 "Iron"',
        b"P6 a\0b",
        b"P7 " + b"x" * (1 << 20),
        b"P8\tOven\r",
    ]
    world.write("file.txt", b"\n".join(lines))
    layout = {"format": "whitespace", "skip_lines": 1, "header": False, "names": ["product_id", "name"]}
    outcome = world.load_file({name: name for name in layout["names"]}, pattern="file.txt", **layout)
    assert outcome.rows("select line, rule from meta.rejects order by all") == [
        (4, "width"),
        (6, "width"),
        (7, "encoding"),
        (9, "nul"),
        (10, "too_long"),
    ]
    assert outcome.rows("select product_id, name from canonical.products order by all") == [
        ("P1", "Iron"),
        ("P5", '"Iron"'),
        ("P8", "Oven"),
    ]
    assert outcome.holds()


def test_a_file_of_other_lines_is_not_read_to_its_end(world):
    world.write("file.txt", b"product_id name\n" + b"P1\n" * 10_001 + b"P1 Iron\n")
    outcome = world.load_file(LOAD, pattern="file.txt", format="whitespace")
    assert [(fault.rule, fault.line) for fault in outcome.faults[:2]] == [("structure", None), ("width", 2)]


def test_importing_the_readers_opens_no_connection_and_needs_no_extension():
    code = "import socket; socket.socket.connect = None; import data.ingest"
    subprocess.run([sys.executable, "-c", code], check=True)
