"""Parts of an address that hold figures fast: a snapshot, the version of its definitions, one to compare with."""

import re
from collections.abc import Sequence
from datetime import date

from data.manifest import ID
from pages.ui.problems import Problem, harmless

VERSION = re.compile(r"[0-9a-f]{8}")


def lost_snapshot(asked: str | None, shown: str | None, problems: list[Problem]) -> str | None:
    """The snapshot that an address asks for when another one is shown; a problem when it can be no snapshot's name."""
    if asked is None or asked == shown:
        return None
    if day_of(asked) is None:
        problems.append(Problem("link.unknown_snapshot", (("value", harmless(asked)),)))
        return None
    return asked


def kept_snapshot(asked: str | None, kept: Sequence[str], problems: list[Problem]) -> str | None:
    """The snapshot against which the page is to be told, among those that are kept."""
    if asked is None or asked in kept:
        return asked
    problems.append(Problem("link.since_unknown", (("value", harmless(asked)),)))
    return None


def parsed_version(asked: str | None, problems: list[Problem]) -> str | None:
    """The version of definitions that an address was written with, eight hexadecimal digits."""
    if asked is None or VERSION.fullmatch(asked):
        return asked
    problems.append(Problem("link.unknown_value", (("name", "defs"), ("value", harmless(asked)))))
    return None


def day_of(snapshot_id: str) -> date | None:
    """The day on which a snapshot was built, from its name; None for what is no such name."""
    try:
        return date.fromisoformat(snapshot_id[:10]) if ID.fullmatch(snapshot_id) else None
    except ValueError:
        return None


def nearest(lost: str, kept: Sequence[str]) -> str | None:
    """Of the kept snapshots, newest first, the one built next to one that is gone; of two as near, the newer."""
    day = day_of(lost)
    return min(kept, key=lambda other: abs((day_of(other) or date.min) - day), default=None) if day else None
