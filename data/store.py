"""The only door to a database file: new ones for building, published ones read-only for everybody else.

A published snapshot is opened once a process and shared; every query takes a cursor of its own and fetches fully.
"""

import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import duckdb
from pydantic import ValidationError

from data.errors import Fault, SnapshotDamaged, SnapshotMissing
from data.manifest import (
    DATA,
    ID,
    MANIFEST,
    Manifest,
    damaged,
    kept_ids,
    missing,
    of_another_version,
    read_pointer,
    verified,
)
from data.settings import Settings

QUERY_MILLISECONDS = 5000
SERVING_MEMORY = "2GB"
THREADS = min(4, os.cpu_count() or 1)

CLOSED = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}
# No temporary directory: a query beyond the memory limit fails alone, and no customer's row is written anywhere.
SERVING = CLOSED | {
    "enable_external_access": "false",
    "memory_limit": SERVING_MEMORY,
    "threads": str(THREADS),
    "temp_directory": "",
    "max_execution_time": str(QUERY_MILLISECONDS),
    "lock_configuration": "true",
}

_verifying = threading.Lock()
_known: dict[Path, tuple[tuple[int, ...], "Snapshot | SnapshotDamaged"]] = {}


@dataclass(frozen=True)
class Snapshot:
    """A verified snapshot, open read-only.

    `passed_over`: what is wrong with the snapshots that should have been served instead of this one; a page says it.
    """

    id: str
    manifest: Manifest
    path: Path
    passed_over: tuple[Fault, ...] = ()
    _connection: duckdb.DuckDBPyConnection = field(repr=False, compare=False, kw_only=True)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor for one query of one thread."""
        return self._connection.cursor()

    def settings(self) -> Settings:
        """The settings that this snapshot was built with."""
        return self._settings

    @cached_property
    def _settings(self) -> Settings:
        try:
            found = self.cursor().execute("select document from meta.definitions where kind = 'settings'").fetchone()
            return Settings.model_validate_json(found[0] if isinstance(found[0], str) else json.dumps(found[0]))
        except (duckdb.CatalogException, duckdb.BinderException, TypeError, ValidationError):
            raise of_another_version(self.path) from None


def open_snapshot(
    directory: Path, snapshot_id: str | None = None, understood: Callable[[Snapshot], object] = Snapshot.settings
) -> Snapshot:
    """The snapshot asked for, else the one that `current` names, else the next that verifies (see `candidates`).

    `understood` raises SnapshotDamaged for one that this version of the program cannot read; it is called every time.

    Cheap when nothing moved (reads `current`, one stat): call it on every rerun. The bytes are hashed once a process,
    and again when the file changed on disk. Raises SnapshotMissing, or SnapshotDamaged with every fault found.
    """
    directory = Path(directory)
    if snapshot_id is not None:
        if not ID.fullmatch(snapshot_id):
            raise SnapshotMissing(missing(directory, snapshot_id))
        snapshot = opened(directory / snapshot_id)
        understood(snapshot)
        return snapshot
    faults: list[Fault] = []
    for candidate in candidates(directory):
        try:
            snapshot = opened(directory / candidate)
            understood(snapshot)
        except SnapshotDamaged as error:
            faults += error.faults
        except SnapshotMissing as error:
            faults += error.faults if candidate == read_pointer(directory) else ()
        else:
            return replace(snapshot, passed_over=tuple(faults)) if faults else snapshot
    if any(fault.rule in ("snapshot_damaged", "snapshot_version") for fault in faults):
        raise SnapshotDamaged(faults)
    raise SnapshotMissing(missing(directory))


def candidates(directory: Path) -> Iterator[str]:
    """Ids in the order in which they may be served: current, those built before it, those after it; latest first."""
    current = read_pointer(directory)
    if current is not None:
        yield current
    kept = kept_ids(directory)
    before = kept[kept.index(current) + 1 :] if current in kept else kept
    yield from before
    yield from (other for other in kept if other != current and other not in before)


def newest_id(directory: Path) -> str | None:
    """The id that `current` names, without verifying it; without that file the latest built; None without snapshots."""
    return read_pointer(directory) or next(iter(kept_ids(directory)), None)


def opened(folder: Path) -> Snapshot:
    """The snapshot in a folder, verified and opened, or SnapshotDamaged; from memory while its files are untouched."""
    state = files_state(folder)
    known = _known.get(folder)
    if known is None or known[0] != state:
        with _verifying:
            known = _known.get(folder)
            if known is None or known[0] != state:
                forget_deleted()
                known = _known[folder] = state, looked_at(folder, known[1] if known else None)
    if isinstance(known[1], SnapshotDamaged):
        raise SnapshotDamaged(known[1].faults)
    return known[1]


def looked_at(folder: Path, before: "Snapshot | SnapshotDamaged | None") -> "Snapshot | SnapshotDamaged":
    """The snapshot, or what is wrong with it; one that was open before and still verifies stays open."""
    try:
        manifest = verified(folder)
        return before if isinstance(before, Snapshot) else connected(folder, manifest)
    except SnapshotDamaged as error:
        return error


def connected(folder: Path, manifest: Manifest) -> Snapshot:
    path = folder / DATA
    try:
        connection = duckdb.connect(str(path), read_only=True, config=SERVING)
    except duckdb.Error as error:
        found = f"written by DuckDB {manifest.duckdb_version}, DuckDB {duckdb.__version__} cannot open it"
        raise damaged(path, f"{found} ({str(error).splitlines()[0]})") from None
    return Snapshot(manifest.id, manifest, path, _connection=connection)


def forget_deleted() -> None:
    """Let go of snapshots whose folder is gone; a reader in the middle of a query keeps its own hold on it."""
    for folder in [folder for folder in _known if not folder.is_dir()]:
        del _known[folder]


def files_state(folder: Path) -> tuple[int, ...]:
    """What changes when somebody writes to a snapshot's files; zeros for a file that is not there."""
    state: list[int] = []
    for name in (DATA, MANIFEST):
        try:
            found = (folder / name).stat()
            state += (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
        except OSError:
            state += (0, 0, 0, 0)
    return tuple(state)


def create_database(path: Path, memory: str, threads: int = THREADS) -> duckdb.DuckDBPyConnection:
    """A new database to build in; what does not fit in `memory` is spilled beside it."""
    spill = str(path.with_name("spill"))
    config = CLOSED | {"memory_limit": memory, "threads": str(threads), "temp_directory": spill}
    connection = duckdb.connect(str(path), config=config)
    connection.execute("set enable_progress_bar = false")
    return connection


def open_unpublished(path: Path, memory: str) -> duckdb.DuckDBPyConnection:
    """A database just built, read-only as readers will see it, without their time limit."""
    return duckdb.connect(
        str(path), read_only=True, config=SERVING | {"memory_limit": memory, "max_execution_time": "0"}
    )
