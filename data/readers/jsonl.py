"""JSON lines as a Scan: one object a line, its keys the columns, numbers as written."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from data.adapters import File
from data.errors import Fault, IngestError
from data.readers.delimited import MAX_COLUMNS, declared_text
from data.readers.files import Export
from data.readers.rows import stored
from data.readers.scan import Reject, Scan
from data.readers.structure import MAX_RECORD

MAX_FAULTS = 10_000


def jsonl_scan(export: Export, file: File, scratch: Path) -> Scan:
    """The objects of a file; a line that is not one object is rejected."""
    path, encoding = declared_text(export, file, "jsonl", scratch)
    rejects: list[Reject] = []
    names = dict.fromkeys(name for _, row in objects(path, encoding, rejects) for name in row)
    if len(names) > MAX_COLUMNS:
        raise IngestError(Fault(export.name, "header", f"{len(names):,} keys", f"At most {MAX_COLUMNS:,} are read"))
    if len(rejects) > MAX_FAULTS:
        found = f"{len(rejects):,} lines are not JSON objects"
        raise IngestError(Fault(export.name, "structure", found, "Export it as one object a line", rejects[0].line))
    header = tuple(names)
    rows = ((line, [row.get(name) for name in header]) for line, row in objects(path, encoding, []))
    relation, lines = stored(rows, len(header), scratch)
    is_mangled = any(
        "\ufffd" in value for _, row in objects(path, encoding, []) for value in row.values() if isinstance(value, str)
    )
    return Scan(header, relation, lines.count, lines, tuple(rejects), is_mangled=is_mangled)


def objects(path: Path, encoding: str, rejects: list[Reject]) -> Iterator[tuple[int, dict[str, str | None]]]:
    """Line number and texts of each object; blank lines are nothing; what is no object goes to `rejects`."""
    with path.open("rb") as stream:
        number = 0
        while raw := stream.readline(MAX_RECORD + 1):
            number += 1
            if len(raw) > MAX_RECORD and not raw.endswith(b"\n"):
                rejects.append(Reject(number, "too_long", f"longer than {MAX_RECORD // 1024} KB"))
                skip_line(stream)
            elif raw.strip(b"\xef\xbb\xbf \t\r\n"):
                try:
                    yield number, texts(raw.decode("utf-8-sig" if encoding == "utf-8" else encoding))
                except (ValueError, RecursionError) as error:
                    problem = "encoding" if isinstance(error, UnicodeDecodeError) else "json"
                    rejects.append(Reject(number, problem, f"not one JSON object: {str(error).split(':')[0]}"))


def skip_line(stream: Any) -> None:
    while part := stream.readline(MAX_RECORD):
        if part.endswith(b"\n"):
            return


def texts(text: str) -> dict[str, str | None]:
    """Keys and values of an object, values as texts; what is nested stays JSON."""
    found = json.loads(text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=pairs)
    if not isinstance(found, dict):
        raise ValueError("another value than an object")
    return {key: as_text(value) for key, value in found.items()}


def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(items)
    if len(found) != len(items):
        raise ValueError("a key stands twice")
    return found


def as_text(value: Any) -> str | None:
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("a NUL character")
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else json.dumps(value, ensure_ascii=False)
