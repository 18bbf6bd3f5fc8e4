"""What moves first: experience that goes wrong, and what is bought months later."""

import streamlit as st

from metrics.leads import Lag, Lead, Leads, Part
from metrics.promise_costs import EVERYBODY
from metrics.stats.intervals import Estimate
from pages.ui import formats, group_figures, outlook_groups, relation_figures, store
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.group_figures import Group
from pages.ui.parts import choice
from pages.ui.relation_figures import Step
from pages.ui.text import literal, t

UNITS = {"purchases": "score", "revenue": "money"}
DECIMALS = 1  # of purchases


def section(found: Leads, view: View) -> None:
    """Every measure's mean change over the months after; beside it one of them, month by month."""
    lang = view.lang
    st.markdown(literal(told(found, view)))
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"**{literal(t(f'outlook.leads_all.{found.outcome}', lang))}**")
        every(found, view)
    with right:
        st.markdown(f"**{literal(t('outlook.leads_one', lang))}**")
        known = {one.measure: one for one in found.leads if one.lags}
        chosen = view.part("lead", tuple(known))
        choice("lead", tuple(known), chosen, lambda m: name(m, lang), t("outlook.leads_which", lang), 340)
        course(known[chosen], found.outcome, view)
    if found.parts:
        for_whom(found, known[chosen], view)
    st.caption(literal(note(found, lang)))


def name(measure: str, lang: str) -> str:
    return t(f"outlook.leads.{measure}", lang)


def told(found: Leads, view: View) -> str:
    lang = view.lang
    if not found.told:
        return t(f"outlook.leads_none.{found.outcome}", lang)
    one = found.told[0]
    low, high = sorted((abs(one.after.low), abs(one.after.high)))
    holes = {"value": amount(abs(one.after.value), found.outcome, view)}
    holes |= {"low": amount(low, found.outcome, view), "high": amount(high, found.outcome, view)}
    way = "fewer" if one.after.value < 0 else "more"
    holes |= {"what": t(f"outlook.leads_what.{one.measure}", lang), "lead": formats.number(one.lead.value, lang)}
    first, last = (formats.number(end, lang) for end in (one.lead.low, one.lead.high))
    holes["span"] = "" if first == last else t("outlook.leads_span", lang, first=first, last=last)
    return t(f"outlook.leads_told.{found.outcome}_{way}", lang, n=formats.number(one.n, lang), **holes)


def amount(value: float, outcome: str, view: View) -> str:
    if outcome == "revenue":
        return formats.money(value, view.lang, store.settings(view).company.currency)
    return formats.number(value, view.lang, DECIMALS)


def change(value: Estimate, outcome: str, view: View) -> str:
    numbers = {name: amount(getattr(value, name), outcome, view) for name in ("value", "low", "high")}
    return t("outlook.interval", view.lang, **numbers | {"value": formats.plus(numbers["value"])})


def every(found: Leads, view: View) -> None:
    lang = view.lang
    groups = [row(one, found.outcome, view) for one in found.leads]
    figure = store.drawn("leads", view, lambda: group_figures.forest(groups, 0.0, "cem", "~g", False), found.outcome)
    alt = "; ".join(f"{g.name} {g.detail}" for g in groups)
    chart("leads", figure, alt, lambda: table(found, view), lang, store.settings(view).company.currency)


def row(one: Lead, outcome: str, view: View) -> Group:
    lang, label, n = view.lang, name(one.measure, view.lang), formats.number(one.n, view.lang)
    if one.after is None:
        return Group(one.measure, label, t("outlook.leads_too_few", lang, n=n), None, None, None, False)
    key = f"outlook.leads_status.{one.status}"
    words = t(key, lang, change=change(one.after, outcome, view), n=n)
    return Group(one.measure, label, words, one.after.value, one.after.low, one.after.high, one.status == "told")


def for_whom(found: Leads, one: Lead, view: View) -> None:
    """The chosen measure in every group: of which it is told by itself, which differ."""
    lang = view.lang
    known = [part for part in found.parts if part.measure == one.measure and part.after is not None]
    if not known:
        return
    told = [part.group for part in known if part.status == "told"]
    apart = {part.group: part.beyond.value for part in known if part.differs}
    label = name(one.measure, lang)
    st.markdown(f"**{literal(t('outlook.leads_for_whom', lang, measure=label))}**")
    st.markdown(literal(outlook_groups.said(told, apart, len(known), view)))
    title = t(f"outlook.leads_parts.{found.outcome}", lang, measure=label)

    def rows() -> list[Group]:
        return [part_row(part, found.outcome, view) for part in known]

    table, note = lambda: parts_table(known, found.outcome, view), "outlook.leads_parts_note"
    outlook_groups.box("leads_groups", title, rows, one.after.value, "~g", table, note, view)


def part_row(part: Part, outcome: str, view: View) -> Group:
    words = t(
        f"outlook.leads_status.{part.status}",
        view.lang,
        change=change(part.after, outcome, view),
        n=formats.number(part.n, view.lang),
    )
    ends = (part.after.value, part.after.low, part.after.high, part.status == "told")
    return Group("=".join(part.group), outlook_groups.name(part.group, view), words, *ends)


def parts_table(parts: list[Part], outcome: str, view: View) -> Table:
    lang, unit = view.lang, UNITS[outcome]
    columns = [Column(t("outlook.headers.group", lang)), Column(t("outlook.leads_headers.status", lang))]
    headers = ("value", "low", "high", "beyond", "beyond_low", "beyond_high")
    columns += [Column(t(f"outlook.leads_headers.{header}", lang), unit) for header in headers]
    rows = []
    for part in parts:
        told = (part.after, part.beyond or Estimate(None))
        about = (outlook_groups.name(part.group, view), t(f"outlook.leads_verdicts.{part.status}", lang))
        rows.append((*about, *(end for one in told for end in (one.value, one.low, one.high)), part.n))
    return Table((*columns, Column("n", "count")), tuple(rows))


def course(one: Lead, outcome: str, view: View) -> None:
    lang = view.lang
    steps = [
        Step(lag.months, lag.value.value, lag.value.low, lag.value.high, lag.is_told, hover(lag, outcome, view))
        for lag in one.lags
    ]
    axes = (t("outlook.leads_months", lang), t(f"outlook.leads_change.{outcome}", lang))
    sides = (t("outlook.leads_before", lang), t("outlook.leads_after", lang))
    figure = store.drawn("leads_course", view, lambda: relation_figures.lags(steps, axes, sides), one.measure, outcome)
    currency = store.settings(view).company.currency
    alt = "; ".join(step.hover for step in steps)
    chart("leads_course", figure, alt, lambda: lags_table(one, outcome, lang), lang, currency)


def hover(lag: Lag, outcome: str, view: View) -> str:
    holes = {"months": formats.plus(formats.number(lag.months, view.lang)), "change": change(lag.value, outcome, view)}
    return t("outlook.leads_lag", view.lang, **holes)


def note(found: Leads, lang: str) -> str:
    holes = {
        "n": formats.number(found.n_customers, lang),
        "groups": formats.number(found.n_groups, lang),
        "months": str(found.n_months),
    }
    first, last = formats.month(found.first_on, lang), formats.month(found.last_on, lang)
    key = "outlook.leads_note" if found.group == EVERYBODY else "outlook.leads_note_group"
    return t(key, lang, first=first, last=last, **holes)


def table(found: Leads, view: View) -> Table:
    lang, unit = view.lang, UNITS[found.outcome]
    units = {"measure": None, "status": None, "value": unit, "low": unit, "high": unit, "lead": "count"}
    units |= {"lead_low": "count", "lead_high": "count", "n": "count"}
    columns = [Column(t(f"outlook.leads_headers.{header}", lang), unit) for header, unit in units.items()]
    rows = []
    for one in found.leads:
        about = (name(one.measure, lang), t(f"outlook.leads_verdicts.{one.status}", lang))
        parts = (one.after, one.lead) if one.after else (Estimate(None), Estimate(None))
        rows.append((*about, *(end for part in parts for end in (part.value, part.low, part.high)), one.n))
    return Table(tuple(columns), tuple(rows))


def lags_table(one: Lead, outcome: str, lang: str) -> Table:
    columns = [Column(t("outlook.leads_months", lang), "count")]
    columns += [Column(t(f"outlook.headers.{header}", lang), UNITS[outcome]) for header in ("value", "low", "high")]
    rows = [(lag.months, lag.value.value, lag.value.low, lag.value.high, lag.n) for lag in one.lags]
    return Table((*columns, Column("n", "count")), tuple(rows))
