# ruff: noqa: S608 - names and codes come from contracts and adapters, quoted by data.sql; values stay in tables
"""Lookup tables: of another kind of file, one answer a key."""

import duckdb

from data.adapters import Lookup
from data.entries import Entry, all_texts, column_name
from data.errors import Fault, IngestError
from data.feeds import lookup_key
from data.ledger import SHOWN


def lookups_of(entry: Entry) -> list[Lookup]:
    """Every lookup that the feeds and derived columns of a kind of file make."""
    values = [*entry.file.derive.values(), *(v for feed in entry.file.feeds for v in (feed.columns or {}).values())]
    return [value.lookup for value in values if value.lookup]


def create_lookups(connection: duckdb.DuckDBPyConnection, entries: dict[str, Entry], prefix: str) -> dict[str, str]:
    """A temporary table (key, taken) for each lookup of an adapter; IngestError when a key has two answers."""
    tables: dict[str, str] = {}
    for entry in entries.values():
        for lookup in lookups_of(entry):
            key = lookup_key(lookup)
            if key not in tables:
                tables[key] = f"lookup_{prefix}_{len(tables)}"
                create_lookup(connection, entries[lookup.file], lookup, tables[key])
    return tables


def create_lookup(connection: duckdb.DuckDBPyConnection, entry: Entry, lookup: Lookup, table: str) -> None:
    match = lookup.match or lookup.on
    key, taken = column_name(match), column_name(lookup.take)
    for export, scan in zip(entry.exports, entry.scans, strict=True):
        for name in (match, lookup.take):
            if name not in scan.header:
                fix = f"Columns there: {', '.join(scan.header[:20])}"
                raise IngestError(Fault(export.name, "absent_column", f"the column {name!r} is absent", fix, 1, name))
    rows = all_texts(entry, list(dict.fromkeys((match, lookup.take))))
    connection.execute(f"""
        create or replace temp table {table} as
        select {key} as key, any_value({taken}) as taken, count(distinct {taken}) as answers
        from ({rows}) where {key} is not null group by all
    """)
    doubled = connection.execute(f"select key, answers from {table} where answers > 1 order by key limit 1").fetchone()
    if doubled:
        found = f"{doubled[0][:SHOWN]!r} has {doubled[1]} different answers in {lookup.take!r}"
        fix = "Look up by a column that tells rows apart"
        raise IngestError(Fault(entry.exports[0].name, "lookup", found, fix, column=match))
