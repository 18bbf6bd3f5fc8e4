"""Cells by what each event carries (touchpoint, hand-off, theme, reason), of the metrics that pages open with.

They stand in the cubes (metrics/cubes.py) beside those by segments: cut by the columns of OPENED with their parents,
and by each segment column too where that stays short. Every other cut by such columns is answered from the facts.
"""

from collections.abc import Collection, Mapping, Sequence

import duckdb

from metrics.bins import bin_sql
from metrics.cube_cells import number_cells
from metrics.definitions import Metric
from metrics.ground import PARENTS
from metrics.slices import CELLS, CUBE, HISTOGRAM
from metrics.sums import bucket_sql, code_sql, codes_sql, columns_of, month_sql, quoted

OPENED: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("touchpoint",): (
        *("touchpoint_events", "touchpoint_bad", "touchpoint_failures", "csat", "effort", "unpleasant_emotion"),
        "loop_closed",
    ),
    ("touchpoint", "what_next"): ("touchpoint_failures",),
    ("touchpoint", "went"): ("reached_after",),
    ("emotion", "touchpoint"): ("written_answers",),
    ("emotion",): ("written_answers",),
    ("theme",): ("theme_mentions",),
    ("emotion", "theme"): ("theme_mentions",),
    ("team",): ("disparaging_notes",),
    ("reason",): ("aht", "aht_median", "aht_p90", "wait_p50", "abandonment_rate", "repeat_contact_rate"),
    ("seam",): (
        *("hand_offs", "hand_off_time", "hand_off_repeated", "hand_off_bad", "hand_off_conflicting"),
        *("hand_off_repeat_rate", "hand_off_effort"),
    ),
    ("reason", "seam"): ("hand_off_bad", "hand_off_repeated"),
    ("hand_offs",): ("reopened_issues",),
    ("hand_offs", "kind"): ("promise_kept",),
    ("campaign",): ("offer_accepted",),
    ("source",): ("lead_won",),
}
SUMMED = ("numerator", "denominator", "squares", "n", "people")


def add_event_cells(
    connection: duckdb.DuckDBPyConnection, metric: Metric, columns: Collection[str], segments: Sequence[str]
) -> None:
    """Cells of one metric by every set of columns of OPENED that its relation, with these `columns`, has."""
    for names in (names for names, metrics in OPENED.items() if metric.name in metrics):
        if set(names) <= set(columns):
            events = {*names, *(up for name in names for up in PARENTS.get(name, ()) if up in metric.by)}
            others = segments if is_cut_further(metric, names) else ()
            add_up(connection, metric, (*events, *others))
            for cut in (events, *({*events, segment} for segment in others)):
                add_cut(connection, metric, tuple(sorted(cut)))
            if metric.quantile is not None:
                add_bins(connection, metric, tuple(sorted(events)))


def is_cut_further(metric: Metric, names: Sequence[str]) -> bool:
    """By segments too; else, in bins or in groups of customers and by two columns, it would be as long as the facts."""
    return metric.quantile is None and not (metric.is_bucketed and len(names) > 1)


def add_up(connection: duckdb.DuckDBPyConnection, metric: Metric, columns: Sequence[str]) -> None:
    """Temporary tables: cube_event, the facts added up by month, group of customers and combination of the columns'
    codes; cube_combination, these codes by number."""
    names = ", ".join(map(quoted, columns))
    codes = ", ".join(f"{code_sql(column)} as {quoted(column)}" for column in columns)
    sums = ", ".join(f"{expression} as {name}" for name, expression in columns_of(metric).items())
    connection.execute(
        f"create or replace temporary table cube_combined as select {month_sql(metric.date)} as month_number, "  # noqa: S608
        f"{bucket_sql(metric, metric.date)} as bucket, {codes}, {sums} "
        f"from {quoted(metric.view)} where ({metric.where}) and {quoted(metric.date)} is not null group by all"
    )
    connection.execute(
        "create or replace temporary table cube_combination as "  # noqa: S608
        f"select row_number() over () as combination, {names} from (select distinct {names} from cube_combined)"
    )
    connection.execute(
        f"create or replace temporary table cube_event as select e.* exclude ({names}), c.combination "  # noqa: S608
        f"from cube_combined as e inner join cube_combination as c using ({names})"
    )
    connection.execute("drop table cube_combined")


def add_cut(connection: duckdb.DuckDBPyConnection, metric: Metric, cut: Sequence[str]) -> None:
    """The cells of one cut; people add up over segments."""
    name, codes = ",".join(cut), f"[{', '.join(map(quoted, cut))}]"
    known = f"select codes from {CELLS} where cut = ?"  # noqa: S608
    new = f"select distinct {codes} from cube_combination where {codes} not in ({known})"  # noqa: S608
    number_cells(connection, cut, new, [name])
    connection.execute(
        f"insert into {CUBE}_part select ?, ?, month_number, cell, bucket, {', '.join(f'sum({s})' for s in SUMMED)} "  # noqa: S608
        f"from cube_event inner join (select combination, cell from cube_combination inner join {CELLS} as c "
        f"on c.cut = ? and c.codes = {codes}) using (combination) group by month_number, cell, bucket",
        [metric.name, name, name],
    )


def add_bins(connection: duckdb.DuckDBPyConnection, metric: Metric, cut: Sequence[str]) -> None:
    """Rows of a quantile metric by bin, in the cells that add_cut has numbered."""
    name = ",".join(cut)
    connection.execute(
        f"insert into {HISTOGRAM}_part select ?, ?, {month_sql(metric.date)} as month_number, c.cell, "  # noqa: S608
        f"{bin_sql(metric.value)} as bin, count(*) from {quoted(metric.view)} as f "
        f"inner join {CELLS} as c on c.cut = ? and c.codes = {codes_sql(cut)} "
        f"where ({metric.where}) and {quoted(metric.date)} is not null group by all",
        [metric.name, name, name],
    )
