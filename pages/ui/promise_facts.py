"""Promises as facts: what events say, against the target; and month by month."""

from collections.abc import Sequence

import streamlit as st

from metrics.definitions import Metric
from metrics.query import Measurement
from metrics.selection import Period
from pages.ui import bar_figures, formats, kpi, promise_figures, promises, store
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.promise_figures import Spot
from pages.ui.promise_one import span
from pages.ui.promises import Promises
from pages.ui.text import literal, t


def facts(found: Promises, view: View) -> None:
    """Each promise as a fact, in the order of the promises, against its target."""
    lang, currency = view.lang, store.settings(view).company.currency
    if not found.facts:
        st.markdown(literal(t("promise.no_facts", lang)))
        return
    rows = [fact_row(found, code, view) for code in found.codes]
    figure = store.drawn("promise_facts", view, lambda: bar_figures.facts(rows), found.is_by_money)
    words = " ".join(t("promise.alt_row", lang, name=row.name, marks=row.detail) for row in rows)
    chart(
        "promise_facts",
        figure,
        t("promise.alt_facts", lang, rows=words),
        lambda: facts_table(found, view),
        lang,
        currency,
        t("promise.facts_note", lang),
    )


def fact_row(found: Promises, code: str, view: View) -> bar_figures.FactRow:
    fact = found.facts.get(code)
    if fact is None:
        label = promises.name(code, view)
        return bar_figures.FactRow(label, t("promise.no_fact", view.lang), None, None, None, None, 1.0)
    metric, now = store.catalogue(view).metrics[fact.metric], found.measured[code]
    label = promises.name(code, view) if found.gap(code) is None else promises.fact_name(fact, view)
    return measured_row(label, metric, now, fact.target, view)


def measured_row(label: str, metric: Metric, now: Measurement, target: float | None, view: View) -> bar_figures.FactRow:
    """A measurement as a bar: shares on 0 to 1, anything else on a scale of its own."""
    lang, currency = view.lang, store.settings(view).company.currency
    if now.value is None:
        private = now.status == "private"
        words = (
            t("promise.fact_private", lang)
            if private
            else t("promise.fact_missing", lang, tables=", ".join(metric.needs))
        )
        return bar_figures.FactRow(label, words, None, None, None, None, 1.0)
    value = formats.amount(now.value, metric.unit, lang, currency)
    if now.status == "unreliable":
        value = t("promise.fact", lang, value=value, target=t("promise.few", lang))
    elif target is not None:
        value = t("promise.fact", lang, value=value, target=kpi.target_text(metric, now, lang, currency, target))
    tops = [end for end in (now.value, now.high, target) if end is not None]
    scale = 1.0 if metric.unit == "share" else max(tops) or 1.0
    is_told = now.status == "shown"
    return bar_figures.FactRow(label, value, now.value, now.low, now.high, target, scale, is_told)


def facts_table(found: Promises, view: View) -> Table:
    lang, currency = view.lang, store.settings(view).company.currency
    headers = ("promise", "metric", "value", "low", "high", "n", "target")
    rows = []
    for code, fact in found.facts.items():
        metric, now = store.catalogue(view).metrics[fact.metric], found.measured[code]
        numbers = [
            None if v is None else formats.amount(v, metric.unit, lang, currency)
            for v in (now.value, now.low, now.high)
        ]
        target = None if fact.target is None else formats.amount(fact.target, metric.unit, lang, currency)
        rows.append((promises.name(code, view), promises.fact_name(fact, view), *numbers, now.n, target))
    units = {"n": "count"}
    return Table(tuple(Column(t(f"promise.headers.{h}", lang), units.get(h)) for h in headers), tuple(rows))


def fact_over_time(found: Promises, view: View) -> None:
    """The fact of the promise looked into, month by month."""
    fact = found.facts.get(found.chosen)
    if fact is None:
        return
    lang, metric = view.lang, store.catalogue(view).metrics[fact.metric]
    whole = store.catalogue(view).ground.whole
    since = Period(min(whole.start, view.selection.period.start), view.selection.period.end)
    steps = store.measured(
        fact.metric, view, every="month", period=since, versus="none", where=promises.fact_where(fact, view)
    )
    spots = fact_spots(steps, metric, view)
    if not spots:
        return
    st.markdown(f"**{literal(t('promise.fact_course', lang, metric=promises.fact_name(fact, view)))}**")
    figure = store.drawn(
        "promise_fact_course",
        view,
        lambda: promise_figures.fact_course(spots, fact.target, metric.unit == "share"),
        fact.promise,
    )
    words = "; ".join(s.hover for s in spots)
    chart(
        "promise_fact_course",
        figure,
        t("promise.alt_course", lang, pillar=promises.fact_name(fact, view), points=words),
        lambda: steps_table(steps, metric, lang),
        lang,
        store.settings(view).company.currency,
    )


def fact_spots(steps: Sequence[Measurement], metric: Metric, view: View) -> list[Spot]:
    lang, currency = view.lang, store.settings(view).company.currency
    return [
        Spot(
            m.start,
            m.value,
            m.low,
            m.high,
            t(
                "promise.at",
                lang,
                when=formats.month(m.start, lang),
                mark=formats.amount(m.value, metric.unit, lang, currency),
            ),
        )
        for m in steps
        if m.value is not None
    ]


def steps_table(steps: Sequence[Measurement], metric: Metric, lang: str) -> Table:
    headers = ("period", "value", "low", "high", "n")
    units = dict.fromkeys(("value", "low", "high"), metric.unit) | {"n": "count"}
    rows = [(span(m.start, m.end, lang), m.value, m.low, m.high, m.n) for m in steps]
    return Table(tuple(Column(t(f"promise.headers.{h}", lang), units.get(h)) for h in headers), tuple(rows))
