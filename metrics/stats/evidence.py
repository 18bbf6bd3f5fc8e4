"""What is known of each unit whose surveys are looked at, and what a signal says of it (metrics/stats/audit.py)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from metrics.stats.intervals import Estimate

LEAST_PART = 10  # events with and without a problem, with and without an invitation
FAMILIES = {
    "handed": "asked",
    "selective": "asked",
    "answered": "asked",
    "threshold": "scored",
    "shape": "scored",
    "problem": "lived",
    "stopped": "lived",
}
LEAST_FAMILIES = 2  # with a told signal, before a unit is worth an audit
Unit = tuple[str, str]  # its kind, its code


@dataclass(frozen=True)
class Signal:
    """One signal of one unit. distance: in standard deviations of honest units; p: chance of it in one honest unit."""

    unit: Unit
    name: str
    value: Estimate
    expected: float
    n: int
    distance: float
    p: float
    level: str = ""


@dataclass(frozen=True)
class Count:
    """x of n in a stratum of a unit; squares (of x, of x by n, of n) summed over its `people` customers."""

    unit: Unit
    stratum: str
    people: int
    n: float
    x: float
    xx: float
    xn: float
    nn: float


@dataclass(frozen=True)
class Table:
    """Events of a kind: with a problem invited and not, without a problem invited and not."""

    unit: Unit
    kind: str
    people: int
    a: int
    b: int
    c: int
    d: int

    @property
    def parts(self) -> tuple[int, int, int, int]:
        return self.a, self.b, self.c, self.d

    @property
    def is_enough(self) -> bool:
        return min(self.a + self.b, self.c + self.d, self.a + self.c, self.b + self.d) >= LEAST_PART


@dataclass(frozen=True)
class Score:
    """Answers of one score in a stratum of a unit; share: their sum on a scale of 0 to 1."""

    unit: Unit
    stratum: str
    score: float
    share: float
    n: float
    people: int


@dataclass(frozen=True)
class Months:
    """Months in which a unit had a bonus (answers, worth 1, worth -1) and the mean from which it is paid."""

    unit: Unit
    months: Sequence[tuple[int, int, int]]
    least: float


@dataclass(frozen=True)
class Evidence:
    """All that is known of all units. counts: signal (handed, answered, problem, stopped) -> its counts."""

    counts: Mapping[str, Sequence[Count]]
    tables: Sequence[Table]
    scores: Sequence[Score]
    months: Sequence[Months]
