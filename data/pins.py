"""Snapshots kept beyond the number that a refresh keeps: for a meeting whose link must go on showing its figures.

A file `pinned` in the snapshot's folder says so, with the day until which: {"until": "2027-11-14"}. It appears whole or
not at all. A file of any other content, put there by hand, holds for ever. `prune` (data/snapshot.py) looks at it after
it moved a folder out of sight, so that a snapshot is never deleted behind the back of who has just kept it.
"""

import contextlib
import json
import secrets
from datetime import date
from pathlib import Path

from data.durable import flush, replace_private
from data.errors import Fault, SnapshotMissing, TooManyPins
from data.manifest import ID, PINNED, kept_ids, missing

FOR_EVER = date.max


def pin(directory: Path, snapshot_id: str, today: date, until: date, most: int) -> None:
    """Keep a snapshot until that day, included; a second time moves the day.

    Raises SnapshotMissing, and TooManyPins when `most` others are kept today already.
    """
    if snapshot_id not in kept_ids(directory):
        raise SnapshotMissing(missing(directory, snapshot_id))
    others = [other for other, end in pins(directory).items() if other != snapshot_id and end >= today]
    if len(others) >= most:
        found = f"{len(others)} snapshots are kept for meetings, the limit is {most}"
        raise TooManyPins(
            Fault(str(directory), "too_many_pins", found, "Let one of them go, or raise snapshots.pinned")
        )
    folder = directory / snapshot_id
    beside = folder / f"{PINNED}.{secrets.token_hex(4)}"
    try:
        replace_private(folder / PINNED, json.dumps({"until": until.isoformat()}) + "\n", beside)
    except FileNotFoundError:
        raise SnapshotMissing(missing(directory, snapshot_id)) from None


def unpin(directory: Path, snapshot_id: str) -> None:
    """Let a snapshot be pruned again; nothing happens when it was not kept."""
    with contextlib.suppress(FileNotFoundError):
        (directory / snapshot_id / PINNED).unlink()
        flush(directory / snapshot_id)


def pins(directory: Path) -> dict[str, date]:
    """Snapshots kept for longer and the last day of each; those whose day has passed stay in it until a refresh."""
    folders = [path.parent for path in directory.glob(f"*/{PINNED}") if ID.fullmatch(path.parent.name)]
    found = {folder.name: pinned_until(folder) for folder in sorted(folders, reverse=True)}
    return {name: until for name, until in found.items() if until is not None}


def pinned_until(folder: Path) -> date | None:
    """The last day for which a snapshot is kept; None when it is not pinned."""
    try:
        text = (folder / PINNED).read_bytes()[:200]
    except FileNotFoundError:
        return None
    try:
        return date.fromisoformat(json.loads(text)["until"])
    except (ValueError, KeyError, TypeError):
        return FOR_EVER


def is_spared(folder: Path, today: date) -> bool:
    """Whether a refresh of that day leaves a snapshot alone."""
    until = pinned_until(folder)
    return until is not None and until >= today
