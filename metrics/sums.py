"""From a Question to added-up numbers: from the cubes in memory, or by SQL on the facts.

Both ways give the same cells. numerator, denominator and squares are DECIMAL(38, 4) sums, which add up exactly, and are
added in one order from there on; people are counted a month at a time. Values are bound; identifiers come from the
catalogue, or are columns of the snapshot.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from metrics.bins import bin_sql
from metrics.cells import EXACT, NO_BUCKET, Sums, Table
from metrics.cube_sums import cube_parts
from metrics.definitions import Metric
from metrics.question import Question
from metrics.selection import Choice, Period
from metrics.stats.jackknife import GROUPS

if TYPE_CHECKING:
    import duckdb

Sql = tuple[str, list[object]]
ADDED = ("numerator", "denominator", "squares")


def tables(cursor: "duckdb.DuckDBPyConnection", asked: Question) -> dict[Period, Table]:
    """The cells of every span, by the codes of `asked.columns`; only the reader's scope limits the rows."""
    if not asked.spans:
        return {}
    parts = cube_parts(cursor, asked) if asked.is_in_cube else fact_parts(cursor, asked)
    return {span: spanned(asked, parts, span) for span in asked.spans}


def fact_parts(cursor: "duckdb.DuckDBPyConnection", asked: Question) -> list[Table]:
    """The cells of every part of the time line, from the facts."""
    parts: list[Table] = [{} for _ in asked.atoms]
    for atom, bucket, *rest in cursor.execute(*fact_sql(asked)).fetchall():
        key, exact, counts = tuple(rest[:-6]), [round(number * EXACT) for number in rest[-6:-3]], rest[-3:]
        sums = parts[atom].setdefault(key, Sums())
        sums.add(Sums(*exact, *counts), are_others=True)
        if bucket != NO_BUCKET:
            sums.buckets = np.zeros((2, GROUPS)) if sums.buckets is None else sums.buckets
            sums.buckets[:, bucket] += exact[:2]
    for sums in (sums for table in parts for sums in table.values()):
        sums.numerator, sums.denominator, sums.squares = (
            sums.numerator / EXACT,
            sums.denominator / EXACT,
            sums.squares / EXACT,
        )
        sums.buckets = None if sums.buckets is None else sums.buckets / EXACT
    if asked.metric.quantile is not None:
        for atom, *key, bin_number, n in cursor.execute(*bins_sql(asked)).fetchall():
            sums = parts[atom][tuple(key)]
            sums.bins = sums.bins or {}
            sums.bins[bin_number] = n
    return parts


def spanned(asked: Question, parts: list[Table], span: Period) -> Table:
    """The cells of a span: its parts added up; the same people may stand in several parts."""
    inside = [i for i, day in enumerate(asked.atoms[:-1]) if span.start <= day < span.end]
    if len(inside) == 1:
        return parts[inside[0]]
    table: Table = {}
    for index in inside:
        for key, sums in parts[index].items():
            table.setdefault(key, Sums()).add(sums, are_others=False)
    return table


def fact_sql(asked: Question) -> Sql:
    """Rows (atom, bucket, codes..., numerator, denominator, squares, n, people at least, at most)."""
    metric = asked.metric
    body, values = measured_rows(asked, metric.view, metric.date, metric.where, columns_of(metric))
    if metric.per is not None:
        per, more = measured_rows(asked, metric.per.view, metric.per.date, metric.per.where, per_columns(metric))
        body, values = f"{body}\nunion all by name\n{per}", [*values, *more]
    codes = "".join(f", {quoted(column)}" for column in asked.columns)
    sums = ", ".join(f"cast(sum({name}) as double)" for name in ADDED)
    return (
        f"select atom, bucket{codes}, {sums}, cast(sum(n) as bigint), "  # noqa: S608 identifiers of the catalogue
        f"cast(max(people) as bigint), cast(sum(people) as bigint)\nfrom (\n{body}\n)\ngroup by all\norder by all",
        values,
    )


def columns_of(metric: Metric) -> dict[str, str]:
    """SQL of what is summed for a metric, on its own relation; `date` stands for its date column."""
    counts = metric.per is None
    zero = "cast(0 as decimal(38, 4))"
    sums = {
        "numerator": exact(metric.numerator),
        "denominator": exact(metric.denominator) if metric.denominator else zero,
        "squares": exact(metric.squares) if metric.squares else zero,
        "n": "count(*)" if counts else "0",
    }
    return sums | {"people": people_sql(metric) if counts else "0"}


def per_columns(metric: Metric) -> dict[str, str]:
    zero = "cast(0 as decimal(38, 4))"
    return {
        "numerator": zero,
        "denominator": exact(metric.per.denominator),
        "squares": zero,
        "n": "count(*)",
        "people": people_sql(metric),
    }


def people_sql(metric: Metric) -> str:
    """Different people; a row without one counts as one."""
    person = quoted(metric.person)
    return f"count(distinct {person}) + count(*) filter (where {person} is null)"


def exact(expression: str) -> str:
    return f"cast(coalesce({expression}, 0) as decimal(38, 4))"


def bucket_sql(metric: Metric, date_column: str) -> str:
    """The group of people that the jackknife leaves out together; rows without a person are spread by their date."""
    if not metric.is_bucketed:
        return str(NO_BUCKET)
    person = f"coalesce({quoted(metric.person)}, cast({quoted(date_column)} as varchar))"
    return f"cast(hash({person}) % {GROUPS} as tinyint)"


def measured_rows(asked: Question, view: str, date_column: str, where: str, columns: dict[str, str]) -> Sql:
    """One relation's facts, grouped."""
    date_sql = quoted(date_column)
    atom, values = atom_sql(asked, date_sql)
    limits, limit_values = limit_sql(asked, date_sql, asked.scope)
    codes = "".join(f", {code_sql(column)} as {quoted(column)}" for column in asked.columns)
    sums = ",\n    ".join(f"{expression} as {name}" for name, expression in columns.items())
    return (
        f"select {atom} as atom, date_trunc('month', {date_sql}) as month, "  # noqa: S608
        f"{bucket_sql(asked.metric, date_column)} as bucket{codes},\n    {sums}\n"
        f"from {quoted(view)}\nwhere ({where})\n    and {limits}\ngroup by all",
        [*values, *limit_values],
    )


def bins_sql(asked: Question) -> Sql:
    """Rows (atom, codes..., bin, n) of a quantile metric."""
    metric = asked.metric
    atom, values = atom_sql(asked, quoted(metric.date))
    limits, limit_values = limit_sql(asked, quoted(metric.date), asked.scope)
    codes = "".join(f", {code_sql(column)} as {quoted(column)}" for column in asked.columns)
    return (
        f"select {atom} as atom{codes}, {bin_sql(metric.value)} as bin, count(*)\n"  # noqa: S608
        f"from {quoted(metric.view)}\nwhere ({metric.where})\n    and {limits}\ngroup by all",
        [*values, *limit_values],
    )


def atom_sql(asked: Question, date_sql: str) -> Sql:
    """The number of the part of the time line that a date lies in."""
    inner = asked.atoms[1:-1]
    if not inner:
        return "0", []
    cases = " ".join(f"when {date_sql} < ? then {i}" for i in range(len(inner)))
    return f"case {cases} else {len(inner)} end", list(inner)


def limit_sql(asked: Question, date_sql: str, scope: Choice) -> Sql:
    """Days of the spans, and the reader's scope."""
    apart = merged(asked.spans)
    days = " or ".join(f"({date_sql} >= ? and {date_sql} < ?)" for _ in apart)
    values: list[object] = [day for span in apart for day in (span.start, span.end)]
    filters, filter_values = filters_of(scope)
    return f"({days}){filters}", [*values, *filter_values]


def merged(spans: Iterable[Period]) -> list[Period]:
    """The same days in as few periods as possible, in order."""
    joined: list[Period] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Period(joined[-1].start, max(span.end, joined[-1].end))
        else:
            joined.append(span)
    return joined


def filters_of(choice: Choice, are_codes: bool = False) -> Sql:
    """` and <column> in (?, ...)` for each column, and the codes. `are_codes`: the columns hold codes, never null."""
    parts, values = [], []
    for column, codes in choice:
        marks = ", ".join("?" for _ in codes) or "null"
        parts.append(f" and {quoted(column) if are_codes else code_sql(column)} in ({marks})")
        values += codes
    return "".join(parts), values


def code_sql(column: str, relation: str = "") -> str:
    """A column of a relation as a code; nothing is 'unknown'."""
    place = f"{relation}.{quoted(column)}" if relation else quoted(column)
    return f"coalesce(cast({place} as varchar), 'unknown')"


def codes_sql(columns: Iterable[str]) -> str:
    """The codes of several columns as a list."""
    return f"[{', '.join(map(code_sql, columns))}]::varchar[]"


def month_sql(column: str) -> str:
    """Months since year 0, as metrics/slices.py counts them."""
    day = quoted(column)
    return f"cast(year({day}) * 12 + month({day}) - 1 as integer)"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
