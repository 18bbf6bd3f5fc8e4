"""Finding the files of an adapter's patterns and opening them safely: regular files, archives of one level, limits."""

import gzip
import hashlib
import os
import stat
import zipfile
import zlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from itertools import count
from pathlib import Path
from typing import BinaryIO

from data.adapters import File
from data.errors import Fault, IngestError

MAX_BYTES = 8 << 30
BOMB_BYTES = 64 << 20
BOMB_RATIO = 100
BLOCK = 1 << 20
NUMBERS = count()
PATTERN_MARKS = set("*?[]{}")
ARCHIVES = (".zip", ".gz", ".7z", ".rar", ".tar", ".tgz", ".bz2", ".xz", ".zst")


@dataclass(frozen=True)
class Export:
    """A file to read: `name` as people know it (from the exports folder, `!member` of an archive), `path` to its bytes.

    `bytes`, `modified_at` (UTC), `sha256` and `identity` are those of the file itself, of an archive as it is packed.
    """

    name: str
    path: Path
    original: Path
    bytes: int
    modified_at: datetime
    sha256: str
    identity: tuple[int, int, int]

    @property
    def base_name(self) -> str:
        """Name of the file, or of the member in an archive."""
        return self.name.rsplit("!", 1)[-1].rsplit("/", 1)[-1]

    @property
    def has_changed(self) -> bool:
        """Whether the file was written to, replaced or removed since it was opened."""
        return not self.original.exists() or identity_of(self.original) != self.identity

    def changed_fault(self) -> Fault:
        return Fault(
            self.name, "changed", "changed while it was being read", "Refresh again once the export is complete"
        )


def exports_of(file: File, exports: Path, scratch: Path) -> list[Export]:
    """The files that fit the patterns, by name, archives opened; IngestError for none, or one not allowed."""
    found = sorted({path for pattern in file.pattern for path in exports.glob(pattern)})
    if not found and not file.optional:
        raise IngestError(missing_file(file, exports))
    faults = [fault for path in found if (fault := unsafe(path, exports))]
    if faults:
        raise IngestError(faults)
    opened = []
    for path in found:
        export = described(path, exports)
        opened += unpacked(export, file, scratch)
    return opened


def missing_file(file: File, exports: Path) -> Fault:
    names = sorted(path.name for path in exports.iterdir())[:12] if exports.is_dir() else []
    there = f"there are: {', '.join(names)}" if names else "the folder is empty or absent"
    fix = f"Put the file there, correct the pattern, or say optional: true ({there})"
    return Fault(f"{exports}/{file.pattern[0]}", "missing_file", "no file of this name", fix)


def unsafe(path: Path, exports: Path) -> Fault | None:
    """Why a path must not be opened: a link on the way to it, not a regular file, too large, or sparse."""
    inside = path.relative_to(exports)
    steps = [exports.joinpath(*inside.parts[: i + 1]) for i in range(len(inside.parts))]
    fix = "Put the file itself there"
    if any(step.is_symlink() for step in steps):
        return Fault(str(inside), "link", "a symbolic link", fix)
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "a pipe, socket or device"
        return Fault(str(inside), "not_a_file", kind, fix)
    if status.st_size > MAX_BYTES:
        return Fault(
            str(inside), "too_large", f"{status.st_size:,} bytes", f"Split it: at most {MAX_BYTES:,} bytes a file"
        )
    if status.st_size > BOMB_BYTES and status.st_blocks * 512 < status.st_size // 10:
        return Fault(
            str(inside), "sparse", f"{status.st_size:,} bytes of which most are holes", "Export the file again"
        )
    return None


def described(path: Path, exports: Path) -> Export:
    """A regular file with its fingerprint."""
    name = path.relative_to(exports).as_posix()
    digest = hashlib.sha256()
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as stream:
            status = os.fstat(stream.fileno())
            while block := stream.read(BLOCK):
                digest.update(block)
    except OSError as error:
        fix = "Check the disk and the permissions, then export the file again"
        raise IngestError(Fault(name, "unreadable", f"cannot be read: {error.strerror}", fix)) from None
    modified = datetime.fromtimestamp(status.st_mtime, UTC).replace(tzinfo=None, microsecond=0)
    return Export(name, path, path, status.st_size, modified, digest.hexdigest(), identity_of(path))


def identity_of(path: Path) -> tuple[int, int, int]:
    """What changes when a file is replaced or written to: inode, size, time of the last change."""
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns


def unpacked(export: Export, file: File, scratch: Path) -> list[Export]:
    """The file itself, or what is in it when its name ends in .gz or .zip."""
    suffix = export.original.suffix.lower()
    try:
        if suffix == ".gz":
            with gzip.open(export.path) as stream:
                inner = export.original.name.removesuffix(".gz")
                return [copied(export, f"{export.name}!{inner}", stream, scratch)]
        if suffix == ".zip":
            with zipfile.ZipFile(export.path) as archive:
                return [member_copy(export, archive, info, scratch) for info in members(export, archive, file.member)]
    except (gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, EOFError) as error:
        fix = "Export or copy the archive again"
        raise IngestError(Fault(export.name, "archive", f"the archive is damaged: {error}", fix)) from None
    return [export]


def members(export: Export, archive: zipfile.ZipFile, pattern: str | None) -> list[zipfile.ZipInfo]:
    """Members that the adapter reads, by name."""
    files = sorted((info for info in archive.infolist() if not info.is_dir()), key=lambda info: info.filename)
    chosen = [info for info in files if pattern is None or fnmatchcase(info.filename, pattern)]
    names = ", ".join(info.filename for info in files[:12])
    if not chosen:
        raise IngestError(Fault(export.name, "member", f"no member fits {pattern!r}", f"Members: {names}"))
    if pattern is None and len(chosen) > 1:
        raise IngestError(
            Fault(export.name, "member", f"{len(chosen)} members", f"Say member: one of {names}, or a pattern")
        )
    nested = [info.filename for info in chosen if info.filename.lower().endswith(ARCHIVES)]
    if nested:
        raise IngestError(
            Fault(export.name, "nested", f"an archive in an archive: {nested[0]}", "Unpack the inner one")
        )
    return chosen


def member_copy(export: Export, archive: zipfile.ZipFile, info: zipfile.ZipInfo, scratch: Path) -> Export:
    name = f"{export.name}!{info.filename}"
    if info.flag_bits & 1:
        raise IngestError(Fault(name, "password", "protected by a password", "Give it without a password"))
    if is_bomb(info.file_size, info.compress_size):
        raise IngestError(bomb(name, info.file_size))
    with archive.open(info) as stream:
        return copied(export, name, stream, scratch, info.compress_size)


def copied(export: Export, name: str, stream: BinaryIO, scratch: Path, packed: int | None = None) -> Export:
    """The bytes of a packed stream in a private file of the scratch folder, within the limits."""
    target = new_path(scratch, "unpacked")
    size = 0
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as sink:
        while block := stream.read(BLOCK):
            size += len(block)
            if is_bomb(size, packed or export.bytes):
                raise IngestError(bomb(name, size))
            sink.write(block)
    return replace(export, name=name, path=target)


def new_path(scratch: Path, kind: str) -> Path:
    """A path in the scratch folder that nothing else uses, also when files are opened at the same time."""
    return scratch / f"{next(NUMBERS)}.{kind}"


def engine_path(path: Path, scratch: Path) -> Path:
    """The path, or a link to it when its name has characters that the engine takes for a pattern."""
    if not PATTERN_MARKS.intersection(str(path)):
        return path
    link = new_path(scratch, "link")
    link.symlink_to(path.resolve())
    return link


def is_bomb(size: int, packed: int) -> bool:
    return size > MAX_BYTES or (size > BOMB_BYTES and size > BOMB_RATIO * max(packed, 1))


def bomb(name: str, size: int) -> Fault:
    fix = "If that is right, unpack it and give the file itself"
    return Fault(name, "bomb", f"unpacks to {size:,} bytes or more, far beyond its packed size", fix)
