"""What is worth saying of the outlook: keys of sentences and their numbers (pages/ui/text/outlook.*.yaml)."""

from metrics.cem_lifts import Lift
from metrics.findings import Finding, Hole
from metrics.risks import Risk

LIFT_METRICS = ("stopped_within_6m",)
RISK_METRICS = ("stopped_within_6m", "margin")


def outlook_findings(risk: Risk | None, lift: Lift | None, months: int) -> list[Finding]:
    """What is at risk, then why one may believe it: at most two sentences, at least one."""
    told = [risk_finding(risk, months), lift_finding(lift)]
    return [found for found in told if found] or [Finding("finding.outlook.nothing", {})]


def risk_finding(risk: Risk | None, months: int) -> Finding | None:
    """None where nothing could be learnt; a difference within noise is said to be one."""
    if risk is None:
        return None
    whole, unheard = risk.of("all"), risk.of("never_heard")
    holes: dict[str, Hole] = {name: (getattr(whole.value, name), "money") for name in ("value", "low", "high")}
    holes |= {"n": (whole.n, "count"), "months": (months, "count")}
    if not whole.is_told or whole.value.value < 0:
        return Finding("finding.outlook.risk_noise", holes, RISK_METRICS)
    return Finding("finding.outlook.risk", holes | {"unheard": (unheard.value.value, "money")}, RISK_METRICS)


def lift_finding(lift: Lift | None) -> Finding | None:
    if lift is None or not lift.measured:
        return None if lift is None else Finding("finding.outlook.too_little", {}, LIFT_METRICS)
    holes = auc_holes(lift)
    if lift.outcome:
        outcome: Hole = (lift.outcome, "code:cross_section")
        return Finding(f"finding.across.{lift.verdict}", holes | {"outcome": outcome})
    if lift.verdict == "adds" and lift.safe is not None and lift.safe.difference.low > 0:
        return Finding("finding.outlook.adds_safe", caught_holes(lift), LIFT_METRICS)
    return Finding(f"finding.outlook.{lift.verdict}", holes, LIFT_METRICS)


def of_one_moment(lift: Lift | None) -> tuple[Finding, ...]:
    """What was learnt of a company whose data has no dates, and so nothing in any period."""
    told = lift_finding(lift) if lift and lift.outcome else None
    return (told or Finding("finding.nothing", {}),)


def auc_holes(lift: Lift) -> dict[str, Hole]:
    auc = lift.measured["auc"]
    return {
        "base": (auc.base.value, "percent"),
        "extra": (auc.extra.value, "percent"),
        "value": (auc.difference.value, "change:share"),
        "low": (auc.difference.low * 100, "times:1"),
        "high": (auc.difference.high * 100, "times:1"),
        "worthwhile": (lift.worthwhile * 100, "times:1"),
        "n": (lift.n, "count"),
        "cuts": (lift.n_cuts, "count"),
    }


def caught_holes(lift: Lift) -> dict[str, Hole]:
    """Out of 1,000 customers called."""
    caught = lift.safe
    numbers = {
        "base": caught.base.value,
        "extra": caught.extra.value,
        "low": caught.difference.low,
        "high": caught.difference.high,
    }
    holes: dict[str, Hole] = {name: (1000 * value, "count") for name, value in numbers.items()}
    return holes | {"n": (lift.n, "count"), "cuts": (lift.n_cuts, "count")}
