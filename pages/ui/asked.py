"""What a page asks of its snapshot while it is drawn, so that the same can be asked of another one.

Nothing is noted unless somebody listens: an ordinary run pays for one look at a variable.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from metrics.selection import Selection
from metrics.since import Asked


@dataclass
class Questions:
    """Measurements, in the order of the page, and what was computed: a function of metrics/ with its arguments."""

    measured: dict[Asked, None] = field(default_factory=dict)
    computed: dict[tuple[Callable, tuple], None] = field(default_factory=dict)


_heard: ContextVar[Questions | None] = ContextVar("questions", default=None)


@contextmanager
def listening() -> Iterator[Questions]:
    """Everything that is asked inside."""
    questions = Questions()
    token = _heard.set(questions)
    try:
        yield questions
    finally:
        _heard.reset(token)


def note_measured(metric: str, selection: Selection, by: tuple[str, ...], every: str | None) -> None:
    """A number, or one for each group; the steps of a line are left out."""
    questions = _heard.get()
    if questions is not None and every is None:
        questions.measured[Asked(metric, selection, by)] = None


def note_computed(function: Callable, arguments: tuple[Any, ...]) -> None:
    questions = _heard.get()
    if questions is not None:
        questions.computed[function, arguments] = None
