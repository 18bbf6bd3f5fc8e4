"""Cubes: what every page opens with, added up at refresh, generated from the catalogue.

cube_metric_month      a row a metric, cut, month_number, cell and group of customers (bucket): numerator, denominator,
                       squares, n, people (different customers of that month; rows without one count as one each).
cube_histogram_month   a row a quantile metric, cut, month_number, cell and bin (metrics/bins.py): n.
cube_cell              a row a cut and cell: the codes of the cut's segments. A cut is their names with commas, sorted.
cube_design_effect     a row a metric, column within whose values it is, and length of period in months
                       (metrics/design_effects.py).
cube_nesting           a row a segment column (child) that parts another (parent), such as a state and its region.

Most metrics are cut by all segments at once, in bucket -1. Those whose interval leaves each group of customers out in
turn have 20 buckets and are cut by up to two segments, histograms by up to one: all crossed they would be as many rows
as the facts. What pages open with by other columns stands in cuts of its own (metrics/event_cubes.py). Months are
numbered from year 0 (metrics/slices.py). Sums are DECIMAL(38, 4), as those from the facts.
"""

from collections.abc import Callable, Sequence
from itertools import permutations
from typing import TYPE_CHECKING

import duckdb

from metrics.bins import bin_sql
from metrics.cube_cells import add_cells, cut_of
from metrics.definitions import Catalogue, Metric
from metrics.design_effects import add_design_effect, is_clustered
from metrics.errors import CatalogueError
from metrics.event_cubes import add_event_cells
from metrics.ground import DESIGN_EFFECT, NESTING
from metrics.slices import CELLS, CUBE, HISTOGRAM
from metrics.sums import bucket_sql, codes_sql, columns_of, month_sql, per_columns, quoted

if TYPE_CHECKING:
    from data.settings import Settings

SUMMED = ("numerator", "denominator", "squares")
SUMS = "numerator decimal(38, 4), denominator decimal(38, 4), squares decimal(38, 4), n bigint, people bigint"
ORDER = {CUBE: "metric, cut, bucket, cell, month_number", HISTOGRAM: "metric, cut, cell, month_number, bin"}


def create_cubes(
    connection: duckdb.DuckDBPyConnection,
    catalogue: Catalogue,
    settings: "Settings",  # noqa: ARG001 all that matters of them is in the relation `setting`
) -> None:
    """Create the cubes beside the fct_ relations. Raises CatalogueError naming the metric whose SQL fails."""
    segments = segment_columns(connection)
    create_parts(connection)
    known = [metric for metric in catalogue.metrics.values() if metric.change_of is None]
    columns = columns_by_relation(connection)
    known = [metric for metric in known if metric.date in columns.get(metric.view, ())]
    # A relation without the segments of customers (employees' answers) is answered from its facts alone.
    measured = [metric for metric in known if columns[metric.view].issuperset(segments)]
    for family in families(measured):
        named(family, add_family, connection, family, segments)
    for family in families([metric for metric in measured if metric.within]):
        named(family, add_family, connection, family, (*segments, family[0].within))
    for metric in measured:
        if metric.per is not None:
            named([metric], add_per, connection, metric, segments)
        if metric.quantile is not None:
            named([metric], add_histogram, connection, metric, segments)
        named([metric], add_event_cells, connection, metric, columns[metric.view], segments)
    for metric in filter(is_clustered, known):
        for within in dict.fromkeys((None, metric.within)):
            named([metric], add_design_effect, connection, metric, within)
    for cube, order in ORDER.items():
        connection.execute(f"create table {cube} as select * from {cube}_part order by {order}")  # noqa: S608
        connection.execute(f"drop table {cube}_part")
    connection.execute("drop table cube_place")
    add_nesting(connection, segments)


def create_parts(connection: duckdb.DuckDBPyConnection) -> None:
    place = "metric varchar, cut varchar, month_number integer not null, cell integer not null"
    for statement in (
        f"create temporary table {CUBE}_part ({place}, bucket tinyint, {SUMS})",
        f"create temporary table {HISTOGRAM}_part ({place}, bin integer, n bigint)",
        f"create table {CELLS} (cut varchar, cell integer, codes varchar[])",
        f"create table {DESIGN_EFFECT} (metric varchar, within varchar, months integer, design_effect double)",
        f"create table {NESTING} (child varchar, parent varchar)",
        "create temporary table cube_place (whole_cut varchar, whole_cell integer, cut varchar, cell integer)",
    ):
        connection.execute(statement)


def named(metrics: Sequence[Metric], act: Callable[..., None], *arguments: object) -> None:
    """Do it; what the database refuses is said of these metrics."""
    try:
        act(*arguments)
    except duckdb.Error as error:
        raise CatalogueError(f"metrics/catalogue: {', '.join(m.name for m in metrics)}: {error}") from error


def segment_columns(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """The company's own columns and value_tier."""
    described = connection.execute("select * from dim_segment limit 0").description
    return tuple(name for name, *_ in described if name != "customer_id")


def columns_by_relation(connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    listed = "select table_name, column_name from duckdb_columns() where schema_name = 'main'"
    for relation, column in connection.execute(listed).fetchall():
        found.setdefault(relation, set()).add(column)
    return found


def families(metrics: Sequence[Metric]) -> list[list[Metric]]:
    """Metrics of the same rows, so that these are read and their people counted once."""
    found: dict[tuple[object, ...], list[Metric]] = {}
    for metric in metrics:
        rows = (metric.view, metric.date, metric.where, metric.person, metric.is_bucketed, metric.per, metric.within)
        found.setdefault(rows, []).append(metric)
    return list(found.values())


def add_family(connection: duckdb.DuckDBPyConnection, family: Sequence[Metric], segments: Sequence[str]) -> None:
    """The cells of metrics that share their rows."""
    first = family[0]
    sums = {f"{name}_{i}": columns_of(metric)[name] for i, metric in enumerate(family) for name in SUMMED}
    sums |= {name: columns_of(first)[name] for name in ("n", "people")}
    create_family(connection, first, (first.view, first.date, first.where), sums, segments)
    for i, metric in enumerate(family):
        insert_cells(connection, metric, [f"{name}_{i}" for name in SUMMED], segments)
    connection.execute("drop table cube_family")


def add_per(connection: duckdb.DuckDBPyConnection, metric: Metric, segments: Sequence[str]) -> None:
    """The cells of a denominator that is counted on another relation."""
    per = metric.per
    create_family(connection, metric, (per.view, per.date, per.where), per_columns(metric), segments)
    insert_cells(connection, metric, SUMMED, segments)
    connection.execute("drop table cube_family")


def create_family(
    connection: duckdb.DuckDBPyConnection,
    metric: Metric,
    rows: tuple[str, str, str],
    sums: dict[str, str],
    segments: Sequence[str],
) -> None:
    """Temporary table cube_family: sums of rows (view, date, where) by month, bucket and cell of all segments."""
    view, date, where = rows
    listed = ", ".join(f"{expression} as {name}" for name, expression in sums.items())
    connection.execute(
        f"create temporary table cube_found as select {month_sql(date)} as month_number, "  # noqa: S608
        f"{bucket_sql(metric, date)} as bucket, {codes_sql(cut_of(segments))} as codes, {listed} "
        f"from {quoted(view)} where ({where}) and {quoted(date)} is not null group by all"
    )
    place_cells(connection, "cube_family", segments)


def place_cells(connection: duckdb.DuckDBPyConnection, name: str, segments: Sequence[str]) -> None:
    """Temporary table `name`: cube_found with the cell of all segments in place of their codes."""
    add_cells(connection, "cube_found", segments)
    connection.execute(
        f"create temporary table {name} as select f.* exclude (codes), c.cell as whole_cell from cube_found as f "  # noqa: S608
        f"inner join {CELLS} as c on c.cut = ? and c.codes = f.codes",
        [",".join(cut_of(segments))],
    )
    connection.execute("drop table cube_found")


def insert_cells(
    connection: duckdb.DuckDBPyConnection, metric: Metric, sums: Sequence[str], segments: Sequence[str]
) -> None:
    """One metric's cells from cube_family, cut by all segments or, in buckets, by a few at a time."""
    listed = ", ".join((*sums, "n", "people"))
    if not metric.is_bucketed:
        connection.execute(
            f"insert into {CUBE}_part select ?, ?, month_number, whole_cell, bucket, {listed} from cube_family",  # noqa: S608
            [metric.name, ",".join(cut_of(segments))],
        )
        return
    added = ", ".join(f"sum({name})" for name in (*sums, "n", "people"))
    connection.execute(
        f"insert into {CUBE}_part select ?, cut, month_number, cell, bucket, {added} from cube_family "  # noqa: S608
        "inner join cube_place using (whole_cell) where whole_cut = ? group by cut, month_number, cell, bucket",
        [metric.name, ",".join(cut_of(segments))],
    )


def add_histogram(connection: duckdb.DuckDBPyConnection, metric: Metric, segments: Sequence[str]) -> None:
    """Rows by bin, for everybody and by one segment at a time."""
    connection.execute(
        f"create temporary table cube_found as select {month_sql(metric.date)} as month_number, "  # noqa: S608
        f"{codes_sql(cut_of(segments))} as codes, {bin_sql(metric.value)} as bin, count(*) as n "
        f"from {quoted(metric.view)} where ({metric.where}) and {quoted(metric.date)} is not null group by all"
    )
    place_cells(connection, "cube_bin", segments)
    connection.execute(
        f"insert into {HISTOGRAM}_part select ?, cut, month_number, cell, bin, sum(n) from cube_bin "  # noqa: S608
        "inner join cube_place using (whole_cell) where whole_cut = ? and not contains(cut, ',') group by all",
        [metric.name, ",".join(cut_of(segments))],
    )
    connection.execute("drop table cube_bin")


def add_nesting(connection: duckdb.DuckDBPyConnection, segments: Sequence[str]) -> None:
    """Pairs of segments where each code of one stands with one code of the other; of equals, the first is parent."""
    met = "(select distinct {} as a, {} as b from dim_segment)"
    pairs = f"select count(distinct (a, b)), count(distinct a), count(distinct b) from {met}"  # noqa: S608
    for child, parent in permutations(segments, 2):
        both, of_child, of_parent = connection.execute(pairs.format(quoted(child), quoted(parent))).fetchone()
        if both == of_child and of_parent > 1 and (of_child > of_parent or parent < child):
            connection.execute(f"insert into {NESTING} values (?, ?)", [child, parent])  # noqa: S608
