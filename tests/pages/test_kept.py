"""Values kept in memory: once a key whoever asks, never a failure, never more than the room."""

import threading
from dataclasses import replace

import pytest

from metrics.query import measure
from metrics.selection import Selection
from pages.ui import store
from pages.ui.access import reader
from pages.ui.kept import Kept


def test_readers_who_ask_at_the_same_moment_share_one_computation():
    kept, computed, together = Kept(10), [], threading.Barrier(8)

    def ask():
        together.wait()
        kept.get(lambda: computed.append(1) or "value", "key", ("north",))

    readers = [threading.Thread(target=ask) for _ in range(8)]
    for one in readers:
        one.start()
    for one in readers:
        one.join()
    assert computed == [1]
    assert kept.get(lambda: "another", "key", ("north",)) == "value"


def test_another_key_is_another_value():
    kept = Kept(10)
    assert [kept.get(lambda n=n: n, "snapshot", n) for n in (1, 2, 1)] == [1, 2, 1]


def test_a_failure_is_not_kept():
    kept = Kept(10)
    with pytest.raises(ZeroDivisionError):
        kept.get(lambda: 1 / 0, "key")
    assert kept.get(lambda: 1, "key") == 1


def test_the_value_unused_for_longest_gives_way():
    kept = Kept(2)
    for key in "ab", "c", "ab", "d":
        kept.get(lambda: "first", key)
    assert kept.get(lambda: "again", "ab") == "first"
    assert kept.get(lambda: "again", "c") == "again"


def test_the_first_filters_find_their_sums_ready(sample_snapshots, monkeypatch):
    """No code of a segment column asks the snapshot anything for a tile or its trend."""
    monkeypatch.setenv("OUTSIDE_IN_SNAPSHOTS", str(sample_snapshots))
    found = store.snapshot_for(None)
    store.warm_filters(found, ["nps", "revenue"])
    catalogue, offered = store.catalogue_in(found.id), store.choices(found.id, reader(), (), store.kept())
    for column, codes in offered.columns.items():
        chosen = Selection(offered.default_period(), "year_before", ((column, tuple(codes[-1:])),))
        for metric in ("nps", "revenue"):
            assert measure(None, catalogue, metric, chosen)
            assert measure(None, catalogue, metric, replace(chosen, versus="none"), (), "month")
