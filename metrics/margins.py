"""A table of people by several columns, and what it adds up to by some of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

Key = tuple[str, ...]
Places = tuple[int, ...]
MAX_CELLS = 4000  # cells of a table, empty ones too; a larger one that must hide something is not shown at all


@dataclass(frozen=True, order=True)
class Size:
    """People of a cell, at least and at most; `n` rows say which cell is the smallest."""

    people: int
    most: int
    n: int


def with_empty(cells: Mapping[Key, Size], above: Mapping[int, Sequence[int]]) -> dict[Key, Size] | None:
    """The table with every empty cell that could hold somebody; None when that is too many."""
    families: list[set[int]] = []
    for place, over in above.items():
        joined = {place, *over}.union(*(f for f in families if f & {place, *over}))
        families = [f for f in families if not f & joined] + [joined]
    places = [sorted(family) for family in families]
    codes = [sorted({tuple(key[i] for i in family) for key in cells}) for family in places]
    if np.prod([float(len(found)) for found in codes]) > MAX_CELLS:
        return None
    nobody, full = Size(0, 0, 0), {}
    for combined in product(*codes):
        code = {
            i: c for family, found in zip(places, combined, strict=True) for i, c in zip(family, found, strict=True)
        }
        key = tuple(code[i] for i in sorted(code))
        full[key] = cells.get(key, nobody)
    return full


@dataclass(frozen=True)
class Numbers:
    """The cells of a table as arrays: the number of each column's code, people at least and at most, rows."""

    keys: Sequence[Key]
    codes: np.ndarray
    people: np.ndarray
    most: np.ndarray
    n: np.ndarray
    additive: Places

    @classmethod
    def of(cls, cells: Mapping[Key, Size], additive: Places) -> "Numbers":
        keys = sorted(cells)
        codes = [np.unique(column, return_inverse=True)[1] for column in zip(*keys, strict=True)]
        sizes = np.array([(cells[key].people, cells[key].most, cells[key].n) for key in keys], dtype=np.int64)
        return cls(keys, np.array(codes).reshape(len(codes), len(keys)), *sizes.T, additive)

    def margin(self, places: Places) -> dict[Key, Size]:
        """The table added up to some columns; people add up over segments, else the largest cell is certain."""
        first, group = self.grouped(places)
        one, apart = self.grouped(tuple(sorted({*places, *self.additive})))
        known = np.zeros(len(one), dtype=np.int64)
        np.maximum.at(known, apart, self.people)
        sums = zip(
            *(np.bincount(group[one], weights=known), np.bincount(group, weights=self.most)),
            np.bincount(group, weights=self.n),
            strict=True,
        )
        named = (tuple(self.keys[i][place] for place in places) for i in first.tolist())
        return {key: Size(*map(int, size)) for key, size in zip(named, sums, strict=True)}

    def grouped(self, places: Places) -> tuple[np.ndarray, np.ndarray]:
        """The first cell of each group of cells with the same codes in some columns, and each cell's group."""
        number = np.zeros(len(self.keys), dtype=np.int64)
        for place in places:
            number = number * (int(self.codes[place].max()) + 1) + self.codes[place]
        _, first, group = np.unique(number, return_index=True, return_inverse=True)
        return first, group
