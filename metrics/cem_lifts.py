"""CRM alone against CRM + CEM, read from what metrics/results/cem_lift.py made at refresh.

The test is made on every cut-off that the data allows, for everybody or for the one group selected; the period chosen
does not change it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.promise_costs import EVERYBODY, group_of
from metrics.selection import Selection
from metrics.stats.intervals import Estimate

if TYPE_CHECKING:
    import duckdb

LIFTS, PARTS, CALIBRATION = "result_cem_lift", "result_cem_lift_part", "result_cem_lift_calibration"
SAFE = ("", "safe")


@dataclass(frozen=True)
class Measured:
    """One measure of both arms, and the difference."""

    base: Estimate
    extra: Estimate
    difference: Estimate


@dataclass(frozen=True)
class Part:
    """`kind`: carried (AUC lost without), alone (AUC of one number), control (difference with shuffled experience)."""

    kind: str
    name: str
    value: Estimate


@dataclass(frozen=True)
class Tenth:
    arm: str
    tenth: int
    predicted: float
    observed: float
    n: int


@dataclass(frozen=True)
class Lift:
    """`measured`: auc, brier, caught, lift (metrics/stats/ranking.py); empty with verdict too_little.

    safe: `caught` among the half that the CRM arm holds least likely to stop; of everybody only. n: different
    customers; n_stopped: times one stopped after a cut-off. outcome: without dates, of what one moment tells (config,
    outlook.cross_section), and then n_cuts are parts of the customers; None over time.
    """

    group: tuple[str, str]
    verdict: str
    worthwhile: float
    measured: Mapping[str, Measured]
    safe: Measured | None
    n: int
    n_stopped: int
    n_cuts: int
    first_on: date | None
    last_on: date | None
    outcome: str | None
    parts: tuple[Part, ...] = ()
    tenths: tuple[Tenth, ...] = ()

    def part(self, kind: str) -> tuple[Part, ...]:
        """Parts of a kind, the largest first."""
        return tuple(sorted((p for p in self.parts if p.kind == kind), key=lambda p: -p.value.value))


def cem_lift(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> Lift | None:
    """Of the one group selected, or of everybody; None when nothing was computed for it."""
    group = group_of(selection)
    if group is None or LIFTS not in catalogue.ground.columns:
        return None
    rows = measures_of(cursor, catalogue, group)
    if not rows:
        return None
    found = lift_of(group, rows)
    if group != EVERYBODY:
        return found
    safe = measures_of(cursor, catalogue, SAFE).get("caught")
    return replace(found, safe=safe and safe[0], parts=parts(cursor), tenths=tenths(cursor))


def lift_of(group: tuple[str, str], rows: Mapping[str, tuple[Measured | None, tuple]]) -> Lift:
    verdict, worthwhile, *counted = rows["auc"][1]
    measured = {name: found for name, (found, _) in rows.items() if found is not None}
    return Lift(group, verdict, worthwhile, measured, None, *counted)


def measures_of(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, group: tuple[str, str]
) -> dict[str, tuple[Measured | None, tuple]]:
    outcome = "outcome" if "outcome" in catalogue.ground.columns[LIFTS] else "null"  # an older snapshot has none
    rows = cursor.execute(
        "select measure, base, base_low, base_high, extra, extra_low, extra_high, value, low, high, verdict, "  # noqa: S608
        f"worthwhile, n, n_stopped, n_cuts, first_on, last_on, {outcome} from {LIFTS} "
        "where column_name = ? and code = ?",
        [*group],
    ).fetchall()
    return {
        name: (None if rest[0] is None else Measured(*(Estimate(*rest[k : k + 3]) for k in (0, 3, 6))), tuple(rest[9:]))
        for name, *rest in rows
    }


def parts(cursor: "duckdb.DuckDBPyConnection") -> tuple[Part, ...]:
    rows = cursor.execute(f"select kind, part, value, low, high from {PARTS}").fetchall()  # noqa: S608
    return tuple(Part(kind, name, Estimate(*numbers)) for kind, name, *numbers in rows)


def tenths(cursor: "duckdb.DuckDBPyConnection") -> tuple[Tenth, ...]:
    columns = "arm, tenth, predicted, observed, n"
    return tuple(
        Tenth(*row)
        for row in cursor.execute(f"select {columns} from {CALIBRATION} order by arm, tenth").fetchall()  # noqa: S608
    )


def groups(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> tuple[Lift, ...]:
    """Every group that was large enough, for who sees everybody: the difference in AUC."""
    if LIFTS not in catalogue.ground.columns or group_of(selection) != EVERYBODY:
        return ()
    rows = cursor.execute(
        f"select distinct column_name, code from {LIFTS} where column_name <> '' order by all"  # noqa: S608
    ).fetchall()
    return tuple(lift_of(group, measures_of(cursor, catalogue, group)) for group in rows)
