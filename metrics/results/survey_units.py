"""What surveys, events and customers say of each unit: the sums from which metrics/results/survey_signals.py judges.

A unit is a store, else a team. An event is what it may be asked about: a sale in a store, a contact that was handled.
It has a problem when the customer comes back: within PROBLEM_DAYS about that order (about anything, where contacts do
not say their order), or within 7 days of the contact for the same reason.
Over the WINDOW_MONTHS full months before the end of the data. A unit known by fewer than min_group_culture people who
answer contacts is left out: it would be a person.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from metrics.stats.evidence import Unit
from metrics.sums import quoted

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings
    from metrics.definitions import Metric

WINDOW_MONTHS = 24
PROBLEM_DAYS = 30
WINDOW = """
select
    cast(greatest(date_trunc('month', data_from), date_trunc('month', last_month_end) - to_months(? - 1)) as timestamp),
    cast(last_month_end + interval 1 day as timestamp)
from setting
"""
PERSON = """
create temp table trust_person as
select {unit}
from fct_contact
inner join canonical.contacts using (contact_id)
group by all
having count(distinct canonical.contacts.agent_id) between 1 and {least} - 1
"""
EVENT = """
create temp table trust_event as
with happened as (
    select
        'sale' as kind,
        order_id as event_id,
        'store' as unit_kind,
        store as unit,
        customer_id,
        {about} as about,
        ordered_at as happened_at,
        false as came_back,
        ordered_at + interval {days} day < setting.as_of as is_mature,
        ordered_at + to_months({stop_months}) < setting.as_of as is_old
    from fct_order
    cross join setting
    where
        coalesce(store, 'none') <> 'none' and customer_id is not null and is_sale
        and ordered_at >= $first and ordered_at < $end

    union all

    select
        concat('contact ', reason) as kind,
        contact_id as event_id,
        {unit},
        customer_id,
        null as about,
        started_at as happened_at,
        coalesce(repeat_within_7d, false) as came_back,
        is_mature_7d as is_mature,
        started_at + to_months({stop_months}) < setting.as_of as is_old
    from fct_contact
    cross join setting
    where
        is_inbound and is_handled and customer_id is not null and (store <> 'none' or team not in ('none', 'unknown'))
        and started_at >= $first and started_at < $end
),

service as (
    select {about} as about, started_at from fct_contact where is_inbound and purpose <> 'sale' and {about} is not null
),

bought as (
    select distinct customer_id, ordered_at from fct_order where is_sale and customer_id is not null
),

invited as (
    select distinct coalesce(order_id, contact_id) as event_id from fct_survey_invitation
)

select
    h.* exclude (about, came_back, is_mature, is_old),
    case
        when not h.is_mature then null
        when h.kind = 'sale' then coalesce(s.started_at <= h.happened_at + interval {days} day, false)
        else h.came_back
    end as has_problem,
    case
        when h.is_old then coalesce(b.ordered_at > h.happened_at + to_months({stop_months}), true)
    end as has_stopped,
    i.event_id is not null as is_invited
from happened as h
asof left join service as s on h.about = s.about and h.happened_at < s.started_at
asof left join bought as b on h.customer_id = b.customer_id and h.happened_at < b.ordered_at
left join invited as i on h.event_id = i.event_id
"""
INVITATION = """
create temp table trust_invitation as
select
    {unit},
    concat_ws(' ', instrument, kind, touchpoint) as stratum,
    coalesce(customer_id, survey_id) as customer_id,
    is_delivered,
    is_answered,
    handed_by,
    score_high_good as score,
    score_share
from fct_survey_invitation
where invited_at >= $first and invited_at < $end and (store <> 'none' or team not in ('none', 'unknown'))
"""
SHARES = """
with known as (
    select 'handed' as signal, unit_kind, unit, stratum, customer_id, handed_by = 'unit' as has_it
    from trust_invitation where handed_by <> 'unknown'

    union all

    select 'answered', unit_kind, unit, stratum, customer_id, is_answered from trust_invitation where is_delivered

    union all

    select 'problem', unit_kind, unit, kind, customer_id, has_problem from trust_event where has_problem is not null

    union all

    select 'stopped', unit_kind, unit, kind, customer_id, arg_max(has_stopped, happened_at)
    from trust_event where has_stopped is not null group by all
),

person as (
    select signal, unit_kind, unit, stratum, customer_id, count(*) as n, count(*) filter (where has_it) as x
    from known
    group by all
)

select
    signal, unit_kind, unit, stratum, count(*) as people, sum(n)::double as n, sum(x)::double as x,
    sum(x * x)::double as xx, sum(x * n)::double as xn, sum(n * n)::double as nn
from person
anti join trust_person using (unit_kind, unit)
group by all
order by all
"""
INVITED = """
select
    unit_kind, unit, kind, count(distinct customer_id) as people,
    count(*) filter (where is_invited and has_problem) as a,
    count(*) filter (where not is_invited and has_problem) as b,
    count(*) filter (where is_invited and not has_problem) as c,
    count(*) filter (where not is_invited and not has_problem) as d
from trust_event
anti join trust_person using (unit_kind, unit)
where has_problem is not null
group by all
order by all
"""
SCORES = """
select
    unit_kind, unit, stratum, score, sum(score_share)::double as share, count(*)::double as n,
    count(distinct customer_id) as people
from trust_invitation
anti join trust_person using (unit_kind, unit)
where score is not null
group by all
order by all
"""
BONUS = """
select distinct case when store is null then 'team' else 'store' end as unit_kind, coalesce(store, team) as unit,
    bonus_metric, cast(bonus_threshold as double),
    coalesce(valid_from, date '0001-01-01'), coalesce(valid_to, date '9999-12-31')
from canonical.teams
anti join trust_person on trust_person.unit = coalesce(store, team)
where bonus_metric is not null and bonus_threshold is not null
order by all
"""
MONTHS = """
select unit_kind, unit, month, n, cast((net + told) / 2 as integer) as up, cast((told - net) / 2 as integer) as down
from (
    select
        {unit}, cast(date_trunc('month', {date}) as date) as month,
        {denominator} as n, {numerator} as net, {squares} as told
    from {view}
    where {date} >= $first and {date} < $end and ({where})
    group by all
)
where n > 0
order by all
"""


@dataclass(frozen=True)
class Window:
    """The months looked at: first moment, first moment after."""

    first: datetime
    end: datetime

    @property
    def bound(self) -> dict[str, datetime]:
        return {"first": self.first, "end": self.end}


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> Window:
    """Temporary tables trust_*; dropped by drop()."""
    window = Window(*connection.execute(WINDOW, [WINDOW_MONTHS]).fetchone())
    unit, stop_months = unit_sql(""), settings.windows.stop_months
    connection.execute(PERSON.format(unit=unit_sql("fct_contact."), least=settings.thresholds.min_group_culture))
    (has_orders,) = connection.execute("select count(order_id) > 0 from fct_contact").fetchone()
    about = "order_id" if has_orders else "customer_id"
    connection.execute(EVENT.format(unit=unit, about=about, days=PROBLEM_DAYS, stop_months=stop_months), window.bound)
    connection.execute(INVITATION.format(unit=unit), window.bound)
    return window


def drop(connection: "duckdb.DuckDBPyConnection") -> None:
    for name in ("trust_person", "trust_event", "trust_invitation"):
        connection.execute(f"drop table {name}")


def unit_sql(place: str) -> str:
    """The unit of a contact or an invitation: its store, else its team."""
    return (
        f"case when {place}store <> 'none' then 'store' else 'team' end as unit_kind, "
        f"case when {place}store <> 'none' then {place}store else {place}team end as unit"
    )


def months_of(
    connection: "duckdb.DuckDBPyConnection", metric: "Metric", window: Window
) -> dict[Unit, list[tuple[date, int, int, int]]]:
    """Unit -> months of a metric of answers: first day, answers, those worth 1, those worth -1."""
    sql = MONTHS.format(
        unit=unit_sql(""),
        date=quoted(metric.date),
        view=quoted(metric.view),
        where=metric.where,
        numerator=metric.numerator,
        denominator=metric.denominator,
        squares=metric.squares or metric.numerator,
    )
    found: dict[Unit, list[tuple[date, int, int, int]]] = {}
    for kind, unit, *month in connection.execute(sql, window.bound).fetchall():
        found.setdefault((kind, unit), []).append(tuple(month))
    return found
