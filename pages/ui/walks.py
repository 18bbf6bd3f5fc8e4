"""A walk in words and marks: each event one line, told as the customer lived it."""

from collections.abc import Sequence

import streamlit as st

from metrics.seams import passages
from metrics.walks import ANSWERED_WITHIN, NOTHING_DUE, Event, Walk
from pages.ui import formats, seams, store
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.labels import code_label, column_label
from pages.ui.text import literal, t
from pages.ui.walk_figures import Mark, Overdue, path

LANES = {"promise": "promise"}  # every other kind is reality
FLAGS = ("is_abandoned", "is_transferred", "information_repeated", "is_conflicting", "is_complaint", "is_repeat")
MOST_LINES = 80


def explained(rule: str, seam: str, view: View) -> str:
    """How a rule chooses; `seam`: only the hand-offs between these two."""
    known = t(f"walk.rules_explained.{rule}", view.lang, days=formats.number(ANSWERED_WITHIN, view.lang))
    return t("walk.at_seam", view.lang, rule=known, seam=seam_name(seam, view)) if seam else known


def how_chosen(rule: str, seam: str, total: int, view: View) -> str:
    """By which rule, among how many; a number of customers too small to be told is told as the least one."""
    least = store.settings(view).thresholds.min_group
    key, n = ("walk.chosen", total) if total >= least else ("walk.chosen_of_few", least)
    return t(key, view.lang, rule=explained(rule, seam, view), n=formats.number(n, view.lang))


def seam_name(code: str, view: View) -> str:
    """A seam of the address: between channels where the settings name them, else between teams."""
    is_channel = set(passages(code)) <= store.settings(view).channels.keys()
    return seams.seam_name(code, "channel" if is_channel else "team", view)


def is_bad(event: Event) -> bool:
    detail = event.detail
    if event.kind == "contact":
        return any(detail[flag] for flag in FLAGS)
    if event.kind == "answer":
        return bool(detail["is_unhappy"])
    return event.kind in ("promise", "delivery") and detail["delivery_promise"] not in NOTHING_DUE


def told(event: Event, view: View) -> str:
    """One event in whole sentences."""
    return " ".join(TOLD[event.kind](event, view))


def told_order(event: Event, view: View) -> list[str]:
    lang, settings = view.lang, store.settings(view)
    category = code_label(settings, "category", event.detail["category"] or "unknown", lang)
    channel = code_label(settings, "channel", event.detail["channel"] or "unknown", lang)
    amount = formats.money(event.detail["amount"], lang, settings.company.currency)
    if event.detail["is_sale"] and event.detail["amount"] == 0:
        return [t("walk.order_nothing", lang, category=category, channel=channel)]
    key = "walk.order" if event.detail["is_sale"] else "walk.order_cancelled"
    return [t(key, lang, category=category, channel=channel, amount=amount)]


def told_promise(event: Event, view: View) -> list[str]:
    said = [t("walk.promise", view.lang)]
    if event.detail["repromised_on"]:
        said.append(t("walk.promise_moved", view.lang, day=formats.day(event.detail["repromised_on"], view.lang)))
    if event.detail["delivery_promise"] == "undelivered":
        said.append(t("walk.undelivered", view.lang))
    return said


def told_delivery(event: Event, view: View) -> list[str]:
    days = event.detail["days_late"]
    if days is None:
        return [t("walk.delivered", view.lang)]
    if days <= 0:
        return [t("walk.delivered_kept", view.lang)]
    return [t("walk.delivered_late", view.lang, count=days, days=formats.number(days, view.lang))]


def told_contact(event: Event, view: View) -> list[str]:
    lang, settings, detail = view.lang, store.settings(view), event.detail
    reason = code_label(settings, "reason", detail["reason"], lang)
    channel = code_label(settings, "channel", detail["channel"], lang)
    key = "walk.contact" if detail["is_inbound"] else "walk.called"
    said = [t(key, lang, reason=reason, channel=channel)]
    if detail["wait_seconds"]:
        said.append(t("walk.waited", lang, wait=formats.duration(detail["wait_seconds"], lang)))
    team = code_label(settings, "team", detail["transferred_to"] or "", lang)
    return said + [t(f"walk.{flag}", lang, team=team) for flag in FLAGS if detail[flag]]


def told_answer(event: Event, view: View) -> list[str]:
    lang, detail = view.lang, event.detail
    score, top = (formats.number(detail[name], lang) for name in ("score", "scale_high"))
    pillar = store.settings(view).pillars.get(detail["pillar"])
    about = pillar.promise[lang] if pillar else t("walk.a_promise", lang)
    said = [t(f"walk.answer_{detail['instrument']}", lang, score=score, top=top, pillar=about)]
    return said + ([t("walk.words", lang, words=detail["verbatim"])] if detail["verbatim"] else [])


def told_offer(event: Event, view: View) -> list[str]:
    channel = code_label(store.settings(view), "channel", event.detail["channel"] or "unknown", view.lang)
    return [t("walk.offer", view.lang, channel=channel)]


TOLD = {
    "order": told_order,
    "promise": told_promise,
    "delivery": told_delivery,
    "contact": told_contact,
    "answer": told_answer,
    "offer": told_offer,
}


def who(found: Walk, view: View) -> str:
    """The customer by what is known of them without saying who: their segments."""
    settings = store.settings(view)
    return " · ".join(
        t(
            "walk.segment",
            view.lang,
            column=column_label(settings, column, view.lang),
            group=code_label(settings, column, code, view.lang),
        )
        for column, code in found.codes
    )


def picture(found: Walk, view: View) -> None:
    lang, period = view.lang, view.selection.period
    marks = [
        Mark(e.at, e.kind, LANES.get(e.kind, "reality"), is_bad(e), f"{formats.day(e.at, lang)}: {told(e, view)}")
        for e in found.events
    ]
    overdue = [
        Overdue(e.at, e.detail["delivered_at"])
        for e in found.events
        if e.kind == "promise" and e.detail["delivery_promise"] == "late"
    ]
    health = [(s.month_end, float(s.crm_health)) for s in found.states if s.crm_health is not None]
    lanes = tuple(t(f"walk.lanes.{lane}", lang) for lane in ("promise", "reality", "crm"))
    chart(
        "walk_path",
        path(marks, overdue, health, lanes, (period.start, period.end)),
        t("walk.alt", lang, n=formats.number(len(marks), lang)),
        lambda: table_of(found.events, view),
        lang,
        store.settings(view).company.currency,
        t("walk.legend", lang),
    )


def table_of(events: Sequence[Event], view: View) -> Table:
    columns = tuple(Column(t(f"walk.headers.{name}", view.lang)) for name in ("day", "lane", "what"))
    rows = [(e.at.date(), t(f"walk.lanes.{LANES.get(e.kind, 'reality')}", view.lang), told(e, view)) for e in events]
    return Table(columns, tuple(rows))


def story(found: Walk, view: View) -> None:
    """The events as lines to read, the bad ones marked; the last ones when there are many."""
    lines = [line_of(e, view) for e in found.events[-MOST_LINES:]]
    st.markdown("\n".join(lines) if lines else t("walk.nothing", view.lang))
    if len(found.events) > MOST_LINES:
        st.caption(t("walk.last_only", view.lang, n=str(MOST_LINES)))


def line_of(event: Event, view: View) -> str:
    day, words = formats.day(event.at, view.lang), literal(told(event, view))
    return f"- :orange[**{literal(day)}**] {words}" if is_bad(event) else f"- **{literal(day)}** {words}"


def how_counted(found: Walk, view: View) -> None:
    """What each number of the finding is, of this one customer."""
    box = st.expander(t("explain.title", view.lang), key="walk_how", on_change="rerun")
    if not box.open:
        return
    lang, currency = view.lang, store.settings(view).company.currency
    amounts = {
        "spent": formats.money(found.spent, lang, currency),
        "contacts": formats.number(len(found.contacts), lang),
        "waited": formats.duration(found.waited, lang),
        "nothings": formats.number(found.little_nothings, lang),
        "period": formats.period(view.selection.period, lang),
        "built": formats.moment(store.snapshot(view).manifest.built_at, lang),
    }
    of_contacts = ("contacts", "waited") if found.knows_contacts else ()
    names = ("spent", *of_contacts, "nothings", "health", "sure", "window")
    box.markdown("\n".join(f"- {literal(t(f'walk.how.{name}', lang, **amounts))}" for name in names))
