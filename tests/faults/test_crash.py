"""Whatever ends a refresh, readers get the old snapshot or the new one, never a mix, and the next refresh works."""

import random
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import data.snapshot
from data.errors import SnapshotMissing
from data.manifest import DATA, MANIFEST, STAGING, kept_ids, read_pointer, verified
from data.store import open_snapshot
from tests.data.small import published, words_in

SCRIPT = Path(__file__).with_name("one_refresh.py")
STEPS = [*re.findall(r"^    ([a-z_]+)  +", data.snapshot.__doc__, re.MULTILINE), "end"]
OLD, NEW, NEXT = "alpha", "beta", "gamma"
SEED = 20261123


def started(directory: Path, word: str, *options: str) -> subprocess.Popen:
    command = [sys.executable, str(SCRIPT), str(directory), word, *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def told(directory: Path, word: str, *options: str) -> tuple[int, str]:
    """Exit code of one refresh (negative when a signal ended it) and what it printed."""
    process = started(directory, word, *options)
    printed, errors = process.communicate(timeout=120)
    assert "Traceback" not in errors, errors
    return process.returncode, printed


def refreshed(directory: Path, word: str, *options: str) -> int:
    return told(directory, word, *options)[0]


def served(directory: Path) -> str:
    """The one word that a reader finds, after checking that every snapshot there is whole."""
    for name in kept_ids(directory):
        verified(directory / name)
        assert {p.name for p in (directory / name).iterdir()} == {DATA, MANIFEST}
    (word,) = words_in(open_snapshot(directory))
    return word


def assert_next_refresh_works(directory: Path) -> None:
    assert refreshed(directory, NEXT, "--days", "2") == 0
    assert served(directory) == NEXT
    assert not list((directory / STAGING).iterdir())
    assert len(kept_ids(directory)) <= 2


@pytest.mark.parametrize("step", STEPS)
def test_killed_before_a_step_the_old_or_the_new_is_served(tmp_path, step):
    published(tmp_path, OLD)
    assert refreshed(tmp_path, NEW, "--kill-before", step) == -signal.SIGKILL
    assert served(tmp_path) == (NEW if step in ("prune", "end") else OLD)
    assert_next_refresh_works(tmp_path)


@pytest.mark.parametrize("step", STEPS)
def test_the_very_first_refresh_killed_before_a_step_leaves_none_or_a_whole_one(tmp_path, step):
    assert refreshed(tmp_path / "new", OLD, "--kill-before", step) == -signal.SIGKILL
    if step in ("pointer", "prune", "end"):
        assert served(tmp_path / "new") == OLD
    else:
        with pytest.raises(SnapshotMissing):
            open_snapshot(tmp_path / "new")
    assert refreshed(tmp_path / "new", OLD) == 0
    assert served(tmp_path / "new") == OLD


@pytest.fixture(scope="module")
def duration(tmp_path_factory) -> float:
    """Seconds that one refresh takes here, start of Python included."""
    folder = tmp_path_factory.mktemp("duration")
    began = time.monotonic()
    assert refreshed(folder, OLD, "--rows", "300000") == 0
    return time.monotonic() - began


def killed_at(directory: Path, seconds: float, number: int) -> None:
    published(directory, OLD)
    process = started(directory, NEW, "--rows", "300000")
    time.sleep(seconds)
    process.send_signal(number)
    process.communicate(timeout=120)
    assert served(directory) in (OLD, NEW)
    assert_next_refresh_works(directory)


@pytest.mark.parametrize("point", [*range(6), *(pytest.param(n, marks=pytest.mark.soak) for n in range(6, 120))])
def test_killed_at_a_random_moment_the_old_or_the_new_is_served(tmp_path, duration, point):
    killed_at(tmp_path, duration * random.Random(SEED + point).uniform(0.05, 1.05), signal.SIGKILL)


FIRST_CALLS, EVERY_CALL = (1, 2, 4, 8, 16, 32, 64), range(1, 200)


@pytest.mark.parametrize("numbers", [FIRST_CALLS, pytest.param(EVERY_CALL, marks=pytest.mark.soak)], ids=["few", "all"])
@pytest.mark.parametrize("call", ["fsync", "replace", "rename", "write", "open", "mkdir"])
def test_a_disk_call_that_fails_leaves_the_old_or_the_new(tmp_path, call, numbers):
    """The n-th call of each kind fails, for each of the numbers until none is left to fail."""
    for number in numbers:
        directory = tmp_path / str(number)
        published(directory, OLD)
        code, printed = told(directory, NEW, "--fail", call, str(number))
        if "injected" not in printed:
            break
        assert served(directory) in ((NEW,) if code == 0 else (OLD, NEW)), (call, number)
        assert_next_refresh_works(directory)
    assert number > 1, f"os.{call} was never called: nothing was tested"


def test_the_lock_of_a_killed_holder_stops_nobody(tmp_path):
    published(tmp_path / "s", OLD)
    holder = started(tmp_path / "s", NEW, "--pause", "inputs", str(tmp_path / "there"))
    while not (tmp_path / "there").exists():
        time.sleep(0.02)
    assert refreshed(tmp_path / "s", NEXT) == 1
    holder.kill()
    holder.communicate()
    assert refreshed(tmp_path / "s", NEXT) == 0
    assert served(tmp_path / "s") == NEXT


def test_readers_during_refreshes_get_one_generation_each_time(tmp_path):
    """Eight readers read without pause while six refreshes publish and prune: no error, never two words at once."""
    published(tmp_path, OLD)
    stop, seen, errors = threading.Event(), set(), []

    def read() -> None:
        while not stop.is_set():
            try:
                seen.add(frozenset(words_in(open_snapshot(tmp_path))))
            except Exception as error:  # noqa: BLE001 the test reports whatever a reader meets
                errors.append(error)

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    for day in range(1, 7):
        assert refreshed(tmp_path, f"word{day}", "--days", str(day)) == 0
    time.sleep(0.2)
    stop.set()
    for reader in readers:
        reader.join()
    assert not errors
    assert all(len(words) == 1 for words in seen)
    assert {frozenset({OLD}), frozenset({"word6"})} <= seen


def test_of_six_refreshes_at_the_same_time_one_publishes_and_the_others_say_so(tmp_path):
    published(tmp_path, OLD)
    running = [started(tmp_path, f"word{n}", "--rows", "300000") for n in range(6)]
    codes = []
    for process in running:
        _, errors = process.communicate(timeout=120)
        codes.append(process.returncode)
        assert process.returncode == 0 or "another refresh is running" in errors
    assert 0 in codes
    assert served(tmp_path).startswith("word")


def test_a_folder_that_cannot_be_written_is_refused_and_still_served(tmp_path):
    (name,) = published(tmp_path / "s", OLD)
    folders = [tmp_path / "s" / name, tmp_path / "s"]
    for path in (*(tmp_path / "s" / name).iterdir(), tmp_path / "s" / "current", tmp_path / "s" / "lock"):
        path.chmod(0o444)
    for folder in folders:
        folder.chmod(0o555)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_mode & 0o077 == 0:
            folder.chmod(0o711)  # so that nobody gets as far as the snapshots
    try:
        process = started(tmp_path / "s", NEW, "--as-nobody")
        assert "Permission denied" in process.communicate()[1]
        assert process.returncode == 1
        assert told(tmp_path / "s", NEW, "--as-nobody", "--read-only") == (0, f"{OLD}\n")
    finally:
        for folder in folders:
            folder.chmod(0o700)


def test_after_every_crash_the_pointer_names_a_kept_snapshot(tmp_path):
    published(tmp_path, OLD)
    for step in STEPS:
        refreshed(tmp_path, f"word-{step}", "--kill-before", step, "--days", "3")
        assert read_pointer(tmp_path) in kept_ids(tmp_path)
