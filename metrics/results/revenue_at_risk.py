"""Revenue at risk: margin of active customers who lived bad things, times how much oftener such customers stopped.

Learnt at past month ends, SPACING months apart, whose following months are known: customers with 1, 2 or more bad
things in 12 months (promises broken, contacts that came back, were handed on or made the customer say it again) against
those with none, alike in recency, in how often they bought, and in how often something could go wrong (without the
purchases, who buys seldom and calls often looks driven away by the calls). The difference in the share that stopped, by
recency and value tier, drawn towards that of all of them as far as its own few customers cannot tell (empirical Bayes),
is applied to those who stand there at the last month end, each once, with the margin that customers like them brought
who did stay. Negative differences count too: cutting them off would invent a loss where there is none. An observed
difference, not a recoverable amount. The interval leaves groups of customers out in turn (jackknife).

Tables:
  result_revenue_at_risk        one row per group (column_name and code; '' = everyone) and `heard` (all, heard,
                                never_heard: answered a survey in 12 months or not): value in company currency
  result_revenue_at_risk_level  everyone, by number of bad things: difference in the share that stopped
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from metrics.results.rows import insert
from metrics.stats.intervals import Estimate, around, t_quantile
from metrics.stats.jackknife import GROUPS, error_of
from metrics.sums import quoted
from metrics.suppression import hidden_codes

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "jackknife_20"
SPACING, MOST_CUTS = 3, 6
LEVELS, EXPOSURES, PURCHASES = 4, 8, 7
BANDS = ("000-060", "061-120", "121-180", "181-365", "366+")
LEAST = 200  # customers stopped, in the past, with bad things and without
PRIOR = 20.0  # customers of the parent cell that a stratum's reference is drawn towards
HEARD = ("heard", "never_heard")
TABLES = """
create table result_revenue_at_risk (
    column_name varchar, code varchar, heard varchar, value double, low double, high double, excess double,
    margin double, n bigint, n_active bigint, n_learnt bigint, month_end date, first_on date, last_on date,
    method varchar
);
create table result_revenue_at_risk_level (
    level integer, value double, low double, high double, n bigint, method varchar
)
"""
LIVED = """
create or replace temp table risk_lived as
with later as (
    select
        customer_id,
        cast(12 * year(ordered_on) + month(ordered_on) as integer) as month_index,
        sum(margin_amount) as margin
    from fct_order
    where is_sale and customer_id is not null
    group by all
),

active as (
    select
        *,
        cast(12 * year(month_end) + month(month_end) as integer) as month_index,
        date_diff('month', month_end, (select last_month_end from setting)) as months_ago
    from fct_customer_month
    where is_active
)

select
    a.customer_id,
    months_ago = 0 as is_now,
    month_end,
    cast(hash(a.customer_id) % {groups} as integer) as bucket,
    list_position({bands}, a.recency_band) - 1 as band,
    coalesce(t.rank, 0) as tier,
    least(n_purchases_12m, {purchases}) as purchases,
    case
        when n_promises_12m + n_contacts_12m <= 4 then n_promises_12m + n_contacts_12m
        when n_promises_12m + n_contacts_12m <= 6 then 5
        when n_promises_12m + n_contacts_12m <= 9 then 6
        else 7
    end as exposure,
    least(
        n_broken_promises_12m + n_repeat_contacts_12m + n_transfers_12m + n_repeated_information_12m, {most}
    ) as level,
    is_heard_12m,
    stopped_within_6m,
    sum(l.margin) as margin
    {segments}
from active as a
left join setting_value_tier as t on a.value_tier = t.code
left join later as l
    on a.customer_id = l.customer_id and l.month_index between a.month_index + 1 and a.month_index + {stop_months}
where
    months_ago = 0
    or (
        stopped_within_6m is not null
        and (months_ago - {stop_months}) % {spacing} = 0
        and months_ago < {stop_months} + {spacing} * {cuts}
    )
group by all
"""
COUNTED = """
select
    {code} as code,
    is_now,
    bucket,
    band,
    tier,
    purchases,
    exposure,
    level,
    is_heard_12m as is_heard,
    count(*) as n,
    count(*) filter (where stopped_within_6m) as stopped,
    coalesce(sum(margin) filter (where not stopped_within_6m), 0)::double as margin
from risk_lived
group by all
"""
AXES = ("bucket", "band", "tier", "purchases", "exposure", "level")


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    for statement in TABLES.split(";"):
        connection.execute(statement)
    segments = settings.segment_columns
    sql = LIVED.format(
        spacing=SPACING,
        stop_months=settings.windows.stop_months,
        groups=GROUPS,
        bands=list(BANDS),
        most=LEVELS - 1,
        purchases=PURCHASES - 1,
        cuts=MOST_CUTS,
        segments="".join(f", a.{quoted(column)}" for column in segments),
    )
    connection.execute(sql)
    span = connection.execute(
        "select (select last_month_end from setting), min(month_end), max(month_end) from risk_lived where not is_now"
    ).fetchone()
    tiers = len(settings.value_tiers.names) + 1
    everyone = next(iter(lived_by(connection, "''", tiers).values()), None)
    rows = list(rows_of("", "", everyone, span)) if everyone else []
    levels = level_rows(everyone) if rows else []
    for column in segments if rows else ():
        found = lived_by(connection, quoted(column), tiers)
        hidden = too_small(found, settings.thresholds.min_group)
        rows += [row for code in found.keys() - hidden for row in rows_of(column, code, found[code], span)]
    insert(connection, "result_revenue_at_risk", rows)
    insert(connection, "result_revenue_at_risk_level", levels)
    connection.execute("drop table risk_lived")


@dataclass(frozen=True)
class Lived:
    """Counts by AXES: past customers, those who stopped, the margin of those who stayed; customers now, heard first."""

    n: np.ndarray
    stopped: np.ndarray
    margin: np.ndarray
    now: tuple[np.ndarray, np.ndarray]

    def without(self, bucket: int | None) -> "Summed":
        """Over all groups of customers but one; their present scaled up to all."""
        kept = np.arange(GROUPS) != (-1 if bucket is None else bucket)
        scale = GROUPS / kept.sum()
        past = (part[kept].sum(axis=0) for part in (self.n, self.stopped, self.margin))
        return Summed(*past, tuple(scale * part[kept].sum(axis=0) for part in self.now))


@dataclass(frozen=True)
class Summed:
    """The same over customers: (band, tier, purchases, exposure, level)."""

    n: np.ndarray
    stopped: np.ndarray
    margin: np.ndarray
    now: tuple[np.ndarray, np.ndarray]

    def excess(self) -> np.ndarray:
        """(band, tier, level): how much larger the share that stopped was than that of customers without bad things."""
        n, reference = self.n[..., 1:], self.reference()[:, None, :, :, None]
        surplus, size = (self.stopped[..., 1:] - n * reference).sum(axis=(2, 3)), n.sum(axis=(2, 3))
        share = ratio(self.stopped[..., 1:].sum(axis=(2, 3)), size)
        found = np.zeros((*size.shape[:2], self.n.shape[-1]))
        for k in range(size.shape[-1]):
            found[..., k + 1] = shrunk(surplus[..., k], size[..., k], share[..., k])
        return found

    def reference(self) -> np.ndarray:
        """(band, purchases, exposure): share that stopped without bad things; few of a cell are drawn towards their
        band and purchases, and these towards what band and purchases say apart."""
        n, stopped = (part[..., 0].sum(axis=1) for part in (self.n, self.stopped))
        apart = [ratio(stopped.sum(axis=axes), n.sum(axis=axes)) for axes in ((1, 2), (0, 2))]
        expected = np.outer(*apart) / max(ratio(stopped.sum(), n.sum()), 1e-9)
        parent = (stopped.sum(axis=2) + PRIOR * expected) / (n.sum(axis=2) + PRIOR)
        return (stopped + PRIOR * parent[..., None]) / (n + PRIOR)

    def stayers_margin(self) -> np.ndarray:
        """(band, tier): margin of the following months of who stayed, few of a cell drawn towards their tier's."""
        stayed, margin = (part.sum(axis=(2, 3, 4)) for part in (self.n - self.stopped, self.margin))
        tier = ratio(margin.sum(axis=0), stayed.sum(axis=0))
        return (margin + PRIOR * tier) / (stayed + PRIOR)

    def at_risk(self) -> tuple[float, float]:
        """Margin at risk of the heard and of those never heard."""
        each = self.excess() * self.stayers_margin()[..., None]
        return tuple(float((part.sum(axis=(2, 3)) * each).sum()) for part in self.now)


def shrunk(surplus: np.ndarray, size: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Differences of cells, drawn towards the common one by what they truly vary (DerSimonian & Laird 1986)."""
    common = surplus.sum() / size.sum() if size.sum() else 0.0
    own, noise = ratio(surplus, size), np.maximum(share * (1 - share), 0.02)
    weight = size / noise
    spread = float((weight * (own - common) ** 2).sum())
    freedom = max(int((size > 0).sum()) - 1, 0)
    varies = weight.sum() - ratio((weight**2).sum(), weight.sum())
    between = max(0.0, (spread - freedom) / varies) if varies > 0 else 0.0
    trust = between * size / (between * size + noise)
    return common + trust * (own - common)


def ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """0 where there is nobody."""
    return np.divide(above, below, out=np.zeros(np.shape(above)), where=np.asarray(below) > 0)


def lived_by(connection: "duckdb.DuckDBPyConnection", code: str, tiers: int) -> dict[str, Lived]:
    """Counts of each code of a segment column; of everyone for a constant."""
    rows = connection.execute(COUNTED.format(code=code)).fetchnumpy()
    rows = {name: np.ma.getdata(values) for name, values in rows.items()}
    shape = (GROUPS, len(BANDS), tiers, PURCHASES, EXPOSURES, LEVELS)
    now, heard = rows["is_now"].astype(bool), rows["is_heard"].astype(bool)

    def tensor(inside: np.ndarray, measure: str) -> np.ndarray:
        filled = np.zeros(shape)
        np.add.at(filled, tuple(rows[axis][inside].astype(int) for axis in AXES), rows[measure][inside])
        return filled

    found = {}
    for value in np.unique(rows["code"].astype(str)):
        own = rows["code"].astype(str) == value
        past = (tensor(own & ~now, measure) for measure in ("n", "stopped", "margin"))
        found[str(value)] = Lived(*past, (tensor(own & now & heard, "n"), tensor(own & now & ~heard, "n")))
    return found


def rows_of(column: str, code: str, lived: Lived, span: tuple) -> Iterator[tuple]:
    """All, heard, never heard; nothing when too few stopped with bad things or without."""
    whole = lived.without(None)
    if min(whole.stopped[..., 0].sum(), whole.stopped[..., 1:].sum()) < LEAST:
        return
    value = whole.at_risk()
    left_out = [lived.without(bucket).at_risk() for bucket in range(GROUPS)]
    excess, margin = whole.excess(), whole.stayers_margin()[..., None]
    for k, heard in enumerate(("all", *HEARD)):
        pick = (lambda pair: sum(pair)) if heard == "all" else (lambda pair, side=k - 1: pair[side])
        now = sum(whole.now) if heard == "all" else whole.now[k - 1]
        found = spread(pick(value), [pick(pair) for pair in left_out])
        exposed = now.sum(axis=(2, 3))[..., 1:]
        n = exposed.sum()
        means = (float((exposed * part).sum() / n) if n else None for part in (excess[..., 1:], margin))
        counts = (int(n), int(now.sum()), int(whole.n.sum()))
        yield (column, code, heard, found.value, found.low, found.high, *means, *counts, *span, METHOD)


def level_rows(lived: Lived) -> list[tuple]:
    """By number of bad things: the mean difference over those who lived as many."""

    def means(summed: Summed) -> list[float]:
        size = summed.n.sum(axis=(2, 3))
        return [float(ratio((summed.excess() * size)[..., k].sum(), size[..., k].sum())) for k in range(1, LEVELS)]

    whole, left_out = means(lived.without(None)), [means(lived.without(bucket)) for bucket in range(GROUPS)]
    rows = []
    for k, value in enumerate(whole):
        found = spread(value, [each[k] for each in left_out])
        rows.append((k + 1, found.value, found.low, found.high, int(lived.n[..., k + 1].sum()), METHOD))
    return rows


def spread(value: float, left_out: Sequence[float]) -> Estimate:
    return around(value, t_quantile(GROUPS - 1) * (error_of(left_out) or 0.0))


def too_small(found: dict[str, Lived], min_group: int) -> frozenset[str]:
    """Groups in which too few lived bad things to be shown, and enough of their neighbours."""
    people = {code: int(sum(part[..., 1:].sum() for part in lived.now)) for code, lived in found.items()}
    return hidden_codes(people, min_group)
