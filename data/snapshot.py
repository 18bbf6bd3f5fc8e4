"""Publishing: a snapshot appears whole or not at all, whatever happens on the way.

    lock            flock on a file: released by the kernel when its holder dies, so it is never stale
    clean           what an interrupted refresh left in staging/ is deleted
    inputs          files and definitions are hashed; the same content as the one served ends here
    space           room for what will be written
    build           staging/<id>/data.duckdb, filled, checked by its rules, checkpointed, closed (in a child process)
    inputs_again    hashed again: a file that changed while it was read is refused
    scan            reopened read-only as readers will; every value is read, every view is tried
    manifest        size, SHA-256, rows, origins
    sync            files and folder are flushed to the disk
    rename          the folder moves into snapshots/ under a name never used before
    pointer         `current`: written beside, flushed, replaced, flushed
    prune           beyond the number kept, never the one served, never one kept for a meeting (data/pins.py)

Inputs are hashed before and after instead of copied: it refuses the same cases (a file that changed while it was read)
without needing their size again on the disk. A process killed before `pointer` has ended leaves the old snapshot
served, after it the new one.
"""

import contextlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import duckdb

from data.durable import emptied, flush, locked, removed_on_failure, replace_private, write_private
from data.errors import Fault, RefreshRefused, SnapshotMissing
from data.manifest import (
    DATA,
    FORMAT,
    ID,
    MANIFEST,
    POINTER,
    STAGING,
    Input,
    Manifest,
    damaged,
    file_digest,
    kept_ids,
    missing,
    read_pointer,
    verified,
    verifying,
)
from data.pins import is_spared
from data.store import candidates, open_unpublished

SCAN_MEMORY = "1GB"
LEAST_FREE = 64 * 1024 * 1024
SPACE_PER_INPUT = 3  # database, spill and temporary tables, for each byte of the exports

OnStep = Callable[[str], None]


@dataclass(frozen=True)
class Content:
    """What decides a snapshot: the hash of everything that goes in, that of metrics and views alone, the files."""

    hash: str
    definitions_version: str
    inputs: tuple[Input, ...]


@dataclass(frozen=True)
class Origin:
    """What a build is told of the snapshot it fills; `previous` is the one served until now."""

    id: str
    built_at: datetime
    content: Content
    previous: Manifest | None


@dataclass(frozen=True)
class Work:
    """What is to be published. `build` fills a new database file and closes it, or raises a DataError."""

    content: Callable[[], Content]
    build: Callable[[Path, Origin], None]
    built_at: datetime  # local time of the company, without zone
    keep: int
    is_approved: bool = False


@dataclass(frozen=True)
class Outcome:
    """published: a new one is served. switched: one kept is served again. unchanged: the same one as before.

    `remains`: why an old snapshot could not be deleted, which takes nothing from the new one; empty when all is well.
    """

    kind: Literal["published", "switched", "unchanged"]
    manifest: Manifest
    remains: str = ""


def publish(directory: Path, work: Work, on_step: OnStep = lambda step: None) -> Outcome:
    """Build and publish a snapshot, or raise a DataError and leave the old one; `on_step` hears each step begin."""
    directory = Path(directory)
    on_step("lock")
    with locked(directory):
        on_step("clean")
        emptied(directory / STAGING)
        on_step("inputs")
        content = work.content()
        if known := kept_with(directory, content.hash):
            return served_again(directory, known, on_step)
        served = served_manifest(directory)
        on_step("space")
        check_space(directory, content, served)
        name = free_name(directory, f"{work.built_at:%Y-%m-%d}-{content.hash[:8]}")
        folder = directory / STAGING / name
        with removed_on_failure(folder):
            folder.mkdir(mode=0o700)
            on_step("build")
            work.build(folder / DATA, Origin(name, work.built_at, content, served))
            manifest = examined(folder, work, Origin(name, work.built_at, content, served), on_step)
            place(directory, folder, manifest, on_step)
        on_step("pointer")
        point(directory, name)
        on_step("prune")
        remains = prune(directory, work.keep, work.built_at.date())
        on_step("end")
    return Outcome("published", manifest, remains)


def use(directory: Path, snapshot_id: str) -> Outcome:
    """Serve a kept snapshot (again), once its bytes verify. Raises SnapshotMissing, SnapshotDamaged, RefreshRefused."""
    directory = Path(directory)
    if not ID.fullmatch(snapshot_id) or not (directory / snapshot_id).is_dir():
        raise SnapshotMissing(missing(directory, snapshot_id))
    with locked(directory):
        return served_again(directory, verified(directory / snapshot_id), lambda step: None)


def served_manifest(directory: Path) -> Manifest | None:
    """Manifest of the snapshot that readers get now; None when there is none that verifies."""
    return next(verifying(directory, candidates(directory)), None)


def kept_with(directory: Path, content_hash: str) -> Manifest | None:
    """A kept snapshot of this very content whose bytes verify, the one served first."""
    named = (candidate for candidate in candidates(directory) if candidate[11:19] == content_hash[:8])
    return next((one for one in verifying(directory, named) if one.content_hash == content_hash), None)


def served_again(directory: Path, manifest: Manifest, on_step: OnStep) -> Outcome:
    if read_pointer(directory) == manifest.id:
        return Outcome("unchanged", manifest)
    on_step("pointer")
    point(directory, manifest.id)
    on_step("end")
    return Outcome("switched", manifest)


def check_space(directory: Path, content: Content, served: Manifest | None) -> None:
    """RefreshRefused without room for the new file; the estimate is stated."""
    inputs = SPACE_PER_INPUT * sum(file.bytes for file in content.inputs)
    needed = max(inputs, 2 * served.bytes if served else 0) + LEAST_FREE
    free = shutil.disk_usage(directory).free
    if free < needed:
        found = f"{free / 1e6:,.0f} MB are free, a refresh needs about {needed / 1e6:,.0f} MB"
        raise RefreshRefused(Fault(str(directory), "disk_full", found, "Free some space, or keep fewer snapshots"))


def free_name(directory: Path, name: str) -> str:
    """The name, or the name with the first number that makes it new (a damaged snapshot may hold the plain one)."""
    numbered = (f"{name}-{number}" for number in range(2, 10_000))
    return name if not (directory / name).exists() else next(n for n in numbered if not (directory / n).exists())


def examined(folder: Path, work: Work, origin: Origin, on_step: OnStep) -> Manifest:
    """Everything between building and publishing: inputs unchanged, file readable as a whole, manifest written."""
    on_step("inputs_again")
    if work.content() != origin.content:
        found = "an export or a definition changed while it was being read"
        raise RefreshRefused(
            Fault(str(folder.name), "inputs_changed", found, "Refresh again when the export is complete")
        )
    if log := [path.name for path in folder.iterdir() if path.name.endswith(".wal")]:
        raise damaged(folder / log[0], "the database was not written out and closed")
    on_step("scan")
    rows = scanned(folder / DATA)
    on_step("manifest")
    (folder / DATA).chmod(0o600)
    manifest = Manifest(
        format=FORMAT,
        id=origin.id,
        built_at=origin.built_at,
        content_hash=origin.content.hash,
        definitions_version=origin.content.definitions_version,
        duckdb_version=duckdb.__version__,
        sha256=file_digest(folder / DATA),
        bytes=(folder / DATA).stat().st_size,
        inputs=origin.content.inputs,
        rows=rows,
        previous=origin.previous.id if origin.previous else None,
        is_approved=work.is_approved,
    )
    write_private(folder / MANIFEST, manifest.as_text())
    return manifest


def scanned(path: Path) -> dict[str, int]:
    """Rows of every stored relation, once every value was read and every view tried; SnapshotDamaged otherwise."""
    try:
        with contextlib.closing(open_unpublished(path, SCAN_MEMORY)) as connection:
            return rows_read(connection)
    except duckdb.Error as error:
        raise damaged(path, f"the new file cannot be read back ({str(error).splitlines()[0]})") from error


def rows_read(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rows of every stored relation; a view is only tried, since what it reads is read already."""
    relations = connection.execute(
        "select table_schema, table_name, table_type from information_schema.tables order by all"
    ).fetchall()
    rows = {}
    for schema, name, kind in relations:
        relation = f'"{schema}"."{name}"'
        if kind == "VIEW":
            connection.execute(f"select * from {relation} limit 0")  # noqa: S608 a name from the database
        else:
            read = f"select count(*), bit_xor(hash(t)) from {relation} as t"  # noqa: S608 the same
            rows[f"{schema}.{name}"] = connection.execute(read).fetchone()[0]
    return rows


def place(directory: Path, folder: Path, manifest: Manifest, on_step: OnStep) -> None:
    """Move a finished folder among the snapshots: data and manifest together, under a new name."""
    on_step("sync")
    for path in (folder / DATA, folder / MANIFEST, folder):
        flush(path)
    on_step("rename")
    folder.rename(directory / manifest.id)
    flush(directory)


def point(directory: Path, snapshot_id: str) -> None:
    """Have `current` name a snapshot; a reader sees the old name or the new one."""
    beside = directory / STAGING / POINTER
    beside.parent.mkdir(mode=0o700, exist_ok=True)
    replace_private(directory / POINTER, f"{snapshot_id}\n", beside)


def prune(directory: Path, keep: int, today: date) -> str:
    """Delete all but the one served and the latest, `keep` together; pinned ones stay besides. Says what it could not.

    A reader that has one open goes on reading it. It leaves the snapshots by one rename, so it is never half there;
    one that was pinned in that moment comes back.
    """
    current = read_pointer(directory)
    free = [name for name in kept_ids(directory) if name != current and not is_spared(directory / name, today)]
    try:
        for name in free[keep - 1 :]:
            gone = directory / STAGING / name
            (directory / name).rename(gone)
            if is_spared(gone, today):
                gone.rename(directory / name)
            else:
                shutil.rmtree(gone)
    except OSError as error:
        return f"an old snapshot could not be deleted: {error}"
    return ""
