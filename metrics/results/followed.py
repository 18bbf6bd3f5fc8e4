"""Customers followed over the months after something happened to them, against others like them to whom it did not.

A step of metrics/results fills the temporary table `exposure`: a customer to whom a thing could happen in a month,
whether it did, whether it had in the `stop_months` before (those are left out, so that a customer's windows never
overlap), and what else a stratum holds alike. Both sides are matched on what was known before the month: the month,
`alike`, months since the last purchase, purchases and margin of 12 months, and the config's segments (never the value
tier, which later purchases make). Outcomes, over the `stop_months` after the month: `stopped`, no purchase; `margin`;
over the month and the next: `hours` that teams spend on their contacts, inbound and outbound, and what these `cost`.

With `is_placebo` everything is looked at as if the month had come `stop_months` + `lived_months` earlier (lived_months:
over how many, the month included, what happened is spread): what is known is what was known then, and the outcome lies
wholly before what happened. It cannot be an effect; a difference is one of people.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from metrics.stats.jackknife import GROUPS
from metrics.stats.matching import Matched, matched
from metrics.sums import quoted
from metrics.suppression import hidden_codes

if TYPE_CHECKING:
    import duckdb

BANDS = ("month_index", "alike", "frequency", "recency", "value_band")
EXPOSURE = """
create temp table exposure (
    thing varchar, customer_id varchar, month date, month_index integer, is_exposed boolean, alike integer{segments},
    is_recent boolean
)
"""
PURCHASE = """
create temp table followed_purchase as
select
    customer_id,
    cast(12 * year(ordered_on) + month(ordered_on) as integer) as month_index,
    count(*) as n_orders,
    count(distinct ordered_on) filter (where is_sale) as n_purchases,
    sum(margin_amount) filter (where is_sale) as margin,
    0.0 as hours,
    0.0 as cost
from fct_order
where customer_id is not null
group by customer_id, month_index

union all

select
    customer_id, cast(12 * year(started_on) + month(started_on) as integer) as month_index, 0, 0, 0,
    sum(handle_seconds) / 3600.0, cast(sum(handling_cost) as double)
from fct_contact
where customer_id is not null and handle_seconds is not null
group by customer_id, month_index
"""
# {relation} has customer_id, happened_at, {thing} and {bad}: whether it went wrong, nothing where that is not known.
EVENTS = """
insert into exposure
with event as (
    select
        customer_id,
        {thing} as thing,
        happened_at,
        {bad} as is_bad,
        cast(date_trunc('month', happened_at) as date) as month,
        cast(12 * year(happened_at) + month(happened_at) as integer) as month_index
        {segments}
    from {relation}
    where customer_id is not null and {bad} is not null
),

lived as (
    select
        thing,
        customer_id,
        month,
        month_index,
        bool_or(is_bad) as is_exposed,
        coalesce(min(happened_at) filter (where is_bad), min(happened_at)) as lived_at,
        least(count(*), 3) as n_events
        {segments}
    from event
    group by all
),

after_another as (
    select distinct
        l.customer_id,
        l.thing,
        l.month_index
    from lived as l
    inner join event as e
        on
            l.customer_id = e.customer_id
            and l.thing <> e.thing
            and e.is_bad
            and e.happened_at < l.lived_at
            and e.happened_at >= l.lived_at - interval 60 day
)

select
    l.thing,
    l.customer_id,
    l.month,
    l.month_index,
    l.is_exposed,
    cast(2 * l.n_events + (a.customer_id is not null)::integer as integer) as alike
    {segments},
    coalesce(bool_or(l.is_exposed) over (
        partition by l.thing, l.customer_id order by l.month_index
        range between {stop_months} preceding and 1 preceding
    ), false) as is_recent
from lived as l
left join after_another as a
    on l.customer_id = a.customer_id and l.thing = a.thing and l.month_index = a.month_index
"""
UNITS = """
with unit as (
    select * exclude (thing), month_index - {shift} as anchor
    from exposure
    where thing = ? and not is_recent and month_index + {stop_months} <= ?
),

lived as (
    select
        e.*,
        bool_or(p.n_orders > 0 and p.month_index <= e.anchor) as has_ordered,
        coalesce(sum(p.n_purchases) filter (where p.month_index < e.anchor), 0) as n_before,
        max(p.month_index) filter (where p.month_index < e.anchor and p.n_purchases > 0) as last_index,
        coalesce(sum(p.margin) filter (where p.month_index < e.anchor), 0) as margin_before,
        coalesce(sum(p.n_purchases) filter (where p.month_index > e.anchor), 0) as n_after,
        sum(p.margin) filter (where p.month_index > e.anchor) as margin_after,
        coalesce(sum(p.hours) filter (where p.month_index between e.anchor and e.anchor + 1), 0) as hours,
        coalesce(sum(p.cost) filter (where p.month_index between e.anchor and e.anchor + 1), 0) as cost
    from unit as e
    inner join followed_purchase as p
        on e.customer_id = p.customer_id and p.month_index between e.anchor - 12 and e.anchor + {stop_months}
    group by all
),

banded as (
    select
        *,
        least(n_before, 3) as frequency,
        case
            when last_index is null then 0
            when anchor - last_index = 1 then 1
            when anchor - last_index <= 3 then 2
            when anchor - last_index <= 6 then 3
            else 4
        end as recency,
        case when margin_before > 0 then ntile(3) over value_order else 0 end as value_band
    from lived
    where has_ordered
    window value_order as (partition by margin_before > 0 order by margin_before, customer_id, month)
)

select
    is_exposed,
    cast(n_after = 0 as double) as stopped,
    cast(coalesce(margin_after, 0) as double) as margin,
    cast(hours as double) as hours,
    cast(cost as double) as cost,
    cast(hash(customer_id) % {groups} as tinyint) as bucket,
    month,
    {levels}
    {segments}
from banded
order by customer_id, month
"""


def begin(connection: "duckdb.DuckDBPyConnection", segments: Sequence[str]) -> None:
    """Make `exposure`, empty, and what was bought when. `segments` are its own columns, carried ones too."""
    connection.execute(EXPOSURE.format(segments="".join(f", {quoted(column)} varchar" for column in segments)))
    connection.execute(PURCHASE)


def expose(
    connection: "duckdb.DuckDBPyConnection", relation: str, thing: str, bad: str, segments: Sequence[str], months: int
) -> None:
    """Fill `exposure` from events: whether a thing went wrong for a customer in a month in which it could.

    Alike in a stratum are then how often it could, and whether another thing had gone wrong in the 60 days before: a
    call about a late delivery must not pass the delivery's effect for its own.
    """
    named = "".join(f", {quoted(column)}" for column in segments)
    parts = {"relation": relation, "thing": thing, "bad": bad, "segments": named, "stop_months": months}
    connection.execute(EVENTS.format(**parts))


def end(connection: "duckdb.DuckDBPyConnection") -> None:
    connection.execute("drop table exposure")
    connection.execute("drop table followed_purchase")


def units(
    connection: "duckdb.DuckDBPyConnection",
    thing: str,
    segments: Sequence[str],
    stop_months: int,
    is_placebo: bool = False,
    lived_months: int = 1,
    carried: Sequence[str] = (),
) -> dict[str, np.ndarray]:
    """Customer-months old enough to be judged: exposure, outcomes, numbers of strata (level_0 is the finest), segments.

    `carried`: columns of exposure that come along and part no stratum.
    """
    sql = UNITS.format(
        shift=stop_months + lived_months if is_placebo else 0,
        stop_months=stop_months,
        groups=GROUPS,
        levels=levels_sql(levels(segments)),
        segments="".join(f", {quoted(column)}" for column in (*segments, *carried)),
    )
    last = connection.execute("select 12 * year(last_month_end) + month(last_month_end) from setting").fetchone()[0]
    found = connection.execute(sql, [thing, last]).fetchnumpy()
    return numbered(found | {name: found[name].astype(str) for name in segments})


def levels_sql(named: Sequence[Sequence[str]]) -> str:
    """Columns level_0, level_1, ...: what units of one stratum hold alike, finest first."""
    return ",\n    ".join(f"hash({', '.join(level)}) as level_{k}" for k, level in enumerate(named))


def numbered(found: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The same units, their strata as numbers from 0."""
    return found | {name: np.unique(found[name], return_inverse=True)[1] for name in level_names(found)}


def level_names(found: dict[str, np.ndarray]) -> list[str]:
    return sorted(name for name in found if name.startswith("level_"))


def levels(segments: Sequence[str]) -> list[tuple[str, ...]]:
    """What a stratum holds alike, finest first: every segment column, then one less each time; last without bands."""
    named = [(*BANDS, *map(quoted, segments[:count])) for count in range(len(segments), -1, -1)]
    return [*named, ("month_index", "alike", "frequency")]


def differences(
    found: dict[str, np.ndarray], outcomes: Sequence[str], groups: dict[str, np.ndarray]
) -> dict[str, dict[str, Matched]]:
    """Outcome -> group -> its matched difference, where it has one. `groups`: code -> which units are inside; the
    outcomes of all of them are known.
    """
    is_exposed, values = found["is_exposed"].astype(bool), {name: found[name] for name in outcomes}
    strata = [found[name] for name in level_names(found)]
    told: dict[str, dict[str, Matched]] = {name: {} for name in outcomes}
    for code, inside in groups.items():
        own = {name: value[inside] for name, value in values.items()}
        results = matched(is_exposed[inside], own, [level[inside] for level in strata], found["bucket"][inside])
        for name, result in results.items():
            told[name][code] = result
    return told


def too_small(found: dict[str, Matched], min_group: int) -> frozenset[str]:
    """Groups not to be shown: those of fewer units than min_group on a side, and enough of their neighbours."""
    return hidden_codes({code: min(m.n_matched, m.n_reference) for code, m in found.items()}, min_group)
