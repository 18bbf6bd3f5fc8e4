"""Keeping a snapshot for a meeting: it outlives refreshes until its day, within a limit, whatever happens meanwhile."""

from datetime import date, timedelta
from pathlib import Path

import pytest

import data.snapshot
from data.errors import SnapshotMissing, TooManyPins
from data.manifest import PINNED, kept_ids
from data.pins import FOR_EVER, is_spared, pin, pinned_until, pins, unpin
from data.snapshot import publish
from tests.data.small import published, work

TODAY = date(2026, 11, 2)
LATER = TODAY + timedelta(days=30)


def after_refreshes(folder: Path, words: str = "beta gamma delta", first_day: int = 1) -> list[str]:
    """Ids still kept after as many refreshes, each a day later, that keep one snapshot."""
    for day, word in enumerate(words.split(), first_day):
        publish(folder, work(word, day, keep=1))
    return kept_ids(folder)


def test_a_snapshot_kept_for_a_meeting_is_there_after_three_refreshes(tmp_path):
    (kept,) = published(tmp_path, "alpha")
    pin(tmp_path, kept, TODAY, LATER, most=3)
    assert kept in after_refreshes(tmp_path)
    assert pins(tmp_path) == {kept: LATER}


def test_without_it_the_snapshot_goes_and_after_its_day_it_goes_too(tmp_path):
    (first,) = published(tmp_path, "alpha")
    pin(tmp_path, first, TODAY, TODAY + timedelta(days=2), most=3)
    assert first in after_refreshes(tmp_path, "beta gamma")
    assert first not in after_refreshes(tmp_path, "delta", first_day=3)


def test_letting_go_makes_it_one_of_the_others_again(tmp_path):
    (first,) = published(tmp_path, "alpha")
    pin(tmp_path, first, TODAY, LATER, most=3)
    unpin(tmp_path, first)
    unpin(tmp_path, first)
    assert pins(tmp_path) == {}
    assert first not in after_refreshes(tmp_path)


def test_the_limit_counts_others_and_those_whose_day_has_not_passed(tmp_path):
    first, second, third = published(tmp_path, "alpha", "beta", "gamma")
    pin(tmp_path, first, TODAY, TODAY, most=1)
    pin(tmp_path, first, TODAY, LATER, most=1)
    with pytest.raises(TooManyPins, match="limit is 1"):
        pin(tmp_path, second, TODAY, LATER, most=1)
    pin(tmp_path, second, LATER + timedelta(days=1), date(2027, 6, 1), most=1)
    assert set(pins(tmp_path)) == {first, second}
    assert not is_spared(tmp_path / third, TODAY)


def test_what_is_not_there_cannot_be_kept(tmp_path):
    published(tmp_path, "alpha")
    for name in ("2026-11-02-00000000", "../alpha", "staging"):
        with pytest.raises(SnapshotMissing):
            pin(tmp_path, name, TODAY, LATER, most=3)


def test_a_file_put_there_by_hand_holds_for_ever(tmp_path):
    (name,) = published(tmp_path, "alpha")
    for content in (b"", b"board meeting", b"\xff\xfe", b'{"until": 3}', b"[]"):
        (tmp_path / name / PINNED).write_bytes(content)
        assert pinned_until(tmp_path / name) == FOR_EVER


def test_a_snapshot_kept_while_it_is_being_pruned_comes_back(tmp_path, monkeypatch):
    (first,) = published(tmp_path, "alpha")
    real = data.snapshot.is_spared

    def late(folder, today):
        """The reader's click falls between the look and the move."""
        found = real(folder, today)
        if folder.parent == tmp_path and folder.name == first and not found:
            pin(tmp_path, first, TODAY, LATER, most=3)
        return found

    monkeypatch.setattr(data.snapshot, "is_spared", late)
    publish(tmp_path, work("beta", 1, keep=1))
    assert first in kept_ids(tmp_path)


def test_a_pin_that_was_not_written_to_its_end_leaves_no_pin(tmp_path, monkeypatch):
    (name,) = published(tmp_path, "alpha")

    def fails(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("data.durable.os.replace", fails)
    with pytest.raises(OSError, match="No space"):
        pin(tmp_path, name, TODAY, LATER, most=3)
    assert pins(tmp_path) == {}
