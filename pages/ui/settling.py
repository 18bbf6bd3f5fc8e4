"""Takes what earlier runs left for good out of the garbage collector's sight.

After every run Streamlit collects all garbage, and most of its time goes by long-lived objects: the catalogue, the
libraries, the figures kept for the next reader (PERFORMANCE.md). Once a full collection costs too much, all that is
alive then is set aside; what dies later is freed as ever, but for cycles, which the next such moment finds.
"""

import gc
import time
from collections.abc import Mapping
from threading import Timer

SLOW = 0.008  # seconds of CPU of a full collection
RUNS_BETWEEN = 3  # runs at least from one such moment to the next
CALM = 1.0  # seconds after a run, so that nobody waits for it
_runs, _began, _cost = 0, 0.0, SLOW


def settle() -> None:
    """Called after each run."""
    global _runs
    _runs += 1
    if timed not in gc.callbacks:
        gc.callbacks.append(timed)
    if _runs >= RUNS_BETWEEN and _cost >= SLOW:
        _runs = 0
        later = Timer(CALM, set_aside)
        later.daemon = True
        later.start()


def set_aside() -> None:
    global _cost
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    _cost = 0.0


def timed(phase: str, info: Mapping[str, int]) -> None:
    """What the last full collection cost, called by the collector."""
    global _began, _cost
    if info["generation"] == 2:
        now = time.thread_time()
        _began, _cost = (now, _cost) if phase == "start" else (_began, now - _began)
