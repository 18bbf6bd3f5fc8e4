"""Cubes: what every page opens with, added up at refresh, generated from the catalogue.

cube_metric_month      a row a metric, month, group of customers (bucket, -1 where none is needed), segments:
                       numerator, denominator, squares, n, people (different customers of that month, rows without one
                       counted as one each). Sorted by metric and month.
cube_histogram_month   a row a quantile metric, month, segment ('' = everybody), code, bin: n. Bins: metrics/bins.py
cube_nesting           a row a segment column (child) that parts another (parent), such as a state and its region.
cube_design_effect     a row a metric and length of period in months: how many times the variance is larger because
                       the rows of one customer resemble each other.
Sums are DECIMAL(38, 4), so cubes and facts give the same to the last digit.
"""

from collections.abc import Sequence
from itertools import permutations
from typing import TYPE_CHECKING

import duckdb

from metrics.bins import bin_sql
from metrics.definitions import Catalogue, Metric
from metrics.errors import CatalogueError
from metrics.ground import CUBE, DESIGN_EFFECT, HISTOGRAM, NESTING
from metrics.sums import bucket_sql, code_sql, columns_of, exact, people_sql, quoted

if TYPE_CHECKING:
    from data.settings import Settings

SUMMED = ("numerator", "denominator", "squares")
DESIGN_MONTHS = (1, 3, 12, 36)
DESIGN_CUSTOMERS = 20_000  # of a larger company, so many customers are looked at
CLUSTERED = ("adjusted_wald", "wilson_clustered", "mean_t", "quantile_rank")


def create_cubes(
    connection: duckdb.DuckDBPyConnection,
    catalogue: Catalogue,
    settings: "Settings",  # noqa: ARG001 all that matters of them is in the relation `setting`
) -> None:
    """Create the cubes beside the fct_ relations. Raises CatalogueError naming the metric whose SQL fails."""
    segments = segment_columns(connection)
    codes = columns_sql(segments, "varchar")
    connection.execute(
        f"create temporary table cube_part (metric varchar, month date, bucket tinyint, {codes}"
        "numerator decimal(38, 4), denominator decimal(38, 4), squares decimal(38, 4), n bigint, people bigint)"
    )
    connection.execute(
        f"create table {HISTOGRAM} (metric varchar, month date, segment varchar, code varchar, bin integer, n bigint)"
    )
    connection.execute(f"create table {DESIGN_EFFECT} (metric varchar, months integer, design_effect double)")
    measured = [metric for metric in catalogue.metrics.values() if metric.change_of is None]
    measured = [metric for metric in measured if has_columns(connection, metric, segments)]
    for family in families(measured):
        add_cells(connection, family, segments)
    for metric in measured:
        if metric.per is not None:
            add_per(connection, metric, segments)
        if metric.quantile is not None:
            add_histogram(connection, metric, segments)
        if metric.interval in CLUSTERED and not metric.is_state:
            add_design_effect(connection, metric)
    order = ", ".join(["metric", "month", *(quoted(name) for name in segments), "bucket"])
    connection.execute(f"create table {CUBE} as select * from cube_part order by {order}")  # noqa: S608
    connection.execute("drop table cube_part")
    add_nesting(connection, segments)


def segment_columns(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """The company's own columns and value_tier."""
    described = connection.execute("select * from dim_segment limit 0").description
    return tuple(name for name, *_ in described if name != "customer_id")


def has_columns(connection: duckdb.DuckDBPyConnection, metric: Metric, segments: Sequence[str]) -> bool:
    """A relation without the segments of customers (employees' answers) is answered from its facts alone."""
    described = "select column_name from duckdb_columns() where schema_name = 'main' and table_name = ?"
    return set(segments) <= {name for (name,) in connection.execute(described, [metric.view]).fetchall()}


def columns_sql(segments: Sequence[str], kind: str = "") -> str:
    return "".join(f"{quoted(name)} {kind}, ".replace(" ,", ",") for name in segments)


def add_nesting(connection: duckdb.DuckDBPyConnection, segments: Sequence[str]) -> None:
    """Pairs of segments where each code of one stands with one code of the other; of equals, the first is parent."""
    connection.execute(f"create table {NESTING} (child varchar, parent varchar)")
    met = "(select distinct {} as a, {} as b from dim_segment)"
    pairs = f"select count(distinct (a, b)), count(distinct a), count(distinct b) from {met}"  # noqa: S608
    for child, parent in permutations(segments, 2):
        both, of_child, of_parent = connection.execute(pairs.format(quoted(child), quoted(parent))).fetchone()
        if both == of_child and of_parent > 1 and (of_child > of_parent or parent < child):
            connection.execute(f"insert into {NESTING} values (?, ?)", [child, parent])  # noqa: S608


def month_sql(date_column: str) -> str:
    return f"cast(date_trunc('month', {quoted(date_column)}) as date)"


def families(metrics: Sequence[Metric]) -> list[list[Metric]]:
    """Metrics of the same rows, so that these are read and their people counted once."""
    found: dict[tuple[object, ...], list[Metric]] = {}
    for metric in metrics:
        rows = (metric.view, metric.date, metric.where, metric.person, metric.is_bucketed)
        found.setdefault(rows, []).append(metric)
    return list(found.values())


def add_cells(connection: duckdb.DuckDBPyConnection, family: Sequence[Metric], segments: Sequence[str]) -> None:
    """The cells of metrics that share their rows."""
    first = family[0]
    sums = [f"{columns_of(metric)[name]} as {name}_{i}" for i, metric in enumerate(family) for name in SUMMED]
    codes = "".join(f"{code_sql(name)} as {quoted(name)}, " for name in segments)
    execute(
        connection,
        [metric.name for metric in family],
        f"create temporary table cube_family as select {month_sql(first.date)} as month, "  # noqa: S608
        f"{bucket_sql(first, first.date)} as bucket, {codes}{', '.join(sums)}, count(*) as n, "
        f"{people_sql(first)} as people "
        f"from {quoted(first.view)} where ({first.where}) and {quoted(first.date)} is not null group by all",
    )
    for i, metric in enumerate(family):
        counted = "n, people" if metric.per is None else "0, 0"
        connection.execute(
            f"insert into cube_part select ?, month, bucket, {columns_sql(segments)}"  # noqa: S608
            f"numerator_{i}, denominator_{i}, squares_{i}, {counted} from cube_family",
            [metric.name],
        )
    connection.execute("drop table cube_family")


def add_per(connection: duckdb.DuckDBPyConnection, metric: Metric, segments: Sequence[str]) -> None:
    """The cells of a denominator that is counted on another relation."""
    per, codes = metric.per, "".join(f"{code_sql(name)}, " for name in segments)
    execute(
        connection,
        [metric.name],
        f"insert into cube_part select '{metric.name}', {month_sql(per.date)}, "  # noqa: S608
        f"{bucket_sql(metric, per.date)}, {codes}0, {exact(per.denominator)}, 0, count(*), {people_sql(metric)} "
        f"from {quoted(per.view)} where ({per.where}) and {quoted(per.date)} is not null group by all",
    )


def add_histogram(connection: duckdb.DuckDBPyConnection, metric: Metric, segments: Sequence[str]) -> None:
    """Rows by bin, for everybody and by one segment at a time (all crossed they would be as many as the facts)."""
    listed = "".join(f", {{segment: '{name}', code: {code_sql(name)}}}" for name in segments)
    everybody = "{segment: '', code: ''}"
    execute(
        connection,
        [metric.name],
        f"insert into {HISTOGRAM} select '{metric.name}', month, cut.segment, cut.code, bin, sum(n) from ("  # noqa: S608
        f"select {month_sql(metric.date)} as month, {bin_sql(metric.value)} as bin, "
        f"{''.join(quoted(name) + ', ' for name in segments)}count(*) as n from {quoted(metric.view)} "
        f"where ({metric.where}) and {quoted(metric.date)} is not null group by all"
        f"), unnest([{everybody}{listed}]) as cuts(cut) group by all order by all",
    )


def add_design_effect(connection: duckdb.DuckDBPyConnection, metric: Metric) -> None:
    """Variance of the ratio when customers are drawn, over that when rows are, for periods of several lengths.

    Linearised (Cochran 1977, Sampling Techniques, 11.8): sum over customers of (their numerator - ratio x their
    denominator) squared, over the sum over rows of the same. A quantile is taken as the rate of rows above the median.
    """
    numerator, denominator, squares = design_sums(metric)
    day = quoted(metric.date)
    customer = f"coalesce({quoted(metric.person)}, 'nobody ' || cast({day} as varchar))"
    for months in DESIGN_MONTHS:
        execute(
            connection,
            [metric.name],
            f"""
            insert into {DESIGN_EFFECT}
            with chosen as (
                select *, {customer} as cluster_id
                from {quoted(metric.view)}
                where ({metric.where}) and {day} is not null
                    and hash({customer}) % (select greatest(1, count(*) // {DESIGN_CUSTOMERS}) from dim_segment) = 0
            ),
            last as (select max(date_diff('month', date '2000-01-01', {day})) as month_number from chosen),
            cut as (select median({metric.value or "0"}) as middle from chosen),
            customer as (
                select
                    (last.month_number - date_diff('month', date '2000-01-01', {day})) // {months} as span,
                    cluster_id,
                    cast({numerator} as double) as numerator,
                    cast({denominator} as double) as denominator,
                    cast({squares} as double) as squares
                from chosen cross join last cross join cut
                group by all
            ),
            whole as (
                select
                    span,
                    sum(numerator) / nullif(sum(denominator), 0) as ratio,
                    sum(squares) - sum(numerator) ** 2 / nullif(sum(denominator), 0) as by_row
                from customer
                group by span
            )
            select
                '{metric.name}',
                {months},
                sum((customer.numerator - whole.ratio * customer.denominator) ** 2)
                    / nullif((select sum(by_row) from whole), 0) as design_effect
            from customer inner join whole using (span)
            having design_effect is not null
            """,  # noqa: S608 expressions of the catalogue
        )


def design_sums(metric: Metric) -> tuple[str, str, str]:
    """Numerator, denominator and squares of a metric as the mean of something."""
    if metric.quantile is not None:
        above = f"count(*) filter (where {metric.value} > cut.middle)"
        return above, "count(*)", above
    squares = metric.squares or metric.numerator
    return metric.numerator, metric.denominator or "count(*)", squares


def execute(connection: duckdb.DuckDBPyConnection, names: Sequence[str], statement: str) -> None:
    try:
        connection.execute(statement)
    except duckdb.Error as error:
        raise CatalogueError(f"metrics/catalogue: {', '.join(names)}: {error}") from error
