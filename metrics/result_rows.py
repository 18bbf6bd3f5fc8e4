"""Results of a refresh as they stand in a snapshot, for the terminal: python -m metrics --result cem_lift --json."""

from typing import TYPE_CHECKING

from metrics.errors import NotMeasurable, UnknownName
from metrics.selection import Choice
from metrics.sums import quoted

if TYPE_CHECKING:
    import duckdb

PREFIX = "result_"
LISTED = """
select table_name from duckdb_tables() where schema_name = 'main' and starts_with(table_name, ?) order by table_name
"""


def result_rows(
    cursor: "duckdb.DuckDBPyConnection", name: str, where: Choice = ()
) -> dict[str, list[dict[str, object]]]:
    """Rows of a result and of its parts, column -> value, by table without its prefix; UnknownName otherwise.

    where: one code of one column, for that group's rows of the tables that part by groups; NotMeasurable for more,
    UnknownName for a group that they do not tell of.
    """
    if len(where) > 1 or any(len(codes) > 1 for _, codes in where):
        raise NotMeasurable("a result is of everybody or of one group: --where COLUMN=CODE, once")
    tables = [table.removeprefix(PREFIX) for (table,) in cursor.execute(LISTED, [PREFIX]).fetchall()]
    own = [table for table in tables if table == name or table.startswith(f"{name}_")]
    if not own:
        raise UnknownName("result", name, tables)
    group = [(column, codes[0]) for column, codes in where]
    found = {table: rows_of(cursor, f"{PREFIX}{table}") for table in own}
    told = {(row["column_name"], row["code"]) for rows in found.values() for row in rows if "column_name" in row}
    if group and told.isdisjoint(group):
        raise UnknownName("group", "=".join(group[0]), sorted(f"{column}={code}" for column, code in told))
    return {
        table: [
            row for row in rows if not group or "column_name" not in row or (row["column_name"], row["code"]) in group
        ]
        for table, rows in found.items()
    }


def rows_of(cursor: "duckdb.DuckDBPyConnection", table: str) -> list[dict[str, object]]:
    rows = cursor.execute(f"select * from {quoted(table)}").fetchall()  # noqa: S608 a table of the snapshot
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in rows]
