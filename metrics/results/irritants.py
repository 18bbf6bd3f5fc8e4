"""Irritants: what keeps going wrong, ranked by the least that it is followed by, in money and in hours of the teams.

Candidates are found, not declared (int_irritant_event): promises broken, contacts that had to be made again, seams
crossed badly, themes of unhappy words. Customers whom one hit are matched with others to whom it could have happened
the same month and did not (metrics/results/followed.py). What a case is followed by is its `loss`: margin not seen over
the `stop_months` after, and the cost of the teams' hours. Times the cases of the last 12 full months (a customer counts
once in stop_months) it is what the irritant weighs. Losses are shrunk together before they are ranked
(metrics.stats.winners.py). A difference observed, not an amount to recover; negative ones are kept (STATISTICS 3, 17).

Tables, empty where nothing can be told; column_name and code are the group whose ranking it is, '' = everyone:
  result_irritant        one row per group and candidate: amounts over all cases, shares, rates a customer-month;
                         part_*: the one segment that it strikes far more than the others, for everyone only;
                         before_*: margin a case before it happened, a negative control, for everyone only
  result_irritant_words  answers of customers that it hit, by lot: ids of texts, never the texts
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from metrics.results import followed
from metrics.results.irritant_words import carried_by, words_of
from metrics.results.rows import insert
from metrics.stats import jackknife
from metrics.stats.changes import Change
from metrics.stats.intervals import Estimate, t_quantile
from metrics.stats.matching import Matched
from metrics.stats.winners import ranked
from metrics.sums import quoted
from metrics.suppression import hidden_codes

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "matched_jackknife_shrunk"
FAR_MORE = 1.5  # times as often as elsewhere, surely, before a segment is told apart
LEAST_HIT = 30  # customers hit in 12 months, below which a candidate is none
OUTCOMES = ("loss", "hours", "margin", "cost", "stopped")
OF_GROUPS = OUTCOMES[:2]  # of a group only these are measured
OF_TEAMS = ("hours", "cost")  # not known where no contact has a time
EVERYONE = ("", "")
Group = tuple[str, str]
Rows = dict[str, np.ndarray]
TABLES = """
create table result_irritant (
    column_name varchar, code varchar, thing varchar,
    loss double, low double, high double, p_first double, best_rank integer, worst_rank integer,
    margin double, margin_low double, margin_high double, hours double, hours_low double, hours_high double,
    cost double, cost_low double, cost_high double, stopped double, stopped_low double, stopped_high double,
    before_low double, before_high double, cases bigint, hit bigint, exposed bigint, n bigint, n_like bigint,
    rate double, rate_before double, change double, change_low double, change_high double,
    part_column varchar, part_code varchar, part_rate double, rest_rate double, overlap_thing varchar, overlap double,
    department varchar, department_share double, n_contacts bigint, first_on date, last_on date, method varchar
);
create table result_irritant_words (thing varchar, place integer, verbatim_id varchar)
"""
LIVED = """
select
    hash(customer_id) as customer, is_exposed, is_recent,
    month_index > {last} - 12 as is_now, cast(hash(customer_id) % {groups} as tinyint) as bucket{segments}
from exposure
where thing = ? and month_index > {last} - 24 and month_index <= {last}
"""


@dataclass(frozen=True)
class Reach:
    """Of the last 12 months: cases, customers hit, customers who could be; rates by customer-month and their change."""

    cases: int
    hit: np.ndarray
    exposed: int
    rate: float
    rate_before: float | None
    change: Change


class Part(NamedTuple):
    """The segment that a candidate strikes far more often than the others, and both rates."""

    column: str | None = None
    code: str | None = None
    rate: float | None = None
    rest: float | None = None


@dataclass(frozen=True)
class Found:
    """A candidate in a group: matched differences by outcome, margin before it happened, first and last month."""

    reach: Reach
    effects: Mapping[str, Matched]
    before: Estimate
    part: Part
    span: tuple[object, object]


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    connection.execute(TABLES)
    segments, months = settings.segment_columns, settings.windows.stop_months
    followed.begin(connection, segments)
    followed.expose(connection, "int_irritant_event", "thing", "is_hit", segments, months)
    rankings: dict[Group, dict[str, Found]] = {}
    for (thing,) in connection.execute("select distinct thing from exposure order by thing").fetchall():
        rows = lived(connection, thing, segments)
        for group, found in candidates(connection, thing, rows, segments, months, settings.thresholds.min_group):
            rankings.setdefault(group, {})[thing] = found
    carried = {thing: carried_by(connection, thing) for thing in rankings.get(EVERYONE, {})}
    insert(connection, "result_irritant", (row for g, found in rankings.items() for row in rows_of(g, found, carried)))
    insert(connection, "result_irritant_words", (row for thing in carried for row in words_of(connection, thing)))
    followed.end(connection)


def lived(connection: "duckdb.DuckDBPyConnection", thing: str, segments: Sequence[str]) -> Rows:
    """Customer-months of the last 24 months in which a thing could happen; a customer is a number."""
    last = connection.execute("select 12 * year(last_month_end) + month(last_month_end) from setting").fetchone()[0]
    named = "".join(f", {quoted(column)}" for column in segments)
    sql = LIVED.format(last=last or 0, groups=jackknife.GROUPS, segments=named)
    rows = connection.execute(sql, [thing]).fetchnumpy()
    return rows | {column: rows[column].astype(str) for column in segments}


def candidates(
    connection: "duckdb.DuckDBPyConnection", thing: str, rows: Rows, segments: Sequence[str], months: int, least: int
) -> Iterator[tuple[Group, Found]]:
    """One thing: for everyone, then for each group of each segment column that may be shown."""
    reaches = {group: reach for group, reach in reached(rows, segments, least).items() if len(reach.hit) >= LEAST_HIT}
    if EVERYONE not in reaches:
        return
    after = followed.units(connection, thing, segments, months)
    earlier = followed.units(connection, thing, segments, months, is_placebo=True)
    after["loss"], everyone = after["cost"] - after["margin"], {"": np.ones(len(earlier["month"]), bool)}
    placebo = followed.differences(earlier, ("margin",), everyone)["margin"].get("")
    for group, reach in reaches.items():
        is_whole = group == EVERYONE
        own = {"": inside(after, group)}
        measured = [n for n in (OUTCOMES if is_whole else OF_GROUPS) if n not in OF_TEAMS or after[n].any()]
        effects = {n: found.get("") for n, found in followed.differences(after, measured, own).items()}
        if (
            any(m is None or m.difference.low is None for m in effects.values())
            or not effects["loss"].difference.half_width
        ):
            continue
        days = after["month"][own[""]]
        span = tuple(edge.astype("datetime64[D]").item() for edge in (days.min(), days.max()))
        before = placebo.difference if is_whole and placebo else Estimate(None)
        yield group, Found(reach, effects, before, part_of(rows, segments) if is_whole else Part(), span)


def inside(rows: Rows, group: Group) -> np.ndarray:
    column, code = group
    return rows[column] == code if column else np.ones(len(rows["is_exposed"]), bool)


def reached(rows: Rows, segments: Sequence[str], least: int) -> dict[Group, Reach]:
    """Everyone and every group that is neither too small nor gives such a one away."""
    found = {EVERYONE: reach_of(rows, EVERYONE)}
    for column in segments:
        groups = {str(code): reach_of(rows, (column, str(code))) for code in np.unique(rows[column])}
        hidden = hidden_codes({code: min(len(r.hit), r.exposed - len(r.hit)) for code, r in groups.items()}, least)
        found |= {(column, code): reach for code, reach in groups.items() if code not in hidden}
    return found


def reach_of(rows: Rows, group: Group) -> Reach:
    own = inside(rows, group)
    now, before = rate_sums(rows, own & rows["is_now"]), rate_sums(rows, own & ~rows["is_now"])
    hit = own & rows["is_now"] & rows["is_exposed"]
    rates = [jackknife.ratio(*jackknife.summed(side)) for side in (now, before)]
    change = jackknife.change(now, before, jackknife.ratio) if None not in rates else None
    return Reach(
        int((hit & ~rows["is_recent"]).sum()),
        np.unique(rows["customer"][hit]),
        len(np.unique(rows["customer"][own & rows["is_now"]])),
        rates[0] or 0.0,
        rates[1],
        change or Change(None),
    )


def rate_sums(rows: Rows, own: np.ndarray) -> list[tuple[float, float]]:
    """Customer-months hit, and in which it could happen, in each group of customers of the jackknife."""
    hit = np.bincount(rows["bucket"][own], rows["is_exposed"][own], minlength=jackknife.GROUPS)
    return list(zip(hit.tolist(), np.bincount(rows["bucket"][own], minlength=jackknife.GROUPS).tolist(), strict=True))


def part_of(rows: Rows, segments: Sequence[str]) -> Part:
    """The segment with most customer-months hit beyond the others' rate, if surely FAR_MORE often than these."""
    best, most = Part(), 0.0
    codes = [(column, str(code)) for column in segments for code in np.unique(rows[column])]
    for group in codes:
        own = inside(rows, group)
        mine, others = rate_sums(rows, own & rows["is_now"]), rate_sums(rows, ~own & rows["is_now"])
        rates = [jackknife.ratio(*jackknife.summed(side)) for side in (mine, others)]
        if None in rates or not rates[1] or rates[0] < FAR_MORE * rates[1]:
            continue
        apart = jackknife.change(mine, others, jackknife.ratio)
        excess = apart.value * jackknife.summed(mine)[1]
        if apart.p is not None and apart.p * len(codes) < 0.05 and excess > most:
            best, most = Part(*group, *rates), excess
    return best


def rows_of(group: Group, found: Mapping[str, Found], carried: Mapping[str, tuple]) -> Iterator[tuple]:
    """Rows of result_irritant of one group, its candidates shrunk and ranked together."""
    losses = [one.effects["loss"].difference for one in found.values()]
    errors = [d.half_width / t_quantile(jackknife.GROUPS - 1) for d in losses]
    places = ranked([d.value for d in losses], errors, [one.reach.cases for one in found.values()])
    for (thing, one), place in zip(found.items(), places, strict=True):
        reach, cases = one.reach, one.reach.cases
        hours, margin, cost, stopped = (difference(one, name) for name in OUTCOMES[1:])
        yield (
            *(*group, thing, place.value, place.low, place.high, place.p_first, place.best_rank, place.worst_rank),
            *times(-cases, margin.value, margin.high, margin.low),
            *(end for d in (hours, cost) for end in times(cases, d.value, d.low, d.high)),
            *(stopped.value, stopped.low, stopped.high, one.before.low, one.before.high),
            *(cases, len(reach.hit), reach.exposed, one.effects["loss"].n_matched, one.effects["loss"].n_reference),
            *(reach.rate, reach.rate_before, reach.change.value, reach.change.low, reach.change.high),
            *(*one.part, *overlap(thing, found), *carried.get(thing, (None, None, 0)), *one.span, METHOD),
        )


def difference(one: Found, outcome: str) -> Estimate:
    return one.effects[outcome].difference if outcome in one.effects else Estimate(None)


def times(cases: int, *ends: float | None) -> tuple[float | None, ...]:
    return tuple(None if end is None else cases * end for end in ends)


def overlap(thing: str, found: Mapping[str, Found]) -> tuple[str | None, float]:
    """The other candidate that hit most of the same customers, and which share of them."""
    own = found[thing].reach.hit
    shares = [
        (float(np.isin(own, one.reach.hit, assume_unique=True).mean()), other)
        for other, one in found.items()
        if other != thing
    ]
    share, other = max(shares, default=(0.0, None))
    return other, share
