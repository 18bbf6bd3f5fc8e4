"""What we promise, what our people think they deliver, what customers live: how wide is the gap, and is it closing?"""

import streamlit as st

from metrics.gap_findings import gap_findings, widest_for
from metrics.gaps import widest
from pages.ui import promise_detail, promise_facts, promise_money, promise_one, promises, store
from pages.ui.address import View
from pages.ui.explain import how_computed
from pages.ui.labels import column_label
from pages.ui.link import current
from pages.ui.parts import part_choice, pick_choice
from pages.ui.promises import Promises
from pages.ui.said import finding
from pages.ui.text import literal, t

RATED = ("lived_rating", "self_rating", "wanted_level", "expected_level", "desire_gap")
DATED = "promise_kept"
METRICS = (*RATED, DATED)
SORTS = ("points", "money")
SECTIONS = ("segments", "opinions", "course", "money", "actions")
STAFF = ("department", "role")


def page() -> None:
    view = current()
    found = promises.found(view, view.part("sort", SORTS) == "money")
    the_finding(found, view)
    if found.codes:
        every_promise(found, view)
        one_promise(found, view)
        looked_into(found, view)
    facts = {fact.metric: fact.where for fact in found.facts.values()}
    rated = dict.fromkeys(RATED, (("pillar", (found.chosen,)),) if found.gap(found.chosen) else ())
    how_computed(tuple({**rated, **facts}), view, {**rated, **facts})


def the_finding(found: Promises, view: View) -> None:
    """The widest gap, for whom it is widest or whether it closes; where nobody was asked, the dated promises."""
    first = widest(found.gaps)
    columns = promises.open_columns(view)
    place = store.computed(widest_for, view, first, columns) if first and first.promise else None
    kept = next((found.measured[c] for c, f in found.facts.items() if f.metric == DATED and found.measured[c].n), None)
    finding(gap_findings(found.gaps, place, kept, found.dearest), view)


def every_promise(found: Promises, view: View) -> None:
    """Wanted, what we think, what is lived, on one scale; beside it the same promises as facts."""
    left, right = st.columns([3, 2])
    with left.container(border=True, height="stretch"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.subheader(t("promise.title", view.lang), anchor=False, width="content")
            if found.gaps:
                words = {name: t(f"promise.sorts.{name}", view.lang) for name in SORTS}
                part_choice("sort", SORTS, words.get, t("promise.sort", view.lang), view)
        if found.gaps:
            promises.dumbbell(found, view)
            promise_detail.action_sentence(found, view)
        else:
            st.markdown(literal(t("promise.none_described", view.lang)))
    with right.container(border=True, height="stretch"):
        st.subheader(t("promise.facts", view.lang), anchor=False)
        promise_facts.facts(found, view)


def one_promise(found: Promises, view: View) -> None:
    """The promise chosen: how its gap adds up, and whether it closes."""
    gap = found.gap(found.chosen)
    with st.container(border=True):
        pick_choice(found.codes, found.chosen, lambda c: promises.name(c, view), t("promise.choose", view.lang))
        if gap is None:
            promise_facts.fact_over_time(found, view)
            return
        left, right = st.columns(2, gap="medium")
        with left:
            pillar = promises.name(found.chosen, view)
            st.subheader(literal(t("promise.waterfall", view.lang, pillar=pillar)), anchor=False)
            promise_one.waterfall(gap, view)
        with right:
            st.subheader(t("promise.course", view.lang), anchor=False)
            if promise_one.over_time(gap, view):
                promise_one.course_note(view)
            st.markdown(literal(promise_one.moved(gap, view.lang)))


def looked_into(found: Promises, view: View) -> None:
    """For whom, who thinks so, over time, in money, what is being done: one at a time."""
    words = {name: t(f"promise.tabs.{name}", view.lang) for name in SECTIONS}
    chosen = part_choice("tab", SECTIONS, words.get, t("promise.tab", view.lang), view)
    if chosen == "segments":
        promise_detail.for_whom(found, cut(promises.open_columns(view), view), view)
    elif chosen == "opinions":
        promise_detail.who_thinks_so(found, cut(STAFF, view), view)
    elif chosen == "course":
        promise_detail.every_course(found, view)
    elif chosen == "money":
        promise_money.in_money(found, view)
    else:
        promise_detail.what_is_done(found, view)


def cut(columns: tuple[str, ...], view: View) -> str:
    """The column chosen to cut by."""
    settings = store.settings(view)
    return part_choice(
        "cut", columns, lambda c: column_label(settings, c, view.lang), t("promise.cut", view.lang), view
    )
