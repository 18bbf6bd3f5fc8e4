"""The outcome of an action by month, of every unit that could have had it: which units had it, which are compared.

A unit is a combination of codes of the columns that the action's conditions name (a region; a team). Outcome and
comparison are those of the register; without a comparison, half of the other units are taken, those that ran most
alike before. Left out of the others is a unit with an action of its own on the same metric at the time.
Before: up to 24 months, ending three months before the month in which the action was decided (it followed bad months).
After: up to 12 whole months from the day it was done, as far as the outcome can be judged, and not beyond the next
action on the same metric there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from metrics.action_gap import covers
from metrics.definitions import Catalogue, Metric
from metrics.selection import months_later
from metrics.stats.action_effect import LEAST_AFTER, Windows
from metrics.sums import code_sql, filters_of, quoted

if TYPE_CHECKING:
    import duckdb

MONTHS_BEFORE, MONTHS_LEFT_OUT, MONTHS_AFTER = 24, 3, 12
MOST_COLUMNS, MOST_UNITS = 3, 60
LACKING = ("unknown", "none")
Unit = tuple[str, ...]
Where = tuple[tuple[str, str], ...]
SUMS = ("numerator", "denominator", "n", "people")


@dataclass(frozen=True)
class Registered:
    """An action of the register. `where`, `compared`: column and code; several codes of a column are alternatives."""

    number: str
    metric: str
    pillar: str | None
    where: Where
    compared: Where
    expected: float | None
    opened_on: date | None
    started_on: date | None
    done_on: date | None

    @property
    def decided_on(self) -> date | None:
        return self.opened_on or self.started_on or self.done_on

    @property
    def from_month(self) -> date | None:
        """The first whole month after it was done."""
        if self.done_on is None:
            return None
        begun = self.done_on.replace(day=1)
        return begun if begun == self.done_on else months_later(begun, 1)


@dataclass(frozen=True)
class Series:
    """Of every unit (first axis) by month: the value, the rows behind it, the different people.

    are_apart: nobody is in two units, since customers make them; the same customer may call several teams.
    """

    units: tuple[Unit, ...]
    months: tuple[date, ...]
    values: np.ndarray
    rows: np.ndarray
    people: np.ndarray
    are_apart: bool

    def people_at_least(self, units: Sequence[int]) -> np.ndarray:
        """Different people of some units together, by month."""
        found = self.people[list(units)]
        return found.sum(axis=0) if self.are_apart else found.max(axis=0)


@dataclass(frozen=True)
class Sides:
    """Places of the units acted on, compared, and all others without an action of their own on the same metric."""

    acted: tuple[int, ...]
    compared: tuple[int, ...]
    others: tuple[int, ...]


def columns_of_action(action: Registered) -> tuple[str, ...]:
    return tuple(sorted({column for column, _ in (*action.where, *action.compared)}))


def series(
    connection: "duckdb.DuckDBPyConnection",
    catalogue: Catalogue,
    metric: Metric,
    columns: Sequence[str],
    where: Mapping[str, Sequence[str]],
    named: Sequence[Where] = (),
) -> Series | None:
    """Whole months that can be judged, of the largest units and those `named`.

    Amounts and counts are logarithms, so that a change is one in proportion.
    """
    months = whole_months(catalogue, metric)
    if not months:
        return None
    found = connection.execute(*monthly_sql(metric, columns, where, months[0], months_later(months[-1], 1))).fetchall()
    place = {month: i for i, month in enumerate(months)}
    size: dict[Unit, int] = {}
    for row in found:
        size[tuple(row[1])] = size.get(tuple(row[1]), 0) + row[4]
    largest = set(sorted(size, key=lambda unit: (-size[unit], unit))[:MOST_UNITS])
    called = {unit for unit in size for one in named if one and covers(one, dict(zip(columns, unit, strict=True)))}
    units = tuple(sorted(largest | called))
    row_of = {unit: i for i, unit in enumerate(units)}
    table = np.zeros((4, len(units), len(months)))
    for month, unit, *sums in found:
        if tuple(unit) in row_of:
            table[:, row_of[tuple(unit)], place[month]] = [value or 0 for value in sums]
    are_apart = set(columns) <= set(catalogue.ground.segments)
    return Series(units, months, values_of(metric, table), table[2], table[3], are_apart)


def values_of(metric: Metric, table: np.ndarray) -> np.ndarray:
    numerator, denominator, n, _ = table
    with np.errstate(invalid="ignore", divide="ignore"):
        if metric.quantile is not None:
            return np.where(n > 0, numerator, np.nan)
        if is_amount(metric):
            return np.where(numerator > 0, np.log(metric.scale * numerator), np.nan)
        return np.where(denominator != 0, metric.scale * numerator / denominator, np.nan)


def is_amount(metric: Metric) -> bool:
    """An amount or a count: compared by how many times it grew."""
    return metric.is_total and metric.quantile is None


def whole_months(catalogue: Catalogue, metric: Metric) -> tuple[date, ...]:
    """First days of the whole months of the data in which everything of the metric can be judged."""
    first, end = catalogue.ground.data_from, catalogue.ground.judged_until(metric).replace(day=1)
    start = first if first.day == 1 else months_later(first.replace(day=1), 1)
    count = (end.year - start.year) * 12 + end.month - start.month
    return tuple(months_later(start, i) for i in range(max(0, count)))


def monthly_sql(
    metric: Metric, columns: Sequence[str], where: Mapping[str, Sequence[str]], first: date, end: date
) -> tuple[str, list[object]]:
    """Rows (month, codes of the unit, numerator, denominator, n, people), all as numbers."""
    person = quoted(metric.person)
    top = f"quantile_cont({metric.value}, {metric.quantile})" if metric.quantile is not None else metric.numerator
    people = f"count(distinct {person}) + count(*) filter (where {person} is null)"
    parts = [(metric.view, metric.date, metric.where, (top, metric.denominator or "1", "count(*)", people))]
    if metric.per is not None:
        parts[0] = (*parts[0][:3], (top, "0", "0", "0"))
        per = metric.per
        parts.append((per.view, per.date, per.where, ("0", per.denominator, "count(*)", people)))
    limits, values = filters_of(tuple((column, tuple(codes)) for column, codes in where.items()))
    unit = ", ".join(code_sql(column) for column in columns)
    selects, bound = [], []
    for view, day, kept, sums in parts:
        named = ", ".join(f"cast({sql} as double) as {name}" for name, sql in zip(SUMS, sums, strict=True))
        selects.append(
            f"select cast(date_trunc('month', {quoted(day)}) as date) as month, [{unit}]::varchar[] as unit, "  # noqa: S608
            f"{named} from {quoted(view)} "
            f"where ({kept}) and {quoted(day)} >= ? and {quoted(day)} < ?{limits} group by all"
        )
        bound += [first, end, *values]
    body = " union all ".join(selects)
    totals = ", ".join(f"sum({name}) as {name}" for name in SUMS)
    return f"select month, unit, {totals} from ({body}) group by all order by all", bound  # noqa: S608


def sides(found: Series, action: Registered, columns: Sequence[str], register: Sequence[Registered]) -> Sides:
    """Which units are on which side; nobody is compared where the register names units that are not there."""
    codes = [dict(zip(columns, unit, strict=True)) for unit in found.units]
    acted = [i for i, unit in enumerate(codes) if covers(action.where, unit)]
    busy = {
        i
        for other in register
        if other.number != action.number and other.metric == action.metric and overlaps(action, other)
        for i, unit in enumerate(codes)
        if covers(other.where, unit)
    }
    named = [i for i, unit in enumerate(codes) if not set(unit.values()) & set(LACKING) and i not in acted]
    others = [i for i in named if i not in busy]
    declared = [i for i in named if action.compared and covers(action.compared, codes[i])]
    compared = [i for i in declared if i not in busy] or declared
    return Sides(tuple(acted), tuple(compared), tuple(sorted({*others, *compared})))


def overlaps(action: Registered, other: Registered) -> bool:
    """Whether another action began in the months that are compared for this one."""
    began = other.started_on or other.opened_on
    if began is None or action.decided_on is None or action.done_on is None or not other.where:
        return False
    first, last = months_later(action.decided_on, -MONTHS_BEFORE), months_later(action.done_on, MONTHS_AFTER)
    return first <= began < last


def windows(found: Series, action: Registered, register: Sequence[Registered]) -> Windows:
    """Places of the months compared; the side after may be empty."""
    decided = action.decided_on.replace(day=1)
    to = place_of(found.months, months_later(decided, -MONTHS_LEFT_OUT + 1))
    after = place_of(found.months, action.from_month)
    limit = min([months_later(action.from_month, MONTHS_AFTER), *nexts(action, register)])
    return Windows(max(0, to - MONTHS_BEFORE), to, after, max(after, place_of(found.months, limit)))


def nexts(action: Registered, register: Sequence[Registered]) -> list[date]:
    """Months in which later actions on the same metric began for the same customers: what follows is theirs too."""
    same = [o for o in register if o.metric == action.metric and o.started_on and set(o.where) & set(action.where)]
    return [o.started_on.replace(day=1) for o in same if o.started_on > action.done_on]


def place_of(months: Sequence[date], day: date) -> int:
    """Months of the series before a day."""
    return sum(month < day for month in months)


def told_from(action: Registered, metric: Metric, catalogue: Catalogue) -> date:
    """The first day of data with which the action can be judged."""
    wait = catalogue.ground.as_of - catalogue.ground.judged_until(metric)
    return months_later(action.from_month, LEAST_AFTER) + wait
