"""After the signature: who comes back, with what discount they were won, what they heard from us."""

from collections.abc import Sequence

import streamlit as st

from metrics.selection import Period
from metrics.washing import FIRST_COLUMN, won_by
from pages.ui import formats, groups, store
from pages.ui.address import View, changed
from pages.ui.groups import Compared
from pages.ui.labels import column_label
from pages.ui.parts import choice, part_choice
from pages.ui.text import literal, t

SECOND = "repeat_purchase_rate"
METRICS = (SECOND, "first_order_discount", "contacts_after_sale", "left_alone_after_sale")


def until_now(view: View) -> View:
    """The view from the first day of the data on: of the last months alone hardly anybody can be judged yet."""
    first, period = store.catalogue(view).ground.whole.start, view.selection.period
    return changed(view, period=Period(min(first, period.start), period.end), versus="none")


def columns(view: View) -> tuple[str, ...]:
    """Columns that cut new customers: the acquisition channel first, then the other segments left open, then sales."""
    return won_by(store.settings(view).segment_columns, view.selection.where)


def compared(column: str, view: View) -> dict[str, Compared]:
    """Each metric by the column; only those of which there is something to say."""
    known = store.catalogue(view).metrics
    found = {name: groups.compared(name, column, view) for name in METRICS if name in known}
    return {name: one for name, one in found.items() if one.whole.status != "empty"}


def after_sale(found: dict[str, Compared], column: str, view: View) -> None:
    lang = view.lang
    if not found:
        st.markdown(literal(t("value.no_after_sale", lang)))
        return
    known, settings = store.catalogue(view).metrics, store.settings(view)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        look = part_choice("look", tuple(found), lambda n: known[n].tile_label[lang], t("value.look", lang), view)
        choice("cut", columns(view), column, lambda c: column_label(settings, c, lang), t("value.cut", lang), 220)
    groups.forest(found[look], view, None)
    everything(found, column, view)
    st.caption(literal(t("value.after_sale_note", lang, period=formats.period(view.selection.period, lang))))
    if FIRST_COLUMN not in settings.segments:
        st.caption(literal(t("value.no_acquisition", lang)))


def everything(found: dict[str, Compared], column: str, view: View) -> None:
    """All metrics of every group, to read."""
    lang, known = view.lang, store.catalogue(view).metrics
    ordered: Sequence[str] = [g.group[0][1] for g in next(iter(found.values())).groups]
    cells = {
        name: {g.group[0][1]: groups.words_of(known[name], g, view) for g in one.groups} for name, one in found.items()
    }
    first = next(iter(found.values()))
    table = {column_label(store.settings(view), column, lang): [groups.name_of(first, g, view) for g in first.groups]}
    table |= {
        known[name].label[lang]: [of.get(code, formats.NOTHING) for code in ordered] for name, of in cells.items()
    }
    st.dataframe(table, hide_index=True, key="value_after_sale", height="content")
