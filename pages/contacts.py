"""Does cutting handle time bring customers back?"""

import streamlit as st

from metrics.handle_time_findings import handle_time_findings
from metrics.handle_times import correlations, pace, targets
from pages.ui import handle_time_cuts, handle_time_evidence, handle_times, store
from pages.ui.address import View
from pages.ui.explain import how_computed
from pages.ui.labels import column_label
from pages.ui.link import current
from pages.ui.parts import part_choice
from pages.ui.said import finding
from pages.ui.text import t

TIMES = ("repeat_contact_rate", "aht_median", "aht", "aht_p90", "cost_per_resolution", "abandonment_rate", "wait_p50")
DAYS = (
    "repeat_contact_rate_1d",
    "repeat_contact_rate_14d",
    "repeat_contact_rate_30d",
    "fcr",
    "resolution_in_one_contact",
)
RETURNS = ("repeat_handling_time", "repeat_handling_cost")
ANSWERS = ("resolution_days_p50", "resolution_days_p90", "promise_kept")
METRICS = (*TIMES, *DAYS, *RETURNS, *ANSWERS)
SECTIONS = ("groups", "curve", "evidence", "cost", "answers", "teams")
CUTS = ("reason", "channel", "team")


def page() -> None:
    view = current()
    found = store.computed(targets, view)
    the_finding(found, view)
    if handle_times.has_contacts(view):
        first = "" if any(target.is_told for target in found) else handle_times.lead(view)
        if first:
            with st.container(border=True):
                section(first, "reason" if first != "answers" else "team", view)
        else:
            handle_times.the_target(found, view)
        looked_into(found, first, view)
    how_computed(METRICS, view)


def the_finding(found: tuple, view: View) -> None:
    """The strongest evidence there is: a target with teams to compare, else agents, else the association."""
    told = handle_time_findings(
        found,
        store.computed(pace, view),
        store.computed(correlations, view),
        store.measured("repeat_contact_rate", view)[0],
        store.measured("resolution_days_p50", view)[0],
        handle_times.answered_in_time(view),
        store.measured("aht", view)[0],
    )
    finding(told, view)


def looked_into(found: tuple, first: str, view: View) -> None:
    """By group, over the days after, agents and association, in money, answers, teams compared: one at a time."""
    has_times = handle_times.is_measured("aht", view)
    lacking = {
        *(() if has_times else ("groups", "evidence", "cost")),
        *(() if found else ("teams",)),
        *(() if handle_times.is_measured("repeat_contact_rate", view) else ("curve",)),
        *(() if handle_times.is_measured("resolution_days_p50", view) else ("answers",)),
    }
    sections = [name for name in SECTIONS if name not in lacking | {first}]
    if not sections:
        return
    words = {name: t(f"contacts.tabs.{name}", view.lang) for name in sections}
    chosen = part_choice("tab", sections, words.get, t("contacts.tab", view.lang), view)
    with st.container(border=True):
        if chosen == "evidence":
            handle_time_evidence.evidence(view)
        elif chosen == "teams":
            handle_times.teams(found, view)
        else:
            section(chosen, cut(view), view)


def section(name: str, column: str, view: View) -> None:
    """Numbers of the catalogue by a column."""
    draw = {"groups": handle_time_cuts.groups, "curve": handle_time_cuts.curve}
    draw |= {"cost": handle_time_cuts.cost, "answers": handle_time_cuts.answers}
    draw[name](column, view)


def cut(view: View) -> str:
    """The column chosen to cut by."""
    settings = store.settings(view)
    return part_choice("cut", CUTS, lambda c: column_label(settings, c, view.lang), t("contacts.cut", view.lang), view)
