"""One metric by groups: measured, ordered, drawn, and the way one level down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from metrics.definitions import Metric
from metrics.funnel import Funnel, funnel
from metrics.query import Measurement
from pages.ui import formats, funnel_figures, group_figures, kpi, store
from pages.ui.address import View
from pages.ui.charts import chart, data_behind, small_chart
from pages.ui.export import Column, Table
from pages.ui.group_figures import Group
from pages.ui.labels import code_label
from pages.ui.promise_figures import Spot
from pages.ui.text import literal, t

TICKS = {
    "share": ".0%",
    "points": "+.0f",
    "money": ",.0f",
    "count": ",.0f",
    "seconds": ",.0f",
    "days": ".1f",
    "score": ".1f",
}
LACKING = ("unknown", "none")
MOST_TRENDS = 12


@dataclass(frozen=True)
class Compared:
    """A metric over the view and over the groups of a column; groups that are the lack of an answer come last."""

    metric: Metric
    column: str
    whole: Measurement
    groups: tuple[Measurement, ...]


def compared(name: str, column: str | None, view: View) -> Compared:
    """By a column; without one (every column is fixed already) the whole alone."""
    metric = store.catalogue(view).metrics[name]
    if column is None:
        return Compared(metric, "", store.measured(name, view)[0], ())
    groups = [m for m in store.measured(name, view, by=(column,)) if m.status != "empty"]
    ordered = sorted(groups, key=lambda m: (m.group[0][1] in LACKING, m.value is None, -(m.value or 0)))
    return Compared(metric, column, store.measured(name, view)[0], tuple(ordered))


def name_of(found: Compared, group: Measurement, view: View) -> str:
    return code_label(store.settings(view), found.column, group.group[0][1], view.lang)


def words_of(metric: Metric, group: Measurement, view: View) -> str:
    """Number, interval and n of a group (grey says that they are too few to tell), or why there is none."""
    settings = store.settings(view)
    currency = settings.company.currency
    if group.value is None:
        return kpi.notes(metric, group, view.lang, currency, None, settings.thresholds.min_group)[0]
    value = formats.amount(group.value, metric.unit, view.lang, currency)
    return f"{value} · {kpi.sureness(metric, group, view.lang, currency)}"


def change_text(metric: Metric, group: Measurement, view: View) -> str:
    """The change beyond noise, the words for none, a dash without a comparison."""
    pill = kpi.pill_of(metric, group, view.lang, store.settings(view).company.currency)
    return formats.NOTHING if pill is None else pill.text


def forest(
    found: Compared, view: View, on_click: Callable[[], None] | None = None, name: str = "segments_groups"
) -> None:
    """Every group with its interval against the whole; a click leads into it. `name`: key of the chart."""
    metric, lang = found.metric, view.lang
    rows = [
        Group(
            g.group[0][1],
            name_of(found, g, view),
            words_of(metric, g, view),
            g.value,
            g.low,
            g.high,
            g.status == "shown",
        )
        for g in found.groups
    ]
    figure = store.drawn(
        name,
        view,
        lambda: group_figures.forest(rows, found.whole.value, metric.side, TICKS[metric.unit], on_click is not None),
        metric.name,
        found.column,
    )
    alt = t("segments.alt", lang, metric=metric.label[lang], groups="; ".join(f"{r.name} {r.detail}" for r in rows))
    draw(name, figure, alt, found, view, t("segments.line_is_whole", lang), on_click)


def draw(
    name: str, figure: Any, alt: str, found: Compared, view: View, note: str, on_click: Callable[[], None] | None = None
) -> None:
    currency = store.settings(view).company.currency
    chart(name, figure, alt, lambda: table_of(found, view), view.lang, currency, note, on_click)


def table_of(found: Compared, view: View) -> Table:
    """Everything of every group, for the table view and the CSV; a private group has no number."""
    lang, unit = view.lang, found.metric.unit
    kinds = {"value": unit, "low": unit, "high": unit, "n": "count", "before": unit, "change": unit}
    names = ("group", "value", "low", "high", "n", "before", "change", "change_text")
    columns = tuple(Column(t(f"segments.headers.{name}", lang), kinds.get(name)) for name in names)
    rows = [
        (name_of(found, g, view), g.value, g.low, g.high, g.n, g.before, g.change, change_text(found.metric, g, view))
        for g in found.groups
    ]
    return Table(columns, tuple(rows))


def bars(found: Compared, view: View) -> None:
    """The groups as a table to read: a bar in its cell, interval, n, change."""
    lang, metric = view.lang, found.metric
    currency = store.settings(view).company.currency
    known = [g.value for g in found.groups if g.value is not None]
    least, most = min([0.0, *known]), max([0.0, *known])
    heads = {
        name: t(f"segments.headers.{name}", lang) for name in ("group", "value", "bar", "interval", "n", "change_text")
    }
    intervals = [formats.ends(g.low, g.high, metric.unit, lang, currency) for g in found.groups]
    st.dataframe(
        {
            heads["group"]: [name_of(found, g, view) for g in found.groups],
            heads["value"]: [formats.amount(g.value, metric.unit, lang, currency) for g in found.groups],
            heads["bar"]: [g.value for g in found.groups],
            heads["interval"]: [
                t("segments.interval", lang, low=low, high=high) if g.low is not None else formats.NOTHING
                for g, (low, high) in zip(found.groups, intervals, strict=True)
            ],
            heads["n"]: [formats.number(g.n, lang) for g in found.groups],
            heads["change_text"]: [change_text(metric, g, view) for g in found.groups],
        },
        hide_index=True,
        key="segments_table",
        column_config={
            heads["bar"]: st.column_config.ProgressColumn(format=" ", min_value=least, max_value=most or 1.0)
        },
    )
    if any(g.change is not None for g in found.groups):
        st.caption(literal(t("segments.alone_note", lang)))


def trends(found: Compared, view: View) -> None:
    """The months of each group side by side, on one scale, the whole in grey."""
    metric, lang = found.metric, view.lang
    by_group: dict[str, list[Measurement]] = {}
    for m in store.measured(metric.name, view, by=(found.column,), every="month", versus="none"):
        by_group.setdefault(m.group[0][1], []).append(m)
    whole = spots_of(store.measured(metric.name, view, every="month", versus="none"), metric, view)
    shown = [g for g in found.groups if g.value is not None][:MOST_TRENDS]
    lines = {g.group: spots_of(by_group.get(g.group[0][1], []), metric, view) for g in shown}
    ends = group_figures.span([spot.value for spots in (whole, *lines.values()) for spot in spots])
    with st.container(horizontal=True, gap="medium"):
        for group in shown:
            months = by_group.get(group.group[0][1], [])
            one_trend(found, group, months, (lines[group.group], whole), ends, view)
    st.caption(literal(t("segments.trend_note", lang, shown=str(len(shown)), n=str(len(found.groups)))))
    months = [(group, m) for group in shown for m in by_group.get(group.group[0][1], [])]
    currency = store.settings(view).company.currency
    data_behind("segments_trends", lambda: months_table(found, months, view), lang, currency)


def months_table(found: Compared, months: Sequence[tuple[Measurement, Measurement]], view: View) -> Table:
    """Each month of each group (the group first); a private month has no number."""
    heads, unit = ("group", "month", "value", "low", "high", "n"), found.metric.unit
    units = {"value": unit, "low": unit, "high": unit, "n": "count"}
    columns = tuple(Column(t(f"segments.headers.{head}", view.lang), units.get(head)) for head in heads)
    return Table(columns, tuple((name_of(found, g, view), m.start, m.value, m.low, m.high, m.n) for g, m in months))


def spots_of(months: Sequence[Measurement], metric: Metric, view: View) -> list[Spot]:
    """The months that have a number."""
    return [
        Spot(m.start, m.value, m.low, m.high, f"{formats.month(m.start, view.lang)} {words_of(metric, m, view)}")
        for m in months
        if m.value is not None
    ]


def one_trend(
    found: Compared,
    group: Measurement,
    months: list[Measurement],
    lines: tuple[list[Spot], list[Spot]],
    ends: tuple[float, float],
    view: View,
) -> None:
    """`lines`: of the group and of the whole."""
    metric, code, name, (spots, whole) = found.metric, group.group[0][1], name_of(found, group, view), lines
    with st.container(width=310):
        st.markdown(f"**{literal(name)}**")
        figure = store.drawn(
            "segments_trend",
            view,
            lambda: group_figures.trend(spots, whole, ends, metric.side, TICKS[metric.unit]),
            metric.name,
            found.column,
            code,
        )
        told = "; ".join(spot.hover for spot in (spots[0], spots[-1])) if spots else formats.NOTHING
        alt = t("segments.trend_alt", view.lang, metric=metric.label[view.lang], group=name, ends=told)
        small_chart(
            f"segments_trend_{code}", figure, alt, lambda: months_table(found, [(group, m) for m in months], view)
        )


def funnel_chart(found: Compared, view: View) -> None:
    """A funnel for teams and stores; said when there are too few."""
    lang, metric = view.lang, found.metric
    measured: Funnel | None = funnel(found.whole, [g for g in found.groups if g.group[0][1] not in LACKING])
    if measured is None:
        st.caption(t("segments.no_funnel", lang))
        return
    names = {g.group[0][1]: name_of(found, g, view) for g in found.groups}
    axes = (t("segments.headers.n", lang), metric.label[lang])
    figure = store.drawn(
        "segments_funnel",
        view,
        lambda: funnel_figures.funnel_plot(measured, names, metric.side, TICKS[metric.unit], axes),
        metric.name,
        found.column,
    )
    outside = ", ".join(names[g.group[0][1]] for g in measured.outside)
    said = t("segments.funnel_outside", lang, names=outside) if outside else t("segments.funnel_inside", lang)
    draw("segments_funnel", figure, said, found, view, f"{said} {t('segments.funnel_note', lang)}")
