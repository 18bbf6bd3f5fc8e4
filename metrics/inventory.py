"""What a snapshot holds: its sources and what became of their rows, which customers have which data, its codes.

Counts as they were written at refresh. No metric is computed here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

LEDGER = """
select source, file, sheet, table_name, rows_in, rows_loaded, rows_rejected, rows_duplicate, rows_superseded,
    rows_not_applicable, bytes, modified_at, data_from, data_to
from meta.ledger order by source, table_name, file, sheet
"""
REJECTS = """
select source, file, sheet, line, table_name, column_name, value, rule, message
from meta.rejects order by source, file, sheet, line, column_name limit ?
"""
WARNINGS = "select source, file, rule, message from meta.warnings order by rule, source, file, message"
KINDS = """
select kind, n_rows, n_anonymous, data_from, data_to,
    (select sum(n_customers) from cube_data_coverage as c where c.kind = k.kind),
    (select sum(n_with_data) from cube_data_coverage as c where c.kind = k.kind),
    (select sum(n_with_data_12m) from cube_data_coverage as c where c.kind = k.kind)
from cube_data_kind as k order by n_rows desc, kind
"""


@dataclass(frozen=True)
class Loaded:
    """One file (or sheet) for one table. rows_in is the sum of the other five; `sheet` is None for plain files."""

    source: str
    file: str
    sheet: str | None
    table: str
    rows_in: int
    loaded: int
    rejected: int
    duplicate: int
    superseded: int
    not_applicable: int
    bytes: int
    modified_at: datetime | None
    data_from: date | None
    data_to: date | None


@dataclass(frozen=True)
class Rejected:
    """One value that kept a row out; `line` as an editor counts it, `value` masked when its column is personal."""

    source: str
    file: str
    sheet: str | None
    line: int | None
    table: str
    column: str | None
    value: str | None
    rule: str
    message: str


@dataclass(frozen=True)
class Warned:
    source: str | None
    file: str | None
    rule: str
    message: str


@dataclass(frozen=True)
class Kind:
    """One kind of data: its rows, those without a customer, its days, and customers: all, with it, with it lately."""

    name: str
    rows: int
    anonymous: int
    first: date | None
    last: date | None
    customers: int
    covered: int
    covered_12m: int


@dataclass(frozen=True)
class Covered:
    """Customers of one group, and those of them with one kind of data."""

    code: str
    kind: str
    customers: int
    covered: int


def ledger(cursor: "duckdb.DuckDBPyConnection") -> tuple[Loaded, ...]:
    return tuple(Loaded(*row) for row in cursor.execute(LEDGER).fetchall())


def rejects(cursor: "duckdb.DuckDBPyConnection", limit: int) -> tuple[Rejected, ...]:
    """The first `limit` of them in the order of files and lines."""
    return tuple(Rejected(*row) for row in cursor.execute(REJECTS, (limit,)).fetchall())


def n_rejects(cursor: "duckdb.DuckDBPyConnection") -> int:
    return cursor.execute("select count(*) from meta.rejects").fetchone()[0]


def warnings(cursor: "duckdb.DuckDBPyConnection") -> tuple[Warned, ...]:
    return tuple(Warned(*row) for row in cursor.execute(WARNINGS).fetchall())


def kinds(cursor: "duckdb.DuckDBPyConnection") -> tuple[Kind, ...]:
    """Kinds of data that have rows, the largest first."""
    return tuple(Kind(*row) for row in cursor.execute(KINDS).fetchall())


def coverage(cursor: "duckdb.DuckDBPyConnection", column: str, least: int) -> tuple[Covered, ...]:
    """By the codes of a segment column, without groups of fewer customers than `least`.

    Where the groups left out have fewer than that together, the smallest other one is left out with them: else they
    would be what is missing from the total.
    """
    known = segment_columns(cursor)
    if column not in known:
        raise ValueError(f"{column!r} is not a segment column of this snapshot: {', '.join(known)}")
    select = f"""
        select "{column}", kind, cast(sum(n_customers) as bigint), cast(sum(n_with_data) as bigint)
        from cube_data_coverage group by all order by all
    """  # noqa: S608  a name that the snapshot itself gave
    found = tuple(Covered(*row) for row in cursor.execute(select).fetchall())
    hidden = too_few({cell.code: cell.customers for cell in found}, least)
    return tuple(cell for cell in found if cell.code not in hidden)


def too_few(customers: Mapping[str, int], least: int) -> frozenset[str]:
    """Codes to leave out, of groups that part all customers."""
    few = {code for code, count in customers.items() if count < least}
    others = sorted((count, code) for code, count in customers.items() if count >= least)
    if few and others and sum(customers[code] for code in few) < least:
        few.add(others[0][1])
    return frozenset(few)


def segment_columns(cursor: "duckdb.DuckDBPyConnection") -> tuple[str, ...]:
    names = [column[0] for column in cursor.execute("select * from dim_segment limit 0").description]
    return tuple(name for name in names if name != "customer_id")


def segment_codes(cursor: "duckdb.DuckDBPyConnection", columns: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The codes that each segment column has, sorted. `columns` are names that the snapshot itself gave."""
    found = {}
    for column in columns:
        read = f'select distinct "{column}" from cube_data_coverage order by 1'  # noqa: S608
        found[column] = tuple(code for (code,) in cursor.execute(read).fetchall())
    return found


def event_codes(cursor: "duckdb.DuckDBPyConnection") -> dict[str, tuple[str, ...]]:
    """The codes that events carry, by column, sorted."""
    found: dict[str, list[str]] = {}
    for column, code in cursor.execute("select column_name, code from result_event_code order by all").fetchall():
        found.setdefault(column, []).append(code)
    return {column: tuple(codes) for column, codes in found.items()}


def metrics_version(cursor: "duckdb.DuckDBPyConnection") -> str:
    """Hash of the catalogue and the views that the snapshot was built with."""
    return cursor.execute("select definitions_version from meta.snapshot").fetchone()[0]
