"""Remarks for the room: on a month, to be seen on every chart that shows it, or on a page.

A note is withdrawn, never deleted: it stays in the trail.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from data.written.store import Conflict, Save, Written, entries, save

KIND = "note"
LONGEST = 280


@dataclass(frozen=True)
class Note:
    """`page`: where it was written; `month`: the first day of the month it is about, None for the page as a whole."""

    id: str
    version: int
    page: str
    month: date | None
    text: str
    at: datetime
    who: str


def notes(folder: Path) -> tuple[Note, ...]:
    """Those that stand, in the order of their months, those without one last; then as they were written."""
    found = [note_of(written) for written in entries(folder, KIND) if not written.content.get("is_withdrawn")]
    return tuple(sorted(found, key=lambda note: (note.month is None, note.month or date.min, number_of(note.id))))


def note_of(written: Written) -> Note:
    content = written.content
    month = content.get("month")
    day = date.fromisoformat(f"{month}-01") if month else None
    return Note(written.id, written.version, content["page"], day, content["text"], written.saved_at, written.saved_by)


def number_of(note_id: str) -> int:
    return int(note_id.removeprefix("N-"))


def add(folder: Path, page: str, month: date | None, text: str, who: str, at: datetime) -> None:
    """Raises ValueError for a text that is empty or too long."""
    said = " ".join(text.split())
    if not said or len(said) > LONGEST:
        raise ValueError(f"a note has 1 to {LONGEST} characters")
    content = {"page": page, "text": said} | ({"month": f"{month:%Y-%m}"} if month else {})
    while True:
        with suppress(Conflict):  # somebody else's note has that number by now: take the next one
            save(folder, KIND, [Save(next_id(entries(folder, KIND)), content)], who, at)
            return


def withdraw(folder: Path, note: Note, who: str, at: datetime) -> None:
    """Raises Conflict when somebody changed it meanwhile."""
    month = {"month": f"{note.month:%Y-%m}"} if note.month else {}
    content = {"page": note.page, "text": note.text, **month, "is_withdrawn": True}
    save(folder, KIND, [Save(note.id, content, note.version)], who, at)


def next_id(taken: Sequence[Written]) -> str:
    return f"N-{max((number_of(written.id) for written in taken), default=0) + 1}"
