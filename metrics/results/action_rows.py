"""Rows of the tables that metrics/results/action_effects.py fills; it says what each column is."""

from dataclasses import dataclass, fields
from datetime import date

METHOD = "difference_in_differences"
ACTION = """
create table result_action (
    action_id varchar, state varchar, verdict varchar, why varchar, metric varchar, compared varchar[],
    is_declared boolean, value double, low double, high double, detectable double, expected double, came_true varchar,
    trend double, trend_low double, trend_high double, spread double, p double, n_placebos integer, n_units integer,
    before double, after double, other_before double, other_after double, before_from date, before_to date,
    after_from date, after_to date, told_from date, n bigint, n_before bigint, n_other_before bigint,
    n_other_after bigint, method varchar
)
"""
MONTH = """
create table result_action_month (action_id varchar, side varchar, month date, value double, n bigint, method varchar)
"""


@dataclass
class Row:
    """A row of result_action, in its order."""

    action_id: str
    state: str
    verdict: str | None = None
    why: str | None = None
    metric: str | None = None
    compared: list[str] | None = None
    is_declared: bool | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    detectable: float | None = None
    expected: float | None = None
    came_true: str | None = None
    trend: float | None = None
    trend_low: float | None = None
    trend_high: float | None = None
    spread: float | None = None
    p: float | None = None
    n_placebos: int | None = None
    n_units: int | None = None
    before: float | None = None
    after: float | None = None
    other_before: float | None = None
    other_after: float | None = None
    before_from: date | None = None
    before_to: date | None = None
    after_from: date | None = None
    after_to: date | None = None
    told_from: date | None = None
    n: int | None = None
    n_before: int | None = None
    n_other_before: int | None = None
    n_other_after: int | None = None
    method: str = METHOD

    def cells(self) -> tuple:
        return tuple(getattr(self, field.name) for field in fields(self))
