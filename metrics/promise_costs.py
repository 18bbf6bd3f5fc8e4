"""What broken promises are followed by, read from what metrics/results/promise_cost.py made at refresh.

The difference is measured on every month old enough to be judged, for everybody or for the one group selected; it is
then applied to the cases of the selection: customers for whom a promise was broken, the first time in `stop_months`.
Their margin is an observed difference, not a recoverable amount (STATISTICS 3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.promises import Fact
from metrics.query import measure
from metrics.selection import Choice, Selection, choice
from metrics.sums import filters_of

if TYPE_CHECKING:
    import duckdb

CASES = "result_promise_case"
COSTS = "result_promise_cost"
EVERYBODY = ("", "")


@dataclass(frozen=True)
class Effect:
    """Mean of those whose promise was broken, of those like them whose promises were kept, and the difference."""

    broken: float
    kept: float
    value: float
    low: float
    high: float
    n_cases: int
    n: int
    n_kept: int
    first_on: date
    last_on: date

    @property
    def is_sure(self) -> bool:
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class PromiseCost:
    """A promise that events keep or break.

    group: column and code of the one group that the effects were measured on, empty for everybody. cases: customers of
    the selection, counted once in `stop_months`; exposed: customer-months with the promise due; both None when too few
    people to be shown. stopped is a share, margin an amount per case; None where they cannot be told.
    """

    promise: str
    group: tuple[str, str]
    exposed: int | None
    cases: int | None
    stopped: Effect | None
    margin: Effect | None

    @property
    def money(self) -> tuple[float, float, float] | None:
        """Margin not seen over the cases of the selection, with its interval; a loss is positive."""
        if self.margin is None or self.cases is None:
            return None
        return tuple(-self.cases * end for end in (self.margin.value, self.margin.high, self.margin.low))


def promise_costs(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, facts: tuple[Fact, ...]
) -> tuple[PromiseCost, ...]:
    """A cost for every promise that the snapshot could follow, in the order of `facts`."""
    if CASES not in catalogue.ground.columns:
        return ()
    followed = {promise for (promise,) in cursor.execute(f"select distinct promise from {CASES}").fetchall()}  # noqa: S608
    return tuple(cost_of(cursor, catalogue, selection, fact) for fact in facts if fact.promise in followed)


def cost_of(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, fact: Fact) -> PromiseCost:
    group = group_of(selection)
    exposed, cases = counts(cursor, catalogue, selection, fact)
    effects = {} if group is None else effects_of(cursor, fact.promise, group)
    return PromiseCost(fact.promise, group or EVERYBODY, exposed, cases, effects.get("stopped"), effects.get("margin"))


def group_of(selection: Selection) -> tuple[str, str] | None:
    """The one group that is selected, by a filter or by the reader's scope; everybody without either; else None.

    What is true of everybody is not taken for the truth of a group, and a reader's limits hold here too.
    """
    limits = {(column, codes) for column, codes in (*selection.where, *selection.scope)}
    if not limits:
        return EVERYBODY
    (column, codes), *others = limits
    return None if others or len(codes) > 1 else (column, codes[0])


def effects_of(cursor: "duckdb.DuckDBPyConnection", promise: str, group: tuple[str, str]) -> dict[str, Effect]:
    rows = cursor.execute(
        f"select outcome, broken, kept, value, low, high, n_cases, n, n_kept, first_on, last_on from {COSTS} "  # noqa: S608
        "where promise = ? and column_name = ? and code = ?",
        [promise, *group],
    ).fetchall()
    return {outcome: Effect(*numbers) for outcome, *numbers in rows}


def counts(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, fact: Fact
) -> tuple[int | None, int | None]:
    """Customer-months with the promise due, and cases; as private as the promise's own metric over the selection."""
    limits: Choice = (*selection.where, *selection.scope)
    if not {column for column, _ in limits} <= catalogue.ground.columns[CASES]:
        return None, None
    asked = Selection(selection.period, where=choice([*selection.where, *fact.where]), scope=selection.scope)
    (measured,) = measure(cursor, catalogue, fact.metric, asked)
    if measured.status == "private":
        return None, None
    filters, codes = filters_of(limits)
    return cursor.execute(
        f"select coalesce(sum(n_exposed), 0)::bigint, coalesce(sum(n_cases), 0)::bigint from {CASES} "  # noqa: S608
        f"where promise = ? and month >= ? and month < ?{filters}",
        [fact.promise, selection.period.start, selection.period.end, *codes],
    ).fetchone()


def money_by_promise(costs: Sequence[PromiseCost]) -> dict[str, float]:
    """Margin not seen, of the promises for which it can be told."""
    return {cost.promise: cost.money[0] for cost in costs if cost.money is not None}
