"""How agents' notes speak of customers, by team: teams beyond what chance draws stand out; nobody is named."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.funnel import funnel
from metrics.query import Measurement, measure
from metrics.selection import Selection

if TYPE_CHECKING:
    import duckdb

METRIC = "disparaging_notes"
MOST = 8  # teams shown
NO_TEAM = ("unknown", "none")


@dataclass(frozen=True)
class NotesByTeam:
    """`whole`: all notes; `teams`: the highest share first; `outside`: those of them beyond 99.8 % of chance."""

    whole: Measurement
    teams: tuple[Measurement, ...]
    outside: tuple[Measurement, ...]
    n_teams: int

    @property
    def shown(self) -> tuple[Measurement, ...]:
        return self.teams[:MOST]


def notes_by_team(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection
) -> NotesByTeam | None:
    """None without notes, or for too few teams to compare."""
    metric = catalogue.metrics.get(METRIC)
    if metric is None or metric.view not in catalogue.ground.columns:
        return None
    asked = Selection(selection.period, "none", selection.where, selection.scope)
    (whole,) = measure(cursor, catalogue, METRIC, asked)
    teams = [m for m in measure(cursor, catalogue, METRIC, asked, by=("team",)) if m.group[0][1] not in NO_TEAM]
    told = sorted((m for m in teams if m.value is not None), key=lambda m: (-m.value, m.group))
    found = funnel(whole, told)
    if found is None:
        return None
    outside = {m.group for m in found.outside if m.low > whole.value}
    return NotesByTeam(whole, tuple(told), tuple(m for m in told if m.group in outside), len(teams))
