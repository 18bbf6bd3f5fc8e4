"""Cells of a table: what adds up, by the codes of some columns."""

from dataclasses import dataclass

import numpy as np

Key = tuple[str, ...]
Table = dict[Key, "Sums"]
NO_BUCKET = -1
EXACT = 10_000.0  # sums are whole numbers of 1/10,000, exact as doubles up to 9 x 10^11 whatever their order


@dataclass(slots=True)
class Sums:
    """What adds up, over rows. people are at least `low` and at most `high`.

    buckets: numerators and denominators (rows) of each group of customers; bins: histogram bin -> rows; both only
    where needed.
    """

    numerator: float = 0.0
    denominator: float = 0.0
    squares: float = 0.0
    n: int = 0
    low: int = 0
    high: int = 0
    buckets: np.ndarray | None = None
    bins: dict[int, int] | None = None

    def add(self, other: "Sums", are_others: bool) -> None:
        """Add rows; `are_others`: their people are certainly not among those counted already."""
        self.numerator += other.numerator
        self.denominator += other.denominator
        self.squares += other.squares
        self.n += other.n
        self.low = self.low + other.low if are_others else max(self.low, other.low)
        self.high += other.high
        if other.buckets is not None:
            self.buckets = other.buckets.copy() if self.buckets is None else self.buckets + other.buckets
        if other.bins:
            self.bins = known_bins = self.bins or {}
            for number, n in other.bins.items():
                known_bins[number] = known_bins.get(number, 0) + n
