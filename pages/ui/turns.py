"""Runs take turns, in the order in which they came, until one has to compute.

Python runs one thread at a time whatever we do. Without turns it changes between all runs that wait, and each of them
takes as long as all together: twenty-five readers waited four times as long (docs/scale.md). A run that finds a value
which is not kept yet leaves its turn for good: while the engine computes, others run. Whoever has waited too long runs
without a turn, so that one run that stands still stops nobody.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, local

PATIENCE = 2.0  # seconds


class Turns:
    """One holder at a time; who waits longest is next."""

    def __init__(self) -> None:
        self.guard, self.waiting, self.is_taken, self.mine = Lock(), deque[Lock](), False, local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for its turn; ends it, if it was not left before. Inside a turn it is that one."""
        if self.is_held():
            yield
            return
        self.take()
        try:
            yield
        finally:
            self.leave()

    def is_held(self) -> bool:
        """Whether this thread has its turn."""
        return getattr(self.mine, "turn", False)

    def take(self) -> None:
        gate = Lock()
        with self.guard:
            if self.is_taken:
                gate.acquire()
                self.waiting.append(gate)
            self.is_taken = True
        self.mine.turn = gate.acquire(timeout=PATIENCE) or not self.gave_up(gate)

    def gave_up(self, gate: Lock) -> bool:
        """False when the turn came in that very moment."""
        with self.guard:
            if gate in self.waiting:
                self.waiting.remove(gate)
                return True
            return False

    def leave(self) -> None:
        """Lets the next go on; does nothing in a thread that has no turn."""
        if not self.is_held():
            return
        self.mine.turn = False
        with self.guard:
            self.is_taken = bool(self.waiting)
            if self.waiting:
                self.waiting.popleft().release()


TURNS = Turns()
