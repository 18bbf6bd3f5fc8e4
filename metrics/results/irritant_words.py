"""Who carries an irritant, and words of customers whom it hit: by the contacts, orders and texts of what went wrong."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

KEPT_WORDS = 60  # of each candidate: a page shows three, of the customers that its reader may see
HITS = """
select {column}
from int_irritant_event as e
cross join setting
where
    e.thing = ? and e.is_hit and e.{column} is not null
    and e.happened_at > setting.last_month_end - interval 12 month
"""
CARRIED = """
select coalesce(u.department, 'unknown') as department, count(*) as n
from fct_contact as c
left join int_team_unit as u on c.team = u.team
where c.is_inbound and (c.contact_id in ({contacts}) or c.order_id in ({orders}))
group by all
order by 2 desc, 1
"""
WORDS = """
select v.verbatim_id
from fct_verbatim as v
where
    v.source = 'answer' and v.score_share <= 0.6
    and (v.verbatim_id in ({words}) or v.contact_id in ({contacts}) or v.order_id in ({orders}))
order by md5(v.verbatim_id)
limit {most}
"""


def hits_sql() -> dict[str, str]:
    """Sub-queries of the contacts, orders and texts of what went wrong in the last 12 months; each binds the thing."""
    columns = {"contacts": "contact_id", "orders": "order_id", "words": "verbatim_id"}
    return {name: HITS.format(column=column) for name, column in columns.items()}


def carried_by(connection: "duckdb.DuckDBPyConnection", thing: str) -> tuple[str | None, float | None, int]:
    """The department at which most of its contacts land, which share of them, and how many there are."""
    rows = connection.execute(CARRIED.format(**hits_sql()), [thing, thing]).fetchall()
    n = sum(count for _, count in rows)
    named = [(department, count / n) for department, count in rows if department != "unknown"]
    return (*(named[0] if named else (None, None)), n)


def words_of(connection: "duckdb.DuckDBPyConnection", thing: str) -> Iterator[tuple[str, int, str]]:
    texts = connection.execute(WORDS.format(**hits_sql(), most=KEPT_WORDS), [thing, thing, thing]).fetchall()
    for place, (text,) in enumerate(texts):
        yield thing, place, text
