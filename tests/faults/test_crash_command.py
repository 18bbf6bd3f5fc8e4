"""The real command, interrupted, starved or killed: exit code not 0, the old snapshot served, nothing left behind."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from data.manifest import STAGING, kept_ids
from data.refresh import PUBLISHED, REFUSED
from data.store import open_snapshot
from tests.data.tiny_company import TinyCompany

ROOT = Path(__file__).resolve().parents[2]
CUSTOMERS = 400


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> TinyCompany:
    """A company with one snapshot of 400 customers, and files that now say something else."""
    company = TinyCompany(tmp_path_factory.mktemp("company"), CUSTOMERS)
    assert started(company).wait() == PUBLISHED
    for line in company.rows["order_lines"]:
        line["net_amount"] = "99.00"
    company.write()
    return company


@pytest.fixture
def company(published, tmp_path) -> TinyCompany:
    """The same with a snapshots folder of its own."""
    shutil.copytree(published.snapshots, tmp_path / "snapshots")
    copy = object.__new__(TinyCompany)
    copy.__dict__ = vars(published) | {"snapshots": tmp_path / "snapshots"}
    return copy


def started(company: TinyCompany, **options) -> subprocess.Popen:
    command = [sys.executable, "-m", "data.refresh", *company.arguments()]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **options,
    )


def children(pid: int) -> list[int]:
    """Processes of a refresh that fill a database: those that hold a file of staging open."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            parent = int(next(line for line in status.read_text().splitlines() if line.startswith("PPid")).split()[1])
        except (OSError, StopIteration):
            continue
        if parent == pid and "resource_tracker" not in (status.parent / "cmdline").read_text():
            found.append(int(status.parent.name))
    return found


def is_being_filled(snapshots: Path) -> bool:
    try:
        return any((snapshots / STAGING).glob("*/data.duckdb"))
    except FileNotFoundError:  # the refresh empties staging by replacing it
        return False


def building(company: TinyCompany, process: subprocess.Popen) -> int:
    """Wait until the database is being filled; the process that does it."""
    deadline = time.monotonic() + 60
    while not is_being_filled(company.snapshots):
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline
        time.sleep(0.005)
    (child,) = children(process.pid)
    return child


def amount(company: TinyCompany) -> float:
    cursor = open_snapshot(company.snapshots).cursor()
    amounts = cursor.execute("select distinct cast(net_amount as double) from fct_order").fetchall()
    assert len(amounts) == 1
    return amounts[0][0]


def assert_old_stays_and_next_works(company: TinyCompany, is_clean: bool = True) -> None:
    assert amount(company) == 12.5
    if is_clean:
        assert not list((company.snapshots / STAGING).iterdir())
    assert started(company).wait() == PUBLISHED
    assert amount(company) == 99.0
    assert not list((company.snapshots / STAGING).iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_interrupted_refresh_cleans_up_and_says_what_is_served(company, number):
    process = started(company)
    child = building(company, process)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == REFUSED
    assert "Interrupted." in errors
    assert f"Served still: {kept_ids(company.snapshots)[0]}" in errors
    assert "Traceback" not in errors
    assert not Path(f"/proc/{child}").exists()
    assert_old_stays_and_next_works(company)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_crash_of_the_process_that_reads_is_a_refusal(company, number):
    process = started(company)
    os.kill(building(company, process), number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == REFUSED
    assert f"was ended by {number.name}" in errors
    assert_old_stays_and_next_works(company)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_killed_command_takes_its_child_with_it_and_the_next_cleans_up(company):
    process = started(company)
    child = building(company, process)
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 30
    while Path(f"/proc/{child}").exists() and "State:\tZ" not in Path(f"/proc/{child}/status").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert_old_stays_and_next_works(company, is_clean=False)


@pytest.fixture
def small_disk(company, tmp_path):
    """The snapshots on a disk of a few megabytes, or with few inodes left; skipped where mounting is not allowed."""
    mounted = []

    def mount(options: str) -> None:
        place = tmp_path / "disk"
        place.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"{options},mode=0700", "tmpfs", str(place)]
        if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode != 0:
            pytest.skip("this user may not mount a small disk")
        mounted.append(place)
        shutil.copytree(company.snapshots, place / "snapshots")
        company.snapshots = place / "snapshots"

    yield mount
    for place in mounted:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_too_small_a_disk_is_refused_before_reading(company, small_disk):
    small_disk(f"size={size_of(company.snapshots) + (4 << 20)}")
    process = started(company)
    assert "MB are free, a refresh needs about" in process.communicate()[1]
    assert process.returncode == REFUSED
    assert amount(company) == 12.5


def test_a_disk_that_fills_up_while_building_leaves_the_old_snapshot(company, small_disk):
    """Another program takes the space once building has begun."""
    small_disk(f"size={size_of(company.snapshots) + (90 << 20)}")
    process = started(company)
    building(company, process)
    hog = company.snapshots.parent / "hog"
    free = shutil.disk_usage(company.snapshots).free
    with hog.open("wb") as handle:
        os.posix_fallocate(handle.fileno(), 0, max(1, free - (1 << 20)))
    _, errors = process.communicate(timeout=60)
    assert process.returncode == REFUSED, errors
    assert amount(company) == 12.5
    hog.unlink()
    assert_old_stays_and_next_works(company)


def test_a_disk_without_inodes_leaves_the_old_snapshot(company, small_disk):
    small_disk("size=300m,nr_inodes=9")
    process = started(company)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == REFUSED, errors
    assert "Nothing was published. Served still" in errors
    assert amount(company) == 12.5
