"""What is worth saying of a journey: where a bad experience makes most customers stop, or that it cannot be told."""

from collections.abc import Sequence

from metrics.findings import Finding
from metrics.journeys import Moment, Place, moment_of_truth

METRICS = ("touchpoint_bad",)
LIKELY = 0.5  # below, another touchpoint as likely weighs more


def journey_findings(found: Sequence[Moment], places: Sequence[Place], stop_months: int) -> list[Finding]:
    """One Finding; where nobody could be followed, the touchpoint at which most goes wrong."""
    best = moment_of_truth(tuple(found))
    if best is not None:
        return [told(best, stop_months)]
    if found:
        n = sum(moment.n_bad for moment in found)
        holes = {"touchpoints": (len(found), "count"), "n": (n, "count"), "months": (stop_months, "count")}
        key = "finding.journey.none" if len(found) > 1 else "finding.journey.none_of_one"
        return [Finding(key, holes, METRICS)]
    judged = [p for p in places if "touchpoint_bad" in p.measured and p.measured["touchpoint_bad"].status == "shown"]
    if not judged:
        is_empty = not any(p.measured for p in places)
        return [Finding("finding.journey.empty" if is_empty else "finding.journey.few", {})]
    worst = max(judged, key=lambda p: p.measured["touchpoint_bad"].value)
    m = worst.measured["touchpoint_bad"]
    holes = {name: (getattr(m, name), "share") for name in ("value", "low", "high")}
    holes |= {"n": (m.n, "count"), "touchpoint": (worst.touchpoint, "code:touchpoint")}
    return [Finding("finding.journey.worst", holes, METRICS)]


def told(best: Moment, stop_months: int) -> Finding:
    """With how sure it is that it comes first; the only touchpoint that could be followed is no first among others."""
    holes = {
        "touchpoint": (best.touchpoint, "code:touchpoint"),
        "value": (best.value, "change:share"),
        "low": (best.low * 100, "times:1"),
        "high": (best.high * 100, "times:1"),
        "n": (best.n_bad, "count"),
        "months": (stop_months, "count"),
    }
    if best.p_first is None:
        return Finding("finding.journey.only", holes, METRICS)
    key = "finding.journey.moment" if best.p_first >= LIKELY else "finding.journey.surest"
    return Finding(key, holes | {"first": (best.p_first, "probability")}, METRICS)
