"""What a snapshot says of itself, as far as the metrics need it: its end, its limits, its columns, its cubes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from data.code import code_version
from metrics.selection import Period, months_later
from metrics.slices import CUBE, Kept

if TYPE_CHECKING:
    import duckdb

    from metrics.definitions import Metric, Span

DESIGN_EFFECT = "cube_design_effect"
NESTING = "cube_nesting"
KINDS = "cube_data_kind"
ANSWERS = "opening_answer"
CALLED = {"invitations": "surveys"}  # a kind of data: the table that brings it
GRACE_DAYS = 7
PARENTS = {
    "channel": ("channel_kind",),
    "sales_channel": ("sales_channel_kind",),
    "touchpoint": ("stage",),  # one parent each: two of them could be played against each other
}


@dataclass(frozen=True)
class Ground:
    """One snapshot. `segments`: the company's columns and value_tier. `columns`: relation -> its columns.

    `as_of` is the first day that the data does not speak of. `cuts`: metrics that the cubes hold, each with the
    columns of its cells. `design_effects`: metric and `within` -> (months of a period, effect), shortest first.
    `parents`: column -> columns that it parts further, so that each of its codes stands under one of theirs. `begins`:
    kind of data -> its first day. `answered`: questions whose answer stands in the snapshot. `kept`: slices of
    cubes that were read.
    """

    as_of: date
    data_from: date
    min_group: int
    windows: Mapping[str, int]
    segments: tuple[str, ...]
    columns: Mapping[str, frozenset[str]]
    cuts: frozenset[tuple[str, str]] = frozenset()
    design_effects: Mapping[tuple[str, str], tuple[tuple[int, float], ...]] | None = None
    min_group_culture: int = 5
    parents: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: PARENTS)
    begins: Mapping[str, date] = field(default_factory=dict)
    answered: frozenset[tuple[str, str]] = frozenset()
    kept: Kept = field(default_factory=Kept, compare=False, repr=False)

    @cached_property
    def cubed(self) -> frozenset[str]:
        """Metrics that the cubes hold."""
        return frozenset(name for name, _ in self.cuts)

    @cached_property
    def answering(self) -> frozenset[str]:
        """Functions of which some questions are answered."""
        return frozenset(function for function, _ in self.answered)

    @property
    def whole(self) -> Period:
        """Every day of the data."""
        return Period(self.data_from, max(self.as_of, self.data_from + timedelta(days=1)))

    def without_cubes(self) -> "Ground":
        """The same, with every question asked of the facts."""
        return replace(self, cuts=frozenset(), kept=Kept())

    def judged_until(self, metric: "Metric") -> date:
        """The day before which everything of a metric can be judged: as_of, less the time an event must wait."""
        return self.moved(self.as_of, metric.maturity, -1)

    def compared_from(self, metric: "Metric") -> date:
        """The day from which a metric can be compared: the data has begun, every kind that it needs too (a few days
        are granted: not every kind has something every day), and what its rows look back on is in it."""
        begins = (self.begins[kind] - timedelta(days=GRACE_DAYS) for kind in metric.needs if kind in self.begins)
        return self.moved(max([self.data_from, *begins]), metric.looks_back, 1)

    def moved(self, day: date, by: "Span | None", sign: int) -> date:
        """A day, later (1) or earlier (-1) by a length of time."""
        if by is None:
            return day
        if by.setting == "stop_months":
            return months_later(day, sign * self.windows["stop_months"])
        return day + sign * timedelta(days=by.days or self.windows[by.setting])

    def design_effect(self, metric: "Metric", period: Period, within: str = "") -> float:
        """How many times the variance is larger than if every row were another customer; never below 1.

        within: the column of which the number is about one value only, where the metric tells its effect apart.
        """
        known = (self.design_effects or {}).get((metric.name, within), ())
        months = (period.end - period.start).days / 30.44
        return max(
            1.0, next((effect for length, effect in known if months <= length + 0.05), known[-1][1] if known else 1.0)
        )


def ground_of(cursor: "duckdb.DuckDBPyConnection") -> Ground:
    """Read it, by seven short queries."""
    columns: dict[str, list[str]] = {}
    listed = "select table_name, column_name from duckdb_columns() where schema_name = 'main' order by column_index"
    for relation, column in cursor.execute(listed).fetchall():
        columns.setdefault(relation, []).append(column)
    wanted = "as_of, data_from, min_group, second_purchase_days, stop_months, activity_days, min_group_culture"
    row = cursor.execute(f"select {wanted} from setting").fetchone()  # noqa: S608 constants
    return Ground(
        as_of=row[0].date(),
        data_from=row[1].date(),
        min_group=row[2],
        min_group_culture=row[6],
        windows=dict(zip(("second_purchase_days", "stop_months", "activity_days"), row[3:6], strict=True)),
        segments=tuple(name for name in columns.get("dim_segment", ()) if name != "customer_id"),
        columns={relation: frozenset(names) for relation, names in columns.items()},
        cuts=cuts_in(cursor, columns),
        design_effects=design_effects_in(cursor, columns),
        parents=PARENTS | nested_in(cursor, columns),
        begins=begins_in(cursor, columns),
        answered=answered_in(cursor, columns),
    )


def begins_in(cursor: "duckdb.DuckDBPyConnection", columns: Mapping[str, list[str]]) -> dict[str, date]:
    """Kind of data, as the catalogue's `needs` calls it, -> its first day."""
    if KINDS not in columns:
        return {}
    kinds = f"select kind, data_from from {KINDS} where data_from is not null"  # noqa: S608 a constant
    return {CALLED.get(kind, kind): first for kind, first in cursor.execute(kinds).fetchall()}


def cuts_in(cursor: "duckdb.DuckDBPyConnection", columns: Mapping[str, list[str]]) -> frozenset[tuple[str, str]]:
    """Metrics and cuts of the cube."""
    if CUBE not in columns:
        return frozenset()
    return frozenset(cursor.execute(f"select distinct metric, cut from {CUBE}").fetchall())  # noqa: S608 a constant


def answered_in(cursor: "duckdb.DuckDBPyConnection", columns: Mapping[str, list[str]]) -> frozenset[tuple[str, str]]:
    """Functions and questions that this very program answered at refresh (metrics/answered.py)."""
    if ANSWERS not in columns:
        return frozenset()
    known = f"select function, question from {ANSWERS} where code = ?"  # noqa: S608 a constant
    return frozenset(cursor.execute(known, [code_version()]).fetchall())


def nested_in(cursor: "duckdb.DuckDBPyConnection", columns: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    """Segments that part other segments, such as a state and its region."""
    if NESTING not in columns:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for child, parent in cursor.execute(f"select child, parent from {NESTING} order by all").fetchall():  # noqa: S608
        found[child] = (*found.get(child, ()), parent)
    return found


def design_effects_in(
    cursor: "duckdb.DuckDBPyConnection", columns: Mapping[str, list[str]]
) -> dict[tuple[str, str], tuple[tuple[int, float], ...]]:
    if DESIGN_EFFECT not in columns:
        return {}
    found: dict[tuple[str, str], tuple[tuple[int, float], ...]] = {}
    read = f"select metric, within, months, design_effect from {DESIGN_EFFECT} order by all"  # noqa: S608 constant
    for metric, within, months, effect in cursor.execute(read).fetchall():
        found[metric, within] = (*found.get((metric, within), ()), (months, effect))
    return found
