"""Who is still a customer, how much they will buy, what that is worth: MBG/NBD and Gamma-Gamma, with the holdout.

Days of purchase of identified customers (those of one day are one), in months since the first; of more than
MOST_CUSTOMERS a sample, by a hash of who they are. It is first learnt on what was known `stop_months` before the end,
and its expectation compared with what was then bought; then on everything. In the BG/NBD nobody leaves before a second
purchase, so every one-time buyer counts as alive: the MBG/NBD is what is told, the likelihood of both is kept. Value:
margin a purchase by Gamma-Gamma (Fader & Hardie 2013), which takes spend and frequency as independent: their
correlation is told beside it. Purchases come evenly over the horizon and are discounted monthly. The interval leaves
out a group of customers in turn, the model fitted again.

Tables:
  result_bgnbd           one row per group (column_name and code; '' = everyone): mean P(alive), purchases and margin a
                         customer expected over the horizon, with intervals
  result_bgnbd_model     one row per model and the day up to which it was learnt (before the months held out, and now):
                         parameters, time in months, and log-likelihood; Gamma-Gamma's, and the correlation
  result_bgnbd_holdout   by repeat purchases before: purchases expected (`bg_nbd`: by that model) and made in the months
                         held out
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from metrics.results.groups import EVERYBODY, shown_groups
from metrics.results.rows import insert
from metrics.stats.bgnbd import START, History, Purchasing, fitted, gamma_gamma
from metrics.stats.intervals import Z, t_quantile
from metrics.stats.jackknife import GROUPS, error_of
from metrics.sums import code_sql, quoted

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "mbg_nbd_jackknife"
LEAST = 200  # customers, and of them with a repeat purchase
MOST_CUSTOMERS = 50_000
MOST_REPEATS = 7
TABLES = """
create table result_bgnbd (
    column_name varchar, code varchar, p_alive double, p_alive_low double, p_alive_high double, value double,
    low double, high double, clv double, clv_low double, clv_high double, n bigint, months integer, discount double,
    method varchar
);
create table result_bgnbd_model (
    model varchar, learnt_on date, r double, alpha double, a double, b double, value double, low double, high double,
    n bigint, method varchar
);
create table result_bgnbd_holdout (
    repeats integer, expected double, bg_nbd double, value double, low double, high double, n bigint, method varchar
)
"""
BOUGHT = """
with drawn as (
    select customer_id
    from fct_order
    where is_sale and customer_id is not null
    group by customer_id
    order by hash(customer_id)
    limit {most}
),

bought as (
    select
        customer_id,
        ordered_on,
        sum(margin_amount) as margin
    from fct_order
    inner join drawn using (customer_id)
    where is_sale and ordered_on <= $end
    group by all
)

select
    b.customer_id,
    count(*) filter (where ordered_on <= $cut) - 1 as x,
    (max(ordered_on) filter (where ordered_on <= $cut) - min(ordered_on)) / 30.4375 as recency,
    ($cut - min(ordered_on)) / 30.4375 as age,
    count(*) filter (where ordered_on > $cut) as later,
    sum(margin)::double / count(margin) as margin,
    cast(hash(b.customer_id) % {groups} as integer) as bucket
    {segments}
from bought as b
left join dim_segment as d on b.customer_id = d.customer_id
group by all
having min(ordered_on) <= $cut
order by b.customer_id
"""


@dataclass(frozen=True)
class Bought:
    """Customers one by one: repeat purchases, last one and age in months, purchases later, mean margin a purchase."""

    x: np.ndarray
    recency: np.ndarray
    age: np.ndarray
    later: np.ndarray
    margin: np.ndarray
    bucket: np.ndarray
    codes: dict[str, np.ndarray]


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    for statement in TABLES.split(";"):
        connection.execute(statement)
    (end,) = connection.execute("select last_month_end from setting").fetchone()
    months = settings.windows.stop_months
    (cut,) = connection.execute("select last_day(?::date - to_months(?))", [end, months]).fetchone()
    before, now = (bought(connection, settings, day, end) for day in (cut, end))
    if min(len(before.x), int((before.x > 0).sum())) < LEAST:
        return
    earlier, models = ([learnt(known, leaves_at_once) for leaves_at_once in (False, True)] for known in (before, now))
    spending = spend(now)
    insert(connection, "result_bgnbd_model", [*model_rows(earlier, cut, before), *model_rows(models, end, now)])
    insert(connection, "result_bgnbd_model", spend_rows(spending, end, now))
    insert(connection, "result_bgnbd_holdout", holdout_rows(before, earlier, months))
    insert(connection, "result_bgnbd", group_rows(now, models[True], spending, settings))


def bought(connection: "duckdb.DuckDBPyConnection", settings: "Settings", cut: object, end: object) -> Bought:
    """Everybody who had bought by `cut`; `later`: purchases after it, up to `end`."""
    segments = "".join(f", {code_sql(c, 'd')} as {quoted(c)}" for c in settings.segment_columns)
    sql = BOUGHT.format(most=MOST_CUSTOMERS, groups=GROUPS, segments=segments)
    found = connection.execute(sql, {"cut": cut, "end": end}).fetchnumpy()
    names = ("x", "recency", "age", "later", "margin")
    numbers = (np.ma.filled(found[name].astype(float), np.nan) for name in names)
    return Bought(*numbers, found["bucket"], {c: found[c].astype(str) for c in settings.segment_columns})


def learnt(known: Bought, leaves_at_once: bool, without: int | None = None, start: tuple = START) -> Purchasing:
    """Where a group is left out, times are rounded to half a month: many customers are alike then."""
    if without is None:
        return fitted(History.of(known.x, known.recency, known.age), leaves_at_once, start)
    kept = known.bucket != without
    times = (np.round(part[kept] * 2) / 2 for part in (known.recency, known.age))
    return fitted(History.of(known.x[kept], *times), leaves_at_once, start)


def spend(known: Bought, without: int | None = None) -> tuple[float, float, float]:
    """Gamma-Gamma p, q, v of margin a purchase, from repeat customers with a positive mean."""
    kept = (known.bucket != (-1 if without is None else without)) & (known.x > 0) & (known.margin > 0)
    n, mean = known.x[kept] + 1, known.margin[kept]
    if len(n) < LEAST:
        return (np.nan,) * 3
    return gamma_gamma(n, mean)


def model_rows(models: Sequence[Purchasing], learnt_on: object, known: Bought) -> Iterator[tuple]:
    for m in models:
        name = "mbg_nbd" if m.leaves_at_once else "bg_nbd"
        parameters = (m.r, m.alpha, m.a, m.b)
        yield (name, learnt_on, *parameters, float(m.log_likelihood), None, None, len(known.x), METHOD)


def spend_rows(spending: tuple[float, float, float], learnt_on: object, known: Bought) -> Iterator[tuple]:
    """Gamma-Gamma's parameters, with the correlation of spend and frequency that it takes as none."""
    repeat = (known.x > 0) & (known.margin > 0)
    size = int(repeat.sum())
    if size >= LEAST:
        r = float(np.corrcoef(known.x[repeat], known.margin[repeat])[0, 1])
        ends = (float(np.tanh(np.arctanh(r) + side * Z / np.sqrt(size - 3))) for side in (-1, 1))
        yield ("gamma_gamma", learnt_on, *spending, None, r, *ends, size, METHOD)


def holdout_rows(before: Bought, models: Sequence[Purchasing], months: int) -> Iterator[tuple]:
    """Mean purchases in the months held out, by repeat purchases before them; the last line holds all above too."""
    never, at_once = (model.expected(months, before.x, before.recency, before.age) for model in models)
    repeats = np.minimum(before.x, MOST_REPEATS)
    for x in np.unique(repeats):
        inside = repeats == x
        n, made = int(inside.sum()), before.later[inside]
        wide = t_quantile(n - 1) * made.std(ddof=1) / np.sqrt(n) if n > 1 else 0.0
        value = float(made.mean())
        expected = float(at_once[inside].mean()), float(never[inside].mean())
        yield (int(x), *expected, value, value - wide, value + wide, n, METHOD)


def group_rows(
    known: Bought, model: Purchasing, spending: tuple[float, float, float], settings: "Settings"
) -> Iterator[tuple]:
    """Everyone, then each group that is large enough; each mean with the jackknife's interval, models fitted again."""
    months, discount = settings.outlook.clv_months, settings.outlook.discount
    start = (model.r, model.alpha, model.a, model.b)
    whole = customers(known, model, spending, months, discount)
    left_out = []
    for bucket in range(GROUPS):
        again = learnt(known, True, bucket, start), spend(known, bucket)
        left_out.append(customers(known, *again, months, discount))
    groups = {EVERYBODY: np.ones(len(known.x), bool)}
    for column, codes in known.codes.items():
        shown = shown_groups(codes, settings.thresholds.min_group)
        groups |= {(column, code): inside for code, inside in shown.items()}
    for group, inside in groups.items():
        means = means_of(whole, left_out, inside, known.bucket)
        yield (*group, *means, int(inside.sum()), months, discount, METHOD)


def customers(
    known: Bought, model: Purchasing, spending: tuple[float, float, float], months: int, discount: float
) -> np.ndarray:
    """(3, customers): P(alive), purchases and discounted margin expected over the months; times to half a month."""
    recency, age = (np.round(part * 2) / 2 for part in (known.recency, known.age))
    alive, ahead = model.p_alive(known.x, recency, age), model.expected(months, known.x, recency, age)
    p, q, v = spending
    n, seen = known.x + 1, np.maximum(np.nan_to_num(known.margin), 0)
    each = p * (v + n * seen) / (p * n + q - 1)
    factor = np.mean((1 + discount) ** (-(np.arange(months) + 0.5) / 12))
    return np.stack([alive, ahead, ahead * each * factor])


def means_of(
    whole: np.ndarray, left_out: list[np.ndarray], inside: np.ndarray, bucket: np.ndarray
) -> list[float | None]:
    """Mean, low and high of each of the three over a group."""
    told: list[float | None] = []
    for k in range(3):
        value = float(whole[k][inside].mean())
        kept = [each[k][inside & (bucket != b)] for b, each in enumerate(left_out)]
        error = error_of([float(part.mean()) for part in kept]) if all(len(part) for part in kept) else None
        if error is None or np.isnan(value) or np.isnan(error):
            told += [None, None, None] if np.isnan(value) else [value, None, None]
        else:
            wide = t_quantile(GROUPS - 1) * error
            told += [value, value - wide, value + wide]
    return told
