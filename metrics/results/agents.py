"""Do customers of quicker agents come back more? Told only where contacts are handed out nearly at random.

The test of routing: a repeat is foretold from what was known when the contact came in (hour, day of the week, how it
stands to earlier contacts, the customer's segments), and agents may explain at most 1 % of what is foretold inside
team, reason, channel and half-year. No agent is ever shown: one row a snapshot, or none (too few agents or contacts).

Table:
  result_agent_time  value, low, high: added share of repeats within 7 days for one second less of handle time
                     explained: share of foretold repeats that agents explain; is_random: 1 % or less
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from metrics.results.rows import insert
from metrics.stats import instrument
from metrics.stats.instrument import Contacts
from metrics.stats.jackknife import GROUPS
from metrics.sums import quoted

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "agent_pace_instrument"
MOST_CODES = 20  # of a segment column, the others are one
AGENT = """
create table result_agent_time (
    value double, low double, high double, n bigint, n_agents bigint, explained double, is_random boolean,
    first_on date, last_on date, method varchar
)
"""
ROWS = """
select
    dense_rank() over (order by a.agent_id) - 1 as agent,
    dense_rank() over (order by c.team, c.reason, c.channel, year(c.started_on), quarter(c.started_on) > 2) - 1 as cell,
    cast(hash(c.customer_id) % {groups} as integer) as bucket,
    cast(c.handle_seconds as double) as seconds,
    cast(c.repeat_within_7d as double) as outcome,
    cast(c.is_repeat_of_earlier_7d as integer) as is_return,
    hour(c.started_at) // 3 as hours,
    dayofweek(c.started_on) as weekday,
    c.started_on
    {segments}
from fct_contact as c
inner join canonical.contacts as a on c.contact_id = a.contact_id
where
    c.is_handled and c.handle_seconds is not null and c.repeat_within_7d is not null and a.agent_id is not null
    and c.team <> 'unknown'
order by c.started_at, c.contact_id
"""
Rows = dict[str, np.ndarray]


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    connection.execute(AGENT)
    segments = settings.segment_columns
    named = "".join(f", c.{quoted(column)}" for column in segments)
    found = connection.execute(ROWS.format(groups=GROUPS, segments=named)).fetchnumpy()
    rows = {name: np.ma.getdata(column) for name, column in found.items()}
    if not len(rows["agent"]):
        return
    kept = instrument.enough(rows["cell"])
    rows = {name: column[kept] for name, column in rows.items()}
    insert(connection, "result_agent_time", told(rows, segments, settings.thresholds.min_group_culture))


def told(rows: Rows, segments: Sequence[str], least: int) -> list[tuple]:
    contacts = Contacts(codes(rows["agent"]), codes(rows["cell"]), rows["bucket"])
    if contacts.n_agents < max(instrument.LEAST_AGENTS, least):
        return []
    share = instrument.explained(contacts, instrument.expected(features(rows, segments), rows["outcome"]))
    slope, _ = instrument.slope(contacts, rows["seconds"], rows["outcome"])
    if slope is None or slope.low is None:
        return []
    days = [edge.astype("datetime64[D]").item() for edge in (rows["started_on"].min(), rows["started_on"].max())]
    estimate = (-slope.value, -slope.high, -slope.low)
    is_random = share <= instrument.MOST_EXPLAINED
    return [(*estimate, len(rows["agent"]), contacts.n_agents, share, is_random, *days, METHOD)]


def codes(values: np.ndarray) -> np.ndarray:
    return np.unique(values, return_inverse=True)[1]


def features(rows: Rows, segments: Sequence[str]) -> np.ndarray:
    """What was known when the contact came in, as 0/1 columns; the most usual codes of each segment."""
    columns = [np.ones(len(rows["agent"]))]
    for name in ("is_return", "hours", "weekday", *segments):
        found, count = np.unique(rows[name], return_counts=True)
        for code in found[np.argsort(-count)][1:MOST_CODES]:
            columns.append((rows[name] == code).astype(float))
    return np.column_stack(columns)
