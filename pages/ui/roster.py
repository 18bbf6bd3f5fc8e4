"""The customers behind a number, by pseudonym, each with the way to their path; closed until asked for."""

import streamlit as st

from metrics.customers import Customer, Customers
from pages.ui import formats, store
from pages.ui.access import reader
from pages.ui.address import View, address
from pages.ui.export import Column, Table, readable
from pages.ui.link import can_open, site
from pages.ui.text import literal, t

UNITS = {"revenue": "money", "orders": "count", "crm_health": "count", "cem_health": "count", "nps": None}
HEADERS = (*("customer", "quadrant", "revenue", "orders", "crm_health", "cem_health", "nps"), "broken", "repeats")


@st.fragment
def customers_behind(metric: str, view: View) -> None:
    """The list is read only when a reader opens it, and only by those who may see rows."""
    box = st.expander(t("roster.title", view.lang), key="roster", on_change="rerun")
    if not box.open:
        return
    with box:
        if not reader().sees_rows:
            st.caption(t("explain.no_rows_for_you", view.lang))
            return
        found = store.customers_behind(metric, view)
        if found.total:
            listed(found, view)
        else:
            least = str(store.settings(view).thresholds.min_group)
            st.caption(t("roster.private" if found.status == "private" else "roster.nobody", view.lang, least=least))


def listed(found: Customers, view: View) -> None:
    lang = view.lang
    shown, n = formats.number(len(found.found), lang), formats.number(found.total, lang)
    if found.month_end is None:
        st.caption(literal(t("roster.never_bought", lang, shown=shown, n=n)))
    else:
        st.caption(literal(t("roster.what", lang, day=formats.day(found.month_end, lang), shown=shown, n=n)))
    table = readable(table_of(found, view), lang, store.settings(view).company.currency)
    first = t("roster.headers.customer", lang)
    configured = {}
    if can_open("walk"):
        table[first] = [site() + address(view, page="walk", pick=c.token) for c in found.found]
        configured[first] = st.column_config.LinkColumn(display_text=r"pick=([0-9a-f]+)")
    st.dataframe(table, hide_index=True, key="roster_rows", column_config=configured)


def table_of(found: Customers, view: View) -> Table:
    columns = tuple(Column(t(f"roster.headers.{name}", view.lang), UNITS.get(name)) for name in HEADERS)
    return Table(columns, tuple(row_of(customer, view) for customer in found.found))


def row_of(customer: Customer, view: View) -> tuple:
    quadrant = t(f"quadrants.names.{customer.quadrant}", view.lang) if customer.quadrant else formats.NOTHING
    return (
        *(customer.token, quadrant, customer.revenue, customer.orders, customer.crm_health, customer.cem_health),
        *(None if customer.nps is None else round(customer.nps), customer.broken_promises, customer.repeat_contacts),
    )
