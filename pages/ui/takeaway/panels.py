"""What a figure shows, as an office program can draw it natively: series, axes, words. No plotly, no office here."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

Number = float | None


@dataclass(frozen=True)
class Series:
    """Marks of one kind. `low`, `high`: lengths of the intervals; `along`: the axis that values and intervals lie on.

    colours: one a mark, as in the figure; size 0: no marks; width 0: no line. labels: what each mark is about.
    """

    x: tuple[Number, ...]
    y: tuple[Number, ...]
    colours: tuple[str, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    along: str = "x"
    symbol: str = "circle"
    size: float = 0.0
    width: float = 0.0
    dash: str = ""
    opacity: float = 1.0
    labels: tuple[str, ...] = ()
    name: str = ""
    unit: str | None = None

    @property
    def is_bar(self) -> bool:
        return self.symbol == "bar"

    @property
    def is_unseen(self) -> bool:
        """What bars that hang between two levels stand on."""
        return not any(self.colours)

    @property
    def is_data(self) -> bool:
        """Not a straight line that only guides the eye, nor an unseen bar."""
        return not self.is_unseen and (bool(self.size) or self.is_bar or len(self.x) > 2)

    @property
    def is_told(self) -> bool:
        """What a legend names: not the edges of an interval."""
        return self.is_data and bool(self.name) and (bool(self.size) or self.width >= 1 or self.is_bar)

    def padded(self, length: int) -> "Series":
        """With empty places at its end."""
        gap = length - len(self.x)
        ends = {"low": (*self.low, *[0.0] * gap), "high": (*self.high, *[0.0] * gap)} if self.low else {}
        labels = {"labels": (*self.labels, *[""] * gap)} if self.labels else {}
        return replace(self, x=(*self.x, *[None] * gap), y=(*self.y, *[None] * gap), **ends, **labels)

    @property
    def values(self) -> tuple[Number, ...]:
        return self.y if self.along == "y" else self.x


@dataclass(frozen=True)
class Axis:
    """`step` 0: the program's own. names: what stands at which value, where it is not the value itself."""

    low: float = 0.0
    high: float = 1.0
    step: float = 0.0
    tick: str = ""
    is_seen: bool = True
    is_date: bool = False
    title: str = ""
    names: tuple[tuple[float, str], ...] = ()

    @property
    def is_written(self) -> bool:
        """Whether the program writes the numbers itself; dates and names stand there as words."""
        return self.is_seen and not self.is_date and not self.names

    def part(self, value: float) -> float:
        """Where a value stands, from 0 to 1."""
        return (value - self.low) / ((self.high - self.low) or 1.0)


@dataclass(frozen=True)
class Words:
    """Lines of text, each piece with whether it is bold; x and y from 0 to 1 inside the plot, y from the top.

    is_head: they begin a row, at the left edge of the figure.
    """

    lines: tuple[tuple[tuple[str, bool], ...], ...]
    x: float
    y: float
    anchor: str = "center"
    upright: str = "middle"
    colour: str = ""
    is_head: bool = False

    @property
    def head(self) -> str:
        """What is bold in it: the name of a row."""
        return " ".join(text for line in self.lines for text, is_bold in line if is_bold).strip()

    @property
    def rest(self) -> str:
        return " ".join(text.strip() for line in self.lines for text, is_bold in line if not is_bold)


@dataclass(frozen=True)
class Field:
    """Of a grid: what stands there; `shade` from 0 to 1, None for a field that is not shaded."""

    text: str
    shade: float | None = None


@dataclass(frozen=True)
class Panel:
    """`kind`: rows (bars under each other), columns, points (marks and lines in two dimensions) or grid (fields).

    domain: part of the width that the plot takes. height: of the figure on screen, in pixels. is_overlaid: bars of a
    category lie on each other. is_list: its rows have their words beside them.
    """

    kind: str
    series: tuple[Series, ...] = ()
    categories: tuple[str, ...] = ()
    x: Axis = field(default_factory=Axis)
    y: Axis = field(default_factory=Axis)
    words: tuple[Words, ...] = ()
    domain: tuple[float, float] = (0.0, 1.0)
    height: float = 400.0
    is_stacked: bool = False
    is_overlaid: bool = False
    is_list: bool = False
    columns: tuple[str, ...] = ()
    fields: tuple[tuple[Field, ...], ...] = ()

    @property
    def legend(self) -> tuple[str, ...]:
        """Names of its series, where there are several."""
        names = tuple(dict.fromkeys(s.name for s in self.series if s.is_told))
        return names if len(names) > 1 else ()


def head_above(y: float, heads: Sequence[Words]) -> Words | None:
    """The words that begin the row in which a mark stands; y from the top of the plot."""
    return max((w for w in heads if w.y <= y + 1e-9), key=lambda w: w.y, default=None)
