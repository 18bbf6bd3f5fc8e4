"""For whom: one number of the outlook in every group, which are told by themselves, which differ from the others."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from pages.ui import group_figures, store
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Table
from pages.ui.group_figures import Group
from pages.ui.labels import code_label, column_label
from pages.ui.text import t

Named = tuple[str, str]


def said(told: Sequence[Named], apart: Mapping[Named, float], looked_at: int, view: View) -> str:
    """Of whom it is told, then who differs from the others; `apart`: by how much, of those that surely do."""
    holes = {"n": str(looked_at), "k": str(len(told)), "told": listed(told, view)}
    sentences = [t(f"outlook.whom.{'told' if told else 'none'}", view.lang, **holes)]
    for key, groups in (
        ("above", [group for group, by in apart.items() if by > 0]),
        ("below", [group for group, by in apart.items() if by < 0]),
    ):
        if groups:
            sentences.append(t(f"outlook.whom.{key}", view.lang, groups=listed(groups, view)))
    return " ".join(sentences if apart else [*sentences, t("outlook.whom.same", view.lang)])


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
        alt = f"{title}. " + "; ".join(f"{g.name} {g.detail}" for g in groups)
        chart(key, figure, alt, table, view.lang, store.settings(view).company.currency, t(note, view.lang))
