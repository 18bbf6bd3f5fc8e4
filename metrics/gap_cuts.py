"""The promise gap cut open: for whom (segments of customers), over time, and by who answers among employees."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.gaps import Gap, Mark, PillarGap, between, mark, only, staff_selection
from metrics.query import measure
from metrics.selection import Period, Selection

if TYPE_CHECKING:
    import duckdb


def gaps_by_segment(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, company: PillarGap, column: str
) -> tuple[PillarGap, ...]:
    """The promise of `company` in each group of a segment column; W and S are the company's, E is the group's own."""
    chosen = only(replace(selection, versus="none"), company.pillar)
    return tuple(
        replace(company, pillar=m.group[0][1], lived=mark(m), expected=Mark(), lived_change=None)
        for m in measure(cursor, catalogue, "lived_rating", chosen, by=(column,))
    )


@dataclass(frozen=True)
class Moment:
    """What was lived (or answered by employees) in one step of time."""

    start: date
    end: date
    mark: Mark


@dataclass(frozen=True)
class Course:
    """A promise over time: customers by quarter or month, employees by the month in which they were asked."""

    lived: tuple[Moment, ...]
    thought: tuple[Moment, ...]
    wanted: tuple[Moment, ...]


def course(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, pillar: str, every: str
) -> Course:
    """From the beginning of the data to the end of the selection."""
    whole = Period(min(catalogue.ground.whole.start, selection.period.start), selection.period.end)
    since = replace(only(selection, pillar), period=whole, versus="none")
    staff = only(Selection(whole), pillar)

    def moments(metric: str, chosen: Selection, step: str) -> tuple[Moment, ...]:
        found = measure(cursor, catalogue, metric, chosen, every=step)
        return tuple(Moment(m.start, m.end, mark(m)) for m in found if m.status != "empty")

    return Course(
        lived=moments("lived_rating", since, every),
        thought=moments("self_rating", staff, "month"),
        wanted=moments("wanted_level", staff, "month"),
    )


@dataclass(frozen=True)
class Opinion:
    """How one department, role or office sees a promise, and by how much more than customers (S - E)."""

    code: str
    thought: Mark
    above: Gap | None


def opinions(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, company: PillarGap, column: str
) -> tuple[Opinion, ...]:
    """Those who rate it highest above what is lived first; those not shown last."""
    staff = only(staff_selection(selection), company.pillar)
    marks = {m.group[0][1]: mark(m) for m in measure(cursor, catalogue, "self_rating", staff, by=(column,))}
    found = [Opinion(code, thought, between(thought, company.lived)) for code, thought in marks.items()]
    return tuple(sorted(found, key=lambda o: (o.above is None, -(o.above.value if o.above else 0), o.code)))
