"""Can these surveys be trusted? Signals by store or team, each against units of its own kind, all judged together.

Seven signals in three families that do not rest on the same fact, so that two of different families are independent
when a unit is honest:
  asked   handed     share of invitations that the unit itself handed out
          selective  are customers who come back with a problem invited less than others? (given how many are invited)
          answered   share of invitations that are answered
  scored  threshold  months whose score pays the bonus and would not with one good answer less
          shape      distribution of the scores, against others' tilted to the same mean
  lived   problem    customers who come back with a problem, while the unit's scores are no lower than others'
          stopped    customers who stop buying, likewise
What is expected of a unit is what the other units have, in each stratum (instrument and touchpoint, kind of event).
p_adjusted holds over all units and signals at once (Holm); a signal is told at 5 %. One told signal accuses nobody.

Table, empty where nothing can be told:
  result_survey_signal  one row per unit and signal that could be judged
    value, low, high, expected  share; for `selective` a difference of shares; for `shape` the share of answers `level`
    n, n_answers                what the value is counted on (invitations, events, customers, months, answers)
    distance                    in standard deviations of honest units, positive: the suspicious way
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from metrics.definitions import load_catalogue
from metrics.results import survey_units
from metrics.results.rows import insert
from metrics.results.survey_units import Window
from metrics.stats import audit
from metrics.stats.evidence import FAMILIES, Count, Evidence, Months, Score, Table, Unit

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "peers_holm"
TABLE = """
create table result_survey_signal (
    unit_kind varchar, unit varchar, signal varchar, family varchar, value double, low double, high double,
    expected double, level varchar, n bigint, n_answers bigint, distance double, p double, p_adjusted double,
    is_told boolean, first_on date, last_on date, method varchar
)
"""


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    connection.execute(TABLE)
    window = survey_units.create(connection, settings)
    heard = evidence(connection, window)
    found = audit.signals(heard, settings.thresholds.min_group)
    answers: dict[Unit, int] = {}
    for score in heard.scores:
        answers[score.unit] = answers.get(score.unit, 0) + int(score.n)
    span = (window.first.date(), window.end.date() - timedelta(days=1))
    rows = [
        (
            *(*s.unit, s.name, FAMILIES[s.name], s.value.value, s.value.low, s.value.high, s.expected, s.level),
            *(s.n, answers.get(s.unit, 0), s.distance, s.p, p, p <= audit.LEVEL, *span, METHOD),
        )
        for s, p in audit.together(found)
    ]
    insert(connection, "result_survey_signal", rows)
    survey_units.drop(connection)


def evidence(connection: "duckdb.DuckDBPyConnection", window: Window) -> Evidence:
    counts: dict[str, list[Count]] = {}
    for name, kind, unit, *numbers in connection.execute(survey_units.SHARES).fetchall():
        counts.setdefault(name, []).append(Count((kind, unit), *numbers))
    return Evidence(
        counts=counts,
        tables=[Table((kind, unit), *row) for kind, unit, *row in rows_of(connection, survey_units.INVITED)],
        scores=[Score((kind, unit), *row) for kind, unit, *row in rows_of(connection, survey_units.SCORES)],
        months=list(bonus_months(connection, window)),
    )


def rows_of(connection: "duckdb.DuckDBPyConnection", sql: str) -> list[tuple]:
    return connection.execute(sql).fetchall()


def bonus_months(connection: "duckdb.DuckDBPyConnection", window: Window) -> Iterator[Months]:
    """Units with a bonus on a metric of answers for which more is better: the months in which it was paid."""
    catalogue, known = load_catalogue(), {}
    for kind, unit, name, least, first, last in connection.execute(survey_units.BONUS).fetchall():
        metric = catalogue.metrics.get(name)
        if metric is None or metric.view != "fct_survey_answer" or metric.direction != "up":
            continue
        if name not in known:
            known[name] = survey_units.months_of(connection, metric, window)
        months = [scores for month, *scores in known[name].get((kind, unit), ()) if first <= month <= last]
        yield Months((kind, unit), months, least / metric.scale)
