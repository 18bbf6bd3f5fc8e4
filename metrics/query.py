"""A metric for a selection: numerator, denominator, value, interval, and whether a change can be told from noise."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Literal

from metrics.behind import Rows, columns_in_order, rows_of, sql_text
from metrics.cells import Sums, Table
from metrics.definitions import Catalogue, Metric
from metrics.estimates import Judged, changed, estimated, shown_fraction
from metrics.ground import ground_of
from metrics.privacy import Hidden, hidden_of, hidden_spans, levels_by_span
from metrics.question import Key, Question, Side, question
from metrics.selection import Period, Selection
from metrics.stats.multiple import benjamini_hochberg
from metrics.sums import tables
from metrics.suppression import Levels

if TYPE_CHECKING:
    import duckdb

Status = Literal["shown", "private", "unreliable", "empty"]
FEW_COMPARISONS = 10


@dataclass(frozen=True)
class Measurement:
    """One number with all that it needs to be believed.

    group: (column, code) of each `by` column. start, end: the period asked, or of a state metric the month whose end
    it speaks of. n: rows counted. people: at least so many different customers (rows without a customer count as one
    each). before and change*: of the comparison; is_signal None when it can't be told; p decides among many changes.
    status: shown; unreliable (shown, but the interval is wider than the metric allows); private (too few people: every
    number is None); empty (nothing to measure).
    """

    metric: str
    group: tuple[tuple[str, str], ...]
    start: date
    end: date
    numerator: float | None = None
    denominator: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    people: int | None = None
    status: Status = "empty"
    before: float | None = None
    change: float | None = None
    change_low: float | None = None
    change_high: float | None = None
    is_signal: bool | None = None
    p: float | None = None


def measure(
    cursor: "duckdb.DuckDBPyConnection",
    catalogue: Catalogue,
    metric: str,
    selection: Selection,
    by: Sequence[str] = (),
    every: str | None = None,
) -> tuple[Measurement, ...]:
    """One Measurement for each group found (sorted by code; one, perhaps empty, without `by`) and each step of `every`.

    Steps are whole months, quarters or weeks inside the period, over and mature; a step without rows is `empty`.
    With more than ten changes at once, is_signal is decided over all of them (Benjamini-Hochberg, 5 %).
    Raises the errors of metrics.errors; asking beyond the scope is one of them.
    """
    ground = catalogue.ground or ground_of(cursor)
    definition = catalogue.metric(metric)
    if definition.change_of is not None:
        against = replace(selection, versus="previous") if selection.versus == "none" else selection
        return tuple(as_change(metric, m) for m in measure(cursor, catalogue, definition.change_of, against, by, every))
    asked = question(catalogue, ground, metric, selection, by, every)
    cells, levels = added_up(cursor, asked)
    answer = Answer(asked, cells, {span: hidden_of(asked, levels[span]) for span in cells})
    return signalled([measurement for group in answer.groups() for measurement in answer.measurements(group)])


def added_up(
    cursor: "duckdb.DuckDBPyConnection", asked: Question
) -> tuple[Mapping[Period, Table], Mapping[Period, Levels]]:
    """The cells of every span and which of them may not be shown, the same whatever codes of the columns are chosen."""

    def add() -> tuple[Mapping[Period, Table], Mapping[Period, Levels]]:
        cells = tables(cursor, asked)
        return cells, levels_by_span(cursor, asked, cells)

    return asked.ground.kept.summed((asked.metric.name, asked.columns, asked.spans, asked.scope), add)


@dataclass(frozen=True)
class Answer:
    """The cells that were found, and which of them may not be shown, by period."""

    asked: Question
    cells: Mapping[Period, Table]
    hidden: Mapping[Period, Hidden]

    def groups(self) -> Sequence[Key]:
        """Codes of the `by` columns that were found in a period shown (not only in the one it is compared with).

        Empty groups among hidden ones are listed too: that they are missing would tell something.
        """
        if not self.asked.by:
            return [()]
        shown = [side.now for side in self.asked.sides if side.now]
        return sorted({group for span in shown for group in (*self.keys[span], *self.secret[span])})

    def group_of(self, key: Key) -> Key:
        return tuple(key[self.asked.columns.index(column)] for column in self.asked.by)

    @cached_property
    def keys(self) -> Mapping[Period, Mapping[Key, Sequence[Key]]]:
        """Of each period, the cells that the filters keep, by group."""
        return {span: self.by_group(table) for span, table in self.cells.items()}

    @cached_property
    def secret(self) -> Mapping[Period, Mapping[Key, Sequence[Key]]]:
        """Of each period, the cells that may not be shown among those that the filters keep, by group."""
        return {span: self.by_group(hidden.cells) for span, hidden in self.hidden.items()}

    @cached_property
    def named(self) -> tuple[Key, ...] | None:
        """The cells that the filters name, where they name a code of every column."""
        codes = dict(self.asked.where)
        if codes.keys() != set(self.asked.columns):
            return None
        return tuple(product(*(codes[column] for column in self.asked.columns)))

    @cached_property
    def filters(self) -> tuple[tuple[int, frozenset[str]], ...]:
        """Places of the columns filtered by, and the codes that they keep."""
        return tuple((self.asked.columns.index(column), frozenset(codes)) for column, codes in self.asked.where)

    def kept(self, keys: Collection[Key]) -> list[Key]:
        """Those of the keys that the filters keep."""
        if self.named is not None:
            return [key for key in self.named if key in keys]
        return [key for key in keys if all(key[place] in codes for place, codes in self.filters)]

    def by_group(self, keys: Collection[Key]) -> dict[Key, list[Key]]:
        found: dict[Key, list[Key]] = {}
        for key in self.kept(keys):
            found.setdefault(self.group_of(key), []).append(key)
        return found

    def united(self, span: Period, keys: Iterable[Key]) -> Sums:
        """Cells added up: over segments they are different people, over what events carry they may be the same."""
        segments = [i for i, column in enumerate(self.asked.columns) if column in self.asked.ground.segments]
        apart: dict[Key, Sums] = {}
        for key in keys:
            apart.setdefault(tuple(key[i] for i in segments), Sums()).add(self.cells[span][key], are_others=False)
        total = Sums()
        for sums in apart.values():
            total.add(sums, are_others=True)
        return total

    def measurements(self, group: Key) -> list[Measurement]:
        """The group's number for each side, in order."""
        sides = self.asked.sides
        sums = {span: self.united(span, self.keys[span].get(group, ())) for span in self.asked.spans}
        trends = [[side.now for side in sides if side.now], [side.before for side in sides if side.before]]
        secret = {span for steps in trends for span in hidden_spans(self.asked, steps, [sums[s] for s in steps])}
        secret |= {span for span in self.asked.spans if self.is_hidden(span, group)}
        return [self.measurement(side, group, sums, secret) for side in sides]

    def is_hidden(self, span: Period, group: Key) -> bool:
        """One of the cells that the group is the sum of may not be shown, or not what it is a share of."""
        if group in self.secret[span]:
            return True
        wholes = {tuple(key[i] for i in self.asked.whole_places) for key in self.keys[span].get(group, ())}
        return self.asked.metric.part_of_whole and not self.hidden[span].wholes.isdisjoint(wholes)

    def measurement(self, side: Side, group: Key, sums: Mapping[Period, Sums], secret: set[Period]) -> Measurement:
        metric, period = self.asked.metric, side.now or side.shown
        about = metric.name, tuple(zip(self.asked.by, group, strict=True)), period.start, period.end
        if side.now in secret:
            return Measurement(*about, status="private")
        if side.now is None or not sums[side.now].n:
            return Measurement(*about, n=0, people=0)
        now = self.judged(side.now, sums)
        estimate = estimated(metric, now)
        if estimate is None:
            return Measurement(*about, n=0, people=0)
        is_wide = metric.max_half_width is not None and (estimate.half_width or 0) > metric.max_half_width
        numerator, denominator = shown_fraction(metric, now)
        shown = Measurement(
            *about,
            numerator=numerator,
            denominator=denominator,
            value=estimate.value,
            low=estimate.low,
            high=estimate.high,
            n=now.sums.n,
            people=now.sums.low,
            status="unreliable" if is_wide else "shown",
        )
        if side.before is None or side.before in secret or not sums[side.before].n:
            return shown
        return with_change(metric, shown, now, self.judged(side.before, sums))

    def judged(self, span: Period, sums: Mapping[Period, Sums]) -> Judged:
        metric = self.asked.metric
        whole = None
        if metric.part_of_whole:
            whole = self.united(span, [key for keys in self.keys[span].values() for key in keys])
        return Judged(sums[span], self.asked.ground.design_effect(metric, span, self.asked.within), whole)


def with_change(metric: Metric, shown: Measurement, now: Judged, before: Judged) -> Measurement:
    """A number with what it is compared with, and the difference."""
    former, change = estimated(metric, before), changed(metric, now, before)
    if former is None or change is None:
        return shown
    return replace(
        shown,
        before=former.value,
        change=change.value,
        change_low=change.low,
        change_high=change.high,
        is_signal=change.is_signal,
        p=change.p,
    )


def signalled(measurements: Sequence[Measurement]) -> tuple[Measurement, ...]:
    """Of more than ten changes, those that hold when all of them are judged together."""
    judged = [i for i, m in enumerate(measurements) if m.p is not None]
    if len(judged) <= FEW_COMPARISONS:
        return tuple(measurements)
    verdicts = dict(zip(judged, benjamini_hochberg([measurements[i].p for i in judged]), strict=True))
    return tuple(replace(m, is_signal=verdicts[i]) if i in verdicts else m for i, m in enumerate(measurements))


def as_change(name: str, measured: Measurement) -> Measurement:
    """The change of a metric as a number of its own."""
    if measured.value is None:
        return replace(measured, metric=name)
    return replace(
        measured,
        metric=name,
        value=measured.change,
        low=measured.change_low,
        high=measured.change_high,
        status="empty" if measured.change is None else measured.status,
    )


def rows_behind(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, metric: str, selection: Selection, limit: int = 1000
) -> Rows:
    """The rows that a number counts, without any column that says who; none where the number may not be shown."""
    definition = catalogue.metric(metric)
    name, alone = definition.change_of or metric, replace(selection, versus="none")
    asked = question(catalogue, catalogue.ground or ground_of(cursor), name, alone)
    if measure(cursor, catalogue, name, alone)[0].status in ("private", "empty"):
        return Rows(tuple(columns_in_order(cursor, asked.metric)))
    return rows_of(cursor, asked, limit)


def sql_behind(
    cursor: "duckdb.DuckDBPyConnection",
    catalogue: Catalogue,
    metric: str,
    selection: Selection,
    by: Sequence[str] = (),
) -> str:
    """SQL that gives the same numerator, denominator and n on the snapshot's facts, to read or to run."""
    name = catalogue.metric(metric).change_of or metric
    return sql_text(question(catalogue, catalogue.ground or ground_of(cursor), name, selection, by))
