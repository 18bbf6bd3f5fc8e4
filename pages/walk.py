"""In the customer's shoes: one real path, chosen by rule; what was promised, what happened, what the CRM saw."""

import streamlit as st

from metrics.walk_findings import walk_findings
from metrics.walks import RULES, Walk, candidates, walk
from pages.ui import formats, store, walks
from pages.ui.access import reader
from pages.ui.address import View
from pages.ui.link import current, page_link
from pages.ui.parts import part_choice
from pages.ui.said import finding
from pages.ui.text import literal, t

IN_A_ROW = 5
STEPS = tuple(str(step) for step in range(1, IN_A_ROW + 1))


def page() -> None:
    view = current()
    if not reader().sees_rows:
        st.header(literal(t("walk.not_for_you", view.lang)), anchor=False)
        return
    rule, step = view.part("rule", RULES), int(view.part("step", STEPS))
    offered = store.computed(candidates, view, rule)
    token = view.pick or (offered[step - 1] if step <= len(offered) else None)
    found = store.computed(walk, view, token) if token else None
    finding(walk_findings(found), view)
    the_rule(rule, offered, view)
    if found:
        five(rule, step, offered, view)
        the_path(found, view)
    elif view.pick:
        st.markdown(literal(t("walk.not_here", view.lang)))


def the_rule(rule: str, offered: tuple[str, ...], view: View) -> None:
    """How this customer was chosen, in print, so that nobody can pick a story unseen."""
    lang = view.lang
    part_choice("rule", RULES, lambda code: t(f"walk.rules.{code}", lang), t("walk.rule", lang), view)
    if view.pick:
        st.caption(literal(t("walk.by_link", lang)))
        page_link(literal(t("walk.back_to_rule", lang)), "walk", pick=None)
        return
    known = t(f"walk.rules_explained.{rule}", lang)
    st.caption(literal(t("walk.chosen", lang, rule=known, n=formats.number(len(offered), lang))))


def five(rule: str, step: int, offered: tuple[str, ...], view: View) -> None:
    """Five in a row, for a management meeting: each an address."""
    if view.pick:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(literal(t("walk.five", view.lang)), width="content")
        for number in range(1, min(IN_A_ROW, len(offered)) + 1):
            label = f"**{number}**" if number == step else str(number)
            page_link(label, "walk", rule=rule, step=str(number))


def the_path(found: Walk, view: View) -> None:
    with st.container(border=True):
        st.subheader(literal(t("walk.title", view.lang, token=found.token)), anchor=False)
        st.caption(literal(walks.who(found, view)))
        walks.picture(found, view)
    with st.container(border=True):
        st.subheader(t("walk.story", view.lang), anchor=False)
        walks.story(found, view)
        st.caption(literal(t("walk.masked", view.lang)))
