"""Customer culture: whether its questionnaire can be trusted, and whether it goes with what customers live.

Culture is measured before experience, by team: the mean of each person's answers, then of the team's people. Teams are
compared inside the same department, touchpoint and reason only, by permutation, since they are few. Nothing is said
where people of a team agree no more than people of different ones (the team's mean is then nobody's culture).

Tables, empty where nobody was asked:
  result_culture_reliability  one row per signal ('' = the whole questionnaire), of the last time it was asked:
    value, low, high (Cronbach's alpha; null where it cannot be told), n_items, n_people
  result_culture_effect       one row per question ('experience', or 'tool' and its tool):
    value, low, high, p       points of 10 of what customers answer, per point of culture (1 to 5)
    mean, mean_low, mean_high what the tool changed on average, its teams taken together
    status                    told, noise, or why it cannot be told: unlinked, no_wave, not_shared, few_teams
  result_culture_team         one row per team behind an effect: its culture, its customers' answers or their change
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from metrics.results import tools
from metrics.stats.intervals import Estimate
from metrics.stats.permutation import Slope, slope
from metrics.stats.reliability import Agreement, agreement, cronbach_alpha

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "permutation"
EVERY_SIGNAL = ""
LEAST_ANSWERS = 30  # of customers, about a team
LEAST_DAYS = 90  # of experience after the culture was asked for
AGREES = 0.05
MOSTLY = 0.8  # of a team's answers on one reason: it is compared with teams of the same reason only
TABLES = """
create table result_culture_reliability (
    signal varchar, asked_on date, value double, low double, high double, n_items bigint, n_people bigint,
    is_linked boolean, method varchar
);
create table result_culture_effect (
    question varchar, tool varchar, status varchar, value double, low double, high double, p double,
    mean double, mean_low double, mean_high double, n_teams bigint, n_people bigint, n bigint,
    icc1 double, icc2 double, asked_on date, first_on date, last_on date, method varchar
);
create table result_culture_team (
    question varchar, tool varchar, team varchar, culture double, n_people bigint, experience double, n bigint
);
"""
PEOPLE = """
select asked_on, team, respondent, avg(score) as score
from fct_culture_answer
where team <> 'unknown'
group by all
order by all
"""
ITEMS = """
select signal, respondent, item, score
from fct_culture_answer
where asked_on = (select max(asked_on) from fct_culture_answer)
order by all
"""
LIVED = f"""
with lived as ({tools.ANSWERS}),

usual as (
    select team, department, arg_max(touchpoint, n) as touchpoint, arg_max(reason, n) as reason, max(n) / sum(n) as part
    from (select team, department, touchpoint, reason, count(*) as n from lived group by all)
    group by team, department
)

select
    a.team,
    concat_ws('/', u.department, u.touchpoint, case when u.part >= {MOSTLY} then u.reason end) as stratum,
    avg(a.score) as score,
    any_value(a.variance) / count(*) as variance,
    count(*) as n,
    count(distinct coalesce(a.customer_id, a.survey_id)) as n_customers,
    cast(min(a.answered_at) as date) as first_on,
    cast(max(a.answered_at) as date) as last_on
from lived as a
inner join usual as u on a.team = u.team
where a.answered_at >= cast(? as date) + 1
group by all
order by a.team
"""  # noqa: S608 constants


@dataclass(frozen=True)
class Wave:
    """The culture of each team as it was asked for on a day: its score, its people, and how far they agree."""

    asked_on: date
    score: dict[str, float]
    people: dict[str, int]
    agreement: Agreement | None

    @property
    def is_shared(self) -> bool:
        return self.agreement is not None and self.agreement.icc1 > 0 and self.agreement.p < AGREES


@dataclass(frozen=True)
class Effect:
    """A row of result_culture_effect before it is written; `teams`: rows of result_culture_team."""

    question: str
    tool: str
    status: str
    wave: Wave | None = None
    slope: Slope | None = None
    mean: Estimate = Estimate(None)
    teams: tuple[tuple, ...] = ()
    first_on: date | None = None
    last_on: date | None = None


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    connection.execute(TABLES)
    asked = connection.execute("select count(*), bool_and(is_linked) from fct_culture_answer").fetchone()
    if not asked[0]:
        return
    for row in reliabilities(connection, asked[1]):
        connection.execute("insert into result_culture_reliability values (?, ?, ?, ?, ?, ?, ?, ?, 'feldt')", row)
    waves = waves_of(connection, settings.thresholds.min_group_culture) if asked[1] else []
    effects = [experience(connection, waves, settings.thresholds.min_group)] if asked[1] else []
    effects += [tool_effect(connection, tool, waves) for tool in tools.names(connection)] if asked[1] else []
    for effect in effects or [Effect("experience", "", "unlinked")]:
        write(connection, effect)


def reliabilities(connection: "duckdb.DuckDBPyConnection", is_linked: bool) -> list[tuple]:
    """Rows of result_culture_reliability without their method."""
    asked_on = connection.execute("select max(asked_on) from fct_culture_answer").fetchone()[0]
    table = connection.execute(ITEMS).fetchnumpy()
    rows = []
    for signal in (EVERY_SIGNAL, *np.unique(table["signal"])):
        inside = np.ones(len(table["score"]), bool) if signal == EVERY_SIGNAL else table["signal"] == signal
        found = cronbach_alpha(matrix(*(table[name][inside] for name in ("respondent", "item", "score"))))
        told = found.estimate if is_linked and found.estimate else Estimate(None)
        rows.append((str(signal), asked_on, told.value, told.low, told.high, found.n_items, found.n_people, is_linked))
    return rows


def matrix(people: np.ndarray, items: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """One row a person, one column an item; nan where not answered."""
    who, row = np.unique(people.astype(str), return_inverse=True)
    what, column = np.unique(items.astype(str), return_inverse=True)
    made = np.full((len(who), len(what)), np.nan)
    made[row, column] = scores
    return made


def waves_of(connection: "duckdb.DuckDBPyConnection", min_group: int) -> list[Wave]:
    """Oldest first; teams of fewer people than min_group are left out, for good."""
    table = connection.execute(PEOPLE).fetchnumpy()
    waves = []
    for asked_on in np.unique(table["asked_on"]):
        inside = table["asked_on"] == asked_on
        teams, place, sizes = np.unique(table["team"][inside].astype(str), return_inverse=True, return_counts=True)
        scores, large = table["score"][inside], sizes >= min_group
        means = np.bincount(place, scores) / sizes
        shown = large[place]
        waves.append(
            Wave(
                asked_on.astype("datetime64[D]").item(),
                dict(zip(teams[large], means[large].tolist(), strict=True)),
                dict(zip(teams[large], sizes[large].tolist(), strict=True)),
                agreement(scores[shown], place[shown]) if shown.any() else None,
            )
        )
    return waves


def experience(connection: "duckdb.DuckDBPyConnection", waves: list[Wave], min_group: int) -> Effect:
    """Satisfaction of customers since the first wave that they have had time to follow, on the culture of that wave."""
    end = connection.execute("select cast(as_of as date) from setting").fetchone()[0]
    wave = next((w for w in waves if (end - w.asked_on).days >= LEAST_DAYS), None)
    if wave is None or not wave.is_shared:
        return Effect("experience", "", "no_wave" if wave is None else "not_shared", wave)
    lived = connection.execute(LIVED, [wave.asked_on]).fetchall()
    told = [row for row in lived if row[0] in wave.score and row[4] >= LEAST_ANSWERS and row[5] >= min_group]
    found = slope(
        np.array([wave.score[row[0]] for row in told]),
        np.array([row[2] for row in told]),
        np.array([row[1] for row in told], dtype=str),
        np.array([row[3] for row in told]),
    )
    if found is None:
        return Effect("experience", "", "few_teams", wave)
    teams = tuple((row[0], wave.score[row[0]], wave.people[row[0]], row[2], row[4]) for row in told)
    span = min(row[6] for row in told), max(row[7] for row in told)
    return Effect("experience", "", status_of(found), wave, found, Estimate(None), teams, *span)


def tool_effect(connection: "duckdb.DuckDBPyConnection", tool: str, waves: list[Wave]) -> Effect:
    """What a tool changed in each team, on the culture that the team had before it."""
    found = tools.changes(connection, tool)
    first = min((team.introduced_on for team in found), default=None)
    wave = next((w for w in reversed(waves) if first is not None and w.asked_on <= first), None)
    if wave is None or not wave.is_shared:
        return Effect("tool", tool, "no_wave" if wave is None else "not_shared", wave)
    told = [team for team in found if team.team in wave.score]
    found_slope = slope(
        np.array([wave.score[team.team] for team in told]),
        np.array([team.change for team in told]),
        np.array([team.department for team in told], dtype=str),
        np.array([team.variance for team in told]),
    )
    if found_slope is None:
        return Effect("tool", tool, "few_teams", wave)
    teams = tuple((t.team, wave.score[t.team], wave.people[t.team], t.change, t.n) for t in told)
    span = min(t.first_on for t in told), max(t.last_on for t in told)
    mean = tools.average([t.change for t in told])
    return Effect("tool", tool, status_of(found_slope), wave, found_slope, mean, teams, *span)


def status_of(found: Slope) -> str:
    return "told" if found.p < AGREES and not found.estimate.low <= 0 <= found.estimate.high else "noise"


def write(connection: "duckdb.DuckDBPyConnection", effect: Effect) -> None:
    estimate = effect.slope.estimate if effect.slope else Estimate(None)
    agrees = effect.wave.agreement if effect.wave else None
    connection.execute(
        f"insert into result_culture_effect values ({', '.join('?' * 19)})",  # noqa: S608 only question marks
        [
            *(effect.question, effect.tool, effect.status, estimate.value, estimate.low, estimate.high),
            *(effect.slope.p if effect.slope else None, effect.mean.value, effect.mean.low, effect.mean.high),
            *(len(effect.teams), sum(team[2] for team in effect.teams), sum(team[4] for team in effect.teams)),
            *((agrees.icc1, agrees.icc2) if agrees else (None, None)),
            *(effect.wave.asked_on if effect.wave else None, effect.first_on, effect.last_on, METHOD),
        ],
    )
    for team in effect.teams:
        connection.execute(
            "insert into result_culture_team values (?, ?, ?, ?, ?, ?, ?)", [effect.question, effect.tool, *team]
        )
