"""Handle time, repeats, cost and answers by reason, channel or team: the page's numbers of the catalogue."""

from collections.abc import Sequence

import streamlit as st

from metrics.handle_times import Avoidable, avoidable
from metrics.query import Measurement
from pages.ui import bar_figures, formats, group_figures, handle_time_figures, kpi, store
from pages.ui.address import View
from pages.ui.bar_figures import Amount
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.group_figures import Group
from pages.ui.handle_time_figures import Place
from pages.ui.labels import code_label, column_label
from pages.ui.text import literal, t

TIMES = ("aht_median", "aht", "aht_p90", "repeat_contact_rate", "abandonment_rate", "wait_p50")
DAYS = {1: "repeat_contact_rate_1d", 7: "repeat_contact_rate", 14: "repeat_contact_rate_14d"}
DAYS |= {30: "repeat_contact_rate_30d"}
ANSWERS = ("resolution_days_p50", "resolution_days_p90", "promise_kept", "rating_mean", "csat")
RESOLVED = ("fcr", "resolution_in_one_contact")
OF_ISSUES = {"channel": "first_channel"}
MOST = 20  # groups of a table or figure, the largest
MOST_LINES = 7
LACKING = ("unknown", "none")
By = dict[str, Measurement]


def by(name: str, column: str, view: View) -> By:
    """A metric by the codes of a column, what was measured; empty where it cannot be cut so."""
    metric, ground = store.catalogue(view).metrics[name], store.catalogue(view).ground
    own = column if column in metric.by else OF_ISSUES.get(column, "")
    if own not in metric.by or own not in ground.columns.get(metric.view, ()):
        return {}
    where = {"where": (*view.selection.where, ("kind", ("issue",)))} if name == "promise_kept" else {}
    found = store.measured(name, view, by=(own,), versus="none", **where)
    return {m.group[0][1]: m for m in found if m.status != "empty" and m.group[0][1] not in LACKING}


def label(code: str, column: str, view: View) -> str:
    return code_label(store.settings(view), column, code, view.lang)


def largest(measured: By) -> list[str]:
    """Codes of the most rows first; hidden ones last."""
    return sorted(measured, key=lambda code: (measured[code].n is None, -(measured[code].n or 0), code))[:MOST]


def groups(column: str, view: View, name: str = "contacts_plane") -> None:
    """Median handle time against repeats, then mean, median, 90th percentile and the rest as a table."""
    lang = view.lang
    st.subheader(
        literal(t("contacts.groups_title", lang, column=column_label(store.settings(view), column, lang))), anchor=False
    )
    found = {metric: by(metric, column, view) for metric in TIMES}
    codes = largest(found["repeat_contact_rate"] or found["aht"])
    places = [p for code in codes if (p := place(code, column, found, view)) is not None]
    if places:
        axes = tuple(store.catalogue(view).metrics[m].label[lang] for m in ("aht_median", "repeat_contact_rate"))
        figure = store.drawn(name, view, lambda: handle_time_figures.plane(places, axes), column)
        alt = t("contacts.plane_alt", lang, groups="; ".join(p.hover for p in places))
        currency = store.settings(view).company.currency
        chart(
            name,
            figure,
            alt,
            lambda: numbers(codes, column, found, view),
            lang,
            currency,
            t("contacts.plane_note", lang),
        )
    table(f"{name}_table", codes, column, found, view)


def place(code: str, column: str, found: dict[str, By], view: View) -> Place | None:
    """Where a group stands, when both its numbers may be shown."""
    time, back = found["aht_median"].get(code), found["repeat_contact_rate"].get(code)
    if time is None or back is None or None in (time.low, back.low):
        return None
    name = label(code, column, view)
    hover = t(
        "contacts.place",
        view.lang,
        name=name,
        time=words("aht_median", time, view),
        back=words("repeat_contact_rate", back, view),
    )
    is_told = time.status == back.status == "shown"
    return Place(name, (time.value, time.low, time.high), (back.value, back.low, back.high), hover, is_told)


def words(name: str, m: Measurement | None, view: View) -> str:
    """Number, interval and n, or why there is none; a dash where nothing could be measured."""
    if m is None:
        return formats.NOTHING
    settings, metric = store.settings(view), store.catalogue(view).metrics[name]
    notes = kpi.notes(metric, m, view.lang, settings.company.currency, None, settings.thresholds.min_group)
    if m.value is None:
        return notes[0]
    return " · ".join((formats.amount(m.value, metric.unit, view.lang, settings.company.currency), *notes))


def table(key: str, codes: Sequence[str], column: str, found: dict[str, By], view: View) -> None:
    """Everything of every group, to read; metrics without anything are named under it."""
    known, lang = store.catalogue(view).metrics, view.lang
    speaking = [name for name in found if found[name]]
    if codes and speaking:
        columns = {column_label(store.settings(view), column, lang): [label(code, column, view) for code in codes]}
        columns |= {known[n].label[lang]: [words(n, found[n].get(code), view) for code in codes] for n in speaking}
        st.dataframe(columns, hide_index=True, key=key)
    silent = [name for name in found if not found[name]]
    if never := [name for name in silent if kpi.is_never_measured(name, view)]:
        st.caption(literal(kpi.missing(never, view)))


def numbers(codes: Sequence[str], column: str, found: dict[str, By], view: View) -> Table:
    """The same as plain numbers, for the table behind the figure and the CSV."""
    known, lang = store.catalogue(view).metrics, view.lang
    columns = [Column(column_label(store.settings(view), column, lang))]
    for name in found:
        metric = known[name]
        heads = (t(f"journey.headers.{end}", lang, metric=metric.label[lang]) for end in ("low_of", "high_of"))
        columns += [Column(metric.label[lang], metric.unit), *(Column(head, metric.unit) for head in heads)]
        columns.append(Column(t("journey.headers.n_of", lang, metric=metric.label[lang]), "count"))
    rows = [
        (
            label(code, column, view),
            *(getattr(found[n].get(code), field, None) for n in found for field in ("value", "low", "high", "n")),
        )
        for code in codes
    ]
    return Table(tuple(columns), tuple(rows))


def curve(column: str, view: View, name: str = "contacts_curve") -> None:
    """Come back within 1, 7, 14, 30 days: the whole and the largest groups; each point of contacts old enough."""
    lang = view.lang
    st.subheader(literal(t("contacts.curve_title", lang)), anchor=False)
    whole = {day: store.measured(metric, view, versus="none")[0] for day, metric in DAYS.items()}
    cut = {day: by(metric, column, view) for day, metric in DAYS.items()}
    codes = [code for code in largest(cut[7]) if cut[7][code].value is not None][:MOST_LINES]
    rows = [(t("contacts.everyone", lang), True, course(whole))]
    rows += [(label(code, column, view), False, course({d: cut[d].get(code) for d in DAYS})) for code in codes]
    title = t("contacts.curve_axis", lang)
    figure = store.drawn(name, view, lambda: handle_time_figures.curves(rows, list(DAYS), title), column)
    said = "; ".join(f"{row[0]} {', '.join(formats.share(s[1], lang) for s in row[2])}" for row in rows)
    found = {metric: cut[day] for day, metric in DAYS.items()} | {m: by(m, column, view) for m in RESOLVED}
    currency = store.settings(view).company.currency
    chart(
        name,
        figure,
        t("contacts.curve_alt", lang, groups=said),
        lambda: numbers(codes, column, found, view),
        lang,
        currency,
        t("contacts.curve_note", lang),
    )
    table(f"{name}_table", codes, column, found, view)


def course(days: dict[int, Measurement | None]) -> list[tuple[float, float, float, float]]:
    return [(d, m.value, m.low, m.high) for d, m in days.items() if m is not None and m.low is not None]


def cost(column: str, view: View) -> None:
    """What a resolved issue costs over all its contacts; what returns above chance cost in time and money."""
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader(t("contacts.cost_title", view.lang), anchor=False)
        forest("cost_per_resolution", column, view)
    with right:
        st.subheader(t("contacts.avoidable_title", view.lang), anchor=False)
        above_chance(store.computed(avoidable, view), view)


def forest(name: str, column: str, view: View) -> None:
    """A metric by group against the whole, the dearest first."""
    lang, metric, currency = view.lang, store.catalogue(view).metrics[name], store.settings(view).company.currency
    found, whole = by(name, column, view), store.measured(name, view, versus="none")[0]
    codes = sorted(largest(found), key=lambda code: -(found[code].value or 0))
    if not codes:
        st.caption(literal(t("contacts.no_cost", lang)))
        return
    rows = [
        Group(c, label(c, column, view), words(name, m, view), m.value, m.low, m.high, m.status == "shown")
        for c in codes
        for m in [found[c]]
    ]
    chart_name = f"contacts_{name}"
    figure = store.drawn(
        chart_name,
        view,
        lambda: group_figures.forest(
            rows, whole.value, metric.side, ",.2f" if metric.unit == "money" else ".1f", False
        ),
        column,
    )
    alt = t("segments.alt", lang, metric=metric.label[lang], groups="; ".join(f"{r.name} {r.detail}" for r in rows))
    note = t("contacts.whole_line", lang, value=words(name, whole, view))
    chart(chart_name, figure, alt, lambda: numbers(codes, column, {name: found}, view), lang, currency, note)


def above_chance(found: Sequence[Avoidable], view: View) -> None:
    """Hours and money of returns above chance: the sum in a sentence, reasons as bars."""
    lang, currency = view.lang, store.settings(view).company.currency
    whole = next((a for a in found if not a.reason), None)
    if whole is None:
        st.caption(literal(t("contacts.no_avoidable", lang)))
        return
    st.markdown(literal(t("contacts.avoidable", lang, **avoidable_holes(whole, view))))
    rows = [
        Amount(
            label(a.reason, "reason", view),
            amount_words(a, view),
            a.time.value / 3600,
            a.time.low / 3600,
            a.time.high / 3600,
        )
        for a in found
        if a.reason
    ]
    name = "contacts_avoidable"
    figure = store.drawn(name, view, lambda: bar_figures.amounts(rows))
    alt = t("contacts.avoidable_alt", lang, reasons="; ".join(f"{r.name} {r.detail}" for r in rows))
    note = t(
        "contacts.avoidable_note",
        lang,
        chance=formats.share(whole.chance, lang, 1),
        n=formats.number(whole.chance_n, lang),
    )
    chart(name, figure, alt, lambda: avoidable_table(found, view), lang, currency, note)


def avoidable_holes(a: Avoidable, view: View) -> dict[str, str]:
    lang, currency = view.lang, store.settings(view).company.currency
    hours = {name: formats.number(getattr(a.time, name) / 3600, lang) for name in ("value", "low", "high")}
    total = store.measured("aht", view, versus="none")[0].numerator
    money = a.cost and {name: formats.money(getattr(a.cost, name), lang, currency) for name in ("value", "low", "high")}
    return {
        "hours": hours["value"],
        "hours_low": hours["low"],
        "hours_high": hours["high"],
        "share": formats.share(a.time.value / total if total else None, lang),
        "money": money["value"] if money else formats.NOTHING,
        "money_low": money["low"] if money else formats.NOTHING,
        "money_high": money["high"] if money else formats.NOTHING,
        "n": formats.number(a.n, lang),
    }


def amount_words(a: Avoidable, view: View) -> str:
    return t("contacts.avoidable_row", view.lang, **avoidable_holes(a, view))


def avoidable_table(found: Sequence[Avoidable], view: View) -> Table:
    lang = view.lang
    units = {"time": "seconds", "time_low": "seconds", "time_high": "seconds", "cost": "money", "cost_low": "money"}
    units |= {"cost_high": "money", "n": "count", "chance": "share"}
    columns = tuple(Column(t(f"contacts.headers.{h}", lang), units.get(h)) for h in ("reason", *units))
    rows = [
        (
            label(a.reason, "reason", view) if a.reason else t("contacts.all_reasons", lang),
            *(a.time.value, a.time.low, a.time.high),
            *((a.cost.value, a.cost.low, a.cost.high) if a.cost else (None,) * 3),
            *(a.n, a.chance),
        )
        for a in found
    ]
    return Table(columns, tuple(rows))


def answers(column: str, view: View, name: str = "contacts_answers") -> None:
    """Days to an answer, the promised delay kept, and what customers then say, by group."""
    lang = view.lang
    st.subheader(
        literal(t("contacts.answers_title", lang, column=column_label(store.settings(view), column, lang))),
        anchor=False,
    )
    found = {metric: by(metric, column, view) for metric in ANSWERS}
    found = {metric: cells for metric, cells in found.items() if cells or metric == ANSWERS[0]}
    codes = largest(found[ANSWERS[0]])
    if codes:
        drawn = telling(found)
        st.markdown(f"**{literal(store.catalogue(view).metrics[drawn].label[lang])}**")
        forest(drawn, column, view)
    table(f"{name}_table", codes, column, found, view)
    st.caption(literal(t("contacts.answers_note", lang, most=str(MOST))))


def telling(found: dict[str, By]) -> str:
    """Median or 90th percentile of the days: whichever tells the groups further apart."""

    def apart(name: str) -> float:
        days = [m.value for m in found.get(name, {}).values() if m.value is not None]
        return max(days) - min(days) if days else 0.0

    return max(ANSWERS[:2], key=apart)
