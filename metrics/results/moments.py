"""Moments of truth: touchpoints where a bad experience, more than elsewhere, is followed by customers who stop buying.

Experiences are facts (fct_touchpoint_event.is_bad), never ratings; one outcome, `stopped`: no purchase in the
`stop_months` after the month. Customers with a bad experience at a touchpoint in a month are matched with others who
were there that month and lived only good ones (metrics/results/followed.py); alike in each stratum are besides how
often they were there and whether something else had gone wrong for them in the 60 days before: a call about a late
delivery must not pass the delivery's effect for its own. What a bad experience leads to later is part of its effect.

Table, empty where nothing can be told:
  result_moment_of_truth  one row per group (column_name and code; '' = everyone) and touchpoint
    bad, good, value, low, high    share stopped after a bad experience, among those like them, the difference, 95 %
    told_low                       lower end when all touchpoints of the group are judged at once (Bonferroni)
    p_first                        probability that this difference is the group's largest; null with one touchpoint
    placebo, placebo_low, placebo_high   the same difference in the outcome before the experience: a negative control
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from metrics.results import followed
from metrics.results.rows import insert
from metrics.stats.intervals import Estimate, t_quantile
from metrics.stats.jackknife import GROUPS
from metrics.stats.matching import Matched

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "matched_jackknife"
OUTCOME = "stopped"
DRAWS = 20_000
SEED = 14
Group = tuple[str, str]
MOMENT = """
create table result_moment_of_truth (
    column_name varchar, code varchar, touchpoint varchar, stage_rank integer, value double, low double, high double,
    told_low double, p_first double, bad double, good double, n_exposed bigint, n_bad bigint, n_good bigint,
    placebo double, placebo_low double, placebo_high double, first_on date, last_on date, method varchar
)
"""


class Moment(NamedTuple):
    """A touchpoint in a group: the difference, that of the placebo (None when it has none), first and last month."""

    found: Matched
    placebo: Estimate | None
    first_on: object
    last_on: object


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    segments, stop_months = settings.segment_columns, settings.windows.stop_months
    connection.execute(MOMENT)
    followed.begin(connection, segments)
    followed.expose(connection, "fct_touchpoint_event", "touchpoint", "is_bad", segments, stop_months)
    places = connection.execute("select touchpoint, stage_rank from setting_touchpoint order by all").fetchall()
    groups: dict[Group, dict[str, Moment]] = {}
    for touchpoint, _ in places:
        lived = followed.units(connection, touchpoint, segments, stop_months)
        before = followed.units(connection, touchpoint, segments, stop_months, is_placebo=True)
        for group, moment in moments(lived, before, segments, settings.thresholds.min_group):
            groups.setdefault(group, {})[touchpoint] = moment
    rows = [row for group, found in groups.items() for row in rows_of(group, found, dict(places))]
    insert(connection, "result_moment_of_truth", rows)
    followed.end(connection)


def moments(
    lived: dict[str, np.ndarray], before: dict[str, np.ndarray], segments: Sequence[str], min_group: int
) -> Iterator[tuple[Group, Moment]]:
    """One touchpoint: everyone, then each group of each segment column that is large enough to have an interval."""
    for column in ("", *segments):
        groups, earlier = groups_of(lived, column), groups_of(before, column)
        found = followed.differences(lived, (OUTCOME,), groups)[OUTCOME]
        placebos = followed.differences(before, (OUTCOME,), earlier)[OUTCOME]
        hidden = followed.too_small(found, min_group)
        unsure = followed.too_small(placebos, min_group)
        for code, result in found.items():
            if code not in hidden and result.difference.low is not None and result.difference.half_width > 0:
                span = lived["month"][groups[code]]
                placebo = placebos[code].difference if code in placebos and code not in unsure else None
                days = (edge.astype("datetime64[D]").item() for edge in (span.min(), span.max()))
                yield (column, code), Moment(result, placebo, *days)


def groups_of(units: dict[str, np.ndarray], column: str) -> dict[str, np.ndarray]:
    """Which units are of which code of a column; '' is everyone."""
    if not column:
        return {"": np.ones(len(next(iter(units.values()))), bool)}
    return {str(code): units[column] == code for code in np.unique(units[column])}


def rows_of(group: Group, found: dict[str, Moment], ranks: dict[str, int]) -> Iterator[tuple]:
    """Rows of result_moment_of_truth of one group, its touchpoints judged together."""
    values = np.array([m.found.difference.value for m in found.values()])
    errors = np.array([m.found.difference.half_width for m in found.values()]) / t_quantile(GROUPS - 1)
    first = probability_first(values, errors)
    wide = one_sided(len(found)) * errors
    for k, (touchpoint, moment) in enumerate(found.items()):
        d, m, placebo = moment.found.difference, moment.found, moment.placebo or Estimate(None)
        yield (
            *(*group, touchpoint, ranks[touchpoint], d.value, d.low, d.high, float(values[k] - wide[k])),
            *(None if len(found) == 1 else float(first[k]), m.exposed, m.reference),
            *(m.n_exposed, m.n_matched, m.n_reference, placebo.value, placebo.low, placebo.high),
            *(moment.first_on, moment.last_on, METHOD),
        )


def probability_first(values: np.ndarray, errors: np.ndarray) -> np.ndarray:
    """How often each is the largest, over draws of all of them from their sampling distributions (t, independent)."""
    draws = values + errors * np.random.default_rng(SEED).standard_t(GROUPS - 1, (DRAWS, len(values)))
    return np.bincount(draws.argmax(axis=1), minlength=len(values)) / DRAWS


def one_sided(touchpoints: int) -> float:
    """Quantile of Student's t for a lower end that holds 97.5 % of the time over all touchpoints at once."""
    from scipy.special import stdtrit

    return float(stdtrit(GROUPS - 1, 1 - 0.025 / touchpoints))
