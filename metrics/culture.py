"""Customer culture as employees answer, whether the questionnaire holds, and whether it goes with what customers live.

What metrics/results/culture.py made at refresh, read. Employees answer for the whole company: no filter and no scope of
customers applies, and what is asked once or twice a year is looked back for over twelve months at least.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.findings import Finding, is_told
from metrics.query import Measurement
from metrics.selection import Selection

if TYPE_CHECKING:
    import duckdb

METRIC = "culture_score"
EFFECTS, TEAMS, RELIABILITY = "result_culture_effect", "result_culture_team", "result_culture_reliability"
EVERY_SIGNAL = ""


@dataclass(frozen=True)
class Reliability:
    """Cronbach's alpha of a signal ('' = all items); value None where it cannot be told."""

    signal: str
    asked_on: date
    value: float | None
    low: float | None
    high: float | None
    n_items: int
    n_people: int
    is_linked: bool


@dataclass(frozen=True)
class TeamCulture:
    """A team behind an effect: culture 1 to 5, and points of 10 of its customers' answers, or of their change."""

    team: str
    culture: float
    n_people: int
    experience: float
    n: int


@dataclass(frozen=True)
class CultureEffect:
    """Points of 10 per point of culture, over teams; `status` told, noise, or why it cannot be told.

    question: experience, or tool; then `mean` is what the tool changed on average. icc1, icc2: how far people of a team
    agree. n: customers' answers behind it.
    """

    question: str
    tool: str
    status: str
    value: float | None
    low: float | None
    high: float | None
    p: float | None
    mean: float | None
    mean_low: float | None
    mean_high: float | None
    n: int
    icc1: float | None
    icc2: float | None
    asked_on: date | None
    first_on: date | None
    last_on: date | None
    teams: tuple[TeamCulture, ...] = ()

    @property
    def is_told(self) -> bool:
        return self.status == "told"


def reliabilities(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection
) -> tuple[Reliability, ...]:
    """The whole questionnaire first, then its signals; () where nobody was asked."""
    if RELIABILITY not in catalogue.ground.columns:
        return ()
    rows = cursor.execute(
        f"select signal, asked_on, value, low, high, n_items, n_people, is_linked from {RELIABILITY} order by signal"  # noqa: S608
    ).fetchall()
    return tuple(Reliability(*row) for row in rows)


def culture_effects(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection
) -> tuple[CultureEffect, ...]:
    """What customers live first, then each tool; () where nobody was asked."""
    if EFFECTS not in catalogue.ground.columns:
        return ()
    teams: dict[tuple[str, str], list[TeamCulture]] = {}
    for question, tool, *team in cursor.execute(f"select * from {TEAMS} order by culture, team").fetchall():  # noqa: S608
        teams.setdefault((question, tool), []).append(TeamCulture(*team))
    rows = cursor.execute(
        "select question, tool, status, value, low, high, p, mean, mean_low, mean_high, n, icc1, icc2, asked_on, "  # noqa: S608
        f"first_on, last_on from {EFFECTS} order by question, tool"
    ).fetchall()
    return tuple(CultureEffect(*row, tuple(teams.get((row[0], row[1]), ()))) for row in rows)


def culture_findings(
    effects: Sequence[CultureEffect], whole: Measurement, signals: Sequence[Measurement]
) -> list[Finding]:
    """Whether culture goes with what customers live, and tools with it; else its level and its weakest signal."""
    lived = next((e for e in effects if e.question == "experience" and e.is_told), None)
    tool = next((e for e in effects if e.question == "tool" and e.is_told and e.value > 0), None)
    if lived is not None:
        return [told(lived), *([tool_told(tool)] if tool else [])]
    if not is_told(whole):
        return [Finding("finding.culture.few" if whole.n else "finding.culture.never", {})]
    found = [Finding("finding.culture.level", holes_of(whole), (METRIC,))]
    known = [m for m in signals if is_told(m) and m.group[0][1] != "unknown"]
    weakest = min(known, key=lambda m: m.value, default=None)
    if weakest is not None and weakest.high < whole.low:
        signal = {"signal": (weakest.group[0][1], "code:signal")}
        found.append(Finding("finding.culture.weakest", holes_of(weakest) | signal, (METRIC,)))
    return found


def holes_of(m: Measurement) -> dict:
    return {name: (getattr(m, name), "score") for name in ("value", "low", "high")} | {"n": (m.people, "count")}


def told(effect: CultureEffect) -> Finding:
    """How far customers' answers differ between teams one point of culture apart."""
    key = "finding.culture.better" if effect.value > 0 else "finding.culture.worse"
    ends = sorted((abs(effect.low), abs(effect.high)))
    holes = {"value": (abs(effect.value), "times:1"), "low": (ends[0], "times:1"), "high": (ends[1], "times:1")}
    return Finding(key, holes | {"teams": (len(effect.teams), "count"), "n": (effect.n, "count")})


def tool_told(effect: CultureEffect) -> Finding:
    holes = {name: (getattr(effect, name), "times:1") for name in ("value", "low", "high")}
    holes |= {"tool": (effect.tool, "code:tool"), "teams": (len(effect.teams), "count")}
    return Finding("finding.culture.tool", holes)
