"""The weaker evidence: agents' pace where routing is near random, then time and repeats side by side, labelled."""

from collections.abc import Sequence

import streamlit as st

from metrics.handle_time_findings import TEN
from metrics.handle_times import Correlation, Decile, Pace, correlations, deciles, pace
from pages.ui import formats, group_figures, handle_time_figures, store
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.group_figures import Group
from pages.ui.labels import code_label
from pages.ui.parts import choice
from pages.ui.text import literal, t

ALL = "all"


def evidence(view: View) -> None:
    lang = view.lang
    st.subheader(t("contacts.pace_title", lang), anchor=False)
    st.markdown(literal(pace_words(store.computed(pace, view), view)))
    st.subheader(t("contacts.weak_title", lang), anchor=False)
    st.markdown(literal(t("contacts.weak", lang)))
    found = store.computed(correlations, view)
    if not found:
        st.caption(literal(t("contacts.no_weak", lang)))
        return
    left, right = st.columns(2, gap="medium")
    with left:
        by_reason(found, view)
    with right:
        by_decile(found, view)


def pace_words(found: Pace | None, view: View) -> str:
    """What agents' pace says, how routing was tested, or why it says nothing."""
    lang = view.lang
    if found is None:
        return t("contacts.no_pace", lang)
    holes = {
        "explained": formats.share(max(0.0, found.explained), lang, 2),
        "n": formats.number(found.n, lang),
        "agents": formats.number(found.n_agents, lang),
        "step": formats.duration(TEN, lang),
        "value": formats.change(found.value * TEN, "share", lang),
        "low": formats.number(found.low * TEN * 100, lang, 2),
        "high": formats.number(found.high * TEN * 100, lang, 2),
        "first": formats.month(found.first_on, lang),
        "last": formats.month(found.last_on, lang),
    }
    return t("contacts.pace" if found.is_random else "contacts.pace_not_random", lang, **holes)


def reason_name(code: str, view: View) -> str:
    return code_label(store.settings(view), "reason", code, view.lang) if code else t("contacts.all_reasons", view.lang)


def by_reason(found: Sequence[Correlation], view: View) -> None:
    """Correlation of each reason with its interval; grey where it cannot be told from noise."""
    lang, first = view.lang, found[0]
    rows = [
        Group(c.reason, reason_name(c.reason, view), words(c, view), c.value, c.low, c.high, c.low > 0 or c.high < 0)
        for c in found
    ]
    name = "contacts_correlation"
    st.markdown(f"**{literal(t('contacts.correlation', lang))}**")
    figure = store.drawn(name, view, lambda: group_figures.forest(rows, 0.0, "cem", "+.2f", False))
    span = {"first": formats.month(first.first_on, lang), "last": formats.month(first.last_on, lang)}
    alt = t("contacts.correlation_alt", lang, reasons="; ".join(f"{r.name} {r.detail}" for r in rows))
    note = t("contacts.correlation_note", lang, **span)
    chart(name, figure, alt, lambda: correlations_table(found, view), lang, store.settings(view).company.currency, note)


def words(c: Correlation, view: View) -> str:
    lang = view.lang
    numbers = {name: formats.number(getattr(c, name), lang, 2) for name in ("value", "low", "high")}
    return t("contacts.effect", lang, **numbers, n=formats.number(c.n, lang))


def correlations_table(found: Sequence[Correlation], view: View) -> Table:
    heads = ("reason", "value", "low", "high", "n")
    columns = tuple(Column(t(f"contacts.headers.{h}", view.lang), "count" if h == "n" else None) for h in heads)
    return Table(columns, tuple((reason_name(c.reason, view), c.value, c.low, c.high, c.n) for c in found))


def by_decile(found: Sequence[Correlation], view: View) -> None:
    """Repeats by tenth of handle time, of all reasons or of one."""
    lang = view.lang
    reasons = (ALL, *(c.reason for c in found if c.reason))
    st.markdown(f"**{literal(t('contacts.deciles', lang))}**")
    chosen = view.part("about", reasons)
    names = {ALL: ""}
    choice("about", reasons, chosen, lambda c: reason_name(names.get(c, c), view), t("contacts.about", lang), 260)
    rows = store.computed(deciles, view, names.get(chosen, chosen))
    if not rows:
        st.caption(literal(t("contacts.no_deciles", lang)))
        return
    spots = [(formats.duration(d.median_seconds, lang), d.value, d.low, d.high, decile_words(d, view)) for d in rows]
    title, name = t("contacts.decile_axis", lang), "contacts_deciles"
    figure = store.drawn(name, view, lambda: handle_time_figures.dots_up(spots, title, is_joined=False), chosen)
    alt = t("contacts.deciles_alt", lang, deciles="; ".join(s[4] for s in spots))
    note = t("contacts.deciles_note", lang)
    chart(name, figure, alt, lambda: deciles_table(rows, view), lang, store.settings(view).company.currency, note)


def decile_words(d: Decile, view: View) -> str:
    lang = view.lang
    low, high = formats.ends(d.low, d.high, "share", lang)
    numbers = {"value": formats.share(d.value, lang, 1), "low": low, "high": high, "n": formats.number(d.n, lang)}
    return t("contacts.decile", lang, seconds=formats.duration(d.median_seconds, lang), **numbers)


def deciles_table(rows: Sequence[Decile], view: View) -> Table:
    units = {"median": "seconds", "value": "share", "low": "share", "high": "share", "n": "count"}
    columns = tuple(Column(t(f"contacts.headers.{h}", view.lang), units.get(h)) for h in ("decile", *units))
    return Table(columns, tuple((d.decile, d.median_seconds, d.value, d.low, d.high, d.n) for d in rows))
