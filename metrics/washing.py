"""The customer-washing check: eleven signs, each judged by declared tests on the company's own data.

A test gives a number with its 95 % interval. It is a strong sign when the whole interval lies beyond the limit `strong`
of the settings, some sign when it lies beyond `some`, clear when it lies on the good side of `some`; otherwise too few
to tell. So a sign that stands exactly at its limit is called strong by chance once in forty (FALSE_STRONG). What cannot
be tested for want of data is said, with the data that it lacks. A sign is as bad as the worst of its tests, and clear
only when all of them are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.findings import Finding, Hole
from metrics.selection import Choice, Period, Selection
from metrics.stats.intervals import Estimate

if TYPE_CHECKING:
    import duckdb

    from data.settings import Limits, Washing

STRONG, SOME, CLEAR, FEW, MISSING = "strong", "some", "clear", "few", "missing"
VERDICTS = (STRONG, SOME, MISSING, FEW, CLEAR)  # the first of them that one of its tests has is the sign's
FALSE_STRONG = 0.025
FIRST_COLUMN = "acquisition_channel"
SIGNS = (
    ("data", ("unidentified", "anonymous_sales", "rejected_rows")),
    ("surveys", ("silent_months", "not_called_back", "actions_started")),
    ("processes", ("said_again", "transfers", "not_easy")),
    ("treatment", ("same_for_all",)),
    ("disdain", ("disparaging",)),
    ("suggestions", ("suggestions_left",)),
    ("moments", ("moment_unanswered",)),
    ("emotions", ("emotion_alone",)),
    ("rational", ("emotional_drivers",)),
    ("one_shot", ("one_shot", "never_back")),
    ("hurry", ("hurried",)),
)
LESS_IS_WORSE = ("actions_started", "same_for_all", "moment_unanswered")
UNITS = {"actions_started": "count", "moment_unanswered": "points", "one_shot": "points", "hurried": "points"}


@dataclass(frozen=True)
class Trial:
    """One test: its number (a share, points of a share, or a count), and what it says.

    low and high are equal to the value where everything was counted; n: what it was counted among. about: what its
    sentence names besides. lacks: data without which it cannot be told. reason: why it cannot be told, without number.
    """

    name: str
    some: float
    strong: float
    verdict: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    about: tuple[tuple[str, Hole], ...] = ()
    lacks: tuple[str, ...] = ()
    reason: str = ""
    period: Period | None = None

    @property
    def unit(self) -> str:
        return UNITS.get(self.name, "share")

    @property
    def is_sampled(self) -> bool:
        """Judged by an interval, so that chance could have made it."""
        return self.value is not None and self.low != self.high

    @property
    def less_is_worse(self) -> bool:
        return self.name in LESS_IS_WORSE

    def sentence(self) -> Finding:
        """The number in words; why there is none where there is none."""
        if self.value is None:
            return Finding(f"washing.untold.{self.reason or self.verdict}", {})
        factor, kind = {"share": (1, "share"), "points": (100, "times:1"), "count": (1, "count")}[self.unit]
        holes: dict[str, Hole] = {name: (getattr(self, name) * factor, kind) for name in ("value", "low", "high")}
        key = "same_for_all_clear" if (self.name, self.verdict) == ("same_for_all", CLEAR) else self.name
        return Finding(f"washing.tests.{key}", holes | {"n": (self.n, "count")} | dict(self.about))


@dataclass(frozen=True)
class Sign:
    """One of the eleven, with its tests; number from 1."""

    number: int
    name: str
    trials: tuple[Trial, ...]

    @property
    def verdict(self) -> str:
        return next(v for v in VERDICTS if any(trial.verdict == v for trial in self.trials))

    @property
    def deciding(self) -> Trial:
        """The first test that speaks as the sign does."""
        return next(trial for trial in self.trials if trial.verdict == self.verdict)

    @property
    def lacks(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for trial in self.trials for name in trial.lacks))


def won_by(segments: Sequence[str], where: Choice = ()) -> tuple[str, ...]:
    """Columns that cut new customers: the acquisition channel first, then the other segments left open, then sales."""
    fixed = {column for column, codes in where if len(codes) == 1}
    ordered = sorted([*segments, "sales_channel", "campaign"], key=lambda column: column != FIRST_COLUMN)
    return tuple(column for column in ordered if column not in fixed)


def judged(name: str, limits: "Limits", found: Estimate) -> str:
    """The verdict on a number, from its interval alone."""
    way = -1 if name in LESS_IS_WORSE else 1
    low, high = sorted((way * found.low, way * found.high))
    if low >= way * limits.strong:
        return STRONG
    if low >= way * limits.some:
        return SOME
    return CLEAR if high < way * limits.some else FEW


def washing(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, limits: "Washing", column: str
) -> tuple[Sign, ...]:
    """All eleven, in their order. `column`: how customers were won, which tells one-shot selling."""
    from metrics.washing_tests import Ask, trial

    ask = Ask(cursor, catalogue, selection, limits, column)
    return tuple(Sign(i, name, tuple(trial(ask, test) for test in tests)) for i, (name, tests) in enumerate(SIGNS, 1))


def counted(signs: Sequence[Sign], *verdicts: str) -> int:
    return sum(sign.verdict in verdicts for sign in signs)


def by_chance(signs: Sequence[Sign]) -> float:
    """Tests that chance alone would make strong, if every one judged by an interval stood exactly at its limit."""
    return FALSE_STRONG * sum(trial.is_sampled for sign in signs for trial in sign.trials)


def washing_findings(signs: Sequence[Sign]) -> list[Finding]:
    """How many signs are strong, show somewhat, cannot be told; then the first strong one, in its own numbers."""
    counts = {"strong": counted(signs, STRONG), "some": counted(signs, SOME), "clear": counted(signs, CLEAR)}
    counts |= {"missing": counted(signs, MISSING), "few": counted(signs, FEW)}
    holes = {name: (count, "count") for name, count in counts.items()} | {"signs": (len(signs), "count")}
    holes["untold"] = (counts["missing"] + counts["few"], "count")
    told = counts["strong"] + counts["some"] + counts["clear"]
    if not told:
        return [Finding("finding.washing.untold", holes)]
    worst = next((sign for verdict in (STRONG, SOME) for sign in signs if sign.verdict == verdict), None)
    key = "all_missing" if counts["missing"] else "all" if counts["few"] else "all_told"
    first = Finding(f"finding.washing.{key if worst else 'clear'}", holes)
    return [first, worst.deciding.sentence()] if worst else [first]
