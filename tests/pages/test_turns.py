"""Turns: one run at a time, the longest waiting first, until it has to compute."""

import threading
import time

import pytest

from pages.ui import turns
from pages.ui.kept import Kept
from pages.ui.turns import Turns


def waiting_for(found: Turns, acts: list, count: int) -> list[threading.Thread]:
    """Threads that came one after the other while the turn was taken."""
    threads = []
    for number in range(count):

        def run(number=number) -> None:
            with found.turn():
                acts.append(number)
                time.sleep(0.001)
                acts.append(number)

        threads.append(threading.Thread(target=run))
        threads[-1].start()
        while len(found.waiting) <= number:
            time.sleep(0.001)
    return threads


def test_one_runs_at_a_time_in_the_order_in_which_they_came():
    found, acts = Turns(), []
    with found.turn():
        threads = waiting_for(found, acts, 5)
        assert acts == []
    for thread in threads:
        thread.join(5)
    assert acts == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert not found.is_taken


def test_a_turn_that_is_left_is_over_and_leaving_again_takes_nobody_elses():
    found, acts = Turns(), []
    with found.turn():
        (thread,) = waiting_for(found, acts, 1)
        found.leave()
        thread.join(5)
        assert acts == [0, 0]
        with found.turn():
            pass
        found.leave()
    assert not found.is_taken


def test_a_turn_inside_a_turn_is_the_same_turn():
    found, acts = Turns(), []
    with found.turn():
        (thread,) = waiting_for(found, acts, 1)
        with found.turn():
            assert acts == []
        assert acts == [], "the inner one ends nothing"
    thread.join(5)
    assert acts == [0, 0]
    assert not found.is_taken


def test_a_run_that_stands_still_stops_nobody(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.02)
    found, acts = Turns(), []
    with found.turn():
        for thread in waiting_for(found, acts, 1):
            thread.join(5)
        assert acts == [0, 0]
        assert found.is_taken, "the turn is still that of the run that stands still"
        assert not found.waiting
    assert not found.is_taken


def test_a_failure_ends_the_turn():
    found = Turns()
    with pytest.raises(ZeroDivisionError), found.turn():
        raise ZeroDivisionError
    assert not found.is_taken


def test_who_computes_leaves_the_turn_and_who_finds_it_kept_does_not(monkeypatch):
    found, kept = Turns(), Kept(10)
    monkeypatch.setattr("pages.ui.kept.TURNS", found)
    with found.turn():
        assert kept.get(lambda: found.is_taken, "key") is False
    with found.turn():
        kept.get(lambda: None, "key")
        assert found.is_taken
    assert turns.TURNS.is_taken is False
