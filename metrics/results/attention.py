"""Do those who bring most get better attention, or the same? And do they live a better experience?

Events of the last 12 full months (int_attention_event), within reason, channel and quarter, by the value tier that a
customer had at the month end before the first of them: never by what they bought afterwards. Where nobody has a tier
from before (a set without dates), the tier of today stands in, and `tier_when` says so. How levels are compared and
tested: metrics/stats/equal_treatment.py.

Tables, empty where nothing can be told; column_name and code are the group, '' = everyone:
  result_attention       one row per group, measure and value tier: mean as if with everybody's mix of reasons, channels
  result_attention_test  one row per group and measure: p of "the same for all"; the top tier less the bottom one
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from metrics.results.rows import insert
from metrics.stats.equal_treatment import Treatment, treatment
from metrics.sums import quoted
from metrics.suppression import Size, hidden_cells

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "within_cells_clustered"
TEST = "permutation_within_strata"
BEFORE, SAME_TIME = "before", "same_time"
Arrays = dict[str, np.ndarray]
Group = tuple[str, str]
TIERS = """
create table result_attention (
    column_name varchar, code varchar, measure varchar, value_tier varchar, tier_rank integer, value double, low double,
    high double, n bigint, customers bigint, method varchar
)
"""
TESTS = """
create table result_attention_test (
    column_name varchar, code varchar, measure varchar, whole double, gap double, low double, high double,
    bottom_tier varchar, top_tier varchar, p_value double, deals bigint, n bigint, customers bigint,
    tier_when varchar, first_on date, last_on date, method varchar
)
"""
EVENTS = """
select
    e.outcome, hash(e.cell) as cell, hash(e.customer_id) as customer, t.rank as tier, e.happened_on as happened
    {segments}
from (
    select *, first_value({tier}) over (partition by customer_id order by happened_on, event_id) as tier
    from int_attention_event
    where measure = ? and {tier} not in ('none', 'unknown')
) as e
inner join setting_value_tier as t on e.tier = t.code
order by e.happened_on, e.event_id
"""


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    connection.execute(TIERS)
    connection.execute(TESTS)
    tiers = dict(connection.execute("select rank, code from setting_value_tier").fetchall())
    measures = connection.execute("select distinct measure from int_attention_event order by all").fetchall()
    is_before = connection.execute("select count(tier_before) > 0 from int_attention_event").fetchone()[0]
    when = BEFORE if is_before else SAME_TIME
    means, tests = [], []
    for (measure,) in measures:
        events = events_of(connection, measure, when, settings.segment_columns)
        for group, found, span in treatments(events, settings.segment_columns, settings.thresholds.min_group):
            means += tier_rows(group, measure, found, tiers)
            tests.append(test_row(group, measure, found, tiers, when, span))
    insert(connection, "result_attention", means)
    insert(connection, "result_attention_test", tests)


def events_of(connection: "duckdb.DuckDBPyConnection", measure: str, when: str, segments: Sequence[str]) -> Arrays:
    named = "".join(f", e.{quoted(column)}" for column in segments)
    tier = "tier_before" if when == BEFORE else "value_tier"
    return connection.execute(EVENTS.format(tier=tier, segments=named), [measure]).fetchnumpy()


def treatments(
    events: Arrays, segments: Sequence[str], min_group: int
) -> Iterator[tuple[Group, Treatment, tuple[object, object]]]:
    """Everyone, then each group of each segment column: those in which two tiers or more may be shown."""
    for column in ("", *segments):
        codes = events[column].astype(str) if column else np.full(len(events["tier"]), "")
        for code, shown in shown_tiers(codes, events["tier"], events["customer"], min_group).items():
            inside = (codes == code) & np.isin(events["tier"], shown)
            parts = [events[name][inside] for name in ("outcome", "cell", "customer", "tier")]
            found = treatment(*parts) if inside.any() else None
            if found is not None:
                days = events["happened"][inside]
                yield (column, code), found, tuple(e.astype("datetime64[D]").item() for e in (days.min(), days.max()))


def shown_tiers(codes: np.ndarray, tier: np.ndarray, customer: np.ndarray, min_group: int) -> dict[str, list[int]]:
    """Group -> tiers that are neither of too few customers nor could give such a one away."""
    places, sizes = np.unique(codes, return_inverse=True), {}
    for place, code in enumerate(places[0]):
        for level in np.unique(tier):
            people = len(np.unique(customer[(places[1] == place) & (tier == level)]))
            if people:
                sizes[str(code), str(level)] = Size(people, people, people)
    columns = ("group", "value_tier")
    hidden = hidden_cells(columns, columns, sizes, min_group).get((0, 1), frozenset())
    return {
        str(code): [int(level) for group, level in sizes if group == code and (group, level) not in hidden]
        for code in places[0]
    }


def tier_rows(group: Group, measure: str, found: Treatment, tiers: dict[int, str]) -> Iterator[tuple]:
    for level in found.levels:
        m = level.mean
        ends = (m.value, m.low, m.high, level.n, level.customers)
        yield (*group, measure, tiers[level.level], level.level, *ends, METHOD)


def test_row(
    group: Group, measure: str, found: Treatment, tiers: dict[int, str], when: str, span: tuple[object, object]
) -> tuple:
    gap, ends = found.gap, (tiers[found.levels[0].level], tiers[found.levels[-1].level])
    sizes = (found.p, found.deals, found.n, found.customers)
    return (*group, measure, found.whole, gap.value, gap.low, gap.high, *ends, *sizes, when, *span, TEST)
