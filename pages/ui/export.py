"""Tables as a person reads them and as files take them away."""

import csv
import io
from dataclasses import dataclass
from datetime import date

from data.spreadsheets import harmless
from pages.ui import formats

Cell = str | int | float | date | None


@dataclass(frozen=True)
class Column:
    """`unit`: of its numbers, as in the catalogue; None for texts and for numbers shown as they are."""

    header: str
    unit: str | None = None


@dataclass(frozen=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def csv_bytes(table: Table) -> bytes:
    """UTF-8 with its mark, commas, decimal points, full precision; empty for what is not known."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(c.header) for c in table.columns])
    writer.writerows([harmless(v) if isinstance(v, str) else v for v in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def readable(table: Table, lang: str, currency: str) -> dict[str, list[str]]:
    """Column header -> texts, for the table on screen (whose own download is then as harmless as ours)."""
    return {
        harmless(column.header): [text_of(row[place], column.unit, lang, currency) for row in table.rows]
        for place, column in enumerate(table.columns)
    }


def text_of(value: Cell, unit: str | None, lang: str, currency: str) -> str:
    if value is None:
        return formats.NOTHING
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, date):
        return formats.day(value, lang)
    return formats.amount(value, unit, lang, currency) if unit else str(value)
