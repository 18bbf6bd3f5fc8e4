"""Results of a refresh as they stand in a snapshot, for the terminal: python -m metrics --result cem_lift --json."""

from typing import TYPE_CHECKING

from metrics.errors import UnknownName
from metrics.sums import quoted

if TYPE_CHECKING:
    import duckdb

PREFIX = "result_"
LISTED = """
select table_name from duckdb_tables() where schema_name = 'main' and starts_with(table_name, ?) order by table_name
"""


def result_rows(cursor: "duckdb.DuckDBPyConnection", name: str) -> dict[str, list[dict[str, object]]]:
    """Rows of a result and of its parts, column -> value, by table without its prefix; UnknownName otherwise."""
    tables = [table.removeprefix(PREFIX) for (table,) in cursor.execute(LISTED, [PREFIX]).fetchall()]
    own = [table for table in tables if table == name or table.startswith(f"{name}_")]
    if not own:
        raise UnknownName("result", name, tables)
    return {table: rows_of(cursor, f"{PREFIX}{table}") for table in own}


def rows_of(cursor: "duckdb.DuckDBPyConnection", table: str) -> list[dict[str, object]]:
    rows = cursor.execute(f"select * from {quoted(table)}").fetchall()  # noqa: S608 a table of the snapshot
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in rows]
