"""Those who cost most: how concentrated it is, what each value tier costs and brings, why, and what was learnt."""

from collections.abc import Mapping

import streamlit as st

from metrics.costs_to_serve import ALL, NEW, Concentration, Costs, CostTier, Lesson, Reason
from metrics.stats.intervals import Estimate
from pages.ui import bar_figures, formats, group_figures, store
from pages.ui.address import View
from pages.ui.bar_figures import FactRow
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.group_figures import Group
from pages.ui.labels import code_label
from pages.ui.text import literal, t


def currency_of(view: View) -> str:
    return store.settings(view).company.currency


def tier_name(code: str, view: View) -> str:
    if code in (ALL, NEW):
        return t("value.tier_new" if code == NEW else "value.tier_all", view.lang)
    return code_label(store.settings(view), "value_tier", code, view.lang)


def interval(found: Estimate, unit: str, view: View) -> dict[str, str]:
    low, high = formats.ends(found.low, found.high, unit, view.lang, currency_of(view))
    return {"value": formats.amount(found.value, unit, view.lang, currency_of(view)), "low": low, "high": high}


def concentration(found: Costs, view: View) -> None:
    """The costliest 5 and 10 % of customers: their share of the cost, and the stroke that lot would put."""
    lang = view.lang
    st.markdown(f"**{literal(t('value.concentration', lang))}**")
    if not found.top:
        st.caption(literal(t("value.no_concentration", lang)))
        return
    rows = [concentration_row(top, view) for top in found.top]
    figure = store.drawn("value_concentration", view, lambda: bar_figures.facts(rows))
    alt = "; ".join(f"{row.name} {row.detail}" for row in rows)
    note = t("value.concentration_note", lang, total=formats.money(found.top[0].total, lang, currency_of(view)))
    chart("value_concentration", figure, alt, lambda: concentration_table(found, view), lang, currency_of(view), note)


def concentration_row(top: Concentration, view: View) -> FactRow:
    lang = view.lang
    words = t(
        "value.concentrated",
        lang,
        **interval(Estimate(top.value, top.low, top.high), "share", view),
        lot=formats.share(top.by_lot, lang),
    )
    share, customers = formats.share(top.customer_share, lang, 0), formats.number(top.customers, lang)
    name = t("value.costliest", lang, share=share, customers=customers)
    return FactRow(name, words, top.value, top.low, top.high, top.by_lot, 1.0)


def concentration_table(found: Costs, view: View) -> Table:
    units = dict.fromkeys(("customer_share", "value", "low", "high", "by_lot"), "share")
    units |= {"customers": "count", "n": "count", "n_contacts": "count", "total": "money"}
    rows = tuple(tuple(getattr(top, name) for name in units) for top in found.top)
    return Table(tuple(Column(t(f"value.headers.{name}", view.lang), unit) for name, unit in units.items()), rows)


def tiers(found: Costs, view: View) -> None:
    """A customer of each value tier: what contacts cost in 12 months, beside the margin that they brought."""
    lang = view.lang
    st.markdown(f"**{literal(t('value.cost_by_tier', lang))}**")
    rows = [
        Group(tier.code, tier_name(tier.code, view), tier_words(tier, view), c.value, c.low, c.high)
        for tier in found.tiers[1:]
        for c in [tier.cost]
    ]
    whole = found.everyone.cost.value
    figure = store.drawn("value_cost", view, lambda: group_figures.forest(rows, whole, "cem", ",.2~f", False))
    alt = "; ".join(f"{row.name} {row.detail}" for row in rows)
    everyone = tier_words(found.everyone, view)
    chart(
        "value_cost",
        figure,
        alt,
        lambda: tiers_table(found, view),
        lang,
        currency_of(view),
        t("value.cost_note", lang, everyone=everyone),
    )


def tier_words(tier: CostTier, view: View) -> str:
    key = "value.cost_tier" if tier.share else "value.cost_tier_alone"
    share = formats.share(tier.share.value, view.lang, 1) if tier.share else ""
    n = formats.number(tier.n, view.lang)
    return t(key, view.lang, **interval(tier.cost, "money", view), share=share, n=n)


def tiers_table(found: Costs, view: View) -> Table:
    heads = ("tier", "cost", "cost_low", "cost_high", "margin", "margin_low", "margin_high")
    units = dict.fromkeys(heads[1:], "money") | dict.fromkeys(("share", "share_low", "share_high"), "share")
    units |= {"contacts": "score", "n": "count"}
    rows = []
    for tier in found.tiers:
        share = tier.share or Estimate(None)
        numbers = [end for e in (tier.cost, tier.margin, share) for end in (e.value, e.low, e.high)]
        rows.append((tier_name(tier.code, view), *numbers, tier.contacts, tier.n))
    names = (*heads, "share", "share_low", "share_high", "contacts", "n")
    return Table(
        tuple(Column(t(f"value.cost_headers.{name}", view.lang), units.get(name)) for name in names), tuple(rows)
    )


def why(found: Costs, lessons: Mapping[str, Lesson] | None, view: View) -> None:
    """Reasons of the costliest tenth beside those of the others, how often they repeat, and what is being done."""
    lang = view.lang
    st.markdown(f"**{literal(t('value.why', lang))}**")
    if not found.reasons:
        st.caption(literal(t("value.no_concentration", lang)))
        return
    names = ("reason", "costliest", "others", "repeats", "learnt")
    columns: dict[str, list[str]] = {t(f"value.why_headers.{name}", lang): [] for name in names}
    for code, (costliest, others) in found.reasons.items():
        label = code_label(store.settings(view), "reason", code, lang)
        cells = (label, share_words(costliest, view), share_words(others, view))
        repeats = t("value.repeats", lang, costliest=repeat_share(costliest, view), others=repeat_share(others, view))
        for column, cell in zip(columns.values(), (*cells, repeats, learnt(code, lessons, view)), strict=True):
            column.append(cell)
    st.dataframe(columns, hide_index=True, key="value_why", height="content")
    untimed = 1 - found.everyone.n_timed / found.everyone.n_contacts if found.everyone.n_contacts else 0.0
    spans = {"first": formats.month(found.first_on, lang), "last": formats.month(found.last_on, lang)}
    st.caption(literal(t("value.why_note", lang, untimed=formats.share(untimed, lang), **spans)))


def share_words(reason: Reason | None, view: View) -> str:
    if reason is None:
        return t("value.hidden", view.lang)
    n = formats.number(reason.n, view.lang)
    return t("value.reason_share", view.lang, **interval(reason.share, "share", view), n=n)


def repeat_share(reason: Reason | None, view: View) -> str:
    return formats.NOTHING if reason is None else formats.share(reason.repeats, view.lang)


def learnt(code: str, lessons: Mapping[str, Lesson] | None, view: View) -> str:
    """What the register of actions says of a reason."""
    lang = view.lang
    if lessons is None:
        return t("value.no_register", lang)
    lesson = lessons.get(code)
    if lesson is None:
        return t("value.nothing_learnt", lang)
    return t(f"value.learnt_{lesson.state}", lang, title=lesson.title, since=formats.month(lesson.started_on, lang))
