"""The newest kept snapshot beside the one that is being filled: what only the past can tell is carried from it."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from data.errors import SnapshotDamaged, SnapshotMissing
from data.manifest import DATA, kept_ids, verified
from data.sql import literal

NAME = "earlier"


@contextlib.contextmanager
def attached(connection: duckdb.DuckDBPyConnection, directory: Path) -> Iterator[str | None]:
    """The id of the newest kept snapshot that verifies, readable as database `earlier`; None without one."""
    found = newest(directory)
    if found is None:
        yield None
        return
    connection.execute(f"attach {literal(str(directory / found / DATA))} as {NAME} (read_only)")
    try:
        yield found
    finally:
        connection.execute(f"detach {NAME}")


def newest(directory: Path) -> str | None:
    for kept in kept_ids(directory):
        with contextlib.suppress(SnapshotDamaged, SnapshotMissing):
            return verified(directory / kept).id
    return None
