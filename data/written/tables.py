"""The register of actions as CSV: out for a spreadsheet, in with every fault told by line, column, value and rule.

Out: UTF-8 with its mark, commas, ISO days, decimal points; a text that looks like a formula gets an apostrophe, which
is taken off again on the way in. In: commas, semicolons or tabs (cells copied from a spreadsheet), decimal commas where
the separator is none. All rows are saved, or none.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.spreadsheets import as_written, harmless
from data.written.register import ANYTHING, COLUMNS, Known, Wrong, checked, frozen, highest
from data.written.store import Content, Save

VERSION = "version"
HEADER = (*COLUMNS, VERSION)
SEPARATORS = ",;\t"
MOST_ROWS, MOST_LETTERS = 2_000, 1_000_000


@dataclass(frozen=True)
class Faulty:
    """A value of a table that may not stand there; line 1 is the header."""

    line: int
    wrong: Wrong


@dataclass(frozen=True)
class Standing:
    """An action as it stands: written here (version 1 and more), or in the exports only (0)."""

    content: Content
    version: int


def csv_of(rows: Mapping[str, Standing]) -> bytes:
    """action_id -> action, in this order."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for number, standing in rows.items():
        content = {**standing.content, "action_id": number, VERSION: standing.version}
        writer.writerow([cell(content.get(name)) for name in HEADER])
    return out.getvalue().encode("utf-8-sig")


def cell(value: Any) -> Any:
    return "" if value is None else harmless(value) if isinstance(value, str) else value


def read(text: str, standing: Mapping[str, Standing], known: Known = ANYTHING) -> tuple[list[Save], list[Faulty]]:
    """What a table would save, and everything that is wrong with it; a new action may leave its number out."""
    if len(text) > MOST_LETTERS:
        return [], [Faulty(1, Wrong("", f"{len(text)}", "too_much"))]
    lines = numbered_rows(text.removeprefix("\ufeff"))
    if not lines:
        return [], [Faulty(1, Wrong("", "", "no_rows"))]
    (_, header), *rows = lines
    names = [as_written(name).strip() for name in header]
    faults = [Faulty(1, Wrong(name, name, "unknown_header")) for name in names if name not in HEADER]
    faults += [Faulty(1, Wrong("title", "", "missing_header"))] if "title" not in names else []
    faults += [Faulty(1, Wrong(name, name, "header_twice")) for name in sorted(set(names)) if names.count(name) > 1]
    if faults or not rows:
        return [], faults or [Faulty(1, Wrong("", "", "no_rows"))]
    if len(rows) > MOST_ROWS:
        return [], [Faulty(1, Wrong("", f"{len(rows)}", "too_much"))]
    return saves_of(names, rows, standing, known)


def saves_of(
    names: Sequence[str], rows: Sequence[tuple[int, list[str]]], standing: Mapping[str, Standing], known: Known
) -> tuple[list[Save], list[Faulty]]:
    saves: list[Save] = []
    faults: list[Faulty] = []
    seen: set[str] = set()
    newest = highest(standing)
    for line, cells in rows:
        if len(cells) != len(names):
            faults.append(Faulty(line, Wrong("", str(len(cells)), "cells")))
            continue
        texts = {name: as_written(text) for name, text in zip(names, cells, strict=True)}
        number = texts.get("action_id", "").strip() or f"W-{newest + 1}"
        content, wrong = checked({**texts, "action_id": number}, known)
        content.pop("action_id", None)
        before = standing.get(number)
        wrong += frozen(before.content if before else None, content)
        wrong += [Wrong("action_id", number, "twice")] if number in seen else []
        wrong += stale(number, texts.get(VERSION, "").strip(), before)
        faults += [Faulty(line, one) for one in wrong]
        saves.append(Save(number, content, before.version if before else 0))
        seen.add(number)
        newest = max(newest, highest([number]))
    return ([] if faults else saves), faults


def stale(number: str, version: str, before: Standing | None) -> list[Wrong]:
    """A row for an action that exists says which version it started from."""
    if before is None:
        return []
    if not version:
        return [Wrong(VERSION, "", "version_missing")]
    return [] if version == str(before.version) else [Wrong(VERSION, version, "changed_meanwhile")]


def numbered_rows(text: str) -> list[tuple[int, list[str]]]:
    """Rows with the line on which each begins; empty ones are left out."""
    csv.field_size_limit(MOST_LETTERS)  # a cell that is too long is a fault of its row, not of the reader
    first = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    reader, rows, line = csv.reader(io.StringIO(text, newline=""), delimiter=separator), [], 1
    for cells in reader:
        if any(text.strip() for text in cells):
            rows.append((line, cells))
        line = reader.line_num + 1
    return rows
