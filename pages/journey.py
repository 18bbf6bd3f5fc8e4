"""The journey, touchpoint by touchpoint: how it goes, what fails next, where a bad experience makes people leave."""

from dataclasses import replace

import streamlit as st

from metrics import inventory
from metrics.journey_findings import journey_findings
from metrics.journeys import METRICS, journey, moments
from pages.ui import journeys, kpi, store
from pages.ui.access import reader
from pages.ui.address import View
from pages.ui.explain import how_computed
from pages.ui.labels import code_label, column_label
from pages.ui.link import current
from pages.ui.parts import choice, part_choice
from pages.ui.said import finding
from pages.ui.text import literal, t

LOOKS = ("touchpoint_bad", "csat", "effort", "unpleasant_emotion")
WHO = ("who", "who2")
PERSONA = "persona"
LACKING = ("unknown", "none")


def page() -> None:
    view = current()
    places = store.computed(journey, view)
    found = store.computed(moments, view)
    finding(journey_findings(found, places, store.catalogue(view).ground.windows["stop_months"]), view)
    if not any(place.measured for place in places):
        st.markdown(literal(t("journey.nothing", view.lang)))
        return
    every_touchpoint(places, view)
    with st.container(border=True):
        st.subheader(t("journey.moments", view.lang), anchor=False)
        journeys.ranked("journey_moments", found, journeys.scale((found,)), view)
        journeys.how_compared(found, view)
    side_by_side(view)
    how_computed(kpi.known(METRICS, view), view)


def every_touchpoint(places: tuple, view: View) -> None:
    """Stages in order: one number with its interval for each touchpoint, then everything about them as a table."""
    known = store.catalogue(view).metrics
    looks = tuple(name for name in LOOKS if name in known)
    with st.container(border=True):
        st.subheader(t("journey.title", view.lang), anchor=False)
        look = part_choice("look", looks, lambda n: known[n].label[view.lang], t("journey.look", view.lang), view)
        journeys.touchpoints(places, look, view)
        journeys.table("journey_table", places, view)
        st.caption(literal(t("journey.next_note", view.lang)))


def side_by_side(view: View) -> None:
    """Two groups of customers, each with its own moments of truth and numbers, on one scale."""
    column, codes = column_and_codes(view)
    if len(codes) < 2:
        return
    lang, settings = view.lang, store.settings(view)
    one = view.part("who", codes)
    chosen = (one, view.part("who2", tuple(c for c in codes if c != one)))
    views = [only(column, code, view) for code in chosen]
    found = [store.computed(moments, each) for each in views]
    with st.container(border=True):
        label = column_label(settings, column, lang)
        st.subheader(literal(t("journey.side_by_side", lang, column=label)), anchor=False)
        for name, code, each, theirs, place in zip(WHO, chosen, views, found, st.columns(2, gap="medium"), strict=True):
            with place:
                offered = codes if name == "who" else tuple(c for c in codes if c != one)
                choice(name, offered, code, lambda c: code_label(settings, column, c, lang), label, 260)
                journeys.said(theirs, each)
                journeys.ranked(f"journey_{name}", theirs, journeys.scale(found), each)
                journeys.table_on_demand(f"journey_{name}_table", each)


def column_and_codes(view: View) -> tuple[str, tuple[str, ...]]:
    """The persona where the company has one, else its first segment; the codes that this reader may choose."""
    named = store.settings(view).segments
    if not named:
        return "", ()
    column = PERSONA if PERSONA in named else next(iter(named))
    codes = store.inventoried(inventory.segment_codes, view.snapshot, (column,))[column]
    ordered = store.in_named_order(codes, list(named[column].values) or by_size(column, view))
    return column, tuple(code for code in reader().may_choose(column, ordered) if code not in LACKING)


def by_size(column: str, view: View) -> list[str]:
    """Codes of a column that nobody put in order: those with the most experiences first."""
    counted = store.measured("touchpoint_events", view, by=(column,), versus="none", where=())
    return [m.group[0][1] for m in sorted(counted, key=lambda m: -(m.n or 0))]


def only(column: str, code: str, view: View) -> View:
    """The view of one group; other filters stay."""
    where = dict(view.selection.where) | {column: (code,)}
    return replace(view, selection=replace(view.selection, where=tuple(sorted(where.items()))))
