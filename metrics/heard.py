"""Who is heard, read from what metrics/results made at refresh: hearing, hearing_funnel, score_mix.

All of it is of the last 12 full months of the data (and the 12 before), of everybody or of the one group selected.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.promise_costs import group_of
from metrics.selection import Selection

if TYPE_CHECKING:
    import duckdb

FUNNEL, REPRESENTATIVENESS, LEVELS, MIX, FACTS = (
    "result_hearing_funnel",
    "result_representativeness",
    "result_hearing_level",
    "result_score_mix",
    "result_silent_fact",
)
METRICS = ("nps", "nps_transactional", "csat")
PARTS = ("same", "gone", "silent", "new", "again")
TOTAL = "total"


@dataclass(frozen=True)
class Step:
    """How many active customers came so far (active, asked, reached, heard), and the revenue of those who did."""

    step: str
    n_active: int
    customers: int
    share: float
    low: float
    high: float
    revenue: float
    revenue_share: float | None
    revenue_low: float | None
    revenue_high: float | None
    month_end: date


@dataclass(frozen=True)
class Representativeness:
    """Answers to one question against all active customers; values in the metric's unit.

    r: 1, those who answered are like all; most_bias: by how much raw can be wrong at most, as far as what is known of
    all customers tells who answers; bounds: if all the others had given the worst, or the best answer.
    """

    metric: str
    n_customers: int
    n_heard: int
    n_answers: int
    r: float
    r_low: float
    r_high: float
    most_bias: float
    raw: float
    raw_low: float
    raw_high: float
    raked: float
    raked_low: float
    raked_high: float
    shift: float
    shift_low: float
    shift_high: float
    design_effect: float
    is_converged: bool
    bound_low: float
    bound_high: float
    first_on: date
    last_on: date

    @property
    def is_shifted(self) -> bool:
        """Weighting to all customers changes the number beyond noise."""
        return self.shift_low > 0 or self.shift_high < 0


@dataclass(frozen=True)
class Level:
    """Customers of one level of what is known of all: share heard; partial below 0: heard less than all."""

    variable: str
    level: str
    n: int
    n_heard: int
    share: float
    low: float
    high: float
    whole: float
    partial: float
    partial_variable: float
    partial_given: float
    is_told: bool


@dataclass(frozen=True)
class Part:
    """A part of the change of a score (or 'total'), with the scores and answers that it is made of."""

    part: str
    value: float
    low: float
    high: float
    before: float | None
    now: float | None
    n_before: int
    n_now: int
    first_on: date
    last_on: date

    @property
    def is_told(self) -> bool:
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class SilentFact:
    """What active customers who were heard lived, and those who were not; value: the difference."""

    fact: str
    heard: float
    silent: float
    value: float
    low: float
    high: float
    n_heard: int
    n_silent: int
    month_end: date

    @property
    def is_told(self) -> bool:
        return self.low > 0 or self.high < 0


def funnel(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> tuple[Step, ...]:
    columns = (
        "step, n_active, customers, share, low, high, revenue, revenue_share, revenue_low, revenue_high, month_end"
    )
    rows = of_group(cursor, catalogue, selection, FUNNEL, columns, "customers desc, share desc")
    return tuple(Step(*row) for row in rows)


def representativeness(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection
) -> dict[str, Representativeness]:
    """By metric, in the order of METRICS."""
    columns = ", ".join(Representativeness.__dataclass_fields__)
    rows = of_group(cursor, catalogue, selection, REPRESENTATIVENESS, columns, "metric")
    found = {row[0]: Representativeness(*row) for row in rows}
    return {name: found[name] for name in METRICS if name in found}


def levels(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, metric: str
) -> tuple[Level, ...]:
    """Of everybody, whatever is selected; () for a reader who may not see everybody."""
    if selection.scope or LEVELS not in catalogue.ground.columns:
        return ()
    columns = ", ".join(Level.__dataclass_fields__)
    rows = cursor.execute(f"select {columns} from {LEVELS} where metric = ? order by rowid", [metric]).fetchall()  # noqa: S608
    return tuple(Level(*row) for row in rows)


def score_mix(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, metric: str
) -> dict[str, Part]:
    """By part, 'total' last; {} where the data does not hold two years, or answers are too few."""
    columns = "metric, " + ", ".join(Part.__dataclass_fields__)
    rows = of_group(cursor, catalogue, selection, MIX, columns, "rowid")
    return {row[1]: Part(*row[1:]) for row in rows if row[0] == metric}


def silent_facts(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection
) -> tuple[SilentFact, ...]:
    columns = ", ".join(SilentFact.__dataclass_fields__)
    return tuple(SilentFact(*row) for row in of_group(cursor, catalogue, selection, FACTS, columns, "rowid"))


def of_group(
    cursor: "duckdb.DuckDBPyConnection",
    catalogue: Catalogue,
    selection: Selection,
    table: str,
    columns: str,
    order: str,
) -> list[tuple]:
    """Rows of everybody or of the one group selected; [] when two limits are set at once."""
    group = group_of(selection)
    if group is None or table not in catalogue.ground.columns:
        return []
    asked = f"select {columns} from {table} where column_name = ? and code = ? order by {order}"  # noqa: S608 constants
    return cursor.execute(asked, [*group]).fetchall()
