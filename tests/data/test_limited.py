"""A child process may crash, loop, eat memory or be killed: this process only hears of it."""

import mmap
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from data import limited
from data.errors import Fault, IngestError, RefreshRefused
from data.limited import Limits, memory_there_is, run_limited, trust

ROOT = Path(__file__).resolve().parents[2]


def add(say, a, b):
    say(("part", a))
    say(("part", b))
    return a + b


def kill_itself(say, number):
    os.kill(os.getpid(), number)


def end(say, code):
    os._exit(code)


def refuse(say):
    raise IngestError(
        [Fault("orders.csv", "rule", "wrong", "Correct it", 7, "price"), Fault("x.csv", "r", "bad", "Fix")]
    )


def divide(say):
    return 1 / 0


def eat(say):
    return len(bytearray(4 << 30))


def reserve(say, is_trusted):
    """Addresses, not memory: no page of it is touched."""
    if is_trusted:
        trust()
    try:
        return len(mmap.mmap(-1, 3 << 30))
    except OSError:
        raise MemoryError from None


def loop(say):
    while True:
        pass


def private_file(say, path):
    Path(path).write_text("x")
    return Path(path).stat().st_mode & 0o777


def test_result_and_messages_come_back():
    heard = []
    assert run_limited(add, (2, 3), heard.append) == 5
    assert heard == [("part", 2), ("part", 3)]


def test_a_data_error_comes_back_whole():
    with pytest.raises(IngestError) as caught:
        run_limited(refuse, ())
    assert [str(fault) for fault in caught.value.faults] == ["orders.csv:7:price: wrong. Correct it", "x.csv: bad. Fix"]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGTERM])
def test_a_crash_of_the_parser_is_a_refusal(number):
    with pytest.raises(RefreshRefused, match=f"ended by {number.name}"):
        run_limited(kill_itself, (number,))


def test_an_exit_without_a_word_is_a_refusal():
    with pytest.raises(RefreshRefused, match="stopped with code 3"):
        run_limited(end, (3,))


def test_an_error_of_the_program_is_a_refusal_with_its_traceback_printed(capsys):
    with pytest.raises(RefreshRefused, match="ZeroDivisionError"):
        run_limited(divide, ())
    assert "return 1 / 0" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="address space is limited on Linux only")
def test_memory_is_limited():
    with pytest.raises(RefreshRefused, match=r"more than 2\.1 GB of memory"):
        run_limited(eat, (), limits=Limits(memory=2 << 30))


@pytest.mark.skipif(sys.platform != "linux", reason="address space is limited on Linux only")
def test_after_reading_more_addresses_may_be_reserved():
    limits = Limits(memory=2 << 30, reserved=8 << 30)
    with pytest.raises(RefreshRefused, match=r"more than 2\.1 GB of memory"):
        run_limited(reserve, (False,), limits=limits)
    assert run_limited(reserve, (True,), limits=limits) == 3 << 30


def test_computing_time_is_limited():
    with pytest.raises(RefreshRefused, match="computing time"):
        run_limited(loop, (), limits=Limits(seconds=2))


def test_what_a_child_writes_is_private(tmp_path):
    assert run_limited(private_file, (str(tmp_path / "x"),)) == 0o600


PARENT = """
import os, sys
sys.path[:0] = [{root!r}, {root!r} + "/tests/data"]
from data.limited import run_limited
from test_limited import loop_and_tell
run_limited(loop_and_tell, (sys.argv[1],))
"""


def loop_and_tell(say, path):
    Path(path).write_text(str(os.getpid()))
    while True:
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_child_dies_with_a_killed_parent(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(
        "if __name__ == '__main__':\n" + "\n".join(f"    {x}" for x in PARENT.format(root=str(ROOT)).splitlines())
    )
    parent = subprocess.Popen([sys.executable, str(script), str(tmp_path / "pid")], cwd=ROOT)
    deadline = time.monotonic() + 30
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    child = int((tmp_path / "pid").read_text())
    assert is_alive(child)
    parent.kill()
    parent.wait()
    while is_alive(child):
        assert time.monotonic() < deadline, "the child lives on"
        time.sleep(0.02)


@pytest.mark.parametrize(("said", "found"), [("1073741824\n", 1 << 30), ("max\n", None), (None, None)])
def test_a_container_s_limit_is_the_memory_there_is(tmp_path, monkeypatch, said, found):
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    monkeypatch.setattr(limited, "CONTAINER", tmp_path / "memory.max")
    if said:
        (tmp_path / "memory.max").write_text(said)
    assert memory_there_is() == (found or machine)
