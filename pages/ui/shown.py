"""What a page has drawn in a run, kept for whoever takes it away: its finding, its charts in their order."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from data.written.notes import Note
from pages.ui.address import View
from pages.ui.export import Table


@dataclass(frozen=True)
class Drawn:
    """A chart as it stands on the page: plotly figure, text alternative, its data when asked, what is said below it.

    heading: what it is called where it stands alone, of one whose text alternative would begin with its rows.

    Without a figure a table.
    """

    name: str
    figure: Any
    alt: str
    table: Callable[[], Table]
    note: str = ""
    heading: str = ""

    @property
    def spec(self) -> dict[str, Any]:
        """The figure as plotly reads it."""
        return self.figure.to_dict() if self.figure is not None else {}


@dataclass
class Shown:
    """`charts` by name: one drawn again by a fragment takes the place of its former self.

    `explained`: metrics that the page offers to explain. `notes`: with their numbers, as they stood when the first
    chart of the run asked; None until then.
    """

    view: View
    finding: str = ""
    charts: dict[str, Drawn] = field(default_factory=dict)
    explained: tuple[str, ...] = ()
    notes: tuple[tuple[int, Note], ...] | None = None
