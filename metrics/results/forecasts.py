"""Forecasts: months ahead of what the pages measure, published only where surely better than the simplest guesses.

Each series is a metric by whole months, of everyone or of one group, as the pages measure it. A month without a number
(too few people, nothing to count) ends the usable past; the last month of amounts that returns still lower is left out,
and so are the first months of what looks back further than the data goes.
Money and counts are forecast as logarithms, shares and scores as they are (metrics/stats/forecast.py).

Tables:
  result_forecast        a row a metric and group: status published, no_better or too_few; error over that of the best
                         of the simple guesses with its interval; measured coverage of the 80 and 95 % intervals
  result_forecast_month  months of a series: kind fact; forecast, or guess (the best simple one) when it is no better;
                         past, what was forecast or guessed at an earlier month, `made_on`; with both intervals
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from metrics.definitions import Catalogue, Metric, catalogue_of
from metrics.query import measure
from metrics.results.rows import insert
from metrics.selection import Period, Selection, months_later
from metrics.stats.forecast import BENCHMARKS, HORIZON, LEAST_POINTS, Judged, benchmarks, forecast, judged, spread

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "median_of_four"
METRICS = ("revenue", "active_customers", "nps", "promise_kept", "repeat_contact_rate", "contacts")
STILL_FALLING = {"revenue": 1}  # months at the end that returns still lower
DRAWN = (6, 12)  # months before the last one at which the drawn past forecasts were made
TABLES = """
create table result_forecast (
    metric varchar, column_name varchar, code varchar, status varchar, value double, low double, high double,
    best varchar, n integer, n_origins integer, coverage_80 double, coverage_95 double, first_on date, last_on date,
    method varchar
);
create table result_forecast_month (
    metric varchar, column_name varchar, code varchar, kind varchar, made_on date, month date, value double,
    low_80 double, high_80 double, low double, high double, n bigint, method varchar
)
"""


@dataclass(frozen=True)
class Series:
    """A metric of a group by whole months without a gap, oldest first; `n`: rows behind each."""

    group: tuple[str, str]
    months: tuple[date, ...]
    values: np.ndarray
    n: tuple[int, ...]


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    for statement in TABLES.split(";"):
        connection.execute(statement)
    catalogue = catalogue_of(connection)
    (last,) = connection.execute("select last_month_end from setting").fetchone()
    for name in METRICS:
        metric = catalogue.metrics.get(name)
        if metric is None or not is_known(catalogue, metric):
            continue
        found = list(series_of(connection, catalogue, metric, settings.segment_columns, last))
        told, months = forecasts(metric, found)
        insert(connection, "result_forecast", told)
        insert(connection, "result_forecast_month", months)


def is_known(catalogue: Catalogue, metric: Metric) -> bool:
    return metric.view in catalogue.ground.columns and metric.date in catalogue.ground.columns[metric.view]


def series_of(
    connection: "duckdb.DuckDBPyConnection", catalogue: Catalogue, metric: Metric, segments: Sequence[str], last: date
) -> Iterator[Series]:
    """Of everyone, then of each code of each segment column."""
    ground = catalogue.ground
    start = ground.data_from.replace(day=1)  # what is not known in whole is left out by measure
    end = months_later(last.replace(day=1), 1 - STILL_FALLING.get(metric.name, 0))
    if start >= end:
        return
    asked = Selection(Period(start, end))
    for column in ("", *(c for c in segments if c in ground.segments)):
        by = (column,) if column else ()
        groups: dict[str, list] = {}
        for found in measure(connection, catalogue, metric.name, asked, by, "month"):
            groups.setdefault(dict(found.group).get(column, ""), []).append(found)
        for code, months in groups.items():
            known = without_gap(months)
            if known:
                values = np.array([m.value for m in known], float)
                yield Series((column, code), tuple(m.start for m in known), values, tuple(m.n or 0 for m in known))


def without_gap(months: Sequence) -> list:
    """The latest run of months with a number, up to the last month."""
    known: list = []
    for month in reversed(months):
        if month.value is None:
            break
        known.append(month)
    return known[::-1]


def forecasts(metric: Metric, found: Sequence[Series]) -> tuple[list[tuple], list[tuple]]:
    """Rows of both tables; series of equal length are computed together."""
    told, months = [], []
    for length in sorted({len(each.values) for each in found}):
        alike = [each for each in found if len(each.values) == length]
        is_log = metric.unit in ("money", "count") and min(each.values.min() for each in alike) > 0
        y = np.stack([each.values for each in alike])
        y = np.log(y) if is_log else y
        judgements = judged(y) if length >= LEAST_POINTS else [None] * len(alike)
        ahead = {back: guesses(y[:, : length - back]) for back in (0, *DRAWN)} if length >= LEAST_POINTS else {}
        for k, (series, judgement) in enumerate(zip(alike, judgements, strict=True)):
            told.append(verdict(metric, series, judgement))
            months += facts(metric, series)
            if judgement is not None:
                name = "forecast" if judgement.is_better else judgement.best
                for back, values in ahead.items():
                    months += predicted(metric, series, judgement, values[name][k], back, is_log)
    return told, months


def guesses(y: np.ndarray) -> dict[str, np.ndarray]:
    """The forecast and each of the simple guesses it is judged against."""
    return {"forecast": forecast(y), **dict(zip(BENCHMARKS, benchmarks(y), strict=True))}


def verdict(metric: Metric, series: Series, found: Judged | None) -> tuple:
    about = (metric.name, *series.group)
    span = (series.months[0], series.months[-1], METHOD)
    if found is None:
        return (*about, "too_few", None, None, None, None, len(series.values), 0, None, None, *span)
    status = "published" if found.is_better else "no_better"
    counts = (len(series.values), found.n_origins, *found.coverage)
    return (*about, status, found.relative, found.low, found.high, found.best, *counts, *span)


def facts(metric: Metric, series: Series) -> Iterator[tuple]:
    for month, value, n in zip(series.months, series.values, series.n, strict=True):
        yield (metric.name, *series.group, "fact", None, month, float(value), *(None,) * 4, n, METHOD)


def predicted(
    metric: Metric, series: Series, judgement: Judged, values: np.ndarray, back: int, is_log: bool
) -> Iterator[tuple]:
    """The months after `back` months before the last one, with their intervals, inside what the metric can be."""
    made_on = series.months[-1 - back]
    kind = "past" if back else "forecast" if judgement.is_better else "guess"
    widths = spread(judgement.errors)
    for k in range(HORIZON):
        ends = (values[k], *(values[k] + side * width[k] for width in widths for side in (-1, 1)))
        shown = [float(x) for x in inside(metric, np.exp(ends) if is_log else np.array(ends))]
        month = months_later(made_on, k + 1)
        yield (metric.name, *series.group, kind, made_on, month, *shown, None, METHOD)


def inside(metric: Metric, values: np.ndarray) -> np.ndarray:
    limits = {"share": (0, 1), "points": (-100, 100)}.get(metric.unit, (0, np.inf))
    return np.clip(values, *limits)
