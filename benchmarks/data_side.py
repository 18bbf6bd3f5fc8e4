"""Milliseconds of the queries behind a page's opening state, on one snapshot."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from data.store import open_snapshot
from metrics.definitions import catalogue_of
from metrics.query import measure
from metrics.selection import Period, Selection


def median_ms(act: Callable[[], object], runs: int = 7) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        act()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def opening_queries(snapshots: Path, metrics: list[str], period: Period, by: str) -> dict[str, float]:
    """Median milliseconds by question: each metric as a tile, its twelve-month trend, and cut by one segment column."""
    snapshot = open_snapshot(snapshots)
    cursor = snapshot.cursor()
    catalogue = catalogue_of(cursor)
    chosen = Selection(period, versus="year_before")
    figures = {}
    for name in metrics:
        figures[f"{name}, tile"] = median_ms(lambda m=name: measure(cursor, catalogue, m, chosen))
        figures[f"{name}, trend"] = median_ms(lambda m=name: measure(cursor, catalogue, m, chosen, every="month"))
        figures[f"{name}, by {by}"] = median_ms(lambda m=name: measure(cursor, catalogue, m, chosen, by=(by,)))
    return figures
