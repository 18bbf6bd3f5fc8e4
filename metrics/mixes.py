"""Preferences ahead, read from what metrics/results/preferences.py made at refresh: of everybody only."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.promise_costs import EVERYBODY, group_of
from metrics.results.preferences import MIXES
from metrics.selection import Selection

if TYPE_CHECKING:
    import duckdb

VERDICTS, MONTHS = "result_preferences", "result_preferences_month"


@dataclass(frozen=True)
class Share:
    """A month of a code: share of the orders, intervals only ahead; n: orders, only of what happened."""

    month: date
    value: float
    low_80: float | None
    high_80: float | None
    low: float | None
    high: float | None
    n: int | None


@dataclass(frozen=True)
class Course:
    code: str
    facts: tuple[Share, ...]
    ahead: tuple[Share, ...]


@dataclass(frozen=True)
class Mix:
    """`name`: sales_channel or category; `status`: published, no_better (then ahead is the guess `best`), too_few.

    relative: error over that of the best simple guess; courses: the largest share of the last month first.
    """

    name: str
    status: str
    relative: float | None
    low: float | None
    high: float | None
    best: str | None
    n: int
    n_origins: int
    courses: tuple[Course, ...]


def mixes(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> tuple[Mix, ...]:
    """In the order of MIXES; () for less than everybody."""
    if group_of(selection) != EVERYBODY or VERDICTS not in catalogue.ground.columns:
        return ()
    months: dict[tuple[str, str, str], list[Share]] = {}
    for mix, code, kind, *numbers in cursor.execute(
        f"select mix, code, kind, month, value, low_80, high_80, low, high, n from {MONTHS} order by month"  # noqa: S608
    ).fetchall():
        months.setdefault((mix, code, kind), []).append(Share(*numbers))
    rows = cursor.execute(
        f"select mix, status, value, low, high, best, n, n_origins from {VERDICTS}"  # noqa: S608
    ).fetchall()
    found = []
    for row in rows:
        codes = {code for mix, code, _ in months if mix == row[0]}
        courses = [Course(c, *(tuple(months.get((row[0], c, k), ())) for k in ("fact", "ahead"))) for c in codes]
        found.append(Mix(*row, tuple(sorted(courses, key=lambda one: (-one.facts[-1].value, one.code)))))
    return tuple(sorted(found, key=lambda one: MIXES.index(one.name)))
