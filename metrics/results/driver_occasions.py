"""Whose outcome is explained, and what they lived and said before: one customer a row, for the drivers of loyalty.

An occasion is something that can go well (1) or not (0), or be rated in between: a delivery or an issue due, a contact
(answered in 5 minutes, not a repeat, not handed on, nothing to say again), the share of the price taken off an order,
words written (0 when their emotion is unpleasant), an answer on effort, a rating of a pillar that has a kind.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from metrics.reading.lexicon import UNPLEASANT
from metrics.stats.logistic import BLOCKS
from metrics.sums import code_sql, quoted

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

MOST_CUSTOMERS = 10_000
WINDOW = 6  # months
ROUGH_WAIT = 300  # seconds, as in int_customer_month_event
BUYERS = """
select
    customer_id,
    cast(month_end + interval 1 day as timestamp) as until_at,
    1 - cast(stopped_within_6m as double) as outcome,
    recency_days,
    n_purchases_12m,
    n_orders_12m,
    greatest(coalesce(revenue_12m, 0), 0)::double as revenue_12m,
    coalesce(t.rank, 0) as tier
from fct_customer_month as m
left join setting_value_tier as t on m.value_tier = t.code
where
    m.is_active
    and m.stopped_within_6m is not null
    and m.month_end = (select max(month_end) from fct_customer_month where stopped_within_6m is not null)
"""
ANSWERERS = """
select
    customer_id,
    max(answered_at) as until_at,
    arg_max(score_share, answered_at)::double as outcome,
    date_diff('day', (select min(answered_at) from fct_survey_answer), max(answered_at)) as day
from fct_survey_answer
where kind = 'relational' and customer_id is not null and score_share is not null and {asked}
group by customer_id
"""
ASKED = {"nps": "instrument = 'nps'", "satisfaction": "instrument = 'rating' and pillar = 'none'"}
ANCHORS = """
create or replace temp table driver_anchor as
select
    *,
    cast(hash(customer_id) % {blocks} as integer) as block
from ({anchors})
order by hash(customer_id)
limit {most}
"""
EMOTION = f"""select
    customer_id,
    said_at as at,
    'emotion' as driver,
    1 - (emotion in {UNPLEASANT})::double as value
from fct_verbatim
where source = 'answer' and emotion <> 'unread'"""  # noqa: S608 constants
# Each occasion that can go well (1) or not (0): whose, when, of which driver.
HAPPENED = """
select
    customer_id,
    cast(due_on as timestamp) as at,
    kind as driver,
    is_kept::double as value
from fct_promise
where customer_id in (select customer_id from {whom})

union all

select
    customer_id,
    started_at as at,
    unnest(['wait', 'repeat', 'transfer', 'said_again']) as driver,
    unnest([
        1 - (coalesce(is_abandoned, false) or coalesce(wait_seconds > {wait}, false))::double,
        1 - coalesce(is_repeat_of_earlier_7d, false)::double,
        1 - is_transferred::double,
        1 - coalesce(information_repeated, false)::double
    ]) as value
from fct_contact
where
    is_inbound
    and not list_contains(?, coalesce(reason, 'unknown'))
    and customer_id in (select customer_id from {whom})

union all

{emotion} and customer_id in (select customer_id from {whom})

union all

select
    a.customer_id,
    a.answered_at as at,
    coalesce('rated_' || p.kind, 'effort') as driver,
    a.score_share::double as value
from fct_survey_answer as a
left join driver_pillar as p on a.pillar = p.pillar and a.instrument in ('csat', 'rating')
where (a.instrument = 'effort' or p.kind is not null) and a.customer_id in (select customer_id from {whom})
"""
PRICE = """
union all

select
    o.customer_id,
    o.ordered_at as at,
    'price' as driver,
    (sum(l.discount) / nullif(sum(l.net_amount + l.discount), 0))::double as value
from fct_order as o
inner join canonical.order_lines as l on o.order_id = l.order_id
inner join driver_anchor as a on o.customer_id = a.customer_id
where l.discount >= 0 and l.net_amount > 0
group by o.customer_id, o.ordered_at, o.order_id
"""
BEFORE = """
select
    a.customer_id,
    h.driver,
    avg(h.value) as value,
    count(h.value) as n
from driver_anchor as a
inner join ({happened}) as h
    on a.customer_id = h.customer_id and h.at < a.until_at and h.at >= a.until_at - interval {window} month
where h.value is not null
group by all
"""
SAME = """
select
    a.customer_id,
    h.driver,
    avg(h.value) as value,
    count(h.value) as n
from driver_anchor as a
inner join (
    select
        customer_id,
        answered_at as at,
        pillar as driver,
        score_share::double as value
    from fct_survey_answer
    where kind = 'relational' and instrument in ('csat', 'rating') and pillar <> 'none'

    union all

    {emotion} and kind = 'relational'
) as h on a.customer_id = h.customer_id and cast(h.at as date) = cast(a.until_at as date)
where h.value is not null
group by all
"""


class Question(NamedTuple):
    """`measure`: what the outcome is, in the data at hand."""

    outcome: str
    basis: str
    measure: str


@dataclass(frozen=True)
class Lived:
    """Customers one by one: outcome, what is held constant, codes of each segment column; (customers, drivers): how
    well it went, NaN without an occasion, and how many there were."""

    outcome: np.ndarray
    controls: np.ndarray
    block: np.ndarray
    drivers: tuple[str, ...]
    values: np.ndarray
    occasions: np.ndarray
    days: np.ndarray
    codes: dict[str, np.ndarray]

    def only(self, rows: np.ndarray, drivers: Sequence[int] | None = None) -> "Lived":
        """Some of the customers, and some of the drivers."""
        inside = range(len(self.drivers)) if drivers is None else drivers
        return Lived(
            *(part[rows] for part in (self.outcome, self.controls, self.block)),
            tuple(self.drivers[k] for k in inside),
            *(part[np.ix_(rows, inside)] for part in (self.values, self.occasions)),
            self.days[rows],
            {column: codes[rows] for column, codes in self.codes.items()},
        )

    @property
    def span(self) -> tuple[object, object]:
        return (self.days.min().item(), self.days.max().item()) if len(self.days) else (None, None)


def begin(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    """The pillars of each kind."""
    connection.execute("create or replace temp table driver_pillar (pillar varchar, kind varchar)")
    rated = [(code, pillar.kind) for code, pillar in settings.pillars.items() if pillar.kind]
    if rated:
        connection.executemany("insert into driver_pillar values (?, ?)", rated)


def end(connection: "duckdb.DuckDBPyConnection") -> None:
    for name in ("anchor", "pillar"):
        connection.execute(f"drop table if exists driver_{name}")


def questions(connection: "duckdb.DuckDBPyConnection") -> Iterator[tuple[Question, str]]:
    yield Question("repurchase", "before", "repurchase"), BUYERS
    answered = "select count(*) from fct_survey_answer where kind = 'relational' and instrument = 'nps'"
    (n,) = connection.execute(answered).fetchone()
    measure = "nps" if n else "satisfaction"
    for basis in ("before", "same"):
        yield Question("recommendation", basis, measure), ANSWERERS.format(asked=ASKED[measure])


def happened(whom: str) -> str:
    """Occasions of the customers of a table, without prices; its one parameter: reasons of contacts left out."""
    return HAPPENED.format(wait=ROUGH_WAIT, emotion=EMOTION, whom=whom)


def lived(connection: "duckdb.DuckDBPyConnection", anchors: str, basis: str, settings: "Settings") -> Lived:
    connection.execute(ANCHORS.format(anchors=anchors, blocks=BLOCKS, most=MOST_CUSTOMERS))
    before, same = (
        BEFORE.format(happened=happened("driver_anchor") + PRICE, window=WINDOW),
        SAME.format(emotion=EMOTION),
    )
    sql, asked = (before, [settings.outlook.leaving_reasons]) if basis == "before" else (same, [])
    who = connection.execute("from driver_anchor order by customer_id").fetchnumpy()
    codes = codes_of(connection, settings.segment_columns)
    found = connection.execute(f"{sql} order by all", asked).fetchnumpy()
    places = {customer: place for place, customer in enumerate(who["customer_id"])}
    drivers = tuple(sorted({str(driver) for driver in found["driver"]}))
    rows = np.array([places[customer] for customer in found["customer_id"]], int)
    columns = np.searchsorted(drivers, found["driver"].astype(str)) if drivers else rows
    values, occasions = np.full((len(places), len(drivers)), np.nan), np.zeros((len(places), len(drivers)))
    values[rows, columns], occasions[rows, columns] = found["value"], found["n"]
    held = [name for name in who if name not in ("customer_id", "until_at", "outcome", "block")]
    controls = np.column_stack([np.log1p(who[name].astype(float)) for name in held] or [np.zeros(len(places))])
    days = who["until_at"].astype("datetime64[D]")
    return Lived(who["outcome"], controls, who["block"], drivers, values, occasions, days, codes)


def codes_of(connection: "duckdb.DuckDBPyConnection", segments: Sequence[str]) -> dict[str, np.ndarray]:
    """Of each segment column, one a customer in the order of their ids."""
    named = "".join(f", {code_sql(column, 'd')} as {quoted(column)}" for column in segments)
    found = connection.execute(
        f"select a.customer_id{named} from driver_anchor as a left join dim_segment as d using (customer_id) "  # noqa: S608
        "order by a.customer_id"
    ).fetchnumpy()
    return {column: found[column].astype(str) for column in segments}
