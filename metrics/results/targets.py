"""When teams were given a handle-time target, and which teams they can be compared with: found from the data alone.

A target counts from its first day (canonical.teams), when it is new or another than before. Compared are up to 24
months before, without the last one (targets follow bad months, which would look like an effect: STATISTICS 4), and up
to 12 months after; neither reaches over another change of the same team. Comparable is a team whose target did not
change in that time, that answers the same reasons on the same channels, and often enough.

Tables, empty without a target:
  result_target       one row per team and first day of a target
  result_target_team  one row per target and other team looked at: compared or why not, and how alike its contacts are
What became of them: metrics/results/target_effects.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from metrics.selection import months_later

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

MONTHS_BEFORE, MONTHS_LEFT_OUT, MONTHS_AFTER = 24, 1, 12
LEAST_BEFORE, LEAST_AFTER = 3, 2  # months
LEAST_ALIKE = 0.5  # overlap of reasons and channels
LEAST_CONTACTS = 100  # of a team, before and after
MOST_TEAMS_TOLD = 12
METHOD = "difference_in_differences"
TARGET = """
create table result_target (
    team varchar, started_on date, target_seconds integer, former_seconds integer, before_from date, before_to date,
    after_to date, n_compared integer, method varchar
)
"""
TEAM = """
create table result_target_team (
    team varchar, started_on date, other varchar, is_compared boolean, why varchar, alike double, n_before bigint,
    n_after bigint
)
"""
CHANGED = """
select team, started_on, target, former
from (
    select
        team,
        coalesce(valid_from, date '0001-01-01') as started_on,
        cast(handle_time_target as integer) as target,
        lag(cast(handle_time_target as integer)) over (partition by team order by valid_from nulls first) as former
    from canonical.teams
)
where target is distinct from former
order by all
"""
COUNTS = """
select
    team,
    [reason, channel] as cell,
    count(*) filter (where started_on < ?) as n_before,
    count(*) filter (where started_on >= ?) as n_after,
    count(distinct coalesce(customer_id, contact_id)) as people
from fct_contact
where is_inbound and team <> 'unknown' and started_on >= ? and started_on < ?
group by all
order by all
"""


@dataclass(frozen=True)
class Target:
    """A target of a team; before_from to before_to and started_on to after_to are compared, ends not included."""

    team: str
    started_on: date
    seconds: int
    former: int | None
    before_from: date
    before_to: date
    after_to: date

    @property
    def is_long_enough(self) -> bool:
        reaches = months_later(self.before_from, LEAST_BEFORE) <= self.before_to
        return reaches and months_later(self.started_on, LEAST_AFTER) <= self.after_to


@dataclass(frozen=True)
class Looked:
    """Another team: why it is compared or not, the overlap of its contacts with the team's, contacts on each side."""

    team: str
    why: str
    alike: float
    n_before: int
    n_after: int
    people: int


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    from metrics.results import target_effects

    connection.execute(TARGET)
    connection.execute(TEAM)
    target_effects.begin(connection)
    changes = connection.execute(CHANGED).fetchall()
    for target in targets(connection, changes):
        looked = looked_at(connection, target, changes)
        compared = [each.team for each in looked if each.why == "compared"] if target.is_long_enough else []
        write(connection, target, looked, compared, settings.thresholds.min_group)
        if compared:
            target_effects.add(connection, target, compared, settings)


def targets(connection: "duckdb.DuckDBPyConnection", changes: Sequence[tuple]) -> list[Target]:
    """Every target that came or changed while there is data."""
    first, end = connection.execute("select cast(data_from as date), cast(as_of as date) from setting").fetchone()
    found = []
    for team, day, seconds, former in changes:
        if seconds is not None and first < day < end:
            days = [other for name, other, *_ in changes if name == team]
            start = max([months_later(day, -MONTHS_BEFORE), first, *(d for d in days if d < day)])
            stop = min([months_later(day, MONTHS_AFTER), end, *(d for d in days if d > day)])
            left_out = max(start, months_later(day, -MONTHS_LEFT_OUT))
            found.append(Target(team, day, seconds, former, start, left_out, stop))
    return found


def looked_at(connection: "duckdb.DuckDBPyConnection", target: Target, changes: Sequence[tuple]) -> list[Looked]:
    """Other teams that answer any of the team's reasons on the same channel, the most alike first."""
    days = [target.before_to, target.started_on, target.before_from, target.after_to]
    cells: dict[str, dict[tuple, tuple[int, int, int]]] = {}
    for team, cell, *counts in connection.execute(COUNTS, days).fetchall():
        cells.setdefault(team, {})[tuple(cell)] = tuple(counts)
    moved = {name for name, day, *_ in changes if target.before_from < day < target.after_to}
    own = cells.pop(target.team, {})
    found = [one_team(team, own, theirs, team in moved) for team, theirs in cells.items()]
    return sorted((each for each in found if each.alike > 0), key=lambda each: (-each.alike, each.team))


def one_team(team: str, own: dict, theirs: dict, has_moved: bool) -> Looked:
    n_before, n_after = (sum(theirs[cell][side] for cell in theirs if cell in own) for side in (0, 1))
    alike = overlap(own, theirs)
    if has_moved:
        why = "own_change"
    elif alike < LEAST_ALIKE:
        why = "other_contacts"
    else:
        why = "compared" if min(n_before, n_after) >= LEAST_CONTACTS else "few"
    people = max((counts[2] for counts in theirs.values()), default=0)
    return Looked(team, why, alike, n_before, n_after, people)


def overlap(own: dict, theirs: dict) -> float:
    """Share of contacts that two teams have in the same cells: 1 the same mix, 0 nothing in common."""
    totals = [sum(before + after for before, after, _ in cells.values()) or 1 for cells in (own, theirs)]
    return sum(
        min(sum(cells[cell][:2]) / total for cells, total in zip((own, theirs), totals, strict=True))
        for cell in own.keys() & theirs.keys()
    )


def write(
    connection: "duckdb.DuckDBPyConnection",
    target: Target,
    looked: Sequence[Looked],
    compared: Sequence[str],
    min_group: int,
) -> None:
    """The target and the teams looked at; a team that served fewer people than min_group has no counts."""
    place = (target.team, target.started_on)
    spans = (target.before_from, target.before_to, target.after_to)
    row = (*place, target.seconds, target.former, *spans, len(compared), METHOD)
    connection.execute("insert into result_target values (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    for each in looked[:MOST_TEAMS_TOLD]:
        told = (each.alike, each.n_before, each.n_after) if each.people >= min_group else (None, None, None)
        connection.execute(
            "insert into result_target_team values (?, ?, ?, ?, ?, ?, ?, ?)",
            (*place, each.team, each.team in compared, each.why, *told),
        )
