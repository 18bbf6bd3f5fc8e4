"""Values kept in memory by key, each computed once however many readers ask for it at the same moment.

Keys are compared as they are. Streamlit's own cache digests every argument and looks at the function's signature at
every call, which took half of a rerun's time for the two hundred values of a page.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache
from threading import Lock
from typing import Any

from pages.ui.turns import TURNS


class Slot:
    """Room for one value."""

    __slots__ = ("is_filled", "lock", "value")

    def __init__(self) -> None:
        self.lock, self.is_filled, self.value = Lock(), False, None

    def filled(self, compute: Callable[[], Any]) -> Any:
        """The value; computed by the first who asks while the others wait, again after a failure."""
        if not self.is_filled:
            TURNS.leave()
            with self.lock:
                if not self.is_filled:
                    self.value, self.is_filled = compute(), True
        return self.value


class Kept:
    """At most so many values; the one unused for longest gives way. What is kept is the value itself, not a copy."""

    def __init__(self, most: int) -> None:
        self.slot = lru_cache(maxsize=most)(lambda *key: Slot())

    def get(self, compute: Callable[[], Any], *key: Hashable) -> Any:
        """What is kept under the key, or what `compute` returns now."""
        return self.slot(*key).filled(compute)
