"""Preferences ahead, read from what metrics/results/preferences.py made at refresh: of everybody or of one group."""

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

    group: tuple[str, str]
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
    """In the order of MIXES; () for more than one group at once."""
    group = group_of(selection)
    if group is None or "column_name" not in catalogue.ground.columns.get(VERDICTS, ()):
        return ()
    return mixes_where(cursor, "(column_name, code) = (?, ?)", group)


def mixes_of_groups(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> tuple[Mix, ...]:
    """Of every group, for who sees everybody; in the order of MIXES, of the columns and their codes."""
    if group_of(selection) != EVERYBODY or "column_name" not in catalogue.ground.columns.get(VERDICTS, ()):
        return ()
    return mixes_where(cursor, "(column_name, code) <> (?, ?)", EVERYBODY)


def mixes_where(cursor: "duckdb.DuckDBPyConnection", which: str, group: tuple[str, str]) -> tuple[Mix, ...]:
    months: dict[tuple[str, ...], list[Share]] = {}
    for column, code, mix, chosen, kind, *numbers in cursor.execute(
        "select column_name, code, mix, chosen, kind, month, value, low_80, high_80, low, high, n "  # noqa: S608
        f"from {MONTHS} where {which} order by month",
        [*group],
    ).fetchall():
        months.setdefault((column, code, mix, chosen, kind), []).append(Share(*numbers))
    rows = cursor.execute(
        f"select column_name, code, mix, status, value, low, high, best, n, n_origins from {VERDICTS} where {which}",  # noqa: S608
        [*group],
    ).fetchall()
    found = []
    for column, code, *row in rows:
        about = (column, code, row[0])
        courses = [
            Course(chosen, *(tuple(months.get((*about, chosen, kind), ())) for kind in ("fact", "ahead")))
            for chosen in {place[3] for place in months if place[:3] == about}
        ]
        ordered = sorted(courses, key=lambda one: (-one.facts[-1].value, one.code))
        found.append(Mix((column, code), *row, tuple(ordered)))
    return tuple(sorted(found, key=lambda one: (MIXES.index(one.name), one.group)))
