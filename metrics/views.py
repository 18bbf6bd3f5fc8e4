"""The relations of metrics/views/*.sql: one file, one relation, one SELECT, created in the order of what they read.

A file begins with a header of comments; the rest is the SELECT:

    -- fct_survey_answer: an answer, with the customer who gave it
    -- grain:  one row per answered survey and what it is about (survey_id, order_id, contact_id)
    -- stored: table
    -- source: stg_surveys, dim_segment
    -- keeps:  answers of unknown customers, with segments 'unknown'

A line `-- word: text` begins an entry and a comment without one continues it. `source` names every relation that the
SELECT reads (checked): other files, `setting*` (metrics/setting.py), `reading*` (metrics/reading), canonical.*, meta.*.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from metrics.reading import READING_RELATIONS, create_readings
from metrics.setting import SETTING_RELATIONS, create_setting

if TYPE_CHECKING:
    from data.settings import Settings

DIRECTORY = Path(__file__).parent / "views"
NAME = re.compile(r"[a-z][a-z0-9_]*")
ENTRY = re.compile(r"--\s*([a-z][a-z0-9_]*):\s*(.*)")
KEY = re.compile(r"\(([^()]*)\)\s*\.?$")
KINDS = {"table": "table", "view": "view", "temp": "temporary table"}
GIVEN = ("canonical", "meta")
NOTES = {"units", "keeps", "note", "window"}
WORDS = {"grain", "stored", "source"} | NOTES

Part = tuple[str, Callable[[], object]]


class ViewError(Exception):
    """Files of metrics/views that cannot be used; the text has one line a fault: file, what is wrong, what to do."""


@dataclass(frozen=True)
class View:
    """One file of metrics/views. `key`: the columns that make a row unique; `notes`: the other header entries."""

    name: str
    purpose: str
    grain: str
    key: tuple[str, ...]
    stored: str  # table; view; temp, a table that the snapshot does not keep
    sources: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]
    body: str


def load_views(directory: Path = DIRECTORY) -> tuple[View, ...]:
    """Every view of a folder, each after those it reads; ViewError lists all faults."""
    views, faults = [], []
    for path in sorted(directory.glob("*.sql")):
        try:
            views.append(parse_view(path.stem, path.read_text(encoding="utf-8")))
        except ViewError as error:
            faults.append(str(error))
    faults += [] if faults else unknown_sources(views)
    if faults:
        raise ViewError("\n".join(faults))
    return in_order(views)


def parse_view(name: str, text: str) -> View:
    """The view that a file's text describes."""
    header, body = split_header(text)
    entries = header_entries(header)
    grain = entries.get("grain", "")
    columns = KEY.search(grain)
    stored = entries.get("stored", "")
    faults = [
        (not NAME.fullmatch(name), "name the file in lower case letters, digits and _"),
        (name not in entries, f"begin with `-- {name}: what it is`"),
        (not columns, "state `-- grain: one row per ... (key columns)`"),
        (stored not in KINDS, f"state `-- stored:` and one of {', '.join(KINDS)}"),
        ("source" not in entries, "state `-- source: the relations it reads, with commas`"),
        (bool(set(entries) - WORDS - {name}), f"unknown header entries {sorted(set(entries) - WORDS - {name})}"),
        (not re.match(r"(select|with|from)\b", body, re.IGNORECASE), "the body is one SELECT"),
        (";" in body, "the body is one SELECT, without a semicolon"),
    ]
    if found := [f"metrics/views/{name}.sql: {fix}" for is_wrong, fix in faults if is_wrong]:
        raise ViewError("\n".join(found))
    return View(
        name=name,
        purpose=entries[name],
        grain=grain,
        key=tuple(part.strip() for part in columns[1].split(",")),
        stored=stored,
        sources=tuple(part.strip() for part in entries["source"].split(",") if part.strip()),
        notes=tuple(
            (word, note) for word, note in entries.items() if word in ("units", "keeps", "note", "window", "leaves")
        ),
        body=body,
    )


def split_header(text: str) -> tuple[list[str], str]:
    """The comment lines that open a file, and the rest of it."""
    lines = text.strip().splitlines()
    end = next((i for i, line in enumerate(lines) if line.strip() and not line.startswith("--")), len(lines))
    return [line for line in lines[:end] if line.strip()], "\n".join(lines[end:]).strip()


def header_entries(lines: Iterable[str]) -> dict[str, str]:
    """Entries of a header by their word; a line that begins none continues the last."""
    entries: dict[str, str] = {}
    word = ""
    for line in lines:
        if found := ENTRY.fullmatch(line.rstrip()):
            word, entries[found[1]] = found[1], found[2].strip()
        elif word:
            entries[word] = f"{entries[word]} {line.removeprefix('--').strip()}".strip()
    return entries


def unknown_sources(views: list[View]) -> list[str]:
    """A fault for each source that is neither a file of the folder nor given."""
    known = {view.name for view in views} | set(SETTING_RELATIONS) | set(READING_RELATIONS)
    return [
        f"metrics/views/{view.name}.sql: reads {source}, which no file of metrics/views makes"
        for view in views
        for source in view.sources
        if source not in known and source.split(".")[0] not in GIVEN
    ]


def in_order(views: Iterable[View]) -> tuple[View, ...]:
    """The views sorted so that each comes after its sources; by name where that leaves a choice."""
    by_name = {view.name: view for view in views}
    sorter = TopologicalSorter({n: [s for s in v.sources if s in by_name] for n, v in by_name.items()})
    try:
        sorter.prepare()
    except CycleError as error:
        raise ViewError(f"metrics/views: these read each other in a circle: {' -> '.join(error.args[1])}") from None
    ordered: list[View] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        ordered += [by_name[name] for name in ready]
        sorter.done(*ready)
    return tuple(ordered)


def fingerprints(views: Iterable[View]) -> dict[str, str]:
    """How each view is made, with all that it reads, in 16 hex digits; views in the order of their sources."""
    found: dict[str, str] = {}
    for view in views:
        parts = [" ".join(view.body.split()), *(found[source] for source in view.sources if source in found)]
        found[view.name] = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    return found


def create_views(connection: duckdb.DuckDBPyConnection, settings: "Settings") -> None:
    """Create `setting*`, `reading*` and every view from canonical.*; all temporary ones stay.

    Adds rows to meta.warnings (created when missing). Raises ViewError; what fails names its file.
    """
    for _, create in view_steps(connection, settings, load_views()):
        create()


def view_steps(connection: duckdb.DuckDBPyConnection, settings: "Settings", views: Sequence[View]) -> list[Part]:
    """What create_views does, by name and in order."""
    parts: list[Part] = [("setting", lambda: create_setting(connection, settings))]
    if any(set(view.sources) & set(READING_RELATIONS) for view in views):
        parts.append(("reading", lambda: create_readings(connection, settings)))
    return parts + [(view.name, partial(create_view, connection, view)) for view in views]


def create_view(connection: duckdb.DuckDBPyConnection, view: View) -> None:
    """Create one relation; its declared sources must be those that the SELECT reads."""
    place = f"metrics/views/{view.name}.sql"
    try:
        read = relations_read(connection, view.body)
        if read != set(view.sources):
            raise ViewError(
                f"{place}: its `-- source:` line is not what it reads; "
                f"too much: {sorted(set(view.sources) - read)}, missing: {sorted(read - set(view.sources))}"
            )
        connection.execute(f'create {KINDS[view.stored]} "{view.name}" as {view.body}')
        columns = {row[0] for row in connection.execute(f'describe "{view.name}"').fetchall()}
    except duckdb.Error as error:
        raise ViewError(f"{place}: {error}") from error
    if twins := sorted(name for name in columns if f"{name}_1" in columns):
        raise ViewError(
            f"{place}: two columns are called {twins}; a segment of the config may not have a fact's name: rename it"
        )


def relations_read(connection: duckdb.DuckDBPyConnection, select: str) -> set[str]:
    """Relations that a SELECT reads, with their schema when written; without those of its own WITH."""
    tree = json.loads(connection.execute("select json_serialize_sql(?)", (select,)).fetchone()[0])
    if tree["error"]:
        raise duckdb.ParserException(tree["error_message"])
    tables, own, nodes = set(), set(), [tree]
    while nodes:
        node = nodes.pop()
        if isinstance(node, list):
            nodes += node
        elif isinstance(node, dict):
            nodes += node.values()
            own |= {entry["key"] for entry in node.get("cte_map", {}).get("map", ())}
            if node.get("type") == "BASE_TABLE":
                tables.add(".".join(part for part in (node["schema_name"], node["table_name"]) if part))
    return tables - own
