"""Leading indicators: which experience moves before which business result, and by how many months.

One company is one series of some 36 months, in which all that has a season agrees with all else: it can tell nothing;
no more can one region beside four others. So customers are parted by lot (a hash) into units, as small as can be
handled, since more of them tell more. What a unit lived in a month beyond what all did is laid against what it bought
months later (metrics/stats/lags.py, metrics/results/leading_panels.py): who buys more has more deliveries, more of them
late, and lower scores for it. An association, not a cause.

Of everybody, and of each value of each segment column with LEAST_CUSTOMERS: customers of a value are compared with each
other alone, and judged together with those of all other values; what moves before already among everybody is not told
of a part of them.

Tables (column_name and code: '' = everybody):
  result_leading_indicators          a row a group, measure, result and lag (months; below 0: the result before the
                                     measure): change a month per occasion gone wrong; interval for all tried at once
  result_leading_indicators_measure  a row a group, measure and result: mean change over the months after, interval for
                                     all measures (and groups) at once; status told, noise, too_few, or before (the
                                     result moves first as well: no leading); lead: months until the result moves, 95 %
                                     by drawing; beyond: less the mean of the column's other groups, interval for all
                                     groups and measures at once
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from metrics.results import driver_occasions, leading_panels
from metrics.results.groups import EVERYBODY, Group, against_others, shown_groups
from metrics.results.leading_panels import MEASURES, RESULTS, Followed, Panel
from metrics.results.rows import insert
from metrics.stats.intervals import Estimate
from metrics.stats.lags import Relation, relations

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "prewhitened_panel_bootstrap"
LAGS = (*range(-6, 0), *range(9))
LEAST_MONTHS, LEAST_OCCASIONS, LEAST_CUSTOMERS = 24, 500, 1_000
TABLES = """
create table result_leading_indicators (
    column_name varchar, code varchar, measure varchar, outcome varchar, lag integer, value double, low double,
    high double, is_told boolean, n bigint, method varchar
);
create table result_leading_indicators_measure (
    column_name varchar, code varchar, measure varchar, outcome varchar, status varchar, value double, low double,
    high double, before double, before_low double, before_high double, lead double, lead_low double, lead_high double,
    beyond double, beyond_low double, beyond_high double, n bigint, n_customers bigint, n_groups integer,
    n_months integer, first_on date, last_on date, method varchar
)
"""
Found = dict[int, Relation]


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    for statement in TABLES.split(";"):
        connection.execute(statement)
    driver_occasions.begin(connection, settings)
    customers = leading_panels.choose(connection, settings.segment_columns)
    first, last, months = connection.execute(leading_panels.MONTHS).fetchone()
    if customers >= LEAST_CUSTOMERS and months >= LEAST_MONTHS:
        everybody = leading_panels.followed(connection, settings, first, last, months)
        panels = {EVERYBODY: leading_panels.panel(everybody), **groups(everybody, settings.thresholds.min_group)}
        found = {
            (outcome, *group): found_of(panel, outcome, 1 if group == EVERYBODY else len(panels) - 1)
            for group, panel in panels.items()
            for outcome in RESULTS
        }
        for outcome in RESULTS:
            of_outcome = {group: found[outcome, *group] for group in panels}
            insert(connection, "result_leading_indicators", lag_rows(outcome, of_outcome))
            verdicts = verdict_rows(outcome, of_outcome, panels, (months, first, last, METHOD))
            insert(connection, "result_leading_indicators_measure", verdicts)
    connection.execute("drop table leading_customer")
    driver_occasions.end(connection)


def groups(everybody: Followed, min_group: int) -> dict[Group, Panel]:
    """Panels of the values that are large enough."""
    found = {}
    for column, codes in everybody.codes.items():
        for code, inside in shown_groups(codes, min_group).items():
            if inside.sum() >= LEAST_CUSTOMERS:
                found[column, code] = leading_panels.panel(everybody, inside)
    return found


def found_of(panel: Panel, outcome: str, sets: int) -> Found:
    """Of each measure with enough occasions, in enough months that something differed; judged together with as many
    sets of customers."""
    months = (panel.beyond.std(axis=1) > 0).sum(axis=1)
    enough = np.flatnonzero((panel.occasions >= LEAST_OCCASIONS) & (months >= LEAST_MONTHS))
    result = panel.results[outcome]
    if not len(enough) or not result.any():
        return {}
    told = relations(panel.beyond[enough], result, LAGS, sets)
    return dict(zip(map(int, enough), told, strict=True))


def lag_rows(outcome: str, found: Mapping[Group, Found]) -> Iterator[tuple]:
    for group, of_group in found.items():
        for measure, relation in of_group.items():
            for one in relation.lags:
                about = (*group, MEASURES[measure], outcome, one.lag)
                yield *about, *ends(one.estimate), one.is_told, one.n, METHOD


def verdict_rows(
    outcome: str, found: Mapping[Group, Found], panels: Mapping[Group, Panel], span: tuple
) -> Iterator[tuple]:
    places = ((group, measure) for group, of_group in found.items() for measure in of_group)
    others = against_others(
        {(g, m): (found[g][m].after.value, found[g][m].error, panels[g].occasions[m]) for g, m in places}
    )
    for group, panel in panels.items():
        sizes = (panel.customers, panel.units, *span)
        for measure, name in enumerate(MEASURES):
            n, relation = int(panel.occasions[measure]), found[group].get(measure)
            if relation is None:
                yield *group, name, outcome, "too_few", *(None,) * 12, n, *sizes
                continue
            parts = (*ends(relation.after), *ends(relation.before), *ends(relation.lead))
            beyond = ends(others.get((group, measure), Estimate(None)))
            yield *group, name, outcome, status(relation, found[EVERYBODY].get(measure)), *parts, *beyond, n, *sizes


def status(relation: Relation, of_all: Relation | None) -> str:
    if not relation.after.excludes_zero:
        return "noise"
    return "before" if relation.before.excludes_zero or (of_all and of_all.before.excludes_zero) else "told"


def ends(estimate: Estimate) -> tuple[float | None, float | None, float | None]:
    return estimate.value, estimate.low, estimate.high
