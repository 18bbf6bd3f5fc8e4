# ruff: noqa: S608 - names and codes come from contracts and adapters, quoted by data.sql; values stay in tables
"""Lookup tables: of another kind of file, one answer a key. What is looked up may itself be a derived column."""

from dataclasses import dataclass, field

import duckdb

from data.adapters import Lookup
from data.entries import Entry, all_texts, column_name, engine_reads
from data.errors import Fault, IngestError
from data.feeds import joined, lookup_key
from data.ledger import SHOWN


@dataclass
class Lookups:
    """The lookup tables (key, taken) of one adapter, by key of the lookup; made when first asked for."""

    connection: duckdb.DuckDBPyConnection
    entries: dict[str, Entry]
    prefix: str
    tables: dict[str, str] = field(default_factory=dict)
    pending: list[str] = field(default_factory=list)

    def make_all(self) -> dict[str, str]:
        """Every table that feeds and derived columns need; IngestError when a key has two answers."""
        for entry in self.entries.values():
            values = [
                *entry.file.derive.values(),
                *(v for feed in entry.file.feeds for v in (feed.columns or {}).values()),
            ]
            for lookup in (value.lookup for value in values if value.lookup):
                self.make(lookup)
        return self.tables

    def make(self, lookup: Lookup) -> None:
        key = lookup_key(lookup)
        if key in self.tables:
            return
        if key in self.pending:
            fix = "Look up a column that the file itself has"
            raise IngestError(
                Fault(lookup.file, "lookup", f"looks itself up: {' -> '.join([*self.pending, key])}", fix)
            )
        self.pending.append(key)
        entry = self.entries[lookup.file]
        asked = list(dict.fromkeys((lookup.match or lookup.on, lookup.take)))
        derived = {name: value for name, value in entry.file.derive.items() if name in asked}
        for value in derived.values():
            if value.lookup:
                self.make(value.lookup)
        self.pending.pop()
        table = f"lookup_{self.prefix}_{len(self.tables)}"
        self.fill(entry, lookup, rows_of(entry, asked, self.tables), table)
        self.tables[key] = table

    def fill(self, entry: Entry, lookup: Lookup, rows: str, table: str) -> None:
        key, taken = column_name(lookup.match or lookup.on), column_name(lookup.take)
        with engine_reads(entry):
            self.connection.execute(f"""
                create or replace temp table {table} as
                select {key} as key, any_value({taken}) as taken, count(distinct {taken}) as answers
                from ({rows}) where {key} is not null group by all
            """)
        several = f"select key, answers from {table} where answers > 1 order by key limit 1"
        doubled = self.connection.execute(several).fetchone()
        if doubled:
            found = f"{doubled[0][:SHOWN]!r} has {doubled[1]} different answers in {lookup.take!r}"
            fix = "Look up by a column that tells rows apart"
            raise IngestError(Fault(entry.exports[0].name, "lookup", found, fix, column=lookup.match or lookup.on))


def rows_of(entry: Entry, asked: list[str], tables: dict[str, str]) -> str:
    """SELECT of columns of a kind of file, derived ones included."""
    derived = {name: value for name, value in entry.file.derive.items() if name in asked}
    raw = [name for name in asked if name not in derived]
    raw += [name for value in derived.values() for name in value.columns]
    for export, scan in zip(entry.exports, entry.scans, strict=True):
        for name in raw:
            if name not in scan.header:
                fix = f"Columns there: {', '.join(scan.header[:20])}"
                raise IngestError(Fault(export.name, "absent_column", f"the column {name!r} is absent", fix, 1, name))
    base = all_texts(entry, list(dict.fromkeys(raw)))
    only = entry.file.model_copy(update={"derive": derived})
    return joined(Entry(entry.source, entry.name, only, entry.exports, entry.scans), {}, tables, base)
