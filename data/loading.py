# ruff: noqa: S608 - names and codes come from contracts and adapters, quoted by data.sql; values stay in tables
"""Runs the query of a feed: a table with every row of its files, typed, each with the number of its fault."""

from dataclasses import dataclass, field

import duckdb

from data.checks import Check
from data.entries import Entry, engine_reads
from data.errors import Fault, IngestError
from data.feeds import Query, checks_of, faults_sql, typed_sql
from data.ledger import Account, Rejected, shown

BATCH = 5_000
HIDDEN = ("_file", "_fault", "_sentinels")
EXAMPLES = 5


@dataclass
class Loaded:
    """A feed in its table `name`: the columns of its contract and the HIDDEN ones; rowid counts its records."""

    name: str
    query: Query
    checks: list[Check] = field(default_factory=list)

    @property
    def entry(self) -> Entry:
        return self.query.entry


def run(connection: duckdb.DuckDBPyConnection, query: Query, name: str, extra: list[Check]) -> Loaded:
    """Fill the table of a feed. IngestError when the engine does not find the records that were counted."""
    checks = [*checks_of(query), *(check for check in extra if check.column in query.values)]
    loaded = Loaded(name, query, checks)
    kind = "table" if "." in name else "temp table"
    with engine_reads(query.entry):
        for position, select in enumerate(selects_of(connection, query, checks)):
            head = f"create or replace {kind} {name} as" if position == 0 else f"insert into {name}"
            connection.execute(f"{head} {select}")
    compare_counts(connection, loaded)
    return loaded


def selects_of(connection: duckdb.DuckDBPyConnection, query: Query, checks: list[Check]) -> list[str]:
    """One SELECT a file where that keeps the file's order, otherwise one over all files, sorted."""
    if query.is_plain:
        selects = [typed_sql(query, checks, number) for number in range(len(query.entry.scans))]
        if all(keeps_order(connection, select) for select in selects):
            return selects
    return [typed_sql(query, checks, None)]


def keeps_order(connection: duckdb.DuckDBPyConnection, select: str) -> bool:
    """Whether the rows come in the order of the file: the engine keeps it, except across joins."""
    plan = connection.execute(f"explain {select}").fetchall()
    return not any("join" in str(line).lower() for line in plan)


def compare_counts(connection: duckdb.DuckDBPyConnection, loaded: Loaded) -> None:
    """The engine must have read, of each file, exactly the records that our own reader counted."""
    counted = dict(connection.execute(f"select _file, count(*) from {loaded.name} group by all").fetchall())
    faults = []
    for i, (export, scan) in enumerate(zip(loaded.entry.exports, loaded.entry.scans, strict=True)):
        if export.has_changed:
            faults.append(export.changed_fault())
        elif counted.get(i, 0) != scan.records:
            found = f"{scan.records:,} records by structure, {counted.get(i, 0):,} by the engine"
            faults.append(Fault(export.name, "count", found, "A fault of the reader: keep the file and report it"))
    if faults:
        raise IngestError(faults)


def row_of(entry: Entry) -> str:
    """SQL of the number of a row within its file."""
    cases = " ".join(f"when {i} then {offset}" for i, offset in enumerate(entry.offsets))
    return f"rowid - (case _file {cases} end)"


def tell_faults(account: Account, loaded: Loaded, over: set[int]) -> None:
    """Write the rejected rows with all their faults; of the files in `over` (too many), a few examples a fault."""
    nth = "row_number() over (partition by _file, _fault order by rowid)"
    few = f"_file in ({', '.join(map(str, over))})" if over else "false"
    account.connection.execute(
        f"create or replace temp table wanted as select _file, {row_of(loaded.entry)} as _row from {loaded.name} "
        f"where _fault >= 0 qualify not ({few}) or {nth} <= {EXAMPLES}"
    )
    if account.connection.execute("select count(*) from wanted").fetchone() == (0,):
        return
    cursor = account.connection.execute(faults_sql(loaded.query, loaded.checks))
    texts = sorted({check.shown for check in loaded.checks if check.shown})
    rows = cursor.fetchall()
    for start in range(0, len(rows), BATCH):
        account.reject(rejected_row(loaded, texts, *row) for row in rows[start : start + BATCH])


def rejected_row(loaded: Loaded, names: list[str], file: int, row: int, faults: list[int], texts: list) -> Rejected:
    """A rejected row: its first fault, and in the message all of them."""
    entry, contract = loaded.entry, loaded.query.contract
    values = dict(zip(names, texts, strict=False))
    if not faults:
        found = f"row {row + 1} was found faulty, and is not when looked at again"
        raise IngestError(
            Fault(entry.exports[file].name, "order", found, "A fault of the reader: keep the file and report it")
        )
    checks = [loaded.checks[number] for number in faults]
    found = []
    for check in checks:
        column = contract.columns.get(check.column or "")
        value = shown(values.get(check.shown or ""), column)
        found.append((check, value, f"{check.column}: {check.message}" if check.column else check.message))
    first, value, _ = found[0]
    export, scan = entry.exports[file], entry.scans[file]
    message = "; ".join(dict.fromkeys(text for _, _, text in found))
    place = (entry.source, export.name, scan.sheet, scan.lines.of(row), contract.table)
    return Rejected(*place, first.column, value, first.rule, message)


def structural_rows(entry: Entry, table: str) -> list[Rejected]:
    """Rows that the reader itself could not read."""
    return [
        Rejected(entry.source, export.name, scan.sheet, r.line, table, r.column, r.value, r.rule, r.message)
        for export, scan in zip(entry.exports, entry.scans, strict=True)
        for r in scan.rejects
    ]
