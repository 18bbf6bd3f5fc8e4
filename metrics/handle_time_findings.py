"""Does cutting handle time bring customers back? The strongest evidence that the data holds, and what it says."""

from collections.abc import Sequence

from metrics.findings import Finding, Hole, is_told
from metrics.handle_times import Correlation, Effect, Pace, Target
from metrics.query import Measurement

TEN = 10  # seconds, the step in which agents' pace is told
TIMES = ("aht", "repeat_contact_rate")


def handle_time_findings(
    found: Sequence[Target],
    pace: Pace | None,
    correlations: Sequence[Correlation],
    repeats: Measurement | None,
    answered: Measurement | None,
    kept: Measurement | None = None,
    times: Measurement | None = None,
) -> list[Finding]:
    """One or two sentences: a target against comparable teams, else agents, the association, what there is."""
    told = next((target for target in found if target.is_told), None)
    if told is not None:
        return target_findings(told)
    alone = [target_alone(target) for target in found if not target.compared][:1]
    if pace is not None and pace.is_random:
        return [*alone, pace_finding(pace)]
    overall = next((c for c in correlations if not c.reason), None)
    if overall is not None:
        return [*alone, correlation_finding(overall)]
    if is_told(repeats):
        key = "finding.contacts.repeats" if times is None or times.status == "empty" else "finding.contacts.narrow"
        return [*alone, level(key, repeats, "share", "repeat_contact_rate")]
    if is_told(answered):
        promised = [level("finding.contacts.kept", kept, "percent", "promise_kept")] if is_told(kept) else []
        median = level("finding.contacts.answers", answered, "days", "resolution_days_p50")
        return [*alone, median, *promised, Finding("finding.contacts.untold", {})]
    return [*alone, Finding("finding.contacts.empty", {})]


def target_findings(target: Target) -> list[Finding]:
    """What it changed in time and in repeats, then what that makes in hours."""
    seconds, repeat = target.effects["handle_seconds"], target.effects["repeat"]
    holes = named(target) | seconds_holes(seconds) | points_holes(repeat) | {"n": (repeat.n, "count")}
    if target.differed_before:
        return [Finding("finding.contacts.differed", holes, TIMES)]
    first = Finding(f"finding.contacts.{seconds.way}_{repeat.way}", holes, TIMES)
    net = target.effects.get("net_seconds")
    return [first] if net is None or seconds.way != "down" else [first, net_finding(net)]


def named(target: Target) -> dict[str, Hole]:
    return {
        "team": (target.team, "code:team"),
        "month": (target.started_on, "month"),
        "target": (target.seconds, "seconds"),
    }


def seconds_holes(effect: Effect) -> dict[str, Hole]:
    """As amounts without a sign where they were saved; signed where nothing can be told."""
    if effect.way == "flat":
        return {name: (getattr(effect, end), "change:seconds") for name, end in SECONDS.items()}
    least, most = sorted((abs(effect.low), abs(effect.high)))
    ends = {"seconds": abs(effect.value), "seconds_low": least, "seconds_high": most}
    return {name: (value, "seconds") for name, value in ends.items()}


SECONDS = {"seconds": "value", "seconds_low": "low", "seconds_high": "high"}


def points_holes(effect: Effect) -> dict[str, Hole]:
    """Points of a hundred contacts; without a sign where the sentence says it."""
    if effect.way == "flat":
        return {"points": (effect.value, "change:share")} | {
            f"points_{end}": (getattr(effect, end) * 100, "times:1") for end in ("low", "high")
        }
    sign = 100 if effect.way == "up" else -100
    ends = sorted((effect.low * sign, effect.high * sign))
    numbers = {"points": effect.value * sign, "points_low": ends[0], "points_high": ends[1]}
    return {name: (value, "times:1") for name, value in numbers.items()}


def net_finding(net: Effect) -> Finding:
    """Hours of work saved or lost by the team since, the first return of each customer included."""
    value, low, high = net.hours
    way = {"down": "saved", "up": "lost", "flat": "unclear"}[net.way]
    sign = 1 if way == "lost" else -1
    least, most = sorted((low * sign, high * sign))
    hours = {"hours": value * sign, "low": least, "high": most}
    return Finding(f"finding.contacts.net.{way}", {name: (end, "count") for name, end in hours.items()}, TIMES)


def target_alone(target: Target) -> Finding:
    return Finding("finding.contacts.alone", named(target), TIMES)


def pace_finding(pace: Pace) -> Finding:
    way = "more" if pace.low > 0 else "less" if pace.high < 0 else "none"
    sign = -100 * TEN if way == "less" else 100 * TEN
    least, most = sorted((pace.low * sign, pace.high * sign))
    points = {"points": pace.value * sign, "low": least, "high": most}
    holes = {name: (end, "times:2") for name, end in points.items()}
    if way == "none":
        holes["points"] = (pace.value * TEN, "change:share")
    holes |= {"n": (pace.n, "count"), "agents": (pace.n_agents, "count"), "step": (TEN, "seconds")}
    return Finding(f"finding.contacts.pace_{way}", holes, TIMES)


def correlation_finding(found: Correlation) -> Finding:
    way = "longer" if found.low > 0 else "shorter" if found.high < 0 else "none"
    holes = {name: (getattr(found, name), "times:2") for name in ("value", "low", "high")}
    return Finding(f"finding.contacts.correlation_{way}", holes | {"n": (found.n, "count")}, TIMES)


def level(key: str, m: Measurement, unit: str, metric: str) -> Finding:
    holes = {name: (getattr(m, name), unit) for name in ("value", "low", "high")}
    return Finding(key, holes | {"n": (m.n, "count")}, (metric,))
