"""What earlier snapshots foretold, carried from one to the next, so that it can be laid against what came.

A forecast is kept as it stood first: a later refresh of the same month, with data corrected meanwhile, does not replace
it. Left out: forecasts of another company, of a metric that was measured otherwise then, of a group that is not shown
any more, made after the months that are known now (data that went back), and those made more than MOST_MONTHS ago.

Table, empty in a first snapshot:
  result_forecast_kept  a row a metric, group, last month known then (`made_on`) and month foretold: kind forecast, or
                        guess where no forecast was surely better; both intervals; the snapshot that foretold it
"""

from typing import TYPE_CHECKING

import duckdb

from data.sql import literal
from metrics.setting import warn

if TYPE_CHECKING:
    from data.settings import Settings

CARRIED = "meta.foretold"
MOST_MONTHS = 36
MEASURED_BY = ("view", "date", "where", "numerator", "denominator", "scale", "unit")
KEPT = """
create table result_forecast_kept (
    metric varchar, column_name varchar, code varchar, kind varchar, made_on date, month date, value double,
    low_80 double, high_80 double, low double, high double, snapshot varchar, method varchar
)
"""
CARRY = """
create or replace table {carried} as
with foretold as (
    select
        metric, column_name, code, kind, made_on, month, value, low_80, high_80, low, high, {id} as snapshot, method,
        1 as place
    from {earlier}.main.result_forecast_month
    where kind in ('forecast', 'guess')
    {before}
),

alike as (
    select now.name
    from meta.definitions as now
    inner join {earlier}.meta.definitions as old on now.name = old.name and old.kind = 'metric'
    where
        now.kind = 'metric'
        and json_extract(now.document, {measured_by}) = json_extract(old.document, {measured_by})
)

select * exclude (place)
from foretold
where
    metric in (select name from alike)
    and (
        select count(distinct json_extract(document, '$.company.name') || json_extract(document, '$.company.currency'))
        from (
            select document from meta.definitions where kind = 'settings'
            union all
            select document from {earlier}.meta.definitions where kind = 'settings'
        )
    ) = 1
qualify row_number() over (partition by metric, column_name, code, made_on, month order by place) = 1
"""
BEFORE = """
    union all by name

    select *, 0 as place
    from {earlier}.main.result_forecast_kept
"""
KNOWN = """
insert into result_forecast_kept
select f.*
from {carried} as f
inner join result_forecast as r on f.metric = r.metric and f.column_name = r.column_name and f.code = r.code
where f.made_on <= r.last_on and f.made_on > r.last_on - interval {months} month
order by all
"""


def carry(connection: duckdb.DuckDBPyConnection, earlier: str, snapshot: str) -> None:
    """Take over what the attached database `earlier`, which is `snapshot`, foretold and kept, or say that it cannot."""
    try:
        tables = {
            name
            for (name,) in connection.execute(
                "select table_name from duckdb_tables() where database_name = ?", [earlier]
            ).fetchall()
        }
        before = BEFORE.format(earlier=earlier) if "result_forecast_kept" in tables else ""
        keys = [f"$.{key}" for key in MEASURED_BY]
        connection.execute(
            CARRY.format(carried=CARRIED, earlier=earlier, before=before, id=literal(snapshot), measured_by=keys)
        )
    except (duckdb.CatalogException, duckdb.BinderException):
        message = f"what {snapshot} foretold was left out: another version of the program built it"
        warn(connection, "foretold", message)


def create(connection: duckdb.DuckDBPyConnection, settings: "Settings") -> None:
    connection.execute(KEPT)
    schema, table = CARRIED.split(".")
    is_there = "select count(*) from duckdb_tables() where schema_name = ? and table_name = ? and not temporary"
    if connection.execute(is_there, [schema, table]).fetchone()[0]:
        connection.execute(KNOWN.format(carried=CARRIED, months=MOST_MONTHS))
        connection.execute(f"drop table {CARRIED}")
