"""The promise looked into: for whom the gap is widest, who thinks so, what is being done about it."""

from collections.abc import Sequence

import streamlit as st

from metrics.action_gap import STATES, Action, ActionGap, Part, action_gap
from metrics.gap_cuts import Opinion, gaps_by_segment, opinions
from metrics.gaps import PillarGap, in_order
from metrics.query import Measurement
from pages.ui import bar_figures, formats, gap_figures, promise_facts, promise_one, promises, store
from pages.ui.address import View
from pages.ui.bar_figures import Stack, Wing
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.labels import WITHOUT, code_label
from pages.ui.link import page_link
from pages.ui.promises import Promises, level
from pages.ui.text import literal, t

OFFICE = "office"


def section_title(key: str, view: View, **holes: str) -> None:
    st.subheader(literal(t(key, view.lang, **holes)), anchor=False)


def for_whom(found: Promises, column: str, view: View) -> None:
    """The promise in each group of customers, widest gap first; the fact for the same groups beside it."""
    gap, fact = found.gap(found.chosen), found.facts.get(found.chosen)
    every = known_groups(gap, column, view) if gap else []
    groups = in_order([group for group in every if group.lived.status != "private"])
    codes = [group.pillar for group in groups]
    left, right = st.columns([3, 2], gap="medium")
    with left:
        section_title("promise.segments", view, pillar=promises.name(found.chosen, view))
        if groups:
            gap_groups(gap, groups, column, view)
        else:
            st.caption(t("promise.no_segments", view.lang))
        say_hidden(len(every) - len(groups), view)
    if fact is not None:
        with right:
            section_title("promise.segments_facts", view, metric=promises.fact_name(fact, view))
            where = promises.fact_where(fact, view)
            measured = store.measured(fact.metric, view, by=(column,), where=where, versus="none")
            named = [m for m in measured if m.group[0][1] not in WITHOUT]
            shown = [m for m in named if m.status != "private"]
            fact_groups(found, shown, codes, column, view)
            say_hidden(len(named) - len(shown), view)


def say_hidden(n: int, view: View) -> None:
    """How many groups are not drawn since too few people are in them."""
    if n:
        st.caption(t("promise.hidden_groups", view.lang, count=n, n=formats.number(n, view.lang)))


def known_groups(gap: PillarGap, column: str, view: View) -> list[PillarGap]:
    groups = store.computed(gaps_by_segment, view, gap, column)
    return [group for group in groups if group.pillar not in WITHOUT]


def gap_groups(gap: PillarGap, groups: Sequence[PillarGap], column: str, view: View) -> None:
    lang, settings = view.lang, store.settings(view)
    names = [code_label(settings, column, group.pillar, lang) for group in groups]
    rows = [
        promises.row(g, n, promises.detail(g, lang), lang, is_group=True) for g, n in zip(groups, names, strict=True)
    ]
    labels = {code: t(f"promise.names.{code}", lang) for code in promises.LEVELS[:3]}
    figure = store.drawn(
        "promise_segments",
        view,
        lambda: gap_figures.dumbbell(rows, promises.ends_of([gap, *groups]), labels),
        gap.pillar,
        column,
    )
    chart(
        "promise_segments",
        figure,
        t("promise.alt", lang, rows=" ".join(promises.alt_row(r, lang) for r in rows)),
        lambda: promises.gaps_table(groups, names, t("promise.headers.group", lang), lang),
        lang,
        settings.company.currency,
        t("promise.legend_plain", lang),
    )


def fact_groups(
    found: Promises, measured: Sequence[Measurement], codes: Sequence[str], column: str, view: View
) -> None:
    """The fact of each group, in the order of the gaps."""
    lang, settings, fact = view.lang, store.settings(view), found.facts[found.chosen]
    metric = store.catalogue(view).metrics[fact.metric]
    ordered = sorted(measured, key=lambda m: codes.index(m.group[0][1]) if m.group[0][1] in codes else len(codes))
    rows = [
        promise_facts.measured_row(code_label(settings, column, m.group[0][1], lang), metric, m, fact.target, view)
        for m in ordered
    ]
    figure = store.drawn("promise_fact_segments", view, lambda: bar_figures.facts(rows), fact.promise, column)
    words = " ".join(t("promise.alt_row", lang, name=row.name, marks=row.detail) for row in rows)
    chart(
        "promise_fact_segments",
        figure,
        t("promise.alt_facts", lang, rows=words),
        lambda: fact_table(ordered, metric.unit, column, view),
        lang,
        settings.company.currency,
        t("promise.facts_note", lang),
    )


def fact_table(measured: Sequence[Measurement], unit: str, column: str, view: View) -> Table:
    headers = ("group", "value", "low", "high", "n")
    units = dict.fromkeys(("value", "low", "high"), unit) | {"n": "count"}
    settings = store.settings(view)
    rows = [(code_label(settings, column, m.group[0][1], view.lang), m.value, m.low, m.high, m.n) for m in measured]
    return Table(tuple(Column(t(f"promise.headers.{h}", view.lang), units.get(h)) for h in headers), tuple(rows))


def every_course(found: Promises, view: View) -> None:
    """Every promise on one scale, side by side, then the chosen one's fact month by month."""
    st.subheader(t("promise.every_course", view.lang), anchor=False)
    if not found.gaps:
        st.caption(t("promise.no_course", view.lang))
        return
    promise_one.course_note(view)
    with st.container(horizontal=True, gap="medium"):
        for gap in found.gaps:
            with st.container(width=300):
                st.markdown(f"**{literal(promises.name(gap.pillar, view))}**")
                promise_one.over_time(gap, view, 220, f"promise_course_{gap.pillar}", found.gaps)
    promise_facts.fact_over_time(found, view)


def who_thinks_so(found: Promises, column: str, view: View) -> None:
    """The butterfly: what each department thinks we deliver, against what customers live."""
    lang, gap = view.lang, found.gap(found.chosen)
    section_title("promise.opinions", view, pillar=promises.name(found.chosen, view))
    if gap is None or gap.thought.status == "never":
        st.markdown(literal(t("promise.no_opinions", lang)))
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        butterfly(gap, column, view)
    with right:
        butterfly(gap, OFFICE, view)
    if gap.lived.value is not None:
        st.caption(literal(t("promise.opinions_note", lang, lived=level(gap.lived.shown, lang))))


def butterfly(gap: PillarGap, column: str, view: View) -> None:
    lang, said = view.lang, store.computed(opinions, view, gap, column)
    settings = store.settings(view)
    wings = [wing(opinion, code_label(settings, column, opinion.code, lang), gap, lang) for opinion in said]
    sides = tuple(t(f"promise.names.{code}", lang) for code in ("thought", "lived"))
    figure = store.drawn("promise_opinions", view, lambda: bar_figures.butterfly(wings, sides), gap.pillar, column)
    words = " ".join(t("promise.alt_row", lang, name=w.name, marks=w.detail) for w in wings)
    chart(
        f"promise_opinions_{column}",
        figure,
        t("promise.alt", lang, rows=words),
        lambda: opinions_table(said, column, view),
        lang,
        settings.company.currency,
    )


def wing(opinion: Opinion, label: str, gap: PillarGap, lang: str) -> Wing:
    mark, above = opinion.thought, opinion.above
    lived = None if gap.lived.shown is None else float(gap.lived.shown)
    if mark.value is None:
        return Wing(label, t("promise.private", lang), None, None, None, lived, "", level(lived, lang))
    n = formats.number(mark.n, lang)
    ends = {"low": level(mark.low, lang), "high": level(mark.high, lang), "n": n}
    words = t("promise.opinion_only", lang, value=level(mark.shown, lang), **ends)
    if above is not None:
        way = above.value >= 0
        low, high = (above.low, above.high) if way else (-above.high, -above.low)
        words = t(
            "promise.above" if way else "promise.below",
            lang,
            gap=level(abs(above.value), lang),
            low=level(low, lang),
            high=level(high, lang),
            n=n,
        )
    thought = float(mark.shown)
    return Wing(label, words, thought, mark.low, mark.high, lived, level(thought, lang), level(lived, lang))


def opinions_table(said: Sequence[Opinion], column: str, view: View) -> Table:
    headers = ("group", "thought", "low", "high", "n", "above")
    units = dict.fromkeys(("thought", "low", "high", "above"), "score") | {"n": "count"}
    settings, lang = store.settings(view), view.lang
    rows = [
        (
            code_label(settings, column, opinion.code, lang),
            *promises.mark_cells(opinion.thought),
            None if opinion.above is None else float(opinion.above.value),
        )
        for opinion in said
    ]
    return Table(tuple(Column(t(f"promise.headers.{h}", lang), units.get(h)) for h in headers), tuple(rows))


def known_actions(found: Promises, view: View) -> ActionGap | None:
    return store.computed(action_gap, view, found.gaps, tuple(found.facts.values()))


def action_sentence(found: Promises, view: View) -> None:
    """How much of the promise gap nobody is closing; nothing is said where there is no gap."""
    lang, known = view.lang, known_actions(found, view)
    if known is None:
        st.markdown(literal(t("promise.action_unknown", lang)))
        return
    if known.open_share is None:
        return
    shares = {name: formats.share(known.share(name), lang, 0) for name in STATES}
    open_share = formats.share(known.open_share, lang, 0)
    st.markdown(literal(t("promise.action_gap", lang, open=open_share, points=level(known.total, lang), **shares)))


def what_is_done(found: Promises, view: View) -> None:
    """Each promise's gap by what is being done about it, and the register behind it."""
    lang, known = view.lang, known_actions(found, view)
    section_title("promise.actions_title", view)
    action_sentence(found, view)
    if known is None or not known.parts:
        return
    rows = [stack(part, view) for part in known.parts]
    figure = store.drawn("promise_actions", view, lambda: bar_figures.stacks(rows), found.is_by_money)
    words = " ".join(t("promise.alt_row", lang, name=row.name, marks=row.detail) for row in rows)
    currency = store.settings(view).company.currency
    chart(
        "promise_actions",
        figure,
        words,
        lambda: parts_table(known, view),
        lang,
        currency,
        t("promise.action_note", lang),
    )
    st.dataframe(actions_columns(known.actions, view), hide_index=True, key="promise_register")
    page_link(t("promise.to_actions", lang), "actions")


def stack(part: Part, view: View) -> Stack:
    points = {state: level(part.points[state], view.lang) for state in STATES}
    words = t("promise.action_part", view.lang, points=level(part.total, view.lang), **points)
    return Stack(promises.name(part.promise, view), words, list(part.points.items()))


def parts_table(known: ActionGap, view: View) -> Table:
    heads = [Column(t(f"promise.states.{state}", view.lang), "score") for state in STATES]
    rows = [(promises.name(p.promise, view), *(p.points[state] for state in STATES), p.total) for p in known.parts]
    first, last = Column(t("promise.headers.promise", view.lang)), Column(t("promise.headers.gap", view.lang), "score")
    return Table((first, *heads, last), tuple(rows))


def actions_columns(actions: Sequence[Action], view: View) -> dict[str, list[str]]:
    """The register as it stood at the end of the period."""
    lang = view.lang
    cells = [
        (
            action.title,
            promises.name(action.promise, view) if action.promise else formats.NOTHING,
            t(f"promise.states.{action.standing}", lang),
            formats.day(action.started_on, lang),
            formats.day(action.done_on, lang),
        )
        for action in actions
    ]
    headers = [t(f"promise.headers.{h}", lang) for h in ("action", "promise", "state", "started_on", "done_on")]
    return {header: [row[i] for row in cells] for i, header in enumerate(headers)}
