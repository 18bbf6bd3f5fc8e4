"""Very small snapshots, published by the real protocol: a word in two tables tells which one a reader got."""

from datetime import datetime, timedelta
from pathlib import Path

from data.manifest import Input
from data.settings import Settings
from data.snapshot import Content, Origin, Work, publish
from data.store import Snapshot, create_database

START = datetime(2026, 11, 2, 8, 0)
SETTINGS = Settings.model_validate(
    {"company": {"name": "Small", "currency": "EUR", "time_zone": "Europe/Paris"}, "sources": ["sample"]}
)


def content(word: str) -> Content:
    """Content that differs with the word."""
    digest = (word.encode().hex() * 64)[:64]
    return Content(digest, "definitions", (Input(source="sample", file=f"{word}.csv", bytes=9, sha256=digest),))


def fill(path: Path, word: str, rows: int = 1000) -> None:
    """A database of two tables, each holding `rows` times the word, and the settings."""
    connection = create_database(path, "200MB")
    connection.execute("create schema canonical; create schema meta")
    for table in ("canonical.customers", "fct_order"):
        connection.execute(f"create table {table} as select ? as word, range as number from range(?)", (word, rows))
    connection.execute("create view doubled as select number * 2 as number from fct_order")
    connection.execute("create table meta.definitions as select 'settings' as kind, 'config' as name, ? as document",
                       (SETTINGS.model_dump_json(),))  # fmt: skip
    connection.execute("checkpoint")
    connection.close()


def work(word: str, days: int = 0, keep: int = 10, **changes) -> Work:
    """Work that publishes a word, built some days after START."""

    def build(path: Path, origin: Origin) -> None:
        fill(path, word)

    parts = {"content": lambda: content(word), "build": build} | changes
    return Work(built_at=START + timedelta(days=days), keep=keep, **parts)


def published(directory: Path, *words: str, keep: int = 10) -> list[str]:
    """Publish the words one day after another; their ids."""
    return [publish(directory, work(word, days, keep)).manifest.id for days, word in enumerate(words)]


def words_in(snapshot: Snapshot) -> set[str]:
    """The words that a reader finds in both tables: one, or the snapshot is mixed."""
    cursor = snapshot.cursor()
    return {
        word
        for table in ("canonical.customers", "fct_order")
        for (word,) in cursor.execute(f"select distinct word from {table}").fetchall()
    }
