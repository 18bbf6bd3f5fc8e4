"""Files and folders that are there after a power cut, and that only their owner reads."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from data.errors import Fault, RefreshRefused
from data.manifest import LOCK


@contextlib.contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold the lock of a snapshots folder, made when missing; RefreshRefused when another refresh holds it."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(directory / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 100).decode("ascii", errors="replace").strip() or "unknown"
            found = f"another refresh is running (process {holder})"
            raise RefreshRefused(Fault(str(directory / LOCK), "locked", found, "Wait until it has ended")) from None
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)


def emptied(folder: Path) -> None:
    """An empty folder for its owner alone, whatever was there."""
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)


@contextlib.contextmanager
def removed_on_failure(folder: Path) -> Iterator[None]:
    """On an error or an interrupt the folder goes; when even that fails, the next refresh does it."""
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def write_private(path: Path, text: str) -> None:
    """A new file that only its owner reads, flushed to the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        remaining = text.encode()
        while remaining:
            remaining = remaining[os.write(descriptor, remaining) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_private(path: Path, text: str, beside: Path) -> None:
    """Have a file hold a text, all of it or none to whoever looks. `beside`: where it is written first."""
    write_private(beside, text)
    os.replace(beside, path)  # noqa: PTH105 the call that the protocol names
    flush(path.parent)


def flush(path: Path) -> None:
    """Have a file's or a folder's content on the disk, not on its way there."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
