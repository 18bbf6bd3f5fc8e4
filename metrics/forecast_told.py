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

FORECASTS, MONTHS = "result_forecast", "result_forecast_month"


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

    relative: error over that of the best simple guess, with its interval; coverage: measured, of both intervals.
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
    found = [
        Foretold(
            *row,
            facts=tuple(months.get((row[0], "fact"), ())),
            ahead=tuple(months.get((row[0], "ahead"), ())),
            past=by_origin(months.get((row[0], "past"), [])),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: METRICS.index(one.metric)))


def by_origin(months: list[Month]) -> tuple[tuple[Month, ...], ...]:
    origins = sorted({month.made_on for month in months})
    return tuple(tuple(month for month in months if month.made_on == origin) for origin in origins)
