"""Rows found by Python readers, kept as texts in a scratch Parquet file that the engine reads back."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data.readers.files import new_path
from data.readers.scan import Lines
from data.sql import literal

BATCH = 20_000


def stored(rows: Iterator[tuple[int, list[str | None]]], width: int, scratch: Path) -> tuple[str, Lines]:
    """SQL of a relation c0, c1, ... in the order of the rows, and the line of each. Empty texts are missing."""
    path = new_path(scratch, "rows")
    schema = pa.schema([(f"c{i}", pa.string()) for i in range(width)])
    lines = Lines()
    with pq.ParquetWriter(path, schema) as writer:
        while batch := list(islice(rows, BATCH)):
            lines.add(np.array([line for line, _ in batch], np.int64))
            columns = zip(*(values for _, values in batch), strict=True)
            arrays = [pa.array([value or None for value in column], pa.string()) for column in columns]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
    return f"read_parquet({literal(str(path))})", lines
