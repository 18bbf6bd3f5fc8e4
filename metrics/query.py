"""A metric for a selection: numerator, denominator, value, interval, and whether a change can be told from noise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from metrics.definitions import Catalogue
from metrics.selection import Selection

if TYPE_CHECKING:
    import duckdb

Status = Literal["shown", "private", "unreliable", "empty"]


@dataclass(frozen=True)
class Measurement:
    """One number with all that it needs to be believed.

    group: (column, code) of each `by` column. n: rows counted. people: at least so many different customers (rows
    without a customer count as one each). before and change*: of the comparison; is_signal None when it can't be told.
    status: shown; unreliable (shown, but the interval is wider than the metric allows); private (too few people: every
    number is None); empty (nothing to measure).
    """

    metric: str
    group: tuple[tuple[str, str], ...]
    start: date
    end: date
    numerator: float | None = None
    denominator: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    people: int | None = None
    status: Status = "empty"
    before: float | None = None
    change: float | None = None
    change_low: float | None = None
    change_high: float | None = None
    is_signal: bool | None = None
