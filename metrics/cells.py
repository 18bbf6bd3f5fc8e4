"""Cells of a table: what adds up, by the codes of some columns."""

from dataclasses import dataclass

Key = tuple[str, ...]
Table = dict[Key, "Sums"]
NOTHING = (0.0, 0.0)
NO_BUCKET = -1


@dataclass(slots=True)
class Sums:
    """What adds up, over rows. people are at least `low` and at most `high`.

    buckets: group of customers -> its numerator and denominator; bins: histogram bin -> rows; both only where needed.
    """

    numerator: float = 0.0
    denominator: float = 0.0
    squares: float = 0.0
    n: int = 0
    low: int = 0
    high: int = 0
    buckets: dict[int, tuple[float, float]] | None = None
    bins: dict[int, int] | None = None

    def add(self, other: "Sums", are_others: bool) -> None:
        """Add rows; `are_others`: their people are certainly not among those counted already."""
        self.numerator += other.numerator
        self.denominator += other.denominator
        self.squares += other.squares
        self.n += other.n
        self.low = self.low + other.low if are_others else max(self.low, other.low)
        self.high += other.high
        if other.buckets:
            self.buckets = known = self.buckets or {}
            for bucket, (numerator, denominator) in other.buckets.items():
                before = known.get(bucket, NOTHING)
                known[bucket] = (before[0] + numerator, before[1] + denominator)
        if other.bins:
            self.bins = known_bins = self.bins or {}
            for number, n in other.bins.items():
                known_bins[number] = known_bins.get(number, 0) + n
