"""Handle time and repeat contacts: what metrics/results found, as a page reads it, and the time that returns take.

The evidence has an order (STATISTICS 6): targets against comparable teams, agents where routing is near random, and
last the association inside reason and channel. Results are of everyone or of one group; with two limits at once there
are none, since nothing was computed for them.
"""

from dataclasses import dataclass, replace
from datetime import date
from math import hypot
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.promise_costs import EVERYBODY, group_of
from metrics.query import Measurement, measure
from metrics.selection import Selection
from metrics.stats.intervals import Estimate

if TYPE_CHECKING:
    import duckdb

TARGETS, AGENTS, CORRELATIONS = "result_target", "result_agent_time", "result_time_correlation"
BOTH_AT_ONCE = 1.16  # half-widths of an interval that holds for two outcomes together (Bonferroni, 19 degrees)
GUARDS = ("repeat_any", "abandoned", "unidentified", "transferred", "other_reason", "stopped")


@dataclass(frozen=True)
class Effect:
    """What a target changed in one outcome, less what changed at the teams compared; seconds or shares.

    before, after: the team's level; other_*: that of the others in the team's mix of reasons and channels; None for
    worked seconds. placebo: the same inside the months before. n: contacts of the team since the target.
    """

    value: float
    low: float
    high: float
    before: float | None
    after: float | None
    other_before: float | None
    other_after: float | None
    placebo: float | None
    placebo_low: float | None
    placebo_high: float | None
    n: int
    n_before: int
    n_other_before: int
    n_other_after: int

    @property
    def differed_before(self) -> bool:
        """The teams were already moving apart (two outcomes judged at once): what followed proves nothing."""
        if self.placebo_low is None:
            return False
        return abs(self.placebo) > BOTH_AT_ONCE * (self.placebo_high - self.placebo_low) / 2

    @property
    def way(self) -> str:
        """up, down, or flat where it cannot be told from noise."""
        return "up" if self.low > 0 else "down" if self.high < 0 else "flat"

    @property
    def hours(self) -> tuple[float, float, float]:
        """Worked hours of all the team's contacts since: value, low, high. Only for seconds."""
        return tuple(end * self.n / 3600 for end in (self.value, self.low, self.high))


@dataclass(frozen=True)
class Looked:
    """Another team: compared, or why not; overlap of reasons and channels, contacts; None where too few people."""

    team: str
    why: str
    alike: float | None
    n_before: int | None
    n_after: int | None


@dataclass(frozen=True)
class Point:
    """A month (or quarter) of the team or of those compared."""

    is_target: bool
    outcome: str
    month: date
    months: int
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Target:
    """A handle-time target of a team, the teams looked at, its effects by outcome; months of everyone only."""

    team: str
    started_on: date
    seconds: int
    former: int | None
    before_from: date
    before_to: date
    after_to: date
    looked: tuple[Looked, ...]
    effects: dict[str, Effect]
    points: tuple[Point, ...]

    @property
    def compared(self) -> tuple[str, ...]:
        return tuple(each.team for each in self.looked if each.why == "compared")

    @property
    def is_told(self) -> bool:
        return {"handle_seconds", "repeat"} <= self.effects.keys()

    @property
    def differed_before(self) -> bool:
        return any(self.effects[name].differed_before for name in ("handle_seconds", "repeat"))


@dataclass(frozen=True)
class Pace:
    """Added share of repeats for one second less, by the pace of whichever agent answered; how routing was tested."""

    value: float
    low: float
    high: float
    n: int
    n_agents: int
    explained: float
    is_random: bool
    first_on: date
    last_on: date


@dataclass(frozen=True)
class Correlation:
    """Spearman inside reason and channel; `reason` '' is all of them."""

    reason: str
    value: float
    low: float
    high: float
    n: int
    first_on: date
    last_on: date


@dataclass(frozen=True)
class Decile:
    decile: int
    median_seconds: float
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Avoidable:
    """Time (seconds) and money of returns above chance; chance: share that would have come anyway, with its n."""

    reason: str
    time: Estimate
    cost: Estimate | None
    n: int
    share_above: float
    chance: float
    chance_n: int


def targets(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> tuple[Target, ...]:
    """Those with an effect first, by contacts since."""
    if TARGETS not in catalogue.ground.columns:
        return ()
    group = group_of(selection)
    rows = cursor.execute(
        "select team, started_on, target_seconds, former_seconds, before_from, before_to, after_to "  # noqa: S608
        f"from {TARGETS} order by all"
    ).fetchall()
    found = [
        Target(*row, looked_at(cursor, row[:2]), effects(cursor, row[:2], group), points(cursor, row[:2], group))
        for row in rows
    ]
    return tuple(sorted(found, key=lambda t: -t.effects["repeat"].n if t.is_told else 0))


def looked_at(cursor: "duckdb.DuckDBPyConnection", key: tuple) -> tuple[Looked, ...]:
    sql = "select other, why, alike, n_before, n_after from result_target_team where team = ? and started_on = ?"
    return tuple(Looked(*row) for row in cursor.execute(f"{sql} order by alike desc, other", [*key]).fetchall())


def effects(cursor: "duckdb.DuckDBPyConnection", key: tuple, group: tuple[str, str] | None) -> dict[str, Effect]:
    if group is None:
        return {}
    sql = (
        "select outcome, value, low, high, before, after, other_before, other_after, placebo, placebo_low, "
        "placebo_high, n, n_before, n_other_before, n_other_after from result_target_effect "
        "where team = ? and started_on = ? and column_name = ? and code = ? and low is not null"
    )
    return {outcome: Effect(*row) for outcome, *row in cursor.execute(sql, [*key, *group]).fetchall()}


def points(cursor: "duckdb.DuckDBPyConnection", key: tuple, group: tuple[str, str] | None) -> tuple[Point, ...]:
    if group != EVERYBODY:
        return ()
    sql = (
        "select is_target, outcome, month, months, value, low, high, n from result_target_month "
        "where team = ? and started_on = ? order by outcome, is_target, month"
    )
    return tuple(Point(*row) for row in cursor.execute(sql, [*key]).fetchall())


def pace(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> Pace | None:
    """Of everyone only."""
    if AGENTS not in catalogue.ground.columns or group_of(selection) != EVERYBODY:
        return None
    sql = f"select value, low, high, n, n_agents, explained, is_random, first_on, last_on from {AGENTS}"  # noqa: S608
    rows = cursor.execute(sql).fetchall()
    return Pace(*rows[0]) if rows else None


def correlations(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection
) -> tuple[Correlation, ...]:
    """All reasons together first, then by reason."""
    group = group_of(selection)
    if group is None or CORRELATIONS not in catalogue.ground.columns:
        return ()
    sql = (
        f"select reason, value, low, high, n, first_on, last_on from {CORRELATIONS} "  # noqa: S608
        "where column_name = ? and code = ? order by reason"
    )
    return tuple(Correlation(*row) for row in cursor.execute(sql, [*group]).fetchall())


def deciles(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, reason: str
) -> tuple[Decile, ...]:
    """The ten tenths of a reason ('' for all), the quickest first; () where too few."""
    group = group_of(selection)
    if group is None or CORRELATIONS not in catalogue.ground.columns:
        return ()
    sql = (
        "select decile, median_seconds, value, low, high, n from result_time_decile "
        "where column_name = ? and code = ? and reason = ? order by decile"
    )
    return tuple(Decile(*row) for row in cursor.execute(sql, [*group, reason]).fetchall())


def avoidable(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> tuple[Avoidable, ...]:
    """All reasons together ('') first, then the dearest in time: returns above what chance alone brings."""
    if CORRELATIONS not in catalogue.ground.columns:
        return ()
    asked = replace(selection, versus="none")
    rows = cursor.execute("select reason, value, low, high, n from result_repeat_chance").fetchall()
    chances = {reason: (Estimate(*ends), n) for reason, *ends, n in rows}
    found = []
    for by in ((), ("reason",)):
        measured = {
            name: {dict(m.group).get("reason", ""): m for m in measure(cursor, catalogue, name, asked, by)}
            for name in ("repeat_contact_rate", "repeat_handling_time", "repeat_handling_cost")
        }
        for reason, time in measured["repeat_handling_time"].items():
            rate = measured["repeat_contact_rate"].get(reason)
            if reason in chances and rate is not None and rate.value and time.value and time.low is not None:
                cost = measured["repeat_handling_cost"].get(reason)
                found.append(above_chance(reason, rate, time, cost, *chances[reason]))
    return tuple(sorted(found, key=lambda a: (a.reason != "", -a.time.value)))


def above_chance(
    reason: str, rate: Measurement, time: Measurement, cost: Measurement | None, chance: Estimate, chance_n: int
) -> Avoidable:
    """share_above = 1 - chance / rate; its error joins that of the amounts (errors of a product, delta method)."""
    part = chance.value / rate.value
    error = part * hypot(relative(chance), relative(Estimate(rate.value, rate.low, rate.high)))
    above = Estimate(1 - part, 1 - part - error, 1 - part + error)
    has_cost = cost is not None and bool(cost.value) and cost.low is not None
    return Avoidable(
        reason,
        product(Estimate(time.value, time.low, time.high), above),
        product(Estimate(cost.value, cost.low, cost.high), above) if has_cost else None,
        time.n,
        1 - part,
        chance.value,
        chance_n,
    )


def relative(e: Estimate) -> float:
    """Half-width as a share of the value."""
    return e.half_width / abs(e.value) if e.value else 0.0


def product(one: Estimate, other: Estimate) -> Estimate:
    value = one.value * other.value
    spread = abs(value) * hypot(relative(one), relative(other))
    return Estimate(value, max(0.0, value - spread), value + spread)
