"""What a reader can take away from a page: slides, tables, and how to print it."""

from functools import partial

import streamlit as st

from pages.ui import link
from pages.ui.address import View
from pages.ui.export import Table
from pages.ui.shown import Shown
from pages.ui.stated import Stated, stated
from pages.ui.text import t

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WITHOUT_CHARTS = ("metrics", "data")


def take_away(view: View) -> None:
    """What the buttons give is made when they are pressed, from what the page shows then."""
    lang, shown, about = view.lang, link.shown(), stated(view)
    if view.page not in WITHOUT_CHARTS:
        name = f"outside-in-{view.page}-{view.snapshot}"
        with st.container(horizontal=True, gap="small"):
            made(t("takeaway.slides", lang), f"{name}.pptx", PPTX, partial(slides, shown, about), "slideshow")
            made(t("takeaway.tables", lang), f"{name}.xlsx", XLSX, partial(tables, shown, about), "table")
    with st.container(key="takeaway_print"):
        st.button(t("takeaway.print", lang), icon=":material/print:")  # print.js answers


def made(label: str, name: str, kind: str, make: partial, icon: str) -> None:
    key = f"takeaway_{name.rpartition('.')[2]}"
    st.download_button(label, make, name, kind, key=key, on_click="ignore", icon=f":material/{icon}:")


def as_workbook(name: str, table: Table) -> None:
    """A button for one table."""
    shown = link.shown()
    label, make = t("takeaway.table", shown.view.lang), partial(one, name, table, shown, stated(shown.view))
    st.download_button(
        label, make, f"{name}.xlsx", XLSX, key=f"{name}_xlsx", on_click="ignore", icon=":material/download:"
    )


def slides(shown: Shown, about: Stated) -> bytes:
    """Imported here: nobody who only reads should wait for it."""
    from pages.ui.takeaway.sheets import sheets
    from pages.ui.takeaway.slides import deck

    return deck(sheets(shown, about), f"{about.company} · {about.page}", shown.view.lang)


def tables(shown: Shown, about: Stated) -> bytes:
    from pages.ui.takeaway.workbook import workbook

    return workbook(shown, about)


def one(name: str, table: Table, shown: Shown, about: Stated) -> bytes:
    from pages.ui.takeaway.workbook import one_table

    return one_table(name, table, shown.charts.get(name), shown, about)
