"""A chart on the page: the picture, its text alternative, its PNG, and the same data as a table and as CSV."""

from collections.abc import Callable

import plotly.graph_objects as go
import streamlit as st

from pages.ui import link, notes
from pages.ui.export import Table, csv_bytes, readable
from pages.ui.shown import Drawn
from pages.ui.takeaway.offer import as_workbook
from pages.ui.text import literal, sentences, t

BUTTONS_LEFT_OUT = ["zoom2d", "pan2d", "select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d", "resetScale2d"]


def chart(
    name: str,
    figure: go.Figure,
    alt: str,
    table: Callable[[], Table],
    lang: str,
    currency: str,
    note: str = "",
    on_click: Callable[[], None] | None = None,
) -> None:
    """`name`: key of the chart and name of its files. `table` is only called when a reader opens it.

    A chart that has a heading of its own (takeaway.headings) begins its text alternative with it.
    `on_click`: called when a mark is chosen (link.clicked(name) is its code); the page says that this can be done.
    """
    heading = sentences(lang).get(f"takeaway.headings.{name}", "")
    alt = f"{heading}. {alt}" if heading else alt
    link.shown().charts[name] = Drawn(name, figure, alt, table, note, heading)
    on_select = on_click or "ignore"
    st.plotly_chart(
        notes.marked(figure), key=name, alt=alt, config=buttons(name), on_select=on_select, selection_mode="points"
    )
    if note:
        st.caption(literal(note))
    if on_click:
        with st.container(key=f"on_screen_{name}"):  # not on paper
            st.caption(t("chart.click", lang))
    data_behind(name, table, lang, currency)


def small_chart(name: str, figure: go.Figure, alt: str, table: Callable[[], Table]) -> None:
    """One of several side by side, whose data stands under them all."""
    link.shown().charts[name] = Drawn(name, figure, alt, table)
    st.plotly_chart(notes.marked(figure), key=name, alt=alt, config={"displayModeBar": False})


def buttons(name: str) -> dict:
    """One button on the chart: the PNG, twice the screen's size."""
    return {
        "displaylogo": False,
        "modeBarButtonsToRemove": BUTTONS_LEFT_OUT,
        "toImageButtonOptions": {"format": "png", "filename": name, "scale": 2},
        "responsive": True,
    }


@st.fragment
def data_behind(name: str, table: Callable[[], Table], lang: str, currency: str) -> None:
    """The chart's data, closed until asked for; opening it reruns nothing else."""
    box = st.expander(t("chart.table", lang), key=f"{name}_table", type="compact", on_change="rerun")
    if not box.open:
        return
    with box:
        found = table()
        st.dataframe(readable(found, lang, currency), hide_index=True, key=f"{name}_rows")
        save(t("chart.csv", lang), name, found)


def save(label: str, name: str, table: Table) -> None:
    """The table as CSV and, made when asked for, as a workbook."""
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            label,
            csv_bytes(table),
            f"{name}.csv",
            "text/csv",
            key=f"{name}_csv",
            on_click="ignore",
            icon=":material/download:",
        )
        as_workbook(name, table)
