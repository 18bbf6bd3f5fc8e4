"""Values between runs of blanks (spaces, tabs) as a Scan: no quotes; blanks at the ends of a line are nothing.

A value that is missing shifts those after it, so a line must have exactly a value for each column.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from data.adapters import File
from data.errors import Fault, IngestError
from data.readers.delimited import checked_names, declared_text
from data.readers.files import Export
from data.readers.jsonl import MAX_FAULTS, skip_line
from data.readers.rows import stored
from data.readers.scan import Reject, Scan
from data.readers.structure import MAX_RECORD

RUN = re.compile(r"[ \t]+")
LONG = f"longer than {MAX_RECORD // 1024} KB"
Line = tuple[int, list[str] | Reject]


def whitespace_scan(export: Export, file: File, scratch: Path) -> Scan:
    """The lines of a file that have a value for each column; the others are rejected, blank ones are nothing."""
    path, encoding = declared_text(export, file, "csv", scratch)
    header = header_of(export, file, path, encoding)
    rejects, is_mangled = [], False
    for number, found in records(file, path, encoding, len(header)):
        if isinstance(found, list):
            is_mangled = is_mangled or any("\ufffd" in value for value in found)
            continue
        rejects.append(found)
        if len(rejects) > MAX_FAULTS:
            what = f"{len(rejects):,} broken rows up to line {number:,}; the rest was not read"
            first = [Fault(export.name, r.rule, r.message, "", r.line) for r in rejects[:5]]
            fix = "Check names, skip_lines and format in the adapter, or export the file again"
            raise IngestError([Fault(export.name, "structure", what, fix), *first])
    rows = records(file, path, encoding, len(header))
    relation, lines = stored((row for row in rows if isinstance(row[1], list)), len(header), scratch)
    return Scan(header, relation, lines.count, lines, tuple(rejects), is_mangled=is_mangled)


def header_of(export: Export, file: File, path: Path, encoding: str) -> tuple[str, ...]:
    if not file.header:
        return tuple(file.names or ())
    found = next(lines_of(file, path, encoding), None)
    if found is None or isinstance(found[1], Reject):
        what = "there is no header" if found is None else f"the header cannot be read: {found[1].message}"
        raise IngestError(Fault(export.name, "header", what, "Check skip_lines and encoding", file.skip_lines + 1))
    return checked_names(export, file, found[1])


def records(file: File, path: Path, encoding: str, width: int) -> Iterator[Line]:
    """Lines after the header: the values of those that have `width` of them, a Reject of the others."""
    found = lines_of(file, path, encoding)
    if file.header:
        next(found)
    for number, values in found:
        if isinstance(values, list) and len(values) != width:
            yield number, Reject(number, "width", f"{width} values are expected, {len(values)} found")
        else:
            yield number, values


def lines_of(file: File, path: Path, encoding: str) -> Iterator[Line]:
    """Physical number and values of each line that is not blank, after those that the adapter skips."""
    with path.open("rb") as stream:
        number = 0
        while raw := stream.readline(MAX_RECORD + 1):
            number += 1
            is_whole = len(raw) <= MAX_RECORD or raw.endswith(b"\n")
            if not is_whole:
                skip_line(stream)
            if number <= file.skip_lines:
                continue
            found = values_of(raw, number, encoding) if is_whole else Reject(number, "too_long", LONG)
            if found:
                yield number, found


def values_of(raw: bytes, number: int, encoding: str) -> list[str] | Reject:
    """Values of a line, none of a blank one."""
    try:
        text = raw.decode("utf-8-sig" if encoding == "utf-8" and number == 1 else encoding).strip(" \t\r\n")
    except UnicodeDecodeError as error:
        byte = raw[error.start]
        return Reject(number, "encoding", f"byte 0x{byte:02X} does not exist in {encoding}")
    if "\0" in text:
        return Reject(number, "nul", "a NUL byte")
    return RUN.split(text) if text else []
