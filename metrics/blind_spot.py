"""The blind spot: customers by CRM health and experience health, and what became of those who stood there before.

Now = the last month end inside the selection; before = the last month end whose following months are all known by
the end of the selection, so that nothing later is used. One month end each, so everybody counts once. Segments and
the reader's scope apply; groups below the company's minimum are not shown, nor can they be got by subtraction.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.errors import UnknownName
from metrics.selection import Selection
from metrics.stats.intervals import Estimate, wilson

if TYPE_CHECKING:
    import duckdb

QUADRANTS = ("healthy", "silent_risk", "unseen_love", "known_risk", "unknown")
Z = 1.959964


@dataclass(frozen=True)
class Stopped:
    """Share of a group who bought nothing in the following months, with its 95 % interval."""

    stopped: int
    n: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Risk:
    """How many times as often silent-risk customers stopped as healthy ones who had bought as recently."""

    value: float
    low: float
    high: float

    @property
    def is_signal(self) -> bool:
        return self.low > 1 or self.high < 1


@dataclass(frozen=True)
class Quadrant:
    """Customers and what they bought for in 12 months; all None where the group is too small to be shown."""

    customers: int | None
    revenue: float | None
    past: Stopped | None


@dataclass(frozen=True)
class BlindSpot:
    """`points`: (crm_health, cem_health, quadrant) of a seeded sample; only the data's last month has one."""

    month_end: date
    past_month_end: date | None
    cuts: tuple[float, float]
    stop_months: int
    quadrants: Mapping[str, Quadrant]
    points: Sequence[tuple[float, float, str]]
    risk: Risk | None

    @property
    def customers(self) -> int:
        """All that are shown, the unknown included."""
        return sum(q.customers or 0 for q in self.quadrants.values())


@dataclass(frozen=True)
class Cell:
    """Customers of a quadrant and recency band at one month end; of them `mature`, whose following months are known."""

    quadrant: str
    band: str
    customers: int
    revenue: float
    mature: int
    stopped: int


def risk_ratio(bands: Sequence[tuple[int, int, int, int]]) -> Risk | None:
    """Mantel-Haenszel relative risk over bands of recency; variance of its log by Greenland & Robins 1985.

    A band is (stopped, n) of the exposed, then (stopped, n) of the reference. Customers are so compared with those who
    bought as recently: a contact or a late delivery itself reveals a recent purchase. None when a side saw nobody stop.
    """
    both = [(a, n, b, m) for a, n, b, m in bands if n and m]
    exposed = sum(a * m / (n + m) for a, n, b, m in both)
    reference = sum(b * n / (n + m) for a, n, b, m in both)
    if not exposed or not reference:
        return None
    spread = sum(((a + b) * n * m - a * b * (n + m)) / (n + m) ** 2 for a, n, b, m in both)
    ratio, error = exposed / reference, math.sqrt(max(0.0, spread) / (exposed * reference))
    return Risk(ratio, ratio * math.exp(-Z * error), ratio * math.exp(Z * error))


def blind_spot(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> BlindSpot | None:
    """None when no customer has a health score at a month end inside the selection."""
    ground = catalogue.ground
    min_group, stop_months = ground.min_group, ground.windows["stop_months"]
    condition, codes = filters(ground.segments, selection)
    now, before = month_ends(cursor, selection, stop_months)
    if now is None:
        return None
    standing = totals(cells(cursor, now, condition, codes))
    shown = large_enough({q: n for q, (n, *_) in standing.items()}, min_group)
    then = cells(cursor, before, condition, codes) if before else []
    past = stopped_after(totals(then), min_group)
    return BlindSpot(
        month_end=now,
        past_month_end=before,
        cuts=cursor.execute("select crm_cut, cem_cut from setting").fetchone(),
        stop_months=stop_months,
        quadrants={
            q: quadrant(standing.get(q, (0, 0.0)), q in shown or q not in standing, past.get(q)) for q in QUADRANTS
        },
        points=sample(cursor, now, condition, codes) if shown.issuperset(standing) else (),
        risk=risk_ratio(bands(then)) if {"silent_risk", "healthy"} <= set(past) else None,
    )


def quadrant(found: tuple, is_shown: bool, past: Stopped | None) -> Quadrant:
    return Quadrant(found[0], found[1], past) if is_shown else Quadrant(None, None, past)


def totals(found: list[Cell]) -> dict[str, tuple[int, float, int, int]]:
    """Quadrant -> customers, revenue, mature, stopped, over the recency bands."""
    return {
        q: (
            sum(c.customers for c in found if c.quadrant == q),
            sum(c.revenue for c in found if c.quadrant == q),
            sum(c.mature for c in found if c.quadrant == q),
            sum(c.stopped for c in found if c.quadrant == q),
        )
        for q in {c.quadrant for c in found}
    }


def bands(found: list[Cell]) -> list[tuple[int, int, int, int]]:
    """Stopped and all, of silent risk and of healthy, by recency band."""
    by_band = {(c.band, c.quadrant): (c.stopped, c.mature) for c in found}
    return [
        (*by_band.get((band, "silent_risk"), (0, 0)), *by_band.get((band, "healthy"), (0, 0)))
        for band in sorted({c.band for c in found})
    ]


def filters(segments: Sequence[str], selection: Selection) -> tuple[str, list[str]]:
    """Condition on the segment columns and its bound values; a column that customers don't have raises UnknownName."""
    parts, codes = ["true"], []
    for column, chosen in (*selection.where, *selection.scope):
        if column not in segments:
            raise UnknownName("segment", column, segments)
        parts.append(f'"{column}" in ({", ".join("?" * len(chosen))})')
        codes += chosen
    return " and ".join(parts), codes


def month_ends(
    cursor: "duckdb.DuckDBPyConnection", selection: Selection, stop_months: int
) -> tuple[date | None, date | None]:
    """The last month end inside the selection, and the last one after which `stop_months` are known by then."""
    return cursor.execute(
        """
        select
            max(month_end),
            max(month_end) filter (where n_mature > 0 and last_day(month_end + to_months(?)) < ?)
        from cube_blind_spot_month where month_end < ?
        """,
        [stop_months, selection.period.end, selection.period.end],
    ).fetchone()


def cells(cursor: "duckdb.DuckDBPyConnection", month_end: date, condition: str, codes: list[str]) -> list[Cell]:
    rows = cursor.execute(
        f"""
        select
            quadrant, recency_band, sum(n_customers)::bigint, sum(revenue_12m)::double,
            sum(n_mature)::bigint, sum(n_stopped)::bigint
        from cube_blind_spot_month where month_end = ? and {condition} group by quadrant, recency_band
        """,  # noqa: S608 (the condition's names are columns that exist; its values are bound)
        [month_end, *codes],
    ).fetchall()
    return [Cell(*row) for row in rows]


def sample(cursor: "duckdb.DuckDBPyConnection", month_end: date, condition: str, codes: list[str]) -> tuple:
    """The sampled customers' scores, without who they are; only the data's last month has a sample."""
    return tuple(
        cursor.execute(
            f"""
            select crm_health::double, cem_health::double, quadrant
            from blind_spot_sample
            where month_end = ? and crm_health is not null and cem_health is not null and {condition}
            """,  # noqa: S608
            [month_end, *codes],
        ).fetchall()
    )


def stopped_after(found: dict[str, tuple[int, float, int, int]], min_group: int) -> dict[str, Stopped]:
    shown = large_enough({q: mature for q, (_, _, mature, _) in found.items()}, min_group)
    return {
        q: Stopped(stopped, mature, stopped / mature, *ends(wilson(stopped, mature)))
        for q, (_, _, mature, stopped) in found.items()
        if q in shown and mature
    }


def ends(estimate: Estimate) -> tuple[float, float]:
    return estimate.low, estimate.high


def large_enough(sizes: Mapping[str, int], min_group: int) -> set[str]:
    """Groups that may be shown: empty, or of `min_group` at least; one hidden group hides the next smallest as well."""
    hidden = {q for q, n in sizes.items() if 0 < n < min_group}
    rest = sorted((n, q) for q, n in sizes.items() if n >= min_group)
    if len(hidden) == 1 and rest:
        hidden.add(rest[0][1])
    return set(sizes) - hidden
