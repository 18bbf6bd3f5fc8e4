"""What became of a number between two snapshots, and why: the same question asked of both.

    then ── restated ──> the same days as they are known now ── new data ──> all days ── definition ──> now

Each part is the difference between two measurements, so the parts add up to the whole difference. Days are covered by
the former snapshot up to its end, less the time that an event must wait to be judged (Ground.judged_until).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

import duckdb

from metrics.definitions import Catalogue, Metric
from metrics.errors import MetricError
from metrics.query import Measurement, measure
from metrics.selection import Period, Selection

if TYPE_CHECKING:
    from metrics.ground import Ground

Kind = Literal["restated", "new_data", "definition", "not_then", "not_now"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Group = tuple[tuple[str, str], ...]
Cells = Mapping[Group, Measurement]
WORDS = {"label", "short", "definition", "formula", "window", "exclusions", "caution", "source", "example"}
LOOKS = {"side", "direction", "never_good_alone", "by", "needs"}
VIEWS = "select name, document from meta.definitions where kind = 'view'"


@dataclass(frozen=True)
class Dated:
    """One of the two snapshots. `views`: fingerprint of each relation of metrics/views, where the snapshot has them.

    cursor() is a new one for each question, since readers ask at the same time.
    """

    cursor: Callable[[], duckdb.DuckDBPyConnection]
    catalogue: Catalogue
    views: Mapping[str, str]

    @property
    def ground(self) -> "Ground":
        return self.catalogue.ground

    def ask(self, question: "Asked", **changes: Period) -> Cells | None:
        """Measurements by group; None when this snapshot cannot answer."""
        selection = replace(question.selection, **changes)
        try:
            found = measure(self.cursor(), self.catalogue, question.metric, selection, question.by)
        except (MetricError, duckdb.BinderException, duckdb.CatalogException):
            return None
        return {one.group: one for one in found}

    def defining(self, metric: Metric) -> "Dated":
        """The same data under another definition of one metric, asked of the facts."""
        metrics = self.catalogue.metrics | {metric.name: metric}
        return replace(self, catalogue=Catalogue(metrics, self.ground.without_cubes()))


@dataclass(frozen=True)
class Asked:
    """A number that a page shows, or one for each group of `by`."""

    metric: str
    selection: Selection
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cause:
    """Why a number moved, and by how much in the unit of the metric, where that can be told."""

    kind: Kind
    change: float | None = None


@dataclass(frozen=True)
class Moved:
    """A number then and now; None on the side that does not know it. Without causes it rests on the same rows.

    selection: what was asked of both.
    """

    metric: str
    group: Group
    then: Measurement | None
    now: Measurement | None
    causes: tuple[Cause, ...]
    selection: Selection

    @property
    def change(self) -> float | None:
        """Now less then."""
        return difference(self.then, self.now)


def dated(cursor: Callable[[], duckdb.DuckDBPyConnection], catalogue: Catalogue) -> Dated:
    return Dated(cursor, catalogue, dict(cursor().execute(VIEWS).fetchall()))


def moves(then: Dated, now: Dated, question: Asked) -> tuple[Moved, ...]:
    """Every group that either snapshot shows, in the order of the later one; those of the former one last."""
    before, after = then.ask(question), now.ask(question)
    groups = dict.fromkeys([*(after or {}), *(before or {})])
    pairs = {group: ((before or {}).get(group), (after or {}).get(group)) for group in groups}
    asked = question.selection
    if before is None or after is None:
        unknown = (Cause("not_then" if before is None else "not_now"),)
        return tuple(Moved(question.metric, group, *pair, unknown, asked) for group, pair in pairs.items())
    steps = between(then, now, question) if any(not same(*pair) for pair in pairs.values()) else None
    return tuple(
        Moved(question.metric, group, *pair, () if same(*pair) else causes(group, *pair, steps), asked)
        for group, pair in pairs.items()
    )


@dataclass(frozen=True)
class Steps:
    """Measurements on the way from then to now, all on the later data; None where it cannot be asked.

    restated: the former definition over the days that the former snapshot covered. extended: over all days. Where the
    relations that a metric counts are made in another way, nothing can be asked as it was defined.
    """

    restated: Cells | None
    extended: Cells | None
    is_covered: bool
    is_redefined: bool


def between(then: Dated, now: Dated, question: Asked) -> Steps:
    """Ask the later data what lies between: as defined then, over the days of then, and over all days."""
    former = then.catalogue.metrics[question.metric]
    later = now.catalogue.metrics[question.metric]
    is_redefined = computation(then, former) != computation(now, later)
    by_then = now.defining(former) if is_redefined else now
    period, until = question.selection.period, then.ground.judged_until(former)
    is_covered = until >= period.end
    if are_remade(then, now, former):
        return Steps(None, None, is_covered, True)
    extended = by_then.ask(question)
    if is_covered or former.change_of is not None:
        return Steps(extended, extended, is_covered, is_redefined)
    restated = by_then.ask(question, period=Period(period.start, until)) if until > period.start else {}
    return Steps(restated, extended, is_covered, is_redefined)


def causes(group: Group, then: Measurement | None, now: Measurement | None, steps: Steps) -> tuple[Cause, ...]:
    """The steps at which a group's number moved; at least one."""
    if steps.extended is None or steps.restated is None:
        return (Cause("definition"),)
    path = [then, steps.restated.get(group), steps.extended.get(group), now]
    kinds: tuple[Kind, ...] = ("restated", "new_data", "definition")
    found = [
        Cause(kind, difference(a, b)) for kind, a, b in zip(kinds, path[:-1], path[1:], strict=True) if not same(a, b)
    ]
    if steps.is_redefined and not any(cause.kind == "definition" for cause in found):
        return tuple(found) or (Cause("definition"),)
    return tuple(found) or (Cause("restated" if steps.is_covered else "new_data"),)


def same(one: Measurement | None, other: Measurement | None) -> bool:
    """Whether two measurements are of as many rows, with the same sums; nothing to measure is as good as no group."""
    return rows_of(one) == rows_of(other)


def rows_of(one: Measurement | None) -> tuple:
    if one is None or one.status == "empty":
        return ("empty",)
    return one.status, one.n, one.numerator, one.denominator, one.value


def difference(then: Measurement | None, now: Measurement | None) -> float | None:
    values = [one.value if one else None for one in (then, now)]
    return None if None in values else values[1] - values[0]


def computation(side: Dated, metric: Metric) -> tuple:
    """All that decides what a metric counts of its relations, and nothing of what is only said of it."""
    parts = metric.model_dump(exclude=WORDS | LOOKS)
    window = side.ground.windows.get(metric.maturity.setting) if metric.maturity and metric.maturity.setting else None
    base = side.catalogue.metrics.get(metric.change_of) if metric.change_of else None
    return parts, window, computation(side, base) if base else None


def are_remade(then: Dated, now: Dated, metric: Metric) -> bool:
    """Whether the relations that a metric counts are made otherwise, as far as both snapshots say how."""
    views = [metric.view, *([metric.per.view] if metric.per else [])]
    known = [(then.views.get(view), now.views.get(view)) for view in views]
    return any(a != b for a, b in known if None not in (a, b))


def rewritten(then: Metric, now: Metric) -> tuple[tuple[str, str, str], ...]:
    """The parts of a definition that are not what they were: name, then, now."""
    former, later = (metric.model_dump(mode="json", exclude=WORDS | LOOKS) for metric in (then, now))
    return tuple((name, str(former[name]), str(later[name])) for name in later if former[name] != later[name])


def redefined(then: Dated, now: Dated, names: Sequence[str]) -> tuple[str, ...]:
    """Of the metrics that both snapshots define, those that they compute in different ways."""
    both = [name for name in names if name in then.catalogue.metrics and name in now.catalogue.metrics]
    return tuple(
        name
        for name in both
        if computation(then, then.catalogue.metrics[name]) != computation(now, now.catalogue.metrics[name])
        or are_remade(then, now, then.catalogue.metrics[name])
    )
