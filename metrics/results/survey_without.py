"""What the company's scores would be without the stores and teams whose surveys are worth an audit.

Over the last MONTHS full months; the interval of the difference leaves out groups of customers in turn, on both sides
at once. A metric to which these units gave fewer than min_group customers' answers is left out.

Table, empty where no unit is worth an audit:
  result_survey_without  one row per metric: value of all answers, of the others, and the others' less that of all
"""

from typing import TYPE_CHECKING

import numpy as np

from metrics.definitions import Metric, load_catalogue
from metrics.results.hearing import METRICS, MONTHS
from metrics.results.rows import insert
from metrics.results.survey_units import WINDOW, unit_sql
from metrics.stats import jackknife
from metrics.stats.evidence import LEAST_FAMILIES
from metrics.stats.intervals import t_quantile
from metrics.sums import quoted

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "paired_jackknife"
TABLE = """
create table result_survey_without (
    metric varchar, whole double, whole_low double, whole_high double, rest double, rest_low double, rest_high double,
    value double, low double, high double, n bigint, n_rest bigint, first_on date, last_on date, method varchar
)
"""
ANSWERS = """
with doubtful as (
    select unit_kind, unit
    from result_survey_signal
    where is_told
    group by all
    having count(distinct family) >= {families}
),

answer as (
    select *, {unit}, coalesce(customer_id, survey_id) as person
    from {view}
    where {date} >= $first and {date} < $end and ({where})
)

select
    cast(hash(person) % {groups} as integer) as bucket,
    d.unit is not null as is_left_out,
    count(distinct person)::double as people,
    {numerator}::double as total,
    {denominator}::double as n
from answer as a
left join doubtful as d on a.unit_kind = d.unit_kind and a.unit = d.unit
group by all
"""


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    connection.execute(TABLE)
    first, end = connection.execute(WINDOW, [MONTHS]).fetchone()
    (last,) = connection.execute("select last_month_end from setting").fetchone()
    for name in METRICS:
        metric = load_catalogue().metric(name)
        found = connection.execute(sql_of(metric), {"first": first, "end": end}).fetchnumpy()
        left_out = found["is_left_out"].astype(bool)
        if found["people"][left_out].sum() >= settings.thresholds.min_group and found["n"][~left_out].sum():
            row = (name, *scores(metric, found, left_out), first.date(), last, METHOD)
            insert(connection, "result_survey_without", [row])


def sql_of(metric: Metric) -> str:
    return ANSWERS.format(
        families=LEAST_FAMILIES,
        unit=unit_sql(""),
        view=quoted(metric.view),
        date=quoted(metric.date),
        where=metric.where,
        numerator=metric.numerator,
        denominator=metric.denominator,
        groups=jackknife.GROUPS,
    )


def scores(metric: Metric, found: dict[str, np.ndarray], left_out: np.ndarray) -> tuple:
    """All, the others, the difference, each with its interval; answers of all and of the others."""
    whole, rest = np.zeros((2, jackknife.GROUPS)), np.zeros((2, jackknife.GROUPS))
    for place, name in enumerate(("total", "n")):
        np.add.at(whole[place], found["bucket"], found[name])
        np.add.at(rest[place], found["bucket"][~left_out], found[name][~left_out])
    sides = [sums.sum(axis=1) for sums in (whole, rest)]
    values = [total / n for total, n in sides]
    without = [[(sums[0].sum() - a) / (sums[1].sum() - b) for a, b in sums.T] for sums in (whole, rest)]
    values.append(values[1] - values[0])
    without.append([other - every for every, other in zip(*without, strict=True)])
    spread = t_quantile(jackknife.GROUPS - 1)
    ends = (
        metric.scale * end
        for value, each in zip(values, without, strict=True)
        for error in [spread * jackknife.error_of([float(e) for e in each])]
        for end in (float(value), float(value) - error, float(value) + error)
    )
    return (*ends, int(sides[0][1]), int(sides[1][1]))
