"""Who is heard: from all customers and revenue to those who answered, the score of all of them, and who is missing."""

from collections.abc import Sequence

import streamlit as st

from metrics.heard import (
    PARTS,
    TOTAL,
    Level,
    Part,
    Representativeness,
    SilentFact,
    Step,
    levels,
    representativeness,
    score_mix,
    silent_facts,
)
from metrics.heard import funnel as steps_of
from metrics.heard_findings import heard_findings, mix_finding
from metrics.promise_costs import group_of
from pages.ui import bar_figures, figures, formats, group_figures, heard_figures, hearing_tables, invited, said, store
from pages.ui.address import View
from pages.ui.bar_figures import Amount
from pages.ui.charts import chart
from pages.ui.figures import Bar
from pages.ui.group_figures import Group
from pages.ui.groups import TICKS
from pages.ui.heard_figures import Pair
from pages.ui.labels import code_label, column_label
from pages.ui.parts import part_choice
from pages.ui.text import literal, t

METRICS = ("response_rate", "coverage", "silent_revenue", "nps", "nps_transactional", "csat")
SIDE = "cem"
ALL_STEPS = 4
METHODS = ("heard", "r", "bias", "raked", "bounds", "mix")


def tab(view: View, top: st.delta_generator.DeltaGenerator) -> None:
    catalogue = store.catalogue(view)
    steps, found = store.computed(steps_of, view), store.computed(representativeness, view)
    chosen = found[view.part("score", tuple(found))] if found else None
    with top:
        said.finding(heard_findings(steps, chosen, catalogue, group_of(view.selection) is not None), view)
    left, right = st.columns([3, 2])
    with left.container(border=True, height="stretch"):
        the_funnel(steps, view)
    with right.container(border=True, height="stretch"):
        the_score(found, chosen, view)
    invited.response(view)
    if chosen is not None:
        who_is_missing(chosen, view)
        left, right = st.columns([3, 2])
        with left.container(border=True, height="stretch"):
            minds_or_people(chosen.metric, view)
        with right.container(border=True, height="stretch"):
            what_silent_live(view)
        said.methods("heard", METHODS, view)


def the_funnel(steps: Sequence[Step], view: View) -> None:
    """Share of revenue at each step, customers in words; the heard ones in the experience colour."""
    lang = view.lang
    st.subheader(t("heard.funnel", lang), anchor=False)
    if not steps:
        st.markdown(literal(t("heard.no_funnel", lang)))
        return
    bars = [bar_of(step, view) for step in steps]
    figure = store.drawn("heard_funnel", view, lambda: figures.shares(bars, 64))
    listed = "; ".join(f"{bar.name} {bar.detail}" for bar in bars)
    note = t("heard.funnel_note", lang, month=formats.day(steps[0].month_end, lang))
    if 2 <= len(steps) < ALL_STEPS:
        note = f"{note} {t('heard.only_answers' if len(steps) == 2 else 'heard.step_left_out', lang)}"
    currency = store.settings(view).company.currency
    table = lambda: hearing_tables.funnel(steps, lang)  # noqa: E731
    chart("heard_funnel", figure, t("heard.funnel_alt", lang, steps=listed), table, lang, currency, note)


def bar_of(step: Step, view: View) -> Bar:
    lang, has_money = view.lang, step.revenue_share is not None
    value, low, high = (
        (step.revenue_share, step.revenue_low, step.revenue_high) if has_money else (step.share, step.low, step.high)
    )
    holes = {
        "customers": formats.number(step.customers, lang),
        "share": formats.share(step.share, lang),
        "revenue": formats.share(value, lang),
    }
    holes |= dict(zip(("low", "high"), formats.ends(low, high, "share", lang), strict=True))
    if step.step == "active":
        currency = store.settings(view).company.currency
        words = t("heard.all", lang, customers=holes["customers"], revenue=formats.money(step.revenue, lang, currency))
    else:
        words = t("heard.step" if has_money else "heard.step_customers", lang, **holes)
    return Bar(t(f"heard.steps.{step.step}", lang), words, value, low, high, step.step == "heard")


def the_score(found: dict[str, Representativeness], chosen: Representativeness | None, view: View) -> None:
    """As answered, and weighted to all active customers; what cannot be known without assuming anything."""
    lang, known = view.lang, store.catalogue(view).metrics
    st.subheader(t("heard.score", lang), anchor=False)
    if chosen is None:
        st.markdown(literal(t("heard.no_score", lang)))
        return
    if len(found) > 1:
        words = {name: known[name].tile_label[lang] for name in found}
        part_choice("score", tuple(found), words.get, t("heard.which_score", lang), view)
    metric = known[chosen.metric]
    rows = [score_row(name, chosen, view) for name in ("raw", "raked")]
    figure = store.drawn(
        "heard_score",
        view,
        lambda: group_figures.forest(rows, None, SIDE, TICKS[metric.unit], is_open=False),
        chosen.metric,
    )
    listed = "; ".join(f"{row.name} {row.detail}" for row in rows)
    currency = store.settings(view).company.currency
    alt = t("heard.score_alt", lang, metric=metric.label[lang], scores=listed)
    chart("heard_score", figure, alt, lambda: hearing_tables.scores(found, view), lang, currency)
    st.markdown(literal(representative(chosen, view)))
    st.caption(literal(bounds(chosen, view)))


def score_row(name: str, found: Representativeness, view: View) -> Group:
    lang, unit = view.lang, store.catalogue(view).metrics[found.metric].unit
    value, low, high = (getattr(found, f"{name}{end}") for end in ("", "_low", "_high"))
    first, last = formats.ends(low, high, unit, lang)
    words = t(
        f"heard.{name}_words",
        lang,
        value=formats.amount(value, unit, lang),
        low=first,
        high=last,
        n=formats.number(found.n_answers, lang),
        effect=formats.number(found.design_effect, lang, 2),
    )
    return Group(name, t(f"heard.{name}", lang), words, value, low, high)


def representative(found: Representativeness, view: View) -> str:
    """The R-indicator, and by how much the score can be wrong for it."""
    lang, unit = view.lang, store.catalogue(view).metrics[found.metric].unit
    low, high = (formats.number(end, lang, 2) for end in (found.r_low, found.r_high))
    bias = formats.change(found.most_bias, unit, lang).lstrip("+")
    return t("heard.r", lang, r=formats.number(found.r, lang, 2), low=low, high=high, bias=bias)


def bounds(found: Representativeness, view: View) -> str:
    lang, unit = view.lang, store.catalogue(view).metrics[found.metric].unit
    low, high = formats.ends(found.bound_low, found.bound_high, unit, lang)
    return t(
        "heard.bounds",
        lang,
        low=low,
        high=high,
        silent=formats.number(found.n_customers - found.n_heard, lang),
        customers=formats.number(found.n_customers, lang),
        first=formats.month(found.first_on, lang),
        last=formats.month(found.last_on, lang),
    )


def who_is_missing(chosen: Representativeness, view: View) -> None:
    """Share heard in each level of one thing known of all customers; what differs from all stands out."""
    lang, metric = view.lang, store.catalogue(view).metrics[chosen.metric]
    every = store.computed(levels, view, chosen.metric)
    with st.container(border=True):
        st.subheader(literal(t("heard.missing", lang, metric=metric.label[lang])), anchor=False)
        if not every:
            st.markdown(literal(t("heard.no_levels", lang)))
            return
        sizes = {level.variable: level.partial_variable for level in every}
        variables = tuple(sorted(sizes, key=lambda name: -sizes[name]))
        words = {name: column_label(store.settings(view), name, lang) for name in variables}
        variable = part_choice("known", variables, words.get, t("heard.which_known", lang), view)
        shown = sorted((level for level in every if level.variable == variable), key=lambda level: level.share)
        rows = [level_row(level, view) for level in shown]
        figure = store.drawn(
            "heard_levels",
            view,
            lambda: group_figures.forest(rows, shown[0].whole, SIDE, ".0%", is_open=False),
            chosen.metric,
            variable,
        )
        listed = "; ".join(f"{row.name} {row.detail}" for row in rows)
        currency = store.settings(view).company.currency
        alt = t("heard.levels_alt", lang, levels=listed)
        chart("heard_levels", figure, alt, lambda: hearing_tables.levels(every, view), lang, currency)
        holes = {"alone": shown[0].partial_variable, "given": shown[0].partial_given}
        texts = {name: formats.number(value, lang, 3) for name, value in holes.items()}
        st.caption(literal(t("heard.levels_note", lang, **texts)))


def level_row(level: Level, view: View) -> Group:
    lang = view.lang
    low, high = formats.ends(level.low, level.high, "share", lang)
    holes = {"share": formats.share(level.share, lang), "low": low, "high": high, "n": formats.number(level.n, lang)}
    name = code_label(store.settings(view), level.variable, level.level, lang)
    words = t("heard.level", lang, **holes)
    return Group(level.level, name, words, level.share, level.low, level.high, level.is_told)


def minds_or_people(name: str, view: View) -> None:
    """The change of the score over a year, parted into changed minds and other people."""
    lang, metric = view.lang, store.catalogue(view).metrics[name]
    parts = store.computed(score_mix, view, name)
    st.subheader(literal(t("heard.mix", lang, metric=metric.label[lang])), anchor=False)
    found = mix_finding(name, parts, store.catalogue(view))
    if found is None:
        st.markdown(literal(t("heard.no_mix", lang)))
        return
    st.markdown(literal(said.sentence(found, view)))
    rows = [part_row(parts[part], metric.unit, lang) for part in (TOTAL, *PARTS) if part in parts]
    figure = store.drawn("heard_mix", view, lambda: bar_figures.amounts(rows), name)
    listed = "; ".join(f"{row.name} {row.detail}" for row in rows)
    total = parts[TOTAL]
    span = {"first": formats.month(total.first_on, lang), "last": formats.month(total.last_on, lang)}
    currency = store.settings(view).company.currency
    alt, note = t("heard.mix_alt", lang, parts=listed), t("heard.mix_note", lang, **span)
    chart("heard_mix", figure, alt, lambda: hearing_tables.mix(parts, metric.unit, lang), lang, currency, note)


def part_row(part: Part, unit: str, lang: str) -> Amount:
    low, high = (formats.change(end, unit, lang) for end in (part.low, part.high))
    words = t("heard.part", lang, value=formats.change(part.value, unit, lang), low=low, high=high)
    counted = t("heard.counted", lang, n=formats.number(max(part.n_before, part.n_now), lang))
    detail = f"{words} · {counted}"
    return Amount(t(f"heard.parts.{part.part}", lang), detail, part.value, part.low, part.high, part.is_told)


def what_silent_live(view: View) -> None:
    """Facts known of all customers, heard and not: what no survey can tell."""
    lang = view.lang
    st.subheader(t("heard.facts_title", lang), anchor=False)
    facts = store.computed(silent_facts, view)
    if not facts:
        st.markdown(literal(t("heard.no_facts", lang)))
        return
    pairs = [pair_of(fact, view) for fact in facts]
    figure = store.drawn("heard_facts", view, lambda: heard_figures.pairs(pairs))
    listed = "; ".join(f"{pair.name} {pair.detail}" for pair in pairs)
    currency = store.settings(view).company.currency
    alt = t("heard.facts_alt", lang, facts=listed)
    note = t("heard.facts_note", lang)
    chart("heard_facts", figure, alt, lambda: hearing_tables.facts(facts, lang), lang, currency, note)


def pair_of(fact: SilentFact, view: View) -> Pair:
    lang = view.lang
    low, high = (formats.number(end * 100, lang, 1) for end in (fact.low, fact.high))
    words = t(
        "heard.fact" if fact.is_told else "heard.fact_same",
        lang,
        heard=formats.share(fact.heard, lang),
        silent=formats.share(fact.silent, lang),
        value=formats.change(fact.value, "share", lang),
        low=low,
        high=high,
    )
    months = str(store.catalogue(view).ground.windows["stop_months"])
    return Pair(t(f"heard.facts.{fact.fact}", lang, months=months), words, fact.heard, fact.silent, fact.is_told)
