"""The journey: what happens at each touchpoint, what fails next, and where a bad experience makes customers stop.

Touchpoints come in the order of the configuration. Numbers are metrics of the catalogue cut by touchpoint, so small
groups stay hidden as everywhere; moments of truth are read from what metrics/results/moments.py made at refresh.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.promise_costs import group_of
from metrics.query import Measurement, measure
from metrics.selection import Selection
from metrics.stats.intervals import Estimate, wilson

if TYPE_CHECKING:
    import duckdb

EVENTS = "fct_touchpoint_event"
MOMENTS = "result_moment_of_truth"
NOTHING = ("none", "unknown")
METRICS = ("touchpoint_events", "touchpoint_bad", "csat", "effort", "unpleasant_emotion")
WORDS, WRITTEN = "unpleasant_emotion", "written_answers"  # what customers write: how it sounds, how much of it
FAILURES = "touchpoint_failures"


@dataclass(frozen=True)
class Next:
    """What the customers of a bad experience came back for within 7 days: reason, share of the bad ones, their n."""

    reason: str
    share: Estimate
    n: int


@dataclass(frozen=True)
class Place:
    """A touchpoint; `measured`: metric -> its Measurement there, only what there is something to measure of.

    loudest: the emotion most often met in what is written there, as it was read, and its share of those texts.
    """

    stage: str
    touchpoint: str
    kind: str
    measured: dict[str, Measurement]
    next: Next | None
    loudest: tuple[str, Estimate] | None = None


class Controlled:
    """A difference with a negative control: told_low, its lower end among all that are looked at, and placebo_low."""

    @property
    def differed_before(self) -> bool:
        """They stopped more often already before anything went wrong: then the difference tells nothing."""
        return self.placebo_low is not None and self.placebo_low > 0

    @property
    def is_told(self) -> bool:
        """Beyond noise, whichever of them one looks at, and the negative control is there and finds nothing."""
        return (self.told_low or 0) > 0 and self.placebo_low is not None and not self.differed_before


@dataclass(frozen=True)
class Moment(Controlled):
    """A touchpoint of a group: share that stopped after a bad experience there, among those like them, the difference.

    told_low: lower end when all touchpoints are judged at once. p_first: probability that the difference is the
    largest, None with one touchpoint. placebo*: the same difference before the experience, None where it has none.
    """

    touchpoint: str
    value: float
    low: float
    high: float
    told_low: float
    p_first: float | None
    bad: float
    good: float
    n_bad: int
    n_good: int
    placebo: float | None
    placebo_low: float | None
    placebo_high: float | None
    first_on: date
    last_on: date


def journey(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> tuple[Place, ...]:
    """Every touchpoint of the configuration; () for a snapshot built before there were touchpoints."""
    if EVENTS not in catalogue.ground.columns:
        return ()
    asked = replace(selection, versus="none")
    found: dict[str, dict[str, Measurement]] = {}
    for name in known_metrics(catalogue):
        for m in measure(cursor, catalogue, name, asked, by=("touchpoint",)):
            if m.status != "empty":
                found.setdefault(m.group[0][1], {})[name] = m
    after = what_fails_next(cursor, catalogue, asked)
    felt = loudest(cursor, catalogue, asked, found)
    listed = "select stage, touchpoint, kind from setting_touchpoint order by stage_rank, rowid"
    return tuple(
        Place(stage, touchpoint, kind, found.get(touchpoint, {}), after.get(touchpoint), felt.get(touchpoint))
        for stage, touchpoint, kind in cursor.execute(listed).fetchall()
    )


def known_metrics(catalogue: Catalogue) -> tuple[str, ...]:
    """Those of METRICS that the snapshot was built with."""
    return tuple(name for name in METRICS if name in catalogue.metrics)


def loudest(
    cursor: "duckdb.DuckDBPyConnection",
    catalogue: Catalogue,
    asked: Selection,
    found: dict[str, dict[str, Measurement]],
) -> dict[str, tuple[str, Estimate]]:
    """Touchpoint -> the emotion most often met in what is written there, and its share of the texts that could be read.

    Only where both the touchpoint's texts and those with that emotion are shown.
    """
    if WORDS not in catalogue.metrics or WRITTEN not in catalogue.metrics:
        return {}
    felt: dict[str, tuple[str, Estimate]] = {}
    cells = measure(cursor, catalogue, WRITTEN, asked, by=("emotion", "touchpoint"))
    for m in sorted(cells, key=lambda m: -(m.n or 0)):
        codes = dict(m.group)
        whole = found.get(codes["touchpoint"], {}).get(WORDS)
        if m.n and whole is not None and whole.n and codes["emotion"] not in NOTHING:
            felt.setdefault(codes["touchpoint"], (codes["emotion"], wilson(m.n, whole.n)))
    return felt


def what_fails_next(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, asked: Selection) -> dict[str, Next]:
    """Touchpoint -> the reason for which most come back after a bad experience there.

    From the bad experiences by touchpoint and reason, under the same small-number rules as every number. Nothing where
    what is hidden of a touchpoint could be more than its largest reason.
    """
    if FAILURES not in catalogue.metrics:
        return {}
    whole = {m.group[0][1]: m.n for m in measure(cursor, catalogue, FAILURES, asked, by=("touchpoint",)) if m.n}
    shown: dict[str, list[tuple[int, str]]] = {}
    for m in measure(cursor, catalogue, FAILURES, asked, by=("touchpoint", "what_next")):
        if m.n:
            codes = dict(m.group)
            shown.setdefault(codes["touchpoint"], []).append((m.n, codes["what_next"]))
    after: dict[str, Next] = {}
    for touchpoint, n in whole.items():
        reasons = shown.get(touchpoint, [])
        most, reason = max((pair for pair in reasons if pair[1] not in NOTHING), default=(0, ""))
        if most > n - sum(count for count, _ in reasons):
            after[touchpoint] = Next(reason, wilson(most, n), n)
    return after


def moments(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> tuple[Moment, ...]:
    """Of everyone or of the one group selected, the largest difference first; () when two limits are set at once."""
    group = group_of(selection)
    if group is None or MOMENTS not in catalogue.ground.columns:
        return ()
    rows = cursor.execute(
        "select touchpoint, value, low, high, told_low, p_first, bad, good, n_bad, n_good, "  # noqa: S608
        f"placebo, placebo_low, placebo_high, first_on, last_on from {MOMENTS} "
        "where column_name = ? and code = ? order by value desc, touchpoint",
        [*group],
    ).fetchall()
    return tuple(Moment(*row) for row in rows)


def moment_of_truth(found: tuple[Moment, ...]) -> Moment | None:
    """The largest difference among those that can be told; None when none can."""
    return next((moment for moment in found if moment.is_told), None)
