"""What is asked: a period, a comparison, filters, and the limits of the reader. Half-open periods of whole days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from metrics.errors import NotMeasurable

Choice = tuple[tuple[str, tuple[str, ...]], ...]
VERSUS = ("none", "previous", "year_before")
EVERY = ("month", "quarter", "week")
MONTHS_OF = {"month": 1, "quarter": 3}


@dataclass(frozen=True, order=True)
class Period:
    """Days from `start` up to, not including, `end`. Raises NotMeasurable when it holds no day."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise NotMeasurable(f"the period {self.start} to {self.end} (not included) holds no day")

    @classmethod
    def of_months(cls, first: str, last: str) -> "Period":
        """From and to as YYYY-MM, both included."""
        return cls(month_of(first), months_later(month_of(last), 1))

    @property
    def is_whole_months(self) -> bool:
        return self.start.day == 1 and self.end.day == 1

    @property
    def n_months(self) -> int:
        """Whole months it spans; only meaningful when `is_whole_months`."""
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month

    def previous(self) -> "Period":
        """As many months just before (as many days, when it isn't made of whole months)."""
        if self.is_whole_months:
            return Period(months_later(self.start, -self.n_months), self.start)
        return Period(self.start - (self.end - self.start), self.start)

    def year_before(self) -> "Period":
        """The same days one year earlier."""
        return Period(months_later(self.start, -12), months_later(self.end, -12))

    def compared(self, versus: str) -> "Period | None":
        return {"none": lambda: None, "previous": self.previous, "year_before": self.year_before}[versus]()

    def steps(self, every: str) -> tuple["Period", ...]:
        """Whole calendar months, quarters or weeks (from Monday) inside it, in order; none cut by its ends."""
        if every not in EVERY:
            raise NotMeasurable(f"every {every!r}: choose one of {', '.join(EVERY)}")
        start, found = first_step(self.start, every), []
        while (end := next_step(start, every)) <= self.end:
            found.append(Period(start, end))
            start = end
        return tuple(found)


@dataclass(frozen=True)
class Selection:
    """A question about a period.

    where: column -> codes, of segments and of what an event carries; several codes are alternatives, columns add up.
    scope: the reader's own limits, same form, applied to every question. Both are sorted, so equal questions are equal.
    """

    period: Period
    versus: str = "none"
    where: Choice = field(default=())
    scope: Choice = field(default=())

    def __post_init__(self) -> None:
        if self.versus not in VERSUS:
            raise NotMeasurable(f"versus {self.versus!r}: choose one of {', '.join(VERSUS)}")
        object.__setattr__(self, "where", choice(self.where))
        object.__setattr__(self, "scope", choice(self.scope))


def opening(whole: Period) -> Selection:
    """What is shown of the days of the data as long as nobody chooses: the last 12 full months, or all full months if
    there are fewer, or all the days if there is none; compared with a year before, or as far back as the data goes."""
    months = whole.steps("month")[-12:]
    period = Period(months[0].start, months[-1].end) if months else whole
    return Selection(period, next(versus for versus in reversed(VERSUS) if reaches(whole, period.compared(versus))))


def reaches(whole: Period, period: Period | None) -> bool:
    """Whether the data was there when a period began."""
    return period is None or period.start >= whole.start


def choice(pairs: Mapping[str, Iterable[str]] | Iterable[tuple[str, Iterable[str]]]) -> Choice:
    """Columns and codes in their one sorted form; the codes of a column named twice are put together."""
    chosen: dict[str, set[str]] = {}
    for column, codes in pairs.items() if isinstance(pairs, Mapping) else pairs:
        chosen.setdefault(column, set()).update([codes] if isinstance(codes, str) else codes)
    return tuple((column, tuple(sorted(codes))) for column, codes in sorted(chosen.items()))


def month_of(text: str) -> date:
    """First day of a month written YYYY-MM."""
    try:
        year, month = text.split("-")
        return date(int(year), int(month), 1)
    except ValueError:
        raise NotMeasurable(f"{text!r} is not a month. Write YYYY-MM, such as 2026-10") from None


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9998:
        raise NotMeasurable(f"{months} months from {day} is beyond the calendar")
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def first_step(day: date, every: str) -> date:
    """The first day, from `day` on, on which a step of the calendar begins."""
    if every == "week":
        return day + timedelta(days=-day.weekday() % 7)
    months = MONTHS_OF[every]
    begun = date(day.year, (day.month - 1) // months * months + 1, 1)
    return begun if begun == day else months_later(begun, months)


def next_step(day: date, every: str) -> date:
    return day + timedelta(days=7) if every == "week" else months_later(day, MONTHS_OF[every])
