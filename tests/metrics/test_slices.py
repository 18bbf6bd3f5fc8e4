"""What is kept of a snapshot in memory: the same numbers as without, ready for the next filter, within its room."""

from dataclasses import replace

import pytest

from data.store import open_snapshot
from metrics import slices
from metrics.definitions import catalogue_of
from metrics.query import measure
from metrics.selection import Period, Selection

YEAR = Selection(Period.of_months("2025-11", "2026-10"), "year_before")


@pytest.fixture(scope="module")
def cursor(sample_snapshots):
    return open_snapshot(sample_snapshots).cursor()


def chosen(*codes: str) -> Selection:
    return replace(YEAR, where=(("region", codes),))


@pytest.mark.parametrize("metric", ["nps", "revenue", "aht_median", "silent_revenue", "promise_kept"])
def test_another_filter_over_the_same_columns_asks_the_snapshot_nothing(cursor, metric):
    """And answers as if nothing had been kept."""
    warm = catalogue_of(cursor)
    measure(cursor, warm, metric, chosen("north"))
    for selection in (chosen("south"), chosen("east", "west")):
        kept = measure(None, warm, metric, selection)
        assert kept == measure(cursor, catalogue_of(cursor), metric, selection)


def test_what_is_answered_does_not_change_what_is_kept(cursor):
    catalogue = catalogue_of(cursor)
    first = measure(cursor, catalogue, "revenue", chosen("north", "south"))
    measure(cursor, catalogue, "revenue", chosen("south", "west"))
    assert measure(cursor, catalogue, "revenue", chosen("north", "south")) == first


def test_tables_give_way_when_there_is_no_room(cursor, monkeypatch):
    monkeypatch.setattr(slices, "SUMS", 200)
    catalogue = catalogue_of(cursor)
    for first in ("2025-02", "2025-03", "2025-04", "2025-05"):
        every = replace(chosen("north"), period=Period.of_months(first, "2026-10"))
        measure(cursor, catalogue, "nps", every, every="month")
    kept = catalogue.ground.kept.sums.values()
    assert 0 < sum(len(table) for tables, _ in kept for table in tables.values()) <= 200
