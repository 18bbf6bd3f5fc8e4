"""Purchases to expect, read from what metrics/results/bgnbd.py made at refresh: of everybody or of the one group."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.promise_costs import EVERYBODY, group_of
from metrics.selection import Selection
from metrics.stats.intervals import Estimate

if TYPE_CHECKING:
    import duckdb

GROUPS, MODELS, HOLDOUT = "result_bgnbd", "result_bgnbd_model", "result_bgnbd_holdout"


@dataclass(frozen=True)
class Expected:
    """A group: mean P(alive), purchases and discounted margin a customer over the coming months; clv without margins
    has no value."""

    group: tuple[str, str]
    alive: Estimate
    purchases: Estimate
    clv: Estimate
    n: int


@dataclass(frozen=True)
class HeldOut:
    """Customers with so many repeat purchases before: mean purchases expected and made in the months held out."""

    repeats: int
    expected: float
    made: Estimate
    n: int


@dataclass(frozen=True)
class PurchasesAhead:
    """`whole`: of who is selected; `groups`: all of them, for who sees everybody. correlation: of spend and frequency,
    which Gamma-Gamma takes as none; None without margins."""

    months: int
    discount: float
    whole: Expected
    groups: tuple[Expected, ...]
    holdout: tuple[HeldOut, ...]
    correlation: Estimate | None


def purchases_ahead(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection
) -> PurchasesAhead | None:
    """None when nothing was computed for whom is selected."""
    group = group_of(selection)
    if group is None or GROUPS not in catalogue.ground.columns:
        return None
    columns = "column_name, code, p_alive, p_alive_low, p_alive_high, value, low, high, clv, clv_low, clv_high, n"
    rows = cursor.execute(f"select {columns}, months, discount from {GROUPS} order by value desc").fetchall()  # noqa: S608
    found = [Expected(row[:2], *(Estimate(*row[k : k + 3]) for k in (2, 5, 8)), row[11]) for row in rows]
    whole = next((one for one in found if one.group == group), None)
    if whole is None:
        return None
    others = tuple(one for one in found if one.group != EVERYBODY) if group == EVERYBODY else ()
    held = cursor.execute(
        f"select repeats, expected, value, low, high, n from {HOLDOUT} order by repeats"  # noqa: S608
    ).fetchall()
    holdout = tuple(HeldOut(x, expected, Estimate(*numbers), n) for x, expected, *numbers, n in held)
    spend = cursor.execute(f"select value, low, high from {MODELS} where model = 'gamma_gamma'").fetchone()  # noqa: S608
    return PurchasesAhead(*rows[0][12:], whole, others, holdout, Estimate(*spend) if spend else None)
