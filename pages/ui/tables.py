"""Tables on screen, with their file below."""

from collections.abc import Sequence

import streamlit as st

from pages.ui import store
from pages.ui.address import View
from pages.ui.charts import save
from pages.ui.export import Column, Table, readable
from pages.ui.text import t

SHORT = 25  # rows of a table that is shown whole


def show(
    name: str,
    table: Table,
    view: View,
    texts: dict[str, list[str]] | None = None,
    is_saved: bool = True,
    right: Sequence[Column] = (),
) -> None:
    """A table on screen and as CSV. `texts`: what the screen says instead, by header, where a column has many units.

    Numbers stand on the right, and so do the columns of `right`.
    """
    shown = readable(table, view.lang, store.settings(view).company.currency) | (texts or {})
    numbers = [c for c in table.columns if c.unit or c in right]
    aligned = {c.header: st.column_config.TextColumn(alignment="right") for c in numbers}
    height = "content" if len(table.rows) <= SHORT else 420
    st.dataframe(shown, hide_index=True, key=name, column_config=aligned, height=height, alt=name)
    if is_saved:
        save(t("chart.csv", view.lang), name, table)
