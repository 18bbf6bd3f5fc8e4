"""The register of actions, what became of each (metrics/results/action_effects.py), and whether loops are closed.

Everything is as of the last day of the data: a verdict belongs to the action, not to the period chosen on a page. Who
may see some customers only gets the register without numbers: they compare customers inside with others outside.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING

from metrics.action_gap import done_where
from metrics.definitions import Catalogue
from metrics.promise_costs import group_of
from metrics.selection import Selection
from metrics.stats.intervals import Estimate

if TYPE_CHECKING:
    import duckdb

RESULT, MONTHS, RECOVERY = "result_action", "result_action_month", "result_loop_recovery"
VERDICTS = ("worked", "no_evidence", "too_early", "cannot_tell")
REGISTER = (
    *("action_id", "title", "pillar", "reason", "team", "owner_role", "opened_on", "started_on", "done_on"),
    *("target_metric", "expected_change", "applies_to", "comparison", "cost", "status"),
)


@dataclass(frozen=True)
class Entry:
    """A line of the register, as canonical.actions has it."""

    action_id: str
    title: str
    pillar: str | None = None
    reason: str | None = None
    team: str | None = None
    owner_role: str | None = None
    opened_on: date | None = None
    started_on: date | None = None
    done_on: date | None = None
    target_metric: str | None = None
    expected_change: float | None = None
    applies_to: str | None = None
    comparison: str | None = None
    cost: float | None = None
    status: str | None = None

    @property
    def where(self) -> tuple[tuple[str, str], ...]:
        return done_where(self.applies_to, self.team)


@dataclass(frozen=True)
class Verdict:
    """What became of an action, named as in metrics/results/action_effects.py. verdict is None until it is done."""

    state: str
    verdict: str | None
    why: str | None
    metric: str | None
    compared: tuple[str, ...]
    is_declared: bool | None
    value: float | None
    low: float | None
    high: float | None
    detectable: float | None
    expected: float | None
    came_true: str | None
    trend: float | None
    trend_low: float | None
    trend_high: float | None
    spread: float | None
    p: float | None
    n_placebos: int | None
    n_units: int | None
    before: float | None
    after: float | None
    other_before: float | None
    other_after: float | None
    before_from: date | None
    before_to: date | None
    after_from: date | None
    after_to: date | None
    told_from: date | None
    n: int | None
    n_before: int | None
    n_other_before: int | None
    n_other_after: int | None
    method: str


@dataclass(frozen=True)
class Acted:
    """An action with what became of it; no verdict where the snapshot was made before there were any."""

    entry: Entry
    verdict: Verdict | None

    @property
    def is_finished(self) -> bool:
        return self.verdict is not None and self.verdict.verdict is not None


@dataclass(frozen=True)
class Month:
    """A month of those acted on, or of those compared; n: rows behind."""

    month: date
    value: float
    n: int


@dataclass(frozen=True)
class Recovery:
    """An outcome of unhappy customers who were called back, of those like them whom nobody called, the difference."""

    outcome: str
    difference: Estimate
    called: float
    not_called: float
    n_called: int
    n_not_called: int
    first_on: date
    last_on: date


def actions(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection
) -> tuple[Acted, ...] | None:
    """The register as the snapshot has it, latest first; None without one."""
    rows = cursor.execute(
        f"select {', '.join(REGISTER)} from canonical.actions "  # noqa: S608 constants
        "order by coalesce(done_on, started_on, opened_on) desc nulls last, action_id"
    ).fetchall()
    if not rows:
        return None
    known = {} if selection.scope else verdicts(cursor, catalogue)
    entries = [Entry(*row[:10], as_float(row[10]), *row[11:13], as_float(row[13]), row[14]) for row in rows]
    return tuple(Acted(entry, known.get(entry.action_id)) for entry in entries)


def as_float(value: object) -> float | None:
    return None if value is None else float(value)


def verdicts(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue) -> dict[str, Verdict]:
    if RESULT not in catalogue.ground.columns:
        return {}
    names = [field.name for field in fields(Verdict)]
    found = {}
    for number, *cells in cursor.execute(f"select action_id, {', '.join(names)} from {RESULT}").fetchall():  # noqa: S608
        cells[4] = tuple(cells[4] or ())
        found[number] = Verdict(*cells)
    return found


def action_months(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, number: str
) -> dict[str, tuple[Month, ...]]:
    """Side (acted, compared) -> its months; {} where there are none to show."""
    if selection.scope or MONTHS not in catalogue.ground.columns:
        return {}
    found: dict[str, tuple[Month, ...]] = {}
    read = f"select side, month, value, n from {MONTHS} where action_id = ? order by side, month"  # noqa: S608 constant
    for side, *row in cursor.execute(read, [number]).fetchall():
        found[side] = (*found.get(side, ()), Month(*row))
    return found


def recovery(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> dict[str, Recovery]:
    """Outcome -> what follows call-backs, of everyone or of the one group selected; {} where it is not known."""
    group = group_of(selection)
    if group is None or RECOVERY not in catalogue.ground.columns:
        return {}
    rows = cursor.execute(
        "select outcome, value, low, high, called, not_called, n_called, n_not_called, first_on, last_on "  # noqa: S608
        f"from {RECOVERY} where column_name = ? and code = ?",
        [*group],
    ).fetchall()
    return {row[0]: Recovery(row[0], Estimate(*row[1:4]), *row[4:]) for row in rows}


def finished(found: Sequence[Acted]) -> dict[str, list[Acted]]:
    """Verdict -> finished actions that have it, in the order of VERDICTS."""
    return {name: [a for a in found if a.verdict and a.verdict.verdict == name] for name in VERDICTS}
