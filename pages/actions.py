"""What is being done about it, and whether it worked: against where nothing was done, never against hope."""

import streamlit as st

from metrics.action_findings import action_findings
from pages.ui import action_files, action_form, actions, loops, written
from pages.ui.address import View
from pages.ui.explain import how_computed
from pages.ui.link import current
from pages.ui.said import finding
from pages.ui.text import literal, t
from pages.ui.written import Register

METRICS = ("loop_closed",)


def page() -> None:
    view = current()
    register = written.actions_now(view)
    finding(action_findings(register.acted), view)
    with st.container(border=True):
        the_register(register, view)
    if register.acted:
        with st.container(border=True):
            the_chosen(register, view)
    with st.container(border=True):
        st.subheader(t("actions.loops", view.lang), anchor=False)
        loops.loops(view)
    action_files.files(register, view)
    how_computed(actions.explained(METRICS, register, view), view)


def the_register(register: Register, view: View) -> None:
    """Every action in a line, and the way to write another."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(t("actions.title", view.lang), anchor=False, width="content")
        if written.may_write(view) and st.button(t("actions.add", view.lang), icon=":material/add:", key="action_add"):
            action_form.open_new(register, view)
    if register.acted:
        actions.register_table(register, view)
    else:
        key = "actions.nothing" if written.may_write(view) else "actions.nothing_read_only"
        st.markdown(literal(t(key, view.lang)))
    actions.how_far(register, view)


def the_chosen(register: Register, view: View) -> None:
    """One action: its verdict in words, its months against its comparison, how sure that is, who changed it."""
    chosen = actions.chosen_of(register, view)
    number = chosen.entry.action_id
    with st.container(horizontal=True, vertical_alignment="bottom"):
        actions.choose(register, chosen, view)
        if written.may_write(view) and st.button(
            t("actions.edit", view.lang), icon=":material/edit:", key="action_edit"
        ):
            action_form.open_edit(number, register, view)
    st.subheader(literal(chosen.entry.title), anchor=False)
    actions.one_action(chosen, register, view)
    action_form.history(number, view)
