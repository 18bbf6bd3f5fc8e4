"""What the CRM sees, what customers live, and the gap between the two."""

from collections.abc import Sequence

import streamlit as st

from metrics.blind_spot import BlindSpot, blind_spot
from metrics.cem_lifts import cem_lift
from metrics.findings import overview_findings
from metrics.outlook_findings import of_one_moment
from metrics.risks import revenue_at_risk
from metrics.three_things import COMPARED, Things, compared, three_things, what_held
from pages.ui import ahead, formats, kpi, quadrants, store, things
from pages.ui.address import View
from pages.ui.explain import how_computed
from pages.ui.link import current
from pages.ui.said import finding
from pages.ui.text import literal, t

# What stands in each tile: the first of these that the company's data can tell.
CRM = (
    ("revenue",),
    ("orders",),
    ("average_basket",),
    ("active_customers",),
    ("repeat_purchase_rate",),
    ("retention_12m",),
)
CEM = (
    ("nps", "csat", "rating_mean"),
    ("effort",),
    ("resolution_in_one_contact",),
    ("repeat_contact_rate",),
    ("promise_kept",),
    ("silent_revenue",),
)
METRICS = tuple(dict.fromkeys([*(name for group in (*CRM, *CEM) for name in group), *COMPARED]))


def page() -> None:
    view = current()
    crm, cem = (kpi.told(side, view) for side in (CRM, CEM))
    spot = store.computed(blind_spot, view)
    the_finding(cem, spot, view)
    two_sides(crm, cem, view)
    if spot:
        the_blind_spot(spot, view)
    what_to_look_at(view)
    how_computed((*crm, *cem), view)


def the_finding(cem: Sequence[str], spot: BlindSpot | None, view: View) -> None:
    """One or two sentences: what the CRM sees, then what it does not."""
    metrics = store.catalogue(view).metrics
    lived = [(metrics[name], store.measured(name, view)[0]) for name in cem]
    risk = store.computed(revenue_at_risk, view)
    sales = store.measured("revenue", view)[0]
    told = overview_findings(sales, spot, lived, risk.of("all") if risk else None)
    finding(told or of_one_moment(store.computed(cem_lift, view)), view)


def two_sides(crm: Sequence[str], cem: Sequence[str], view: View) -> None:
    """The same customers and the same period, seen from inside and from outside."""
    left, right = st.columns(2)
    with left.container(border=True, height="stretch"):
        st.subheader(f":blue[{t('overview.crm', view.lang)}]", anchor=False)
        kpi.row(crm, view, "crm")
    with right.container(border=True, height="stretch"):
        st.subheader(f":orange[{t('overview.cem', view.lang)}]", anchor=False)
        kpi.row(cem, view, "cem")


def the_blind_spot(spot: BlindSpot, view: View) -> None:
    """Healthy in the CRM and unhappy in life: how many, what they are worth, what became of those before them."""
    left, right = st.columns([3, 2])
    with left.container(border=True, height="stretch"):
        st.subheader(t("overview.blind_spot", view.lang), anchor=False)
        quadrants.standing(spot, view)
        ahead.at_risk(view)
    with right.container(border=True, height="stretch"):
        st.subheader(t("overview.outcomes", view.lang), anchor=False)
        if spot.past_month_end is None:
            st.markdown(literal(t("overview.no_outcomes", view.lang, months=str(spot.stop_months))))
            return
        month = formats.month_name(spot.past_month_end, view.lang)
        st.caption(literal(t("overview.then", view.lang, month=month, months=str(spot.stop_months))))
        quadrants.outcomes(spot, view)
        ahead.worth(view)


def what_to_look_at(view: View) -> None:
    """For everybody at once; inside a filter only when asked for, since it compares every group with every other."""
    names, columns = compared(store.catalogue(view), view.selection.where)

    def find() -> Things:
        return store.computed(three_things, view, names, columns)

    if view.selection.where:
        things.on_demand(find, view)
        return
    found = find()
    st.subheader(t(f"overview.things_{len(found.chosen)}", view.lang), anchor=False)
    things.cards(found, view)
    if found.comparisons and view.selection.period.is_whole_months:
        things.held(lambda: store.computed(what_held, view, names, columns), view)
