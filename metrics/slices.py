"""The cubes in memory, a metric at a time: numbers as numpy arrays, added up without asking the database again.

A query on a cube of a few ten thousand rows costs more to plan than to run, and a page asks dozens of them. So one
slice (a metric, cut by some segments) is read once, kept while there is room, and every period, filter and cut of it is
added up here. The sums of a question are kept as well: another filter over the same columns finds them ready.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from metrics.cells import EXACT, Key, Table
from metrics.selection import Period

if TYPE_CHECKING:
    import duckdb

CUBE = "cube_metric_month"
HISTOGRAM = "cube_histogram_month"
CELLS = "cube_cell"
COUNTS = 400  # answers about exact people that are kept
SUMS = 16_000  # cells of added-up tables that are kept, of about one kilobyte each
ROOM = 64 * 1024 * 1024  # bytes of slices that are kept for one snapshot
ADDED = ("numerator", "denominator", "squares")


@dataclass(frozen=True)
class Cells:
    """The cells of a cut: `codes` of each, by number; the columns are those of the cut, sorted."""

    columns: Key
    codes: tuple[Key, ...]
    known: dict[Key, tuple[np.ndarray, list[Key]]] = field(default_factory=dict, compare=False, repr=False)

    def keys(self, columns: Key) -> tuple[np.ndarray, list[Key]]:
        """For each cell the number of its codes in some of the columns, and these codes by that number."""
        if columns not in self.known:
            self.known[columns] = self.numbered(columns)
        return self.known[columns]

    def numbered(self, columns: Key) -> tuple[np.ndarray, list[Key]]:
        places = [self.columns.index(column) for column in columns]
        numbers: dict[Key, int] = {}
        of_cell = [numbers.setdefault(tuple(codes[i] for i in places), len(numbers)) for codes in self.codes]
        return np.array(of_cell, dtype=np.int64), list(numbers)

    def inside(self, choice: tuple[tuple[str, tuple[str, ...]], ...]) -> np.ndarray:
        """For each cell, whether its codes are among those chosen of every column."""
        limits = [(self.columns.index(column), set(codes)) for column, codes in choice]
        return np.array([all(codes[i] in allowed for i, allowed in limits) for codes in self.codes], dtype=bool)


@dataclass(frozen=True)
class Slice:
    """Rows of a metric and a cut, sorted by bucket, cell and month (months since year 0)."""

    cells: Cells
    month: np.ndarray
    cell: np.ndarray
    bucket: np.ndarray
    sums: np.ndarray
    n: np.ndarray
    people: np.ndarray

    @property
    def size(self) -> int:
        return sum(a.nbytes for a in (self.month, self.cell, self.bucket, self.sums, self.n, self.people))


@dataclass(frozen=True)
class Histogram:
    """Rows of a quantile metric and a cut: how many lie in each bin."""

    cells: Cells
    month: np.ndarray
    cell: np.ndarray
    bin: np.ndarray
    n: np.ndarray

    @property
    def size(self) -> int:
        return sum(a.nbytes for a in (self.month, self.cell, self.bin, self.n))


@dataclass
class Kept:
    """What was read of one snapshot, the last used last; the oldest give way when there is no room."""

    found: OrderedDict[tuple, "Slice | Histogram"] = field(default_factory=OrderedDict)
    cells: dict[Key, Cells] = field(default_factory=dict)
    people: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    sums: OrderedDict[Hashable, tuple[Mapping[Period, Table], Any]] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def slice(self, cursor: "duckdb.DuckDBPyConnection", metric: str, cut: Key) -> Slice:
        return self.read(cursor, (CUBE, metric, cut), read_slice)

    def histogram(self, cursor: "duckdb.DuckDBPyConnection", metric: str, cut: Key) -> Histogram:
        return self.read(cursor, (HISTOGRAM, metric, cut), read_histogram)

    def read(self, cursor: "duckdb.DuckDBPyConnection", name: tuple, reader: Callable[..., Any]) -> Any:
        with self.lock:
            known = self.found.get(name)
            if known is not None:
                self.found.move_to_end(name)
                return known
        cells = self.cells_of(cursor, name[2])
        fresh = reader(cursor, name[1], name[2], cells)
        with self.lock:
            self.found[name] = fresh
            while len(self.found) > 1 and sum(kept.size for kept in self.found.values()) > ROOM:
                self.found.popitem(last=False)
        return fresh

    def counted(self, name: Hashable, count: Callable[[], Any]) -> Any:
        """What was counted under this name before, or is counted now."""
        with self.lock:
            if name in self.people:
                self.people.move_to_end(name)
                return self.people[name]
        fresh = count()
        with self.lock:
            self.people[name] = fresh
            while len(self.people) > COUNTS:
                self.people.popitem(last=False)
        return fresh

    def summed(self, name: Hashable, add: Callable[[], tuple[Mapping[Period, Table], Any]]) -> Any:
        """The added-up tables of this name and what was found out about them, from before or from now."""
        with self.lock:
            if name in self.sums:
                self.sums.move_to_end(name)
                return self.sums[name]
        fresh = add()
        with self.lock:
            self.sums[name] = fresh
            room = SUMS - sum(len(table) for tables, _ in self.sums.values() for table in tables.values())
            while room < 0 and len(self.sums) > 1:
                _, (tables, _) = self.sums.popitem(last=False)
                room += sum(len(table) for table in tables.values())
        return fresh

    def cells_of(self, cursor: "duckdb.DuckDBPyConnection", cut: Key) -> Cells:
        if cut not in self.cells:
            listed = f"select codes from {CELLS} where cut = ? order by cell"  # noqa: S608 a constant
            rows = cursor.execute(listed, [",".join(cut)]).fetchall()
            self.cells[cut] = Cells(cut, tuple(tuple(codes) for (codes,) in rows))
        return self.cells[cut]


def read_slice(cursor: "duckdb.DuckDBPyConnection", metric: str, cut: Key, cells: Cells) -> Slice:
    sums = ", ".join(f"cast({name} * {EXACT:.0f} as double) as {name}" for name in ADDED)
    found = cursor.execute(
        f"select month_number, cell, bucket, {sums}, n, people from {CUBE} where metric = ? and cut = ?",  # noqa: S608
        [metric, ",".join(cut)],
    ).fetchnumpy()
    columns = {name: plain(array) for name, array in found.items()}
    order = np.lexsort((columns["month_number"], columns["cell"], columns["bucket"]))
    return Slice(
        cells,
        columns["month_number"][order].astype(np.int32),
        columns["cell"][order].astype(np.int32),
        columns["bucket"][order].astype(np.int8),
        np.stack([columns[name][order] for name in ADDED]),
        columns["n"][order].astype(np.int64),
        columns["people"][order].astype(np.int64),
    )


def read_histogram(cursor: "duckdb.DuckDBPyConnection", metric: str, cut: Key, cells: Cells) -> Histogram:
    found = cursor.execute(
        f"select month_number, cell, bin, n from {HISTOGRAM} where metric = ? and cut = ?",  # noqa: S608 a constant
        [metric, ",".join(cut)],
    ).fetchnumpy()
    month, cell, bins, n = (plain(found[name]) for name in ("month_number", "cell", "bin", "n"))
    return Histogram(cells, month.astype(np.int32), cell.astype(np.int32), bins.astype(np.int32), n.astype(np.int64))


def plain(array: np.ndarray) -> np.ndarray:
    """The values themselves: nothing in a cube is null."""
    return np.ma.getdata(array)


def month_number(day: date) -> int:
    """Months since year 0 of a day's month."""
    return day.year * 12 + day.month - 1
