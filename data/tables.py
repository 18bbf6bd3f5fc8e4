# ruff: noqa: S608 - names and codes come from contracts and adapters, quoted by data.sql; values stay in tables
"""One canonical table: its feeds, what their rows are to each other, the account of each file, the rows that stay."""

from data.checks import Check
from data.contracts import Contract
from data.errors import Fault
from data.feeds import DUPLICATE, NOT_APPLICABLE, SUPERSEDED, Query
from data.keys import ORPHAN, mark_duplicates, mark_orphans, orphan_rows
from data.ledger import Account, Counts
from data.loading import HIDDEN, Loaded, run, structural_rows, tell_faults
from data.money import currency_checks, kept_columns, needs_rates
from data.settings import Settings, Thresholds
from data.sql import identifier

KINDS = {None: "loaded", NOT_APPLICABLE: "not_applicable", SUPERSEDED: "superseded", DUPLICATE: "duplicate"}
EXAMPLES = 8


def load_table(
    account: Account, settings: Settings, contract: Contract, contracts: dict[str, Contract], queries: list[Query]
) -> None:
    """Load every feed of a table; too many rejected rows, orphans or conflicting keys are faults of the run."""
    if not queries:
        return
    extra = currency_checks(contract, settings.company)
    final = f"canonical.{identifier(contract.table)}"
    is_alone = len(queries) == 1 and not needs_rates(contract, settings.company)
    names = [final] if is_alone else [f"typed_{i}" for i in range(len(queries))]
    feeds = [run(account.connection, query, name, extra) for query, name in zip(queries, names, strict=True)]
    mark_duplicates(account, contract, feeds)
    mark_orphans(account, contract, feeds, contracts)
    for feed in feeds:
        counts = counts_of(account, feed)
        over = files_over(settings.thresholds, feed, counts, orphans_by_file(account, feed))
        account.reject(structural_rows(feed.entry, contract.table))
        tell_faults(account, feed, over)
        account.reject(orphan_rows(account, feed))
        account.faults += [
            fault for number in sorted(over) for fault in reject_faults(account, feed, number, counts[number])
        ]
        account.faults += orphan_faults(account, feed, settings.thresholds)
        warn_sentinels(account, feed)
        enter_files(account, feed, counts)
        if is_alone:
            keep_rows_in_place(account, feed)
        else:
            rows = kept_columns(contract, settings.company, feed.name)
            account.connection.execute(f"insert into {final} by name {rows}")
            account.connection.execute(f"drop table {feed.name}")


def keep_rows_in_place(account: Account, feed: Loaded) -> None:
    """Make the table of the only feed the canonical one: half the work of copying it."""
    account.connection.execute(f"delete from {feed.name} where _fault is not null")
    for column in HIDDEN:
        account.connection.execute(f"alter table {feed.name} drop column {column}")


def counts_of(account: Account, feed: Loaded) -> list[Counts]:
    """What became of the rows of each file of a feed."""
    counts = [Counts(scan.records + len(scan.rejects), rejected=len(scan.rejects)) for scan in feed.entry.scans]
    sql = f"select _file, _fault, count(*) from {feed.name} group by all"
    for file, fault, count in account.connection.execute(sql).fetchall():
        kind = KINDS.get(fault, "rejected")
        setattr(counts[file], kind, getattr(counts[file], kind) + count)
    return counts


def orphans_by_file(account: Account, feed: Loaded) -> dict[int, int]:
    sql = f"select _file, count(*) from {feed.name} where _fault <= {ORPHAN} group by all"
    return dict(account.connection.execute(sql).fetchall())


def files_over(thresholds: Thresholds, feed: Loaded, counts: list[Counts], orphans: dict[int, int]) -> set[int]:
    """Files of a feed with more rejected rows, orphans apart, than their limit."""
    own = feed.query.feed.max_rejected_share
    limit = thresholds.max_rejected_share if own is None else own
    return {i for i, count in enumerate(counts) if count.rejected - orphans.get(i, 0) > limit * count.rows_in}


def reject_faults(account: Account, feed: Loaded, number: int, count: Counts) -> list[Fault]:
    """The file as a whole, then the first row of each reason."""
    export, table = feed.entry.exports[number], feed.query.contract.table
    found = f"{table}: {count.rejected:,} of {count.rows_in:,} rows are rejected"
    fix = "Correct the export or the adapter; thresholds.max_rejected_share is the limit"
    rows = account.connection.execute(
        "select line, column_name, rule, value, message from meta.rejects where file = ? and table_name = ? "
        "and rule <> 'orphan' qualify row_number() over (partition by rule, column_name order by line) = 1 "
        f"order by line limit {EXAMPLES}",
        (export.name, table),
    ).fetchall()
    totals = fault_totals(account, feed, number)
    examples = [
        Fault(
            export.name,
            rule,
            f"{message}{f' (found {value!r})' if value is not None else ''}",
            f"{totals[rule, column]:,} such rows" if (rule, column) in totals else "",
            line,
            column,
        )
        for line, column, rule, value, message in rows
    ]
    return [Fault(export.name, "rejected_share", found, fix), *examples]


def fault_totals(account: Account, feed: Loaded, number: int) -> dict[tuple[str, str | None], int]:
    """Rows of a file by (rule, column) of their first fault."""
    sql = f"select _fault, count(*) from {feed.name} where _fault >= 0 and _file = ? group by all"
    totals: dict[tuple[str, str | None], int] = {}
    for fault, count in account.connection.execute(sql, (number,)).fetchall():
        check: Check = feed.checks[fault]
        totals[check.rule, check.column] = totals.get((check.rule, check.column), 0) + count
    return totals


def orphan_faults(account: Account, feed: Loaded, thresholds: Thresholds) -> list[Fault]:
    """References of which too many find no row."""
    faults = []
    for position, (name, target) in enumerate(feed.query.contract.references.items()):
        if name not in feed.query.values:
            continue
        orphans, given = account.connection.execute(
            f"select count(*) filter (where _fault = ?), count({identifier(name)}) from {feed.name} "
            f"where _fault is null or _fault <= {ORPHAN}",
            (ORPHAN - position,),
        ).fetchone()
        if orphans > thresholds.max_orphan_share * given:
            found = f"{orphans:,} of {given:,} rows point to {target} that do not exist"
            fix = f"Check that {target} is complete and read, and that both write the number alike"
            file = feed.entry.exports[0].name
            faults.append(Fault(file, "orphan", f"{feed.query.contract.table}: {found}", fix, column=name))
    return faults


def warn_sentinels(account: Account, feed: Loaded) -> None:
    """Days such as 1970-01-01 were taken as missing."""
    sql = f"select _file, sum(_sentinels) from {feed.name} where _sentinels > 0 group by all order by all"
    for file, count in account.connection.execute(sql).fetchall():
        message = f"{feed.query.contract.table}: {count:,} days such as 1970-01-01 or 9999-12-31 count as missing"
        account.warn(feed.entry.source, feed.entry.exports[file].name, "sentinel_day", message)


def enter_files(account: Account, feed: Loaded, counts: list[Counts]) -> None:
    """Lines of the ledger, with the first and last moment of the rows that were loaded."""
    contract = feed.query.contract
    dated = [(not c.required, n) for n, c in contract.columns.items() if c.type in ("date", "timestamp")]
    spans: dict[int, tuple] = {}
    if dated:
        moment = f"cast({identifier(min(dated, key=lambda pair: pair[0])[1])} as timestamp)"
        sql = f"select _file, min({moment}), max({moment}) from {feed.name} where _fault is null group by all"
        spans = {file: (first, last) for file, first, last in account.connection.execute(sql).fetchall()}
    for number, count in enumerate(counts):
        account.enter(feed.entry, number, contract.table, count, spans.get(number))
    for export, scan, _ in feed.entry.twins:
        rows = scan.records + len(scan.rejects)
        account.enter_twin(feed.entry, export, scan.sheet, contract.table, Counts(rows, duplicate=rows))
