"""Can these surveys be trusted? Every unit in every signal, the evidence of one, and the score without the doubtful."""

from collections.abc import Sequence

import streamlit as st

from metrics.survey_trust import (
    HONEST_NAMED,
    RIGGED_FOUND,
    SIGNALS,
    SIMULATED,
    Signal,
    Unit,
    Without,
    doubtful,
    trust_findings,
    units,
    without,
)
from pages.ui import formats, group_figures, heard_figures, hearing_tables, said, store
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.group_figures import Group
from pages.ui.groups import TICKS
from pages.ui.heard_figures import Dot, Strip
from pages.ui.labels import code_label
from pages.ui.parts import pick_choice, pick_from
from pages.ui.text import literal, t

METRICS = ("nps_transactional", "response_rate", "nps", "csat")
SIDE = "cem"


def tab(view: View, top: st.delta_generator.DeltaGenerator) -> None:
    found = store.computed(units, view)
    with top:
        said.finding(trust_findings(found), view)
    if not found:
        key = "trust.only_some" if view.selection.scope else "trust.empty"
        st.markdown(literal(t(key, view.lang)))
        return
    if view.selection.where:
        st.caption(literal(t("trust.filters_ignored", view.lang)))
    codes = {code_of(unit): unit for unit in found}
    chosen = codes[view.pick] if view.pick in codes else found[0]
    every_signal(found, chosen, view)
    left, right = st.columns([3, 2])
    with left.container(border=True, height="stretch"):
        pick_choice(tuple(codes), code_of(chosen), lambda c: name_of(codes[c], view), t("trust.unit", view.lang))
        evidence(chosen, view)
    with right.container(border=True, height="stretch"):
        score_without(found, view)
        how_judged(view)
    said.methods("trust", ("others", *SIGNALS), view)


def code_of(unit: Unit) -> str:
    return f"{unit.kind}:{unit.code}"


def name_of(unit: Unit, view: View) -> str:
    return code_label(store.settings(view), unit.kind, unit.code, view.lang)


def every_signal(found: Sequence[Unit], chosen: Unit, view: View) -> None:
    """A line a signal, a dot a unit; what chance cannot explain is coloured, the chosen unit is large."""
    lang = view.lang
    with st.container(border=True):
        st.subheader(t("trust.title", lang), anchor=False)
        rows = [strip_of(name, found, chosen, view) for name in SIGNALS]
        rows = [row for row in rows if row.dots]
        ends = (t("trust.as_others", lang), t("trust.farther", lang))
        figure = store.drawn("trust_signals", view, lambda: heard_figures.strips(rows, ends), code_of(chosen))
        listed = "; ".join(f"{row.name}: {row.detail}" for row in rows)
        first, last = (formats.month(day, lang) for day in (chosen.signals[0].first_on, chosen.signals[0].last_on))
        note = t("trust.note", lang, unit=name_of(chosen, view), first=first, last=last)
        currency = store.settings(view).company.currency
        alt = t("trust.alt", lang, signals=listed)
        table = lambda: hearing_tables.signals(found, view)  # noqa: E731
        chart("trust_signals", figure, alt, table, lang, currency, note, pick_from("trust_signals"))


def strip_of(name: str, found: Sequence[Unit], chosen: Unit, view: View) -> Strip:
    lang = view.lang
    placed = [(unit, s) for unit in found for s in unit.signals if s.signal == name]
    dots = [Dot(code_of(u), name_of(u, view), s.distance, s.is_told, u == chosen) for u, s in placed]
    told = ", ".join(name_of(unit, view) for unit, s in placed if s.is_told)
    judged = t("trust.judged", lang, count=len(dots), n=str(len(dots)))
    words = t("trust.strip_told", lang, judged=judged, units=told) if told else judged
    return Strip(t(f"trust.signals.{name}", lang), words, dots)


def evidence(unit: Unit, view: View) -> None:
    """What each signal found of one unit, beside what is expected of it."""
    lang = view.lang
    st.subheader(literal(verdict(unit, view)), anchor=False)
    heads = [t(f"trust.heads.{name}", lang) for name in ("signal", "found", "expected", "n", "chance")]
    rows = [evidence_row(signal, lang) for signal in unit.signals]
    columns = {head: [row[place] for row in rows] for place, head in enumerate(heads)}
    st.dataframe(columns, hide_index=True, key="trust_evidence", height="content")
    st.caption(literal(t("trust.evidence_note", lang, n=formats.number(unit.n_answers, lang))))


def verdict(unit: Unit, view: View) -> str:
    lang, name = view.lang, name_of(unit, view)
    if unit.is_doubtful:
        holes = {"signals": str(len(unit.told)), "families": str(unit.families)}
        return t("trust.doubtful", lang, unit=name, **holes)
    return t("trust.one_signal" if unit.told else "trust.nothing", lang, unit=name)


def evidence_row(signal: Signal, lang: str) -> tuple[str, ...]:
    is_difference = signal.signal == "selective"
    low, high = formats.ends(signal.low, signal.high, "share", lang)
    if is_difference:
        low, high = (formats.number(end * 100, lang, 1) for end in (signal.low, signal.high))
    value = formats.change(signal.value, "share", lang) if is_difference else formats.share(signal.value, lang)
    expected = formats.change(signal.expected, "share", lang) if is_difference else formats.share(signal.expected, lang)
    name = t(f"trust.signals.{signal.signal}", lang)
    if signal.level:
        name = t("trust.shape_of", lang, level=signal.level)
    return (
        t("trust.marked" if signal.is_told else "trust.unmarked", lang, signal=name),
        t("trust.found", lang, value=value, low=low, high=high),
        expected,
        formats.number(signal.n, lang),
        chance(signal.p_adjusted, lang),
    )


def chance(p: float, lang: str) -> str:
    """The chance of a false alarm, over all units and signals."""
    return t("trust.less_than", lang, p=formats.share(0.001, lang)) if p < 0.001 else formats.share(p, lang)


def score_without(found: Sequence[Unit], view: View) -> None:
    """What the company's scores would be without the units that are worth an audit."""
    lang = view.lang
    st.subheader(t("trust.without", lang), anchor=False)
    if not doubtful(found):
        st.markdown(literal(t("trust.nothing_to_leave_out", lang)))
        return
    scores = store.computed(without, view)
    if not scores:
        st.markdown(literal(t("trust.no_score", lang)))
        return
    first = scores[0]
    metric = store.catalogue(view).metrics[first.metric]
    rows = rows_of(first, view)
    figure = store.drawn(
        "trust_without", view, lambda: group_figures.forest(rows, None, SIDE, TICKS[metric.unit], is_open=False)
    )
    alt = "; ".join(f"{row.name} {row.detail}" for row in rows)
    currency = store.settings(view).company.currency
    chart("trust_without", figure, alt, lambda: hearing_tables.without(scores, view), lang, currency)
    st.markdown(literal(difference(first, view)))


def rows_of(score: Without, view: View) -> list[Group]:
    lang, metric = view.lang, store.catalogue(view).metrics[score.metric]
    rows = []
    for name, n in (("whole", score.n), ("rest", score.n_rest)):
        value, low, high = (getattr(score, f"{name}{end}") for end in ("", "_low", "_high"))
        first, last = formats.ends(low, high, metric.unit, lang)
        words = t(
            "trust.score",
            lang,
            value=formats.amount(value, metric.unit, lang, decimals=1),
            low=first,
            high=last,
            n=formats.number(n, lang),
        )
        label = t(f"trust.score_{name}", lang, metric=metric.tile_label[lang])
        rows.append(Group(name, label, words, value, low, high))
    return rows


def difference(score: Without, view: View) -> str:
    """What leaving them out changes, or that it cannot be told from noise."""
    lang, unit = view.lang, store.catalogue(view).metrics[score.metric].unit
    scale = 100 if unit == "share" else 1
    low, high = (formats.number(end * scale, lang, 1) for end in (score.low, score.high))
    key = "trust.changes" if score.is_told else "trust.changes_not"
    span = {"first": formats.month(score.first_on, lang), "last": formats.month(score.last_on, lang)}
    return t(key, lang, value=formats.change(score.value, unit, lang), low=low, high=high, **span)


def how_judged(view: View) -> None:
    """The rule, and how often it is wrong: measured, not promised."""
    lang = view.lang
    st.markdown(f"**{literal(t('trust.rule_title', lang))}**")
    holes = {
        "companies": formats.number(SIMULATED, lang),
        "named": formats.number(HONEST_NAMED, lang),
        "found": formats.number(RIGGED_FOUND, lang),
    }
    st.caption(literal(t("trust.rule", lang, **holes)))
