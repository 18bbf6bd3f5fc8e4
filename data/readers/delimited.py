# ruff: noqa: S608 - names and codes come from contracts and adapters, quoted by data.sql; values stay in tables
"""Delimited text as a Scan: header by name, structure by our own survey, then the engine reads all columns as text.

The engine reads the file itself when it is plain; otherwise a copy with the good records only, in UTF-8.
"""

import codecs
import csv
import io
from dataclasses import dataclass
from pathlib import Path

from data.adapters import File
from data.errors import Fault, IngestError
from data.readers.files import Export, engine_path, new_path
from data.readers.looks import not_text
from data.readers.scan import Scan
from data.readers.structure import CR, LF, Layout, first_record
from data.readers.survey import Survey, write_good
from data.sql import literal

HEAD = 1 << 20
MAX_COLUMNS = 2_000
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Head:
    """The start of a file: names of its columns, how many bytes and physical lines they take, how its lines end."""

    names: tuple[str, ...]
    bytes: int
    lines: int
    terminator: int
    line_ends: frozenset[str] = frozenset()


def delimited_scan(export: Export, file: File, scratch: Path) -> Scan:
    """The records of a delimited file; IngestError when the file as a whole is not what the adapter declares."""
    path, encoding = declared_text(export, file, "csv", scratch)
    head = head_of(export, path, file, encoding)
    survey = surveyed(path, file, encoding, head)
    if survey.gave_up:
        raise IngestError(too_broken(export, survey))
    is_as_is = survey.is_plain and head.terminator == LF and not file.skip_lines and head.lines == file.header
    if is_as_is and (encoding == "utf-8" or survey.is_ascii) and file.escape == "doubled":
        relation = read_csv(engine_path(path, scratch), file, len(head.names), head.lines, survey.line_ends)
    else:
        relation = read_csv(good_copy(path, file, encoding, head, scratch), file, len(head.names), 0, {"lf"})
    return Scan(
        head.names, relation, survey.lines.count, survey.lines, tuple(survey.rejects), is_mangled=survey.is_mangled
    )


def declared_text(export: Export, file: File, kind: str, scratch: Path) -> tuple[Path, str]:
    """The file, or a UTF-8 copy where bytes are not characters, and its encoding; IngestError when it is no text."""
    encoding = declared_encoding(export, file)
    if fault := not_text(export, encoding, kind):
        raise IngestError(fault)
    if encoding == "utf-8" or is_single_byte(encoding):
        return export.path, encoding
    return transcoded(export, encoding, scratch), "utf-8"


def declared_encoding(export: Export, file: File) -> str:
    """Python's name of the encoding that the adapter declares for this file."""
    name = file.encoding_of(export.base_name)
    if name is None:
        fix = "Add a pattern that fits its name to encoding"
        raise IngestError(Fault(export.name, "encoding", "no encoding is declared for this file", fix))
    try:
        return codecs.lookup(name).name.removesuffix("-sig").replace("utf-8-sig", "utf-8")
    except LookupError:
        raise IngestError(
            Fault(export.name, "encoding", f"no such encoding: {name!r}", "For example utf-8, latin-1, cp1252")
        ) from None


def is_single_byte(encoding: str) -> bool:
    """Whether each byte is a character and the first 128 are ASCII's."""
    text = bytes(range(256)).decode(encoding, "replace") if "utf" not in encoding else ""
    return len(text) == 256 and text[:128].isascii()


def transcoded(export: Export, encoding: str, scratch: Path) -> Path:
    """A UTF-8 copy of a file in an encoding whose bytes are not characters (UTF-16, GB18030, ...)."""
    target = new_path(scratch, "utf8")
    try:
        with (
            export.path.open(encoding=encoding, newline="") as source,
            target.open("w", encoding="utf-8", newline="") as sink,
        ):
            while block := source.read(HEAD):
                sink.write(block)
    except UnicodeError as error:
        fix = "Declare the encoding the file has, or export it again"
        raise IngestError(Fault(export.name, "encoding", f"is not {encoding}: {error}", fix)) from None
    return target


def head_of(export: Export, path: Path, file: File, encoding: str) -> Head:
    """Column names and where the records begin."""
    with path.open("rb") as stream:
        raw = stream.read(HEAD)
    mark = len(BOM) if raw.startswith(BOM) and encoding == "utf-8" else 0
    body = raw[mark:]
    terminator = line_end(body)
    lines = body.split(bytes([terminator]), file.skip_lines + 1)
    start = sum(len(line) + 1 for line in lines[: file.skip_lines])
    if not file.header:
        return Head(tuple(file.names or ()), mark + start, file.skip_lines, terminator)
    line = file.skip_lines + 1
    found = first_record(body[start:], Layout(1, file.delimiter, file.quote, terminator=terminator))
    if found is None:
        fix = "Check delimiter, quote and skip_lines"
        raise IngestError(Fault(export.name, "header", "the quotes of the header are broken", fix, line))
    record, used = found
    reader = csv.reader(
        io.StringIO(record.decode(encoding, "replace"), newline=""),
        delimiter=file.delimiter,
        quotechar=file.quote or None,
        quoting=csv.QUOTE_MINIMAL if file.quote else csv.QUOTE_NONE,
    )
    names = checked_names(export, file, next(reader, []))
    lines_used = record.count(bytes([terminator])) + 1
    ended = body[start : start + used]
    line_ends = {"crlf"} if ended.endswith(b"\r\n") else {"lf"} if ended.endswith(b"\n") else set()
    return Head(names, mark + start + used, file.skip_lines + lines_used, terminator, frozenset(line_ends))


def line_end(body: bytes) -> int:
    """The byte that ends lines: CR when a CR comes first and is not followed by LF."""
    cr, lf = body.find(b"\r"), body.find(b"\n")
    return CR if cr >= 0 and (lf < 0 or cr < lf - 1) else LF


def checked_names(export: Export, file: File, found: list[str]) -> tuple[str, ...]:
    """Names of the columns, from the header or as the adapter replaces them; no name twice, not too many."""
    line = file.skip_lines + 1
    if file.names:
        if len(file.names) != len(found):
            what = f"the header has {len(found)} columns, the adapter names {len(file.names)}"
            raise IngestError(Fault(export.name, "header", what, "Correct names in the adapter", line))
        return tuple(file.names)
    names = [name.strip() for name in found]
    if not any(names):
        fix = "Check skip_lines, or say header: false and names"
        raise IngestError(Fault(export.name, "header", "the header is blank", fix, line))
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    if doubled:
        fix = "Give every column a name of its own in the adapter (names: [...])"
        raise IngestError(Fault(export.name, "header", f"column names stand twice: {', '.join(doubled)}", fix, line))
    if len(names) > MAX_COLUMNS:
        raise IngestError(
            Fault(export.name, "header", f"{len(names):,} columns", f"At most {MAX_COLUMNS:,} are read", line)
        )
    return tuple(names)


def layout_of(file: File, encoding: str, head: Head) -> Layout:
    return Layout(len(head.names), file.delimiter, file.quote, file.escape == "backslash", encoding, head.terminator)


def surveyed(path: Path, file: File, encoding: str, head: Head) -> Survey:
    """A complete survey of the records after the header."""
    survey = Survey(layout_of(file, encoding, head), head.lines + 1, line_ends=set(head.line_ends))
    with path.open("rb") as stream:
        stream.seek(head.bytes)
        for _ in survey.pieces(stream, b""):
            pass
    return survey


def good_copy(path: Path, file: File, encoding: str, head: Head, scratch: Path) -> Path:
    """The good records alone, in UTF-8 with LF ends and doubled quotes."""
    target = new_path(scratch, "good")
    survey = Survey(layout_of(file, encoding, head), head.lines + 1)
    with path.open("rb") as stream, target.open("wb") as sink:
        stream.seek(head.bytes)
        for piece in survey.pieces(stream, b""):
            write_good(piece, survey, sink)
    return target


def too_broken(export: Export, survey: Survey) -> list[Fault]:
    fix = "Check delimiter and quote in the adapter, or export the file again"
    first = [Fault(export.name, r.rule, r.message, fix, r.line) for r in survey.rejects[:5]]
    return [Fault(export.name, "structure", f"{survey.gave_up}; the rest was not read", fix), *first]


def read_csv(path: Path, file: File, width: int, skip: int, line_ends: set[str]) -> str:
    """SQL of a relation c0, c1, ... of texts, in file order, as written (empty: NULL); nothing is sniffed."""
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
    quote = literal(file.quote or "")
    # Untold, the engine takes the first line end it meets, also inside quotes, for that of all lines; CRLF it cannot be
    # told. What strict_mode refuses was found by the survey before.
    ends = "strict_mode=true, new_line='\\n'" if line_ends <= {"lf"} else "strict_mode=false"
    return (
        f"read_csv({literal(str(path))}, auto_detect=false, header=false, skip={skip}, columns={{{columns}}}, "
        f"delim={literal(file.delimiter)}, quote={quote}, escape={quote}, {ends}, encoding='utf-8')"
    )
