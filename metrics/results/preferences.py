"""Preferences ahead: in which channels and categories orders will stand in 6 months, in shares that add up to 1.

Shares of the orders of a month, of everybody, forecast as logarithms of each share over the geometric mean of all
(Aitchison 1986), turned back into shares. Judged like the other forecasts, by half the sum of the differences of the
shares, at rolling origins, against the best of the mean, the last month and the same month a year ago; the guess stands
where the forecast is not surely better. Codes that too few customers used in a month of the last year are `other`.

Tables:
  result_preferences         a row a mix (sales_channel, category): status published, no_better or too_few; error over
                             that of the best simple guess with its interval
  result_preferences_month   a row a mix, code and month: kind fact or ahead; share with both intervals; n: orders
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from metrics.results.rows import insert
from metrics.selection import months_later
from metrics.stats.forecast import (
    BENCHMARKS,
    HORIZON,
    LEAST_POINTS,
    LEAST_TRAINED,
    Judged,
    benchmarks,
    forecast,
    judge,
    spread,
)
from metrics.sums import quoted

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "log_ratio_median_of_four"
MIXES = ("sales_channel", "category")
MOST_CODES = 7
OTHER = "other"
TABLES = """
create table result_preferences (
    mix varchar, status varchar, value double, low double, high double, best varchar, n integer, n_origins integer,
    first_on date, last_on date, method varchar
);
create table result_preferences_month (
    mix varchar, code varchar, kind varchar, month date, value double, low_80 double, high_80 double, low double,
    high double, n bigint, method varchar
)
"""
ORDERED = """
select
    {mix} as code,
    cast(date_trunc('month', ordered_on) as date) as month,
    count(*) as n,
    count(distinct customer_id) as people
from fct_order
cross join setting
where
    is_sale
    and {mix} not in ('unknown', 'none')
    and ordered_on <= last_month_end
    and ordered_on >= date_trunc('month', data_from + interval 1 month - interval 1 day)
group by all
order by all
"""


@dataclass(frozen=True)
class Mix:
    """(codes, months): orders, no month without any."""

    codes: tuple[str, ...]
    months: tuple[date, ...]
    orders: np.ndarray

    @property
    def shares(self) -> np.ndarray:
        """Half an order is added to each, so that none is zero."""
        counted = self.orders + 0.5
        return counted / counted.sum(axis=0)


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    for statement in TABLES.split(";"):
        connection.execute(statement)
    for mix in MIXES:
        rows = connection.execute(ORDERED.format(mix=quoted(mix))).fetchall()
        found = mix_of(rows, settings.thresholds.min_group)
        if found is not None:
            told = judged(found.shares) if len(found.months) >= LEAST_POINTS else None
            insert(connection, "result_preferences", [verdict(mix, found, told)])
            insert(connection, "result_preferences_month", months_of(mix, found, told))


def mix_of(rows: list[tuple], min_group: int) -> Mix | None:
    """None with fewer than two codes to choose between, or a month without an order."""
    months = sorted({month for _, month, _, _ in rows})
    if not months or len(months) != 12 * (months[-1].year - months[0].year) + months[-1].month - months[0].month + 1:
        return None
    names = sorted({code for code, *_ in rows})
    orders, people = np.zeros((2, len(names), len(months)))
    for code, month, n, customers in rows:
        place = names.index(code), months.index(month)
        orders[place], people[place] = n, customers
    is_large = people[:, -12:].min(axis=1) >= min_group
    kept = [int(k) for k in np.argsort(-orders.sum(axis=1), kind="stable") if is_large[k]][:MOST_CODES]
    rest = np.setdiff1d(np.arange(len(names)), kept)
    codes = [names[k] for k in kept]
    counted = orders[kept]
    if len(rest) and people[rest][:, -12:].sum(axis=0).min() >= min_group:
        codes, counted = [*codes, OTHER], np.vstack([counted, orders[rest].sum(axis=0)])
    if len(codes) < 2 or not counted.sum(axis=0).all():
        return None
    return Mix(tuple(codes), tuple(months), counted)


def ahead(shares: np.ndarray) -> np.ndarray:
    """(codes, HORIZON): the months that follow, adding up to 1."""
    logs = np.log(shares)
    found = np.exp(forecast(logs - logs.mean(axis=0)))
    return found / found.sum(axis=0)


def guesses(shares: np.ndarray) -> np.ndarray:
    """(codes, guess, HORIZON), each adding up to 1 over the codes."""
    return np.stack(benchmarks(shares), axis=1)


def judged(shares: np.ndarray) -> tuple[Judged, np.ndarray]:
    """The verdict on all codes together; (origin, code, month ahead): what happened less what was foretold, by the
    forecast if it is better, else by the best guess."""
    ours, theirs = [], []
    for origin in range(LEAST_TRAINED, shares.shape[1] - HORIZON + 1):
        past, future = shares[:, :origin], shares[:, origin : origin + HORIZON]
        ours.append(future - ahead(past))
        theirs.append(future[:, None, :] - guesses(past))
    own, others = np.stack(ours), np.stack(theirs)
    found = judge(np.abs(own).sum(axis=1) / 2, np.abs(others).sum(axis=1) / 2)
    return found, own if found.is_better else others[:, :, BENCHMARKS.index(found.best)]


def verdict(mix: str, found: Mix, judgement: tuple[Judged, np.ndarray] | None) -> tuple:
    """`judgement`: what `judged` says of it, None of too few months."""
    span = (found.months[0], found.months[-1], METHOD)
    if judgement is None:
        return (mix, "too_few", None, None, None, None, len(found.months), 0, *span)
    told, _ = judgement
    status = "published" if told.is_better else "no_better"
    return (mix, status, told.relative, told.low, told.high, told.best, len(found.months), told.n_origins, *span)


def months_of(mix: str, found: Mix, judgement: tuple[Judged, np.ndarray] | None) -> Iterator[tuple]:
    shares = found.orders / found.orders.sum(axis=0)
    for k, code in enumerate(found.codes):
        for month, share, n in zip(found.months, shares[k], found.orders[k], strict=True):
            yield (mix, code, "fact", month, float(share), *(None,) * 4, int(n), METHOD)
    if judgement is None:
        return
    told, errors = judgement
    coming = ahead(found.shares) if told.is_better else guesses(found.shares)[:, BENCHMARKS.index(told.best)]
    for k, code in enumerate(found.codes):
        widths = spread(errors[:, k])
        for later in range(HORIZON):
            value = float(coming[k, later])
            ends = (float(np.clip(value + side * width[later], 0, 1)) for width in widths for side in (-1, 1))
            yield (mix, code, "ahead", months_later(found.months[-1], later + 1), value, *ends, None, METHOD)
