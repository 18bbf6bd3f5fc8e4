"""What is worth saying about the promise gap: keys of sentences and their numbers (see metrics/findings.py)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.findings import Finding, Hole
from metrics.gap_cuts import gaps_by_segment
from metrics.gaps import Mark, PillarGap, widest
from metrics.promise_costs import PromiseCost
from metrics.query import Measurement
from metrics.selection import Selection
from metrics.stats.multiple import benjamini_hochberg
from metrics.three_things import against_others, error_of, p_value

if TYPE_CHECKING:
    import duckdb

NOBODY = ("unknown", "none")
GAP_METRICS = ("lived_rating", "self_rating", "wanted_level")


@dataclass(frozen=True)
class Widest:
    """The group of customers for whom a promise's gap is surely the widest. others: the gap of the other groups."""

    column: str
    gap: PillarGap
    others: float
    n_compared: int


def widest_for(
    cursor: "duckdb.DuckDBPyConnection",
    catalogue: Catalogue,
    selection: Selection,
    company: PillarGap,
    columns: Sequence[str],
) -> Widest | None:
    """Each group against the other groups of its column, all columns judged together (Benjamini-Hochberg, 5 %).

    None when no group's gap is wider than that of the others beyond noise.
    """
    found, tests = [], []
    for column in columns:
        groups = [
            group
            for group in gaps_by_segment(cursor, catalogue, selection, company, column)
            if group.pillar not in NOBODY and group.lived.status == "shown" and group.lived.low is not None
        ]
        numbers = [(group.lived.value, error_of(group.lived.low, group.lived.high)) for group in groups]
        for i, group in enumerate(groups if len(groups) > 1 else ()):
            effect = against_others(i, numbers, [g.lived.n for g in groups])
            found.append((effect, column, group))
            tests.append(p_value(effect))
    sure = [one for one, holds in zip(found, benjamini_hochberg(tests), strict=True) if holds and one[0].value < 0]
    if not sure or company.wanted.value is None:
        return None
    effect, column, group = min(sure, key=lambda one: one[0].value)
    return Widest(column, group, company.wanted.value - effect.others, len(found))


def gap_findings(
    gaps: Sequence[PillarGap], place: Widest | None, fact: Measurement | None, dearest: PromiseCost | None = None
) -> tuple[Finding, ...]:
    """The widest gap; then for whom it is widest, else whether it moved. `fact` speaks where nobody was asked.

    dearest: where promises are looked at in money, the dearest; its cost is told first, then its gap.
    """
    first = widest(gaps)
    if dearest is not None and (cost := cost_finding(dearest)) is not None:
        of_it = next((gap for gap in gaps if gap.pillar == dearest.promise and gap.promise is not None), None)
        return (cost, gap_finding(of_it)) if of_it else (cost,)
    if first is None:
        return (without_gap(gaps, fact),)
    second = where_finding(place) or moved_finding(first)
    return tuple(f for f in (gap_finding(first), second) if f)


def cost_finding(cost: PromiseCost) -> Finding | None:
    """The margin of customers whose promise was broken, against others like them; None where it cannot be told."""
    if cost.money is None or cost.margin is None or cost.margin.high >= 0:
        return None
    value, low, high = cost.money
    holes: dict[str, Hole] = {
        "pillar": (cost.promise, "code:pillar"),
        "cases": (cost.cases, "count"),
        "money": (value, "money"),
        "low": (low, "money"),
        "high": (high, "money"),
    }
    return Finding("finding.gap.cost", holes)


def level(mark: Mark) -> Hole:
    return (None if mark.shown is None else float(mark.shown), "level")


def gap_finding(gap: PillarGap) -> Finding:
    """Of the widest gap: how wide, and how much of it the company's own people do not see."""
    promise, knowledge = gap.promise, gap.knowledge
    holes: dict[str, Hole] = {
        "pillar": (gap.pillar, "code:pillar"),
        "lived": level(gap.lived),
        "wanted": level(gap.wanted),
        "gap": (float(promise.value), "level"),
        "low": (promise.low, "level"),
        "high": (promise.high, "level"),
        "n": (gap.lived.n, "count"),
    }
    if promise.value <= 0:
        return Finding("finding.gap.kept", holes, GAP_METRICS)
    if not promise.is_sure:
        return Finding("finding.gap.unsure", holes, GAP_METRICS)
    if knowledge is None:
        return Finding("finding.gap.unasked", holes, GAP_METRICS)
    holes |= {"thought": level(gap.thought), "knowledge": (float(abs(knowledge.value)), "level")}
    if not knowledge.is_sure:
        return Finding("finding.gap.known", holes, GAP_METRICS)
    return Finding("finding.gap.unseen" if knowledge.value > 0 else "finding.gap.humble", holes, GAP_METRICS)


def where_finding(place: Widest | None) -> Finding | None:
    if place is None:
        return None
    gap = place.gap.promise
    holes: dict[str, Hole] = {
        "group": (place.gap.pillar, f"code:{place.column}"),
        "gap": (float(gap.value), "level"),
        "low": (gap.low, "level"),
        "high": (gap.high, "level"),
        "n": (place.gap.lived.n, "count"),
        "others": (place.others, "level"),
    }
    return Finding("finding.gap.where", holes, GAP_METRICS)


def moved_finding(gap: PillarGap) -> Finding | None:
    """Whether the gap closes, what is wanted held where it is."""
    change = gap.lived_change
    if change is None or change.low is None:
        return None
    if not change.is_signal:
        return Finding("finding.gap.still", {}, GAP_METRICS)
    ends = sorted((abs(change.low), abs(change.high)))
    holes: dict[str, Hole] = {
        "change": (abs(change.value), "score"),
        "low": (ends[0], "score"),
        "high": (ends[1], "score"),
    }
    return Finding("finding.gap.wider" if change.value > 0 else "finding.gap.closer", holes, GAP_METRICS)


def without_gap(gaps: Sequence[PillarGap], fact: Measurement | None) -> Finding:
    """Nobody said what is wanted, or nobody was asked what is lived."""
    told = [g for g in gaps if g.lived.status == "shown" and g.expected.status == "shown"]
    if told:
        return disappointment_finding(max(told, key=lambda g: g.disappointment.value))
    lived = [g for g in gaps if g.lived.status == "shown"]
    if lived:
        worst = min(lived, key=lambda g: g.lived.value)
        return Finding("finding.gap.lived", {"pillar": (worst.pillar, "code:pillar"), **mark_holes(worst)}, GAP_METRICS)
    if fact is not None and fact.status == "shown":
        holes: dict[str, Hole] = {
            "metric": (fact.metric, "metric"),
            "value": (fact.value, "share"),
            "low": (fact.low, "share"),
            "high": (fact.high, "share"),
            "n": (fact.n, "count"),
        }
        return Finding("finding.gap.fact", holes, (fact.metric,))
    return Finding("finding.gap.nothing", {}, GAP_METRICS)


def mark_holes(gap: PillarGap) -> dict[str, Hole]:
    mark = gap.lived
    return {
        "lived": level(mark),
        "low": (mark.low, "level"),
        "high": (mark.high, "level"),
        "n": (mark.n, "count"),
    }


def disappointment_finding(gap: PillarGap) -> Finding:
    """Where only customers were asked: what they expected against what they live."""
    missed = gap.disappointment
    holes: dict[str, Hole] = {
        "pillar": (gap.pillar, "code:pillar"),
        "lived": level(gap.lived),
        "expected": level(gap.expected),
        "gap": (float(abs(missed.value)), "level"),
        "low": (min(abs(missed.low), abs(missed.high)) if missed.is_sure else missed.low, "level"),
        "high": (max(abs(missed.low), abs(missed.high)) if missed.is_sure else missed.high, "level"),
        "n": (gap.lived.n, "count"),
    }
    way = ("below" if missed.value > 0 else "above") if missed.is_sure else "as"
    return Finding(f"finding.gap.{way}_expected", holes, ("lived_rating", "expected_level"))
