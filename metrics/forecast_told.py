"""Forecasts, read from what metrics/results/forecasts.py made at refresh: of everybody or of the one group selected."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.promise_costs import group_of
from metrics.results.forecasts import METRICS
from metrics.selection import Selection

if TYPE_CHECKING:
    import duckdb

FORECASTS, MONTHS, KEPT = "result_forecast", "result_forecast_month", "result_forecast_kept"


@dataclass(frozen=True)
class Month:
    """A month of a series; intervals are None for what happened. made_on: the last month known when it was foretold."""

    month: date
    value: float
    low_80: float | None
    high_80: float | None
    low: float | None
    high: float | None
    n: int | None
    made_on: date | None


@dataclass(frozen=True)
class Foretold:
    """`status`: published, no_better (then `ahead` is the simple guess `best`), too_few (then there is none).

    relative: error over that of the best simple guess, with its interval; coverage: measured, of both intervals. past:
    what would have been foretold at earlier months, made again today; kept: of each month that has come, what an
    earlier snapshot foretold, the earliest that is kept.
    """

    metric: str
    status: str
    relative: float | None
    low: float | None
    high: float | None
    best: str | None
    n: int
    n_origins: int
    coverage_80: float | None
    coverage_95: float | None
    facts: tuple[Month, ...]
    ahead: tuple[Month, ...]
    past: tuple[tuple[Month, ...], ...]
    kept: tuple[Month, ...]

    @property
    def held(self) -> int:
        """How many of `kept` came inside their 80 % interval."""
        came = {fact.month: fact.value for fact in self.facts}
        return sum(one.low_80 <= came[one.month] <= one.high_80 for one in self.kept)


def foretold(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> tuple[Foretold, ...]:
    """In the order of METRICS; () for more than one group at once."""
    group = group_of(selection)
    if group is None or FORECASTS not in catalogue.ground.columns:
        return ()
    rows = cursor.execute(
        "select metric, status, value, low, high, best, n, n_origins, coverage_80, coverage_95 "  # noqa: S608
        f"from {FORECASTS} where column_name = ? and code = ?",
        [*group],
    ).fetchall()
    months: dict[tuple[str, str], list[Month]] = {}
    for metric, kind, *numbers in cursor.execute(
        "select metric, kind, month, value, low_80, high_80, low, high, n, made_on "  # noqa: S608
        f"from {MONTHS} where column_name = ? and code = ? order by made_on, month",
        [*group],
    ).fetchall():
        months.setdefault((metric, "ahead" if kind in ("forecast", "guess") else kind), []).append(Month(*numbers))
    kept = kept_months(cursor, group) if KEPT in catalogue.ground.columns else {}
    found = [
        Foretold(
            *row,
            facts=tuple(months.get((row[0], "fact"), ())),
            ahead=tuple(months.get((row[0], "ahead"), ())),
            past=by_origin(months.get((row[0], "past"), [])),
            kept=earliest(kept.get(row[0], []), months.get((row[0], "fact"), [])),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: METRICS.index(one.metric)))


def kept_months(cursor: "duckdb.DuckDBPyConnection", group: tuple[str, str]) -> dict[str, list[Month]]:
    """By metric, the earliest made first."""
    found: dict[str, list[Month]] = {}
    for metric, *numbers in cursor.execute(
        "select metric, month, value, low_80, high_80, low, high, null, made_on "  # noqa: S608
        f"from {KEPT} where column_name = ? and code = ? order by made_on, month",
        [*group],
    ).fetchall():
        found.setdefault(metric, []).append(Month(*numbers))
    return found


def earliest(kept: list[Month], facts: list[Month]) -> tuple[Month, ...]:
    """Of each month that has come, in order."""
    came, first = {fact.month for fact in facts}, {}
    for one in kept:
        if one.month in came and one.made_on < one.month:
            first.setdefault(one.month, one)
    return tuple(first[month] for month in sorted(first))


def by_origin(months: list[Month]) -> tuple[tuple[Month, ...], ...]:
    origins = sorted({month.made_on for month in months})
    return tuple(tuple(month for month in months if month.made_on == origin) for origin in origins)
