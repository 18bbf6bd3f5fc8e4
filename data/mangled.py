"""Texts in which characters were lost before we got them (U+FFFD): kept or repaired, as an adapter declares."""
# ruff: noqa: S608 - names and codes come from contracts and adapters, quoted by data.sql; values stay in tables

import re
from collections import defaultdict

from data.contracts import Contract
from data.entries import Entry, all_texts, column_name, engine_reads
from data.feeds import needed_columns
from data.ledger import Account
from data.sql import literal

LOST = "\ufffd"
MAX_SPELLINGS = 200_000


def repair(account: Account, entry: Entry, contracts: dict[str, Contract], number: int) -> None:
    """Write the repairs of an entry's columns into a temporary table; warn with what was repaired and what kept."""
    if entry.file.mangled == "reject" or not any(scan.is_mangled for scan in entry.scans):
        return
    columns = sorted({name for feed in entry.file.feeds for name in needed_columns(entry, feed, contracts[feed.table])})
    table = f"repairs_{number}"
    account.connection.execute(f"create or replace temp table {table} (name varchar, bad varchar, good varchar)")
    for name in columns:
        with engine_reads(entry):
            spellings = spellings_of(account, entry, name)
        bad = [text for text in spellings if LOST in text]
        if not bad:
            continue
        found = (
            repairs_of(bad, [text for text in spellings if LOST not in text]) if entry.file.mangled == "repair" else {}
        )
        if found:
            account.connection.executemany(
                f"insert into {table} values (?, ?, ?)", [(name, b, g) for b, g in found.items()]
            )
            entry.repairs[name] = table
        rows = sum(spellings[text] for text in bad)
        repaired = sum(spellings[text] for text in found)
        message = (
            f"column {name!r}: characters were lost in {rows:,} values; {repaired:,} repaired, {rows - repaired:,} kept"
        )
        account.warn(entry.source, ", ".join(entry.file.pattern), "mangled", message)


def spellings_of(account: Account, entry: Entry, name: str) -> dict[str, int]:
    """Distinct texts of a column, with how often each stands; only the mangled ones of a column with too many."""
    column = column_name(name)
    rows = f"select {column} as text, count(*) from ({all_texts(entry, [name])}) where {column} is not null"
    lost = f"contains({column}, {literal(LOST)})"
    if not account.connection.execute(f"{rows} and {lost} group by all limit 1").fetchall():
        return {}
    found = account.connection.execute(f"{rows} group by all order by all limit {MAX_SPELLINGS}").fetchall()
    if len(found) == MAX_SPELLINGS:
        found = account.connection.execute(f"{rows} and {lost} group by all order by all").fetchall()
    return dict(found)


def repairs_of(bad: list[str], good: list[str]) -> dict[str, str]:
    """Mangled text -> the one good spelling that differs in the lost characters only; none when there are several."""
    by_start: dict[tuple[int, str], list[str]] = defaultdict(list)
    for text in good:
        by_start[len(text), text[:1]].append(text)
        by_start[len(text), LOST].append(text)
    found = {}
    for text in bad:
        pattern = re.compile("".join("[^\x00-\x7f]" if part == LOST else re.escape(part) for part in text))
        fits = [other for other in by_start[len(text), text[:1]] if pattern.fullmatch(other)]
        if len(fits) == 1:
            found[text] = fits[0]
    return found
