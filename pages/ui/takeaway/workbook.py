"""Tables as a workbook: typed numbers and dates, and above each table what makes its numbers quotable."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from math import isfinite

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from data.spreadsheets import FORMULA
from pages.ui.export import Cell, Column, Table
from pages.ui.shown import Drawn, Shown
from pages.ui.stated import Stated
from pages.ui.takeaway.chart_data import LITERAL
from pages.ui.takeaway.looks import colour
from pages.ui.takeaway.sheets import Facts, facts_of
from pages.ui.text import t

FORMATS = {
    "share": "0.0%",
    "money": "#,##0.00",
    "count": "#,##0",
    "points": "+0.0;\u22120.0;0.0",
    "score": "0.00",
    "level": "0.0",
    "days": "0.0",
    "seconds": "#,##0",
}
DAY, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
LONGEST = 32_767  # letters that a cell can hold
MOST_NAME = 31  # letters of a sheet's name
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
WIDEST, NARROWEST = 44, 9


def workbook(shown: Shown, about: Stated) -> bytes:
    """Every chart's data of a page, a sheet each; what is known of the page alone where it has none."""
    found = [(drawn, drawn.table()) for drawn in shown.charts.values()]
    tables = [(facts_of(drawn, table, shown), table) for drawn, table in found]
    nothing = (Facts(about.page, (), ()), Table((), ()))
    return written(tables or [nothing], shown.finding, about, shown.view.lang)


def one_table(name: str, table: Table, drawn: Drawn | None, shown: Shown, about: Stated) -> bytes:
    """One table; with the facts of the chart that it stands behind, if it does."""
    facts = facts_of(drawn, table, shown) if drawn else Facts(name, (), ())
    return written([(facts, table)], shown.finding, about, shown.view.lang)


def written(tables: Sequence[tuple[Facts, Table]], finding: str, about: Stated, lang: str) -> bytes:
    out = BytesIO()
    with Workbook(out, LITERAL) as book:
        book.set_properties({"title": f"{about.company} · {about.page}", "author": "Outside-In"})
        taken: set[str] = set()
        for place, (facts, table) in enumerate(tables, start=1):
            sheet = book.add_worksheet(sheet_name(facts.heading or f"{about.page} {place}", taken))
            top = head(sheet, book, facts, finding, about, lang)
            body(sheet, book, table, top)
    return out.getvalue()


def sheet_name(heading: str, taken: set[str]) -> str:
    """As a spreadsheet allows it, and told apart from those before."""
    plain = NOT_IN_NAMES.sub(" ", heading).strip()[:MOST_NAME] or "Table"
    name, again = plain, 2
    while name.lower() in taken:
        name, again = f"{plain[: MOST_NAME - 4]} ({again})", again + 1
    taken.add(name.lower())
    return name


def head(sheet: Worksheet, book: Workbook, facts: Facts, finding: str, about: Stated, lang: str) -> int:
    """Lines over the table; returns the row of its header."""
    bold, quiet = (
        book.add_format({"bold": True, "font_size": 13}),
        book.add_format({"font_color": f"#{colour('grayTextColor')}"}),
    )
    sheet.write_string(0, 0, facts.heading or about.page, bold)
    lines = [
        ("finding", finding),
        *(("definition", d) for d in facts.definitions),
        *(("sureness", s) for s in facts.sureness),
        *(("note", n) for n in facts.notes),
        ("company", about.company),
        ("period", about.period),
        ("limits", about.limits),
        ("data", about.data),
        ("link", about.address),
    ]
    row = 1
    for key, words in lines:
        if words:
            sheet.write_string(row, 0, t(f"takeaway.facts.{key}", lang), quiet)
            sheet.write_string(row, 1, words)
            row += 1
    return row + 1


def body(sheet: Worksheet, book: Workbook, table: Table, top: int) -> None:
    header = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    literal = book.add_format({"quote_prefix": True})
    looks = [book.add_format({"num_format": FORMATS.get(c.unit or "", "General")}) for c in table.columns]
    days = {form: book.add_format({"num_format": form}) for form in (DAY, MOMENT)}
    for place, column in enumerate(table.columns):
        sheet.write_string(top, place, headed(column), header)
        longest = max([len(column.header) // 2, *(len(str(row[place])) for row in table.rows[:200])], default=0)
        sheet.set_column(place, place, min(WIDEST, max(NARROWEST, longest + 2)))
    for i, row in enumerate(table.rows, start=top + 1):
        for place, value in enumerate(row):
            put(sheet, i, place, value, looks[place], literal, days)
    sheet.freeze_panes(top + 1, 1)
    if table.rows:
        sheet.autofilter(top, 0, top + len(table.rows), len(table.columns) - 1)


def headed(column: Column) -> str:
    """Durations are numbers of seconds, said in the header."""
    return f"{column.header} (s)" if column.unit == "seconds" else column.header


def put(
    sheet: Worksheet, row: int, place: int, value: Cell, look: Format, literal: Format, days: dict[str, Format]
) -> None:
    """A cell by its type; every text is a text, whatever it begins with; nothing for what is not known."""
    if isinstance(value, str):
        sheet.write_string(row, place, value[:LONGEST], literal if value.startswith(FORMULA) else None)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, place, value.replace(tzinfo=None), days[MOMENT])
    elif isinstance(value, date):
        sheet.write_datetime(row, place, datetime(value.year, value.month, value.day), days[DAY])
    elif isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, int | float | Decimal):
        if isfinite(value):
            sheet.write_number(row, place, value, look)
    elif value is not None:
        sheet.write_string(row, place, str(value))
