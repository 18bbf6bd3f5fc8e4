"""The action gap: of the promise gap, the part that no action under way is closing.

Sum over promises of w x max(W - E, 0), every promise weighing the same (w = 1), parted by what is being done about
it on the last day of the selection (STATISTICS 8):
  none         no action has started, or what was done left it there
  under_way    one has started and is not done
  no_evidence  one is done, and nothing shows that it worked: it closes nothing until something does
  proven       one is done and worked (metrics/results/action_effects.py): as much as the lower end of its effect comes
               to on the scale of 0 to 10, a share times 10, points of NPS by 20; other units take nothing off
An action counts for the promise that it names, else for the promise whose fact it is meant to move. One that applies to
some customers covers their part of the gap only: the part of a group is its share of the answers times its own gap, so
parts add up to the whole. Without a register of actions nothing is known, which is not the same as nothing being done.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.gaps import PillarGap, only
from metrics.promises import Fact
from metrics.query import Measurement, measure
from metrics.question import MAX_BY
from metrics.selection import Selection

if TYPE_CHECKING:
    import duckdb

NONE, UNDER_WAY, FINISHED = "none", "under_way", "finished"
NO_EVIDENCE, PROVEN = "no_evidence", "proven"
STATES = (NONE, NO_EVIDENCE, UNDER_WAY, PROVEN)
ON_TEN = {"share": 10.0, "points": 1 / 20}
ACTIONS = """
select action_id, title, pillar, target_metric, applies_to, owner_role, started_on, done_on, status
from canonical.actions
where coalesce(opened_on, started_on, done_on, date '0001-01-01') < ?
order by coalesce(started_on, opened_on), action_id
"""
WORKED = (
    "select action_id, metric, least(abs(low), abs(high)) from result_action where verdict = 'worked' and after_to <= ?"
)


@dataclass(frozen=True)
class Action:
    """An action as it stood on the last day of the selection. `where`: column and code; see `covers`.

    proven: the least it surely brought, in points of 10; None unless it worked, and that was known by then.
    """

    number: str
    title: str
    promise: str | None
    owner: str | None
    started_on: date | None
    done_on: date | None
    state: str
    where: tuple[tuple[str, str], ...]
    proven: float | None = None

    @property
    def standing(self) -> str:
        """One of STATES."""
        if self.state != FINISHED:
            return self.state
        return NO_EVIDENCE if self.proven is None else PROVEN

    def covers(self, codes: Mapping[str, str]) -> bool:
        return covers(self.where, codes)


@dataclass(frozen=True)
class Part:
    """Points of one promise's gap by state, and all the actions meant for it."""

    promise: str
    points: Mapping[str, float]
    actions: tuple[Action, ...]

    @property
    def total(self) -> float:
        return sum(self.points.values())


@dataclass(frozen=True)
class ActionGap:
    """Promises with a gap, and everything that is being done. `actions` includes those for no promise that is known."""

    parts: tuple[Part, ...]
    actions: tuple[Action, ...]

    @property
    def total(self) -> float:
        """Points of gap over all promises."""
        return sum(part.total for part in self.parts)

    def share(self, *states: str) -> float | None:
        """Share of the promise gap in some states; None where there is no gap."""
        points = sum(part.points[state] for part in self.parts for state in states)
        return points / self.total if self.total else None

    @property
    def open_share(self) -> float | None:
        """The action gap itself: not acted on, or acted on without anything that shows it helped."""
        return self.share(NONE, NO_EVIDENCE)


def action_gap(
    cursor: "duckdb.DuckDBPyConnection",
    catalogue: Catalogue,
    selection: Selection,
    gaps: tuple[PillarGap, ...],
    facts: tuple[Fact, ...],
) -> ActionGap | None:
    """None when the snapshot has no register of actions."""
    if not cursor.execute("select count(*) from canonical.actions").fetchone()[0]:
        return None
    end = min(selection.period.end, catalogue.ground.as_of)
    actions = actions_known(cursor, end, facts, proven(cursor, catalogue, end))
    open_gaps = [gap for gap in gaps if gap.promise is not None and gap.promise.value > 0]
    parts = []
    for gap in open_gaps:
        serving = tuple(a for a in actions if a.promise == gap.pillar and a.state != NONE)
        cells = answers(cursor, catalogue, selection, gap.pillar, serving)
        points = split(float(gap.promise.value), float(gap.wanted.shown), cells, serving)
        parts.append(Part(gap.pillar, points, tuple(a for a in actions if a.promise == gap.pillar)))
    return ActionGap(tuple(parts), actions)


def proven(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, end: date) -> dict[str, float]:
    """Action -> the least it surely brought, in points of 10, of those that had shown by `end` that they worked."""
    if "result_action" not in catalogue.ground.columns:
        return {}
    found = cursor.execute(WORKED, [end]).fetchall()
    units = {name: ON_TEN.get(metric.unit, 0.0) for name, metric in catalogue.metrics.items()}
    return {number: units[metric] * least for number, metric, least in found}


def actions_known(
    cursor: "duckdb.DuckDBPyConnection", end: date, facts: Sequence[Fact], worked: Mapping[str, float]
) -> tuple[Action, ...]:
    """The register as of the day before `end`; actions dropped are left out."""
    by_metric = {fact.metric: fact.promise for fact in reversed(facts)}
    found = []
    for number, title, pillar, metric, applies_to, owner, started, done, status in cursor.execute(
        ACTIONS, [end]
    ).fetchall():
        if status != "dropped":
            state = state_on(end, started, done)
            promise = pillar or by_metric.get(metric)
            least = worked.get(number) if state == FINISHED else None
            found.append(Action(number, title, promise, owner, started, done, state, conditions(applies_to), least))
    return tuple(found)


def state_on(end: date, started: date | None, done: date | None) -> str:
    if done is not None and done < end:
        return FINISHED
    return UNDER_WAY if started is not None and started < end else NONE


def conditions(applies_to: str | None) -> tuple[tuple[str, str], ...]:
    """`column=code;column=code` as pairs; nothing for everybody. What has no = stands for a column that fits nobody."""
    parts = [part.strip() for part in (applies_to or "").split(";") if part.strip()]
    return tuple((column.strip(), code.strip()) for column, _, code in (part.partition("=") for part in parts))


def done_where(applies_to: str | None, team: str | None) -> tuple[tuple[str, str], ...]:
    """Column and code of those acted on; a team without other conditions is where the action was done."""
    return conditions(applies_to) or ((("team", team),) if team else ())


def covers(where: Iterable[tuple[str, str]], codes: Mapping[str, str]) -> bool:
    """Whether conditions hold: one of the codes named for each column. No condition holds for everybody."""
    named: dict[str, set[str]] = {}
    for column, code in where:
        named.setdefault(column, set()).add(code)
    return all(codes.get(column) in known for column, known in named.items())


def answers(
    cursor: "duckdb.DuckDBPyConnection",
    catalogue: Catalogue,
    selection: Selection,
    pillar: str,
    serving: Iterable[Action],
) -> tuple[Measurement, ...]:
    """What was lived, in the groups that the actions tell apart; everybody together when they tell none or too many."""
    columns = sorted({column for action in serving for column, _ in action.where})
    known = set(columns) <= set(catalogue.ground.segments) and len(columns) <= MAX_BY
    chosen = only(replace(selection, versus="none"), pillar)
    return measure(cursor, catalogue, "lived_rating", chosen, by=tuple(columns) if known else ())


def split(total: float, wanted: float, cells: Sequence[Measurement], serving: Sequence[Action]) -> dict[str, float]:
    """Points of a gap by state. What is not covered, or too small a group to be shown, is not acted on."""
    points = dict.fromkeys(STATES, 0.0)
    n = sum(cell.n or 0 for cell in cells)
    for cell in cells:
        covering = [action for action in serving if action.covers(dict(cell.group))]
        if covering and cell.value is not None and n:
            for state, part in acted_on(max(0.0, wanted - cell.value), covering).items():
                points[state] += part * cell.n / n
    points[NONE] = 0.0
    acted = sum(points.values())
    if acted > total:
        points = {state: value * total / acted for state, value in points.items()}
    points[NONE] = max(0.0, total - sum(points.values()))
    return points


def acted_on(gap: float, covering: Sequence[Action]) -> dict[str, float]:
    """The gap of a group by state: first what is proven, then what is under way, or else shows nothing."""
    sure = min(gap, sum(action.proven or 0.0 for action in covering))
    rest = next((s for s in (UNDER_WAY, NO_EVIDENCE) if s in {action.standing for action in covering}), NONE)
    return {PROVEN: sure, rest: gap - sure}
