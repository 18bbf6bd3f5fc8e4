"""Three things to look at this month: the groups that weigh most on the company's figures, beyond noise.

For every metric and every group of every segment column, two questions:
  moved    did this group change more than the others did? (its change minus theirs)
  apart    is this group worse than the others? (its value minus theirs)
Comparing a group with the *others*, not with the whole, keeps the two sides independent, and leaves out what moved
everywhere alike (the tiles show that). Winners of many comparisons are partly winners of luck, so effects are shrunk
(within a metric and a column, by the spread that noise does not explain) and kept only if they pass Benjamini-Hochberg
over all the comparisons made at once. They are ranked by what they weigh: shrunk effect x the group's share of the
company's denominator, in units of the metric's own limit of precision.
Sources: DerSimonian & Laird 1986 (spread between groups); Benjamini & Hochberg 1995.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue, Metric
from metrics.query import Measurement, measure
from metrics.selection import Choice, Period, Selection, months_later
from metrics.stats.multiple import benjamini_hochberg

if TYPE_CHECKING:
    import duckdb

COMPARED = (
    "nps",
    "csat",
    "effort",
    "resolution_in_one_contact",
    "repeat_contact_rate",
    "promise_kept",
    "repeat_purchase_rate",
    "retention_12m",
    "revenue",
)
NOBODY = {"unknown", "none"}  # groups that are the lack of an answer
LEVELS = {"share", "points", "score"}  # units whose level in a group is comparable with that of the others
CIRCULAR = {"value_tier": "crm"}  # tiers are cut by what their customers bought: no news on that side
LEAST = 0.05  # of the unit: what weighs less on the company's figure is no matter for a board
SUMS_UNIT = 0.10  # a change of 10 % of an amount weighs as much as a metric's limit of precision


@dataclass(frozen=True)
class Effect:
    """A difference with its standard error; `level` is the group's own number, `others` that of the rest."""

    level: float
    others: float
    error: float

    @property
    def value(self) -> float:
        return self.level - self.others


@dataclass(frozen=True)
class Thing:
    """A group that stands out on one metric. `weight`: share of the company's denominator; `shrunk`: effect kept."""

    kind: str
    measurement: Measurement
    effect: Effect
    shrunk: float
    weight: float
    size: float
    is_bad: bool

    @property
    def is_news(self) -> bool:
        """A group that moved did so itself, beyond noise: not only less than the others."""
        went = self.effect.level * self.effect.value > 0
        return self.kind == "apart" or bool(self.measurement.is_signal and went)

    @property
    def group(self) -> tuple[str, str]:
        return self.measurement.group[0]


@dataclass(frozen=True)
class Things:
    chosen: tuple[Thing, ...]
    comparisons: int


def compared(catalogue: Catalogue, where: Choice = ()) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Metrics that are compared, and the segment columns that a choice leaves open."""
    fixed = {column for column, codes in where if len(codes) == 1}
    columns = tuple(column for column in catalogue.ground.segments if column not in fixed)
    return tuple(name for name in COMPARED if name in catalogue.metrics), columns


def three_things(
    cursor: "duckdb.DuckDBPyConnection",
    catalogue: Catalogue,
    selection: Selection,
    names: tuple[str, ...],
    columns: tuple[str, ...],
) -> Things:
    """The things of a selection, over the metrics `names` and the segment `columns`."""
    wanted = [(catalogue.metrics[n], c) for n in names for c in columns if CIRCULAR.get(c) != catalogue.metrics[n].side]
    return things_to_look_at([(m, measure(cursor, catalogue, m.name, selection, by=(c,))) for m, c in wanted])


@dataclass(frozen=True)
class Verdict:
    """A thing chosen a month ago, and the same effect in the one month since; None if it can't be told."""

    thing: Thing
    since: Effect | None

    @property
    def outcome(self) -> str:
        """held; reversed; open, when the month alone cannot tell."""
        if self.since is None or p_value(self.since) > 0.05:
            return "open"
        return "held" if self.since.value * self.thing.effect.value > 0 else "reversed"


def what_held(
    cursor: "duckdb.DuckDBPyConnection",
    catalogue: Catalogue,
    selection: Selection,
    names: tuple[str, ...],
    columns: tuple[str, ...],
) -> tuple[Verdict, ...]:
    """The things that this selection would have shown a month earlier, each judged by the last month alone.

    That month had no part in choosing them, so what luck had made does not hold. Whole months only.
    """
    last = months_later(selection.period.end, -1)
    earlier = replace(selection, period=Period(months_later(selection.period.start, -1), last))
    since = replace(selection, period=Period(last, selection.period.end))
    verdicts = []
    for thing in three_things(cursor, catalogue, earlier, names, columns).chosen:
        metric = catalogue.metrics[thing.measurement.metric]
        groups = measure(cursor, catalogue, metric.name, since, by=(thing.group[0],))
        again = [t.effect for t in stand_outs(metric, groups) if (t.kind, t.group) == (thing.kind, thing.group)]
        verdicts.append(Verdict(thing, again[0] if again else None))
    return tuple(verdicts)


def things_to_look_at(
    measured: Iterable[tuple[Metric, Sequence[Measurement]]], count: int = 3, false_discovery: float = 0.05
) -> Things:
    """The `count` heaviest sure things, bad ones first, each of another metric and another group.

    `measured`: for each metric and segment column, the measurements of the column's groups.
    """
    found = [thing for metric, groups in measured for thing in stand_outs(metric, groups)]
    sure = benjamini_hochberg([p_value(t.effect) for t in found], false_discovery)
    heavy = (t for t, is_sure in zip(found, sure, strict=True) if is_sure and t.size >= LEAST and t.is_news)
    ranked = sorted(heavy, key=lambda t: (not t.is_bad, -t.size))
    chosen: list[Thing] = []
    for thing in (newer(t, ranked) for t in ranked):
        if all(thing.measurement.metric != t.measurement.metric and thing.group != t.group for t in chosen):
            chosen.append(thing)
    return Things(tuple(chosen[:count]), len(found))


def newer(thing: Thing, sure: Sequence[Thing]) -> Thing:
    """The same group's move on the same metric, when it explains most of how far apart the group stands."""
    moves = [
        t
        for t in sure
        if t.kind == "moved" and (t.measurement.metric, t.group) == (thing.measurement.metric, thing.group)
    ]
    explains = [t for t in moves if t.is_bad == thing.is_bad and t.size >= thing.size / 2]
    return explains[0] if explains else thing


def stand_outs(metric: Metric, groups: Sequence[Measurement]) -> list[Thing]:
    """Both comparisons of every group that can be told; nothing for a metric without a good direction."""
    told = [g for g in groups if g.status == "shown" and g.group[0][1] not in NOBODY]
    if metric.direction not in ("up", "down") or len(told) < 2:
        return []
    moved = [g for g in told if g.before and None not in (g.change, g.change_low, g.change_high)]
    things = family("moved", metric, moved, [change_of(metric, g) for g in moved])
    if metric.unit in LEVELS:
        levels = [g for g in told if None not in (g.low, g.high)]
        things += family("apart", metric, levels, [(g.value, error_of(g.low, g.high)) for g in levels])
    return things


def family(kind: str, metric: Metric, groups: list[Measurement], numbers: list[tuple[float, float]]) -> list[Thing]:
    """One comparison of each group with the others of its column, shrunk together."""
    if len(groups) < 2:
        return []
    weights = [mass(metric, g) for g in groups]
    effects = [against_others(i, numbers, weights) for i in range(len(groups))]
    kept = shrink(effects)
    unit = SUMS_UNIT if metric.is_total else metric.max_half_width or SUMS_UNIT
    better = 1 if metric.direction == "up" else -1
    return [
        Thing(
            kind=kind,
            measurement=group,
            effect=effect,
            shrunk=shrunk,
            weight=weight / sum(weights),
            size=abs(shrunk) * weight / sum(weights) / unit,
            is_bad=effect.value * better < 0,
        )
        for group, effect, shrunk, weight in zip(groups, effects, kept, weights, strict=True)
        if effect.error > 0
    ]


def change_of(metric: Metric, group: Measurement) -> tuple[float, float]:
    """Change and its standard error; of an amount, as a share of the former amount."""
    scale = abs(group.before) if metric.is_total else 1
    return group.change / scale, error_of(group.change_low, group.change_high) / scale


def mass(metric: Metric, group: Measurement) -> float:
    return abs(group.before or group.value) if metric.is_total else float(group.denominator or group.n)


def error_of(low: float, high: float) -> float:
    """Standard error behind a 95 % interval."""
    return (high - low) / (2 * 1.959964)


def against_others(index: int, numbers: list[tuple[float, float]], weights: list[float]) -> Effect:
    """Group `index` against the weighted mean of the other groups."""
    others = [j for j in range(len(numbers)) if j != index]
    total = sum(weights[j] for j in others)
    mean = sum(weights[j] * numbers[j][0] for j in others) / total
    variance = sum((weights[j] * numbers[j][1]) ** 2 for j in others) / total**2
    level, error = numbers[index]
    return Effect(level, mean, math.hypot(error, math.sqrt(variance)))


def shrink(effects: Sequence[Effect]) -> list[float]:
    """Effects pulled to zero by the part of their spread that noise explains (DerSimonian-Laird, centred on zero)."""
    precise = [e for e in effects if e.error > 0]
    weights = [1 / e.error**2 for e in precise]
    if not weights:
        return [0.0 for _ in effects]
    spread = sum(w * e.value**2 for w, e in zip(weights, precise, strict=True)) - len(precise)
    between = max(0.0, spread / sum(weights))
    return [e.value * between / (between + e.error**2) if between else 0.0 for e in effects]


def p_value(effect: Effect) -> float:
    """Two-sided, normal."""
    return math.erfc(abs(effect.value) / effect.error / math.sqrt(2))
