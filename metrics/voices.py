"""What customers say: themes with what each costs, emotions, words to read. From fct_verbatim and its themes.

A theme costs what the rate of all answers would gain without the answers on it (metrics/stats/impacts.py): an
association, never a cause. The rate is that of a metric of the catalogue over survey answers (MEASURES).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from metrics.definitions import Catalogue, Metric
from metrics.selection import Choice, Period, Selection
from metrics.stats.impacts import Impacts, Sums, impact_changes, impacts
from metrics.stats.jackknife import GROUPS
from metrics.stats.multiple import benjamini_hochberg
from metrics.sums import code_sql, filters_of, quoted
from metrics.suppression import Size, hidden_cells

if TYPE_CHECKING:
    import duckdb

VERBATIMS, THEMES = "fct_verbatim", "fct_verbatim_theme"
MEASURES = ("nps", "nps_transactional", "csat")

MANY_OTHERS = 100  # times min_group: answers beside a theme that need no counting of their people
LEAST_ON = 30  # answers on a theme, below which its cost is not judged: 20 groups of customers would be too empty
# How a row of fct_verbatim counts in a metric of MEASURES.
ON_THEME = {
    "nps": "instrument = 'nps' and kind = 'relational' and score is not null",
    "nps_transactional": "instrument = 'nps' and kind = 'transactional' and score is not null",
    "csat": "csat is not null",
}
NET = {
    "nps": "(score >= 9)::integer - (score <= 6)::integer",
    "nps_transactional": "(score >= 9)::integer - (score <= 6)::integer",
    "csat": "(csat >= 4)::integer",
}


@dataclass(frozen=True)
class Cost:
    """A theme: points that the answers on it add to the rate of all (negative: they take off), with 95 % interval.

    n: answers on the theme; share: of all answers with words. change*: against the comparison, None without one;
    is_grown: it costs more than before, beyond noise over all themes. is_told: beyond noise, and enough answers.
    """

    theme: str
    value: float
    low: float
    high: float
    n: int
    share: float
    is_told: bool
    change: float | None = None
    change_low: float | None = None
    change_high: float | None = None
    is_changed: bool | None = None

    @property
    def is_grown(self) -> bool:
        return bool(self.is_changed) and self.change < 0


@dataclass(frozen=True)
class Themes:
    """Costs, the dearest first; n: all answers; n_words: those whose words were read; hidden: themes too small."""

    measure: str
    scale: float
    n: int
    n_words: int
    costs: tuple[Cost, ...]
    hidden: int


def measures(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> tuple[str, ...]:
    """The rates that answers with words give in this snapshot."""
    del selection
    if THEMES not in catalogue.ground.columns:
        return ()
    counts = ", ".join(f"count(*) filter (where {ON_THEME[name]})" for name in MEASURES)
    found = cursor.execute(f"select {counts} from {VERBATIMS} where source = 'answer'").fetchone()  # noqa: S608
    return tuple(name for name, n in zip(MEASURES, found, strict=True) if n)


def theme_costs(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, measure: str
) -> Themes:
    """What each theme costs a metric of MEASURES in the selection."""
    metric, limits = catalogue.metric(measure), (*selection.where, *selection.scope)
    names, now, n_words = sums_of(cursor, metric, selection.period, limits)
    rest = {name: int(now.n.sum() - now.n_on[i].sum()) for i, name in enumerate(names)}
    hidden = hidden_themes(cursor, catalogue, metric, selection)
    hidden |= few_others(cursor, catalogue, metric, selection, rest)
    shown = [i for i, name in enumerate(names) if name not in hidden]
    costs = costs_of(shown, names, now, n_words, metric.scale)
    before = selection.period.compared(selection.versus)
    if before is not None and before.start >= catalogue.ground.data_from:
        former = replace(selection, period=before)
        _, then, _ = sums_of(cursor, metric, before, limits, names)
        small = hidden_themes(cursor, catalogue, metric, former)
        told = [i for i in shown if names[i] not in small and then.n_on[i].sum()]
        costs = with_changes(costs, {names[i]: i for i in told}, impact_changes(now, then), metric.scale)
    ordered = tuple(sorted(costs, key=lambda c: (c.value, c.theme)))
    return Themes(measure, metric.scale, int(now.n.sum()), n_words, ordered, len(hidden))


def costs_of(shown: Sequence[int], names: Sequence[str], now: Sums, n_words: int, scale: float) -> list[Cost]:
    """Each theme's cost; which are beyond noise is decided over all themes with enough answers together."""
    found = impacts(now)
    counts = {i: int(now.n_on[i].sum()) for i in shown}
    judged = [i for i in shown if counts[i] >= LEAST_ON and np.isfinite(found.p[i])]
    told = dict(zip(judged, benjamini_hochberg([float(found.p[i]) for i in judged]), strict=True))
    costs = []
    for i in shown:
        ends = (float(end[i] * scale) for end in (found.value, found.low, found.high))
        share = counts[i] / n_words if n_words else 0.0
        costs.append(Cost(names[i], *ends, counts[i], share, bool(told.get(i))))
    return costs


def with_changes(costs: Sequence[Cost], places: Mapping[str, int], changes: Impacts, scale: float) -> list[Cost]:
    """Each cost with its change, where it has one; which changed is decided over all themes together."""
    known = {name: i for name, i in places.items() if np.isfinite(changes.p[i])}
    verdicts = benjamini_hochberg([float(changes.p[i]) for i in known.values()])
    found = {}
    for (name, i), is_changed in zip(known.items(), verdicts, strict=True):
        ends = (float(end[i] * scale) for end in (changes.value, changes.low, changes.high))
        found[name] = dict(zip(("change", "change_low", "change_high"), ends, strict=True), is_changed=bool(is_changed))
    return [replace(cost, **found.get(cost.theme, {})) for cost in costs]


def sums_of(
    cursor: "duckdb.DuckDBPyConnection",
    metric: Metric,
    period: Period,
    limits: Choice,
    names: Sequence[str] | None = None,
) -> tuple[tuple[str, ...], Sums, int]:
    """Themes found (or `names`), the sums by group of customers, and how many answers had words that could be read."""
    filters, codes = filters_of(limits)
    days = [period.start, period.end, *codes]
    date = quoted(metric.date)
    whole = cursor.execute(
        f"select {bucket(date)}, count(*), coalesce({metric.numerator}, 0) from {metric.view} "  # noqa: S608
        f"where ({metric.where}) and {date} >= ? and {date} < ?{filters} group by all",
        days,
    ).fetchall()
    rows = f"source = 'answer' and {ON_THEME[metric.name]} and said_at >= ? and said_at < ?{filters}"
    on = cursor.execute(
        f"select theme, {bucket('said_at')}, count(*), sum({NET[metric.name]}) from {THEMES} "  # noqa: S608
        f"where {rows} group by all",
        days,
    ).fetchall()
    read = f"select count(*) from {VERBATIMS} where {rows} and language <> 'other'"  # noqa: S608 our own parts
    (n_words,) = cursor.execute(read, days).fetchone()
    names = tuple(sorted({row[0] for row in on})) if names is None else tuple(names)
    places = {name: i for i, name in enumerate(names)}
    sums = Sums(*(np.zeros(shape) for shape in (GROUPS, GROUPS, (len(names), GROUPS), (len(names), GROUPS))))
    for group, n, net in whole:
        sums.n[group], sums.net[group] = n, net
    for name, group, n, net in on:
        if name in places:
            sums.n_on[places[name], group], sums.net_on[places[name], group] = n, net
    return names, sums, n_words


def bucket(date: str) -> str:
    """SQL of a row's group of customers; rows without a customer are spread by their date, as in metrics/sums.py."""
    return f"cast(hash(coalesce(customer_id, cast({date} as varchar))) % {GROUPS} as tinyint)"


def few_others(
    cursor: "duckdb.DuckDBPyConnection",
    catalogue: Catalogue,
    metric: Metric,
    selection: Selection,
    rest: Mapping[str, int],
) -> frozenset[str]:
    """Themes beside which fewer than min_group people are left: their cost would tell of these few. rest: answers."""
    least = catalogue.ground.min_group
    filters, codes = filters_of((*selection.where, *selection.scope))
    date, found = quoted(metric.date), set()
    for theme, n in rest.items():
        if n >= MANY_OTHERS * least:
            continue
        (people,) = cursor.execute(
            f"select count(distinct coalesce(customer_id, survey_id)) from {metric.view} "  # noqa: S608 our own parts
            f"where ({metric.where}) and {date} >= ? and {date} < ?{filters} and survey_id not in "
            f"(select survey_id from {THEMES} where theme = ? and survey_id is not null)",
            [selection.period.start, selection.period.end, *codes, theme],
        ).fetchone()
        if people < least:
            found.add(theme)
    return frozenset(found)


def hidden_themes(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, metric: Metric, selection: Selection
) -> frozenset[str]:
    """Themes that too few people speak of here, and what would uncover them."""
    ground, least = catalogue.ground, catalogue.ground.min_group
    columns = tuple(sorted({column for column, _ in selection.where}))
    filters, codes = filters_of(selection.scope)
    cut = "".join(f", {code_sql(column)}" for column in columns)
    people = "count(distinct customer_id) + count(*) filter (where customer_id is null)"
    span = [selection.period.start, selection.period.end, *codes]
    on = cursor.execute(
        f"select theme{cut}, {people}, count(*) from {THEMES} where source = 'answer' and {ON_THEME[metric.name]} "  # noqa: S608
        f"and said_at >= ? and said_at < ?{filters} group by all",
        span,
    ).fetchall()
    cells = {row[:-2]: Size(min(row[-2], least), min(row[-2], least), row[-1]) for row in on}
    order = ("theme", *columns)
    hidden = hidden_cells(order, ground.segments, cells, least, ground.parents).get(
        tuple(range(len(order))), frozenset()
    )
    chosen = dict(selection.where)
    return frozenset(
        key[0] for key in hidden if all(code in chosen[name] for name, code in zip(columns, key[1:], strict=True))
    )
