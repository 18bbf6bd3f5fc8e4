"""What can go wrong in metrics/, as a tree.

MetricError
├── CatalogueError     a file of metrics/catalogue, or the compiled catalogue of a snapshot, cannot be used
├── UnknownName        no metric or column of that name; the text gives the nearest
├── OutsideScope       the question goes beyond what this reader may see; nothing was computed
└── NotMeasurable      the question has no answer (a period without days, a metric that this snapshot lacks)
"""

import difflib
from collections.abc import Iterable


class MetricError(Exception):
    """The text says what was asked, what is possible, and what to do."""


class CatalogueError(MetricError):
    """A definition is not right."""


class UnknownName(MetricError):
    """A metric or column that does not exist."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.6)
        hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(names) or 'none'}"
        super().__init__(f"no {what} named {name!r}. {hint}")


class OutsideScope(MetricError):
    """Rows were asked for that this reader may not see."""


class NotMeasurable(MetricError):
    """A question that has no answer here."""
