"""Who is heard, and what would be told if all were: answers held against all active customers.

Customers: active at some month end of the last MONTHS full months, as they stood at the last of these. Known of all of
them: the config's segments, value tier, purchases, whether a promise was broken, contacts. Answers: theirs in the same
months, to each question of METRICS. Cells of customers alike in everything known, by groups of customers that are left
out in turn (metrics/stats/jackknife.py), so that the cost of the statistics does not grow with the customers.

Tables, empty where nothing can be told:
  result_representativeness  one row per metric and group (column_name and code; '' = everyone)
    r, r_low, r_high              R-indicator of who answered, corrected for chance (metrics/stats/propensity.py)
    most_bias                     by how much raw can be wrong at most, as far as what is known tells who answers
    raw, raked, shift             of these answers; weighted to all customers; raked less raw; each with its interval
    bound_low, bound_high         if all who did not answer gave the worst, or the best answer
  result_hearing_level       one row per metric, variable and level, everyone: share heard among customers of the level
    partial                       unconditional partial R-indicator of the level, below 0: heard less than all
    partial_variable, partial_given   of the whole variable, alone and among customers alike in all others
"""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from metrics.definitions import Metric, load_catalogue
from metrics.results.rows import insert
from metrics.stats import propensity, raking
from metrics.stats.changes import p_value
from metrics.stats.intervals import variance_of, wilson
from metrics.stats.jackknife import GROUPS
from metrics.stats.multiple import benjamini_hochberg
from metrics.sums import quoted
from metrics.suppression import hidden_codes

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "raked_jackknife"
METRICS = ("nps", "nps_transactional", "csat")
MONTHS = 12
KNOWN = ("value_tier", "frequency", "promises", "contacts")
LEAST_ANSWERS = 100
MOST_LEVELS = 25  # of a variable; the rarer ones are one level
OTHERS = "others"
REPRESENTATIVENESS = """
create table result_representativeness (
    metric varchar, column_name varchar, code varchar, n_customers bigint, n_heard bigint, n_answers bigint,
    r double, r_low double, r_high double, most_bias double, raw double, raw_low double, raw_high double,
    raked double, raked_low double, raked_high double, shift double, shift_low double, shift_high double,
    design_effect double, is_converged boolean, bound_low double, bound_high double, first_on date, last_on date,
    method varchar
)
"""
LEVEL = """
create table result_hearing_level (
    metric varchar, variable varchar, level varchar, n bigint, n_heard bigint, share double, low double, high double,
    whole double, partial double, partial_variable double, partial_given double, is_told boolean, method varchar
)
"""
POPULATION = """
create temp table hearing_customer as
select
    customer_id,
    cast(hash(customer_id) % {groups} as integer) as bucket,
    {segments}
    value_tier,
    case
        when n_purchases_12m <= 2 then cast(n_purchases_12m as varchar)
        when n_purchases_12m <= 4 then '3_4'
        else '5_more'
    end as frequency,
    case when n_promises_12m = 0 then 'none' when n_broken_promises_12m = 0 then 'kept' else 'broken' end as promises,
    case least(n_contacts_12m, 2) when 0 then '0' when 1 then '1' else '2_more' end as contacts
from fct_customer_month
where month_end > $first and month_end <= $last and is_active
qualify row_number() over (partition by customer_id order by month_end desc) = 1
"""
CELLS = """
with answer as (
    select customer_id, {numerator} as total, {squares} as squares, {denominator} as n
    from {view}
    where {date} >= $first + interval 1 day and {date} < $last + interval 1 day and ({where})
    group by customer_id
)

select
    {known}, bucket, count(*)::double as customers, count(*) filter (where a.n > 0)::double as heard,
    coalesce(sum(a.n), 0)::double as answers, coalesce(sum(a.total), 0)::double as total,
    coalesce(sum(a.squares), 0)::double as squares
from hearing_customer as c
left join answer as a using (customer_id)
group by all
order by all
"""


@dataclass(frozen=True)
class Cells:
    """Customers alike in everything known. names: variable -> its levels; codes: variable -> level of each cell.

    sums: customers, heard, answers, total, squares -> cells x groups of customers.
    """

    names: dict[str, list[str]]
    codes: dict[str, np.ndarray]
    sums: dict[str, np.ndarray]

    def inside(self, column: str, code: int) -> "Cells":
        kept = self.codes[column] == code
        codes = {name: codes[kept] for name, codes in self.codes.items()}
        return Cells(self.names, codes, {name: rows[kept] for name, rows in self.sums.items()})

    @property
    def levels(self) -> dict[str, np.ndarray]:
        """Variables that tell customers apart here, levels numbered from 0 without gaps."""
        dense = {name: np.unique(codes, return_inverse=True)[1] for name, codes in self.codes.items()}
        return {name: codes for name, codes in dense.items() if codes.max(initial=0) > 0}

    def whole(self, name: str) -> np.ndarray:
        return self.sums[name].sum(axis=1)


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    connection.execute(REPRESENTATIVENESS)
    connection.execute(LEVEL)
    segments = settings.segment_columns
    span = window(connection)
    named = "".join(f"{quoted(column)}, " for column in segments)
    connection.execute(POPULATION.format(groups=GROUPS, segments=named), span)
    for name in METRICS:
        metric = load_catalogue().metric(name)
        cells = cells_of(connection, metric, (*segments, *KNOWN), span)
        if cells is not None:
            store(connection, metric, cells, segments, settings.thresholds.min_group, span)
    connection.execute("drop table hearing_customer")


def window(connection: "duckdb.DuckDBPyConnection") -> dict[str, Any]:
    """Last day before the months looked at, and their last day."""
    first, last = connection.execute(
        "select last_day(cast(last_month_end - to_months(?) as date)), last_month_end from setting", [MONTHS]
    ).fetchone()
    return {"first": first, "last": last}


def cells_of(
    connection: "duckdb.DuckDBPyConnection", metric: Metric, known: Sequence[str], span: dict[str, Any]
) -> Cells | None:
    """None when fewer than LEAST_ANSWERS customers answered."""
    sql = CELLS.format(
        numerator=metric.numerator,
        squares=metric.squares or metric.numerator,
        denominator=metric.denominator,
        view=quoted(metric.view),
        date=quoted(metric.date),
        where=metric.where,
        known=", ".join(map(quoted, known)),
    )
    found = connection.execute(sql, span).fetchnumpy()
    if found["heard"].sum() < LEAST_ANSWERS:
        return None
    names, codes = {}, {}
    for column in known:
        names[column], codes[column] = levels_of(found[column].astype(str), found["customers"])
    places, cell = np.unique(np.stack([codes[column] for column in known]), axis=1, return_inverse=True)
    sums = {}
    for name in ("customers", "heard", "answers", "total", "squares"):
        sums[name] = np.zeros((places.shape[1], GROUPS))
        np.add.at(sums[name], (cell.ravel(), found["bucket"]), found[name])
    return Cells(names, dict(zip(known, places, strict=True)), sums)


def levels_of(texts: np.ndarray, customers: np.ndarray) -> tuple[list[str], np.ndarray]:
    """The levels of a variable and the level of each row; of many levels the rarest are one."""
    levels, codes = np.unique(texts, return_inverse=True)
    sizes = np.bincount(codes, customers)
    if len(levels) > MOST_LEVELS:
        rare = np.argsort(sizes)[: len(levels) - MOST_LEVELS + 1]
        levels, codes = np.unique(np.where(np.isin(codes, rare), OTHERS, texts), return_inverse=True)
    return levels.tolist(), codes


def store(
    connection: "duckdb.DuckDBPyConnection",
    metric: Metric,
    cells: Cells,
    segments: Sequence[str],
    min_group: int,
    span: dict[str, Any],
) -> None:
    """Rows of everyone and of each group that is large enough; levels of everyone only."""
    first, last = span["first"] + timedelta(days=1), span["last"]
    found = groups(metric, cells, segments, min_group)
    insert(connection, "result_representativeness", ((metric.name, *row, first, last, METHOD) for row in found))
    insert(connection, "result_hearing_level", ((metric.name, *row, METHOD) for row in level_rows(cells, min_group)))


def groups(metric: Metric, cells: Cells, segments: Sequence[str], min_group: int) -> Iterator[tuple]:
    """Numbers of everyone, then of the groups of each segment column."""
    yield ("", "", *held_against_all(metric, cells))
    for column in segments:
        found = {name: cells.inside(column, code) for code, name in enumerate(cells.names[column]) if name != OTHERS}
        sizes = {name: (part.sums["heard"].sum(), part.sums["customers"].sum()) for name, part in found.items()}
        hidden = hidden_codes({name: min(heard, n - heard) for name, (heard, n) in sizes.items()}, min_group)
        for name, part in found.items():
            if name not in hidden and sizes[name][0] >= LEAST_ANSWERS and part.levels:
                yield (column, name, *held_against_all(metric, part))


def hidden_groups(column: str, people: dict[str, float], min_group: int) -> Set[str]:
    """Codes of a segment column (or '' alone, everyone) that may not be shown."""
    return hidden_codes(people, min_group) if column else {code for code, n in people.items() if n < min_group}


def held_against_all(metric: Metric, cells: Cells) -> tuple:
    """R-indicator, raw and raked value and bounds, in the metric's unit."""
    levels, scale = cells.levels, metric.scale
    fitted, r = propensity.r_indicator(
        propensity.design(list(levels.values())), cells.sums["customers"], cells.sums["heard"]
    )
    n = float(cells.sums["answers"].sum())
    deviation = variance_of(cells.sums["total"].sum(), cells.sums["squares"].sum(), n) ** 0.5
    found = raking.raked(cells.sums["answers"], cells.sums["total"], cells.whole("customers"), list(levels.values()))
    customers, heard = cells.sums["customers"].sum(), cells.sums["heard"].sum()
    least = -1.0 if metric.unit == "points" else 0.0
    share = heard / customers
    ends = (
        scaled
        for e in (found.raw, found.weighted, found.shift)
        for scaled in (e.value * scale, e.low * scale, e.high * scale)
    )
    bounds = (scale * (share * found.raw.value + (1 - share) * worst) for worst in (least, 1.0))
    return (
        *(int(customers), int(heard), int(n), r.value, r.low, r.high, scale * fitted.most_bias(deviation)),
        *(*ends, found.design_effect, found.is_converged, *bounds),
    )


def level_rows(cells: Cells, min_group: int) -> Iterator[tuple]:
    """Share heard in each level of each variable; told when it differs from the others' (Benjamini-Hochberg)."""
    levels, n = cells.levels, cells.whole("customers")
    fitted = propensity.propensity(propensity.design(list(levels.values())), n, cells.whole("heard"))
    found = []
    for variable, codes in levels.items():
        partial = propensity.unconditional(fitted.share, n, codes)
        given = propensity.conditional(fitted.share, n, [other for name, other in levels.items() if name != variable])
        present = np.unique(cells.codes[variable])
        size, heard = np.bincount(codes, n), np.bincount(codes, cells.whole("heard"))
        people = {cells.names[variable][code]: min(h, s - h) for code, s, h in zip(present, size, heard, strict=True)}
        hidden = hidden_codes(people, min_group)
        for place, code in enumerate(present):
            level = cells.names[variable][code]
            if level not in hidden:
                whole = float(np.sqrt((partial**2).sum()))
                found.append((variable, level, size[place], heard[place], partial[place], whole, given))
    mean, total, all_heard = fitted.mean, float(n.sum()), float(cells.whole("heard").sum())
    told = benjamini_hochberg([apart(float(h), float(s), total, all_heard) for _, _, s, h, *_ in found])
    for (variable, level, size, heard, partial, whole, given), is_told in zip(found, told, strict=True):
        e = wilson(float(heard), float(size))
        yield (
            *(variable, level, int(size), int(heard), e.value, e.low, e.high, mean),
            *(float(partial), whole, given, is_told),
        )


def apart(heard: float, size: float, customers: float, all_heard: float) -> float:
    """p-value of a level's share heard against that of all other customers."""
    others = customers - size
    if not others:
        return 1.0
    pooled = all_heard / customers
    error = (pooled * (1 - pooled) * (1 / size + 1 / others)) ** 0.5
    return p_value(heard / size - (all_heard - heard) / others, error) if error else 1.0
