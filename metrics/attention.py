"""Attention and experience by value tier, read from what metrics/results/attention.py made at refresh.

Of everyone or of the one group selected, over the last 12 full months: the period chosen on a page does not change it.
Several measures are judged together: the p-values of a family hold for all of it at once (Holm).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.promise_costs import group_of
from metrics.selection import Selection
from metrics.stats.multiple import holm

if TYPE_CHECKING:
    import duckdb

TIERS = "result_attention"
TESTS = "result_attention_test"
ATTENTION = ("wait", "handle", "abandoned", "called_back", "followed_up", "offers")
EXPERIENCE = ("nps", "effort", "promise_kept", "repeated")
UNITS = {"wait": "seconds", "handle": "seconds", "offers": "score", "nps": "points"}  # the others are shares
SURE = 0.05


@dataclass(frozen=True)
class Tier:
    """What a value tier gets, as if with everybody's mix of reasons and channels; n events of so many customers."""

    code: str
    value: float
    low: float
    high: float
    n: int
    customers: int


@dataclass(frozen=True)
class Treated:
    """A measure over the value tiers, the lowest first, and everybody's mean.

    gap, low, high: `top` less `bottom`. p: of "the same for all", dealt by lot; p_at_once: among its family.
    """

    measure: str
    tiers: tuple[Tier, ...]
    whole: float
    gap: float
    low: float
    high: float
    bottom: str
    top: str
    p: float
    p_at_once: float
    deals: int
    n: int
    customers: int
    tier_when: str
    first_on: date
    last_on: date

    @property
    def unit(self) -> str:
        return UNITS.get(self.measure, "share")

    @property
    def differs(self) -> bool:
        return self.p_at_once < SURE

    @property
    def missed(self) -> float:
        """The largest difference, either way, between top and bottom that the data does not exclude."""
        return max(abs(self.low), abs(self.high))


def attention(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> tuple[Treated, ...]:
    return family(cursor, catalogue, selection, ATTENTION)


def experience(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> tuple[Treated, ...]:
    return family(cursor, catalogue, selection, EXPERIENCE)


def family(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, measures: Sequence[str]
) -> tuple[Treated, ...]:
    """The measures that can be told, in their order; () when two limits are set at once."""
    group = group_of(selection)
    if group is None or TESTS not in catalogue.ground.columns:
        return ()
    tiers: dict[str, tuple[Tier, ...]] = {}
    for measure, *numbers in cursor.execute(
        f"select measure, value_tier, value, low, high, n, customers from {TIERS} "  # noqa: S608 constant
        "where column_name = ? and code = ? order by tier_rank",
        [*group],
    ).fetchall():
        tiers[measure] = (*tiers.get(measure, ()), Tier(*numbers))
    names = "measure, whole, gap, low, high, bottom_tier, top_tier, p_value, deals, n, customers, tier_when, first_on"
    rows = cursor.execute(
        f"select {names}, last_on from {TESTS} where column_name = ? and code = ?",  # noqa: S608 constants
        [*group],
    ).fetchall()
    told = sorted((row for row in rows if row[0] in measures), key=lambda row: measures.index(row[0]))
    at_once = holm([row[7] for row in told])
    return tuple(Treated(row[0], tiers[row[0]], *row[1:8], p, *row[8:]) for row, p in zip(told, at_once, strict=True))
