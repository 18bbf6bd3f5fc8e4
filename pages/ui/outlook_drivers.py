"""What goes with buying again and with recommending: how much each driver tells, and how well it goes."""

from collections.abc import Sequence

import streamlit as st

from metrics.drivers import Driver, Drivers, OfGroup
from metrics.promise_costs import EVERYBODY, group_of
from metrics.stats.intervals import Estimate
from pages.ui import bar_figures, formats, outlook_groups, promises, relation_figures, store
from pages.ui.address import View
from pages.ui.bar_figures import Amount
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.group_figures import Group
from pages.ui.parts import choice, part_choice
from pages.ui.relation_figures import Mark
from pages.ui.text import literal, t

NO_QUALITY = ("price",)  # a rebate goes neither well nor badly


def section(found: Sequence[Drivers], view: View) -> None:
    """One question at a time: what it tells in all, each driver's part, and which matter and go badly."""
    lang = view.lang
    st.subheader(t("outlook.drivers_title", lang), anchor=False)
    ordered = sorted(found, key=lambda one: one.status != "measured")
    names = {f"{one.outcome}_{one.basis}": one for one in ordered}
    chosen = part_choice(
        "about", tuple(names), lambda n: question(names[n], lang), t("outlook.drivers_which", lang), view
    )
    one = names[chosen]
    if one.status != "measured":
        why = "outlook.drivers_too_few" if one.n_drivers else "outlook.drivers_nothing"
        st.markdown(literal(t(why, lang, n=formats.number(one.n, lang))))
        return
    st.markdown(literal(told(one, lang)))
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"**{literal(t('outlook.drivers_parts', lang))}**")
        parts(one, chosen, view)
    with right:
        st.markdown(f"**{literal(t('outlook.drivers_picture', lang))}**")
        picture(one, chosen, view)
    if one.kinds:
        st.markdown(literal(kinds(one, lang)))
    if one.parts:
        for_whom(one, chosen, view)
    st.caption(literal(note(one, view)))
    if group_of(store.selection_of(view)) != EVERYBODY:
        st.caption(literal(t("outlook.drivers_note_group", lang)))


def question(one: Drivers, lang: str) -> str:
    return t(f"outlook.drivers_questions.{one.measure}_{one.basis}", lang)


def told(one: Drivers, lang: str) -> str:
    """How much of the outcome all of them tell, how much what is held constant does."""
    holes = interval(one.whole.value, lang) | {"controls": formats.share(one.controls, lang)}
    holes |= {"n": formats.number(one.n, lang), "rest": formats.share(1 - one.controls - one.whole.value.value, lang)}
    if not one.whole.is_told:
        return t("outlook.drivers_noise", lang, **holes)
    if one.n_events is None:
        return t("outlook.drivers_told", lang, **holes)
    return t("outlook.drivers_told_events", lang, events=formats.number(one.n_events, lang), **holes)


def interval(value: Estimate, lang: str) -> dict[str, str]:
    low, high = formats.ends(value.low, value.high, "share", lang)
    return {"value": formats.share(value.value, lang), "low": low, "high": high}


def name(one: Drivers, driver: Driver, view: View) -> str:
    is_pillar = one.basis == "same" and driver.name in store.settings(view).pillars
    return promises.name(driver.name, view) if is_pillar else t(f"outlook.drivers.{driver.name}", view.lang)


def words(driver: Driver, lang: str) -> str:
    kind = t(f"outlook.driver_kinds.{driver.kind or 'none'}", lang)
    way = "told" if driver.way > 0 else "against"
    key = f"outlook.driver_{way}" if driver.share.is_told else "outlook.driver_noise"
    return t(key, lang, kind=kind, n=formats.number(driver.n_lived, lang), **interval(driver.share.value, lang))


def parts(one: Drivers, key: str, view: View) -> None:
    lang = view.lang
    rows = [
        Amount(name(one, d, view), words(d, lang), d.share.value.value, d.share.value.low, d.share.value.high)
        if d.share.is_told
        else Amount(name(one, d, view), words(d, lang), d.share.value.value, is_marked=False)
        for d in one.drivers
    ]
    figure = store.drawn("drivers", view, lambda: bar_figures.amounts(rows), key)
    alt = "; ".join(f"{row.name} {row.detail}" for row in rows)
    chart("drivers", figure, alt, lambda: table(one, view), lang, store.settings(view).company.currency)


def picture(one: Drivers, key: str, view: View) -> None:
    lang = view.lang
    marks = [
        Mark(
            name(one, d, view),
            d.performance.value,
            d.share.value.value,
            f"{name(one, d, view)}. {words(d, lang)}",
            d.share.is_told,
        )
        for d in one.drivers
        if d.name not in NO_QUALITY
    ]
    axes = (t("outlook.drivers_performance", lang), t("outlook.drivers_importance", lang))
    corner = t("outlook.drivers_corner", lang)
    figure = store.drawn("drivers_picture", view, lambda: relation_figures.importance(marks, axes, corner), key)
    alt = "; ".join(
        f"{m.name} {formats.share(m.importance, lang)}, {formats.share(m.performance, lang)}" for m in marks
    )
    currency = store.settings(view).company.currency
    said = t("outlook.drivers_picture_note", lang)
    chart("drivers_picture", figure, alt, lambda: table(one, view), lang, currency, said)


def for_whom(one: Drivers, key: str, view: View) -> None:
    """One driver in every group: where it is above chance by itself, where it weighs more or less."""
    lang = view.lang
    known = {driver.name: driver for driver in one.drivers if any(part.driver == driver.name for part in one.parts)}
    if not known:
        return
    names = tuple(known)
    chosen = view.part("lead", names)
    st.markdown(f"**{literal(t('outlook.drivers_for_whom', lang))}**")
    choice("lead", names, chosen, lambda n: name(one, known[n], view), t("outlook.drivers_which_one", lang), 340)
    parts = [part for part in one.parts if part.driver == chosen]
    told = [part.group for part in parts if part.share.is_told]
    apart = {part.group: part.beyond.value for part in parts if part.differs}
    st.markdown(literal(outlook_groups.said(told, apart, len(parts), view)))
    title = t("outlook.drivers_groups", lang, driver=name(one, known[chosen], view))
    rows, whole = lambda: [of_group(part, view) for part in parts], known[chosen].share.value.value
    table, note = lambda: groups_table(parts, view), "outlook.driver_groups_note"
    outlook_groups.box(f"drivers_groups_{key}", title, rows, whole, ".1%", table, note, view)


def of_group(part: OfGroup, view: View) -> Group:
    lang, share = view.lang, part.share.value
    key = "outlook.driver_group" if part.share.is_told else "outlook.driver_group_noise"
    said = t(key, lang, n=formats.number(part.n, lang), **interval(share, lang))
    ends = (share.value, share.low, share.high, part.share.is_told)
    return Group("=".join(part.group), outlook_groups.name(part.group, view), said, *ends)


def groups_table(parts: Sequence[OfGroup], view: View) -> Table:
    lang = view.lang
    shares = ("value", "low", "high", "beyond", "beyond_low", "beyond_high")
    columns = [Column(t("outlook.headers.group", lang))]
    columns += [Column(t(f"outlook.driver_headers.{h}", lang), "share") for h in shares]
    columns += [Column(t("outlook.driver_headers.p", lang), "score"), Column("n", "count")]
    rows = []
    for part in parts:
        ends = (edge for e in (part.share.value, part.beyond or Estimate(None)) for edge in (e.value, e.low, e.high))
        rows.append((outlook_groups.name(part.group, view), *ends, part.share.p, part.n))
    return Table(tuple(columns), tuple(rows))


def kinds(one: Drivers, lang: str) -> str:
    """Emotional against rational, told apart or not."""
    holes = {}
    for kind, part in one.kinds.items():
        numbers = interval(part.value, lang)
        holes[kind] = t("outlook.interval", lang, **numbers)
    if not one.difference.is_told:
        return t("outlook.kinds_same", lang, **holes)
    return t("outlook.kinds_emotional" if one.difference.value.value > 0 else "outlook.kinds_rational", lang, **holes)


def note(one: Drivers, view: View) -> str:
    lang = view.lang
    if one.basis == "same":
        first, last = formats.day(one.first_on, lang), formats.day(one.last_on, lang)
        return t("outlook.drivers_note_same", lang, first=first, last=last)
    months = str(store.catalogue(view).ground.windows["stop_months"])
    if one.measure == "repurchase":
        return t("outlook.drivers_note_repurchase", lang, months=months, day=formats.day(one.last_on, lang))
    first, last = formats.day(one.first_on, lang), formats.day(one.last_on, lang)
    return t("outlook.drivers_note_before", lang, first=first, last=last)


def table(one: Drivers, view: View) -> Table:
    lang = view.lang
    units = {"driver": None, "kind": None, "value": "share", "low": "share", "high": "share", "p": "score"}
    units |= {"told": None, "way": None, "performance": "share", "n": "count"}
    columns = [Column(t(f"outlook.driver_headers.{header}", lang), unit) for header, unit in units.items()]
    rows = []
    for d in one.drivers:
        share = d.share.value
        is_told = t("outlook.yes" if d.share.is_told else "outlook.no", lang)
        kind = t(f"outlook.driver_kinds.{d.kind or 'none'}", lang)
        numbers = (share.value, share.low, share.high, d.share.p)
        way = t("outlook.more" if d.way > 0 else "outlook.less", lang)
        rows.append((name(one, d, view), kind, *numbers, is_told, way, d.performance.value, d.n_lived))
    return Table(tuple(columns), tuple(rows))
