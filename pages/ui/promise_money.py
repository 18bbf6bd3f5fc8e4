"""Broken promises in money: what the customers who lived one did next, against others like them."""

from collections.abc import Sequence

import streamlit as st

from metrics.promise_costs import Effect, PromiseCost
from pages.ui import bar_figures, formats, promises, store
from pages.ui.address import View
from pages.ui.bar_figures import Amount
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.labels import code_label
from pages.ui.promises import Promises
from pages.ui.text import literal, t


def in_money(found: Promises, view: View) -> None:
    """What customers whose promise was broken did next, against others like them."""
    lang, months = view.lang, str(store.catalogue(view).ground.windows["stop_months"])
    st.subheader(t("promise.money_title", lang), anchor=False)
    told = [cost for cost in found.costs.values() if cost.stopped is not None]
    if not told:
        st.markdown(literal(t("promise.no_money", lang, months=months)))
        return
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"**{literal(t('promise.money_stopped', lang, months=months))}**")
        bars(told, "stopped", [stopped(cost, view) for cost in told], view)
    with right:
        st.markdown(f"**{literal(t('promise.money_margin', lang))}**")
        bars(told, "margin", [margin(cost, view) for cost in told], view)
    first = told[0].stopped
    spans = {"first": formats.month(first.first_on, lang), "last": formats.month(first.last_on, lang)}
    sizes = {"n": formats.number(first.n, lang), "kept": formats.number(first.n_kept, lang)}
    st.caption(literal(t("promise.money_note", lang, months=months, **spans, **sizes)))
    if told[0].group[0]:
        group = code_label(store.settings(view), *told[0].group, lang)
        st.caption(literal(t("promise.money_group", lang, group=group)))


def bars(told: Sequence[PromiseCost], outcome: str, rows: Sequence[Amount], view: View) -> None:
    lang = view.lang
    figure = store.drawn(f"promise_{outcome}", view, lambda: bar_figures.amounts(rows), len(rows))
    words = " ".join(t("promise.alt_row", lang, name=row.name, marks=row.detail) for row in rows)
    chart(
        f"promise_{outcome}",
        figure,
        words,
        lambda: costs_table(told, outcome, view),
        lang,
        store.settings(view).company.currency,
    )


def stopped(cost: PromiseCost, view: View) -> Amount:
    lang, effect = view.lang, cost.stopped
    words = t(
        "promise.stopped",
        lang,
        change=formats.change(effect.value, "share", lang),
        low=formats.number(effect.low * 100, lang, 1),
        high=formats.number(effect.high * 100, lang, 1),
        broken=formats.share(effect.broken, lang),
        kept=formats.share(effect.kept, lang),
    )
    return Amount(promises.name(cost.promise, view), words, effect.value, effect.low, effect.high, effect.is_sure)


def margin(cost: PromiseCost, view: View) -> Amount:
    lang, label = view.lang, promises.name(cost.promise, view)
    if cost.money is None:
        return Amount(label, t("promise.no_cost", lang), None)
    currency = store.settings(view).company.currency
    value, low, high = (formats.money(amount, lang, currency) for amount in cost.money)
    words = t("promise.margin", lang, money=value, low=low, high=high, cases=formats.number(cost.cases, lang))
    return Amount(label, words, *cost.money, cost.margin.is_sure)


def costs_table(told: Sequence[PromiseCost], outcome: str, view: View) -> Table:
    """Means, difference and sizes of one outcome; amounts a customer, and over the customers of the selection."""
    headers = ("promise", "broken", "kept", "difference", "low", "high", "n", "compared", "cases", "money")
    unit = "share" if outcome == "stopped" else "money"
    units = dict.fromkeys(("broken", "kept", "difference", "low", "high"), unit)
    units |= dict.fromkeys(("n", "compared", "cases"), "count") | {"money": "money"}
    rows = []
    for cost in told:
        effect: Effect | None = getattr(cost, outcome)
        if effect is not None:
            numbers = (effect.broken, effect.kept, effect.value, effect.low, effect.high, effect.n, effect.n_kept)
            money = cost.money[0] if cost.money and outcome == "margin" else None
            rows.append((promises.name(cost.promise, view), *numbers, cost.cases, money))
    return Table(tuple(Column(t(f"promise.headers.{h}", view.lang), units.get(h)) for h in headers), tuple(rows))
