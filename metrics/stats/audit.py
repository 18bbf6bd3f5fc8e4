"""Signals that a unit's survey answers may not be what its customers think: numbers of all units in, signals out.

Each signal compares a unit with the others of its kind (metrics/stats/peers.py); metrics/results/survey_signals.py says
which there are, and judges them together.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import numpy as np

from metrics.stats import peers
from metrics.stats.evidence import FAMILIES, LEAST_FAMILIES, Count, Evidence, Months, Score, Signal, Table, Unit
from metrics.stats.intervals import Estimate, variance_of, wilson
from metrics.stats.multiple import holm

LEAST = 30  # events, invitations or answers before a unit is judged
LEAST_MONTHS = 6
LEAST_LEVEL = 0.05  # levels of a scale with fewer of all answers are put together with the next
WITHIN_NOISE = 1.0  # standard errors by which scores may be lower than others' and still contradict what is lived
LEVEL = 0.05  # of all units and signals together


def signals(known: Evidence, min_group: int) -> list[Signal]:
    """Every signal of every unit that can be judged; what customers do only where scores are not lower than others'."""
    better = {unit for unit, excess in merit(known.scores).items() if excess >= -WITHIN_NOISE}
    found = [s for name in ("handed", "answered") for s in shares(name, known.counts.get(name, ()), min_group)]
    found += [*selective(known.tables, min_group), *thresholds(known.months), *shapes(known.scores, min_group)]
    for name in ("problem", "stopped"):
        found += [s for s in shares(name, known.counts.get(name, ()), min_group) if s.unit in better]
    return found


def together(found: Sequence[Signal]) -> list[tuple[Signal, float]]:
    """Each signal with its p-value over all units and signals at once."""
    return list(zip(found, holm([s.p for s in found]), strict=True))


def worth_an_audit(found: Sequence[Signal]) -> set[Unit]:
    """Units with told signals of enough families."""
    told: dict[Unit, set[str]] = {}
    for signal, p in together(found):
        if p <= LEVEL:
            told.setdefault(signal.unit, set()).add(FAMILIES[signal.name])
    return {unit for unit, families in told.items() if len(families) >= LEAST_FAMILIES}


def shares(name: str, counts: Sequence[Count], min_group: int) -> Iterator[Signal]:
    """A share that is higher than that of the others, stratum by stratum."""
    for _, group in groupby(sorted(counts, key=lambda c: c.unit), key=lambda c: c.unit[0]):
        found = list(group)
        effect = design_effect(found)
        whole: dict[str, tuple[float, float]] = {}
        for c in found:
            n, x = whole.get(c.stratum, (0.0, 0.0))
            whole[c.stratum] = (n + c.n, x + c.x)
        units = []
        for unit, parts in groupby(found, key=lambda c: c.unit):
            kept = [c for c in parts if whole[c.stratum][0] - c.n >= LEAST]
            n, x = sum(c.n for c in kept), sum(c.x for c in kept)
            if n >= LEAST and max(c.people for c in kept) >= min_group:
                units.append((unit, n, x, sum(c.n * among_others(c, whole[c.stratum]) for c in kept) / n))
        yield from judged_shares(name, units, effect)


def among_others(count: Count, whole: tuple[float, float]) -> float:
    """The share of the other units in the stratum, never quite 0 or 1."""
    return (whole[1] - count.x + 0.5) / (whole[0] - count.n + 1)


def judged_shares(name: str, units: Sequence[tuple[Unit, float, float, float]], effect: float) -> Iterator[Signal]:
    """units: unit, n, x, expected share."""
    if not units:
        return
    n, x, expected = (np.array([u[place] for u in units]) for place in (1, 2, 3))
    tail = np.array([peers.share_tail(b / effect, a / effect, e) for a, b, e in zip(n, x, expected, strict=True)])
    error = np.sqrt(expected * (1 - expected) * effect / n)
    for (unit, size, count, mean), judged in zip(units, peers.unlike(x / n - expected, error, tail), strict=True):
        yield Signal(unit, name, wilson(count, size, effect), mean, int(size), judged.distance, judged.p)


def design_effect(counts: Sequence[Count]) -> float:
    """How many times the variance is larger than if every row were another customer; never below 1."""
    over = under = 0.0
    for c in counts:
        rate = c.x / c.n
        over += c.xx - 2 * rate * c.xn + rate**2 * c.nn
        under += c.n * rate * (1 - rate)
    return max(1.0, over / under) if under else 1.0


def selective(tables: Sequence[Table], min_group: int) -> Iterator[Signal]:
    """Customers with a problem are invited less than others, in the kind of event that a unit has most of."""
    for _, group in groupby(sorted(tables, key=lambda t: t.unit), key=lambda t: t.unit[0]):
        found = list(group)
        most = {t.unit: t for t in sorted(found, key=lambda t: t.a + t.b) if t.is_enough and t.people >= min_group}
        excess, error, tail, odds = [], [], [], []
        for unit, t in most.items():
            odds.append(peers.pooled_odds([other.parts for other in found if other.unit != unit]))
            chance, mean, deviation = peers.fewer_tail(t.a, t.a + t.c, t.a + t.b, sum(t.parts), odds[-1])
            excess.append(mean - t.a)
            error.append(deviation)
            tail.append(chance)
        judged = peers.unlike(*(np.array(v) / 1.0 for v in (excess, error, tail)))
        for (unit, t), j, e in zip(most.items(), judged, excess, strict=True):
            expected = (t.a + e) / (t.a + t.b) - (t.c - e) / (t.c + t.d)
            yield Signal(unit, "selective", difference(t), expected, sum(t.parts), j.distance, j.p)


def difference(t: Table) -> Estimate:
    """Share invited with a problem less without; Newcombe 1998 (Statistics in Medicine 17(8), method 10)."""
    one, other = wilson(t.a, t.a + t.b), wilson(t.c, t.c + t.d)
    value = one.value - other.value
    low = np.hypot(one.value - one.low, other.high - other.value)
    high = np.hypot(one.high - one.value, other.value - other.low)
    return Estimate(value, value - float(low), value + float(high))


def thresholds(units: Sequence[Months]) -> Iterator[Signal]:
    """Of the months within one answer of the bonus, too many reach it: more than the unit's own answers make likely."""
    known = [u for u in units if len(u.months) >= LEAST_MONTHS and sum(m[0] for m in u.months) >= LEAST]
    found = [(u, peers.near(u.months, u.least)) for u in known]
    found = [(u, near) for u, near in found if near.enough + near.missed and near.error > 0]
    excess = [f.enough - f.missed - f.expected_enough + f.expected_missed for _, f in found]
    columns = (np.array(column) for column in (excess, [f.error for _, f in found], [f.tail for _, f in found]))
    for (u, near), judged in zip(found, peers.unlike(*columns), strict=True):
        n = near.enough + near.missed
        expected = near.expected_enough / (near.expected_enough + near.expected_missed)
        yield Signal(u.unit, "threshold", wilson(near.enough, n), expected, n, judged.distance, judged.p)


def shapes(scores: Sequence[Score], min_group: int) -> Iterator[Signal]:
    """Scores spread otherwise than others' with the same mean, in the stratum that a unit has most answers of."""
    main = most_answered(scores)
    strata: dict[tuple[str, str], dict[Unit, dict[float, float]]] = {}
    people: dict[Unit, int] = {}
    for s in scores:
        strata.setdefault((s.unit[0], s.stratum), {}).setdefault(s.unit, {})[s.score] = s.n
        if s.stratum == main[s.unit]:
            people[s.unit] = people.get(s.unit, 0) + s.people
    for (_, stratum), units in strata.items():
        judged = [u for u in units if main[u] == stratum and sum(units[u].values()) >= LEAST and people[u] >= min_group]
        if len(judged) >= peers.LEAST_UNITS:
            yield from stratum_shapes(units, judged)


def most_answered(scores: Sequence[Score]) -> dict[Unit, str]:
    """The stratum in which each unit has most answers."""
    sizes: dict[Unit, dict[str, float]] = {}
    for s in scores:
        of_unit = sizes.setdefault(s.unit, {})
        of_unit[s.stratum] = of_unit.get(s.stratum, 0.0) + s.n
    return {unit: max(of_unit, key=of_unit.get) for unit, of_unit in sizes.items()}


def stratum_shapes(units: Mapping[Unit, Mapping[float, float]], judged: Sequence[Unit]) -> Iterator[Signal]:
    """chi-square of each unit's scores against the others' tilted to its mean; both lost degrees are paid for."""
    values = np.array(sorted({score for levels in units.values() for score in levels}))
    table = {unit: np.array([levels.get(v, 0.0) for v in values]) for unit, levels in units.items()}
    whole = np.sum(list(table.values()), axis=0)
    part = merged(whole)
    if part.max() < 2:
        return
    names = [f"{v:g}" for v in values]
    labels = [
        names[np.flatnonzero(part == p)[0]]
        + ("" if (part == p).sum() == 1 else f"-{names[np.flatnonzero(part == p)[-1]]}")
        for p in range(part.max() + 1)
    ]
    found = []
    for unit in judged:
        n, others = np.bincount(part, table[unit]), np.bincount(part, whole - table[unit])
        middle = np.bincount(part, whole * values) / np.bincount(part, whole)
        shares = peers.tilted((others + 0.5) / (others + 0.5).sum(), middle, float(n @ middle / n.sum()))
        residual = (n - n.sum() * shares) / np.sqrt(n.sum() * shares)
        found.append((n, shares, float((residual**2).sum()), int(np.argmax(residual))))
    tails = peers.shape_tails(
        np.array([f[2] for f in found]), np.array([f[0].sum() for f in found]), int(part.max()) - 1
    )
    for unit, (n, shares, _, worst), p in zip(judged, found, tails, strict=True):
        value = wilson(float(n[worst]), float(n.sum()))
        yield Signal(
            unit,
            "shape",
            value,
            float(shares[worst]),
            int(n.sum()),
            float(peers.normal_distance(p)),
            float(p),
            labels[worst],
        )


def merged(whole: np.ndarray) -> np.ndarray:
    """Part of each level of a scale, from the lowest: neighbours together until they hold LEAST_LEVEL of answers."""
    part, held, place = np.zeros(len(whole), int), 0.0, 0
    for level, n in enumerate(whole):
        part[level], held = place, held + n
        if held >= LEAST_LEVEL * whole.sum():
            place, held = place + 1, 0.0
    return np.minimum(part, place - 1) if held else part


def merit(scores: Sequence[Score]) -> dict[Unit, float]:
    """How much better a unit's answers are than the other units', in the stratum it has most of; in standard errors."""
    main, whole, own = most_answered(scores), {}, {}
    for s in scores:
        place, row = (s.unit[0], s.stratum), np.array([s.n, s.share, s.share**2 / s.n])
        whole[place] = whole.get(place, 0) + row
        if s.stratum == main[s.unit]:
            own[s.unit] = own.get(s.unit, 0) + row
    found = {}
    for unit, (n, total, squares) in own.items():
        others, others_total, _ = whole[unit[0], main[unit]] - own[unit]
        error = (variance_of(total, squares, n) / n) ** 0.5
        if others >= LEAST and error:
            found[unit] = (total / n - others_total / others) / error
    return found
