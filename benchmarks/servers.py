"""Starting a page's server on loopback, and what it costs: seconds of CPU and memory of the process."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import psutil

ROOT = Path(__file__).resolve().parents[1]
QUIET, IDLE = 20.0, 0.2  # seconds, and seconds of CPU in them
PROCESS_CLOCK = 2  # what clock_getcpuclockid(3) makes of a process's number: its complement, shifted, and this


@dataclass(frozen=True)
class Server:
    """A running server; `started` is the moment its process was asked for (time.perf_counter)."""

    name: str
    url: str
    process: psutil.Process
    started: float

    def cpu_seconds(self) -> float:
        """Of the process with its threads, to the nanosecond; psutil's figure counts hundredths of a second."""
        return time.clock_gettime(~self.process.pid << 3 | PROCESS_CLOCK)

    def rest(self) -> None:
        """Wait until it has been idle for longer than it waits itself before it asks ahead (dashboard.CALM)."""
        used = float("-inf")
        while self.cpu_seconds() - used > IDLE:
            used = self.cpu_seconds()
            time.sleep(QUIET)

    def memory_mb(self) -> float:
        return self.process.memory_info().rss / 1e6


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_answers(url: str, process: subprocess.Popen, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server of {url} stopped with {process.returncode}")
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - a loopback address made here
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"{url} did not answer in {seconds} s")


@contextmanager
def running(name: str, words: list[str], port: int, environment: dict[str, str]) -> Iterator[Server]:
    """The server while the block lasts. `words` follow the Python interpreter."""
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - words are written in benchmarks only
        [sys.executable, *words],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_answers(url, process)
        yield Server(name, url, psutil.Process(process.pid), started)
    finally:
        process.terminate()
        process.wait(timeout=20)


def streamlit(name: str, script: str, environment: dict[str, str] | None = None):
    port = free_port()
    words = ["-m", "streamlit", "run", script, "--server.port", str(port), "--server.address", "127.0.0.1"]
    return running(name, [*words, "--server.headless", "true"], port, environment or {})


def dash(name: str = "dash"):
    port = free_port()
    return running(name, ["-m", "benchmarks.apps.in_dash", str(port)], port, {})
