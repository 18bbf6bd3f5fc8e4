"""Drivers of recommending and of buying again, read from what metrics/results/drivers.py made at refresh: of everybody
or of one group. An association, never a cause.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.promise_costs import EVERYBODY, group_of
from metrics.results.drivers import KINDS
from metrics.selection import Selection
from metrics.stats.intervals import Estimate

if TYPE_CHECKING:
    import duckdb

DRIVERS, MODELS, OF_KIND = "result_drivers", "result_drivers_model", "result_drivers_kind"
QUESTIONS = (("repurchase", "before"), ("recommendation", "before"), ("recommendation", "same"))


@dataclass(frozen=True)
class Part:
    """A share of R^2; `is_told`: above chance, all of its table judged at once. Of a difference p is None."""

    value: Estimate
    p: float | None
    is_told: bool


@dataclass(frozen=True)
class Driver:
    """`kind`: rational, emotional, or None; `source`: fact or said; way: 1 when more of it goes with a better outcome.

    performance: how well it went, 0 to 1, over the occasions of the n_lived customers who had one.
    """

    name: str
    kind: str | None
    source: str
    share: Part
    way: int
    performance: Estimate
    n_lived: int


@dataclass(frozen=True)
class OfGroup:
    """A driver in one group; beyond: less the mean of the column's other groups, None without others."""

    group: tuple[str, str]
    driver: str
    share: Part
    beyond: Estimate | None
    n: int

    @property
    def differs(self) -> bool:
        return self.beyond is not None and self.beyond.excludes_zero


@dataclass(frozen=True)
class Drivers:
    """One question. `measure`: repurchase, nps or satisfaction; `status`: measured or too_few; basis `same`: drivers
    are answers of the same questionnaire (halo). `controls`: R^2 of what is held constant. n_events: of the rarer
    outcome of a yes or no, None of a score. `kinds`: emotional, rational; empty without both. `parts`: every driver in
    every group, for who sees everybody."""

    outcome: str
    basis: str
    measure: str
    status: str
    whole: Part | None
    controls: float | None
    n: int
    n_events: int | None
    n_drivers: int
    first_on: date | None
    last_on: date | None
    drivers: tuple[Driver, ...]
    kinds: dict[str, Part]
    difference: Part | None
    parts: tuple[OfGroup, ...]


def drivers(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> tuple[Drivers, ...]:
    """In the order of QUESTIONS, the most telling driver first; () for more than one group at once."""
    group = group_of(selection)
    if group is None or "column_name" not in catalogue.ground.columns.get(MODELS, ()):
        return ()
    told, of_group = "value, low, high, p, is_told", "where column_name = ? and code = ?"
    rows = cursor.execute(
        f"select outcome, basis, driver, kind, source, {told}, way, performance, performance_low, "  # noqa: S608
        f"performance_high, n_lived from {DRIVERS} {of_group} order by value desc, driver",
        [*group],
    ).fetchall()
    kinds = cursor.execute(f"select outcome, basis, kind, {told} from {OF_KIND} {of_group}", [*group]).fetchall()  # noqa: S608
    models = cursor.execute(
        f"select outcome, basis, measure, status, {told}, controls, n, n_events, n_drivers, first_on, last_on "  # noqa: S608
        f"from {MODELS} {of_group}",
        [*group],
    ).fetchall()
    others = parts(cursor) if group == EVERYBODY else {}
    found = []
    for outcome, basis, measure, status, *numbers in models:
        of_kind = {row[2]: part(row[3:8]) for row in kinds if row[:2] == (outcome, basis)}
        own = tuple(driver(row[2:]) for row in rows if row[:2] == (outcome, basis))
        whole = part(numbers[:5]) if status == "measured" else None
        pair = {kind: of_kind[kind] for kind in KINDS if kind in of_kind}
        about = (outcome, basis, measure, status, whole, *numbers[5:])
        of_groups = tuple(others.get((outcome, basis), ()))
        found.append(Drivers(*about, own, pair, of_kind.get("difference"), of_groups))
    return tuple(sorted(found, key=lambda one: QUESTIONS.index((one.outcome, one.basis))))


def parts(cursor: "duckdb.DuckDBPyConnection") -> dict[tuple[str, str], list[OfGroup]]:
    """By question, in the order of the columns and their codes."""
    found: dict[tuple[str, str], list[OfGroup]] = {}
    for outcome, basis, *row in cursor.execute(
        "select outcome, basis, column_name, code, driver, value, low, high, p, is_told, beyond, beyond_low, "  # noqa: S608
        f"beyond_high, n from {DRIVERS} where column_name <> '' order by column_name, code"
    ).fetchall():
        beyond = None if row[8] is None else Estimate(*row[8:11])
        found.setdefault((outcome, basis), []).append(
            OfGroup(tuple(row[:2]), row[2], part(tuple(row[3:8])), beyond, row[11])
        )
    return found


def part(row: tuple) -> Part:
    value, low, high, p, is_told = row
    return Part(Estimate(value, low, high), p, is_told)


def driver(row: tuple) -> Driver:
    name, kind, source, *told = row
    return Driver(name, kind, source, part(tuple(told[:5])), told[5], Estimate(*told[6:9]), told[9])
