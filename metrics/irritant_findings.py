"""The sentence on top of the irritants: the surest win, or that nothing shows in what customers buy, but in hours."""

from collections.abc import Sequence

from metrics.findings import Finding
from metrics.irritants import Irritant
from metrics.stats.intervals import Estimate


def irritant_findings(found: Sequence[Irritant], part: Irritant | None) -> list[Finding]:
    """`part`: the first irritant in the segment that it strikes most, where there is one."""
    if not found:
        return [Finding("finding.irritants.nothing", {})]
    first = found[0]
    if not first.is_told:
        return [in_hours(found)]
    holes = {
        "irritant": (first.thing, "irritant"),
        **ends(first.loss, "money"),
        "cases": (first.cases, "count"),
        "n": (first.n, "count"),
        "first": (first.p_first, "probability"),
        "others": (len(found) - 1, "count"),
    }
    told = [Finding("finding.irritants.first" if len(found) > 1 else "finding.irritants.only", holes)]
    if part is not None and first.part_column is not None:
        there = {
            "group": (first.part_code, f"code:{first.part_column}"),
            "rate": (first.part_rate, "share"),
            "rest": (first.rest_rate, "share"),
            "cases": (part.cases, "count"),
            "low": (part.loss.low, "money"),
        }
        told.append(Finding("finding.irritants.there", there))
    return told


def in_hours(found: Sequence[Irritant]) -> Finding:
    """Nothing in behaviour: then what is sure of the teams' time, else that even this cannot be told."""
    n = {"candidates": (len(found), "count"), "n": (sum(one.n for one in found), "count")}
    timed = [one for one in found if one.hours.low is not None]
    if not timed:
        return Finding("finding.irritants.untimed", n)
    sure = max(timed, key=lambda one: one.hours.low)
    if sure.hours.low <= 0:
        return Finding("finding.irritants.none", n)
    holes = {"irritant": (sure.thing, "irritant"), **ends(sure.hours, "count"), "cases": (sure.cases, "count")}
    return Finding("finding.irritants.hours", n | holes)


def ends(found: Estimate, unit: str) -> dict[str, tuple[float, str]]:
    return {"value": (found.value, unit), "low": (found.low, unit), "high": (found.high, unit)}
