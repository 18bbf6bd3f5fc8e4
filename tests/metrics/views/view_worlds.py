"""Rows of canonical tables in, the relations of metrics/views out."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb

from data.contracts import contracts_with_segments
from data.settings import load_settings
from metrics.views import create_views

ROOT = Path(__file__).resolve().parents[3]
SETTINGS = load_settings(ROOT / "config.yaml")
Rows = Iterable[dict]


class World:
    """A database in memory that holds every relation."""

    def __init__(self, connection: duckdb.DuckDBPyConnection):
        self.connection = connection

    def rows(self, sql: str) -> list[tuple]:
        return self.connection.execute(sql).fetchall()

    def value(self, sql: str):
        """The only value of the only row."""
        ((value,),) = self.rows(sql)
        return value

    def by(self, relation: str, key: str, *columns: str) -> dict:
        """{key: value} of one column, or {key: (values)} of several."""
        found = self.rows(f"select {', '.join((key, *columns))} from {relation}")
        assert len({row[0] for row in found}) == len(found), f"{key} is not unique in {relation}"
        return {row[0]: row[1] if len(columns) == 1 else row[1:] for row in found}


def settings_with(as_of: date | None, **changes):
    """The sample company's settings; `changes` by group: windows={"issue_gap_days": 5}."""
    groups = {name: getattr(SETTINGS, name).model_copy(update=values) for name, values in changes.items()}
    return SETTINGS.model_copy(update={"as_of": as_of, **groups})


def create_canonical(connection: duckdb.DuckDBPyConnection, tables: dict[str, Rows], settings=SETTINGS) -> None:
    connection.execute("create schema canonical")
    for name, contract in contracts_with_segments(settings.segment_columns).items():
        columns = ", ".join(f'"{column}" {spec.sql_type}' for column, spec in contract.columns.items())
        connection.execute(f"create table canonical.{name} ({columns})")
        for row in tables.pop(name, ()):
            names = ", ".join(row)
            connection.execute(
                f"insert into canonical.{name} ({names}) values ({', '.join('?' * len(row))})", [*row.values()]
            )
    assert not tables, f"no such tables: {sorted(tables)}"


def build_world(tables: dict[str, Rows], settings=SETTINGS) -> World:
    connection = duckdb.connect()
    create_canonical(connection, dict(tables), settings)
    create_views(connection, settings)
    return World(connection)
