"""The codes that events carry, by column: what a link may filter by besides the segments.

Table result_event_code: one row per column that a metric of customers names under `by`, and code found there in any
relation of such metrics. Codes only, no count of anything.
"""

from typing import TYPE_CHECKING

from metrics.definitions import load_catalogue
from metrics.sums import code_sql

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    connection.execute("create table result_event_code (column_name varchar, code varchar)")
    known: dict[str, set[str]] = {}
    listed = "select table_name, column_name from duckdb_columns() where schema_name = 'main'"
    for relation, column in connection.execute(listed).fetchall():
        known.setdefault(relation, set()).add(column)
    metrics = [m for m in load_catalogue().metrics.values() if m.people == "customers"]
    pairs = {(column, m.view) for m in metrics for column in m.by if column in known.get(m.view, ())}
    own = known["dim_segment"]
    found = [
        f"select '{column}' as column_name, {code_sql(column)} as code from {view}"  # noqa: S608 names of the catalogue
        for column, view in sorted(pairs)
        if column not in own
    ]
    union = " union ".join(found)
    connection.execute(f"insert into result_event_code from ({union}) order by all")  # noqa: S608 as above
