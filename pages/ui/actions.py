"""The register of actions on the page, and everything about the one chosen."""

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from metrics.actions import Acted, Month, Verdict, action_months
from pages.ui import action_figures, formats, store, written
from pages.ui.action_evidence import (
    currency,
    ends_of,
    entered_late,
    how_sure,
    metric_name,
    moved,
    trend_ends,
    where_words,
)
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.groups import TICKS
from pages.ui.handle_time_figures import Side
from pages.ui.labels import code_label
from pages.ui.parts import pick_choice
from pages.ui.promise_figures import Spot
from pages.ui.text import literal, t
from pages.ui.written import Register

CHART = "actions_before_after"
DAY = timedelta(days=1)


def state_of(acted: Acted, register: Register) -> str:
    """What the page says of an action in one word: its verdict, or how far it is."""
    if acted.entry.status == "dropped":
        return "dropped"
    if acted.entry.action_id in register.waiting:
        return "waiting"
    if acted.verdict is None:
        return "unjudged" if acted.entry.done_on else "under_way" if acted.entry.started_on else "none"
    return acted.verdict.verdict or acted.verdict.state


def effect_words(v: Verdict | None, view: View) -> str:
    if v is None or v.value is None or v.low is None:
        return formats.NOTHING
    low, high = ends_of(v.low, v.high, v.metric, view)
    return t("actions.effect_words", view.lang, value=moved(v.value, v.metric, view), low=low, high=high)


def register_table(register: Register, view: View) -> None:
    """Every action in a line: verdict, effect with its interval, what was expected, who owns it."""
    lang, settings = view.lang, store.settings(view)
    heads = ("verdict", "action", "metric", "effect", "expected", "promise", "owner", "started_on", "done_on", "cost")
    rows = [
        (
            t(f"actions.verdicts.{state_of(a, register)}", lang),
            a.entry.title,
            metric_name(a.entry.target_metric, view),
            effect_words(a.verdict, view),
            moved(a.entry.expected_change, a.entry.target_metric, view),
            code_label(settings, "pillar", a.entry.pillar, lang) if a.entry.pillar else formats.NOTHING,
            code_label(settings, "role", a.entry.owner_role, lang) if a.entry.owner_role else formats.NOTHING,
            formats.day(a.entry.started_on, lang),
            formats.day(a.entry.done_on, lang),
            formats.money(a.entry.cost, lang, currency(view)),
        )
        for a in register.acted
    ]
    names = [t(f"actions.headers.{head}", lang) for head in heads]
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    st.dataframe(columns, hide_index=True, key="actions_register", height="content")
    came_true(register.acted, view)


def came_true(acted: Sequence[Acted], view: View) -> None:
    """How often expected effects came true, of actions that could be judged."""
    said = [a.verdict.came_true for a in acted if a.verdict and a.verdict.came_true]
    if said:
        counts = {name: str(said.count(name)) for name in ("yes", "short", "unsure")}
        st.markdown(literal(t("actions.came_true", view.lang, count=len(said), n=str(len(said)), **counts)))


def chosen_of(register: Register, view: View) -> Acted:
    """The action chosen; else the first that worked, or has a picture."""
    drawn = [a for a in register.acted if a.verdict and a.verdict.before is not None]
    first = sorted(drawn, key=lambda a: a.verdict.verdict != "worked") or list(register.acted)
    return next((a for a in register.acted if a.entry.action_id == view.pick), first[0])


def choose(register: Register, chosen: Acted, view: View) -> None:
    titles = {a.entry.action_id: a.entry.title for a in register.acted}
    pick_choice(list(titles), chosen.entry.action_id, titles.get, t("actions.choose", view.lang))


def one_action(chosen: Acted, register: Register, view: View) -> None:
    """The verdict in words, the months, how sure it is, what was expected."""
    state = state_of(chosen, register)
    st.markdown(f"**{literal(verdict_words(chosen, state, view))}**")
    if words := expected_words(chosen, view):
        st.markdown(literal(words))
    if (late := entered_late(chosen)) is not None:
        st.markdown(literal(t("actions.sure.late", view.lang, day=formats.day(late, view.lang))))
    if chosen.verdict is None:
        return
    left, right = st.columns([3, 2], gap="medium")
    with left:
        picture(chosen, state, view)
    with right:
        how_sure(chosen, view)


def verdict_words(acted: Acted, state: str, view: View) -> str:
    """One sentence: the verdict with all its numbers, or why there is none."""
    v, lang = acted.verdict, view.lang
    if v is None or state in ("dropped", "waiting"):
        return t(f"actions.said.{state}", lang)
    holes = {
        "metric": metric_name(v.metric, view),
        "told_from": formats.day(v.told_from and v.told_from - DAY, lang),
    }
    holes |= {name: moved(getattr(v, name), v.metric, view) for name in ("value", "trend")}
    holes |= dict(zip(("low", "high"), ends_of(v.low, v.high, v.metric, view), strict=True)) | trend_ends(v, view)
    holes["detectable"] = moved(v.detectable, v.metric, view).lstrip("+")
    others = {"n": formats.number(v.n, lang), "n_before": formats.number(v.n_before, lang)}
    if v.why == "few_units":
        others["n"] = formats.number(v.n_units, lang)
    others["p"] = formats.share(v.p, lang)
    return t(f"actions.said.{sentence_of(v, acted, view)}", lang, **holes, **others)


def sentence_of(v: Verdict, acted: Acted, view: View) -> str:
    """Key of the sentence of a verdict: a move that is sure, and yet no evidence, says why it is none."""
    if v.verdict == "cannot_tell":
        return alone(v) if v.why == "no_comparison" else v.why
    if v.verdict != "no_evidence" or v.low <= 0 <= v.high:
        return v.verdict or v.state
    way = {"up": 1, "down": -1}.get(store.catalogue(view).metrics[v.metric].direction, acted.entry.expected_change or 1)
    return "no_evidence_chance" if v.value * way > 0 else "no_evidence_against"


def alone(v: Verdict) -> str:
    """Key of the sentence where nobody is compared: against the year before, the months before, or no number."""
    if v.value is None:
        return "no_comparison_short"
    return "no_comparison_months" if v.method == "before_after" else "no_comparison"


def expected_words(acted: Acted, view: View) -> str:
    entry = acted.entry
    if entry.expected_change is None:
        return ""
    said = (acted.verdict and acted.verdict.came_true) or "open"
    return t(
        f"actions.expected_words.{said}",
        view.lang,
        expected=moved(entry.expected_change, entry.target_metric, view),
    )


def picture(chosen: Acted, state: str, view: View) -> None:
    """Months of both sides; without levels (too early, no comparison) only the months."""
    v, lang, entry = chosen.verdict, view.lang, chosen.entry
    months = store.computed(action_months, view, entry.action_id)
    if None in (v.before, v.after, v.other_before) or not {"acted", "compared"} <= months.keys():
        st.caption(t("actions.no_picture", lang))
        return
    unit = store.catalogue(view).metrics[v.metric].unit
    name = t("actions.picture", lang, metric=metric_name(v.metric, view))
    st.markdown(f"**{literal(name)}**")
    sides = {code: t(f"actions.sides.{code}", lang) for code in ("acted", "compared")}
    acted = Side(spots(months["acted"], sides["acted"], unit, view), v.before, v.after, where_words(chosen, view))
    others = Side(
        spots(months["compared"], sides["compared"], unit, view), v.other_before, v.other_after, sides["compared"]
    )
    days = (v.before_from, v.before_to, v.after_from, v.after_to)
    words = [t(f"actions.{key}", lang) for key in ("done_line", "expected_line", "left_out")]
    expected = v.before + v.other_after - v.other_before

    def draw() -> object:
        suffix = " s" if unit == "seconds" else ""
        return action_figures.before_and_after(acted, others, days, expected, words, (TICKS[unit], suffix))

    figure = store.drawn(CHART, view, draw, entry.action_id)
    alt = t(
        "actions.alt",
        lang,
        metric=metric_name(v.metric, view),
        action=entry.title,
        said=verdict_words(chosen, state, view),
    )
    chart(CHART, figure, alt, lambda: months_table(months, unit, view), lang, currency(view))


def spots(months: Sequence[Month], name: str, unit: str, view: View) -> list[Spot]:
    lang = view.lang
    return [
        Spot(
            m.month,
            m.value,
            None,
            None,
            t(
                "actions.point",
                lang,
                name=name,
                month=formats.month(m.month, lang),
                value=formats.amount(m.value, unit, lang, currency(view)),
                n=formats.number(m.n, lang),
            ),
        )
        for m in months
    ]


def months_table(months: dict[str, Sequence[Month]], unit: str, view: View) -> Table:
    lang = view.lang
    heads = {"side": None, "month": None, "value": unit, "n": "count"}
    columns = tuple(Column(t(f"actions.headers.{head}", lang), kind) for head, kind in heads.items())
    rows = tuple(
        (t(f"actions.sides.{side}", lang), m.month, m.value, m.n) for side, found in months.items() for m in found
    )
    return Table(columns, rows)


def how_far(register: Register, view: View) -> None:
    """What of the register waits for a refresh, and why nothing can be written here."""
    if not register.is_readable:
        st.error(t("actions.unreadable", view.lang))
    if n := len(register.waiting):
        st.caption(literal(t("actions.waiting", view.lang, count=n, n=str(n))))
    if view.is_pinned:
        st.caption(literal(t("actions.pinned", view.lang)))
    elif not written.may_write(view):
        st.caption(literal(t("actions.read_only", view.lang)))


def explained(always: Sequence[str], register: Register, view: View) -> tuple[str, ...]:
    """Metrics of the page, then those that actions should move, as far as the snapshot holds them."""
    known, moved_ones = store.catalogue(view).metrics, (a.entry.target_metric for a in register.acted)
    return tuple(name for name in dict.fromkeys((*always, *moved_ones)) if name in known)
