"""Purchases to expect, who is still a customer, what that is worth; and whether the model held in months held out."""

import streamlit as st

from metrics.purchases_ahead import Expected, PurchasesAhead
from metrics.stats.intervals import Estimate
from pages.ui import formats, outlook_figures, store
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.labels import code_label, column_label
from pages.ui.text import literal, t


def section(found: PurchasesAhead, view: View) -> None:
    """The table of groups beside the holdout."""
    lang, months = view.lang, str(found.months)
    discount = formats.share(found.discount, lang)
    st.subheader(literal(t("outlook.purchases_title", lang, months=months, discount=discount)), anchor=False)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.dataframe(summary(found, view), hide_index=True, key="purchases", height="content")
    with right:
        st.markdown(f"**{literal(t('outlook.holdout', lang))}**")
        holdout(found, view)
    st.caption(literal(note(found, view)))


def summary(found: PurchasesAhead, view: View) -> dict[str, list[str]]:
    lang, currency = view.lang, store.settings(view).company.currency
    rows = [found.whole, *found.groups]
    headers = ("group", "alive", "purchases", "clv", "n")
    columns = (
        [name(one, view) for one in rows],
        [interval(one.alive, "share", lang, currency) for one in rows],
        [interval(one.purchases, "score", lang, currency) for one in rows],
        [interval(one.clv, "money", lang, currency) for one in rows],
        [formats.number(one.n, lang) for one in rows],
    )
    return {t(f"outlook.purchases_headers.{h}", lang): c for h, c in zip(headers, columns, strict=True)}


def name(one: Expected, view: View) -> str:
    settings, lang = store.settings(view), view.lang
    if not one.group[0]:
        return t("outlook.heard.all", lang)
    column, code = column_label(settings, one.group[0], lang), code_label(settings, *one.group, lang)
    return t("outlook.group", lang, column=column, code=code)


def interval(value: Estimate, unit: str, lang: str, currency: str) -> str:
    if value.value is None:
        return formats.NOTHING
    low, high = formats.ends(value.low, value.high, unit, lang, currency)
    return t("outlook.interval", lang, value=formats.amount(value.value, unit, lang, currency), low=low, high=high)


def holdout(found: PurchasesAhead, view: View) -> None:
    lang = view.lang
    axes = (t("outlook.holdout_repeats", lang), t("outlook.holdout_purchases", lang))
    figure = store.drawn("holdout", view, lambda: outlook_figures.holdout(found.holdout, axes))
    alt = t("outlook.holdout_alt", lang)
    chart("holdout", figure, alt, lambda: table(found, lang), lang, "EUR", t("outlook.holdout_note", lang))


def table(found: PurchasesAhead, lang: str) -> Table:
    units = {"repeats": "count", "expected": "score", "made": "score", "low": "score", "high": "score", "n": "count"}
    columns = tuple(Column(t(f"outlook.holdout_headers.{h}", lang), unit) for h, unit in units.items())
    rows = ((h.repeats, h.expected, h.made.value, h.made.low, h.made.high, h.n) for h in found.holdout)
    return Table(columns, tuple(rows))


def note(found: PurchasesAhead, view: View) -> str:
    lang, r = view.lang, found.correlation
    if r is None:
        return t("outlook.purchases_note", lang)
    low, high = formats.number(r.low, lang, 2), formats.number(r.high, lang, 2)
    return t("outlook.purchases_note_spend", lang, value=formats.number(r.value, lang, 2), low=low, high=high)
