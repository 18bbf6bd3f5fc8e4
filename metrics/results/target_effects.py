"""What a handle-time target changed: seconds, repeat contacts, and what must not pay for them.

Difference in differences against comparable teams (metrics/results/targets.py, metrics/stats/before_after.py), in cells
of reason and channel, for everyone and for each group of each config segment. Beside the effect stands a placebo: the
same calculation inside the months before, cut in the middle, where nothing had come yet.

Tables:
  result_target_effect  one row per target, group (column_name and code; '' = everyone) and outcome
    handle_seconds, handle_median   seconds of handled contacts
    repeat, repeat_any              shares followed within 7 days for the same, for any reason
    abandoned, unidentified, transferred, other_reason   guards: shares of contacts (other_reason: booked under a reason
                                    outside those that made 90 % of the team's contacts before)
    stopped                         guard: share of customers who buy nothing in the stop_months after the contact
    net_seconds                     handle_seconds + repeat x what a returning contact takes: worked seconds a contact
  result_target_month   one row per target, side (the team, or those compared), outcome and month or quarter; everyone
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from metrics.results.moments import groups_of
from metrics.results.rows import insert, unmasked
from metrics.results.targets import METHOD, Target
from metrics.stats.before_after import Effect, Panel, effect, estimated, median_effect
from metrics.stats.intervals import Estimate, mean_t, wilson
from metrics.stats.jackknife import GROUPS
from metrics.sums import quoted
from metrics.suppression import Size, hidden_cells

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

OUTCOMES = ("handle_seconds", "repeat", "repeat_any", "abandoned", "unidentified", "transferred", "stopped")
DRAWN = ("handle_seconds", "repeat")
BEFORE, LEFT_OUT, AFTER = 0, 1, 2
STEPS = (1, 3)  # months drawn together, the fewest in which every point has people enough
MAIN_REASONS = 0.9
EFFECT = """
create table result_target_effect (
    team varchar, started_on date, column_name varchar, code varchar, outcome varchar, value double, low double,
    high double, before double, after double, other_before double, other_after double, placebo double,
    placebo_low double, placebo_high double, n bigint, n_before bigint, n_other_before bigint, n_other_after bigint,
    scatter double, method varchar
)
"""
MONTH = """
create table result_target_month (
    team varchar, started_on date, is_target boolean, outcome varchar, month date, months integer, value double,
    low double, high double, n bigint, method varchar
)
"""
ROWS = """
with contact as (
    select * from fct_contact
    where is_inbound and list_contains(?::varchar[], team) and started_on >= ? and started_on < ?
),

bought_again as (
    select distinct c.contact_id
    from contact as c
    inner join fct_order as o on c.customer_id = o.customer_id and o.is_sale
    where o.ordered_on > c.started_on and o.ordered_on <= c.started_on + to_months({stop_months})
),

main_reason as (
    select reason
    from (
        select
            reason,
            sum(count(*)) over (order by count(*) desc, reason) - count(*) as n_above,
            sum(count(*)) over () as n_all
        from fct_contact
        where is_inbound and team = ? and started_on >= ? and started_on < ?
        group by reason
    )
    where n_above < {main} * n_all
)

select
    list_position(?::varchar[], c.team) - 1 as unit,
    case when c.started_on < ? then 0 when c.started_on < ? then 1 else 2 end as phase,
    cast(date_trunc('month', c.started_on) as date) as month,
    cast(12 * year(c.started_on) + month(c.started_on) as integer) as month_index,
    dense_rank() over (order by c.reason, c.channel) - 1 as cell,
    dense_rank() over (order by c.channel) - 1 as channel_cell,
    cast(hash(coalesce(c.customer_id, c.contact_id)) % {groups} as integer) as bucket,
    cast(hash(coalesce(c.customer_id, c.contact_id)) % 9007199254740993 as bigint) as person,
    cast(case when c.is_handled then c.handle_seconds end as double) as handle_seconds,
    cast(c.repeat_within_7d as double) as repeat,
    cast(c.repeat_any_reason_within_7d as double) as repeat_any,
    cast(c.is_abandoned as double) as abandoned,
    cast(not c.is_identified as double) as unidentified,
    cast(case when c.is_handled then c.is_transferred end as double) as transferred,
    cast(
        case when c.is_identified and c.started_on + to_months({stop_months}) <= setting.as_of
            then b.contact_id is null end as double
    ) as stopped,
    cast(c.reason not in (select reason from main_reason) as double) as other_reason,
    cast(case when c.is_repeat_of_earlier_7d and c.is_handled then c.handle_seconds end as double) as return_seconds
    {segments}
from contact as c
cross join setting
left join bought_again as b on c.contact_id = b.contact_id
order by c.started_at, c.contact_id
"""
Rows = dict[str, np.ndarray]


def begin(connection: "duckdb.DuckDBPyConnection") -> None:
    connection.execute(EFFECT)
    connection.execute(MONTH)


def add(connection: "duckdb.DuckDBPyConnection", target: Target, compared: Sequence[str], settings: "Settings") -> None:
    """All rows of one target."""
    segments, least = settings.segment_columns, settings.thresholds.min_group
    rows = contacts(connection, target, [target.team, *compared], settings)
    place = (target.team, target.started_on)
    found = [
        effect_row((*place, column, code, outcome), result, placebo)
        for column in ("", *segments)
        for code, inside in large_enough(rows, column, least).items()
        for outcome, result, placebo in effects(rows, inside)
    ]
    insert(connection, "result_target_effect", found)
    insert(connection, "result_target_month", [(*place, *point) for point in months(rows, least)])


def contacts(
    connection: "duckdb.DuckDBPyConnection", target: Target, teams: Sequence[str], settings: "Settings"
) -> Rows:
    """Contacts of the team (unit 0) and of those compared, from the first month looked at to the last."""
    sql = ROWS.format(
        main=MAIN_REASONS,
        groups=GROUPS,
        stop_months=settings.windows.stop_months,
        segments="".join(f", c.{quoted(column)}" for column in settings.segment_columns),
    )
    span = [list(teams), target.before_from, target.after_to]
    main = [target.team, target.before_from, target.before_to]
    sides = [list(teams), target.before_to, target.started_on]
    found = connection.execute(sql, [*span, *main, *sides]).fetchnumpy()
    return {name: unmasked(column) for name, column in found.items()}


def large_enough(rows: Rows, column: str, least: int) -> dict[str, np.ndarray]:
    """Groups of a column with people enough on all four sides; neighbours are left out with the others."""
    groups = groups_of(rows, column)
    sizes = {}
    for code, inside in groups.items():
        sides = [rows["person"][inside & side] for side in four_sides(rows)]
        people = min(len(np.unique(side)) for side in sides)
        sizes[code,] = Size(people, people, min(map(len, sides)))
    hidden = hidden_cells((column,), (column,), sizes, least).get((0,), frozenset())
    return {code: inside for code, inside in groups.items() if (code,) not in hidden}


def four_sides(rows: Rows) -> list[np.ndarray]:
    """The team before and after, the others before and after."""
    is_team = rows["unit"] == 0
    return [who & (rows["phase"] == when) for who in (is_team, ~is_team) for when in (BEFORE, AFTER)]


def effects(rows: Rows, inside: np.ndarray) -> Iterator[tuple[str, Effect, Estimate]]:
    """Outcome, effect and placebo of one group."""
    compared = inside & (rows["phase"] != LEFT_OUT)
    panel = panel_of(rows, "cell").only(compared)
    earlier = inside & (rows["phase"] == BEFORE)
    middle = np.median(np.unique(rows["month_index"][earlier]))
    past = panel_of(rows, "cell").only(earlier, rows["month_index"] >= middle)
    found: dict[str, Effect] = {}
    placebos: dict[str, Effect | None] = {}
    for outcome in OUTCOMES:
        result = effect(panel, rows[outcome][compared])
        if result is not None and result.difference.low is not None:
            found[outcome], placebos[outcome] = result, effect(past, rows[outcome][earlier])
            yield outcome, result, estimate_of(placebos[outcome])
    other = effect(panel_of(rows, "channel_cell").only(compared), rows["other_reason"][compared])
    if other is not None:
        yield "other_reason", other, Estimate(None)
    if "handle_seconds" in found:
        middle_ = median_effect(panel, rows["handle_seconds"][compared], found["handle_seconds"].scatter)
        if middle_ is not None:
            yield "handle_median", middle_, Estimate(None)
    if {"handle_seconds", "repeat"} <= found.keys():
        yield from net(rows, inside, found, placebos)


def panel_of(rows: Rows, cell: str) -> Panel:
    return Panel(rows["unit"], rows["phase"] == AFTER, rows[cell], rows["month_index"], rows["bucket"])


def estimate_of(found: Effect | None) -> Estimate:
    return Estimate(None) if found is None else found.difference


def net(
    rows: Rows, inside: np.ndarray, found: dict[str, Effect], placebos: dict[str, Effect | None]
) -> Iterator[tuple[str, Effect, Estimate]]:
    """Seconds worked for each contact, those of the first return included; returns of returns are left out."""
    returning = rows["return_seconds"][inside]
    if np.isnan(returning).all():
        return
    each = float(np.nanmean(returning))

    def joined(seconds: Effect, repeat: Effect) -> Effect:
        scatter = max(seconds.scatter, repeat.scatter)
        without = tuple(
            None if None in pair else pair[0] + each * pair[1]
            for pair in zip(seconds.without, repeat.without, strict=True)
        )
        value = seconds.difference.value + each * repeat.difference.value
        return Effect(seconds.levels, estimated(value, without, scatter), seconds.n, scatter, without)

    before = (placebos["handle_seconds"], placebos["repeat"])
    placebo = Estimate(None) if None in before else joined(*before).difference
    yield "net_seconds", joined(found["handle_seconds"], found["repeat"]), placebo


def effect_row(place: tuple, found: Effect, placebo: Estimate) -> tuple:
    """A row of result_target_effect; worked seconds have no level of their own."""
    d, levels = found.difference, found.levels
    n_before, n_after, *others = found.n
    is_level = place[-1] != "net_seconds"
    four = (levels.before, levels.after, levels.other_before, levels.other_after) if is_level else (None,) * 4
    row = (*place, d.value, d.low, d.high, *four, placebo.value, placebo.low, placebo.high)
    return (*row, n_after, n_before, *others, found.scatter, METHOD)


def months(rows: Rows, least: int) -> Iterator[tuple]:
    """Means by month, or by quarter where a month has too few people; nothing where a quarter has too."""
    for step in STEPS:
        span = (rows["month_index"] - 1) // step
        sides = [
            (is_target, s, (rows["unit"] == 0) == is_target) for is_target in (True, False) for s in np.unique(span)
        ]
        cells = [(is_target, inside & (span == s)) for is_target, s, inside in sides]
        if all(len(np.unique(rows["person"][cell])) >= least for _, cell in cells):
            yield from points(rows, cells, step)
            return


def points(rows: Rows, cells: Sequence[tuple[bool, np.ndarray]], step: int) -> Iterator[tuple]:
    for is_target, cell in cells:
        first = rows["month"][cell].min().astype("datetime64[D]").item()
        for outcome in DRAWN:
            values = rows[outcome][cell]
            values = values[~np.isnan(values)]
            if len(values) > 1:
                is_rate = outcome == "repeat"
                total, squares, n = float(values.sum()), float((values**2).sum()), len(values)
                e = wilson(total, n) if is_rate else mean_t(total, squares, n)
                yield is_target, outcome, first, step, e.value, e.low, e.high, n, "wilson" if is_rate else "mean_t"
