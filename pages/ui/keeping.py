"""Keep for this meeting: the snapshot of a link outlives refreshes until a day, and that day is told (data/pins.py)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from data.errors import SnapshotError
from data.pins import FOR_EVER, pin, pinned_until, pins, unpin
from pages.ui import formats, store
from pages.ui.access import reader
from pages.ui.address import View
from pages.ui.text import literal, t


@st.fragment
def keep_for_meeting(view: View) -> None:
    """A button that keeps the snapshot shown, or that lets it go, and until when it is kept; for who may."""
    until, place = pinned_until(store.directory() / view.snapshot), st.empty()
    if until is None and reader().keeps_snapshots:
        with place.container():
            until = offered(view)
    if until is not None:
        with place.container():
            kept_until(view, until)


def offered(view: View) -> date | None:
    """The offer to keep a snapshot, with its terms; the day until which it is kept once that was accepted."""
    lang, limits, today = view.lang, store.settings(view).snapshots, today_of(view)
    until, taken = today + timedelta(days=limits.pinned_days), len(current_pins(today))
    is_full = taken >= limits.pinned
    accepted = st.button(t("keep.offer", lang), icon=":material/bookmark_add:", disabled=is_full, key="keep_offer")
    terms = {"keep": str(limits.keep), "until": formats.day(until, lang), "n": str(taken), "most": str(limits.pinned)}
    st.caption(t("keep.full" if is_full else "keep.terms", lang, **terms))
    if not accepted:
        return None
    try:
        pin(store.directory(), view.snapshot, today, until, limits.pinned)
    except (SnapshotError, OSError) as error:
        st.warning(t("keep.failed", lang, reason=literal(str(error))))
        return None
    return until


def kept_until(view: View, until: date) -> None:
    is_endless = until == FOR_EVER
    words = t("keep.for_ever" if is_endless else "keep.kept", view.lang, until=formats.day(until, view.lang))
    st.markdown(f":material/bookmark: {words}")
    if reader().keeps_snapshots and not is_endless:
        st.button(
            t("keep.let_go", view.lang), on_click=unpin, args=(store.directory(), view.snapshot), key="keep_let_go"
        )


def kept_until_text(snapshot_id: str, lang: str) -> str:
    """The day until which a snapshot is kept, for a table."""
    until = pinned_until(store.directory() / snapshot_id)
    if until is None:
        return formats.NOTHING
    return t("keep.without_end", lang) if until == FOR_EVER else formats.day(until, lang)


def kept_list(view: View) -> None:
    """The snapshots kept for meetings, each with the way to let it go, for who may."""
    kept = {name: until for name, until in pins(store.directory()).items() if until != FOR_EVER}
    if not kept or not reader().keeps_snapshots:
        return
    st.subheader(t("keep.list_title", view.lang), anchor=False)
    for name, until in kept.items():
        with st.container(horizontal=True, vertical_alignment="center"):
            loaded = formats.moment(store.manifest(name).built_at, view.lang)
            st.markdown(
                t("keep.listed", view.lang, loaded=loaded, until=formats.day(until, view.lang)), width="content"
            )
            label, key = t("keep.let_go", view.lang), f"let_go_{name}"
            st.button(label, key=key, type="tertiary", on_click=unpin, args=(store.directory(), name))


def current_pins(today: date) -> list[str]:
    return [name for name, until in pins(store.directory()).items() if until >= today]


def today_of(view: View) -> date:
    """Today where the company is."""
    return datetime.now(ZoneInfo(store.settings(view).company.time_zone)).date()
