"""What stands behind a number: the SQL that a person can run on the snapshot, and the rows that it counts."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics.definitions import Metric, Part
from metrics.question import Question
from metrics.sums import Sql, filters_of, quoted

if TYPE_CHECKING:
    import duckdb

INDENT = "\n    "


@dataclass(frozen=True)
class Rows:
    """Rows with their columns; nobody's name, number or words are among them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...] = ()


def rows_of(cursor: "duckdb.DuckDBPyConnection", asked: Question, limit: int) -> Rows:
    """The first `limit` rows that the metric counts, by date; without the column that says who."""
    metric = asked.metric
    where, values = where_sql(asked, metric)
    columns = ", ".join(quoted(name) for name in columns_in_order(cursor, metric))
    found = cursor.execute(
        f"select {columns} from {quoted(metric.view)} where {where} order by {quoted(metric.date)}, 1 limit ?",  # noqa: S608
        [*values, limit],
    )
    return Rows(tuple(name for name, *_ in found.description), tuple(found.fetchall()))


def columns_in_order(cursor: "duckdb.DuckDBPyConnection", metric: Metric) -> list[str]:
    """Columns of the metric's relation as they stand there, without the person."""
    described = cursor.execute(f"select * from {quoted(metric.view)} limit 0").description  # noqa: S608 of the catalogue
    return [name for name, *_ in described if name not in ("customer_id", "respondent")]


def where_sql(asked: Question, part: Metric | Part) -> Sql:
    """The metric's own rows, of the period, the filters and the reader's scope."""
    span = asked.sides[0].now or asked.sides[0].shown
    day = quoted(part.date)
    filters, values = filters_of((*asked.where, *asked.scope))
    where = f"({part.where}){INDENT}and {day} >= ?{INDENT}and {day} < ?" + filters.replace(" and ", INDENT + "and ")
    return where, [span.start.isoformat(), span.end.isoformat(), *values]


def sql_text(asked: Question) -> str:
    """One SELECT a relation, values written in, that gives numerator, denominator and n on the snapshot's facts."""
    metric = asked.metric
    if metric.quantile is not None:
        return select_sql(
            asked, metric, {"value": f"quantile_disc({metric.value}, {metric.quantile})", "n": "count(*)"}
        )
    sums = {"numerator": metric.numerator, "denominator": metric.denominator}
    main = select_sql(asked, metric, {name: sql for name, sql in sums.items() if sql} | {"n": "count(*)"})
    if metric.per is None:
        return main
    return f"{main};\n\n{select_sql(asked, metric.per, {'denominator': metric.per.denominator, 'n': 'count(*)'})}"


def select_sql(asked: Question, part: Metric | Part, columns: dict[str, str]) -> str:
    where, values = where_sql(asked, part)
    by = [quoted(column) for column in asked.by]
    listed = [*by, *(f"{sql} as {name}" for name, sql in columns.items())]
    group = "\ngroup by all\norder by all" if by else ""
    text = f"select{INDENT}{f',{INDENT}'.join(listed)}\nfrom {part.view}\nwhere {where}{group}"  # noqa: S608 only shown
    for value in values:
        text = text.replace("?", literal(str(value)), 1)
    return text


def literal(text: str) -> str:
    return "'" + text.replace("'", "''").replace("?", "' || chr(63) || '") + "'"
