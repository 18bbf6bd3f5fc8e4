# ruff: noqa: S608 - names and codes come from contracts and adapters, quoted by data.sql; values stay in tables
"""What rows are to each other: the same key twice, and keys that point to rows that do not exist."""

import duckdb

from data.contracts import Contract
from data.errors import Fault
from data.feeds import DUPLICATE
from data.ledger import Account, Rejected, shown
from data.loading import Loaded
from data.sql import identifier

ORPHAN = -10
EXAMPLES = 5


def mark_duplicates(account: Account, contract: Contract, feeds: list[Loaded]) -> None:
    """Rows that repeat a key with the same content are marked; with different content they are faults of the run."""
    connection = account.connection
    keys = ", ".join(map(identifier, contract.key))
    content = ", ".join(map(identifier, contract.columns))
    rows = " union all ".join(
        f"select {i} as _feed, rowid as _n, {content} from {feed.name} where _fault is null"
        for i, feed in enumerate(feeds)
    )
    connection.execute(
        "create or replace temp table doubled as "
        f"select hash({keys}) as h from ({rows}) group by all having count(*) > 1"
    )
    if connection.execute("select count(*) from doubled").fetchone() == (0,):
        return
    connection.execute(f"""
        create or replace temp table twins as
        with same_hash as (
            select _feed, _n, {keys}, cast(row({content}) as varchar) as content from ({rows})
            where hash({keys}) in (select h from doubled)
        )
        select
            _feed, _n,
            first_value(_feed) over one as first_feed, first_value(_n) over one as first_n,
            min(content) over every <> max(content) over every as differs
        from same_hash
        window every as (partition by {keys}), one as (partition by {keys} order by _feed, _n)
    """)
    account.faults += conflicts(connection, contract, feeds)
    for i, feed in enumerate(feeds):
        connection.execute(
            f"update {feed.name} set _fault = {DUPLICATE} where rowid in "
            f"(select _n from twins where _feed = {i} and (first_feed, first_n) <> (_feed, _n))"
        )


def conflicts(connection: duckdb.DuckDBPyConnection, contract: Contract, feeds: list[Loaded]) -> list[Fault]:
    """The same key with different content: the first few, with both places."""
    found = connection.execute(
        "select first_feed, first_n, _feed, _n from twins "
        f"where differs and (first_feed, first_n) <> (_feed, _n) order by all limit {EXAMPLES}"
    ).fetchall()
    if not found:
        return []
    total = connection.execute(
        "select count(*) from twins where differs and (first_feed, first_n) <> (_feed, _n)"
    ).fetchone()
    fix = "Correct the export, or say last_per in the adapter to keep the last"
    faults = []
    for first_feed, first_n, feed, n in found:
        export, _, first_line = feeds[first_feed].entry.place_of(first_n)
        other, _, line = feeds[feed].entry.place_of(n)
        key = key_text(connection, contract, feeds[feed].name, n)
        what = f"{contract.table}: the same key {key} with other content stands at {export.name}:{first_line}"
        what += f" ({total[0]:,} such rows)"
        faults.append(Fault(other.name, "duplicate_key", what, fix, line, contract.key[0]))
    return faults


def key_text(connection: duckdb.DuckDBPyConnection, contract: Contract, table: str, row: int) -> str:
    """The key of a row, masked where personal."""
    keys = ", ".join(f"cast({identifier(name)} as varchar)" for name in contract.key)
    values = connection.execute(f"select {keys} from {table} where rowid = ?", (row,)).fetchone()
    shown_values = [shown(v, contract.columns[n]) or "(missing)" for n, v in zip(contract.key, values, strict=True)]
    return " + ".join(shown_values)


def mark_orphans(account: Account, contract: Contract, feeds: list[Loaded], contracts: dict[str, Contract]) -> None:
    """Mark rows whose reference finds no row, with ORPHAN minus the position of the column among the references."""
    for position, (name, target) in enumerate(contract.references.items()):
        key = identifier(contracts[target].key[0])
        for feed in feeds:
            if name in feed.query.values:
                orphans = (
                    f"select t.rowid from {feed.name} as t anti join canonical.{identifier(target)} as r "
                    f"on t.{identifier(name)} = r.{key} where t._fault is null and t.{identifier(name)} is not null"
                )
                mark = f"update {feed.name} set _fault = {ORPHAN - position} where rowid in ({orphans})"
                account.connection.execute(mark)


def orphan_rows(account: Account, feed: Loaded) -> list[Rejected]:
    """The rows marked as orphans."""
    entry, contract = feed.entry, feed.query.contract
    found = []
    for position, (name, target) in enumerate(contract.references.items()):
        rows = account.connection.execute(
            f"select rowid, cast({identifier(name)} as varchar) from {feed.name} where _fault = ? order by rowid",
            (ORPHAN - position,),
        ).fetchall()
        for row, value in rows:
            export, _, line = entry.place_of(row)
            sheet = entry.scans[entry.exports.index(export)].sheet
            message = f"{name}: {target} has no such row"
            place = (entry.source, export.name, sheet, line, contract.table, name)
            found.append(Rejected(*place, shown(value, contract.columns[name]), "orphan", message))
    return found
