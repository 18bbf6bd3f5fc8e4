"""Privacy of an answer: exact people where it matters, then which cells of each period may not be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics.question import Key, Question
from metrics.selection import Period
from metrics.sums import Sums, Table, code_sql, filters_of, people_sql, quoted
from metrics.suppression import Size, hidden_cells, hidden_steps

if TYPE_CHECKING:
    import duckdb

MAX_NAMED = 40  # uncertain cells that are named to the engine; of more, every cell is counted


@dataclass(frozen=True)
class Hidden:
    """Cells of one period that may not be shown, and whether everything that `by` cuts up may not either."""

    cells: frozenset[Key]
    wholes: frozenset[Key]


def hidden_by_span(
    cursor: "duckdb.DuckDBPyConnection", asked: Question, tables: Mapping[Period, Table]
) -> dict[Period, Hidden]:
    """What may not be shown in each period; counts people exactly where the monthly counts leave it open."""
    return {span: hidden_in(cursor, asked, span, table) for span, table in tables.items()}


def hidden_in(cursor: "duckdb.DuckDBPyConnection", asked: Question, span: Period, table: Table) -> Hidden:
    least = asked.min_group
    unsure = {key: sums for key, sums in table.items() if sums.low < least <= sums.high}
    if unsure:
        for key, people in exact_people(cursor, asked, span, unsure).items():
            if key in unsure:
                unsure[key].low = unsure[key].high = people
    sizes = {key: Size(sums.low, sums.high, sums.n) for key, sums in table.items()}
    levels = hidden_cells(asked.columns, asked.ground.segments, sizes, least, asked.ground.parents)
    cells = levels.get(tuple(range(len(asked.columns))), frozenset())
    return Hidden(cells, levels.get(asked.whole_places, frozenset()))


def exact_people(
    cursor: "duckdb.DuckDBPyConnection", asked: Question, span: Period, unsure: Mapping[Key, Sums]
) -> dict[Key, int]:
    """Different people of a period by cell, and rows without one, from the facts; of the unsure cells at least."""
    part = asked.metric.per or asked.metric
    codes = [code_sql(column) for column in asked.columns]
    filters, values = filters_of(asked.scope)
    named, named_values = "", []
    if codes and len(unsure) <= MAX_NAMED:
        one = " and ".join(f"{code} = ?" for code in codes)
        named = " and (" + " or ".join(f"({one})" for _ in unsure) + ")"
        named_values = [code for key in unsure for code in key]
    date_sql = quoted(part.date)
    rows = cursor.execute(
        f"select {', '.join([*codes, people_sql(asked.metric)])} from {quoted(part.view)} "  # noqa: S608 identifiers of the catalogue
        f"where ({part.where}) and {date_sql} >= ? and {date_sql} < ?{filters}{named} group by all",
        [span.start, span.end, *values, *named_values],
    ).fetchall()
    return {tuple(key): people for *key, people in rows}


def hidden_spans(asked: Question, spans: Sequence[Period], found: Sequence[Sums | None]) -> frozenset[Period]:
    """Steps of one group's trend that may not be shown, so that they cannot be got from the sum over all of them."""
    if asked.metric.is_state or len(spans) < 2:
        return frozenset()
    sizes = [Size(sums.low, sums.high, sums.n) if sums and sums.n else None for sums in found]
    steps = hidden_steps(list(zip(map(longer_span, spans), sizes, strict=True)), asked.min_group)
    return frozenset(spans[i] for i in steps)


def longer_span(step: Period) -> str:
    """What a step of a trend is a part of: a week of its month, a month of its quarter, a quarter of its year."""
    days = (step.end - step.start).days
    if days <= 7:
        return f"{step.start:%Y-%m}"
    return f"{step.start.year}-{(step.start.month - 1) // 3}" if days <= 31 else f"{step.start.year}"
