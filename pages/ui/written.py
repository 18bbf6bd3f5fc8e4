"""What people write in the pages (data/written), joined with what the snapshot knows: the only door to that store.

A pinned link shows the register as the snapshot had it, and nothing can be written there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from data.errors import StoreFault
from data.written import register
from data.written.register import KIND, Known
from data.written.store import Change, Save, Written, folder_for, save, trail
from data.written.tables import Standing
from metrics import inventory
from metrics.action_gap import FINISHED, state_on
from metrics.actions import REGISTER, Acted, Entry, actions
from pages.ui import link, store
from pages.ui.access import LOCAL, reader
from pages.ui.address import View
from pages.ui.incidents import LOG
from pages.ui.months import add_months, month_start
from pages.ui.text import t

DAYS = ("opened_on", "started_on", "done_on")
JUDGED = ("opened_on", "started_on", "done_on", "pillar", "team", *register.FROZEN)


@dataclass(frozen=True)
class Register:
    """Actions as they stand now. waiting: numbers of those whose verdict comes with the next refresh."""

    acted: tuple[Acted, ...]
    standing: Mapping[str, Standing]
    waiting: frozenset[str]
    is_readable: bool = True


def may_write(view: View) -> bool:
    """A reader who may, a company that lets them (config: writing), and a page that shows now."""
    return reader().may_write and store.settings(view).writing.allowed and not view.is_pinned


def may_note(view: View) -> bool:
    """Notes are remarks on what is shown, so a pinned page may have them too."""
    return reader().may_write and store.settings(view).writing.allowed


def folder() -> Path:
    return folder_for(store.directory())


def actions_now(view: View) -> Register:
    """The snapshot's register, and over it what was written since."""
    known = {acted.entry.action_id: acted for acted in store.computed(actions, view) or ()}
    standing = {number: Standing(content_of(acted.entry), 0) for number, acted in known.items()}
    waiting, (written, is_readable) = set(), written_now(view)
    for action in written:
        entry, former = entry_of(action.id, action.content), known.get(action.id)
        standing[action.id] = Standing(action.content, action.version)
        is_same = former is not None and all(getattr(former.entry, n) == getattr(entry, n) for n in JUDGED)
        verdict = former.verdict if is_same else None
        known[action.id] = Acted(entry, verdict)
        if not is_same and state_on(store.catalogue(view).ground.as_of, entry.started_on, entry.done_on) == FINISHED:
            waiting.add(action.id)
    return Register(tuple(sorted(known.values(), key=order)), standing, frozenset(waiting), is_readable)


def written_now(view: View) -> tuple[Sequence[Written], bool]:
    """What was written in the pages, and whether it could be read; a pinned page shows the snapshot's alone."""
    found = () if view.is_pinned else answer(register.written_actions)
    return found or (), found is not None


def answer(question: Callable[..., tuple], *arguments: object) -> tuple | None:
    """What the store says to a question; None, and why in the log, where it cannot be read, so that pages open."""
    try:
        return question(folder(), *arguments)
    except StoreFault as fault:
        LOG.error("%s", fault)
        return None


def order(acted: Acted) -> tuple:
    """Finished ones first, the latest first; dropped ones last."""
    entry = acted.entry
    latest = max((day for day in (entry.done_on, entry.started_on, entry.opened_on) if day), default=date.min)
    return entry.status == "dropped", not acted.is_finished, -latest.toordinal(), entry.action_id


def content_of(entry: Entry) -> dict[str, Any]:
    """A line of the register as the store would hold it."""
    values = {name: getattr(entry, name) for name in REGISTER if name != "action_id"}
    return {name: v.isoformat() if isinstance(v, date) else v for name, v in values.items() if v is not None}


def entry_of(number: str, content: Mapping[str, Any]) -> Entry:
    days = {name: date.fromisoformat(content[name]) for name in DAYS if content.get(name)}
    plain = {name: content.get(name) for name in REGISTER if name not in (*DAYS, "action_id")}
    return replace(Entry(number, content["title"]), **plain, **days)


def known_to(view: View) -> Known:
    """What a written action may name, in this snapshot."""
    catalogue = store.catalogue(view)
    codes = store.inventoried(inventory.segment_codes, view.snapshot, catalogue.ground.segments)
    return Known(
        frozenset(catalogue.metrics),
        frozenset(store.settings(view).pillars),
        {column: frozenset(found) for column, found in codes.items()},
    )


def now(view: View) -> datetime:
    """In the company's time zone, without it, to the second."""
    zone = ZoneInfo(store.settings(view).company.time_zone)
    return datetime.now(zone).replace(tzinfo=None, microsecond=0)


def months(view: View) -> tuple[date, ...]:
    """First days of the months of the data, oldest first."""
    whole = store.catalogue(view).ground.whole
    first, count = (
        month_start(whole.start),
        (whole.end.year - whole.start.year) * 12 + whole.end.month - whole.start.month,
    )
    return tuple(add_months(first, i) for i in range(count + (whole.end.day > 1)))


def who_words(name: str, lang: str) -> str:
    """Who wrote something, as the page says it."""
    return t("actions.someone_here", lang) if name == LOCAL.name else name


def keep(saves: Sequence[Save], view: View) -> None:
    """Save actions in the name of this reader; raises Conflict when somebody else did meanwhile."""
    if not may_write(view):
        raise PermissionError("this reader may not write")
    save(folder(), KIND, saves, reader().name, now(view))


def show(number: str) -> None:
    """Draw the page anew with what was just written chosen."""
    link.go(pick=number)
    link.forget("pick")
    st.rerun()


def changes(number: str) -> tuple[Change, ...]:
    """Every change of an action, the latest first; none where they cannot be read."""
    return answer(trail, KIND, number) or ()
