"""The months simulated. The data always ends with 31 October 2026, so that planted dates stay where they are."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

DATA_END = np.datetime64("2026-11-01")  # first day without data
LONGEST = 120  # months
BUYING = (1.25, 0.85, 0.90, 0.90, 0.95, 1.00, 1.20, 0.80, 0.95, 1.00, 1.15, 1.50)  # January to December
WAITING = (1.5, 1.1, 0.9, 0.9, 0.9, 0.9, 1.2, 1.0, 0.9, 0.9, 1.1, 1.4)
COOLING = (0.6, 0.6, 0.7, 0.9, 1.2, 1.8, 2.2, 1.9, 1.0, 0.7, 0.6, 0.6)


@dataclass(frozen=True)
class Month:
    """One simulated month. `progress` runs from 0 at the first of 36 months to 1 at the last, below 0 before."""

    index: int
    first: np.datetime64
    end: np.datetime64
    number: int  # 1 = January
    progress: float

    @property
    def n_days(self) -> int:
        return int((self.end - self.first).astype(int))

    @property
    def is_sales(self) -> bool:
        return self.number in (1, 7)

    def season(self, by_month: tuple[float, ...]) -> float:
        return by_month[self.number - 1]


@dataclass(frozen=True)
class Calendar:
    months: int

    @property
    def start(self) -> np.datetime64:
        """First day of the data."""
        return (DATA_END.astype("datetime64[M]") - self.months).astype("datetime64[D]")

    def __iter__(self) -> Iterator[Month]:
        first_month = self.start.astype("datetime64[M]")
        for index in range(self.months):
            month = first_month + index
            bounds = month.astype("datetime64[D]"), (month + 1).astype("datetime64[D]")
            yield Month(index, *bounds, month.astype(int) % 12 + 1, 1 - (self.months - 1 - index) / 35)

    def month_of(self, days: np.ndarray) -> np.ndarray:
        """Position of the month of each day; may lie outside the data. Days must be given."""
        return (days.astype("datetime64[M]") - self.start.astype("datetime64[M]")).astype(int)
