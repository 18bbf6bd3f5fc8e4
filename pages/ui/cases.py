"""The case of each function: its finding into the place on top, then two or three figures, of the last quarter."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from metrics.cases import (
    NOT_YET,
    SAFE,
    Movable,
    Pledge,
    contact_centre_findings,
    digital_findings,
    marketing_findings,
    movables,
    places,
    pledges,
    sales_findings,
)
from metrics.definitions import Metric
from metrics.handle_times import avoidable, targets
from metrics.journeys import moments
from metrics.promises import facts
from metrics.query import Measurement
from metrics.selection import Period, months_later
from pages.ui import after_sale, formats, groups, handle_time_cuts, handle_times, journeys, kpi, promises, store
from pages.ui.address import View, changed
from pages.ui.charts import data_behind
from pages.ui.export import Column, Table
from pages.ui.labels import code_label, column_label
from pages.ui.link import page_link
from pages.ui.parts import part_choice
from pages.ui.said import finding
from pages.ui.text import literal, t

Place = st.delta_generator.DeltaGenerator
MONTHS, YEAR = 3, 12
SECOND, BAD = "repeat_purchase_rate", "touchpoint_bad"
VERIFIED, CLAIMED = "contained", "claimed_resolved"


def quarter(view: View) -> View:
    """The last three months of the period chosen; all of it when it is shorter or not of whole months."""
    period = view.selection.period
    start = months_later(period.end, -MONTHS)
    if not period.is_whole_months or start <= period.start:
        return changed(view, versus="none")
    return changed(view, period=Period(start, period.end), versus="none")


def judged_year(metric: str, view: View) -> View:
    """The last twelve months of which a metric that must wait can be judged, up to the end of the period chosen."""
    ground = store.catalogue(view).ground
    if metric not in store.catalogue(view).metrics:
        return view
    until = min(ground.judged_until(store.catalogue(view).metrics[metric]), view.selection.period.end).replace(day=1)
    start = max(months_later(until, -YEAR), ground.whole.start)
    return changed(view, period=Period(start, until), versus="none") if start < until else changed(view, versus="none")


def columns(view: View) -> tuple[str, ...]:
    """Segment columns that the view leaves open."""
    fixed = {column for column, codes in view.selection.where if len(codes) == 1}
    return tuple(column for column in store.settings(view).segment_columns if column not in fixed)


def cut(offered: tuple[str, ...], view: View) -> str:
    settings = store.settings(view)
    if len(offered) < 2:
        return offered[0] if offered else ""
    label = t("cases.cut", view.lang)
    return part_choice("cut", offered, lambda code: column_label(settings, code, view.lang), label, view)


def by(metric: str, column: str, view: View) -> tuple[Measurement, ...]:
    if not kpi.known((metric,), view) or not column:
        return ()
    return tuple(m for m in store.measured(metric, view, by=(column,)) if m.status != "empty")


def one(metric: str, view: View) -> Measurement | None:
    return kpi.measured(metric, view) if kpi.known((metric,), view) else None


def forest(metric: str, column: str, view: View, lines: Sequence[str] = ()) -> None:
    """A metric by group, in a box with what it is, what it comes to, of which months; said when there is nothing."""
    with st.container(border=True, height="stretch"):
        subtitle(metric, view)
        if lines:
            st.markdown("\n".join(f"- {literal(line)}" for line in lines))
        if not by(metric, column, view):
            st.caption(literal(nothing(metric, column, view)))
            return
        groups.forest(groups.compared(metric, column, view), view, name=f"cases_{metric}")
        st.caption(literal(t("cases.counted_over", view.lang, period=formats.period(view.selection.period, view.lang))))


def nothing(metric: str, column: str, view: View) -> str:
    """What to add; that there is none here, where the snapshot has some of other months or other customers."""
    if column and kpi.known((metric,), view) and not kpi.is_never_measured(metric, view):
        return kpi.missing((metric,), view)
    return t(f"cases.nothing.{metric}", view.lang)


def number(metric: Metric, m: Measurement, view: View) -> str:
    """Value, interval and n in a sentence."""
    lang, currency = view.lang, store.settings(view).company.currency
    low, high = formats.ends(m.low, m.high, metric.unit, lang, currency)
    value, n = formats.amount(m.value, metric.unit, lang, currency), formats.number(m.n, lang)
    return t("cases.number", lang, value=value, low=low, high=high, n=n)


def subtitle(name: str, view: View) -> None:
    st.subheader(literal(t(f"cases.titles.{name}", view.lang)), anchor=False)


def marketing(view: View, top: Place) -> None:
    """Second orders by the way customers were won, leads and offers, and the promises not to make yet."""
    offered = tuple(c for c in after_sale.columns(view) if c in ("acquisition_channel", "campaign", "sales_channel"))
    column, long = cut(offered or after_sale.columns(view), view), judged_year(SECOND, view)
    found, then = telling(view)
    with top:
        finding(marketing_findings(by(SECOND, column, long), column, found), view)
    left, right = st.columns(2, gap="medium")
    with left:
        forest(SECOND, column, long)
    with right:
        pledge_list(found, then)
    left, right = st.columns(2, gap="medium")
    with left:
        forest("lead_won", "source", judged_year("lead_won", view))
    with right:
        forest("offer_accepted", "campaign", judged_year("offer_accepted", view))


def telling(view: View) -> tuple[tuple[Pledge, ...], View]:
    """The promises of the quarter; of all the period where a quarter would hide a group of too few people."""
    now = quarter(view)
    found = pledged(now)
    if any(pledge.hidden for pledge in found):
        now = changed(view, versus="none")
        found = pledged(now)
    return found, now


def pledged(view: View) -> tuple[Pledge, ...]:
    offered = columns(view)
    known_facts = tuple(fact for fact in facts(store.settings(view)) if fact.metric in store.catalogue(view).metrics)
    return store.computed(pledges, view, known_facts, offered[0] if offered else "")


def pledge_list(found: tuple[Pledge, ...], view: View) -> None:
    """Each promise against its target: where it must not be made yet, where it may be."""
    lang = view.lang
    with st.container(border=True, height="stretch"):
        subtitle("pledges", view)
        if not found:
            st.caption(literal(t("cases.nothing.pledges", lang)))
            return
        for pledge in found:
            st.markdown(
                f"**{literal(promises.name(pledge.fact.promise, view))}**  \n{literal(pledge_words(pledge, view))}"
            )
        period = formats.period(view.selection.period, lang)
        hidden = named(tuple(dict.fromkeys(m for pledge in found for m in pledge.hidden)), view)
        key = "pledges_note_hidden" if hidden != formats.NOTHING else "pledges_note"
        st.caption(literal(t(f"cases.{key}", lang, period=period, hidden=hidden)))


def pledge_words(pledge: Pledge, view: View) -> str:
    """Its number for everyone, its target, and the groups that surely are on either side of it."""
    metric, lang = store.catalogue(view).metrics[pledge.fact.metric], view.lang
    target = formats.amount(pledge.fact.target, metric.unit, lang, store.settings(view).company.currency)
    now = number(metric, pledge.whole, view)
    is_all = len(pledge.not_yet) == pledge.n_groups > 1
    some = "not_yet" if pledge.not_yet else "kept" if pledge.kept else "untold"
    way = "everywhere" if is_all else "both" if pledge.not_yet and pledge.kept else some
    listed = {"not_yet": named(pledge.not_yet, view), "kept": named(pledge.kept, view)}
    return t(
        f"cases.pledge.{way}", lang, metric=promises.fact_name(pledge.fact, view), now=now, target=target, **listed
    )


def named(found: tuple[Measurement, ...], view: View) -> str:
    settings = store.settings(view)
    return ", ".join(code_label(settings, *m.group[0], view.lang) for m in found) or formats.NOTHING


def sales(view: View, top: Place) -> None:
    """Whom it is safe to sell to, what slows the next order."""
    now, column = quarter(view), cut(columns(view), view)
    found = places(by(BAD, column, now))
    slowed, months = store.computed(moments, view), store.catalogue(view).ground.windows["stop_months"]
    with top:
        finding(sales_findings(found, column, slowed, months), view)
    left, right = st.columns(2, gap="medium")
    with left:
        said = [t(f"cases.places.{v}", view.lang, groups=of_verdict(found, v, view)) for v in (SAFE, NOT_YET)]
        forest(BAD, column, now, said if found else ())
        forest("offer_accepted", "channel", judged_year("offer_accepted", view))
    with right, st.container(border=True, height="stretch"):
        subtitle("slows", view)
        journeys.ranked("cases_moments", slowed, journeys.scale((slowed,)), view)
        journeys.how_compared(slowed, view)


def of_verdict(found: tuple, verdict: str, view: View) -> str:
    return named(tuple(place.m for place in found if place.verdict == verdict), view)


def contact_centre(view: View, top: Place) -> None:
    """Hours that come back, by reason, and what a handle-time target did to them."""
    now = quarter(view)
    found = store.computed(avoidable, now)
    with top:
        finding(contact_centre_findings(found, one("aht", now)), view)
    with st.container(border=True):
        subtitle("hours", view)
        handle_time_cuts.above_chance(found, now)
        st.caption(literal(t("cases.counted_over", view.lang, period=formats.period(now.selection.period, view.lang))))
        page_link(literal(t("cases.more.contacts", view.lang)), "contacts")
    told = store.computed(targets, view)
    if any(target.is_told for target in told):
        handle_times.the_target(told, view)


def digital(view: View, top: Place) -> None:
    """What self-service truly settled, and what to move there next."""
    now = quarter(view)
    found = movables(by(VERIFIED, "reason", now), by(CLAIMED, "reason", now), by("aht", "reason", now))
    with top:
        finding(digital_findings(one(VERIFIED, now), one(CLAIMED, now), found), view)
    left, right = st.columns(2, gap="medium")
    with left:
        forest(VERIFIED, "reason", now)
    with right, st.container(border=True, height="stretch"):
        subtitle("movable", view)
        if not found:
            is_seen = by(VERIFIED, "reason", now)
            said = t("cases.nothing.movable", view.lang) if is_seen else nothing(VERIFIED, "reason", now)
            st.caption(literal(said))
            return
        movable_list(found, now)


def movable_list(found: tuple[Movable, ...], view: View) -> None:
    lang, currency = view.lang, store.settings(view).company.currency
    st.markdown("\n".join(f"1. {movable_words(each, view)}" for each in found))
    st.caption(literal(t("cases.movable_note", lang, period=formats.period(view.selection.period, lang))))
    data_behind("cases_movable_data", lambda: movable_numbers(found, view), lang, currency)


def movable_words(each: Movable, view: View) -> str:
    lang, metric = view.lang, store.catalogue(view).metrics[VERIFIED]
    words = t(
        "cases.movable",
        lang,
        claimed=formats.share(each.claimed.value if each.claimed else None, lang),
        verified=number(metric, each.verified, view),
        contacts=formats.number(each.contacts, lang),
        hours=formats.number(each.hours, lang),
        at_least=formats.number(each.at_least, lang),
    )
    return f"**{literal(code_label(store.settings(view), 'reason', each.reason, lang))}** {literal(words)}"


def movable_numbers(found: tuple[Movable, ...], view: View) -> Table:
    units = {"claimed": "share", "verified": "share", "low": "share", "high": "share", "n": "count"}
    units |= {"contacts": "count", "hours": "score", "at_least": "score"}
    columns_ = tuple(Column(t(f"cases.headers.{head}", view.lang), units.get(head)) for head in ("reason", *units))
    rows = [
        (
            code_label(store.settings(view), "reason", e.reason, view.lang),
            e.claimed.value if e.claimed else None,
            *(e.verified.value, e.verified.low, e.verified.high, e.verified.n, e.contacts, e.hours, e.at_least),
        )
        for e in found
    ]
    return Table(columns_, tuple(rows))


# Each function: draws its case, and its finding into the place on top of the page; the metrics that it shows.
CASES: Mapping[str, tuple[Callable[[View, Place], None], tuple[str, ...]]] = {
    "marketing": (marketing, (SECOND, "promise_kept", "lead_won", "offer_accepted")),
    "sales": (sales, (BAD, "offer_accepted")),
    "contact_centre": (contact_centre, ("repeat_handling_time", "repeat_contact_rate", "aht")),
    "digital": (digital, (VERIFIED, CLAIMED, "aht")),
}
