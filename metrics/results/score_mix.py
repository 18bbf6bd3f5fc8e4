"""Did customers change their mind, or did other customers answer? And what do those live who never answer?

The last MONTHS full months against as many before. An NPS rises too when the unhappy leave or fall silent; so its
change is parted, to the last digit, into those who answered in both periods and those who answered in one only (gone:
bought nothing since; silent: still buying; new: had never bought before; again: heard now, not before). Each part is
how far its answers lie from those of customers who answered twice, times its share of the answers. No cause is told.

Tables, empty where nothing can be told:
  result_score_mix    one row per metric, group and part; part 'total' is the change itself, and the sum of the parts
    before, now, n_before, n_now   value and answers in each period (of the part; of all)
  result_silent_fact  one row per fact and group: what active customers lived, those heard in 12 months and the others
    kept: promises kept; again: contacts that came back within 7 days; stopped: no purchase in the months that followed
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from metrics.definitions import Metric, load_catalogue
from metrics.results.hearing import METRICS, MONTHS, hidden_groups
from metrics.results.rows import insert
from metrics.stats import jackknife
from metrics.stats.intervals import Estimate, t_quantile
from metrics.sums import quoted

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "cohort_jackknife"
PARTS = ("same", "gone", "silent", "new", "again")
SAME, GONE, SILENT, NEW, AGAIN = range(5)
LEAST_ANSWERS = 100  # in each period
MIX = """
create table result_score_mix (
    metric varchar, column_name varchar, code varchar, part varchar, value double, low double, high double,
    before double, now double, n_before bigint, n_now bigint, first_on date, last_on date, method varchar
)
"""
FACT = """
create table result_silent_fact (
    fact varchar, column_name varchar, code varchar, heard double, silent double, value double, low double, high double,
    n_heard bigint, n_silent bigint, month_end date, method varchar
)
"""
WINDOW = """
select
    cast(date_trunc('month', last_month_end - to_months({months} * 2 - 1)) as date),
    cast(date_trunc('month', last_month_end - to_months({months} - 1)) as date),
    last_month_end,
    data_from
from setting
"""
ANSWERS = """
with answer as (
    select
        customer_id,
        coalesce(sum(n) filter (where not is_now), 0)::double as n_before,
        coalesce(sum(total) filter (where not is_now), 0)::double as total_before,
        coalesce(sum(n) filter (where is_now), 0)::double as n_now,
        coalesce(sum(total) filter (where is_now), 0)::double as total_now
    from (
        select customer_id, {date} >= $middle as is_now, {numerator} as total, {denominator} as n
        from {view}
        where {date} >= $first and {date} < $last + interval 1 day and customer_id is not null and ({where})
        group by all
    )
    group by customer_id
),

standing as (
    select
        customer_id,
        max(n_purchases_12m) filter (where month_end = $last) > 0 as is_buying,
        bool_or(month_end < $middle) as is_known_before
    from fct_customer_month
    where month_end in ($last, $middle - interval 1 day)
    group by customer_id
),

placed as (
    select
        a.*,
        case
            when a.n_before > 0 and a.n_now > 0 then 0
            when a.n_before > 0 then case when coalesce(s.is_buying, false) then 2 else 1 end
            else case when coalesce(s.is_known_before, false) then 4 else 3 end
        end as part,
        cast(hash(a.customer_id) % {groups} as integer) as bucket
    from answer as a
    left join standing as s on a.customer_id = s.customer_id
)

select
    p.part, p.bucket, {segments} count(*)::double as people,
    sum(n_before) as n_before, sum(total_before) as total_before, sum(n_now) as n_now, sum(total_now) as total_now
from placed as p
left join dim_segment as d on p.customer_id = d.customer_id
group by all
order by all
"""
LIVED = """
select
    is_heard_12m as is_heard, cast(hash(customer_id) % {groups} as integer) as bucket, {segments}
    count(*)::double as people, coalesce(sum({over}), 0)::double as over, coalesce(sum({under}), 0)::double as under
from fct_customer_month
where month_end = $month_end and is_active
group by all
order by all
"""
FACTS = {
    "kept": ("n_promises_12m - n_broken_promises_12m", "n_promises_12m"),
    "again": ("n_repeat_contacts_12m", "n_contacts_12m"),
    "stopped": ("stopped_within_6m::integer", "(stopped_within_6m is not null)::integer"),
}


@dataclass(frozen=True)
class Mix:
    """A change parted: the parts in the order of PARTS; values before and now, the last of each of all answers."""

    total: float
    parts: np.ndarray
    before: np.ndarray
    now: np.ndarray


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    connection.execute(MIX)
    connection.execute(FACT)
    first, middle, last, data_from = connection.execute(WINDOW.format(months=MONTHS)).fetchone()
    segments, least = settings.segment_columns, settings.thresholds.min_group
    (has_panel,) = connection.execute("select count(*) > 0 from fct_customer_month").fetchone()
    if has_panel and data_from.date() <= first:
        span = {"first": first, "middle": middle, "last": last}
        for name in METRICS:
            metric = load_catalogue().metric(name)
            found = answers_of(connection, metric, segments, span)
            rows = mixes(metric, found, segments, least)
            insert(connection, "result_score_mix", ((name, *row, first, last, METHOD) for row in rows))
    for fact, sums in FACTS.items():
        month = month_end_of(connection, fact)
        found = lived_by(connection, sums, segments, month)
        insert(connection, "result_silent_fact", silent_facts(fact, found, segments, least, month))


def answers_of(
    connection: "duckdb.DuckDBPyConnection", metric: Metric, segments: Sequence[str], span: dict[str, Any]
) -> dict[str, np.ndarray]:
    sql = ANSWERS.format(
        numerator=metric.numerator,
        denominator=metric.denominator,
        view=quoted(metric.view),
        date=quoted(metric.date),
        where=metric.where,
        groups=jackknife.GROUPS,
        segments="".join(f"d.{quoted(column)}, " for column in segments),
    )
    return connection.execute(sql, span).fetchnumpy()


def each_group(found: dict[str, np.ndarray], segments: Sequence[str]) -> Iterator[tuple[str, str, np.ndarray]]:
    """Everyone, then every code of every segment column: column, code, rows."""
    yield "", "", np.ones(len(found["bucket"]), bool)
    for column in segments:
        codes = found[column].astype(str)
        for code in np.unique(codes):
            yield column, str(code), codes == code


def mixes(metric: Metric, found: dict[str, np.ndarray], segments: Sequence[str], min_group: int) -> Iterator[tuple]:
    """Rows of each group in which every part that is not empty has min_group people."""
    told: dict[tuple[str, str], tuple[np.ndarray, np.ndarray]] = {}
    people: dict[str, dict[str, float]] = {}
    for column, code, inside in each_group(found, segments):
        sizes = np.bincount(found["part"][inside], found["people"][inside], minlength=len(PARTS))
        sums = np.zeros((4, len(PARTS), jackknife.GROUPS))
        for place, name in enumerate(("n_before", "total_before", "n_now", "total_now")):
            np.add.at(sums[place], (found["part"][inside], found["bucket"][inside]), found[name][inside])
        people.setdefault(column, {})[code] = float(sizes[sizes > 0].min(initial=np.inf)) if sizes.any() else 0.0
        told[column, code] = sizes, sums
    for column, of_column in people.items():
        hidden = hidden_groups(column, of_column, min_group)
        for code in of_column.keys() - hidden:
            sizes, sums = told[column, code]
            if sizes[SAME] and min(sums[0].sum(), sums[2].sum()) >= LEAST_ANSWERS:
                yield from ((column, code, *row) for row in mix_rows(sums, metric.scale))


def mix_rows(sums: np.ndarray, scale: float) -> Iterator[tuple]:
    """sums: answers and their total, before and now, x parts x groups of customers."""
    whole = mix(sums.sum(axis=2))
    without = [mix(sums.sum(axis=2) - sums[:, :, group]) for group in range(sums.shape[2])]
    n_before, n_now = sums[0].sum(axis=1), sums[2].sum(axis=1)
    for place, part in enumerate(PARTS):
        if n_before[place] or n_now[place]:
            value = with_interval(float(whole.parts[place]), [float(m.parts[place]) for m in without], scale)
            yield (part, *value, *said(whole, place, scale), int(n_before[place]), int(n_now[place]))
    total = with_interval(whole.total, [m.total for m in without], scale)
    yield ("total", *total, *said(whole, len(PARTS), scale), int(n_before.sum()), int(n_now.sum()))


def mix(sums: np.ndarray) -> Mix:
    """n before, total before, n now, total now x parts. The parts add up to the change."""
    n_before, total_before, n_now, total_now = sums
    before = np.divide(total_before, n_before, out=np.full(len(PARTS), np.nan), where=n_before > 0)
    now = np.divide(total_now, n_now, out=np.full(len(PARTS), np.nan), where=n_now > 0)
    lost = n_before / n_before.sum() * (before[SAME] - before)
    won = n_now / n_now.sum() * (now - now[SAME])
    parts = np.nan_to_num(np.where(np.isin(np.arange(len(PARTS)), (GONE, SILENT)), lost, won))
    parts[SAME] = now[SAME] - before[SAME]
    all_before, all_now = total_before.sum() / n_before.sum(), total_now.sum() / n_now.sum()
    return Mix(float(all_now - all_before), parts, np.append(before, all_before), np.append(now, all_now))


def with_interval(value: float, without: Sequence[float], scale: float) -> tuple[float, float, float]:
    error = jackknife.error_of(without)
    e = Estimate(value, value - t_quantile(len(without) - 1) * error, value + t_quantile(len(without) - 1) * error)
    return e.value * scale, e.low * scale, e.high * scale


def said(found: Mix, place: int, scale: float) -> tuple[float | None, float | None]:
    """Value before and now; None where nobody answered."""
    ends = (values[place] * scale for values in (found.before, found.now))
    return tuple(None if np.isnan(end) else float(end) for end in ends)


def month_end_of(connection: "duckdb.DuckDBPyConnection", fact: str) -> Any:
    """The last month end at which the fact is known."""
    known = "select last_month_end, last_day(cast(last_month_end - to_months(stop_months) as date)) from setting"
    last, before = connection.execute(known).fetchone()
    return before if fact == "stopped" else last


def lived_by(
    connection: "duckdb.DuckDBPyConnection", sums: tuple[str, str], segments: Sequence[str], month_end: Any
) -> dict[str, np.ndarray]:
    named = "".join(f"{quoted(column)}, " for column in segments)
    sql = LIVED.format(over=sums[0], under=sums[1], groups=jackknife.GROUPS, segments=named)
    return connection.execute(sql, {"month_end": month_end}).fetchnumpy()


def silent_facts(
    fact: str, found: dict[str, np.ndarray], segments: Sequence[str], min_group: int, month_end: Any
) -> Iterator[tuple]:
    """Heard against silent in every group that has both, each min_group people or more."""
    rows: dict[str, dict[str, tuple]] = {}
    people: dict[str, dict[str, float]] = {}
    for column, code, inside in each_group(found, segments):
        side, bucket = found["is_heard"][inside].astype(int), found["bucket"][inside]
        sums = np.zeros((3, 2, jackknife.GROUPS))
        for place, name in enumerate(("over", "under", "people")):
            np.add.at(sums[place], (side, bucket), found[name][inside])
        n = sums[2].sum(axis=1)
        people.setdefault(column, {})[code] = float(n.min())
        without = sums[:2].sum(axis=2, keepdims=True) - sums[:2]
        if (without[1] > 0).all():
            heard, silent = sums[0].sum(axis=1)[::-1] / sums[1].sum(axis=1)[::-1]
            each = without[0] / without[1]
            value = with_interval(float(heard - silent), list(map(float, each[1] - each[0])), 1.0)
            rows.setdefault(column, {})[code] = (float(heard), float(silent), *value, int(n[1]), int(n[0]))
    for column, of_column in rows.items():
        hidden = hidden_groups(column, people[column], min_group)
        for code in of_column.keys() - hidden:
            yield (fact, column, code, *of_column[code], month_end, METHOD)
