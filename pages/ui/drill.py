"""One level down and back up: groups entered are filters of the address, by segments and by what events carry."""

from collections.abc import Callable, Sequence

import streamlit as st

from metrics.selection import Choice
from pages.ui import link, store
from pages.ui.address import View
from pages.ui.labels import code_label, column_label
from pages.ui.text import literal, t

CROSS = "|"  # between the two codes of a cell of crossed columns


def entered(view: View) -> Choice:
    """Every filter: the segments', then those by what events carry."""
    return (*view.selection.where, *view.events)


def down(view: View, *columns: str, chart_name: str) -> Callable[[], None]:
    """What a click on a group does: its codes join the filters, and the next open column cuts."""

    def clicked() -> None:
        code = link.clicked(chart_name)
        if code is not None:
            into(view, dict(zip(columns, code.split(CROSS, len(columns) - 1), strict=True)))

    return clicked


def into(view: View, codes: dict[str, str]) -> None:
    limits = dict(entered(view)) | {column: (code,) for column, code in codes.items()}
    link.go(**as_filters(tuple(limits.items()), view), by=None, by2=None)


def as_filters(limits: Choice, view: View) -> dict[str, Choice]:
    """Limits as the parts of an address that hold them."""
    segments = store.catalogue(view).ground.segments
    return {
        "where": tuple(sorted(one for one in limits if one[0] in segments)),
        "events": tuple(sorted(one for one in limits if one[0] not in segments)),
    }


def breadcrumb(view: View) -> None:
    """The way back up: the company, then each group that was entered."""
    limits = entered(view)
    if not limits:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        top = as_filters((), view)
        page_step(t("segments.company", view.lang), top)
        for step, (column, codes) in enumerate(limits, start=1):
            st.markdown("›", width="content")
            page_step(group_label(column, codes, view), as_filters(limits[:step], view))


def page_step(label: str, filters: dict[str, Choice]) -> None:
    link.page_link(literal(label), "segments", **filters, by=None, by2=None)


def group_label(column: str, codes: Sequence[str], view: View) -> str:
    """Column and codes: a code alone may mean several things ("none", "web")."""
    settings, lang = store.settings(view), view.lang
    labels = ", ".join(code_label(settings, column, code, lang) for code in codes)
    return t("segments.entered", lang, column=column_label(settings, column, lang), groups=labels)


def left_out(metric: str, view: View) -> None:
    """Say which filters a metric cannot follow: its events do not carry that."""
    known = store.cuttable_of(metric, view)
    strange = [group_label(column, codes, view) for column, codes in view.events if column not in known]
    if strange:
        label = store.catalogue(view).metrics[metric].label[view.lang]
        st.caption(literal(t("segments.left_out", view.lang, metric=label, groups="; ".join(strange))))
