"""In the customer's shoes: one real path, chosen by rule; what was promised, what happened, what the CRM saw."""

import streamlit as st

from metrics.walk_findings import walk_findings
from metrics.walks import RULES, Offered, Walk, candidates, usable, walk
from pages.ui import store, walks
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
    rules = store.whatever_is_filtered(usable, view.snapshot)
    rule, step = view.part("rule", rules or RULES), int(view.part("step", STEPS))
    seam = dict(view.parts).get("seam", "") if rule == "hand_off" else ""
    offered = store.computed(candidates, view, rule, seam)
    token = view.pick or (offered.tokens[step - 1] if step <= len(offered.tokens) else None)
    found = store.computed(walk, view, token, reader().sees_personal) if token else None
    finding(walk_findings(found), view)
    the_rule(rule, seam, rules, offered, view)
    if found:
        five(offered.tokens, view)
        the_path(found, view)
        walks.how_counted(found, view)
    elif view.pick:
        st.markdown(literal(t("walk.not_here", view.lang)))


def the_rule(rule: str, seam: str, rules: tuple[str, ...], offered: Offered, view: View) -> None:
    """How this customer was chosen, in print, so that nobody can pick a story unseen."""
    lang = view.lang
    if rules:
        part_choice("rule", rules, lambda code: t(f"walk.rules.{code}", lang), t("walk.rule", lang), view)
    for other in (other for other in RULES if other not in rules):
        st.caption(literal(t(f"walk.rules_need.{other}", lang, rule=t(f"walk.rules.{other}", lang))))
    if not rules:
        return
    if view.pick:
        st.caption(literal(t("walk.by_link", lang)))
        page_link(literal(t("walk.back_to_rule", lang)), "walk", pick=None)
        return
    st.caption(literal(walks.how_chosen(rule, seam, offered.total, view)))


def five(offered: tuple[str, ...], view: View) -> None:
    """Five in a row, for a management meeting: each an address."""
    if view.pick:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(literal(t("walk.five", view.lang)), width="content")
        part_choice("step", STEPS[: len(offered)], str, t("walk.five", view.lang), view)


def the_path(found: Walk, view: View) -> None:
    with st.container(border=True):
        st.subheader(literal(t("walk.title", view.lang, token=found.name or found.token)), anchor=False)
        st.caption(literal(walks.who(found, view)))
        walks.picture(found, view)
    with st.container(border=True):
        st.subheader(t("walk.story", view.lang), anchor=False)
        walks.story(found, view)
        st.caption(literal(t("walk.named" if found.name else "walk.masked", view.lang)))
