"""The little nothings before a customer left, read from what metrics/results/little_nothings.py made at refresh."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.journeys import Controlled
from metrics.promise_costs import group_of
from metrics.selection import Selection

if TYPE_CHECKING:
    import duckdb

DOSES = "result_little_nothing"
GAPS = "result_issue_gap"


@dataclass(frozen=True)
class Dose(Controlled):
    """Customers with so many little nothings in half a year (the last number: so many or more), and how many stopped.

    reference: share stopped of customers like them without any; value, low, high: the difference. Of none, n_little 0,
    there is only n, n_stopped and stopped. placebo*: the same difference before anything happened.
    """

    n_little: int
    n: int
    n_stopped: int
    stopped: float
    reference: float | None
    value: float | None
    low: float | None
    high: float | None
    told_low: float | None
    n_matched: int | None
    placebo: float | None
    placebo_low: float | None
    placebo_high: float | None
    first_on: date
    last_on: date


@dataclass(frozen=True)
class Gap:
    """Issues put together with a gap (days), with case numbers or without; value: share with two channels or more."""

    gap_days: int
    has_case_numbers: bool
    n: int
    n_contacts: int
    value: float
    low: float
    high: float
    is_chosen: bool


def doses(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> tuple[Dose, ...]:
    """Of everyone or of the one group selected, from none upwards; () when two limits are set at once."""
    group = group_of(selection)
    if group is None or DOSES not in catalogue.ground.columns:
        return ()
    rows = cursor.execute(
        "select n_little, n, n_stopped, stopped, reference, value, low, high, told_low, n_matched, placebo, "  # noqa: S608
        f"placebo_low, placebo_high, first_on, last_on from {DOSES} where column_name = ? and code = ? order by all",
        [*group],
    ).fetchall()
    return tuple(Dose(*row) for row in rows)


def first_told(found: Sequence[Dose]) -> Dose | None:
    """From how many on a difference can be told; None when none can."""
    return next((dose for dose in found if dose.is_told), None)


def worst_told(found: Sequence[Dose]) -> Dose | None:
    """The most little nothings of which a difference can be told."""
    return next((dose for dose in reversed(found) if dose.is_told), None)


def issue_gaps(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> tuple[Gap, ...]:  # noqa: ARG001 over the whole data
    """Nothing of one group of customers: () where the reader may not see everyone, or the snapshot has none."""
    if GAPS not in catalogue.ground.columns or selection.scope:
        return ()
    rows = cursor.execute(
        f"select gap_days, has_case_numbers, n, n_contacts, value, low, high, is_chosen from {GAPS} "  # noqa: S608
        "order by has_case_numbers desc, gap_days"
    ).fetchall()
    return tuple(Gap(*row) for row in rows)
