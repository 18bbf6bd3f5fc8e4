"""The promise gap: what the company wants, what its people think it delivers, what customers live, on one 0-10 scale.

    desire gap     W - S   wanted, minus as our people see it
    knowledge gap  S - E   as our people see it, minus as customers live it
    promise gap    W - E   the two together

W, S and E are rounded to one decimal first, as they are shown, then subtracted: what is shown adds up (DECISIONS). W is
what the company answered when asked, else the level that its configuration wants. What customers expect is a fourth
mark; it takes no part in the three gaps. Employees answer for the whole company: no filter and no scope of customers
applies to W and S, which look back twelve months at least, since teams are asked once or twice a year.
Source: Parasuraman, Zeithaml & Berry 1985, Journal of Marketing 49(4).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Literal

from metrics.definitions import Catalogue
from metrics.query import Measurement, measure
from metrics.selection import Period, Selection, choice, months_later
from metrics.stats.changes import Change, recovered
from metrics.stats.intervals import Estimate

if TYPE_CHECKING:
    import duckdb

STEP = Decimal("0.1")
LOOK_BACK = 12
TEN = (0.0, 10.0)
SCALES = """
select instrument, pillar, min(scale_low), max(scale_high), count(distinct (scale_low, scale_high))
from fct_survey_answer
where instrument in ('rating', 'expectation') and pillar <> 'none' and answered_at >= ? and answered_at < ?
group by instrument, pillar
"""
Pillars = tuple[tuple[str, float | None], ...]  # code and level wanted by the configuration
Status = Literal["shown", "unreliable", "private", "never"]


@dataclass(frozen=True)
class Mark:
    """A level from 0 to 10. never: nobody was asked in the window. source: asked, or config, which has no interval.

    scale: the lowest and highest answer on which it was asked, when it was one other scale than 0 to 10.
    """

    status: Status = "never"
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    source: str = "asked"
    scale: tuple[float, float] | None = None

    @property
    def shown(self) -> Decimal | None:
        """The level as it is shown, to one decimal."""
        return None if self.value is None else rounded(self.value)

    @property
    def asked(self) -> float | None:
        """The mean on the scale on which it was asked."""
        if self.value is None or self.scale is None:
            return None
        low, high = self.scale
        return low + (high - low) * self.value / 10

    @property
    def estimate(self) -> Estimate:
        if self.source == "config":
            return Estimate(self.value, self.value, self.value)
        return Estimate(self.value, self.low, self.high)


@dataclass(frozen=True)
class Gap:
    """Difference of two marks as they are shown, with the interval of their exact difference."""

    value: Decimal
    low: float | None
    high: float | None

    @property
    def is_sure(self) -> bool:
        """The interval leaves zero out."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@dataclass(frozen=True)
class PillarGap:
    """A promise with its marks. `pillar`: its code, or that of the group it is cut by.

    paired: W - S by person. lived_change: of the promise gap since the comparison, W held where it is.
    """

    pillar: str
    wanted: Mark
    thought: Mark
    lived: Mark
    expected: Mark = Mark()
    paired: Estimate | None = None
    lived_change: Change | None = None

    @property
    def desire(self) -> Gap | None:
        """W - S; its interval is paired by person where everybody answered both."""
        gap = between(self.wanted, self.thought)
        if gap is None or self.paired is None:
            return gap
        return replace(gap, low=self.paired.low, high=self.paired.high)

    @property
    def knowledge(self) -> Gap | None:
        """S - E."""
        return between(self.thought, self.lived)

    @property
    def promise(self) -> Gap | None:
        """W - E."""
        return between(self.wanted, self.lived)

    @property
    def disappointment(self) -> Gap | None:
        """What customers expect minus what they live: beside the three, not one of them."""
        return between(self.expected, self.lived)


def rounded(value: float) -> Decimal:
    """To one decimal, half to even on the number as it prints (7.85 is 7.85, not the float below it)."""
    return Decimal(repr(float(value))).quantize(STEP, ROUND_HALF_EVEN)


def between(upper: Mark, lower: Mark) -> Gap | None:
    """Upper minus lower, as shown; None where one of them is not there."""
    if upper.value is None or lower.value is None:
        return None
    exact = recovered(upper.estimate, lower.estimate)
    return Gap(upper.shown - lower.shown, exact.low, exact.high)


def promise_gaps(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, pillars: Pillars
) -> tuple[PillarGap, ...]:
    """Every promise of the configuration in its order, then those that only the answers name."""

    def by_pillar(metric: str, chosen: Selection) -> dict[str, Measurement]:
        return {m.group[0][1]: m for m in measure(cursor, catalogue, metric, chosen, by=("pillar",))}

    staff = staff_selection(selection)
    lived, expected = (
        by_pillar("lived_rating", selection),
        by_pillar("expected_level", replace(selection, versus="none")),
    )
    wanted, thought, paired = (by_pillar(name, staff) for name in ("wanted_level", "self_rating", "desire_gap"))
    named, scales = dict(pillars), scales_asked(cursor, selection.period)
    codes = [*named, *sorted((lived.keys() | thought.keys() | wanted.keys() | expected.keys()) - named.keys())]
    return tuple(
        PillarGap(
            code,
            wanted=wanted_mark(wanted.get(code), named.get(code)),
            thought=mark(thought.get(code)),
            lived=replace(mark(lived.get(code)), scale=scales.get(("rating", code))),
            expected=replace(mark(expected.get(code)), scale=scales.get(("expectation", code))),
            paired=pairs(paired.get(code), wanted.get(code), thought.get(code)),
            lived_change=change_of(lived.get(code)),
        )
        for code in codes
    )


def scales_asked(cursor: "duckdb.DuckDBPyConnection", period: Period) -> dict[tuple[str, str], tuple[float, float]]:
    """By instrument and promise, the one scale on which it was asked in a period, when that is not 0 to 10."""
    rows = cursor.execute(SCALES, [period.start, period.end]).fetchall()
    return {
        (instrument, pillar): (low, high) for instrument, pillar, low, high, n in rows if n == 1 and (low, high) != TEN
    }


def staff_selection(selection: Selection) -> Selection:
    """What employees are asked: the period, or the twelve months that end with it; without filters and scope."""
    period = selection.period
    return Selection(Period(min(period.start, months_later(period.end, -LOOK_BACK)), period.end))


def mark(measured: Measurement | None) -> Mark:
    if measured is None or measured.status == "empty":
        return Mark()
    if measured.status == "private":
        return Mark("private")
    return Mark(measured.status, measured.value, measured.low, measured.high, measured.n)


def wanted_mark(measured: Measurement | None, configured: float | None) -> Mark:
    """What was answered, else what the configuration wants; too few answers to be shown count as none."""
    asked = mark(measured)
    if asked.value is None and configured is not None:
        return Mark("shown", configured, source="config")
    return asked


def pairs(paired: Measurement | None, *alone: Measurement | None) -> Estimate | None:
    """The interval of W - S by person, when the people behind W, S and the difference are the same."""
    sizes = {None if m is None else m.n for m in (paired, *alone)}
    if paired is None or paired.value is None or len(sizes) > 1:
        return None
    return Estimate(paired.value, paired.low, paired.high)


def change_of(measured: Measurement | None) -> Change | None:
    """How far the gap moved since the comparison, W held where it is: the change of E, turned round."""
    if measured is None or measured.change is None:
        return None
    low, high = measured.change_low, measured.change_high
    return Change(-measured.change, None if high is None else -high, None if low is None else -low, measured.p)


def only(selection: Selection, pillar: str) -> Selection:
    """The selection of one promise's answers."""
    return replace(selection, where=choice([*selection.where, ("pillar", (pillar,))]))


def widest(gaps: Sequence[PillarGap]) -> PillarGap | None:
    """The largest promise gap among those that can be told; None when there is none."""
    told = [g for g in gaps if g.promise is not None and g.lived.status == "shown"]
    return max(told, key=lambda g: g.promise.value, default=None)


def in_order(gaps: Sequence[PillarGap], money: Mapping[str, float] | None = None) -> tuple[PillarGap, ...]:
    """Dearest first where amounts are given, then the widest gap first; what has nothing keeps its order, last."""

    def place(gap: PillarGap) -> tuple[int, float]:
        """Those without a gap by what is missing to what was expected, then by what is lived, the worst first."""
        if money is not None and gap.pillar in money:
            return (0, -money[gap.pillar])
        if gap.promise is not None:
            return (1, -float(gap.promise.value))
        if gap.disappointment is not None:
            return (2, -float(gap.disappointment.value))
        return (3, float(gap.lived.shown)) if gap.lived.shown is not None else (4, 0.0)

    return tuple(sorted(gaps, key=place))
