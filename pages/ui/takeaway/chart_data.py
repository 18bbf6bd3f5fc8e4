"""The workbook of a native chart, which opens when somebody edits its data."""

import re
from dataclasses import dataclass
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

SHEET = "Data"
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LITERAL = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def clean(text: str) -> str:
    """Text from outside without the characters that no office document can hold."""
    return NOT_IN_XML.sub("", text)


@dataclass(frozen=True)
class Column:
    """Cells of the workbook, one under the other, below a header."""

    header: str
    cells: tuple[float | str | None, ...]
    format: str = "General"


class Data:
    """The workbook of a chart, and where each column of it stands."""

    def __init__(self) -> None:
        self.columns: list[Column] = []

    def add(self, column: Column) -> tuple[str, str]:
        """Reference to the header and to the cells."""
        letter = xl_col_to_name(len(self.columns))
        self.columns.append(column)
        return f"{SHEET}!${letter}$1", f"{SHEET}!${letter}$2:${letter}${len(column.cells) + 1}"

    def xlsx(self) -> bytes:
        """Every text as a text, whatever it begins with."""
        out = BytesIO()
        with Workbook(out, LITERAL) as book:
            sheet = book.add_worksheet(SHEET)
            for place, column in enumerate(self.columns):
                sheet.write_string(0, place, clean(column.header))
                look = book.add_format({"num_format": column.format})
                for row, cell in enumerate(column.cells, start=1):
                    if isinstance(cell, str):
                        sheet.write_string(row, place, clean(cell))
                    elif cell is not None:
                        sheet.write_number(row, place, cell, look)
        return out.getvalue()
