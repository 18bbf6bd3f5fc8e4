"""The file that holds what people write, safe against crashes, power cuts and each other.

Every save is one transaction: the entry, its version and a line of the trail (who, when, before, after) are there
together or not at all, and on the disk before it returns (write-ahead log, synchronous = FULL). Who saves says which
version they saw; when another was saved meanwhile nothing is written, and they are told (Conflict). Nothing is ever
deleted, and the trail can neither be changed nor shortened through this file's own connection.
"""

import contextlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from data.errors import Fault, StoreFault

FILE = "written.sqlite"
FOLDER = "written_store"
PLACE = "OUTSIDE_IN_WRITTEN"
PATIENCE = 10  # seconds that a save waits for another one
SCHEMA = """
create table if not exists entry (
    kind text not null, id text not null, version integer not null, content text not null, saved_at text not null,
    saved_by text not null, primary key (kind, id)
) strict;
create table if not exists trail (
    n integer primary key autoincrement, kind text not null, id text not null, version integer not null,
    at text not null, who text not null, before text, after text not null
) strict;
create trigger if not exists trail_is_kept before delete on trail begin select raise(abort, 'the trail is kept'); end;
create trigger if not exists trail_stays before update on trail begin select raise(abort, 'the trail is kept'); end;
create trigger if not exists entry_is_kept before delete on entry begin select raise(abort, 'entries are kept'); end;
"""
Content = Mapping[str, Any]
OnStep = Callable[[str], None]


@dataclass(frozen=True)
class Written:
    """An entry as it stands: its version counts the saves, from 1."""

    kind: str
    id: str
    version: int
    content: Content
    saved_at: datetime
    saved_by: str


@dataclass(frozen=True)
class Change:
    """A line of the trail; before is None for the first."""

    version: int
    at: datetime
    who: str
    before: Content | None
    after: Content


@dataclass(frozen=True)
class Save:
    """What somebody wants to write; `seen`: the version they started from, 0 for a new entry."""

    id: str
    content: Content
    seen: int = 0


class Conflict(Exception):
    """Somebody else saved meanwhile. `theirs` is what stands there now; nothing was written."""

    def __init__(self, theirs: Written) -> None:
        super().__init__(
            f"{theirs.kind} {theirs.id} was saved by {theirs.saved_by} at {theirs.saved_at:%Y-%m-%d %H:%M}"
        )
        self.theirs = theirs


def folder_for(snapshots: Path) -> Path:
    """Where it is kept: OUTSIDE_IN_WRITTEN, else written_store beside the folder of the snapshots."""
    named = os.environ.get(PLACE)
    return Path(named) if named else snapshots.resolve().parent / FOLDER


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[sqlite3.Connection]:
    """The store, made when missing, for its owner only; one connection a question, closed afterwards."""
    path = folder / FILE
    with told(path):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        with contextlib.closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as connection:
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = full")
            connection.executescript(SCHEMA)
            yield connection


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """Whatever goes wrong with the file becomes a StoreFault that says what to do."""
    try:
        yield
    except (sqlite3.DatabaseError, OSError) as error:
        fix = "Put back a copy of the file, or free the disk or the file; nothing was changed"
        raise StoreFault(Fault(str(path), "store", str(error), fix)) from error


@contextlib.contextmanager
def reading(folder: Path) -> Iterator[sqlite3.Connection | None]:
    """The store as it stands; None while nobody has written anything (nothing is made by looking)."""
    path = folder / FILE
    if not path.exists():
        yield None
        return
    with told(path), contextlib.closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as connection:
        is_made = connection.execute("select count(*) from sqlite_master where name in ('entry', 'trail')").fetchone()
        yield connection if is_made == (2,) else None


def save(
    folder: Path, kind: str, saves: Sequence[Save], who: str, at: datetime, on_step: OnStep = lambda step: None
) -> None:
    """Write all of them or none. Raises Conflict when one was saved by somebody else since it was seen."""
    with opened(folder) as connection:
        on_step("begin")
        connection.execute("begin immediate")
        try:
            for wanted in saves:
                write(connection, kind, wanted, who, at, on_step)
            on_step("commit")
            connection.execute("commit")
        except BaseException:
            connection.execute("rollback")
            raise
        on_step("end")


def write(connection: sqlite3.Connection, kind: str, wanted: Save, who: str, at: datetime, on_step: OnStep) -> None:
    found = connection.execute(f"{ENTRIES} and id = ?", (kind, wanted.id)).fetchone()
    former = None if found is None else written_of(found)
    if (former.version if former else 0) != wanted.seen:
        raise Conflict(former or Written(kind, wanted.id, 0, {}, at, who))
    text, before = document(wanted.content), None if former is None else document(former.content)
    if text == before:
        return
    on_step("entry")
    connection.execute(
        "insert into entry values (?, ?, ?, ?, ?, ?) on conflict (kind, id) do update set version = excluded.version, "
        "content = excluded.content, saved_at = excluded.saved_at, saved_by = excluded.saved_by",
        (kind, wanted.id, wanted.seen + 1, text, at.isoformat(), who),
    )
    on_step("trail")
    connection.execute(
        "insert into trail (kind, id, version, at, who, before, after) values (?, ?, ?, ?, ?, ?, ?)",
        (kind, wanted.id, wanted.seen + 1, at.isoformat(), who, before, text),
    )


ENTRIES = "select kind, id, version, content, saved_at, saved_by from entry where kind = ?"


def entries(folder: Path, kind: str) -> tuple[Written, ...]:
    """Every entry of a kind, by id."""
    with reading(folder) as connection:
        found = connection.execute(f"{ENTRIES} order by id", (kind,)).fetchall() if connection else ()
    return tuple(written_of(row) for row in found)


def trail(folder: Path, kind: str, entry_id: str) -> tuple[Change, ...]:
    """Every change of an entry, the latest first."""
    sql = "select version, at, who, before, after from trail where kind = ? and id = ? order by n desc"
    with reading(folder) as connection:
        rows = connection.execute(sql, (kind, entry_id)).fetchall() if connection else ()
    return tuple(
        Change(
            version, datetime.fromisoformat(at), who, None if before is None else json.loads(before), json.loads(after)
        )
        for version, at, who, before, after in rows
    )


def written_of(row: Sequence[Any]) -> Written:
    kind, entry_id, version, content, saved_at, saved_by = row
    return Written(kind, entry_id, version, json.loads(content), datetime.fromisoformat(saved_at), saved_by)


def document(content: Content) -> str:
    """One text for one content, whatever the order of its names."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True)
