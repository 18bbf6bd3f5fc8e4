"""Attention and experience by value tier: the figure of level or slanting rows, its words and its table."""

from collections.abc import Sequence

import streamlit as st

from metrics.attention import Tier, Treated
from metrics.value_findings import gap_finding
from pages.ui import formats, said, store, tier_figures
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.labels import code_label
from pages.ui.text import literal, t
from pages.ui.tier_figures import Block, TierMark

WIDEST_SHARE, WIDEST_POINTS = 0.6, 45.0  # half of the scales: of everybody's mean, and in points
FAMILIES = ("attention", "experience")


def tiers_side_by_side(name: str, found: Sequence[Treated], view: View) -> None:
    """`name`: attention (as a share of what everybody gets) or experience (in points from everybody's)."""
    lang = view.lang
    if not found:
        st.markdown(literal(t(f"value.no_{name}", lang)))
        return
    rows = [block_of(m, name, view) for m in found]
    is_relative = name == "attention"
    tick, widest = ("+.0%", WIDEST_SHARE) if is_relative else ("+.0f", WIDEST_POINTS)
    figure = store.drawn(f"value_{name}", view, lambda: tier_figures.blocks(rows, tick, widest))
    listed = " ".join(t("value.alt_row", lang, name=row.name, detail=row.detail, tiers=tiers_text(row)) for row in rows)
    currency = store.settings(view).company.currency
    note = t(f"value.{name}_note", lang, **span_of(found, view))
    chart(f"value_{name}", figure, listed, lambda: table_of(found, view), lang, currency, note)
    if found[0].tier_when == "same_time":
        st.caption(literal(t("value.same_time", lang)))


def tiers_text(row: Block) -> str:
    return "; ".join(f"{tier.name} {tier.words}" for tier in row.tiers)


def span_of(found: Sequence[Treated], view: View) -> dict[str, str]:
    first, last = min(m.first_on for m in found), max(m.last_on for m in found)
    return {"first": formats.month(first, view.lang), "last": formats.month(last, view.lang)}


def block_of(m: Treated, name: str, view: View) -> Block:
    return Block(
        code_label(store.settings(view), "measure", m.measure, view.lang),
        detail_of(m, view),
        [mark_of(tier, m, name == "attention", view) for tier in m.tiers],
        m.differs,
    )


def mark_of(tier: Tier, m: Treated, is_relative: bool, view: View) -> TierMark:
    settings, lang = store.settings(view), view.lang
    if is_relative:
        at, low, high = (end / m.whole - 1 if m.whole else 0.0 for end in (tier.value, tier.low, tier.high))
    else:
        scale = 100 if m.unit == "share" else 1
        at, low, high = (scale * (end - m.whole) for end in (tier.value, tier.low, tier.high))
    label = code_label(settings, "value_tier", tier.code, lang)
    return TierMark(label, formats.amount(tier.value, m.unit, lang, settings.company.currency), at, low, high)


def detail_of(m: Treated, view: View) -> str:
    """No difference, with what could have been missed; or the top less the bottom, with its interval."""
    lang, n = view.lang, formats.number(m.n, view.lang)
    if m.differs:
        key = "value.differs_between" if m.low <= 0 <= m.high else "value.differs"
        return said.sentence(gap_finding(key, m), view)
    return t("value.same", lang, missed=apart(m, view), n=n)


def apart(m: Treated, view: View) -> str:
    """A difference without a sign: of shares and scores in points."""
    if m.unit in ("share", "points"):
        return formats.points(m.missed * (100 if m.unit == "share" else 1), view.lang).removeprefix("+")
    return formats.amount(m.missed, m.unit, view.lang)


def table_of(found: Sequence[Treated], view: View) -> Table:
    """A row a measure and tier; numbers in the unit of the measure, written out."""
    lang, settings = view.lang, store.settings(view)
    names = ("measure", "tier", "value", "low", "high", "n", "customers", "gap", "p", "p_at_once")
    units = {"n": "count", "customers": "count", "p": "score", "p_at_once": "score"}
    rows = []
    for m in found:
        for tier in m.tiers:
            values = [
                formats.amount(v, m.unit, lang, settings.company.currency) for v in (tier.value, tier.low, tier.high)
            ]
            gap = said.sentence(gap_finding("value.gap", m), view)
            label = code_label(settings, "measure", m.measure, lang)
            place = code_label(settings, "value_tier", tier.code, lang)
            rows.append((label, place, *values, tier.n, tier.customers, gap, m.p, m.p_at_once))
    return Table(tuple(Column(t(f"value.headers.{name}", lang), units.get(name)) for name in names), tuple(rows))
