"""Handle time and coming back, side by side: association inside reason and channel. Weak evidence, and said so.

A hard problem takes longer and brings the customer back, whoever handles it: difficulty stands behind both, so that
the sign itself can mislead (STATISTICS 6). It is told last, after targets (targets.py) and agents (agents.py).
Counted are handled contacts of known customers, old enough that 7 days have passed, over the whole data.

Tables:
  result_time_correlation  one row per group (column_name and code; '' = everyone) and reason ('' = all of them):
                           Spearman's correlation of handle time and a repeat contact within 7 days
  result_time_decile       one row per group, reason and decile of handle time: the rate of repeats
  result_repeat_chance     one row per reason ('' = all): how often customers come for the same reason in 7 days that
                           have nothing to do with the contact: from the 61st to the 67th day after it
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from metrics.results.moments import groups_of
from metrics.results.rows import insert
from metrics.stats import ranked
from metrics.stats.intervals import wilson
from metrics.stats.ranked import BLOCKS, Ranked
from metrics.sums import quoted
from metrics.suppression import Size, hidden_cells

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

CORRELATION_METHOD, DECILE_METHOD, CHANCE_METHOD = "spearman_bootstrap", "customer_bootstrap", "wilson"
TABLES = (
    """
    create table result_time_correlation (
        column_name varchar, code varchar, reason varchar, value double, low double, high double, n bigint,
        first_on date, last_on date, method varchar
    )
    """,
    """
    create table result_time_decile (
        column_name varchar, code varchar, reason varchar, decile integer, median_seconds double, value double,
        low double, high double, n bigint, method varchar
    )
    """,
    """
    create table result_repeat_chance (
        reason varchar, value double, low double, high double, n bigint, method varchar
    )
    """,
)
ROWS = """
select
    reason,
    dense_rank() over (order by reason, channel) as stratum,
    cast(hash(customer_id) % {blocks} as integer) as block,
    cast(hash(customer_id) % 9007199254740993 as bigint) as person,
    cast(handle_seconds as double) as seconds,
    cast(repeat_within_7d as double) as outcome,
    started_on
    {segments}
from fct_contact
where is_handled and handle_seconds is not null and repeat_within_7d is not null
order by started_at, contact_id
"""
CHANCE = """
with followable as (
    select
        reason,
        started_at,
        count(*) over (
            partition by customer_id, reason order by started_at
            range between interval 60 day following and interval 67 day following
        ) > 0 as is_back
    from fct_contact
    where is_inbound and is_identified
)

select f.reason, count(*) filter (where f.is_back), count(*)
from followable as f
cross join setting
where f.started_at + interval 67 day < setting.as_of
group by cube (f.reason)
order by all
"""
Rows = dict[str, np.ndarray]


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    for table in TABLES:
        connection.execute(table)
    add_chances(connection, settings.thresholds.min_group)
    rows = contacts(connection, settings.segment_columns)
    if not len(rows["seconds"]):
        return
    weights = ranked.draws_of_blocks()
    days = [edge.astype("datetime64[D]").item() for edge in (rows["started_on"].min(), rows["started_on"].max())]
    whole = Ranked(
        ranked.ranks_within(rows["seconds"], rows["stratum"]), rows["outcome"], rows["stratum"], rows["block"]
    )
    correlations, deciles = [], []
    for column in ("", *settings.segment_columns):
        for (code, reason), inside in large_enough(rows, column, settings.thresholds.min_group).items():
            place, part = (column, code, reason), whole.only(inside)
            rho = ranked.correlation(part, weights)
            if rho is not None:
                estimate = (rho.value, rho.low, rho.high, len(part.rank))
                correlations.append((*place, *estimate, *days, CORRELATION_METHOD))
            deciles += [(*place, *row, DECILE_METHOD) for row in decile_rows(part, rows["seconds"][inside], weights)]
    insert(connection, "result_time_correlation", correlations)
    insert(connection, "result_time_decile", deciles)


def contacts(connection: "duckdb.DuckDBPyConnection", segments: Sequence[str]) -> Rows:
    named = "".join(f", {quoted(column)}" for column in segments)
    found = connection.execute(ROWS.format(blocks=BLOCKS, segments=named)).fetchnumpy()
    return {name: np.ma.getdata(column) for name, column in found.items()}


def large_enough(rows: Rows, column: str, least: int) -> dict[tuple[str, str], np.ndarray]:
    """Code and reason ('' is all) -> rows, where people are enough; neighbours are left out with the others."""
    found = dict(cells(rows, column))
    sizes = {}
    for cell, inside in found.items():
        if cell[1]:
            people = len(np.unique(rows["person"][inside]))
            sizes[cell] = Size(people, people, int(inside.sum()))
    hidden = hidden_cells((column or "group", "reason"), (column,), sizes, least)
    crossed, alone = hidden.get((0, 1), frozenset()), hidden.get((0,), frozenset())
    return {
        cell: inside for cell, inside in found.items() if (cell not in crossed if cell[1] else (cell[0],) not in alone)
    }


def cells(rows: Rows, column: str) -> Iterator[tuple[tuple[str, str], np.ndarray]]:
    reasons = np.unique(rows["reason"])
    for code, inside in groups_of(rows, column).items():
        yield (code, ""), inside
        for reason in reasons:
            crossed = inside & (rows["reason"] == reason)
            if crossed.any():
                yield (code, str(reason)), crossed


def decile_rows(rows: Ranked, seconds: np.ndarray, weights: np.ndarray) -> list[tuple]:
    """Decile, median seconds, rate, low, high, n. A decile holds a tenth of the contacts of each reason and channel.

    Nothing where a tenth is too small to have a rate.
    """
    decile = ranked.decile_of(rows.rank)
    found = ranked.rates_by_decile(rows, weights)
    if min(n for _, n in found) < ranked.LEAST:
        return []
    return [
        (i + 1, float(np.median(seconds[decile == i])), e.value, e.low, e.high, n) for i, (e, n) in enumerate(found)
    ]


def add_chances(connection: "duckdb.DuckDBPyConnection", least: int) -> None:
    """Chances are small and rest on many rows: the cluster of a customer hardly matters."""
    rows = []
    for reason, hits, n in connection.execute(CHANCE).fetchall():
        if n >= max(least, ranked.LEAST):
            e = wilson(hits, n)
            rows.append((reason or "", e.value, e.low, e.high, n, CHANCE_METHOD))
    insert(connection, "result_repeat_chance", rows)
