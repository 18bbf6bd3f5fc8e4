"""What people write is there whole or not at all, nobody overwrites anybody unseen, and nothing is forgotten."""

import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

import pytest

from data.errors import StoreFault
from data.written.store import FILE, Conflict, Save, entries, folder_for, opened, save, trail

SCRIPT = Path(__file__).with_name("one_save.py")
STEPS = ("begin", "entry", "trail", "commit", "end")
NOON = datetime(2026, 11, 27, 12)


def write(folder: Path, title: str, seen: int = 0, number: str = "W-1", who: str = "ada") -> None:
    save(folder, "action", [Save(number, {"title": title}, seen)], who, NOON)


def titles(folder: Path) -> dict[str, str]:
    return {written.id: written.content["title"] for written in entries(folder, "action")}


def process(folder: Path, *words: str) -> int:
    return subprocess.run(
        [sys.executable, str(SCRIPT), str(folder), *words], capture_output=True, timeout=60
    ).returncode


def test_looking_makes_nothing(tmp_path):
    assert entries(tmp_path / "none", "action") == ()
    assert trail(tmp_path / "none", "action", "W-1") == ()
    assert not (tmp_path / "none").exists()


def test_every_change_stands_in_the_trail_with_who_when_before_and_after(tmp_path):
    write(tmp_path, "first")
    write(tmp_path, "second", seen=1, who="grace")
    (written,) = entries(tmp_path, "action")
    assert (written.version, written.content, written.saved_by, written.saved_at) == (
        2,
        {"title": "second"},
        "grace",
        NOON,
    )
    second, first = trail(tmp_path, "action", "W-1")
    assert (second.who, second.before, second.after) == ("grace", {"title": "first"}, {"title": "second"})
    assert (first.who, first.before, first.version) == ("ada", None, 1)


def test_saving_what_stands_there_changes_nothing(tmp_path):
    write(tmp_path, "same")
    write(tmp_path, "same", seen=1)
    assert [written.version for written in entries(tmp_path, "action")] == [1]
    assert len(trail(tmp_path, "action", "W-1")) == 1


@pytest.mark.parametrize("seen", [0, 1, 3])
def test_the_second_of_two_is_told_what_the_first_saved(tmp_path, seen):
    write(tmp_path, "first")
    write(tmp_path, "second", seen=1, who="grace")
    with pytest.raises(Conflict, match="grace") as told:
        write(tmp_path, "third", seen=seen)
    assert told.value.theirs.content == {"title": "second"}
    assert titles(tmp_path) == {"W-1": "second"}


def test_of_many_at_once_exactly_one_wins_each_version(tmp_path):
    write(tmp_path, "start")
    lost, ready = [], threading.Barrier(6)

    def compete(name: str) -> None:
        ready.wait()
        try:
            write(tmp_path, name, seen=1)
        except Conflict:
            lost.append(name)

    threads = [threading.Thread(target=compete, args=(f"t{i}",)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(lost) == 5
    assert len(trail(tmp_path, "action", "W-1")) == 2


def test_several_are_saved_together_or_not_at_all(tmp_path):
    write(tmp_path, "old")
    with pytest.raises(Conflict):
        save(tmp_path, "action", [Save("W-2", {"title": "new"}), Save("W-1", {"title": "late"}, 0)], "ada", NOON)
    assert titles(tmp_path) == {"W-1": "old"}


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_moment_the_old_or_the_new_stands_there_whole(tmp_path, step):
    assert process(tmp_path, "0", "old") == 0
    assert process(tmp_path, "1", "new", step) == -signal.SIGKILL
    expected = "new" if step == "end" else "old"
    assert titles(tmp_path) == {"W-1": expected, "W-2": expected}
    assert [change.after["title"] for change in trail(tmp_path, "action", "W-2")][0] == expected
    assert process(tmp_path, "2" if step == "end" else "1", "next") == 0
    assert titles(tmp_path) == {"W-1": "next", "W-2": "next"}


def test_the_trail_cannot_be_changed_or_shortened_and_nothing_is_deleted(tmp_path):
    write(tmp_path, "kept")
    with opened(tmp_path) as connection:
        for statement in ("delete from trail", "update trail set who = 'x'", "delete from entry"):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(statement)


def test_it_is_for_its_owner_and_lies_beside_the_snapshots(tmp_path, monkeypatch):
    monkeypatch.delenv("OUTSIDE_IN_WRITTEN", raising=False)
    folder = folder_for(tmp_path / "snapshots")
    assert folder == tmp_path / "written_store"
    write(folder, "mine")
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    monkeypatch.setenv("OUTSIDE_IN_WRITTEN", str(tmp_path / "elsewhere"))
    assert folder_for(tmp_path / "snapshots") == tmp_path / "elsewhere"


def test_a_damaged_or_locked_file_is_told_with_what_to_do(tmp_path):
    tmp_path.joinpath(FILE).write_bytes(b"this is no database, whatever its name says" * 100)
    for ask in (
        lambda: entries(tmp_path, "action"),
        lambda: trail(tmp_path, "action", "W-1"),
        lambda: write(tmp_path, "x"),
    ):
        with pytest.raises(StoreFault, match="Put back a copy"):
            ask()


def test_a_store_cut_off_while_it_was_made_counts_as_empty(tmp_path):
    tmp_path.joinpath(FILE).touch()
    assert entries(tmp_path, "action") == ()
    write(tmp_path, "first")
    assert titles(tmp_path) == {"W-1": "first"}
