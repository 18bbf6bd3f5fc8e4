"""Did each finished action work? Where it was done against where it was not, before and after.

Outcome, customers and comparison are those of the register, fixed before anything is known; action_series.py says which
months and units are compared, metrics/stats/action_effect.py how. What the register does not say is not guessed.

Tables, empty without a register:
  result_action        one row per action that is not dropped
    state              none, under_way, finished, on the last day of the data
    verdict            of finished ones: worked, no_evidence, too_early, cannot_tell; why says more:
                       no_metric (none named, or not in this snapshot), no_columns (the metric does not know the
                       conditions), few_people, few_months, few_units, no_comparison, not_parallel, no_direction
    value, low, high   change against the comparison, in the metric's unit (amounts: of a month), positive or negative
    detectable         smallest change that would have been found four times in five
    came_true          against the change expected: yes (worked, and no surely smaller), short (surely smaller), unsure
    trend...           of the gap before, a year; spread, p, n_placebos, n_units: what happens where nothing was done
  result_action_month  its months: side acted or compared; n: rows behind; the months left out are there too
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from metrics.action_gap import FINISHED, conditions, done_where, state_on
from metrics.definitions import Catalogue, Metric, catalogue_of
from metrics.promises import facts
from metrics.results.action_rows import ACTION, MONTH, Row
from metrics.results.action_series import (
    MOST_COLUMNS,
    Registered,
    Series,
    Sides,
    columns_of_action,
    is_amount,
    series,
    sides,
    told_from,
    windows,
)
from metrics.results.rows import insert
from metrics.selection import months_later
from metrics.stats.action_effect import (
    LEAST_AFTER,
    LEAST_BEFORE,
    LEAST_OTHERS,
    SURE,
    Effect,
    Windows,
    effect,
    nearest,
    shift,
    side,
)
from metrics.stats.intervals import Estimate

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

WORKED, NO_EVIDENCE, TOO_EARLY, CANNOT_TELL = "worked", "no_evidence", "too_early", "cannot_tell"
ALONE, ALONE_SHORT = "interrupted_series", "before_after"
YEAR = 12
REGISTER = """
select action_id, target_metric, pillar, applies_to, comparison, team, expected_change, opened_on, started_on, done_on
from canonical.actions
where coalesce(status, '') <> 'dropped'
order by action_id
"""


@dataclass(frozen=True)
class Case:
    """A finished action with all that it is judged by."""

    action: Registered
    metric: Metric
    found: Series
    sides: Sides
    windows: Windows
    min_group: int

    @property
    def parts(self) -> list[tuple[tuple[int, ...], slice]]:
        """Those acted on after and before, those compared before and after."""
        w, s = self.windows, self.sides
        return [(s.acted, w.after), (s.acted, w.before), (s.compared, w.before), (s.compared, w.after)]

    @property
    def rows(self) -> list[int]:
        """Rows of each part."""
        return [int(self.found.rows[list(units), part].sum()) for units, part in self.parts]

    @property
    def people(self) -> int:
        """At least so many different people stand behind every part: those of its fullest month."""
        known = [(units, part) for units, part in self.parts if units]
        return min(int(self.found.people_at_least(units)[part].max(initial=0)) for units, part in known)


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    connection.execute(ACTION)
    connection.execute(MONTH)
    register = registered(connection)
    if not register:
        return
    catalogue = catalogue_of(connection)
    rows, months = [], []
    for action in register:
        row = Row(action.number, state_on(catalogue.ground.as_of, action.started_on, action.done_on))
        row.metric, row.expected = action.metric or None, action.expected
        case = judge(connection, catalogue, settings, action, register, row) if row.state == FINISHED else None
        rows.append(row.cells())
        months += monthly(case) if case else []
    insert(connection, "result_action", rows)
    insert(connection, "result_action_month", months)


def registered(connection: "duckdb.DuckDBPyConnection") -> list[Registered]:
    found = []
    for number, metric, pillar, applies, comparison, team, *rest in connection.execute(REGISTER).fetchall():
        where = done_where(applies, team)
        found.append(Registered(number, metric or "", pillar, where, conditions(comparison), *rest))
    return found


def judge(
    connection: "duckdb.DuckDBPyConnection",
    catalogue: Catalogue,
    settings: "Settings",
    action: Registered,
    register: Sequence[Registered],
    row: Row,
) -> Case | None:
    """Write the verdict of a finished action into its row; the case, where there is anything to draw."""
    metric = catalogue.metrics.get(action.metric)
    row.verdict = CANNOT_TELL
    if metric is None or metric.change_of or metric.part_of_whole or metric.view not in catalogue.ground.columns:
        row.why = "no_metric"
        return None
    columns, known = columns_of_action(action), catalogue.ground.columns[metric.view]
    if len(columns) > MOST_COLUMNS or not known >= {*columns, metric.date}:
        row.why = "no_columns"
        return None
    where = next((f.where for f in facts(settings) if (f.promise, f.metric) == (action.pillar, action.metric)), ())
    found = series(connection, catalogue, metric, columns, dict(where), (action.where, action.compared))
    if found is None or not found.units:
        row.why = "few_months"
        return None
    least = catalogue.ground.min_group if metric.people == "customers" else catalogue.ground.min_group_culture
    case = Case(action, metric, found, sides(found, action, columns, register), windows(found, action, register), least)
    case = with_comparison(case, row)
    timed(case, row)
    if case.windows.after_to - case.windows.after_from < LEAST_AFTER:
        row.verdict, row.why, row.told_from = TOO_EARLY, None, told_from(action, metric, catalogue)
    else:
        weigh(case, row)
    return case if row.why not in ("few_people", "no_columns") else None


def with_comparison(case: Case, row: Row) -> Case:
    """The case with the units that it is compared with: those declared, else the most alike before."""
    s, row.is_declared = case.sides, bool(case.action.compared)
    compared = s.compared
    if not row.is_declared and s.acted and s.others:
        compared = tuple(nearest(case.found.values, case.found.rows, s.acted, s.others, case.windows.before))
    row.compared = [" · ".join(case.found.units[i]) for i in compared]
    return Case(case.action, case.metric, case.found, Sides(s.acted, compared, s.others), case.windows, case.min_group)


def timed(case: Case, row: Row) -> None:
    """The days of the months compared, ends not included."""
    w, months = case.windows, (*case.found.months, months_later(case.found.months[-1], 1))
    row.before_from, row.before_to = months[w.before_from], months[w.before_to]
    row.after_from, row.after_to = case.action.from_month, months[max(w.after_from, w.after_to)]


def weigh(case: Case, row: Row) -> None:
    """The effect with its verdict, or why it cannot be told."""
    s, w = case.sides, case.windows
    if not s.acted:
        row.why = "no_columns"
    elif case.people < case.min_group:
        row.why = "few_people"
    elif w.before_to - w.before_from < LEAST_BEFORE:
        row.why = "few_months"
    elif not s.compared:
        row.why = "no_comparison"
        alone(case, row)
    else:
        judged = effect(case.found.values, case.found.rows, s.acted, s.compared, s.others, w)
        if judged is None:
            row.why = "few_units" if len(s.others) < LEAST_OTHERS else "few_months"
            row.n_units = len(s.others)
        else:
            told(case, judged, row)


def told(case: Case, judged: Effect, row: Row) -> None:
    """All numbers of an effect, and what they come to."""
    row.n, row.n_before, row.n_other_before, row.n_other_after = case.rows
    levels = judged.levels
    row.before, row.after, row.other_before, row.other_after = (in_unit(case.metric, level) for level in levels)
    row.value, row.low, row.high = (changed(case.metric, levels[0], end) for end in ends(judged.value))
    row.detectable = abs(changed(case.metric, levels[0], judged.detectable))
    row.trend, row.trend_low, row.trend_high = (changed(case.metric, levels[0], end) for end in ends(judged.trend))
    row.spread, row.p, row.n_placebos, row.n_units = judged.spread, judged.p, judged.n_placebos, judged.n_units
    good = direction(case)
    if good == 0:
        row.why = "no_direction"
    elif 1 / (1 + judged.n_placebos) > SURE:
        row.why = "few_units"
    elif not judged.is_parallel:
        row.why = "not_parallel"
    else:
        is_sure = good * (judged.value.low if good > 0 else judged.value.high) > 0 and judged.p <= SURE
        row.verdict = WORKED if is_sure else NO_EVIDENCE
        row.came_true = against_expected(row, good)


def against_expected(row: Row, good: int) -> str | None:
    if row.expected is None:
        return None
    most = good * (row.high if good > 0 else row.low)
    if most < good * row.expected:
        return "short"
    return "yes" if row.verdict == WORKED else "unsure"


def direction(case: Case) -> int:
    """1 when more is good, -1 when less is; where the metric has no good side, the side expected."""
    known = {"up": 1, "down": -1}.get(case.metric.direction)
    return known or int(np.sign(case.action.expected or 0))


def ends(estimate: Estimate) -> tuple[float, float, float]:
    return estimate.value, estimate.low, estimate.high


def in_unit(metric: Metric, level: float) -> float:
    return float(np.exp(level)) if is_amount(metric) else level


def changed(metric: Metric, before: float, change: float) -> float:
    """A change in the metric's unit; of amounts and counts, starting from their level before."""
    return float(np.exp(before + change) - np.exp(before)) if is_amount(metric) else change


def alone(case: Case, row: Row) -> None:
    """Nobody to compare with: the change against the year before, less that of the months before. Never a verdict.

    Against the months before where a year earlier is not known.
    """
    own, spread = side(case.found.values, case.found.rows, case.sides.acted, case.windows.before)
    yearly = np.full(len(own), np.nan)
    yearly[YEAR:] = own[YEAR:] - own[:-YEAR]
    w = case.windows
    moved, row.method = shift(yearly, 1 / spread, w), ALONE
    if moved is None:
        moved, row.method = shift(own, 1 / spread, w), ALONE_SHORT
    if moved is None:
        return
    row.n, row.n_before, *_ = case.rows
    row.before, row.after = (in_unit(case.metric, float(np.nanmean(own[part]))) for part in (w.before, w.after))
    low, high = moved.interval
    start = float(np.nanmean(own[w.before]))
    row.value, row.low, row.high = (changed(case.metric, start, end) for end in (moved.value, low, high))


def monthly(case: Case) -> Iterator[tuple]:
    """Months of both sides with people enough on each; all of them, also those that are not compared."""
    s, found = case.sides, case.found
    last = max(case.windows.after_to, case.windows.after_from)
    for name, units in (("acted", s.acted), ("compared", s.compared)):
        if units:
            level, _ = side(found.values, found.rows, units, case.windows.before)
            people, rows = found.people_at_least(units), found.rows[list(units)].sum(axis=0)
            for i in range(case.windows.before_from, last):
                if people[i] >= case.min_group and not np.isnan(level[i]):
                    value = in_unit(case.metric, float(level[i]))
                    yield case.action.number, name, found.months[i], value, int(rows[i]), "weighted_mean"
