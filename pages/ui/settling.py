"""Collects garbage a moment after a run, for all runs of that moment at once.

Streamlit would collect after every run (runner.postScriptGC, off in .streamlit/config.toml), and most of that time goes
by long-lived objects: the catalogue, the libraries, the figures kept for the next reader (PERFORMANCE.md). Once a
collection costs too much, all that is alive then is set aside; what dies later is freed as ever, but for cycles, which
the next such moment finds.
"""

import gc
import time
from threading import Lock, Timer

SLOW = 0.008  # seconds of CPU of a full collection
CALM = 1.0  # seconds after a run, so that nobody waits for it
BETWEEN = 10.0  # seconds at least from one setting aside to the next: it collects what was set aside before, too
_coming = Lock()  # held while a collection is due
_aside = float("-inf")  # when everything was set aside last


def settle() -> None:
    """Called as each run of a page begins, whatever becomes of it; what its parts leave is Python's own collector's."""
    if _coming.acquire(blocking=False):
        later = Timer(CALM, collect)
        later.daemon = True
        later.start()


def collect() -> None:
    _coming.release()
    began = time.thread_time()
    gc.collect()
    if time.thread_time() - began >= SLOW and time.monotonic() - _aside >= BETWEEN:
        set_aside()


def set_aside() -> None:
    global _aside
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    _aside = time.monotonic()
