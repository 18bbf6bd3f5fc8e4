"""Customers at one moment, without dates: what the CRM and experience know of each, and whether it happened.

The company declares which numbers and segments of its customers are which (config, outlook.cross_section). Whether a
number of experience is known at all (a question that was answered) stands with the CRM, as exposure does over time
(metrics/results/features.py): experience is what it says. Nothing tells what was before what. The CRM may have its say
with the products of its numbers too, where it tells more with them by itself.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from metrics.results.features import LEAST_SHARE, steps
from metrics.results.rows import unmasked
from metrics.stats.lift import Rows
from metrics.stats.logistic import BLOCKS
from metrics.sums import quoted

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

TENTHS = np.arange(1, 10) / 10
KNOWN = """
select
    customer_id,
    cast(hash(customer_id) % {blocks} as integer) as block,
    cast(c.{outcome} > $above as double) as stopped,
    {columns}
from canonical.customers as c
inner join dim_segment as d using (customer_id)
where c.{outcome} is not null
order by customer_id
"""
Known = dict[str, np.ndarray]


def known(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> Known:
    """A line for each customer whose outcome is known: segments as codes, numbers as floats, NaN where not given."""
    section, segments = settings.outlook.cross_section, settings.segment_columns
    numbers = [name for name in settings.number_columns if name != section.outcome]
    columns = [f"d.{quoted(name)}" for name in segments] + [f"c.{quoted(name)}::double" for name in numbers]
    named = ", ".join(
        f"{column} as {quoted(name)}" for column, name in zip(columns, [*segments, *numbers], strict=True)
    )
    sql = KNOWN.format(blocks=BLOCKS, outcome=quoted(section.outcome), columns=named)
    found = connection.execute(sql, {"above": section.above}).fetchnumpy()
    return {name: unmasked(values) for name, values in found.items()}


def candidates(known: Known, settings: "Settings") -> tuple[list[Rows], dict[str, list[int]]]:
    """Columns of both arms, without and with products on the CRM's side; which extra columns belong to what."""
    section, n = settings.outlook.cross_section, len(known["stopped"])
    base = [column for name in section.crm for column in columns_of(known[name], with_missing=True)]
    extra: list[np.ndarray] = []
    places: dict[str, list[int]] = {}
    for name in section.cem:
        found = columns_of(known[name], with_missing=False)
        places[name] = list(range(len(extra), len(extra) + len(found)))
        extra += found
    asked = [np.isnan(known[name]) for name in section.cem if known[name].dtype == float]
    asked = [column for column in asked if column.any()]
    stratum = np.unique(matrix(asked, n), axis=0, return_inverse=True)[1].ravel()
    sides = [[*base, *asked], [*base, *asked, *products(known, section.crm)]]
    return [
        Rows(matrix(side, n), matrix(extra, n), known["stopped"], known["block"], stratum) for side in sides
    ], places


def products(known: Known, names: Sequence[str]) -> list[np.ndarray]:
    """Of the logarithms of numbers, standardised, with each other, with themselves and with what has two codes."""
    firsts = [(known[name].dtype == float, columns_of(known[name], with_missing=False)) for name in names]
    lines = [(is_number, columns[0]) for is_number, columns in firsts if is_number and columns or len(columns) == 1]
    lines = [(is_number, (line - line.mean()) / (line.std() or 1.0)) for is_number, line in lines]
    squares = [line * line for is_number, line in lines if is_number]
    return squares + [one * other for (_, one), (_, other) in combinations(lines, 2)]


def columns_of(values: np.ndarray, with_missing: bool) -> list[np.ndarray]:
    """A category: each code of enough customers but the most frequent. A number: its logarithm and steps at tenths."""
    if values.dtype != float:
        codes, n = np.unique(values.astype(str), return_counts=True)
        others = codes[np.argsort(-n, kind="stable")][1:]
        return [values == code for code in others if np.mean(values == code) >= LEAST_SHARE]
    is_given = ~np.isnan(values)
    if not is_given.any():
        return []
    tenths = np.quantile(values[is_given], TENTHS, method="inverted_cdf")
    filled, edges = np.where(is_given, values, tenths[4]), np.unique(tenths)
    columns = [np.sign(filled) * np.log1p(np.abs(filled)), *steps(filled, edges[edges < filled.max()])]
    return [*columns, ~is_given] if with_missing and not is_given.all() else columns


def matrix(columns: Sequence[np.ndarray], n: int) -> np.ndarray:
    """(n, columns) of floats, without columns too."""
    return np.column_stack(columns).astype(float) if columns else np.zeros((n, 0))
