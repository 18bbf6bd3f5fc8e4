"""The rules that a new database must meet before it may be published. Each gives the faults it finds."""

from datetime import date

import duckdb

from data.errors import Fault
from data.manifest import Manifest
from data.settings import Settings

FEW_ROWS = 20
FACTS = ("orders", "contacts", "surveys", "issues", "culture_answers")
LOOK = "It is a fault of the program: report it with the ledger above"
APPROVE = "Look at the exports; when the change is real, run the refresh again with --approve"

UNBALANCED = """
select file, table_name, rows_in, rows_loaded + rows_rejected + rows_duplicate + rows_superseded + rows_not_applicable
from meta.ledger
where rows_in is distinct from
    rows_loaded + rows_rejected + rows_duplicate + rows_superseded + rows_not_applicable
order by all
"""
LOADED = "select table_name, sum(rows_loaded)::bigint from meta.ledger group by all"
STALE = "select file, max(data_to) from meta.ledger group by all having max(data_to) < ? order by all"


def canonical_rows(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rows of each canonical table."""
    names = connection.execute(
        "select table_name from information_schema.tables where table_schema = 'canonical' order by all"
    ).fetchall()
    return {name: connection.execute(f'select count(*) from canonical."{name}"').fetchone()[0] for (name,) in names}  # noqa: S608


def broken_rules(
    connection: duckdb.DuckDBPyConnection, settings: Settings, today: date, previous: Manifest | None, is_approved: bool
) -> list[Fault]:
    """Every fault of a filled database; `previous` is the snapshot served until now."""
    rows = canonical_rows(connection)
    return [
        *unbalanced_files(connection),
        *miscounted_tables(connection, rows),
        *empty_company(rows),
        *stale_files(connection, settings, today),
        *([] if is_approved else changed_volumes(rows, settings, previous)),
    ]


def unbalanced_files(connection: duckdb.DuckDBPyConnection) -> list[Fault]:
    """Every row of a file is loaded, rejected, a duplicate, superseded or not applicable."""
    return [
        Fault(file, "ledger", f"{rows_in} rows of {table} came in, {told_of} are accounted for", LOOK)
        for file, table, rows_in, told_of in connection.execute(UNBALANCED).fetchall()
    ]


def miscounted_tables(connection: duckdb.DuckDBPyConnection, rows: dict[str, int]) -> list[Fault]:
    """A canonical table holds the rows that the ledger says were loaded."""
    loaded = dict(connection.execute(LOADED).fetchall())
    return [
        Fault(
            f"canonical.{table}",
            "row_count",
            f"{rows.get(table, 0)} rows, the ledger says {loaded.get(table, 0)}",
            LOOK,
        )
        for table in sorted(rows | loaded)
        if rows.get(table, 0) != loaded.get(table, 0)
    ]


def empty_company(rows: dict[str, int]) -> list[Fault]:
    """Something happened to customers, or employees were asked. There may be no customer, when all is anonymous."""
    fix = "Check that the files are complete, and `sources` in the config"
    if any(rows.get(table) for table in FACTS):
        return []
    return [Fault(", ".join(FACTS), "empty", "not one row was loaded in any of them", fix)]


def stale_files(connection: duckdb.DuckDBPyConnection, settings: Settings, today: date) -> list[Fault]:
    """thresholds.max_age_days: no file whose data ends longer ago than this."""
    days = settings.thresholds.max_age_days
    if days is None:
        return []
    fix = f"Export it again, or raise thresholds.max_age_days ({days})"
    oldest = date.fromordinal(today.toordinal() - days)
    return [
        Fault(file, "stale", f"its data ends on {end:%Y-%m-%d}, {(today - as_day(end)).days} days ago", fix)
        for file, end in connection.execute(STALE, (oldest,)).fetchall()
    ]


def as_day(moment: date) -> date:
    """A date, or the date of a datetime."""
    return date(moment.year, moment.month, moment.day)


def changed_volumes(rows: dict[str, int], settings: Settings, previous: Manifest | None) -> list[Fault]:
    """No table shrank or grew up to the thresholds since the snapshot served until now.

    Tables of a few rows (teams, actions) may change freely, but not become empty.
    """
    before = {name.removeprefix("canonical."): n for name, n in previous.rows.items()} if previous else {}
    limits = settings.thresholds
    faults = []
    for table, now in rows.items():
        was = before.get(table, 0)
        change = now / was - 1 if was else 0.0
        if now and max(was, now) < FEW_ROWS:
            continue
        if -change >= limits.volume_drop or change >= limits.volume_rise:
            limit = f"-{limits.volume_drop:.0%}" if change < 0 else f"+{limits.volume_rise:.0%}"
            found = f"{now:,} rows after {was:,} in the last snapshot: {change:+.0%} (limit {limit})"
            faults.append(Fault(f"canonical.{table}", "volume", found, APPROVE))
    return faults
