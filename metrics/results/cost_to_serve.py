"""What customers cost to serve, against what they bring; who costs most, and why.

Customers of the last 12 full months (int_customer_cost); a cost is the time of a contact, inbound or outbound, by the
hourly cost of its team. Value tiers are those from before the 12 months, so costs and margins are what came after.
Concentration is shown beside what lot would make of it: the same contacts dealt among the same customers, since even
if nobody were special some would call twice.

Tables, empty where nothing can be told; column_name and code are the group, '' = everyone:
  result_cost_tier           one row per group and value tier ('' = all; new, none besides those of the settings)
  result_cost_concentration  one row per group and share of customers (0.05, 0.10), the costliest first
  result_cost_reason         one row per group, reason and `who`: the costliest 10 %, or all the others
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from metrics.results.groups import shown_groups
from metrics.results.rows import insert
from metrics.stats.intervals import Estimate, mean_t, t_quantile
from metrics.stats.jackknife import GROUPS, error_of
from metrics.stats.jackknife import estimate as jackknifed
from metrics.stats.jackknife import ratio as ratio_of
from metrics.sums import quoted
from metrics.suppression import Size, hidden_cells

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

SHARES = (0.05, 0.10)
WHO = ("costliest", "others")
DEALS, SEED = 20, 11
TABLES = """
create table result_cost_tier (
    column_name varchar, code varchar, value_tier varchar, contacts double, cost double, cost_low double,
    cost_high double, margin double, margin_low double, margin_high double, share double, share_low double,
    share_high double, n bigint, n_contacts bigint, n_timed bigint, first_on date, last_on date, method varchar
);
create table result_cost_concentration (
    column_name varchar, code varchar, customer_share double, value double, low double, high double, by_lot double,
    customers bigint, n bigint, n_contacts bigint, total double, method varchar
);
create table result_cost_reason (
    column_name varchar, code varchar, reason varchar, who varchar, value double, low double, high double,
    cost double, per_customer double, repeats double, customers bigint, n bigint, method varchar
)
"""
CUSTOMERS = """
select
    row_number() over (order by customer_id) - 1 as number, cost, margin, n_contacts, n_timed, tier_before,
    cast(hash(customer_id) % {groups} as tinyint) as bucket{segments}
from int_customer_cost
order by customer_id
"""
CONTACTS = """
with customer as (select customer_id, row_number() over (order by customer_id) - 1 as number from int_customer_cost)
select
    k.number, cast(c.handling_cost as double) as cost, c.reason,
    coalesce(c.is_repeat_of_earlier_7d, false) as is_repeat
from fct_contact as c
inner join customer as k on c.customer_id = k.customer_id
cross join setting
where
    c.handling_cost is not null and c.started_on <= setting.last_month_end
    and c.started_on > last_day(cast(setting.last_month_end - interval 12 month as date))
order by c.started_at, c.contact_id
"""
SPAN = """
select last_day(cast(last_month_end - interval 12 month as date)) + 1, last_month_end from setting
"""


@dataclass(frozen=True)
class Served:
    """Customers (one entry each) and their timed contacts; `number` of a contact is the place of its customer."""

    customers: dict[str, np.ndarray]
    contacts: dict[str, np.ndarray]

    def only(self, inside: np.ndarray) -> "Served":
        places = np.cumsum(inside) - 1
        kept = inside[self.contacts["number"]]
        contacts = {name: values[kept] for name, values in self.contacts.items()}
        return Served(
            {name: values[inside] for name, values in self.customers.items()},
            contacts | {"number": places[contacts["number"]]},
        )

    @property
    def cost(self) -> np.ndarray:
        return self.customers["cost"]

    @property
    def bucket(self) -> np.ndarray:
        return self.customers["bucket"]


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    connection.execute(TABLES)
    segments, min_group = settings.segment_columns, settings.thresholds.min_group
    named = "".join(f", {quoted(column)}" for column in segments)
    served = Served(
        connection.execute(CUSTOMERS.format(segments=named, groups=GROUPS)).fetchnumpy(),
        connection.execute(CONTACTS).fetchnumpy(),
    )
    if not len(served.contacts["number"]):
        return
    span = connection.execute(SPAN).fetchone()
    found: dict[str, list[tuple]] = {"tier": [], "concentration": [], "reason": []}
    for column, code, part in groups_of(served, segments, min_group):
        found["tier"] += ((column, code, *row) for row in tiers(part, span, min_group))
        found["concentration"] += ((column, code, *row) for row in concentrations(part, min_group))
        found["reason"] += ((column, code, *row) for row in reasons(part, min_group))
    for name, rows in found.items():
        insert(connection, f"result_cost_{name}", rows)


def groups_of(served: Served, segments: Sequence[str], min_group: int) -> Iterator[tuple[str, str, Served]]:
    """Everyone, then each group of each segment column that may be shown."""
    yield "", "", served
    for column in segments:
        for code, inside in shown_groups(served.customers[column], min_group).items():
            yield column, code, served.only(inside)


def tiers(served: Served, span: tuple, min_group: int) -> Iterator[tuple]:
    """All customers, then each tier that may be shown: cost and margin a customer, and cost as a share of margin."""
    codes = served.customers["tier_before"]
    for tier, inside in {"": np.ones(len(codes), bool), **shown_groups(codes, min_group)}.items():
        customers = {name: values[inside] for name, values in served.customers.items()}
        cost, margin, n = customers["cost"], customers["margin"], int(inside.sum())
        estimates = (mean_of(cost), mean_of(margin), share_of(cost, margin))
        counts = (n, int(customers["n_contacts"].sum()), int(customers["n_timed"].sum()))
        numbers = (end for e in estimates for end in (e.value, e.low, e.high))
        yield (tier, float(customers["n_contacts"].mean()), *numbers, *counts, *span, "customers_t")


def mean_of(values: np.ndarray) -> Estimate:
    return mean_t(float(values.sum()), float((values**2).sum()), len(values))


def share_of(cost: np.ndarray, margin: np.ndarray) -> Estimate:
    """Cost over margin, both summed, its interval by linearisation; nothing where there is no margin to speak of."""
    total, n = float(margin.sum()), len(margin)
    if total <= 0 or n < 2:
        return Estimate(None)
    value = float(cost.sum()) / total
    spread = t_quantile(n - 1) * np.sqrt(n) * float(np.std(cost - value * margin, ddof=1)) / total
    return Estimate(value, value - spread, value + spread)


def concentrations(served: Served, min_group: int) -> Iterator[tuple]:
    contacts = served.contacts
    for share in SHARES:
        n = len(served.cost)
        if share * n < min_group or not served.cost.sum():
            continue
        value = top_share(served.cost, share)
        error = error_of([top_share(served.cost[served.bucket != g], share) for g in range(GROUPS)])
        spread = None if error is None else t_quantile(GROUPS - 1) * error
        ends = (None, None) if spread is None else (value - spread, min(1.0, value + spread))
        lot = by_lot(contacts["cost"], n, share)
        sizes = (int(share * n), n, len(contacts["cost"]), float(served.cost.sum()))
        yield (share, value, *ends, lot, *sizes, "jackknife_and_lot")


def top_share(cost: np.ndarray, share: float) -> float | None:
    """Share of the cost borne by the costliest `share` of customers."""
    total, count = cost.sum(), int(share * len(cost))
    return float(np.partition(cost, len(cost) - count)[len(cost) - count :].sum() / total) if total and count else None


def by_lot(costs: np.ndarray, customers: int, share: float) -> float:
    """The same share, had each contact fallen on any of the customers with equal chances; mean of DEALS deals."""
    rng = np.random.default_rng(SEED)
    deals = (np.bincount(rng.integers(0, customers, len(costs)), costs, minlength=customers) for _ in range(DEALS))
    return float(np.mean([top_share(dealt, share) for dealt in deals]))


def reasons(served: Served, min_group: int) -> Iterator[tuple]:
    """Of which reasons the cost of the costliest tenth is made, and that of the others."""
    count = int(SHARES[-1] * len(served.cost))
    if count < min_group:
        return
    is_top = np.zeros(len(served.cost), bool)
    is_top[np.argsort(-served.cost, kind="stable")[:count]] = True
    contacts, mine = served.contacts, is_top[served.contacts["number"]]
    names, reason = np.unique(contacts["reason"].astype(str), return_inverse=True)
    people = {
        (str(name), who): len(np.unique(contacts["number"][(reason == place) & (mine == (who == WHO[0]))]))
        for place, name in enumerate(names)
        for who in WHO
    }
    sizes = {key: Size(n, n, n) for key, n in people.items()}
    hidden = hidden_cells(("reason", "who"), ("who",), sizes, min_group).get((0, 1), frozenset())
    for place, name in enumerate(names):
        for who in WHO:
            if people[str(name), who] and (str(name), who) not in hidden:
                side = mine == (who == WHO[0])
                yield reason_row(served, str(name), who, side, side & (reason == place), people[str(name), who])


def reason_row(served: Served, name: str, who: str, side: np.ndarray, inside: np.ndarray, people: int) -> tuple:
    contacts = served.contacts
    bucket, cost = served.bucket[contacts["number"]], contacts["cost"]
    own = np.bincount(bucket[inside], cost[inside], minlength=GROUPS)
    whole = np.bincount(bucket[side], cost[side], minlength=GROUPS)
    share = jackknifed(list(zip(own.tolist(), whole.tolist(), strict=True)), ratio_of)
    total = float(cost[inside].sum())
    sizes = (people, int(inside.sum()))
    repeats = float(contacts["is_repeat"][inside].mean())
    return (name, who, share.value, share.low, share.high, total, total / people, repeats, *sizes, "jackknife")
