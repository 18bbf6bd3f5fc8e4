"""The newest kept snapshot beside the one that is being filled: what only the past can tell is carried from it."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from data.manifest import DATA, Manifest, kept_ids, verifying
from data.sql import literal

NAME = "earlier"


@contextlib.contextmanager
def attached(
    connection: duckdb.DuckDBPyConnection, directory: Path, known: Manifest | None = None
) -> Iterator[str | None]:
    """The id of the newest kept snapshot that verifies, readable as database `earlier`; None without one.

    known: one that was verified a moment ago and is not read whole again.
    """
    found = newest(directory, known)
    if found is None:
        yield None
        return
    connection.execute(f"attach {literal(str(directory / found / DATA))} as {NAME} (read_only)")
    try:
        yield found
    finally:
        connection.execute(f"detach {NAME}")


def newest(directory: Path, known: Manifest | None) -> str | None:
    kept = kept_ids(directory)
    if known and kept[:1] == [known.id]:
        return known.id
    return next((one.id for one in verifying(directory, kept)), None)
