"""What leaves the page as a file or a table: full precision, and nothing that a spreadsheet would run."""

import csv
import io
from datetime import date

import pytest

from pages.ui.export import Column, Table, csv_bytes, harmless, readable

TABLE = Table(
    (Column("Region"), Column("Rate", "share"), Column("Revenue", "money"), Column("=cmd()", "count")),
    (("=HYPERLINK(1)", 0.8612345, 1234567.89, None), ("north", -0.5, 12.0, 3)),
)


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "|", "%"])
def test_no_text_begins_like_a_formula(start):
    assert harmless(f"{start}cmd|' /C calc'!A0").startswith("'")


@pytest.mark.parametrize("text", ["north", "", "a=b", "Île-de-France"])
def test_other_texts_stay_as_they_are(text):
    assert harmless(text) == text


def test_a_file_holds_full_precision_and_harmless_texts():
    rows = read(csv_bytes(TABLE))
    assert rows == [
        ["Region", "Rate", "Revenue", "'=cmd()"],
        ["'=HYPERLINK(1)", "0.8612345", "1234567.89", ""],
        ["north", "-0.5", "12.0", "3"],
    ]


def test_the_table_on_screen_reads_like_the_page_and_is_as_harmless():
    shown = readable(TABLE, "fr", "EUR")
    assert shown["Region"] == ["'=HYPERLINK(1)", "north"]
    assert shown["Rate"] == ["86\u00a0%", "−50\u00a0%"]
    assert shown["'=cmd()"] == ["–", "3"]


def test_dates_and_numbers_without_a_unit_are_shown():
    table = Table((Column("Day"), Column("Id")), ((date(2026, 11, 14), 7),))
    assert readable(table, "en", "EUR") == {"Day": ["14 Nov 2026"], "Id": ["7"]}
