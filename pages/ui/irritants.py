"""Irritants on the page: ranked by the least that each weighs, and everything about the one chosen."""

from collections.abc import Sequence

import streamlit as st

from metrics.irritants import Doing, Irritant, doing, there, words
from metrics.promises import facts
from metrics.stats.intervals import Estimate
from pages.ui import formats, group_figures, spoken_words, store
from pages.ui.access import reader
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.group_figures import Group
from pages.ui.labels import code_label, column_label, irritant_name
from pages.ui.link import page_link
from pages.ui.parts import pick_choice, pick_from
from pages.ui.text import literal, t

CHART = "irritants"
PAGES = {"promise": "promise", "repeat": "contacts", "seam": "seams", "theme": "voice"}


def name(one: Irritant, view: View) -> str:
    return irritant_name(store.settings(view), one.thing, view.lang)


def currency(view: View) -> str:
    return store.settings(view).company.currency


def ends(found: Estimate, unit: str, view: View, decimals: int | None = None) -> dict[str, str]:
    """Value and interval of a hole-filled sentence."""
    if decimals is not None:
        value, low, high = (formats.number(end, view.lang, decimals) for end in (found.value, found.low, found.high))
        return {"value": value, "low": low, "high": high}
    low, high = formats.ends(found.low, found.high, unit, view.lang, currency(view))
    return {"value": formats.amount(found.value, unit, view.lang, currency(view)), "low": low, "high": high}


def ranked(found: Sequence[Irritant], chosen: Irritant, view: View) -> None:
    """What each weighs over its cases, with its interval; grey where it cannot be told from none; a click chooses."""
    lang = view.lang
    rows = [
        Group(o.thing, name(o, view), words_of(o, view), o.loss.value, o.loss.low, o.loss.high, o.is_told)
        for o in found
    ]

    def draw() -> object:
        figure = group_figures.forest(rows, 0.0, "cem", ",.3~s", True)
        return figure.update_traces(selectedpoints=[place_of(chosen, found)], selector={"type": "bar"})

    figure = store.drawn(CHART, view, draw, chosen.thing)
    listed = "; ".join(f"{row.name} {row.detail}" for row in rows)
    months = str(store.catalogue(view).ground.windows["stop_months"])
    spans = {"first": formats.month(min(o.first_on for o in found), lang)}
    spans |= {"last": formats.month(max(o.last_on for o in found), lang)}
    note = t("irritants.note", lang, months=months, **spans)
    alt = t("irritants.alt", lang, irritants=listed)
    chart(CHART, figure, alt, lambda: table_of(found, view), lang, currency(view), note, pick_from(CHART))


def place_of(chosen: Irritant, found: Sequence[Irritant]) -> int:
    return next(place for place, one in enumerate(found) if one.thing == chosen.thing)


def words_of(one: Irritant, view: View) -> str:
    """The interval, whose lower end the ranking goes by; short, to fit a phone."""
    lang = view.lang
    holes = ends(one.loss, "money", view) | {"n": formats.number(one.n, lang)}
    if one.differed_before:
        return t("irritants.differed_before", lang, **holes)
    return t("irritants.weighs" if one.is_told else "irritants.untold", lang, **holes)


def table_of(found: Sequence[Irritant], view: View) -> Table:
    lang = view.lang
    estimates = {"loss": "money", "margin": "money", "hours": "score", "cost": "money", "stopped": "share"}
    plain = {"cases": "count", "hit": "count", "exposed": "count", "n": "count", "n_like": "count", "rate": "share"}
    plain |= {"rate_before": "share", "p_first": "share", "best_rank": "count", "worst_rank": "count"}
    columns = [Column(t("irritants.headers.irritant", lang))]
    for key, unit in estimates.items():
        label = t(f"irritants.headers.{key}", lang)
        columns += [Column(label, unit)]
        columns += [Column(t(f"irritants.headers.{end}", lang, what=label), unit) for end in ("low_of", "high_of")]
    columns += [Column(t(f"irritants.headers.{key}", lang), unit) for key, unit in plain.items()]
    rows = []
    for one in found:
        numbers = [end for key in estimates for e in [getattr(one, key)] for end in (e.value, e.low, e.high)]
        rows.append((name(one, view), *numbers, *(getattr(one, key) for key in plain)))
    return Table(tuple(columns), tuple(rows))


def detail(one: Irritant, found: Sequence[Irritant], view: View) -> None:
    """Reach and trend, what it is followed by, who carries it, what is being done, words, the way to its cause."""
    lang = view.lang
    pick_choice(
        [o.thing for o in found], one.thing, lambda code: name_by(code, found, view), t("irritants.choose", lang)
    )
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"**{literal(t('irritants.reach_title', lang))}**")
        listed([reach(one, view), trend(one, view), concentrated(one, view), overlapping(one, view)])
        st.markdown(f"**{literal(t('irritants.carried_title', lang))}**")
        listed([carried(one, view), acted_on(store.computed(doing, view, one.thing), view)])
    with right:
        st.markdown(f"**{literal(t('irritants.customers_title', lang))}**")
        listed([not_seen(one, view), stopped(one, view), rank(one, found, view)])
        st.markdown(f"**{literal(t('irritants.teams_title', lang))}**")
        listed([hours(one, view)])
    said(one, view)
    to_the_cause(one, view)


def name_by(code: str, found: Sequence[Irritant], view: View) -> str:
    return next(name(one, view) for one in found if one.thing == code)


def listed(lines: Sequence[str]) -> None:
    st.markdown("\n".join(f"- {literal(line)}" for line in lines if line))


def reach(one: Irritant, view: View) -> str:
    holes = {key: formats.number(getattr(one, key), view.lang) for key in ("hit", "exposed", "cases")}
    months = str(store.catalogue(view).ground.windows["stop_months"])
    return t("irritants.reach", view.lang, months=months, **holes)


def trend(one: Irritant, view: View) -> str:
    """Rate of the last 12 months against the 12 before, marked only beyond noise."""
    lang, rate = view.lang, formats.share(one.rate, view.lang)
    if one.rate_before is None or one.change.low is None:
        return t("irritants.trend_unknown", lang, rate=rate)
    low, high = (formats.number(end * 100, lang, 1) for end in (one.change.low, one.change.high))
    before, change = formats.share(one.rate_before, lang), formats.change(one.change.value, "share", lang)
    way = "same" if not one.is_changed else "worse" if one.change.value > 0 else "better"
    return t(f"irritants.trend_{way}", lang, rate=rate, before=before, change=change, low=low, high=high)


def concentrated(one: Irritant, view: View) -> str:
    """The segment that it strikes most, and what it weighs there."""
    if one.part_column is None:
        return ""
    lang, settings = view.lang, store.settings(view)
    column, group = (
        column_label(settings, one.part_column, lang),
        code_label(settings, one.part_column, one.part_code, lang),
    )
    holes = {"column": column, "group": group, "rate": formats.share(one.part_rate, lang)}
    holes |= {"rest": formats.share(one.rest_rate, lang)}
    part = store.computed(there, view, one.thing)
    if part is None:
        return t("irritants.part", lang, **holes)
    return t(
        "irritants.part_weighs", lang, cases=formats.number(part.cases, lang), **holes, **ends(part.loss, "money", view)
    )


def overlapping(one: Irritant, view: View) -> str:
    if one.overlap_thing is None or not one.overlap:
        return ""
    other = irritant_name(store.settings(view), one.overlap_thing, view.lang)
    return t("irritants.overlap", view.lang, share=formats.share(one.overlap, view.lang), other=other)


def carried(one: Irritant, view: View) -> str:
    if one.department is None:
        return t("irritants.carried_unknown", view.lang)
    department = code_label(store.settings(view), "department", one.department, view.lang)
    share, n = formats.share(one.department_share, view.lang), formats.number(one.n_contacts, view.lang)
    return t("irritants.carried", view.lang, department=department, share=share, n=n)


def acted_on(found: Doing | None, view: View) -> str:
    lang = view.lang
    if found is None:
        return t("irritants.doing_nothing", lang)
    since = formats.month(found.started_on, lang)
    said_of = t(f"irritants.doing_{found.state}", lang, title=found.title, since=since)
    if found.cost is None:
        return said_of
    return t("irritants.doing_cost", lang, doing=said_of, cost=formats.money(found.cost, lang, currency(view)))


def not_seen(one: Irritant, view: View) -> str:
    if one.margin.low is None:
        return ""
    months = str(store.catalogue(view).ground.windows["stop_months"])
    n, like = formats.number(one.n, view.lang), formats.number(one.n_like, view.lang)
    key = "irritants.margin_before" if one.differed_before else "irritants.margin"
    return t(key, view.lang, months=months, n=n, like=like, **ends(one.margin, "money", view))


def stopped(one: Irritant, view: View) -> str:
    if one.stopped.low is None:
        return ""
    lang, months = view.lang, str(store.catalogue(view).ground.windows["stop_months"])
    low, high = (formats.number(end * 100, lang, 1) for end in (one.stopped.low, one.stopped.high))
    value = formats.change(one.stopped.value, "share", lang)
    return t("irritants.stopped", lang, months=months, value=value, low=low, high=high)


def rank(one: Irritant, found: Sequence[Irritant], view: View) -> str:
    holes = {"best": str(one.best_rank), "worst": str(one.worst_rank), "n": str(len(found))}
    key = "irritants.rank_sure" if one.best_rank == one.worst_rank else "irritants.rank"
    return t(key, view.lang, first=formats.probability(one.p_first, view.lang), **holes)


def hours(one: Irritant, view: View) -> str:
    if one.hours.low is None:
        return ""
    holes = ends(one.hours, "count", view, 0)
    if one.cost.low is None:
        return t("irritants.hours", view.lang, **holes)
    low, high = formats.ends(one.cost.low, one.cost.high, "money", view.lang, currency(view))
    cost = formats.money(one.cost.value, view.lang, currency(view))
    return t("irritants.hours_cost", view.lang, cost=cost, cost_low=low, cost_high=high, **holes)


def said(one: Irritant, view: View) -> None:
    """Three answers of customers whom it hit, drawn by lot."""
    lang = view.lang
    st.markdown(f"**{literal(t('irritants.said_title', lang))}**")
    if not reader().sees_rows:
        st.caption(literal(t("voice.not_for_you", lang)))
        return
    texts = store.computed(words, view, one.thing)
    if not texts:
        st.caption(literal(t("irritants.nothing_said", lang)))
        return
    for text, place in zip(texts, st.columns(3), strict=False):
        with place.container(border=True, height="stretch", gap="xsmall"):
            spoken_words.one(text, view)
    st.caption(literal(t("irritants.said_note", lang)))


def to_the_cause(one: Irritant, view: View) -> None:
    """A link to the page that shows where it comes from, opened at it."""
    page, parts = PAGES[one.source], {}
    if one.source in ("theme", "seam"):
        parts = {"pick": one.code}
    elif one.source == "repeat":
        parts = {"tab": "groups", "cut": "reason"}
    elif pillar := next((f.promise for f in facts(store.settings(view)) if ("kind", (one.code,)) in f.where), None):
        parts = {"pick": pillar}
    page_link(literal(t(f"irritants.open.{one.source}", view.lang)), page, **parts)
