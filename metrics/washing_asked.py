"""What the tests of the customer-washing check are made of: asking, and intervals of the worst of many."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.findings import Hole
from metrics.query import Measurement, measure
from metrics.selection import Period, Selection
from metrics.stats.intervals import Estimate
from metrics.stats.multiple import widened
from metrics.washing import CLEAR, FEW, SOME, STRONG, Trial, judged

if TYPE_CHECKING:
    import duckdb

    from data.settings import Washing


@dataclass(frozen=True)
class Numbers:
    """A number yet to be judged. about: what its sentence names besides. period: None for that of the selection."""

    found: Estimate
    n: int
    about: dict[str, Hole] = field(default_factory=dict)
    period: Period | None = None


@dataclass(frozen=True)
class Ask:
    """What the tests are asked about. column: how customers were won."""

    cursor: "duckdb.DuckDBPyConnection"
    catalogue: Catalogue
    selection: Selection
    limits: "Washing"
    column: str

    def measured(
        self, metric: str, by: Sequence[str] = (), every: str | None = None, period: Period | None = None
    ) -> tuple[Measurement, ...]:
        """() for a metric that the snapshot was built without."""
        if metric not in self.catalogue.metrics:
            return ()
        asked = replace(self.selection, versus="none", period=period or self.selection.period)
        return measure(self.cursor, self.catalogue, metric, asked, by, every)

    def read(self, function: Callable) -> object:
        """What a reader of results says of the selection."""
        return function(self.cursor, self.catalogue, self.selection)


def made(ask: Ask, name: str, verdict: str, told: Numbers) -> Trial:
    limits, found = getattr(ask.limits, name), told.found
    ends, period = (found.value, found.low, found.high), told.period or ask.selection.period
    return Trial(name, limits.some, limits.strong, verdict, *ends, told.n, tuple(told.about.items()), period=period)


def whole_of(metric: str, is_turned: bool = False) -> Callable[[Ask], Numbers | str]:
    """A share of the catalogue as it is, or (`is_turned`) one less it."""

    def number(ask: Ask) -> Numbers | str:
        told = [m for m in ask.measured(metric) if m.value is not None and m.low is not None]
        if not told:
            return FEW
        m = told[0]
        found = Estimate(1 - m.value, 1 - m.high, 1 - m.low) if is_turned else Estimate(m.value, m.low, m.high)
        return Numbers(found, m.n)

    return number


def census(share: float) -> Estimate:
    """Everything was counted: nothing is left to chance."""
    return Estimate(share, share, share)


def worst(groups: Sequence[Measurement], looks: int) -> tuple[Estimate, Measurement] | None:
    """The group whose share is surely highest, of so many looked at."""
    told = [m for m in groups if m.value is not None and m.low is not None]
    if not told:
        return None
    wide = [(widened(Estimate(m.value, m.low, m.high), looks), m) for m in told]
    found, group = max(wide, key=lambda pair: (pair[0].low, pair[0].value))
    return Estimate(found.value, max(0.0, found.low), min(1.0, found.high)), group


def of_worst(ask: Ask, name: str, whole: Measurement, told: Numbers) -> Trial:
    """Strong or some by the worst group; clear when none is and the whole lies below the limit."""
    limits = getattr(ask.limits, name)
    verdict = judged(name, limits, told.found)
    if verdict not in (STRONG, SOME):
        verdict = CLEAR if whole.high is not None and whole.high < limits.some else FEW
    return made(ask, name, verdict, told)
