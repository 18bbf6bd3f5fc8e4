"""What is worth saying of the register of actions: how many are finished, how many worked, and by how much."""

from collections.abc import Sequence

from metrics.action_gap import NONE
from metrics.actions import Acted, finished
from metrics.findings import Finding


def action_findings(found: Sequence[Acted] | None) -> list[Finding]:
    """How the finished ones turned out, then what the surest of those that worked changed."""
    known = [a for a in found or () if a.verdict is not None]
    if not found:
        return [Finding("finding.actions.no_register", {})]
    if not known:
        return [Finding("finding.actions.unjudged", {"n": (len(found), "count")})]
    by_verdict = finished(known)
    n = sum(map(len, by_verdict.values()))
    if not n:
        begun = sum(a.verdict.state != NONE for a in known)
        return [Finding("finding.actions.none_finished", {"n": (len(known), "count"), "begun": (begun, "count")})]
    holes = {name: (len(some), "count") for name, some in by_verdict.items()} | {"n": (n, "count")}
    key = "finding.actions.counts_untold" if by_verdict["cannot_tell"] else "finding.actions.counts"
    surest = max(
        by_verdict["worked"], key=lambda a: abs(a.verdict.value) / (a.verdict.high - a.verdict.low), default=None
    )
    return [Finding(key, holes), *([] if surest is None else [moved(surest, len(by_verdict["worked"]))])]


def moved(acted: Acted, worked: int) -> Finding:
    v = acted.verdict
    holes = {"metric": (v.metric, "metric"), "n": (v.n, "count")}
    holes |= {"value": (v.value, f"moved:{v.metric}")}
    holes |= {name: (getattr(v, name), f"moved_end:{v.metric}") for name in ("low", "high")}
    return Finding("finding.actions.moved_only" if worked == 1 else "finding.actions.moved", holes, (v.metric,))
