"""Excel as a Scan: cells as texts, sizes checked before anything is parsed, nothing in the workbook is run."""

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import python_calamine

from data.adapters import File
from data.errors import Fault, IngestError
from data.readers.delimited import MAX_COLUMNS, checked_names
from data.readers.files import BLOCK, Export, bomb, is_bomb
from data.readers.rows import stored
from data.readers.scan import Reject, Scan

MAX_EXPANDED = 256 << 20
OVERLAP = 4096
ZIPPED = (".xlsx", ".xlsm", ".xlsb", ".ods")
FORMULA = re.compile(rb"<f[ >/][^<]*(?:</f>)?\s*(?:<v\s*/>|<v></v>)?\s*</c>")
ERROR = re.compile(rb'<c [^>]*t="e"')
CERTAIN = dt.date(1900, 3, 1)


def excel_scan(export: Export, file: File, scratch: Path) -> Scan:
    """The rows of one sheet; `line` is the row's number in the sheet. Blank rows are nothing."""
    warnings = inspected(export)
    sheet = sheet_of(export, file)
    rows = [[text_of(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    numbered = [(i, row) for i, row in enumerate(rows, 1) if i > file.skip_lines and any(row)]
    if not numbered:
        raise IngestError(
            Fault(export.name, "empty", f"the sheet {sheet.name!r} is empty", "Check sheet in the adapter")
        )
    if file.header:
        found = [cell or "" for cell in numbered[0][1]]
        while found and not found[-1]:
            found.pop()
        names = checked_names(export, file, found)
        numbered = numbered[1:]
    else:
        names = tuple(file.names or ())
    if len(names) > MAX_COLUMNS:
        raise IngestError(Fault(export.name, "header", f"{len(names):,} columns", f"At most {MAX_COLUMNS:,} are read"))
    width = len(names)
    rejects = [too_wide(number, width, row) for number, row in numbered if any(row[width:])]
    kept = [(number, row) for number, row in numbered if not any(row[width:])]
    relation, lines = stored(cut(kept, width), width, scratch)
    is_mangled = any("\ufffd" in cell for _, row in numbered for cell in row if cell)
    told = tuple(warnings)
    return Scan(names, relation, lines.count, lines, tuple(rejects), sheet.name, is_mangled, told)


def too_wide(number: int, width: int, row: list[str | None]) -> Reject:
    last = max(i for i, cell in enumerate(row, 1) if cell)
    return Reject(number, "width", f"{width} values are expected, {last} found")


def cut(rows: list[tuple[int, list[str | None]]], width: int) -> Iterator[tuple[int, list[str | None]]]:
    """Rows with exactly `width` cells."""
    for number, row in rows:
        yield number, [*row[:width], *([None] * (width - len(row)))]


def sheet_of(export: Export, file: File) -> python_calamine.CalamineSheet:
    """The declared sheet, or the only one."""
    try:
        workbook = python_calamine.load_workbook(str(export.path))
        names = workbook.sheet_names
        if file.sheet is None and len(names) > 1:
            raise IngestError(
                Fault(export.name, "sheet", f"{len(names)} sheets", f"Say sheet: one of {', '.join(names)}")
            )
        if file.sheet is not None and file.sheet not in names:
            raise IngestError(Fault(export.name, "sheet", f"no sheet {file.sheet!r}", f"Sheets: {', '.join(names)}"))
        return workbook.get_sheet_by_name(file.sheet or names[0])
    except python_calamine.PasswordError:
        raise IngestError(Fault(export.name, "password", "protected by a password", "Save it without one")) from None
    except (python_calamine.CalamineError, OSError) as error:
        found = f"not a workbook that can be read: {str(error)[:200]}"
        raise IngestError(Fault(export.name, "content", found, "Save it again as .xlsx")) from None


def inspected(export: Export) -> list[tuple[str, str]]:
    """Warnings; IngestError for a workbook that unpacks to too much or defines entities. Read in small pieces."""
    if not zipfile.is_zipfile(export.path):
        return []
    formulas = errors = 0
    with zipfile.ZipFile(export.path) as archive:
        parts = archive.infolist()
        size = sum(part.file_size for part in parts)
        if size > MAX_EXPANDED or is_bomb(size, export.bytes):
            raise IngestError(bomb(export.name, size))
        if any(part.flag_bits & 1 for part in parts):
            raise IngestError(Fault(export.name, "password", "protected by a password", "Save it without one"))
        try:
            for part in (part for part in parts if part.filename.endswith((".xml", ".rels"))):
                found = counted(export, archive, part)
                formulas, errors = formulas + found[0], errors + found[1]
        except (zipfile.BadZipFile, EOFError, RuntimeError) as error:
            raise IngestError(Fault(export.name, "content", f"a damaged workbook: {error}", "Save it again")) from None
    told = [(formulas, "formula", "formulas have no stored result: their cells count as missing")]
    told.append((errors, "cell_error", "cells hold an error such as #N/A: they count as missing"))
    return [(rule, f"{count:,} {message}") for count, rule, message in told if count]


def counted(export: Export, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> tuple[int, int]:
    """Formulas without a result and error cells of an XML part; refuses document types and entities."""
    formulas = errors = size = 0
    before = b""
    with archive.open(part) as stream:
        while block := stream.read(BLOCK):
            size += len(block)
            if size > MAX_EXPANDED:
                raise IngestError(bomb(export.name, size))
            if b"<!DOCTYPE" in before + block or b"<!ENTITY" in before + block:
                fix = "Save it again with a spreadsheet program"
                raise IngestError(Fault(export.name, "entity", f"{part.filename} defines XML entities", fix))
            cells = (before + block).rpartition(b"</c>")
            done, before = (
                (cells[0] + cells[1], cells[2][-OVERLAP:]) if cells[1] else (b"", (before + block)[-OVERLAP:])
            )
            formulas += len(FORMULA.findall(done))
            errors += len(ERROR.findall(done))
    return formulas, errors


def text_of(cell: Any) -> str | None:
    """A cell as text: whole numbers without a dot, days and times in ISO form, durations as h:mm:ss."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime | dt.date):
        day = cell.date() if isinstance(cell, dt.datetime) else cell
        text = cell.isoformat(" ") if isinstance(cell, dt.datetime) else cell.isoformat()
        return text if day >= CERTAIN else f"{text} (Excel's days before March 1900 are not certain)"
    if isinstance(cell, dt.timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return str(cell) if cell != "" else None
