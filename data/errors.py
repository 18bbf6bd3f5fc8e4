"""What can go wrong in data/, as a tree. Every error lists all the faults of its run, each with its place and a remedy.

DataError
├── ConfigError        a document of the user (config.yaml, an adapter, a contract) is not right
├── IngestError        an export cannot be read, or too much of it was rejected
├── RefreshRefused     a snapshot was built and not published (volume, freshness, reconciliation)
├── StoreFault         what people wrote cannot be read, or not be written
└── SnapshotError
    ├── SnapshotMissing    no snapshot, or not the one asked for
    ├── TooManyPins        as many are kept for meetings as the config allows
    └── SnapshotDamaged    a snapshot whose manifest does not verify
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where (file, physical line, column or key), the rule, what was found, what to do."""

    file: str
    rule: str
    found: str
    fix: str
    line: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return printable(f"{place}: {self.found}. {self.fix}")


def printable(text: str) -> str:
    """One line without control characters: names and texts of files may hold anything."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


class DataError(Exception):
    """`faults` holds every fault found; the text of the error is one line for each."""

    def __init__(self, faults: "Fault | str | list[Fault] | tuple[Fault, ...]") -> None:
        self.faults = () if isinstance(faults, str) else (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__(faults if isinstance(faults, str) else "\n".join(map(str, self.faults)))

    def __reduce__(self):
        return type(self), (self.faults or str(self),)


class ConfigError(DataError):
    """A document written by the user cannot be used."""


class IngestError(DataError):
    """The exports cannot be loaded as they are; nothing is published."""


class RefreshRefused(DataError):
    """A new snapshot is not published; the old one stays."""


class StoreFault(DataError):
    """The store of what people write does not answer; nothing was changed."""


class SnapshotError(DataError):
    """Something about a snapshot."""


class SnapshotMissing(SnapshotError):
    """There is no snapshot, or not the one asked for."""


class TooManyPins(SnapshotError):
    """No further snapshot is kept for meetings."""


class SnapshotDamaged(SnapshotError):
    """A snapshot's bytes are not those that its manifest describes."""
