"""Can these surveys be trusted? Signals by store or team, read from what metrics/results/survey_signals.py made.

Always of everybody: a unit's signals are judged against all units, so filters do not apply, and a reader who may see
some customers only is not shown them. A unit is worth an audit with told signals of two families, never with one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.findings import Finding
from metrics.selection import Selection
from metrics.stats.evidence import LEAST_FAMILIES

if TYPE_CHECKING:
    import duckdb

TABLE, WITHOUT = "result_survey_signal", "result_survey_without"
SIGNALS = ("handed", "selective", "answered", "threshold", "shape", "problem", "stopped")
METRICS = ("nps_transactional", "nps", "csat")
# Measured by tests/metrics/test_survey_audit.py (soak): companies of 40 stores, 24 months, units that differ honestly.
SIMULATED = 500  # companies of honest stores, and as many with a rigged one
HONEST_NAMED = 0  # of the former, those in which a store was named
RIGGED_FOUND = 492  # of the latter, those in which the rigged store was named


@dataclass(frozen=True)
class Signal:
    """What metrics/stats/audit.py found of one unit, and p_adjusted over all units and signals."""

    unit_kind: str
    unit: str
    signal: str
    family: str
    value: float
    low: float
    high: float
    expected: float
    level: str
    n: int
    n_answers: int
    distance: float
    p: float
    p_adjusted: float
    is_told: bool
    first_on: date
    last_on: date


@dataclass(frozen=True)
class Unit:
    """A store or a team with its signals, in the order of SIGNALS."""

    kind: str
    code: str
    n_answers: int
    signals: tuple[Signal, ...]

    @property
    def told(self) -> tuple[Signal, ...]:
        return tuple(s for s in self.signals if s.is_told)

    @property
    def families(self) -> int:
        """Families with a told signal."""
        return len({s.family for s in self.told})

    @property
    def is_doubtful(self) -> bool:
        return self.families >= LEAST_FAMILIES


@dataclass(frozen=True)
class Without:
    """A score of all answers, of those without the doubtful units', and the latter less the former."""

    metric: str
    whole: float
    whole_low: float
    whole_high: float
    rest: float
    rest_low: float
    rest_high: float
    value: float
    low: float
    high: float
    n: int
    n_rest: int
    first_on: date
    last_on: date

    @property
    def is_told(self) -> bool:
        return self.low > 0 or self.high < 0


def units(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> tuple[Unit, ...]:
    """Units that could be judged, those with most families and signals told first."""
    if selection.scope or TABLE not in catalogue.ground.columns:
        return ()
    columns = ", ".join(Signal.__dataclass_fields__)
    found: dict[tuple[str, str], list[Signal]] = {}
    for row in cursor.execute(f"select {columns} from {TABLE} order by unit_kind, unit").fetchall():  # noqa: S608
        found.setdefault((row[0], row[1]), []).append(Signal(*row))
    made = (
        Unit(kind, code, signals[0].n_answers, tuple(sorted(signals, key=lambda s: SIGNALS.index(s.signal))))
        for (kind, code), signals in found.items()
    )
    return tuple(sorted(made, key=lambda u: (-u.families, -len(u.told), min(s.p for s in u.signals), u.kind, u.code)))


def doubtful(found: Iterable[Unit]) -> tuple[Unit, ...]:
    return tuple(unit for unit in found if unit.is_doubtful)


def without(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> tuple[Without, ...]:
    """Scores with and without the doubtful units, in the order of METRICS."""
    if selection.scope or WITHOUT not in catalogue.ground.columns:
        return ()
    columns = ", ".join(Without.__dataclass_fields__)
    found = {row[0]: Without(*row) for row in cursor.execute(f"select {columns} from {WITHOUT}").fetchall()}  # noqa: S608
    return tuple(found[name] for name in METRICS if name in found)


def trust_findings(found: Sequence[Unit]) -> tuple[Finding, ...]:
    """Which units are worth an audit; that none is; or that nothing could be judged."""
    if not found:
        return (Finding("finding.trust.empty", {}),)
    doubted = doubtful(found)
    holes = {
        "units": (len(found), "count"),
        "signals": (sum(len(u.signals) for u in found), "count"),
        "n": (sum(u.n_answers for u in found), "count"),
    }
    if not doubted:
        alone = sum(1 for u in found if u.told)
        return (Finding("finding.trust.alone" if alone else "finding.trust.none", holes | {"alone": (alone, "count")}),)
    if len(doubted) > 1:
        return (Finding("finding.trust.several", holes | {"doubtful": (len(doubted), "count")}),)
    (one,) = doubted
    own = {"unit": (one.code, f"code:{one.kind}"), "own": (one.n_answers, "count"), "told": (len(one.told), "count")}
    own |= {"families": (one.families, "count")}
    return (Finding("finding.trust.one", holes | own),)
