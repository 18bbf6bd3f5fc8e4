"""A company of a few rows, in memory: the relations that the metrics of orders and ratings read, and their cubes."""

from collections.abc import Sequence
from dataclasses import replace

import duckdb

from metrics.cubes import create_cubes
from metrics.definitions import Catalogue, load_catalogue
from metrics.ground import ground_of

SETTING = """
create table setting as select
    timestamp '2026-11-01' as as_of, timestamp '2026-01-01' as data_from, 10 as min_group, 5 as min_group_culture,
    180 as second_purchase_days, 6 as stop_months, 180 as activity_days
"""
ORDER = "order_id varchar, customer_id varchar, ordered_at timestamp, region varchar, persona varchar, store varchar"
STATE = (
    "customer_id varchar, month_end date, quadrant varchar, revenue_12m double, n_orders_12m bigint, "
    "crm_health double, cem_health double, last_nps_12m double, n_broken_promises_12m bigint, "
    "n_repeat_contacts_12m bigint"
)
METRICS = ("orders", "revenue", "average_basket", "csat", "rating_mean")


def small_world(orders: Sequence[tuple], ratings: Sequence[tuple] = ()) -> tuple[duckdb.DuckDBPyConnection, Catalogue]:
    """orders: (customer, day, region, persona, store, amount); ratings: (customer, day, region, persona, 1 to 5)."""
    connection = duckdb.connect()
    connection.execute(SETTING)
    connection.execute(f"create table fct_order ({ORDER}, net_amount decimal(18, 2), is_sale boolean)")
    connection.execute(
        "create table fct_survey_answer (customer_id varchar, answered_at timestamp, region varchar, persona varchar, "
        "score_high_good double, instrument varchar, scale_low double, scale_high double, channel varchar)"
    )
    for number, (customer, day, region, persona, store, amount) in enumerate(orders):
        row = (f"O{number}", customer, day, region, persona, store, amount, True)
        connection.execute("insert into fct_order values (?, ?, ?, ?, ?, ?, ?, ?)", row)
    for customer, day, region, persona, score in ratings:
        row = (customer, day, region, persona, score)
        connection.execute("insert into fct_survey_answer values (?, ?, ?, ?, ?, 'csat', 1, 5, 'web')", row)
    connection.execute(
        "create table dim_segment as select distinct customer_id, region, persona from "
        "(select customer_id, region, persona from fct_order union select customer_id, region, persona "
        "from fct_survey_answer) where customer_id is not null"
    )
    connection.execute(f"create table fct_customer_month ({STATE})")
    connection.execute(
        "create table dim_customer_token as select customer_id, md5(customer_id) as customer_token from dim_segment"
    )
    catalogue = Catalogue({name: load_catalogue().metric(name) for name in METRICS})
    create_cubes(connection, catalogue, None)
    return connection, replace(catalogue, ground=ground_of(connection))
