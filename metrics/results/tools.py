"""What a tool changed in what each team's customers answer: before and after, against teams without it.

Answers to csat, effort and transactional NPS, as points of 10 of their scale, less how their instrument usually fares
at their touchpoint; none of surveys that the team handed out itself. A tool is judged on answers about contacts.

Team by month: each team has its own level, each month its own in each department, and each team that got the tool its
own change from the month after it came (the month itself is left out). The months come from teams that never got it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from metrics.stats.intervals import Estimate, mean_t

if TYPE_CHECKING:
    import duckdb

LEAST_ANSWERS = 10  # on each side
ANSWERS = """
    select
        a.team,
        t.department,
        a.touchpoint,
        a.reason,
        a.customer_id,
        a.survey_id,
        a.contact_id,
        a.answered_at,
        10 * (
            a.score_share
            - avg(a.score_share) over (partition by a.instrument, a.touchpoint)
            + avg(a.score_share) over ()
        ) as score,
        100 * var_samp(a.score_share) over () as variance
    from fct_survey_answer as a
    inner join (select team, max(department) as department from canonical.teams group by team) as t on a.team = t.team
    where
        (a.instrument in ('csat', 'effort') or a.instrument = 'nps' and a.kind = 'transactional')
        and a.handed_by <> 'unit'
"""
MONTHS = f"""
with lived as ({ANSWERS}),

given as (
    select team, min(introduced_on) as introduced_on
    from canonical.tools
    where tool = ?
    group by team
)

select
    a.team,
    a.department,
    g.introduced_on,
    cast(date_trunc('month', a.answered_at) as date) as month,
    coalesce(date_trunc('month', a.answered_at) > date_trunc('month', g.introduced_on), false) as is_after,
    avg(a.score) as score,
    any_value(a.variance) as variance,
    count(*) as n
from lived as a
left join given as g on a.team = g.team
where
    a.contact_id is not null
    and a.answered_at < (select date_trunc('month', as_of) from setting)
    and coalesce(date_trunc('month', a.answered_at) <> date_trunc('month', g.introduced_on), true)
group by all
order by a.team, month
"""  # noqa: S608 constants


@dataclass(frozen=True)
class TeamChange:
    """Points of 10 by which a team's answers changed with the tool, the variance of its error, n answers in all."""

    team: str
    department: str
    introduced_on: date
    change: float
    variance: float
    n: int
    first_on: date
    last_on: date


def names(connection: "duckdb.DuckDBPyConnection") -> list[str]:
    return [
        name for (name,) in connection.execute("select distinct tool from canonical.tools order by tool").fetchall()
    ]


def changes(connection: "duckdb.DuckDBPyConnection", tool: str) -> tuple[TeamChange, ...]:
    """Teams with enough answers before and after, in departments where some team never got the tool."""
    table = connection.execute(MONTHS, [tool]).fetchnumpy()
    team, is_after, n = table["team"].astype(str), table["is_after"].astype(bool), table["n"].astype(float)
    given = ~np.ma.getmaskarray(table["introduced_on"])
    compared = np.isin(table["department"].astype(str), table["department"][~given].astype(str))
    treated = [
        name
        for name in np.unique(team[given & compared])
        if min(n[(team == name) & is_after].sum(), n[(team == name) & ~is_after].sum()) >= LEAST_ANSWERS
    ]
    kept = compared & (~given | np.isin(team, treated))
    if not treated or not kept.any():
        return ()
    found = own_changes({name: np.asarray(values)[kept] for name, values in table.items()}, treated)
    return tuple(row_of(table, name, change) for name, change in zip(treated, found, strict=True))


def own_changes(table: dict[str, np.ndarray], treated: Sequence[str]) -> np.ndarray:
    """Least squares, weighted by answers: one change a treated team, beside levels of teams and of months."""
    team, is_after = table["team"].astype(str), table["is_after"].astype(bool)
    moment = np.char.add(table["department"].astype(str), table["month"].astype(str))
    design = np.column_stack(
        [
            *((team == name) & is_after for name in treated),
            *(team == name for name in np.unique(team)),
            *(moment == name for name in np.unique(moment)),
        ]
    ).astype(float)
    weight = np.sqrt(table["n"].astype(float))
    solved = np.linalg.lstsq(design * weight[:, None], table["score"].astype(float) * weight, rcond=None)[0]
    return solved[: len(treated)]


def row_of(table: dict[str, np.ndarray], name: str, change: float) -> TeamChange:
    inside = table["team"].astype(str) == name
    n, is_after = table["n"][inside], table["is_after"][inside].astype(bool)
    variance = float(table["variance"][0] * (1 / n[is_after].sum() + 1 / n[~is_after].sum()))
    days = table["month"][inside].astype("datetime64[D]")
    introduced = table["introduced_on"][inside][0].astype("datetime64[D]").item()
    department = str(table["department"][inside][0])
    span = days.min().item(), days.max().item()
    return TeamChange(name, department, introduced, float(change), variance, int(n.sum()), *span)


def average(values: Sequence[float]) -> Estimate:
    """Mean change of the teams, each counted once."""
    return mean_t(sum(values), sum(value * value for value in values), len(values))
