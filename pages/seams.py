"""Where customers feel the join: which hand-offs lose them, what the channels don't see, how many little nothings."""

import streamlit as st

from metrics.little_nothings import doses, issue_gaps
from metrics.seam_findings import dose_findings, seam_findings, unseen_findings
from metrics.seams import BAD, COST, COUNTED, by_hand_offs, ranking, unseen
from pages.ui import seam_detail, seams, store
from pages.ui.address import View
from pages.ui.explain import how_computed
from pages.ui.link import current
from pages.ui.parts import part_choice
from pages.ui.said import finding
from pages.ui.text import literal, t

LOOKS = (
    *("hand_offs", BAD, "hand_off_repeated", "hand_off_conflicting", "hand_off_repeat_rate", "hand_off_effort"),
    "hand_off_time",
)
CASES = ("handed_off_issues", "reopened_issues", "channel_switch_rate", "conflicting_answers", "repeated_information")
METRICS = (*LOOKS, *COUNTED, COST, *CASES, "transfer_rate", "promise_kept")
TABS = ("ranking", "counted", "nothings", "cases")


def page() -> None:
    view = current()
    found = store.computed(ranking, view, "channel")
    finding(seam_findings(found, store.measured(BAD, view)[0], store.computed(by_hand_offs, view)), view)
    if seams.has_hand_offs(view):
        the_matrix(view)
    elif not seams.has_cases(view):
        st.markdown(literal(t("seams.nothing", view.lang)))
        return
    looked_into(view)
    how_computed(METRICS, view)
    seam_detail.sensitivity(store.computed(issue_gaps, view), view)


def the_matrix(view: View) -> None:
    """Who hands over to whom; a field chosen is told below."""
    lang, known = view.lang, store.catalogue(view).metrics
    with st.container(border=True):
        st.subheader(t("seams.title", lang), anchor=False)
        looks = seams.known_looks((BAD, *(n for n in LOOKS if n != BAD)), view)
        axes = seams.axes_worth_a_look(view)
        with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
            axis = part_choice("axis", axes, lambda code: t(f"seams.axes.{code}", lang), t("seams.axis", lang), view)
            look = part_choice("look", looks, lambda n: known[n].tile_label[lang], t("seams.look", lang), view)
        chosen = seams.matrix(axis, look, view)
    if chosen:
        with st.container(border=True):
            seams.one_seam(chosen, axis, looks, view)


def looked_into(view: View) -> None:
    """Ranked, what channels count against what customers live, the little nothings, the cases: one at a time."""
    has = {"ranking": BAD, "counted": "fcr", "nothings": BAD}
    tabs = tuple(tab for tab in TABS if tab not in has or seams.known_looks((has[tab],), view))
    words = {name: t(f"seams.tabs.{name}", view.lang) for name in tabs}
    chosen = part_choice("tab", tabs, words.get, t("seams.tab", view.lang), view)
    with st.container(border=True):
        if chosen == "ranking":
            axis = view.part("axis", seams.axes_worth_a_look(view))
            seams.ranked(store.computed(ranking, view, axis), axis, view)
        elif chosen == "counted":
            seam_detail.said(unseen_findings(store.computed(unseen, view)), view)
            seam_detail.counted(view)
        elif chosen == "nothings":
            found = store.computed(doses, view)
            seam_detail.said(dose_findings(found, store.catalogue(view).ground.windows["stop_months"]), view)
            seam_detail.nothings(found, view)
        else:
            seam_detail.cases(CASES, store.computed(by_hand_offs, view), view)
