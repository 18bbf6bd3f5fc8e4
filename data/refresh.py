"""The exports become a snapshot that readers get, or nothing changes: python -m data.refresh

--config FILE     the company's choices (default config.yaml)
--exports DIR     where the adapters' file names start (default data/exports)
--snapshots DIR   where snapshots are kept (default data/snapshots)
--approve         publish although a table shrank or grew beyond the thresholds
--use ID          serve a kept snapshot again, without reading anything

Exit code: 0 published, 1 refused and the old one is served, 2 wrong usage or config, 3 nothing changed.
"""

import argparse
import contextlib
import hashlib
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from data import earlier, ingest
from data.code import code_version
from data.content import content_of
from data.errors import ConfigError, DataError, Fault, RefreshRefused, SnapshotError, SnapshotMissing
from data.limited import MACHINE, PRIVATE, run_limited, trust
from data.reconcile import broken_rules
from data.report import Account, Progress, account_of, print_account
from data.settings import Settings, load_settings
from data.snapshot import Origin, Outcome, Work, publish, use
from data.store import create_database, open_snapshot
from data.written import register
from data.written.store import Written, folder_for
from metrics import openings
from metrics.computing import compute
from metrics.definitions import Catalogue, compiled, load_catalogue
from metrics.errors import MetricError
from metrics.results import foretold
from metrics.setting import warn
from metrics.views import View, ViewError, fingerprints, load_views

PUBLISHED, REFUSED, WRONG_USE, UNCHANGED = 0, 1, 2, 3
READING_MEMORY = "700MB"
COMPUTING_MEMORY = f"{max(2_000, MACHINE // 2_000_000)}MB"  # half of the machine's: the rest is numpy's
PUBLISHING = {"inputs_again", "scan", "manifest", "sync", "rename", "pointer", "prune", "end"}

SNAPSHOT = """
create table meta.snapshot as
select ? as id, ?::timestamp as built_at, ? as content_hash, ? as definitions_version, ? as duckdb_version
"""


@dataclass(frozen=True)
class Definitions:
    """Metrics and views, read once: what the hash is made of is what is built, whoever edits a file meanwhile."""

    catalogue: Catalogue
    views: tuple[View, ...]

    @property
    def version(self) -> str:
        text = repr((compiled(self.catalogue), self.views))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Job:
    """What the process that builds is told."""

    settings: Settings
    definitions: Definitions
    exports: Path
    snapshots: Path
    origin: Origin
    is_approved: bool
    written: tuple[Written, ...]
    code: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)
    os.umask(PRIVATE)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if options.use:
            return told(use(options.snapshots, options.use))
        return refresh(options)
    except (DataError, MetricError, ViewError) as error:
        print(error, file=sys.stderr)
        code = WRONG_USE if isinstance(error, ConfigError | SnapshotMissing) else REFUSED
    except OSError as error:
        place = error.filename or options.snapshots
        print(f"{place}: {error.strerror or error}. Correct that and refresh again", file=sys.stderr)
        code = REFUSED
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        code = REFUSED
    print(f"Nothing was published. {served(options.snapshots)}", file=sys.stderr)
    return code


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="python -m data.refresh", description="A new snapshot from the exports.")
    found.add_argument("--config", type=Path, default=Path("config.yaml"), metavar="FILE")
    found.add_argument("--exports", type=Path, default=Path("data/exports"), metavar="DIR")
    found.add_argument("--snapshots", type=Path, default=Path("data/snapshots"), metavar="DIR")
    found.add_argument("--approve", action="store_true", help="publish in spite of a volume warning")
    found.add_argument("--use", metavar="ID", help="serve a kept snapshot again")
    return found


def refresh(options: argparse.Namespace) -> int:
    settings, code = load_settings(options.config), code_version()
    definitions = Definitions(load_catalogue(), load_views())
    written = register.written_actions(folder_for(options.snapshots))
    accounts: list[Account] = []
    progress = Progress()

    def build(database: Path, origin: Origin) -> None:
        places = (options.exports.resolve(), options.snapshots.resolve())
        job = Job(settings, definitions, *places, origin, options.approve, written, code)
        run_limited(fill, (database, job), lambda message: heard(message, progress, accounts))

    work = Work(
        content=lambda: content_of(settings, options.exports, definitions.version, code, register.digest_of(written)),
        build=build,
        built_at=datetime.now(ZoneInfo(settings.company.time_zone)).replace(tzinfo=None),
        keep=settings.snapshots.keep,
        is_approved=options.approve,
    )
    try:
        with progress:
            outcome = publish(options.snapshots, work, lambda step: progress.enter(stage_of(step)))
    finally:
        for account in accounts[-1:]:
            print_account(account)
    return told(outcome, progress.summary())


def stage_of(step: str) -> str:
    return "publishing" if step in PUBLISHING else "reading" if step == "build" else "inputs"


def heard(message: tuple[str, Any], progress: Progress, accounts: list[Account]) -> None:
    """A word from the process that builds: a stage, a part of it, or the account of the rows."""
    kind, content = message
    if kind == "stage":
        progress.enter(content)
    elif kind == "part":
        progress.show(*content)
    else:
        accounts.append(content)


def fill(say: Callable[[tuple[str, Any]], None], database: Path, job: Job) -> None:
    """Fill a new database and close it; what became of the rows is told in any case. Runs in a process of its own."""
    with contextlib.closing(create_database(database, READING_MEMORY)) as connection:
        try:
            fill_open(say, connection, job)
        except BaseException:
            with contextlib.suppress(duckdb.Error):  # a database that failed may have no answer
                say(("account", account_of(connection)))
            raise
        say(("account", account_of(connection)))


def fill_open(say: Callable[[tuple[str, Any]], None], connection: duckdb.DuckDBPyConnection, job: Job) -> None:
    """Canonical tables, rules, definitions, views and cubes, in this order, written out to the file."""

    def part(done: int, total: int, name: str) -> None:
        say(("part", (done, total, name)))

    try:
        ingest.load(connection, job.settings, job.exports, part)
        register.join(connection, job.written)
        today = job.origin.built_at.date()
        if faults := broken_rules(connection, job.settings, today, job.origin.previous, job.is_approved):
            raise RefreshRefused(faults)
        say(("stage", "computing"))
        trust()
        keep_definitions(connection, job)
        carry_forecasts(connection, job)
        connection.execute("set enable_external_access = false")
        connection.execute("set memory_limit = ?", (COMPUTING_MEMORY,))
        compute(connection, job.settings, job.definitions.catalogue, part, job.definitions.views)
        warn_of_future(connection, job.origin.built_at)
        openings.create(connection, job.settings, job.code)
        connection.execute("checkpoint")
    except (ViewError, MetricError) as error:
        raise RefreshRefused(str(error)) from error
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        found = str(error).splitlines()[0]
        raise RefreshRefused(Fault("refresh", "resources", found, "Give it more memory or disk space")) from error


def carry_forecasts(connection: duckdb.DuckDBPyConnection, job: Job) -> None:
    """What the newest kept snapshot foretold, and those before it, as long as this version can read it."""
    try:
        with earlier.attached(connection, job.snapshots, job.origin.previous) as kept:
            if kept is not None:
                foretold.carry(connection, earlier.NAME, kept)
    except duckdb.Error as error:
        found = str(error).splitlines()[0]
        warn(connection, "foretold", f"what earlier snapshots foretold was left out, they cannot be read: {found}")


def warn_of_future(connection: duckdb.DuckDBPyConnection, now: datetime) -> None:
    """One wrong date far ahead makes every customer look gone: it is said, and how to leave it out."""
    (as_of,) = connection.execute("select as_of from setting").fetchone()
    if as_of > now + timedelta(days=1):
        last = f"{as_of - timedelta(days=1):%Y-%m-%d}"
        warn(
            connection,
            "future",
            f"the data ends on {last}, which is not yet. If a date is wrong, set as_of in the config",
        )


def keep_definitions(connection: duckdb.DuckDBPyConnection, job: Job) -> None:
    """Write what the snapshot was made of and with into it, so that it is read with its own definitions for ever."""
    origin = job.origin
    content = (origin.content.hash, origin.content.definitions_version, duckdb.__version__)
    connection.execute(SNAPSHOT, (origin.id, origin.built_at, *content))
    connection.execute("create table meta.definitions (kind varchar, name varchar, document varchar)")
    documents = [("settings", "config", job.settings.model_dump_json())]
    documents += [("metric", name, document) for name, document in compiled(job.definitions.catalogue).items()]
    documents += [("view", name, made) for name, made in fingerprints(job.definitions.views).items()]
    connection.executemany("insert into meta.definitions values (?, ?, ?)", documents)


def told(outcome: Outcome, summary: str = "") -> int:
    """Print what became of the refresh; its exit code."""
    manifest = outcome.manifest
    size = f"{manifest.bytes / 1e6:,.0f} MB"
    if outcome.kind == "unchanged":
        print(f"Nothing changed: {manifest.id} is served already.")
        return UNCHANGED
    if outcome.kind == "switched":
        print(f"Served again: {manifest.id} ({size}, built {manifest.built_at:%Y-%m-%d %H:%M}).")
    else:
        print(f"Published: {manifest.id} ({size}){': ' if summary else ''}{summary}.")
    if outcome.remains:
        print(f"warning: {outcome.remains}")
    return PUBLISHED


def served(directory: Path) -> str:
    """What readers get after a refusal."""
    try:
        snapshot = open_snapshot(directory)
    except SnapshotMissing:
        return "There is no snapshot yet."
    except SnapshotError as error:
        return f"No kept snapshot can be served either:\n{error}"
    return f"Served still: {snapshot.id}, built {snapshot.manifest.built_at:%Y-%m-%d %H:%M}."


if __name__ == "__main__":
    sys.exit(main())
