"""From a Question to added-up numbers: the SQL on a cube or on the facts, and the cells it gives.

Both ways give the same cells: numerator, denominator and squares are DECIMAL(38, 4) sums that add up without rounding,
people are counted a month at a time. Values are bound; identifiers come from the catalogue, or are columns of the
snapshot.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from metrics.bins import bin_sql
from metrics.definitions import Metric
from metrics.ground import CUBE, HISTOGRAM
from metrics.question import Key, Question
from metrics.selection import Choice, Period
from metrics.stats.jackknife import GROUPS

if TYPE_CHECKING:
    import duckdb

Sql = tuple[str, list[object]]
Table = dict[Key, "Sums"]
ZERO = Decimal(0)
NO_BUCKET = -1


@dataclass(slots=True)
class Sums:
    """What adds up, over rows. people are at least `low` and at most `high`. bins: histogram bin -> rows."""

    numerator: Decimal = ZERO
    denominator: Decimal = ZERO
    squares: Decimal = ZERO
    n: int = 0
    low: int = 0
    high: int = 0
    buckets: dict[int, tuple[Decimal, Decimal]] = field(default_factory=dict)
    bins: Counter[int] = field(default_factory=Counter)

    def add(self, other: "Sums", are_others: bool) -> None:
        """Add rows; `are_others`: their people are certainly not among those counted already."""
        self.numerator += other.numerator
        self.denominator += other.denominator
        self.squares += other.squares
        self.n += other.n
        self.low = self.low + other.low if are_others else max(self.low, other.low)
        self.high += other.high
        for bucket, (numerator, denominator) in other.buckets.items():
            known = self.buckets.get(bucket, (ZERO, ZERO))
            self.buckets[bucket] = (known[0] + numerator, known[1] + denominator)
        self.bins.update(other.bins)


def tables(cursor: "duckdb.DuckDBPyConnection", asked: Question) -> dict[Period, Table]:
    """The cells of every span, by the codes of `asked.columns`; only the reader's scope limits the rows."""
    if not asked.spans:
        return {}
    parts: list[Table] = [{} for _ in asked.atoms]
    for atom, bucket, *key, numerator, denominator, squares, n, low, high in cursor.execute(
        *sums_sql(asked)
    ).fetchall():
        row = Sums(numerator, denominator, squares, n, low, high)
        if bucket != NO_BUCKET:
            row.buckets[bucket] = (numerator, denominator)
        parts[atom].setdefault(tuple(key), Sums()).add(row, are_others=True)
    if asked.metric.quantile is not None:
        for atom, *key, bin_number, n in cursor.execute(*bins_sql(asked)).fetchall():
            parts[atom][tuple(key)].bins[bin_number] += n
    return {span: spanned(asked, parts, span) for span in asked.spans}


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


def sums_sql(asked: Question) -> Sql:
    """Rows (atom, bucket, codes..., numerator, denominator, squares, n, people at least, at most)."""
    body, values = cube_rows(asked) if asked.is_in_cube else fact_rows(asked)
    codes = "".join(f", {quoted(column)}" for column in asked.columns)
    sums = ", ".join(f"cast(sum({name}) as decimal(38, 4))" for name in ("numerator", "denominator", "squares"))
    return (
        f"select atom, bucket{codes}, {sums}, cast(sum(n) as bigint), cast(max(people) as bigint), "  # noqa: S608
        f"cast(sum(people) as bigint)\nfrom (\n{body}\n)\ngroup by all",
        values,
    )


def cube_rows(asked: Question) -> Sql:
    """Cells of the cube added up to (atom, month, bucket, codes)."""
    atom, values = atom_sql(asked, "month")
    limits, limit_values = limit_sql(asked, "month", asked.scope, are_codes=True)
    codes = "".join(f", {quoted(column)}" for column in asked.columns)
    sums = ", ".join(f"sum({name}) as {name}" for name in ("numerator", "denominator", "squares", "n", "people"))
    return (
        f"select {atom} as atom, month, bucket{codes}, {sums}\n"  # noqa: S608
        f"from {CUBE}\nwhere metric = ? and {limits}\ngroup by all",
        [*values, asked.metric.name, *limit_values],
    )


def fact_rows(asked: Question) -> Sql:
    """Facts added up to (atom, month, bucket, codes); a denominator from another relation is added below."""
    metric = asked.metric
    main = measured_rows(asked, metric.view, metric.date, metric.where, columns_of(metric))
    if metric.per is None:
        return main
    per = measured_rows(asked, metric.per.view, metric.per.date, metric.per.where, per_columns(metric))
    return f"{main[0]}\nunion all by name\n{per[0]}", [*main[1], *per[1]]


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
    if asked.is_in_cube:
        atom, values = atom_sql(asked, "month")
        column = next(iter((*asked.columns, *(name for name, _ in asked.scope))), "")
        scope = tuple(("code", codes) for _, codes in asked.scope)
        limits, limit_values = limit_sql(asked, "month", scope, are_codes=True)
        code = ", code" if asked.columns else ""
        return (
            f"select {atom} as atom{code}, bin, cast(sum(n) as bigint) from {HISTOGRAM}\n"  # noqa: S608
            f"where metric = ? and segment = ? and {limits} group by all",
            [*values, metric.name, column, *limit_values],
        )
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


def limit_sql(asked: Question, date_sql: str, scope: Choice, are_codes: bool = False) -> Sql:
    """Days of the spans, and the reader's scope."""
    apart = merged(asked.spans)
    days = " or ".join(f"({date_sql} >= ? and {date_sql} < ?)" for _ in apart)
    values: list[object] = [day for span in apart for day in (span.start, span.end)]
    filters, filter_values = filters_of(scope, are_codes)
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


def code_sql(column: str) -> str:
    """A column of a relation as a code; nothing is 'unknown'."""
    return f"coalesce(cast({quoted(column)} as varchar), 'unknown')"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
