"""Why the figures of models moved between two snapshots: what they were computed from, compared as a whole.

A model learns from all rows at once, so its figures have no parts; its seeds are fixed, so the same rows, definitions,
settings and program give the same figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import duckdb

Kind = Literal["restated", "new_data", "definition", "settings", "program", "uncounted"]
COLUMNS = """
select table_name, arg_min(column_name, column_index) filter (where data_type in ('DATE', 'TIMESTAMP'))
from duckdb_columns()
where schema_name = 'canonical'
group by table_name
order by table_name
"""
LINES = "order_lines"  # dated by their orders


@dataclass(frozen=True)
class Rows:
    """Of a table: how many, and a hash of all they hold, whatever their order."""

    count: int
    digest: int
    is_dated: bool


@dataclass(frozen=True)
class Made:
    """What a snapshot was made of. ends: the day after its last; definitions: their version; rows: by table, of the
    days that both snapshots cover, None where they were too many to be read in the time that a page has."""

    ends: date
    definitions: str
    settings: Mapping[str, object]
    rows: Mapping[str, Rows] | None


def rows_until(cursor: "duckdb.DuckDBPyConnection", day: date) -> dict[str, Rows]:
    """Of each canonical table the rows that begin before a day; of those without a date all."""
    found = {}
    for table, column in cursor.execute(COLUMNS).fetchall():
        source, begins = f'canonical."{table}" as t', f't."{column}"' if column else ""
        if table == LINES:
            source, begins = f"{source} join canonical.orders as o using (order_id)", "o.ordered_at"
        limit = (f"where {begins} < ?", [day]) if begins else ("", [])
        question = f"select count(*), coalesce(bit_xor(hash(t)), 0) from {source} {limit[0]}"  # noqa: S608 our own names
        found[table] = Rows(*cursor.execute(question, limit[1]).fetchone(), bool(begins))
    return found


def restated(then: Mapping[str, Rows], now: Mapping[str, Rows]) -> tuple[str, ...]:
    """Tables with other rows on the same days; of those without a date, where not only more were added."""
    both = [(table, then[table], now[table]) for table in then if table in now]
    return tuple(t for t, a, b in both if a != b and (a.is_dated or b.count <= a.count))


def why(then: Made, now: Made) -> tuple[Kind, ...]:
    """All that is not as it was; when nothing of it changed, the program is what is left. Rows may be uncounted."""
    is_counted = then.rows is not None and now.rows is not None
    told: dict[Kind, bool] = {
        "restated": is_counted and bool(restated(then.rows, now.rows)),
        "new_data": now.ends > then.ends,
        "definition": then.definitions != now.definitions,
        "settings": then.settings != now.settings,
        "uncounted": not is_counted,
    }
    return tuple(kind for kind, is_so in told.items() if is_so) or ("program",)
