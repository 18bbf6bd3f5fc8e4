"""Preferences ahead: in which channels and categories orders will stand in 6 months, in shares that add up to 1.

Shares of the orders of a month, forecast as logarithms of each share over the geometric mean of all (Aitchison 1986),
turned back into shares. Judged like the other forecasts, by half the sum of the differences of the shares, at rolling
origins, against the best of the mean, the last month and the same month a year ago; the guess stands where the forecast
is not surely better. Codes that too few customers used in a month of the last year are `other`.

Of everybody, and of each value of each segment column that used each code with enough customers in every month, the
rest being `other`: as many codes as leave half of the values, so that no small number follows by subtraction; judged
together with all other values (Bonferroni).

Tables (column_name and code: '' = everybody):
  result_preferences         a row a group and mix (sales_channel, category): status published, no_better or too_few;
                             error over that of the best simple guess with its interval
  result_preferences_month   a row a group, mix, code chosen and month: kind fact or ahead; share with both intervals;
                             n: orders
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from metrics.results.groups import EVERYBODY, Group
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
from metrics.stats.intervals import Estimate
from metrics.stats.multiple import widened
from metrics.sums import quoted
from metrics.suppression import hidden_codes

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "log_ratio_median_of_four"
MIXES = ("sales_channel", "category")
MOST_CODES = 7
OTHER, YEAR = "other", 12
TABLES = """
create table result_preferences (
    column_name varchar, code varchar, mix varchar, status varchar, value double, low double, high double,
    best varchar, n integer, n_origins integer, first_on date, last_on date, method varchar
);
create table result_preferences_month (
    column_name varchar, code varchar, mix varchar, chosen varchar, kind varchar, month date, value double,
    low_80 double, high_80 double, low double, high double, n bigint, method varchar
)
"""
ORDERED = """
select
    {group} as grouped,
    {mix} as chosen,
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
class Counted:
    """(codes, months): orders, and customers who ordered; no month missing between the first and the last."""

    codes: tuple[str, ...]
    months: tuple[date, ...]
    orders: np.ndarray
    people: np.ndarray

    def enough(self, code: str, months: int, least: int) -> bool:
        """Whether as many customers used it in each of the last months."""
        return code in self.codes and self.people[self.codes.index(code), -months:].min() >= least

    def rest(self, codes: Sequence[str]) -> np.ndarray:
        """(months,): customers of all other codes."""
        return self.people[np.isin(self.codes, codes, invert=True)].sum(axis=0)

    def mix(self, codes: Sequence[str], has_rest: bool) -> "Mix":
        """These codes, and all others as one."""
        orders = [self.orders[self.codes.index(code)] if code in self.codes else 0 * self.orders[0] for code in codes]
        if not has_rest:
            return Mix(tuple(codes), self.months, np.stack(orders))
        others = self.orders[np.isin(self.codes, codes, invert=True)].sum(axis=0)
        return Mix((*codes, OTHER), self.months, np.stack([*orders, others]))


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
    least = settings.thresholds.min_group
    for mix in MIXES:
        found = of_everybody(next(iter(counted(connection, mix, "").values()), None), least)
        if found is None:
            continue
        groups: dict[Group, Mix] = {}
        for column in settings.segment_columns:
            of_column = of_groups(counted(connection, mix, column), found.codes, least)
            groups |= {(column, code): own for code, own in of_column.items()}
        for group, own in ({EVERYBODY: found} | groups).items():
            looks = 1 if group == EVERYBODY else len(groups)
            told = judged(own.shares, looks) if len(own.months) >= LEAST_POINTS else None
            insert(connection, "result_preferences", [(*group, *verdict(mix, own, told))])
            insert(connection, "result_preferences_month", ((*group, *row) for row in months_of(mix, own, told)))


def counted(connection: "duckdb.DuckDBPyConnection", mix: str, column: str) -> dict[str, Counted]:
    """Of each value of a column, of everybody without one; those with a month without an order are left out."""
    group = quoted(column) if column else "''"
    rows = connection.execute(ORDERED.format(mix=quoted(mix), group=group)).fetchall()
    found = {}
    for value in sorted({row[0] for row in rows}):
        own = [row[1:] for row in rows if row[0] == value]
        months, codes = sorted({row[1] for row in own}), sorted({row[0] for row in own})
        if len(months) == 12 * (months[-1].year - months[0].year) + months[-1].month - months[0].month + 1:
            orders, people = np.zeros((2, len(codes), len(months)))
            for code, month, n, customers in own:
                place = codes.index(code), months.index(month)
                orders[place], people[place] = n, customers
            found[value] = Counted(tuple(codes), tuple(months), orders, people)
    return found


def of_everybody(known: Counted | None, least: int) -> Mix | None:
    """None with fewer than two codes to choose between, or a month without an order. Too few others are left out."""
    if known is None:
        return None
    ordered = [known.codes[k] for k in np.argsort(-known.orders.sum(axis=1), kind="stable")]
    codes = [code for code in ordered if known.enough(code, YEAR, least)][:MOST_CODES]
    found = known.mix(codes, known.rest(codes)[-YEAR:].min() >= least) if codes else None
    return found if found and len(found.codes) > 1 and found.orders.sum(axis=0).all() else None


def of_groups(known: Mapping[str, Counted], codes: Sequence[str], least: int) -> dict[str, Mix]:
    """Mixes of one set of codes: as many of everybody's as leave at least half of the groups to be shown."""
    named = {value: one for value, one in known.items() if one.people.sum(axis=0).min() > 0}
    for kept in (codes[:size] for size in range(len(codes), 0, -1)):
        hidden = hidden_codes({value: smallest(one, kept) for value, one in named.items()}, least)
        shown = {value: one for value, one in sorted(named.items()) if value not in hidden}
        if 2 * len(shown) >= len(named) and not is_small([named[value] for value in hidden], kept, least):
            mixes = {value: one.mix(kept, bool(one.rest(kept).any())) for value, one in shown.items()}
            return {value: mix for value, mix in mixes.items() if len(mix.codes) > 1}
    return {}


def smallest(one: Counted, codes: Sequence[str]) -> int:
    """Customers of the month and code with the fewest, the others taken as one; nobody in others is no few."""
    cells = [one.people[one.codes.index(code)] if code in one.codes else 0 * one.people[0] for code in codes]
    rest = one.rest(codes)
    return max(1, int(np.min([*cells, *([rest] if rest.any() else [])])))


def is_small(hidden: Sequence[Counted], codes: Sequence[str], least: int) -> bool:
    """Whether groups left out, which follow together from the others, are too few of some code in some month."""
    together: dict[tuple[str, date], float] = {}
    for one in hidden:
        for code, row in zip(one.codes, one.people, strict=True):
            for month, people in zip(one.months, row, strict=True):
                place = (code if code in codes else OTHER, month)
                together[place] = together.get(place, 0) + people
    return any(0 < people < least for people in together.values())


def ahead(shares: np.ndarray) -> np.ndarray:
    """(codes, HORIZON): the months that follow, adding up to 1."""
    logs = np.log(shares)
    found = np.exp(forecast(logs - logs.mean(axis=0)))
    return found / found.sum(axis=0)


def guesses(shares: np.ndarray) -> np.ndarray:
    """(codes, guess, HORIZON), each adding up to 1 over the codes."""
    return np.stack(benchmarks(shares), axis=1)


def judged(shares: np.ndarray, looks: int = 1) -> tuple[Judged, np.ndarray]:
    """The verdict on all codes together, which holds for so many mixes; (origin, code, month ahead): what happened less
    what was foretold, by the forecast if it is better, else by the best guess."""
    ours, theirs = [], []
    for origin in range(LEAST_TRAINED, shares.shape[1] - HORIZON + 1):
        past, future = shares[:, :origin], shares[:, origin : origin + HORIZON]
        ours.append(future - ahead(past))
        theirs.append(future[:, None, :] - guesses(past))
    own, others = np.stack(ours), np.stack(theirs)
    found = judge(np.abs(own).sum(axis=1) / 2, np.abs(others).sum(axis=1) / 2)
    if looks > 1:
        wide = widened(Estimate(found.relative, found.low, found.high), looks)
        found = replace(found, low=max(0.0, wide.low), high=wide.high)
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
