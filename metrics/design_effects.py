"""Design effects: how many times the variance is larger because the rows of one customer resemble each other."""

import duckdb

from metrics.definitions import Metric
from metrics.ground import DESIGN_EFFECT
from metrics.sums import code_sql, quoted

MONTHS = (1, 3, 12, 36)
CUSTOMERS = 20_000  # of a larger company, so many customers are looked at
CLUSTERED = ("adjusted_wald", "wilson_clustered", "mean_t", "quantile_rank")


def is_clustered(metric: Metric) -> bool:
    """Customers may stand behind several of its rows, and its interval asks for the effective n."""
    return metric.interval in CLUSTERED and not metric.is_state


def add_design_effect(connection: duckdb.DuckDBPyConnection, metric: Metric, within: str | None = None) -> None:
    """Variance of the ratio when customers are drawn, over that when rows are, for periods of several lengths.

    within: for numbers about one value of this column at a time (an answer about one promise is none about another).
    Linearised (Cochran 1977, Sampling Techniques, 11.8): sum over customers of (their numerator - ratio x their
    denominator) squared, over the sum over rows of the same. A quantile is taken as the rate of rows above the median.
    """
    create_customer_months(connection, metric, within)
    connection.execute(
        f"""
        insert into {DESIGN_EFFECT}
        with customer as (
            select
                months,
                months_back // months as span,
                part,
                cluster_id,
                sum(numerator) as numerator,
                sum(denominator) as denominator,
                sum(squares) as squares
            from design_part cross join (select unnest(?) as months)
            group by all
        ),
        whole as (
            select
                months,
                span,
                part,
                sum(numerator) / nullif(sum(denominator), 0) as ratio,
                sum(squares) - sum(numerator) ** 2 / nullif(sum(denominator), 0) as by_row
            from customer
            group by all
        ),
        by_length as (select months, sum(by_row) as by_row from whole group by months)
        select
            ?,
            ?,
            months,
            sum((customer.numerator - whole.ratio * customer.denominator) ** 2)
                / nullif(any_value(by_length.by_row), 0) as design_effect
        from customer inner join whole using (months, span, part) inner join by_length using (months)
        group by months
        having design_effect is not null
        order by months
        """,  # noqa: S608 a constant
        [list(MONTHS), metric.name, within or ""],
    )
    connection.execute("drop table design_part")


def create_customer_months(connection: duckdb.DuckDBPyConnection, metric: Metric, within: str | None) -> None:
    """Temporary table design_part: a metric's sums by customer and month, of a sample where customers are many."""
    numerator, denominator, squares = design_sums(metric)
    day = quoted(metric.date)
    customer = f"coalesce({quoted(metric.person)}, 'nobody ' || cast({day} as varchar))"
    part = code_sql(within) if within else "''"
    one_in = "1"
    if metric.people == "customers":
        one_in = f"(select greatest(1, count(*) // {CUSTOMERS}) from dim_segment)"  # noqa: S608 a constant
    connection.execute(
        f"""
        create temporary table design_part as
        with chosen as (
            select *, {customer} as cluster_id, date_diff('month', date '2000-01-01', {day}) as month_number
            from {quoted(metric.view)}
            where ({metric.where}) and {day} is not null
                and hash({customer}) % {one_in} = 0
        ),
        span as (select max(month_number) as last_month, median({metric.value or "0"}) as middle from chosen)
        select
            span.last_month - month_number as months_back,
            {part} as part,
            cluster_id,
            cast({numerator} as double) as numerator,
            cast({denominator} as double) as denominator,
            cast({squares} as double) as squares
        from chosen cross join span
        group by all
        """  # noqa: S608 expressions of the catalogue
    )


def design_sums(metric: Metric) -> tuple[str, str, str]:
    """Numerator, denominator and squares of a metric as the mean of something."""
    if metric.quantile is not None:
        above = f"count(*) filter (where {metric.value} > span.middle)"
        return above, "count(*)", above
    squares = metric.squares or metric.numerator
    return metric.numerator, metric.denominator or "count(*)", squares
