"""From positions and numbers to the plain files that the company's systems would export."""

from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv


class CsvFolder:
    """One CSV a table in `folder`; every part of the world is added to the same files."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._writers: dict[str, tuple[pa_csv.CSVWriter, pa.OSFile]] = {}
        self.rows: dict[str, int] = {}  # written so far, by table

    def add(self, name: str, table: pa.Table) -> None:
        if name not in self._writers:
            options = pa_csv.WriteOptions(include_header=False)
            path = self.folder / f"{name}.csv"
            path.write_text(",".join(table.column_names) + "\n", encoding="utf-8")
            sink = pa.OSFile(str(path), "ab")
            self._writers[name] = pa_csv.CSVWriter(sink, table.schema, write_options=options), sink
        self._writers[name][0].write_table(table)
        self.rows[name] = self.rows.get(name, 0) + len(table)

    def close(self) -> None:
        for writer, sink in self._writers.values():
            writer.close()
            sink.close()


def numbered(prefix: str, numbers: np.ndarray, width: int) -> pa.Array:
    """Identifiers such as C0000042; none where the number is below 0."""
    numbers = np.asarray(numbers, dtype=np.int64)
    digits = pc.utf8_lpad(pc.cast(pa.array(numbers, mask=numbers < 0), pa.string()), width, "0")
    return pc.binary_join_element_wise(pa.scalar(prefix), digits, "")


def coded(codes: tuple[str, ...], positions: np.ndarray) -> pa.Array:
    """Codes at these positions; none where the position is below 0."""
    positions = np.asarray(positions, dtype=np.int64)
    return pa.array(codes, pa.string()).take(pa.array(positions, mask=positions < 0))


def moment(values: np.ndarray) -> pa.Array:
    return pa.array(np.asarray(values).astype("datetime64[s]"))


def day(values: np.ndarray) -> pa.Array:
    return pa.array(np.asarray(values).astype("datetime64[D]"))


def whole(values: np.ndarray) -> pa.Array:
    """Whole numbers; none where below 0."""
    values = np.asarray(values, dtype=np.int64)
    return pa.array(values, mask=values < 0)


def money(values: np.ndarray) -> pa.Array:
    """Amounts with two decimals, exact: 249.90; none where there is none."""
    values = np.asarray(values, dtype=float)
    cents = pa.array(np.round(np.nan_to_num(values) * 100).astype(np.int64), mask=np.isnan(values))
    return pc.multiply(pc.cast(cents, pa.decimal128(19, 0)), pa.scalar(Decimal("0.01")))


def flag(values: np.ndarray, known: np.ndarray | None = None) -> pa.Array:
    return pa.array(np.asarray(values, dtype=bool), mask=None if known is None else ~np.asarray(known, dtype=bool))
