"""Rows of results out of the database as arrays, and into their tables."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import duckdb


def insert(connection: "duckdb.DuckDBPyConnection", table: str, rows: Iterable[tuple]) -> None:
    """Add the rows, in their order; `table` is a name of this package. Column by column: by rows takes ten times as
    long."""
    columns = [[plain(value) for value in column] for column in zip(*rows, strict=True)]
    if columns:
        taken = ", ".join(["unnest(?)"] * len(columns))
        connection.execute(f"insert into {table} select {taken}", columns)  # noqa: S608 names of this package


def plain(value: object) -> object:
    return value.item() if isinstance(value, np.generic) else value


def unmasked(column: np.ndarray) -> np.ndarray:
    """A column of fetchnumpy as a plain array: NaN for null in numbers; other columns have no null."""
    return np.ma.filled(column, np.nan) if column.dtype == float else np.ma.getdata(column)
