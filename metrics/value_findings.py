"""The sentences on top of the page on value: whether everyone gets the same attention, and who never comes back."""

from collections.abc import Sequence

from metrics.attention import Treated
from metrics.findings import Finding
from metrics.query import Measurement
from metrics.selection import Period
from metrics.stats.changes import recovered
from metrics.stats.intervals import Estimate, wilson
from metrics.stats.multiple import holm

METRICS = ("repeat_purchase_rate",)
SURE = 0.05


def value_findings(
    treated: Sequence[Treated], lived: Sequence[Treated], second: Sequence[Measurement], column: str
) -> list[Finding]:
    """Attention, or what is lived where no attention can be told; then one-shot selling, or that none shows."""
    told = [attention_finding(treated, lived) or lived_finding(lived), one_shot_finding(second, column)]
    return [f for f in told if f] or [Finding("finding.value.nothing", {})]


def attention_finding(treated: Sequence[Treated], lived: Sequence[Treated] = ()) -> Finding | None:
    """The attention that differs most surely; where none does, what is lived otherwise, if anything surely is."""
    if not treated:
        return None
    worst = min(treated, key=lambda m: m.p_at_once)
    if worst.differs:
        return gap_finding("finding.value.different", worst)
    first, apart = treated[0], [m for m in lived if m.differs and (m.low > 0 or m.high < 0)]
    alike = {"measures": (len(treated), "count"), "customers": (max(m.customers for m in treated), "count")}
    if apart:
        said = gap_finding("finding.value.same_but_lived", min(apart, key=lambda m: m.p_at_once))
        return Finding(said.key, said.holes | alike)
    holes = {
        "measure": (first.measure, "code:measure"),
        "missed": (first.missed, "change:share" if first.unit == "share" else first.unit),
    }
    return Finding("finding.value.same", alike | holes | tiers_of(first))


def lived_finding(lived: Sequence[Treated]) -> Finding | None:
    """The experience that differs most surely; that none does, where none does."""
    if not lived:
        return None
    worst = min(lived, key=lambda m: m.p_at_once)
    return gap_finding("finding.value.lived" if worst.differs else "finding.value.lived_same", worst)


def gap_finding(key: str, m: Treated) -> Finding:
    holes = {
        "measure": (m.measure, "code:measure"),
        "gap": (m.gap, f"change:{m.unit}"),
        "low": end_of(m.low, m.unit),
        "high": end_of(m.high, m.unit),
        "p": (m.p_at_once, "times:3"),
        "n": (m.n, "count"),
        "customers": (m.customers, "count"),
    }
    return Finding(key, holes | tiers_of(m))


def end_of(value: float, unit: str) -> tuple[float, str]:
    """An end of an interval after its value: of shares and scores in points, without the unit again."""
    if unit in ("share", "points"):
        return value * (100 if unit == "share" else 1), "times:1"
    return value, f"change:{unit}"


def tiers_of(m: Treated) -> dict[str, tuple[str, str]]:
    return {"top": (m.top, "code:value_tier"), "bottom": (m.bottom, "code:value_tier")}


def one_shot_finding(second: Sequence[Measurement], column: str) -> Finding | None:
    """The group that comes back least, if surely less than all the others together; all groups judged at once."""
    judged = [m for m in second if m.value is not None and m.denominator]
    if len(judged) < 2:
        return None
    lowest, p = min(zip(judged, at_once(judged), strict=True), key=lambda pair: (pair[0].value, pair[1]))
    others = rest(judged, lowest)
    if p >= SURE:
        return Finding("finding.value.no_one_shot", {"n": (sum(m.n for m in judged), "count")}, METRICS)
    holes = {
        "group": (lowest.group[0][1], f"code:{column}"),
        "value": (lowest.value, "share"),
        "low": (lowest.low, "share"),
        "high": (lowest.high, "share"),
        "n": (lowest.n, "count"),
        "period": (Period(lowest.start, lowest.end), "period"),
        "others": (others.value, "share"),
        "others_low": (others.low, "share"),
        "others_high": (others.high, "share"),
    }
    return Finding("finding.value.one_shot", holes, METRICS)


def at_once(judged: Sequence[Measurement]) -> tuple[float, ...]:
    """p of each group against all the others, holding for all groups."""
    return holm(
        [recovered(Estimate(m.value, m.low, m.high), rest(judged, m)).p if m.low is not None else 1.0 for m in judged]
    )


def rest(judged: Sequence[Measurement], group: Measurement) -> Estimate:
    others = [m for m in judged if m is not group]
    return wilson(sum(m.numerator for m in others), sum(m.denominator for m in others))
