"""What a reader hands over: where the texts can be selected from, how many records there are, where each stands."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Reject:
    """A record (or physical line) that could not be read; `value` is None when showing it could show a person."""

    line: int
    rule: str
    message: str
    column: str | None = None
    value: str | None = None


@dataclass
class Lines:
    """Physical line of each record, kept as breaks: from record `records[i]` on, lines count up from `lines[i]`."""

    records: list[np.ndarray] = field(default_factory=list)
    lines: list[np.ndarray] = field(default_factory=list)
    count: int = 0
    last: int = -2
    joined: tuple[np.ndarray, np.ndarray] | None = None

    def add(self, numbers: np.ndarray) -> None:
        """Append the lines of the next records, in order."""
        if not len(numbers):
            return
        self.joined = None
        before = np.concatenate(([self.last], numbers[:-1]))
        at = (
            np.flatnonzero(numbers != before + 1)
            if self.count
            else np.union1d([0], np.flatnonzero(numbers != before + 1))
        )
        self.records.append(at + self.count)
        self.lines.append(numbers[at])
        self.count += len(numbers)
        self.last = int(numbers[-1])

    def of(self, record: int) -> int:
        """Line of a record (from 0) as an editor counts it, from 1."""
        if self.joined is None:
            self.joined = np.concatenate(self.records), np.concatenate(self.lines)
        records, lines = self.joined
        at = int(np.searchsorted(records, record, side="right")) - 1
        return int(lines[at] + record - records[at])


@dataclass(frozen=True)
class Scan:
    """A readable file. `relation` is SQL for FROM: texts c0, c1, ... as `header` orders them, in file order."""

    header: tuple[str, ...]
    relation: str
    records: int
    lines: Lines
    rejects: tuple[Reject, ...] = ()
    sheet: str | None = None
    is_mangled: bool = False
    warnings: tuple[tuple[str, str], ...] = ()
