"""Privacy of an answer: exact people where it matters, then which cells of each period may not be shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from metrics.cells import Sums, Table
from metrics.question import Key, Question
from metrics.selection import Period
from metrics.sums import code_sql, filters_of, people_sql, quoted
from metrics.suppression import Levels, Size, hidden_cells, hidden_steps

if TYPE_CHECKING:
    import duckdb

MAX_NAMED = 40  # uncertain cells that are named to the engine; of more, every cell is counted


@dataclass(frozen=True)
class Hidden:
    """Cells of one period that may not be shown, and whether everything that `by` cuts up may not either."""

    cells: frozenset[Key]
    wholes: frozenset[Key]


def levels_by_span(
    cursor: "duckdb.DuckDBPyConnection", asked: Question, tables: Mapping[Period, Table]
) -> dict[Period, Levels]:
    """Cells that may not be shown in each period, of the table and its margins, whatever the filters choose of them.

    Counts people exactly where the monthly counts leave it open, and writes them into the tables.
    """
    unsure = {span: unsure_in(asked, table) for span, table in tables.items()}
    for spans in apart(span for span in unsure if unsure[span]):
        name = asked.rows, asked.scope, asked.columns, tuple(spans), frozenset((s, k) for s in spans for k in unsure[s])
        counted = partial(exact_people, cursor, asked, spans, unsure)
        for (span, key), people in asked.ground.kept.counted(name, counted).items():
            if key in unsure[span]:
                sums = unsure[span][key]
                sums.low = sums.high = people
    return {span: levels_in(asked, table) for span, table in tables.items()}


def hidden_of(asked: Question, levels: Levels) -> Hidden:
    """What of one period the question may not show."""
    everywhere = tuple(range(len(asked.columns)))
    return Hidden(levels.get(everywhere, frozenset()), levels.get(asked.whole_places, frozenset()))


def unsure_in(asked: Question, table: Table) -> Table:
    """Cells that may hold too few people and whose monthly counts do not say how many."""
    return {key: sums for key, sums in table.items() if sums.low < asked.min_group and sums.low < sums.high}


def levels_in(asked: Question, table: Table) -> Levels:
    least = asked.min_group
    sizes = {key: Size(min(sums.low, least), min(sums.high, least), sums.n) for key, sums in table.items()}
    return hidden_cells(asked.columns, asked.ground.segments, sizes, asked.min_group, asked.ground.parents)


def apart(spans: Iterable[Period]) -> list[list[Period]]:
    """The periods in as few lists as possible, without overlap inside a list."""
    lists: list[list[Period]] = []
    for span in sorted(spans):
        home = next((known for known in lists if known[-1].end <= span.start), None)
        if home is None:
            lists.append([span])
        else:
            home.append(span)
    return lists


def exact_people(
    cursor: "duckdb.DuckDBPyConnection", asked: Question, spans: Sequence[Period], unsure: Mapping[Period, Table]
) -> dict[tuple[Period, Key], int]:
    """Different people by period and cell, and rows without a person, from the facts; of the unsure cells at least.

    Few cells are fetched row by row: planning a count of different people costs more than counting a few hundred here.
    """
    part = asked.metric.per or asked.metric
    date_sql, codes = quoted(part.date), [code_sql(column) for column in asked.columns]
    number = " ".join(f"when {date_sql} < ? then {i}" for i in range(len(spans)))
    days = " or ".join(f"({date_sql} >= ? and {date_sql} < ?)" for _ in spans)
    filters, values = filters_of(asked.scope)
    named, named_values = named_cells(asked, {key for span in spans for key in unsure[span]})
    counted = quoted(asked.metric.person) if named else people_sql(asked.metric)
    rows = cursor.execute(
        f"select case {number} end as span{''.join(', ' + code for code in codes)}, {counted} "  # noqa: S608
        f"from {quoted(part.view)} where ({days}){named}{filters} and ({part.where}){'' if named else ' group by all'}",
        [*(s.end for s in spans), *(day for s in spans for day in (s.start, s.end)), *named_values, *values],
    ).fetchall()
    if not named:
        return {(spans[i], tuple(key)): people for i, *key, people in rows}
    people: dict[tuple[Period, Key], set[object]] = {}
    for row, (i, *key, person) in enumerate(rows):
        people.setdefault((spans[i], tuple(key)), set()).add(row if person is None else person)
    return {cell: len(found) for cell, found in people.items()}


def named_cells(asked: Question, keys: set[Key]) -> tuple[str, list[str]]:
    """Limits a query to some cells; to nothing when they are too many to name."""
    if not asked.columns or len(keys) > MAX_NAMED:
        return "", []
    codes = [quoted(c) if c in asked.ground.segments else code_sql(c) for c in asked.columns]
    one = " and ".join(f"{code} = ?" for code in codes)
    return f" and ({' or '.join(f'({one})' for _ in keys)})", [code for key in sorted(keys) for code in key]


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
