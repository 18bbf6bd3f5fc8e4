"""Exports in, canonical tables out: every row is loaded, or accounted for with its reason."""

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb

from data.adapters import Adapter, load_adapter
from data.contracts import Contract, contracts_with_segments
from data.entries import Entry, header_faults, opened
from data.errors import ConfigError, Fault, IngestError
from data.feeds import Query, needed_columns, values_of
from data.ledger import Account, Counts
from data.loading import structural_rows
from data.lookups import Lookups
from data.mangled import repair
from data.readers.files import PATTERN_MARKS
from data.settings import Settings
from data.tables import load_table

Progress = Callable[[int, int, str], None]
Entries = dict[str, Entry]
LOOKUP = "(lookup)"
MAX_UNUSED = 20
OPENED_AT_ONCE = 2


def load(connection: duckdb.DuckDBPyConnection, settings: Settings, exports: Path, progress: Progress) -> None:
    """Fill canonical.* and meta.ledger, meta.rejects, meta.warnings from the sources of the settings.

    `progress(done, total, name)` is told each file and table. IngestError holds all faults of the run: a file that is
    not what its adapter says, too many rejected rows or orphans, the same key with different content.
    """
    contracts = contracts_with_segments(settings.segment_columns, settings.number_columns)
    adapters = load_adapters(settings, contracts)
    account = Account(connection)
    account.create(contracts)
    files = sum(len(adapter.all_files()) for adapter in adapters)
    total = files + len(contracts)
    with reading_settings(connection), scratch_folder(connection) as scratch:
        sources = open_all(account, adapters, exports, scratch, lambda done, name: progress(done, total, name))
        for number, entry in enumerate(entry for entries in sources for entry in entries.values()):
            repair(account, entry, contracts, number)
        queries = queries_of(account, settings, contracts, sources)
        stop_on(account)
        for done, (table, contract) in enumerate(contracts.items(), files):
            progress(done, total, table)
            load_table(account, settings, contract, contracts, queries.get(table, []))
        account_for_lookups(account, settings, sources)
        refuse_changed(account, sources)
    warn_unused(account, sources, exports)
    stop_on(account)
    progress(total, total, "")


def load_adapters(settings: Settings, contracts: dict[str, Contract]) -> list[Adapter]:
    """The adapters of the settings; ConfigError lists the faults of all of them, and names used twice."""
    adapters: dict[str, Adapter] = {}
    faults: list[Fault] = []
    for path in settings.adapter_paths():
        try:
            adapter = load_adapter(path, contracts)
        except ConfigError as error:
            faults += error.faults
            continue
        if adapter.adapter in adapters:
            found = f"another source is called {adapter.adapter!r} too"
            faults.append(Fault(str(path), "source", found, "Give each source a name of its own", 1, "adapter"))
        adapters[adapter.adapter] = adapter
    if faults:
        raise ConfigError(faults)
    return list(adapters.values())


def stop_on(account: Account) -> None:
    """Raise all the faults found so far."""
    if account.faults:
        raise IngestError(account.faults)


@contextmanager
def reading_settings(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """No zone of the machine; and no joins made of long lists, since a join loses the order of the file."""
    connection.execute("set timezone = 'UTC'; set disabled_optimizers = 'in_clause'")
    try:
        yield
    finally:
        connection.execute("reset disabled_optimizers")


@contextmanager
def scratch_folder(connection: duckdb.DuckDBPyConnection) -> Iterator[Path]:
    """A private folder for unpacked and cleaned files, beside the database when that is a file."""
    found = connection.execute(
        "select path from duckdb_databases() where database_name = current_database()"
    ).fetchone()
    beside = Path(found[0]).parent if found and found[0] and not PATTERN_MARKS.intersection(found[0]) else None
    with tempfile.TemporaryDirectory(dir=beside, prefix="ingest-") as folder:
        yield Path(folder)


def open_all(
    account: Account, adapters: list[Adapter], exports: Path, scratch: Path, told: Callable[[int, str], None]
) -> list[Entries]:
    """The files of every adapter, found, opened and surveyed, two kinds at a time; their faults are collected."""
    kinds = [(adapter.adapter, name, file) for adapter in adapters for name, file in adapter.all_files().items()]
    sources: dict[str, Entries] = {adapter.adapter: {} for adapter in adapters}
    with ThreadPoolExecutor(OPENED_AT_ONCE) as pool:
        opening = [pool.submit(opened, source, name, file, exports, scratch) for source, name, file in kinds]
        for done, ((source, name, _), entry) in enumerate(zip(kinds, opening, strict=True)):
            told(done, name)
            try:
                sources[source][name] = entry.result()
            except IngestError as error:
                account.faults += error.faults
                continue
            tell_empty_files(account, sources[source][name])
            tell_twins(account, sources[source][name])
    stop_on(account)
    return list(sources.values())


def tell_empty_files(account: Account, entry: Entry) -> None:
    """Files with a header and no row: a fault, or a warning when the file is optional."""
    found, fix = "no row follows the header", "Export it again; if there may be none, say optional: true in the adapter"
    for export, scan in zip(entry.exports, entry.scans, strict=True):
        if not scan.records and not scan.rejects:
            if entry.file.optional:
                account.warn(entry.source, export.name, "no_rows", found)
            else:
                account.faults.append(Fault(export.name, "no_rows", found, fix))


def tell_twins(account: Account, entry: Entry) -> None:
    for export, _, twin in entry.twins:
        message = f"has the same bytes as {twin}: its rows are counted as duplicates"
        account.warn(entry.source, export.name, "same_file", message)
    for export, scan in zip(entry.exports, entry.scans, strict=True):
        for rule, message in scan.warnings:
            account.warn(entry.source, export.name, rule, message)


def queries_of(
    account: Account, settings: Settings, contracts: dict[str, Contract], sources: list[Entries]
) -> dict[str, list[Query]]:
    """The feeds of every canonical table, their headers checked and their lookups made."""
    queries: dict[str, list[Query]] = {}
    for number, entries in enumerate(sources):
        try:
            tables = Lookups(account.connection, entries, str(number)).make_all()
        except IngestError as error:
            account.faults += error.faults
            continue
        for entry in entries.values():
            for feed in entry.file.feeds if entry.scans else []:
                contract = contracts[feed.table]
                needed = needed_columns(entry, feed, contract)
                faults, warnings = header_faults(entry, needed, feed.columns is None)
                account.faults += faults
                for file, rule, message in warnings:
                    account.warn(entry.source, file, rule, message)
                values = values_of(entry, feed, contract)
                query = Query(entry, feed, contract, settings.company, values, tables)
                queries.setdefault(feed.table, []).append(query)
    return queries


def account_for_lookups(account: Account, settings: Settings, sources: list[Entries]) -> None:
    """Files that only serve lookups stand in the ledger too; none of their rows goes to a table."""
    for entry in (entry for entries in sources for entry in entries.values() if not entry.file.feeds):
        account.reject(structural_rows(entry, LOOKUP))
        for number, scan in enumerate(entry.scans):
            rows = Counts(scan.records + len(scan.rejects), rejected=len(scan.rejects), not_applicable=scan.records)
            account.enter(entry, number, LOOKUP, rows)
            if rows.rejected > settings.thresholds.max_rejected_share * rows.rows_in:
                found, first = f"{rows.rejected:,} of {rows.rows_in:,} rows are rejected", scan.rejects[0]
                fix = f"First: {first.message}. Export it again"
                account.faults.append(Fault(entry.exports[number].name, "rejected_share", found, fix, first.line))


def refuse_changed(account: Account, sources: list[Entries]) -> None:
    """Files that were written to or replaced while they were read."""
    exports = [export for entries in sources for entry in entries.values() for export in entry.exports]
    account.faults += [export.changed_fault() for export in exports if export.has_changed]


def warn_unused(account: Account, sources: list[Entries], exports: Path) -> None:
    """Files in the folders that adapters read from, which no pattern fits."""
    used = {export.original for entries in sources for entry in entries.values() for export in entry.exports}
    used |= {export.original for entries in sources for entry in entries.values() for export, _, _ in entry.twins}
    folders = {path.parent for path in used}
    used |= {exports / entry.file.manifest for entries in sources for entry in entries.values() if entry.file.manifest}
    unused = sorted(path for folder in folders for path in folder.iterdir() if path.is_file() and path not in used)
    for path in unused[:MAX_UNUSED]:
        name = path.relative_to(exports).as_posix()
        account.warn("", name, "unused_file", "no adapter reads this file")
