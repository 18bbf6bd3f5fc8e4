"""What a digest says: three signals by the rules of control charts, and what is calm.

A series is a metric by month over all the data; judged are its last eight months, from limits frozen on those before
(stats/control.py). Only what the last month says is a signal: it lies outside, or it is the eighth on one side. Units
(stores, teams) are signals when they stand outside 99.8 % of a funnel (funnel.py: beyond chance and beyond how much
units differ anyway), on the bad side. Each metric once.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue, Metric
from metrics.funnel import OUTER, Funnel, funnel
from metrics.query import Measurement, measure
from metrics.question import cuttable
from metrics.selection import Period, Selection, first_step, months_later
from metrics.stats.control import Course, course
from metrics.stats.limits import RUN

if TYPE_CHECKING:
    import duckdb

# Metrics whose months do not overlap: a window that rolls would make a run of every wave.
SERIES = (
    "nps",
    "csat",
    "effort",
    "resolution_in_one_contact",
    "repeat_contact_rate",
    "promise_kept",
    "touchpoint_bad",
    "complaint_rate",
    "abandonment_rate",
    "transfer_rate",
    "wait_p50",
    "aht",
    "revenue",
    "average_basket",
    "repeat_purchase_rate",
)
UNITS = ("promise_kept", "repeat_contact_rate", "csat", "nps", "transfer_rate")
UNIT_COLUMNS = ("store", "team")
MOST = 3


@dataclass(frozen=True)
class Signal:
    """`kind`: outside or run (a month), unit. `expected`, `low`, `high`: what chance allows; `way`: high or low.

    distance: in standard deviations. is_bad: None for a metric without a good direction.
    """

    kind: str
    metric: str
    way: str
    is_bad: bool | None
    measurement: Measurement
    expected: float
    low: float
    high: float
    distance: float

    @property
    def group(self) -> tuple[str, str] | None:
        return self.measurement.group[0] if self.measurement.group else None


@dataclass(frozen=True)
class Watched:
    """`signals`: the surest, bad ones first. month: the last full one.

    calm: over the period, metrics of which no judged month was marked. series: how many could be judged.
    """

    signals: tuple[Signal, ...]
    calm: tuple[Measurement, ...]
    series: int
    units: int
    month: date


def watched(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> Watched:
    """Of the whole company, over the months up to the end of the selection's period."""
    start, end = first_step(catalogue.ground.whole.start, "month"), selection.period.end
    if start >= end:
        return Watched((), (), 0, 0, selection.period.start.replace(day=1))  # no month is over
    months = Period(start, end)
    known = [catalogue.metrics[name] for name in SERIES if name in catalogue.metrics]
    told = [one for metric in known if (one := judged(cursor, catalogue, metric, selection, months))]
    units = list(unit_signals(cursor, catalogue, selection))
    found = [one.signal for one in told if one.signal] + [signal for _, signals in units for signal in signals]
    marked = {signal.metric for signal in found}
    quiet = [one.metric for one in told if one.is_calm and one.metric not in marked]
    calm = [measure(cursor, catalogue, name, selection)[0] for name in quiet]
    return Watched(
        surest(found),
        tuple(m for m in calm if m.status == "shown"),
        len(told),
        sum(count for count, _ in units),
        months_later(selection.period.end, -1),
    )


def surest(found: Sequence[Signal]) -> tuple[Signal, ...]:
    """Bad ones first, then months before units, the farthest first; each metric once."""
    chosen: dict[str, Signal] = {}
    for signal in sorted(found, key=lambda s: (s.is_bad is not True, s.kind == "unit", -abs(s.distance))):
        chosen.setdefault(signal.metric, signal)
    return tuple(chosen.values())[:MOST]


@dataclass(frozen=True)
class Judged:
    """Of a metric whose last month could be judged: what that month says; is_calm: all eight are inside the limits."""

    metric: str
    signal: Signal | None
    is_calm: bool


def judged(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, metric: Metric, selection: Selection, months: Period
) -> Judged | None:
    """None when the last month cannot be judged."""
    asked = replace(selection, period=months, versus="none")
    steps = measure(cursor, catalogue, metric.name, asked, every="month")
    last = months_later(months.end, -1)
    if len(steps) <= RUN or steps[-1].start < last or steps[-1].value is None:
        return None
    found = course_of(metric, steps)
    if found is None or found.is_provisional:
        return None
    if not found.signals[-1]:
        is_whole = all(step.value is not None for step in steps[-RUN:])
        return Judged(metric.name, None, is_whole and not any(found.signals))
    return Judged(metric.name, month_signal(metric, steps[-1], found), is_calm=False)


def month_signal(metric: Metric, month: Measurement, found: Course) -> Signal:
    """Of the last month of a course."""
    way = found.signals[-1]
    back = math.exp if metric.is_total else float
    expected, low, high = (back(part[-1]) for part in (found.expected, found.low, found.high))
    kind = "run" if low <= month.value <= high else "outside"
    return Signal(kind, metric.name, way, badness(metric, way), month, expected, low, high, found.distances[-1])


def course_of(metric: Metric, steps: Sequence[Measurement]) -> Course | None:
    """Rates by their n; amounts by their logarithm, since their season multiplies; everything else as it is."""
    values = [math.nan if m.value is None else float(m.value) for m in steps]
    if metric.is_total:
        values = [math.log(v) if v > 0 else math.nan for v in values]
    is_rate = metric.unit == "share" and all(0 <= v <= 1 for v in values if not math.isnan(v))
    judged = [i >= len(steps) - RUN for i in range(len(steps))]
    n = [float(m.n or 0) for m in steps] if is_rate else None
    return course(values, [m.start.month for m in steps], judged, n)


def unit_signals(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection
) -> Iterator[tuple[int, list[Signal]]]:
    """How many units of a metric and a column were compared, and those outside on the bad side."""
    asked = replace(selection, versus="none")
    for name in (n for n in UNITS if n in catalogue.metrics):
        metric = catalogue.metrics[name]
        for column in (c for c in UNIT_COLUMNS if c in cuttable(metric, catalogue.ground)):
            groups = measure(cursor, catalogue, name, asked, by=(column,))
            named = [g for g in groups if g.group[0][1] not in ("unknown", "none")]
            found = funnel(measure(cursor, catalogue, name, asked)[0], named)
            if found is None:
                continue
            signals = [unit_signal(metric, found, group) for group in found.outside]
            yield len(found.groups), [signal for signal in signals if signal.is_bad]


def unit_signal(metric: Metric, found: Funnel, group: Measurement) -> Signal:
    center, limit = found.center, found.limit(group.n, OUTER)
    way = "high" if group.value > center else "low"
    distance = (group.value - center) / found.deviation(group.n)
    low, high = center - limit, center + limit
    if metric.unit == "share":
        low, high = max(0.0, low), min(1.0, high)
    return Signal("unit", metric.name, way, badness(metric, way), group, center, low, high, distance)


def badness(metric: Metric, way: str) -> bool | None:
    if metric.direction not in ("up", "down"):
        return None
    return (way == "high") != (metric.direction == "up")
