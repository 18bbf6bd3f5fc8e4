# ruff: noqa: S608 - names and codes come from contracts and adapters, quoted by data.sql; values stay in tables
"""The account of every row: meta.ledger, meta.rejects, meta.warnings, and the empty canonical tables."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from data.contracts import Column, Contract
from data.entries import Entry
from data.errors import Fault
from data.readers.files import Export
from data.sql import identifier

SHOWN = 80
TABLES = """
create schema if not exists canonical;
create schema if not exists meta;
create or replace table meta.ledger (
    source varchar, file varchar, sheet varchar, table_name varchar,
    rows_in bigint, rows_loaded bigint, rows_rejected bigint,
    rows_duplicate bigint, rows_superseded bigint, rows_not_applicable bigint,
    sha256 varchar, bytes bigint, modified_at timestamp, data_from timestamp, data_to timestamp
);
create or replace table meta.rejects (
    source varchar, file varchar, sheet varchar, line bigint, table_name varchar,
    column_name varchar, value varchar, rule varchar, message varchar
);
create or replace table meta.warnings (source varchar, file varchar, rule varchar, message varchar);
"""
TEXT = pa.string()
REJECTS = pa.schema(
    [("source", TEXT), ("file", TEXT), ("sheet", TEXT), ("line", pa.int64())]
    + [(name, TEXT) for name in ("table_name", "column_name", "value", "rule", "message")]
)


@dataclass(frozen=True)
class Rejected:
    """One rejected row of one table, as meta.rejects holds it."""

    source: str
    file: str
    sheet: str | None
    line: int
    table_name: str
    column_name: str | None
    value: str | None
    rule: str
    message: str


@dataclass
class Account:
    """Writes the account into the database and keeps the faults that stop the run."""

    connection: duckdb.DuckDBPyConnection
    faults: list[Fault] = field(default_factory=list)

    def create(self, contracts: dict[str, Contract]) -> None:
        """The account and every canonical table, empty."""
        self.connection.execute(TABLES)
        for table, contract in contracts.items():
            columns = ", ".join(f"{identifier(n)} {column.sql_type}" for n, column in contract.columns.items())
            self.connection.execute(f"create or replace table canonical.{identifier(table)} ({columns})")

    def reject(self, rows: Iterable[Rejected]) -> None:
        """Append to meta.rejects."""
        rows = [vars(row) for row in rows]
        if rows:
            batch = pa.Table.from_pylist(rows, schema=REJECTS)
            self.connection.register("rejected_batch", batch)
            self.connection.execute("insert into meta.rejects by name select * from rejected_batch")
            self.connection.unregister("rejected_batch")

    def warn(self, source: str, file: str | None, rule: str, message: str) -> None:
        self.connection.execute("insert into meta.warnings values (?, ?, ?, ?)", (source, file, rule, message))

    def enter(self, entry: Entry, number: int, table: str, counts: "Counts", span: tuple | None = None) -> None:
        """A line of the ledger: what became of the rows of one file in one table."""
        self.write(entry.source, entry.exports[number], entry.scans[number].sheet, table, counts, span)

    def enter_twin(self, entry: Entry, export: Export, sheet: str | None, table: str, counts: "Counts") -> None:
        """The same for a file with the same bytes as another."""
        self.write(entry.source, export, sheet, table, counts, None)

    def write(
        self, source: str, export: Export, sheet: str | None, table: str, counts: "Counts", span: tuple | None
    ) -> None:
        told = (
            counts.rows_in,
            counts.loaded,
            counts.rejected,
            counts.duplicate,
            counts.superseded,
            counts.not_applicable,
        )
        about = (export.sha256, export.bytes, export.modified_at, *(span or (None, None)))
        marks = ", ".join("?" * 15)
        values = (source, export.name, sheet, table, *told, *about)
        self.connection.execute(f"insert into meta.ledger values ({marks})", values)


@dataclass
class Counts:
    """What became of the rows of a file in a table."""

    rows_in: int
    loaded: int = 0
    rejected: int = 0
    duplicate: int = 0
    superseded: int = 0
    not_applicable: int = 0


def shown(value: str | None, column: Column | None) -> str | None:
    """A value as it may be shown: masked when personal, cut when long."""
    if value is None:
        return None
    if column is not None and column.personal:
        return f"(personal, {len(value)} characters)"
    return value if len(value) <= SHOWN else value[:SHOWN] + "…"
