"""What is worth saying of who is heard: the revenue that never spoke, and whether those who spoke are like others."""

from collections.abc import Mapping, Sequence

from metrics.definitions import Catalogue
from metrics.findings import Finding, Hole
from metrics.heard import TOTAL, Part, Representativeness, Step

FIRST, LAST = "active", "heard"


def heard_findings(
    steps: Sequence[Step], found: Representativeness | None, catalogue: Catalogue, is_one_group: bool = True
) -> tuple[Finding, ...]:
    """At least one: how much revenue is silent, then what weighting to all customers changes."""
    told = [silent(steps), corrected(found, catalogue)]
    missing = Finding("finding.heard.none" if is_one_group else "finding.heard.one_group", {})
    return tuple(f for f in told if f) or (missing,)


def silent(steps: Sequence[Step]) -> Finding | None:
    """The share of revenue, and of customers, that answered nothing in 12 months."""
    heard = next((s for s in steps if s.step == LAST), None)
    if heard is None:
        return None
    holes = {"share": (1 - heard.share, "share"), "n": (heard.n_active, "count")}
    if heard.revenue_share is None:
        ends = {"low": (1 - heard.high, "share"), "high": (1 - heard.low, "share")}
        return Finding("finding.heard.customers", holes | ends, ("coverage",))
    money = {
        "revenue": (1 - heard.revenue_share, "share"),
        "low": (1 - heard.revenue_high, "share"),
        "high": (1 - heard.revenue_low, "share"),
    }
    return Finding("finding.heard.revenue", holes | money, ("silent_revenue", "coverage"))


def corrected(found: Representativeness | None, catalogue: Catalogue) -> Finding | None:
    """Raw and raked value; whether the difference can be told from noise."""
    if found is None:
        return None
    unit = catalogue.metrics[found.metric].unit
    holes = {
        "metric": (found.metric, "metric"),
        "raw": (found.raw, unit),
        "raked": (found.raked, unit),
        **difference("", found.shift, found.shift_low, found.shift_high, unit),
        "n": (found.n_answers, "count"),
    }
    return Finding(f"finding.heard.{'shifted' if found.is_shifted else 'same'}", holes, (found.metric,))


def mix_finding(metric: str, parts: Mapping[str, Part], catalogue: Catalogue) -> Finding | None:
    """Whether the change of a score is one of minds, or of who answers."""
    if TOTAL not in parts or "same" not in parts:
        return None
    unit = catalogue.metrics[metric].unit
    total, same = parts[TOTAL], parts["same"]
    holes = {"metric": (metric, "metric")}
    for name, part in (("", total), ("same_", same)):
        holes |= difference(name, part.value, part.low, part.high, unit)
    holes |= {"n": (total.n_now, "count"), "same_n": (same.n_now, "count")}
    return Finding(f"finding.mix.{direction(total)}_{direction(same)}", holes, (metric,))


def difference(name: str, value: float, low: float, high: float, unit: str) -> dict[str, Hole]:
    """Holes of a difference with its interval, in points (percentage points of a share)."""
    scale = 100 if unit == "share" else 1
    ends = {f"{name}low": (low * scale, "times:1"), f"{name}high": (high * scale, "times:1")}
    return {f"{name}value": (value, f"change:{unit}")} | ends


def direction(part: Part) -> str:
    """up or down beyond noise, else flat."""
    return "flat" if not part.is_told else "up" if part.value > 0 else "down"
