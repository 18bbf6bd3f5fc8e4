"""What a snapshot is on disk, and how its bytes are verified.

snapshots/
    <id>/data.duckdb     everything a page reads
    <id>/manifest.json   what the bytes must be, and what they were made of
    <id>/pinned          optional: kept for a meeting (data/pins.py)
    current              the id that is served
    staging/             what is being built or deleted; emptied by the next refresh
    lock                 held while a refresh runs

An id is `<build date>-<first 8 hex of the content hash>`, with `-2`, `-3`, ... when that name was taken. No name
is ever used twice: a process that has a file open would go on reading the old one under the new name.
"""

import contextlib
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from data.errors import Fault, SnapshotDamaged, SnapshotMissing
from data.models import Strict

FORMAT = 1
ID = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{8}(-[1-9]\d{0,3})?")
DATA, MANIFEST, PINNED = "data.duckdb", "manifest.json", "pinned"
POINTER, STAGING, LOCK = "current", "staging", "lock"
CHUNK = 1 << 20
REPAIR = "Refresh again, or go back with `python -m data.refresh --use ID`"


class Input(Strict):
    """A file that a snapshot was made from; `file` as seen from the exports folder."""

    source: str
    file: str
    bytes: int
    sha256: str


class Manifest(Strict):
    """manifest.json. `rows`: of each stored relation, by schema.name. `built_at`: local time of the company."""

    format: int
    id: str
    built_at: datetime
    content_hash: str
    definitions_version: str
    duckdb_version: str
    sha256: str
    bytes: int
    inputs: tuple[Input, ...]
    rows: dict[str, int]
    previous: str | None
    is_approved: bool = False

    def as_text(self) -> str:
        """JSON with a checksum over all the rest, so that a flipped bit in the manifest itself is seen."""
        content = self.model_dump(mode="json")
        return json.dumps(content | {"checksum": checksum(content)}, indent=1, ensure_ascii=False) + "\n"


def checksum(content: dict) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def damaged(path: Path, found: str) -> SnapshotDamaged:
    return SnapshotDamaged(Fault(str(path), "snapshot_damaged", found, REPAIR))


def of_another_version(path: Path) -> SnapshotDamaged:
    """A snapshot whose bytes are right, and that this version of the program cannot read."""
    found = "this snapshot was built by another version of the program, which this one cannot read"
    return SnapshotDamaged(Fault(str(path), "snapshot_version", found, "Refresh: python -m data.refresh"))


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a snapshot's folder, checked against itself; the data file is not looked at.

    Raises SnapshotMissing without a folder, SnapshotDamaged when the manifest is absent, altered or of another format.
    """
    path = folder / MANIFEST
    if not ID.fullmatch(folder.name) or not folder.is_dir():
        raise SnapshotMissing(missing(folder.parent, folder.name))
    try:
        content = json.loads(path.read_bytes())
        stated = content.pop("checksum", None)
        if content.get("format") != FORMAT:
            raise damaged(path, f"the manifest has format {content.get('format')}, this version reads {FORMAT}")
        manifest = Manifest.model_validate_json(json.dumps(content))
    except OSError as error:
        raise damaged(path, f"the manifest cannot be read ({error.strerror})") from None
    except (ValueError, AttributeError, ValidationError):
        raise damaged(path, "the manifest is not what a refresh writes") from None
    if stated != checksum(content) or manifest.id != folder.name:
        raise damaged(path, "the manifest was altered")
    return manifest


def verified(folder: Path) -> Manifest:
    """The manifest of a snapshot whose data file has the size and the SHA-256 that the manifest states."""
    manifest, path = read_manifest(folder), folder / DATA
    try:
        size = path.stat().st_size
        if size != manifest.bytes:
            raise damaged(path, f"the file has {size:,} bytes instead of {manifest.bytes:,}")
        if file_digest(path) != manifest.sha256:
            raise damaged(path, "the bytes are not those that were published")
    except OSError as error:
        raise damaged(path, f"the file cannot be read ({error.strerror})") from None
    return manifest


def verifying(directory: Path, ids: Iterable[str]) -> Iterator[Manifest]:
    """The manifests of those of some snapshots that are there and verify, one by one."""
    for snapshot_id in ids:
        with contextlib.suppress(SnapshotMissing, SnapshotDamaged):
            yield verified(directory / snapshot_id)


def missing(directory: Path, snapshot_id: str | None = None) -> Fault:
    kept = ", ".join(kept_ids(directory)) or "none"
    found = "there is no snapshot" if snapshot_id is None else f"there is no snapshot {snapshot_id[:60]!r}"
    return Fault(str(directory), "snapshot_missing", f"{found} (kept: {kept})", "Run `make refresh`, or name one kept")


def kept_ids(directory: Path) -> list[str]:
    """Ids of the snapshots in a folder, the latest built first; those with an unreadable manifest last."""
    if not directory.is_dir():
        return []
    folders = [path for path in directory.iterdir() if ID.fullmatch(path.name) and path.is_dir()]
    return [path.name for path in sorted(folders, key=built, reverse=True)]


def built(folder: Path) -> tuple[str, str]:
    try:
        return read_manifest(folder).built_at.isoformat(), folder.name
    except (SnapshotDamaged, SnapshotMissing):
        return "", folder.name


def read_pointer(directory: Path) -> str | None:
    """The id that `current` names; None without the file or when it names nothing well-formed."""
    try:
        text = (directory / POINTER).read_bytes()[:100].decode("ascii", errors="replace").strip()
    except OSError:
        return None
    return text if ID.fullmatch(text) else None
