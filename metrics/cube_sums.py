"""The cells of a Question from the cubes in memory, the same numbers as its SQL on the facts gives."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from metrics.cells import EXACT, Sums, Table
from metrics.question import Question
from metrics.slices import Key, Slice, month_number
from metrics.stats.jackknife import GROUPS

if TYPE_CHECKING:
    import duckdb


def cube_parts(cursor: "duckdb.DuckDBPyConnection", asked: Question) -> list[Table]:
    """The cells of every part of the time line."""
    within = {asked.metric.within} & set(asked.cut)
    is_own = asked.metric.is_bucketed or asked.has_events
    cut = asked.cut if is_own else tuple(sorted({*asked.ground.segments, *within}))
    kept = asked.ground.kept.slice(cursor, asked.metric.name, cut)
    of_cell, keys = kept.cells.keys(asked.columns)
    rows = chosen_rows(asked, kept)
    atom = atom_of(asked, kept.month[rows])
    fine = fine_cells(kept, rows, atom)
    parts = added(asked, fine, of_cell, keys)
    if asked.metric.quantile is not None:
        add_bins(cursor, asked, parts)
    return parts


def chosen_rows(asked: Question, kept: Slice) -> np.ndarray:
    """Rows of the spans and of the reader's scope, in their order."""
    inside = np.zeros(len(kept.month), dtype=bool)
    for span in asked.spans:
        inside |= (kept.month >= month_number(span.start)) & (kept.month < month_number(span.end))
    if asked.scope:
        inside &= kept.cells.inside(asked.scope)[kept.cell]
    return np.flatnonzero(inside)


def atom_of(asked: Question, months: np.ndarray) -> np.ndarray:
    """The number of the part of the time line that a month lies in."""
    return np.searchsorted([month_number(day) for day in asked.atoms[1:-1]], months, side="right")


def fine_cells(kept: Slice, rows: np.ndarray, atom: np.ndarray) -> dict[str, np.ndarray]:
    """Rows of one bucket, cell and part of the time line put together; people at least those of the largest month."""
    bucket, cell = kept.bucket[rows], kept.cell[rows]
    changes = (np.diff(bucket) != 0) | (np.diff(cell) != 0) | (np.diff(atom) != 0)
    starts = np.flatnonzero(np.concatenate(([True], changes))) if len(rows) else np.array([], dtype=np.int64)
    if not len(starts):
        return {"atom": starts, "bucket": starts, "cell": starts, "numbers": np.zeros((6, 0))}
    numbers = np.vstack(
        [
            np.add.reduceat(kept.sums[:, rows], starts, axis=1),
            np.add.reduceat(kept.n[rows], starts),
            np.maximum.reduceat(kept.people[rows], starts),
            np.add.reduceat(kept.people[rows], starts),
        ]
    )
    return {"atom": atom[starts], "bucket": bucket[starts], "cell": cell[starts], "numbers": numbers}


def added(asked: Question, fine: dict[str, np.ndarray], of_cell: np.ndarray, keys: Sequence[Key]) -> list[Table]:
    """Fine cells added up to the codes asked for, and to groups of customers where these are needed."""
    parts: list[Table] = [{} for _ in asked.atoms]
    place = fine["atom"] * len(keys) + of_cell[fine["cell"]]
    size = len(asked.atoms) * len(keys)
    filled = np.flatnonzero(np.bincount(place, minlength=size))
    numbers = [np.bincount(place, weights=row, minlength=size)[filled] for row in fine["numbers"]]
    exact = [(row / EXACT).tolist() for row in numbers[:3]] + [row.astype(np.int64).tolist() for row in numbers[3:]]
    buckets = bucket_sums(place, fine, size)[filled] if asked.metric.is_bucketed else [None] * len(filled)
    for index, *values in zip(filled.tolist(), *exact, buckets, strict=True):
        atom, number = divmod(index, len(keys))
        parts[atom][keys[number]] = Sums(*values)
    return parts


def bucket_sums(place: np.ndarray, fine: dict[str, np.ndarray], size: int) -> np.ndarray:
    """Numerators and denominators of each group of customers at each place: (places, 2, groups)."""
    at = place * GROUPS + fine["bucket"]
    sums = [np.bincount(at, weights=row, minlength=size * GROUPS).reshape(size, GROUPS) for row in fine["numbers"][:2]]
    return np.stack(sums, axis=1) / EXACT


def add_bins(cursor: "duckdb.DuckDBPyConnection", asked: Question, parts: Sequence[Table]) -> None:
    """The histogram of each cell."""
    kept = asked.ground.kept.histogram(cursor, asked.metric.name, asked.cut)
    of_cell, keys = kept.cells.keys(asked.columns)
    inside = (kept.month >= month_number(asked.atoms[0])) & (kept.month < month_number(asked.atoms[-1]))
    if asked.scope:
        inside &= kept.cells.inside(asked.scope)[kept.cell]
    rows = np.flatnonzero(inside)
    if not len(rows):
        return
    atom, key, lowest = atom_of(asked, kept.month[rows]), of_cell[kept.cell[rows]], int(kept.bin.min())
    width = int(kept.bin.max()) - lowest + 1
    place = (atom * len(keys) + key) * width + kept.bin[rows] - lowest
    counts = np.bincount(place, weights=kept.n[rows])
    filled = np.flatnonzero(counts)
    numbers, rows_of = (filled % width + lowest).tolist(), counts[filled].astype(np.int64).tolist()
    ends = np.flatnonzero(np.diff(filled // width, append=-1)) + 1
    for start, end in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True):
        at, number = divmod(int(filled[start]) // width, len(keys))
        sums = parts[at].get(keys[number])
        if sums is not None:
            sums.bins = dict(zip(numbers[start:end], rows_of[start:end], strict=True))
