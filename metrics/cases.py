"""One case per function: what marketing, sales, the contact centre and digital each gain from a better experience.

Numbers are those of the catalogue and of the results; here they are put side by side and judged, several at once, never
one among many alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.findings import Finding, Hole, is_told
from metrics.handle_times import Avoidable
from metrics.journeys import Moment, moment_of_truth
from metrics.promises import Fact
from metrics.query import Measurement, measure
from metrics.selection import Period, Selection
from metrics.stats.intervals import Estimate
from metrics.stats.multiple import widened
from metrics.value_findings import SURE, at_once, one_shot_finding, rest

if TYPE_CHECKING:
    import duckdb

FUNCTIONS = ("marketing", "sales", "contact_centre", "digital")
SAFE, NOT_YET, ALIKE = "safe", "not_yet", "alike"
LACKING = ("unknown", "none")


@dataclass(frozen=True)
class Pledge:
    """A promise with a target, for everyone and by group: where it surely is not kept yet, and where it surely is.

    unit: of its metric and its target.
    """

    fact: Fact
    unit: str
    whole: Measurement
    not_yet: tuple[Measurement, ...]
    kept: tuple[Measurement, ...]
    hidden: tuple[Measurement, ...]
    n_groups: int


@dataclass(frozen=True)
class Place:
    """A group of customers to sell to: what went wrong for them, against all others."""

    m: Measurement
    others: Estimate
    verdict: str


@dataclass(frozen=True)
class Movable:
    """A reason that self-service could settle: verified and claimed shares of visits, what people still handle of it.

    hours: of contacts handled in the period; `at_least`: those that would go if they were settled as surely as visits.
    """

    reason: str
    verified: Measurement
    claimed: Measurement | None
    contacts: int
    hours: float

    @property
    def at_least(self) -> float:
        return self.hours * (self.verified.low or 0.0)


def pledges(
    cursor: "duckdb.DuckDBPyConnection",
    catalogue: Catalogue,
    selection: Selection,
    facts: tuple[Fact, ...],
    column: str,
) -> tuple[Pledge, ...]:
    """Promises that have a target and a number; groups of one promise are judged at once (Bonferroni)."""
    found = []
    for fact in facts:
        asked = replace(selection, versus="none", where=(*selection.where, *fact.where))
        whole = measure(cursor, catalogue, fact.metric, asked)[0]
        if fact.target is None or whole.value is None:
            continue
        cells = measure(cursor, catalogue, fact.metric, asked, by=(column,)) if column else ()
        named = [m for m in cells if m.group[0][1] not in LACKING]
        groups, hidden = [m for m in named if m.low is not None], tuple(m for m in named if m.status == "private")
        metric = catalogue.metrics[fact.metric]
        is_up = metric.direction == "up"
        beyond = [(m, way(widened(Estimate(m.value, m.low, m.high), len(groups)), fact.target, is_up)) for m in groups]
        missed = [m for m, said in beyond if said == NOT_YET]
        kept = [m for m, said in beyond if said == SAFE]
        found.append(Pledge(fact, metric.unit, whole, tuple(missed), tuple(kept), hidden, len(groups)))
    return tuple(found)


def way(found: Estimate, target: float, is_up: bool) -> str:
    """Surely short of the target, surely at it, or neither."""
    if is_up:
        return NOT_YET if found.high < target else SAFE if found.low >= target else ALIKE
    return NOT_YET if found.low > target else SAFE if found.high <= target else ALIKE


def places(groups: Sequence[Measurement]) -> tuple[Place, ...]:
    """Groups by what went wrong for them: surely less than for the others is safe, surely more is not yet (Holm)."""
    judged = [m for m in groups if m.value is not None and m.denominator and m.group[0][1] not in LACKING]
    if len(judged) < 2:
        return ()
    found = []
    for m, p in zip(judged, at_once(judged), strict=True):
        others = rest(judged, m)
        verdict = ALIKE if p >= SURE else SAFE if m.value < others.value else NOT_YET
        found.append(Place(m, others, verdict))
    return tuple(sorted(found, key=lambda place: place.m.value))


def movables(
    verified: Sequence[Measurement],
    claimed: Sequence[Measurement],
    handled: Sequence[Measurement],
) -> tuple[Movable, ...]:
    """By reason, those first that would surely take most hours off people's hands."""
    said = {m.group[0][1]: m for m in claimed}
    times = {m.group[0][1]: m for m in handled if m.numerator is not None}
    found = [
        Movable(code, m, said.get(code), times[code].n, times[code].numerator / 3600)
        for m in verified
        for code in [m.group[0][1]]
        if m.low is not None and code in times and code not in LACKING
    ]
    return tuple(sorted(found, key=lambda one: -one.at_least))


def holes_of(m: Measurement | Estimate, unit: str = "share") -> dict[str, Hole]:
    return {name: (getattr(m, name), unit) for name in ("value", "low", "high")}


def marketing_findings(second: Sequence[Measurement], column: str, found: Sequence[Pledge]) -> list[Finding]:
    """Whom a campaign wins for one order only; then the first promise that a group surely does not get yet."""
    shot = one_shot_finding(second, column)
    told = []
    if shot is not None:
        key = "one_shot" if shot.key.endswith(".one_shot") else "no_one_shot"
        told.append(Finding(f"finding.cases.{key}", shot.holes, shot.metrics))
    missed = [pledge for pledge in found if pledge.not_yet]
    if missed:
        told.append(pledge_finding(missed[0]))
    return told or [Finding("finding.cases.nothing", {})]


def pledge_finding(pledge: Pledge) -> Finding:
    """The group in which a promise is surely kept least."""
    worst = max(pledge.not_yet, key=lambda m: abs(m.value - pledge.fact.target))
    column, code = worst.group[0]
    holes = holes_of(worst, pledge.unit) | {"group": (code, f"code:{column}")}
    holes |= {
        "target": (pledge.fact.target, pledge.unit),
        "promise": (pledge.fact.promise, "code:pillar"),
        "n": (worst.n, "count"),
        "period": (Period(worst.start, worst.end), "period"),
    }
    return Finding("finding.cases.pledge", holes, (pledge.fact.metric,))


def sales_findings(found: Sequence[Place], column: str, slowed: tuple[Moment, ...], months: int) -> list[Finding]:
    """Whom not to sell to yet, or whom first, or that no group stands apart; then what slows the next order most."""
    told = []
    risky, safe = ([place for place in found if place.verdict == verdict] for verdict in (NOT_YET, SAFE))
    if risky or safe:
        place = risky[-1] if risky else safe[0]
        holes = holes_of(place.m) | {"n": (place.m.n, "count"), "others": (place.others.value, "share")}
        holes |= {"group": (place.m.group[0][1], f"code:{column}")}
        told.append(Finding(f"finding.cases.{place.verdict}", holes))
    elif found:
        told.append(Finding("finding.cases.all_alike", {"n": (sum(place.m.n for place in found), "count")}))
    moment = moment_of_truth(slowed)
    if moment is not None:
        ends = {"low": (moment.low * 100, "times:1"), "high": (moment.high * 100, "times:1")}
        holes = {"touchpoint": (moment.touchpoint, "code:touchpoint"), "value": (moment.value, "change:share")}
        told.append(
            Finding("finding.cases.slows", holes | ends | {"months": (months, "count"), "n": (moment.n_bad, "count")})
        )
    return told or [Finding("finding.cases.nothing", {})]


def contact_centre_findings(found: Sequence[Avoidable], handled: Measurement | None) -> list[Finding]:
    """Hours that came back above chance, of all that were handled, and the reason that takes most of them."""
    whole = next((a for a in found if not a.reason), None)
    if whole is None or handled is None or not handled.numerator:
        return [Finding("finding.cases.nothing", {})]
    holes = {name: (getattr(whole.time, name) / 3600, "count") for name in ("value", "low", "high")}
    holes |= {"share": (whole.time.value / handled.numerator, "share"), "n": (whole.n, "count")}
    holes |= {"period": (Period(handled.start, handled.end), "period")}
    first = next((a for a in found if a.reason), None)
    if first is None:
        return [Finding("finding.cases.hours", holes)]
    holes |= {"reason": (first.reason, "code:reason"), "own": (first.time.value / 3600, "count")}
    return [Finding("finding.cases.hours_most", holes)]


def digital_findings(
    verified: Measurement | None, claimed: Measurement | None, found: Sequence[Movable]
) -> list[Finding]:
    """What the site counts against what was truly settled; then what to move there next."""
    if not is_told(verified):
        return [Finding("finding.cases.nothing", {})]
    holes = holes_of(verified) | {"n": (verified.n, "count")}
    if is_told(claimed):
        told = [Finding("finding.cases.settled", holes | {"claimed": (claimed.value, "share")}, ("contained",))]
    else:
        told = [Finding("finding.cases.settled_alone", holes, ("contained",))]
    if found:
        first = found[0]
        period = Period(first.verified.start, first.verified.end)
        about = {"reason": (first.reason, "code:reason"), "hours": (first.hours, "count"), "period": (period, "period")}
        told.append(Finding("finding.cases.move", about | {"at_least": (first.at_least, "count")}))
    return told
