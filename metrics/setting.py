"""Relations that hold the company's settings, so that a view reads them as it reads data.

setting                one row: windows, costs, cuts, and what follows from the data (as_of, activity_days)
setting_value_tier     one row a tier: buyers with a share of low_share up to below high_share of buyers under them
setting_touchpoint     one row a touchpoint, with its stage and kind
setting_channel        one row a channel, with its kind
setting_pillar         one row a promise
setting_segment        one row a customer: customer_id and the company's own segment columns (gone with the refresh)
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from data.settings import Settings

SETTING_RELATIONS = (
    *("setting", "setting_value_tier", "setting_touchpoint", "setting_channel", "setting_pillar"),
    "setting_segment",
)

HAPPENED = {
    "orders": ("ordered_at", "delivered_at", "cancelled_at"),
    "contacts": ("started_at",),
    "surveys": ("sent_at", "answered_at"),
    "issues": ("opened_at", "resolved_at", "closed_at"),
}
LEAST_ACTIVITY_DAYS = 180
FEW_GAPS = 500
PERCENTILE = 0.9
QUIET_DAYS = 31

SETTING = """
create table setting (
    as_of timestamp, data_from timestamp, last_month_end date, health_reference_on date,
    activity_days integer, activity_source varchar, n_purchase_gaps bigint,
    second_purchase_days integer, stop_months integer, issue_gap_days integer,
    hourly_cost decimal(18, 2), margin_share double, crm_cut double, cem_cut double,
    min_group integer, min_group_culture integer, currency varchar
)
"""
PLACES = {
    "setting_value_tier": "code varchar, low_share double, high_share double, rank integer",
    "setting_touchpoint": "touchpoint varchar, stage varchar, stage_rank integer, kind varchar",
    "setting_channel": "channel varchar, kind varchar",
    "setting_pillar": "pillar varchar, rank integer, wanted double, metric varchar, target double",
}

PURCHASE_SPELLS = """
with purchase as (
    select distinct customer_id, cast(ordered_at as date) as bought_on
    from canonical.orders
    where customer_id is not null and ordered_at < ? and coalesce(status, '') not in ('cancelled', 'unavailable')
),
spell as (
    select
        bought_on,
        lead(bought_on) over (partition by customer_id order by bought_on) as again_on
    from purchase
)
select
    date_diff('day', bought_on, coalesce(again_on, cast(? as date))) as days,
    count(again_on) as n_ended,
    count(*) as n_all
from spell
group by all
order by days
"""


@dataclass(frozen=True)
class Activity:
    """The activity window in days, where it comes from (config, measured, least), and the purchase gaps known."""

    days: int
    source: str
    n_gaps: int


def create_setting(connection: duckdb.DuckDBPyConnection, settings: "Settings") -> None:
    """Create SETTING_RELATIONS from the settings and canonical.*; what is doubtful goes to meta.warnings."""
    start, as_of = data_span(connection, settings)
    activity = activity_window(connection, settings, as_of)
    connection.execute(SETTING)
    windows, costs, health, least = settings.windows, settings.costs, settings.health, settings.thresholds
    row = (
        *(as_of, start, last_month_end(as_of), health.reference_on or health_reference(start, as_of)),
        *(activity.days, activity.source, activity.n_gaps),
        *(windows.second_purchase_days, windows.stop_months, windows.issue_gap_days),
        *(costs.hourly, costs.margin_share, health.crm_cut, health.cem_cut),
        *(least.min_group, least.min_group_culture, settings.company.currency),
    )
    connection.execute("insert into setting values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    for name, columns in PLACES.items():
        connection.execute(f"create table {name} ({columns})")
    fill_places(connection, settings)
    segments = "".join(f', "{name}"' for name in settings.segment_columns)
    own = f"select customer_id{segments} from canonical.customers"  # noqa: S608 names checked by the settings
    connection.execute(f"create temporary view setting_segment as {own}")


def fill_places(connection: duckdb.DuckDBPyConnection, settings: "Settings") -> None:
    tiers = settings.value_tiers
    for rank, (tier, low, high) in enumerate(zip(tiers.names, [0.0, *tiers.cuts], [*tiers.cuts, 1.0], strict=True), 1):
        connection.execute("insert into setting_value_tier values (?, ?, ?, ?)", (tier.code, low, high, rank))
    for rank, stage in enumerate(settings.journey, 1):
        for code, place in stage.touchpoints.items():
            connection.execute(
                "insert into setting_touchpoint values (?, ?, ?, ?)", (code, stage.stage, rank, place.kind)
            )
    for code, channel in settings.channels.items():
        connection.execute("insert into setting_channel values (?, ?)", (code, channel.kind))
    for rank, (code, pillar) in enumerate(settings.pillars.items(), 1):
        row = (code, rank, pillar.wanted, pillar.metric, pillar.target)
        connection.execute("insert into setting_pillar values (?, ?, ?, ?, ?)", row)


def data_span(connection: duckdb.DuckDBPyConnection, settings: "Settings") -> tuple[datetime, datetime]:
    """First midnight of the data and the midnight after its last day (as_of, excluded), the config's as_of first.

    The last day is the last on which anything happened in orders, contacts, surveys or issues; a table that falls
    silent more than QUIET_DAYS before is warned of, since its last months would look like a collapse.
    """
    spans = {table: table_span(connection, table) for table in HAPPENED}
    known = {table: span for table, span in spans.items() if span[0] is not None}
    if not known:
        as_of = settings.data_end or datetime(1970, 1, 1)
        return as_of, as_of
    last = {table: midnight(span[1]) + timedelta(days=1) for table, span in known.items()}
    as_of = settings.data_end or max(last.values())
    for table, end in last.items():
        if as_of - end > timedelta(days=QUIET_DAYS):
            warn(
                connection,
                "table_ends_early",
                f"{table} ends on {end - timedelta(days=1):%Y-%m-%d}, {(as_of - end).days} days before the data does "
                f"({as_of - timedelta(days=1):%Y-%m-%d}): its last months are incomplete. "
                "Set as_of in the config to leave them out",
            )
    return min(midnight(span[0]) for span in known.values()), as_of


def table_span(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[datetime | None, datetime | None]:
    """First and last moment of everything that happened in a canonical table; nulls when nothing did."""
    columns = ", ".join(HAPPENED[table])
    span = f"select min(least({columns})), max(greatest({columns})) from canonical.{table}"  # noqa: S608 constants
    return connection.execute(span).fetchone()


def midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def last_month_end(as_of: datetime) -> date:
    """Last day of the last month that ended by as_of."""
    return as_of.date().replace(day=1) - timedelta(days=1)


def health_reference(start: datetime, as_of: datetime) -> date:
    """Month end 12 full months before the last one, or the last one itself when the data does not go back so far."""
    last = last_month_end(as_of)
    year_before = last.replace(day=1, year=last.year - 1)
    reference = last_month_end(datetime.combine((year_before + timedelta(days=31)).replace(day=1), datetime.min.time()))
    return reference if reference > start.date() else last


def activity_window(connection: duckdb.DuckDBPyConnection, settings: "Settings", as_of: datetime) -> Activity:
    """Config's activity_days, else the 90th percentile of the gap between purchases (Kaplan-Meier), at least 180 days.

    Purchases of one customer on one day are one; the last purchase of a customer opens a gap that is censored at as_of.
    """
    spells = connection.execute(PURCHASE_SPELLS, (as_of, as_of)).fetchall()
    n_gaps = sum(ended for _, ended, _ in spells)
    if settings.windows.activity_days is not None:
        return Activity(settings.windows.activity_days, "config", n_gaps)
    if spells and n_gaps < FEW_GAPS:
        warn(
            connection,
            "few_purchase_gaps",
            f"the activity window rests on {n_gaps} gaps between purchases (at least {FEW_GAPS} make it reliable). "
            "Set windows.activity_days in the config when you know better",
        )
    measured = gap_percentile(spells, PERCENTILE)
    if measured is None or measured < LEAST_ACTIVITY_DAYS:
        return Activity(LEAST_ACTIVITY_DAYS, "least", n_gaps)
    return Activity(measured, "measured", n_gaps)


def gap_percentile(spells: list[tuple[int, int, int]], share: float) -> int | None:
    """Days by which `share` of the gaps have ended, by Kaplan-Meier; None without an ended gap.

    spells: (days, how many ended there, how many ended or were censored there), days rising.
    Where so many customers never come back that the curve stays above 1 - share, the percentile is that of those who
    do come back: the curve is read against its plateau (the cure model of Maller & Zhou 1996, Survival Analysis with
    Long-Term Survivors), since a window for "still a customer" asks how long normal gaps last.
    """
    at_risk = sum(n_all for _, _, n_all in spells)
    staying, curve = 1.0, []
    for days, ended, n_all in spells:
        if ended:
            staying *= 1 - ended / at_risk
            curve.append((days, 1 - staying))
        at_risk -= n_all
    if not curve:
        return None
    wanted = share if curve[-1][1] >= share else share * curve[-1][1]
    return next(days for days, returned in curve if returned >= wanted - 1e-12)


def warn(connection: duckdb.DuckDBPyConnection, rule: str, message: str) -> None:
    """Add a warning that concerns no single file to meta.warnings, which is created when missing."""
    connection.execute("create schema if not exists meta")
    connection.execute(
        "create table if not exists meta.warnings (source varchar, file varchar, rule varchar, message varchar)"
    )
    connection.execute("insert into meta.warnings (rule, message) values (?, ?)", (rule, message))
