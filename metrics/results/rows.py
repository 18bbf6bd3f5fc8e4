"""Rows of results out of the database as arrays, and into their tables.

Many go in one statement: one by one they took longer than computing them.
"""

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import duckdb

AT_ONCE = 500


def insert(connection: "duckdb.DuckDBPyConnection", table: str, rows: Iterable[tuple]) -> None:
    """Add the rows, in their order; `table` is a name of this package."""
    waiting = iter(rows)
    while some := list(islice(waiting, AT_ONCE)):
        row = f"({', '.join('?' * len(some[0]))})"
        connection.execute(
            f"insert into {table} values {', '.join([row] * len(some))}",  # noqa: S608 names of this package
            [value for values in some for value in values],
        )


def unmasked(column: np.ndarray) -> np.ndarray:
    """A column of fetchnumpy as a plain array: NaN for null in numbers; other columns have no null."""
    return np.ma.filled(column, np.nan) if column.dtype == float else np.ma.getdata(column)
