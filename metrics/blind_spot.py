"""The blind spot: customers by CRM health and experience health, and what became of those who stood there before.

Now = the last month end inside the selection; before = the last month end whose following months are all known by
the end of the selection, so that nothing later is used. One month end each, so everybody counts once. Segments and
the reader's scope apply; groups below the company's minimum are not shown, nor can they be got by subtraction.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.errors import UnknownName
from metrics.selection import Choice, Selection
from metrics.stats.intervals import wilson
from metrics.sums import code_sql, filters_of, quoted
from metrics.suppression import Size, hidden_cells, hidden_codes

if TYPE_CHECKING:
    import duckdb

Point = tuple[float, float, str]  # crm_health, cem_health, quadrant
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
    """How many times as often silent-risk customers stopped as comparable healthy ones."""

    value: float
    low: float
    high: float

    @property
    def is_signal(self) -> bool:
        return self.low > 1 or self.high < 1

    @property
    def decimals(self) -> int:
        """As many as the interval deserves."""
        return 1 if self.high - self.low >= 0.2 else 2


@dataclass(frozen=True)
class Quadrant:
    """Customers and what they bought for in 12 months; all None where the group is too small to be shown."""

    customers: int | None
    revenue: float | None
    past: Stopped | None
    is_past_hidden: bool = False


@dataclass(frozen=True)
class BlindSpot:
    """`points`: of a seeded sample; only the data's last month has one."""

    month_end: date
    past_month_end: date | None
    cuts: tuple[float, float]
    stop_months: int
    quadrants: Mapping[str, Quadrant]
    points: Sequence[Point]
    risk: Risk | None

    @property
    def customers(self) -> int:
        """All that are shown, the unknown included."""
        return sum(q.customers or 0 for q in self.quadrants.values())


@dataclass(frozen=True)
class Cell:
    """Customers of a quadrant at one month end; of them `mature`, whose following months are known.

    `codes`: of the segment columns that the selection filters. `expected`: as many as would have stopped, had they
    stopped like comparable healthy customers of the whole company.
    """

    codes: tuple[str, ...]
    quadrant: str
    customers: int = 0
    revenue: float = 0.0
    mature: int = 0
    stopped: int = 0
    expected: float = 0.0


def risk_ratio(exposed: Cell, reference: Cell) -> Risk | None:
    """Standardised ratio: those who stopped, over as many as would have, had they stopped like comparable healthy ones.

    Comparable: as recent a purchase, as many occasions to live something (see cube_blind_spot_month). The log's
    variance is the binomial one of both sides (delta method). None when a side saw nobody stop.
    """
    if not exposed.stopped or not reference.stopped or not exposed.expected:
        return None
    ratio = exposed.stopped / exposed.expected
    error = math.sqrt(sum(1 / side.stopped - 1 / side.mature for side in (exposed, reference)))
    return Risk(ratio, ratio * math.exp(-Z * error), ratio * math.exp(Z * error))


def blind_spot(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> BlindSpot | None:
    """None when no customer has a health score at a month end inside the selection."""
    ground = catalogue.ground
    if unknown := {column for column, _ in (*selection.where, *selection.scope)}.difference(ground.segments):
        raise UnknownName("segment", min(unknown), ground.segments)
    stop_months, kept = ground.windows["stop_months"], ground.kept.counted
    now, before = kept((month_ends, end := selection.period.end), lambda: month_ends(cursor, end, stop_months))
    if now is None:
        return None
    columns = tuple(column for column, _ in selection.where)

    def everyone(month_end: date | None) -> Sequence[Cell]:
        """Kept, since every filter over the same columns asks for the same."""
        name = cells, month_end, columns, selection.scope
        return kept(name, lambda: cells(cursor, month_end, columns, selection.scope)) if month_end else ()

    standing = Standing(everyone(now), selection.where, ground.min_group, "customers")
    past = Standing(everyone(before), selection.where, ground.min_group, "mature")
    return BlindSpot(
        month_end=now,
        past_month_end=before,
        cuts=kept(cuts, lambda: cuts(cursor)),
        stop_months=stop_months,
        quadrants={q: Quadrant(*standing.size(q), past.stopped(q), q in past.hidden) for q in QUADRANTS},
        points=() if standing.hidden else points(kept(sample, lambda: sample(cursor, ground.segments)), now, selection),
        risk=past.risk,
    )


@dataclass(frozen=True)
class Standing:
    """Customers of one month end, all segments, and which quadrants of those selected may be shown.

    `counted`: what makes a group large enough, customers or mature.
    """

    everyone: Sequence[Cell]
    where: Choice
    min_group: int
    counted: str

    @cached_property
    def cells(self) -> list[Cell]:
        """Those of the selected segments."""
        return [
            c for c in self.everyone if all(code in codes for code, (_, codes) in zip(c.codes, self.where, strict=True))
        ]

    def total(self, quadrant: str) -> Cell:
        return added(quadrant, self.cells)

    def size(self, quadrant: str) -> tuple[int, float] | tuple[None, None]:
        found = self.total(quadrant)
        return (None, None) if quadrant in self.hidden else (found.customers, found.revenue)

    def stopped(self, quadrant: str) -> Stopped | None:
        """None where nobody's following months are known, and where the group is too small to be shown."""
        found = self.total(quadrant)
        if not found.mature or quadrant in self.hidden:
            return None
        share = wilson(found.stopped, found.mature)
        return Stopped(found.stopped, found.mature, found.stopped / found.mature, share.low, share.high)

    @property
    def risk(self) -> Risk | None:
        """Of the selected silent-risk customers; the reference is the healthy of all segments, as in `expected`."""
        if not self.stopped("silent_risk") or not self.stopped("healthy"):
            return None
        return risk_ratio(self.total("silent_risk"), added("healthy", self.everyone))

    @cached_property
    def hidden(self) -> set[str]:
        """Selected quadrants that are too small to be shown, or give one away that is, by subtraction."""
        sizes: dict[tuple[str, ...], int] = {}
        for cell in self.everyone:
            key = (*cell.codes, cell.quadrant)
            sizes[key] = sizes.get(key, 0) + getattr(cell, self.counted)
        columns = (*(column for column, _ in self.where), "quadrant")
        counts = {key: Size(n, n, n) for key, n in sizes.items() if n}
        levels = hidden_cells(columns, columns, counts, self.min_group)
        secret = levels.get(tuple(range(len(columns))), frozenset())
        return {c.quadrant for c in self.cells if (*c.codes, c.quadrant) in secret}


def added(quadrant: str, found: Sequence[Cell]) -> Cell:
    """One cell of all those of a quadrant."""
    chosen = [c for c in found if c.quadrant == quadrant]
    names = ("customers", "revenue", "mature", "stopped", "expected")
    return Cell((), quadrant, *(sum(getattr(c, name) for c in chosen) for name in names))


def cuts(cursor: "duckdb.DuckDBPyConnection") -> tuple[float, float]:
    """Health in the CRM and by experience, from which a customer counts as healthy."""
    return cursor.execute("select crm_cut, cem_cut from setting").fetchone()


def month_ends(cursor: "duckdb.DuckDBPyConnection", end: date, stop_months: int) -> tuple[date | None, date | None]:
    """The last month end before `end`, and the last one after which `stop_months` are known by then."""
    return cursor.execute(
        """
        select
            max(month_end),
            max(month_end) filter (where n_mature > 0 and last_day(month_end + to_months(?)) < ?)
        from cube_blind_spot_month where month_end < ?
        """,
        [stop_months, end, end],
    ).fetchone()


def cells(cursor: "duckdb.DuckDBPyConnection", month_end: date, columns: Sequence[str], scope: Choice) -> list[Cell]:
    """Of every combination of codes of the columns, inside the reader's scope."""
    limits, codes = filters_of(scope)
    listed = ", ".join(map(quoted, columns))
    rows = cursor.execute(
        f"""
        select
            [{listed}]::varchar[], quadrant, sum(n_customers)::bigint, coalesce(sum(revenue_12m), 0)::double,
            sum(n_mature)::bigint, sum(n_stopped)::bigint, coalesce(sum(n_expected), 0)::double
        from cube_blind_spot_month where month_end = ?{limits} group by all
        """,  # noqa: S608 (names of columns that exist; values are bound)
        [month_end, *codes],
    ).fetchall()
    return [Cell(tuple(keys), *numbers) for keys, *numbers in rows]


def sample(cursor: "duckdb.DuckDBPyConnection", segments: Sequence[str]) -> list[tuple[date, Point, dict[str, str]]]:
    """The sampled customers: month end, point, code of each segment; without who they are."""
    rows = cursor.execute(
        f"""
        select
            month_end, crm_health::double, cem_health::double, quadrant, [{", ".join(map(code_sql, segments))}]
        from blind_spot_sample
        where crm_health is not null and cem_health is not null
        """  # noqa: S608 (names of columns that exist)
    ).fetchall()
    return [(month_end, tuple(point), dict(zip(segments, codes, strict=True))) for month_end, *point, codes in rows]


def points(
    sampled: Iterable[tuple[date, Point, dict[str, str]]], month_end: date, selection: Selection
) -> tuple[Point, ...]:
    """Of the selected customers; only the data's last month has a sample."""
    limits = [(column, set(codes)) for column, codes in (*selection.where, *selection.scope)]
    return tuple(
        point
        for at, point, codes in sampled
        if at == month_end and all(codes[column] in allowed for column, allowed in limits)
    )


def large_enough(sizes: Mapping[str, int], min_group: int) -> set[str]:
    """Of groups that part a whole, those that may be shown: one hidden group hides the next smallest as well."""
    return sizes.keys() - hidden_codes({group: n for group, n in sizes.items() if n}, min_group)
