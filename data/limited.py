"""A function run in a process of its own, with limits: whatever happens to it, this process goes on.

The parsers of exports meet files that nobody has seen before. A crash, an endless loop or a bomb ends the child only.
"""

import multiprocessing
import os
import resource
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from data.errors import DataError, Fault, RefreshRefused

PRIVATE = 0o077  # umask: nobody but the owner
CONTAINER = Path("/sys/fs/cgroup/memory.max")  # "max" where a container has no limit of its own


def memory_there_is() -> int:
    """Bytes of the machine, or of the container that this runs in; 0 where neither is known."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 0
    try:
        return min(machine, int(CONTAINER.read_text()))
    except (OSError, ValueError):
        return machine


MACHINE = memory_there_is()


@dataclass(frozen=True)
class Limits:
    """`memory`: bytes of address space (enforced on Linux only). `seconds`: of computing, over all threads.

    As much memory as the machine has while files are read, that nobody has seen before; `reserved` bytes from `trust`
    on: the engine keeps to its own limit but reserves several times the addresses that it uses.
    """

    memory: int = max(8 << 30, MACHINE)
    reserved: int = max(32 << 30, 4 * MACHINE)
    seconds: int = 6 * 3600


def run_limited(
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
    told: Callable[[Any], None] = lambda message: None,
    limits: Limits = Limits(),  # noqa: B008 frozen
) -> Any:
    """Result of `function(say, *arguments)` in a new process; what it passes to `say` reaches `told` here.

    Function, arguments, messages and result must be picklable. A DataError passes through as it is; any other end
    (a crash, a limit, an error of the program) becomes RefreshRefused. The child dies with this process.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    lifeline, hold = context.Pipe(duplex=False)
    child = context.Process(target=work, args=(there, lifeline, limits, function, arguments))
    try:
        child.start()
        there.close()
        lifeline.close()
        return received(here, child, told)
    finally:
        hold.close()
        if child.pid is not None:
            child.kill()
            child.join()
        here.close()


def received(here: Connection, child: Any, told: Callable[[Any], None]) -> Any:
    """The child's result, or its error raised here."""
    while True:
        try:
            kind, content = here.recv()
        except EOFError:
            child.join()
            raise RefreshRefused(
                Fault("refresh", "child_ended", ended(child.exitcode), remedy(child.exitcode))
            ) from None
        if kind == "told":
            told(content)
        elif kind == "done":
            return content
        elif kind == "failed":
            raise content
        else:
            found, lines = content
            print(lines, file=sys.stderr)
            fix = "It is a fault of the program: report it with the lines above"
            raise RefreshRefused(Fault("refresh", "program_error", found, fix))


def ended(code: int) -> str:
    if code >= 0:
        return f"the process that reads the exports stopped with code {code}"
    return f"the process that reads the exports was ended by {signal.Signals(-code).name}"


def remedy(code: int) -> str:
    if code == -signal.SIGXCPU:
        return "It used more computing time than a refresh may"
    return "Look for a damaged or oversized export, or too little memory; the old snapshot stays"


def work(there: Connection, lifeline: Connection, limits: Limits, function: Callable, arguments: tuple) -> None:
    """Body of the child."""
    restrict(limits)
    threading.Thread(target=die_with_parent, args=(lifeline,), daemon=True).start()
    try:
        there.send(("done", function(lambda message: there.send(("told", message)), *arguments)))
    except DataError as error:
        there.send(("failed", error))
    except MemoryError:
        found = f"reading the exports needs more than {limits.memory / 1e9:.1f} GB of memory"
        there.send(("failed", RefreshRefused(Fault("refresh", "memory", found, remedy(0)))))
    except Exception as error:  # noqa: BLE001 the boundary of the process: it is reported whole, on the other side
        found = f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else 'no message'}"
        there.send(("broken", (found, traceback.format_exc())))
    there.close()


def restrict(limits: Limits) -> None:
    """Limits of this process: memory, computing time, no core dump (it would hold customers), private files."""
    os.umask(PRIVATE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which ends this process
    at_most(resource.RLIMIT_CORE, 0)
    at_most(resource.RLIMIT_CPU, limits.seconds, grace=5)
    if sys.platform == "linux":
        at_most(resource.RLIMIT_AS, limits.memory, grace=max(0, limits.reserved - limits.memory))


def trust() -> None:
    """The files are read: from here on this process may reserve as many addresses as its limits say."""
    if sys.platform == "linux":
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def at_most(kind: int, value: int, grace: int = 0) -> None:
    """Lower a limit of this process; one that is lower already stays. After `grace` more there is no reprieve."""
    soft, hard = resource.getrlimit(kind)
    hard = value + grace if hard == resource.RLIM_INFINITY else min(hard, value + grace)
    resource.setrlimit(kind, (min(value, hard if soft == resource.RLIM_INFINITY else soft), hard))


def die_with_parent(lifeline: Connection) -> None:
    """Wait until the parent is gone, however it went, and go too."""
    try:
        lifeline.recv()
    except (EOFError, OSError):
        os._exit(1)
