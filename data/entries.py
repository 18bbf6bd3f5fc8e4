# ruff: noqa: S608 - names and codes come from contracts and adapters, quoted by data.sql; values stay in tables
"""A kind of file of an adapter, opened: its files, their scans, and its texts as one relation."""

import difflib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from data.adapters import File
from data.errors import Fault, IngestError
from data.readers import scan_of
from data.readers.files import Export, exports_of
from data.readers.listing import compared
from data.readers.scan import Scan
from data.sql import identifier, literal

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
NEAR = 0.7
NOT_OF_THE_FILE = (
    duckdb.OutOfMemoryException,
    duckdb.IOException,
    duckdb.ParserException,
    duckdb.BinderException,
    duckdb.CatalogException,
)


@dataclass
class Entry:
    """Opened files of one kind. `offsets[i]` is how many records stand before those of file i."""

    source: str
    name: str
    file: File
    exports: list[Export] = field(default_factory=list)
    scans: list[Scan] = field(default_factory=list)
    twins: list[tuple[Export, Scan, str]] = field(default_factory=list)
    repairs: dict[str, str] = field(default_factory=dict)  # column -> table (name, bad, good)

    @property
    def offsets(self) -> list[int]:
        total, offsets = 0, []
        for scan in self.scans:
            offsets.append(total)
            total += scan.records
        return offsets

    def place_of(self, record: int) -> tuple[Export, int, int]:
        """File, number within it and physical line of a record counted over all files of this kind."""
        at = max(i for i, offset in enumerate(self.offsets) if offset <= record)
        while record - self.offsets[at] >= self.scans[at].records:
            at += 1
        within = record - self.offsets[at]
        return self.exports[at], within, self.scans[at].lines.of(within)


def opened(source: str, name: str, file: File, exports: Path, scratch: Path) -> Entry:
    """Find, open and survey the files of a kind; IngestError lists what is wrong with all of them."""
    entry, faults = Entry(source, name, file), []
    for export in exports_of(file, exports, scratch):
        try:
            scan = scan_of(export, file, scratch)
        except IngestError as error:
            faults += error.faults
            continue
        except OSError as error:
            fix = "Check the disk and the permissions, then export the file again"
            faults.append(Fault(export.name, "unreadable", f"cannot be read: {error.strerror}", fix))
            continue
        twin = next((other for other in entry.exports if is_twin(other, export)), None)
        if twin is not None:
            entry.twins.append((export, scan, twin.name))
        else:
            entry.exports.append(export)
            entry.scans.append(scan)
    if file.manifest and not faults:
        faults += compared(file.manifest, exports, list(zip(entry.exports, entry.scans, strict=True)))
    if faults:
        raise IngestError(faults)
    return entry


@contextmanager
def engine_reads(entry: Entry) -> Iterator[None]:
    """What the engine finds wrong with files is an IngestError; lack of memory or disk, and bugs, are not."""
    try:
        yield
    except NOT_OF_THE_FILE:
        raise
    except duckdb.Error as error:
        found = f"the engine cannot read it: {str(error).splitlines()[0][:120]}"
        files = ", ".join(export.name for export in entry.exports)
        raise IngestError(Fault(files, "engine", found, "Export it again, or report it with the file")) from None


def is_twin(one: Export, other: Export) -> bool:
    """Whether two files have the same bytes (of an archive: the same member too)."""
    return one.sha256 == other.sha256 and one.name.partition("!")[2] == other.name.partition("!")[2]


def header_faults(
    entry: Entry, needed: dict[str, bool], is_identity: bool
) -> tuple[list[Fault], list[tuple[str, str, str]]]:
    """Faults, and warnings (file, rule, message), for the columns that feeds need: name -> whether it is required."""
    faults, warnings = [], []
    for export, scan in zip(entry.exports, entry.scans, strict=True):
        unknown = [name for name in scan.header if name and name not in needed]
        absent = [name for name in needed if name not in scan.header]
        near = {name: difflib.get_close_matches(name, unknown, n=1, cutoff=NEAR) for name in absent}
        lacking = [name for name in absent if needed[name] or (is_identity and near[name])]
        faults += [absent_column(entry.file, export, scan, name, near[name]) for name in lacking]
        spared = [name for name in absent if name not in lacking]
        if spared:
            warnings.append((export.name, "absent_column", f"optional columns are absent: {', '.join(spared)}"))
        if is_identity and unknown:
            warnings.append((export.name, "new_column", f"columns are not used: {', '.join(unknown)}"))
    return faults, warnings


def absent_column(file: File, export: Export, scan: Scan, name: str, near: list[str]) -> Fault:
    """An absent column, with the delimiter it looks like or the nearest name that is there."""
    line = file.skip_lines + 1
    only = scan.header[0] if len(scan.header) == 1 else ""
    seen = next((mark for mark in DELIMITERS if mark != file.delimiter and mark in only), None)
    if seen:
        fix = f"Say delimiter: {seen!r} in the adapter, or export it with {file.delimiter!r}"
        found = f"the header has one column: this file seems to use a {DELIMITERS[seen]} as delimiter"
        return Fault(export.name, "delimiter", found, fix, line)
    there = ", ".join(scan.header[:20])
    fix = f"Did you mean {near[0]!r}? Correct the adapter or the export" if near else f"Columns there: {there}"
    return Fault(export.name, "absent_column", f"the column {name!r} is absent", fix, line, name)


def cleaned(file: File, column: str) -> str:
    """SQL of a text of the file, blanks cut if so declared, NULL for the markers of missing values."""
    text = f"trim({column})" if file.trim else column
    markers = [marker for marker in file.missing if marker] + ([""] if file.trim else [])
    if not markers:
        return text
    if len(markers) == 1:
        return f"nullif({text}, {literal(markers[0])})"
    return f"case when {text} in ({', '.join(map(literal, markers))}) then null else {text} end"


def column_name(name: str) -> str:
    """SQL name of a column of the file in the relations made here."""
    return identifier(f"column:{name}")


def texts_of(entry: Entry, number: int, columns: list[str], numbered: bool) -> str:
    """SELECT of the needed texts of one file, in file order; `numbered` adds _file and _row (from 0)."""
    scan = entry.scans[number]
    parts = [f"{number} as _file", "row_number() over () - 1 as _row"] if numbered else []
    for name in columns:
        text = cleaned(entry.file, f"c{scan.header.index(name)}") if name in scan.header else "cast(null as varchar)"
        parts.append(f"{text} as {column_name(name)}")
    return f"select {', '.join(parts) or '1 as nothing'} from {scan.relation}"


def all_texts(entry: Entry, columns: list[str]) -> str:
    """SELECT of the needed texts of all files, numbered, repaired where that is declared."""
    selects = [texts_of(entry, number, columns, numbered=True) for number in range(len(entry.scans))]
    if not selects:
        nothing = ", ".join(f"cast(null as varchar) as {column_name(name)}" for name in columns)
        selects = [f"select 0 as _file, 0 as _row, {nothing} where false"]
    sql = " union all ".join(f"({select})" for select in selects)
    for number, name in enumerate(name for name in columns if name in entry.repairs):
        column, key = column_name(name), f"r{number}"
        sql = (
            f"select l.* replace (coalesce({key}.good, l.{column}) as {column}) from ({sql}) as l "
            f"left join {entry.repairs[name]} as {key} on {key}.name = {literal(name)} and {key}.bad = l.{column}"
        )
    return sql
