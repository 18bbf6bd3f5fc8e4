"""For whom: one number of the outlook in every group, which are told by themselves, which differ from the others."""

from collections.abc import Callable, Sequence

import streamlit as st

from pages.ui import group_figures, store
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Table
from pages.ui.group_figures import Group
from pages.ui.labels import code_label, column_label
from pages.ui.text import t

Named = tuple[str, str]


def said(told: Sequence[Named], apart: Sequence[Named], looked_at: int, view: View) -> str:
    """In one sentence or two; `told` and `apart` in the order of their columns."""
    key = f"outlook.whom.{'told' if told else 'none'}_{'apart' if apart else 'same'}"
    holes = {"n": str(looked_at), "k": str(len(told))}
    return t(key, view.lang, told=listed(told, view), apart=listed(apart, view), **holes)


def listed(groups: Sequence[Named], view: View) -> str:
    """Codes by column, each column named once."""
    settings, lang = store.settings(view), view.lang
    columns: dict[str, list[str]] = {}
    for column, code in groups:
        columns.setdefault(column, []).append(code_label(settings, column, code, lang))
    named = [
        t("outlook.group", lang, column=column_label(settings, column, lang), code=", ".join(codes))
        for column, codes in columns.items()
    ]
    return t("outlook.between", lang).join(named)


def name(group: Named, view: View) -> str:
    settings, lang = store.settings(view), view.lang
    column, code = column_label(settings, group[0], lang), code_label(settings, *group, lang)
    return t("outlook.group", lang, column=column, code=code)


def box(
    key: str,
    title: str,
    rows: Callable[[], Sequence[Group]],
    whole: float,
    tick: str,
    table: Callable[[], Table],
    note: str,
    view: View,
) -> None:
    """The groups under each other, dotted: everybody; drawn when it is opened. `key`: the chart's too."""
    opened = st.expander(title, key=f"{key}_box", on_change="rerun")
    if not opened.open:
        return
    with opened:
        groups = rows()
        figure = store.drawn(key, view, lambda: group_figures.forest(groups, whole, "cem", tick, False), title)
        alt = "; ".join(f"{g.name} {g.detail}" for g in groups)
        chart(key, figure, alt, table, view.lang, store.settings(view).company.currency, t(note, view.lang))
