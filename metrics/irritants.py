"""Irritants, read from what metrics/results/irritants.py made at refresh; what is being done; words of those they hit.

Of everyone or of the one group selected, over the last 12 full months: the period chosen on a page does not change it.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from metrics.action_gap import NONE, state_on
from metrics.definitions import Catalogue
from metrics.promise_costs import EVERYBODY, group_of
from metrics.selection import Selection
from metrics.stats.intervals import Estimate
from metrics.sums import filters_of
from metrics.verbatims import Verbatim, texts_of

if TYPE_CHECKING:
    import duckdb

IRRITANTS, WORDS = "result_irritant", "result_irritant_words"
SOURCES = ("promise", "repeat", "seam", "theme")
SHOWN_WORDS = 3
ESTIMATES = ("loss", "margin", "hours", "cost", "stopped", "change")
PLAIN = (
    *("thing", "p_first", "best_rank", "worst_rank", "before_high", "cases", "hit", "exposed", "n", "n_like", "rate"),
    *("rate_before", "part_column", "part_code", "part_rate", "rest_rate", "overlap_thing", "overlap"),
    *("department", "department_share", "n_contacts", "first_on", "last_on"),
)
ENDS = {"loss": ("low", "high")}  # the others have <name>_low and <name>_high
DOING = """
select reason, pillar, target_metric, title, started_on, done_on, cost
from canonical.actions
where coalesce(status, '') <> 'dropped' and coalesce(opened_on, started_on, done_on, date '0001-01-01') < ?
order by coalesce(started_on, opened_on), action_id
"""


@dataclass(frozen=True)
class Irritant:
    """A candidate. loss, margin (not seen), hours, cost: over all cases; stopped: share more that stopped buying.

    loss is shrunk with the others. p_first: probability that it is the largest; best to worst rank: 95 % of them.
    before_high: most that the margin before differed, a case. part_*: the segment that it strikes far more than the
    others. overlap: share of its customers whom overlap_thing hit too. Amounts are None where they are not measured.
    """

    thing: str
    loss: Estimate
    margin: Estimate
    hours: Estimate
    cost: Estimate
    stopped: Estimate
    change: Estimate
    p_first: float
    best_rank: int
    worst_rank: int
    before_high: float | None
    cases: int
    hit: int
    exposed: int
    n: int
    n_like: int
    rate: float
    rate_before: float | None
    part_column: str | None
    part_code: str | None
    part_rate: float | None
    rest_rate: float | None
    overlap_thing: str | None
    overlap: float
    department: str | None
    department_share: float | None
    n_contacts: int
    first_on: date
    last_on: date

    @property
    def source(self) -> str:
        return self.thing.partition(":")[0]

    @property
    def code(self) -> str:
        return self.thing.partition(":")[2]

    @property
    def differed_before(self) -> bool:
        """Those it hit brought less already before: then what they brought after tells nothing."""
        return self.before_high is not None and self.before_high < 0

    @property
    def is_told(self) -> bool:
        return self.loss.low > 0 and not self.differed_before

    @property
    def is_changed(self) -> bool:
        return self.change.excludes_zero


@dataclass(frozen=True)
class Doing:
    """What the register says of an irritant: the state furthest on, its action, what that costs where it says so."""

    state: str
    title: str
    started_on: date | None
    cost: float | None


def irritants(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> tuple[Irritant, ...]:
    """Those that can be told first, then by the least that they weigh; () when two limits are set at once."""
    group = group_of(selection)
    if group is None or IRRITANTS not in catalogue.ground.columns:
        return ()
    found = ranking(cursor, group)
    return tuple(sorted(found, key=lambda one: (not one.is_told, -one.loss.low, one.thing)))


def ranking(cursor: "duckdb.DuckDBPyConnection", group: tuple[str, str]) -> list[Irritant]:
    ends = {name: (name, *ENDS.get(name, (f"{name}_low", f"{name}_high"))) for name in ESTIMATES}
    columns = ", ".join([*PLAIN, *(column for three in ends.values() for column in three)])
    sql = f"select {columns} from {IRRITANTS} where column_name = ? and code = ?"  # noqa: S608 constants
    found = []
    for row in cursor.execute(sql, [*group]).fetchall():
        plain, numbers = dict(zip(PLAIN, row, strict=False)), iter(row[len(PLAIN) :])
        estimates = {name: Estimate(next(numbers), next(numbers), next(numbers)) for name in ESTIMATES}
        found.append(Irritant(**plain, **estimates))
    return found


def there(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, thing: str
) -> Irritant | None:
    """An irritant in the segment that it strikes most, as that segment's own ranking has it; only of everyone's."""
    if group_of(selection) != EVERYBODY:
        return None
    found = {one.thing: one for one in irritants(cursor, catalogue, selection)}
    part = found.get(thing)
    if part is None or part.part_column is None:
        return None
    return next((one for one in ranking(cursor, (part.part_column, part.part_code)) if one.thing == thing), None)


def doing(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, thing: str) -> Doing | None:
    """By the action's reason, else by the promise or the metric that it is meant to move; None where there is none."""
    source, _, code = thing.partition(":")
    metric = {"promise": "promise_kept", "repeat": "repeat_contact_rate"}.get(source)
    served = "select pillar from setting_pillar where metric = ?"
    pillars = {pillar for (pillar,) in cursor.execute(served, [metric]).fetchall()}
    end, found = min(selection.period.end, catalogue.ground.as_of), []
    for reason, pillar, target, title, started, done, cost in cursor.execute(DOING, [end]).fetchall():
        is_by_reason = source == "repeat" and reason == code
        is_meant = thing != "promise:issue" and metric is not None and (target == metric or pillar in pillars)
        if is_by_reason or (is_meant and (reason is None or source == "promise")):
            state = state_on(end, started, done)
            amount = None if cost is None else float(cost)
            found.append((not is_by_reason, state == NONE, Doing(state, title, started, amount)))
    return min(found, key=lambda one: one[:2])[2] if found else None


def words(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, thing: str
) -> tuple[Verbatim, ...]:
    """Three answers, masked, of customers of the selection whom it hit; the draw was made at refresh."""
    if WORDS not in catalogue.ground.columns or "fct_verbatim" not in catalogue.ground.columns:
        return ()
    limits, codes = filters_of((*selection.where, *selection.scope))
    inside = f" and verbatim_id in (select verbatim_id from fct_verbatim where true{limits})" if limits else ""  # noqa: S608
    sql = f"select verbatim_id from {WORDS} where thing = ?{inside} order by place limit {SHOWN_WORDS}"  # noqa: S608
    ids = tuple(found for (found,) in cursor.execute(sql, [thing, *codes]).fetchall())
    return texts_of(cursor, ids) if ids else ()
