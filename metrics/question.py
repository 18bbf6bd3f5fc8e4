"""A question about a metric, made definite: which columns, which days, and whether the cubes can answer it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, partial

from metrics.definitions import Catalogue, Metric
from metrics.errors import NotMeasurable, OutsideScope, UnknownName
from metrics.ground import Ground
from metrics.selection import Choice, Period, Selection, months_later

MAX_BY = 2
Key = tuple[str, ...]


@dataclass(frozen=True)
class Side:
    """What one number is measured on, and what it is compared with; None where there is nothing to measure."""

    shown: Period
    now: Period | None
    before: Period | None


@dataclass(frozen=True)
class Question:
    """`columns`: every column of where and by, and those that they part further, sorted.

    They make the table whose cells are added up and checked for privacy.
    """

    metric: Metric
    ground: Ground
    sides: tuple[Side, ...]
    by: tuple[str, ...]
    where: Choice
    scope: Choice
    columns: tuple[str, ...]

    @property
    def within(self) -> str:
        """The metric's column of which every number is about one value only; empty without one."""
        column, filters = self.metric.within or "", dict(self.where)
        return column if column in self.by or len(filters.get(column, ())) == 1 else ""

    @property
    def min_group(self) -> int:
        """The fewest people who may be shown."""
        return self.ground.min_group if self.metric.people == "customers" else self.ground.min_group_culture

    @property
    def rows(self) -> tuple[str, ...]:
        """What says whose rows are counted; metrics of the same rows count the same people."""
        part = self.metric.per or self.metric
        return part.view, part.date, part.where, self.metric.person

    @cached_property
    def spans(self) -> tuple[Period, ...]:
        """Every different period that is measured."""
        return tuple(dict.fromkeys(p for side in self.sides for p in (side.now, side.before) if p))

    @cached_property
    def atoms(self) -> tuple[date, ...]:
        """Days that part the time line so that every span is made of whole parts."""
        return tuple(sorted({day for span in self.spans for day in (span.start, span.end)}))

    @cached_property
    def whole_places(self) -> tuple[int, ...]:
        """Places of the columns that say what `by` cuts up: those filtered by, and what they part further."""
        filtered = with_parents({column for column, _ in self.where}, self.columns, self.ground)
        return tuple(i for i, column in enumerate(self.columns) if column in filtered)

    @cached_property
    def cut(self) -> tuple[str, ...]:
        """Every column that the answer depends on, sorted: those of the table and those of the reader's scope."""
        return tuple(sorted({*self.columns, *(column for column, _ in self.scope)}))

    @cached_property
    def has_events(self) -> bool:
        """It depends on columns that are no segment (but for the metric's own `within`)."""
        return not set(self.cut) <= {*self.ground.segments, self.metric.within}

    @cached_property
    def is_in_cube(self) -> bool:
        """Whole months, and columns that the cube of such a metric crosses."""
        if self.has_events:
            is_crossed = (self.metric.name, ",".join(self.cut)) in self.ground.cuts
        else:
            most = 2 if self.metric.is_bucketed else len(self.cut) if self.metric.quantile is None else 1
            is_crossed = self.metric.name in self.ground.cubed and len(self.cut) <= most
        return is_crossed and all(day.day == 1 for day in self.atoms)


def question(
    catalogue: Catalogue,
    ground: Ground,
    name: str,
    selection: Selection,
    by: Iterable[str] = (),
    every: str | None = None,
) -> Question:
    """Raises UnknownName, OutsideScope, or NotMeasurable when it has more than two `by` columns or no such relation."""
    metric, by = catalogue.metric(name), tuple(by)
    if len(by) > MAX_BY or len(set(by)) < len(by):
        raise NotMeasurable(f"by {', '.join(by)}: give one or two different columns")
    if metric.view not in ground.columns:
        raise NotMeasurable(f"{name} reads {metric.view}, which this snapshot does not have. Refresh it")
    for column in (*by, *(column for column, _ in selection.where)):
        if column not in cuttable(metric, ground):
            raise UnknownName(f"column of {name}", column, cuttable(metric, ground))
    refuse_outside(metric, ground, selection)
    return Question(
        metric=metric,
        ground=ground,
        sides=sides(metric, ground, selection, every),
        by=by,
        where=selection.where,
        scope=selection.scope,
        columns=with_parents({*by, *(column for column, _ in selection.where)}, cuttable(metric, ground), ground),
    )


def cuttable(metric: Metric, ground: Ground) -> tuple[str, ...]:
    """Columns by which a metric can be cut in this snapshot: segments, then what its events carry."""
    known = ground.columns.get(metric.view, frozenset())
    if metric.per is not None:
        known &= ground.columns.get(metric.per.view, frozenset())
    return tuple(c for c in dict.fromkeys((*ground.segments, *metric.by)) if c in known)


def with_parents(columns: set[str], known: Iterable[str], ground: Ground) -> tuple[str, ...]:
    """Columns with those that they part further, sorted, as far as the metric can be cut by them."""
    found, waiting, can = set(), list(columns), set(known)
    while waiting:
        column = waiting.pop()
        if column not in found:
            found.add(column)
            waiting += [parent for parent in ground.parents.get(column, ()) if parent in can]
    return tuple(sorted(found))


def refuse_outside(metric: Metric, ground: Ground, selection: Selection) -> None:
    """Raise OutsideScope when a code beyond the reader's scope is asked, or when the scope cannot be applied."""
    asked = dict(selection.where)
    for column, codes in selection.scope:
        if column not in cuttable(metric, ground):
            raise OutsideScope(f"{metric.name} cannot be limited by {column}, to which this reader is limited")
        if beyond := sorted(set(asked.get(column, ())) - set(codes)):
            raise OutsideScope(f"{column} {', '.join(beyond)}: this reader may see {', '.join(codes) or 'none'}")


def sides(metric: Metric, ground: Ground, selection: Selection, every: str | None) -> tuple[Side, ...]:
    """The selection, or its steps that are over and whose events can all be judged, each with its comparison.

    Steps, and what is compared with, hold nothing where the data does not know the whole of them: the first part of a
    year would be less than the next year for no other reason.
    """
    known = partial(known_on, metric, ground)
    if every is None:
        whole = selection.period
        return (Side(whole, measured_on(metric, ground, whole), known(whole.compared(selection.versus))),)
    steps = [p for p in selection.period.steps(every) if p.end <= ground.judged_until(metric)]
    return tuple(Side(step, known(step), known(step.compared(selection.versus))) for step in steps)


def known_on(metric: Metric, ground: Ground, period: Period | None) -> Period | None:
    """What the period is measured on, if the data has begun by then; of a state, by its month end."""
    measured = measured_on(metric, ground, period)
    if measured is None:
        return None
    first = measured.end - timedelta(days=1) if metric.is_state else measured.start
    return measured if first >= ground.compared_from(metric) else None


def measured_on(metric: Metric, ground: Ground, period: Period | None) -> Period | None:
    """The period, or of a state the month of the last month end in it that can be judged."""
    if period is None or not metric.is_state:
        return period
    end = min(period.end, ground.judged_until(metric)).replace(day=1)
    return Period(months_later(end, -1), end) if end > period.start else None
