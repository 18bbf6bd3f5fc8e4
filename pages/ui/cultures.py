"""The parts of the culture page: signals, groups of employees, teams against what their customers live, reliability."""

from collections.abc import Sequence

import streamlit as st

from metrics.culture import EVERY_SIGNAL, METRIC, CultureEffect, Reliability
from metrics.gaps import staff_selection
from metrics.query import Measurement
from pages.ui import formats, group_figures, kpi, store, team_figures
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.group_figures import Group
from pages.ui.groups import LACKING
from pages.ui.labels import code_label
from pages.ui.parts import pick_from
from pages.ui.text import literal, t

SIDE = "crm"  # what the company's own people say has the colour of the company
TICK = ".1f"
LEAST_SPAN = 1.5  # points of the scale of 1 to 5
USUAL = 0.7  # alpha from which a scale is usually taken for one thing (Nunnally 1978)


def by(column: str, view: View, signal: str = EVERY_SIGNAL) -> tuple[Measurement, ...]:
    """Groups of employees, the highest first, without those that are only the lack of an answer."""
    where = (("signal", (signal,)),) if signal else ()
    period = staff_selection(view.selection).period
    found = store.measured(METRIC, view, by=(column,), period=period, where=where, versus="none")
    told = [m for m in found if m.status != "empty" and m.group[0][1] not in LACKING]
    return tuple(sorted(told, key=lambda m: (m.value is None, -(m.value or 0))))


def whole(view: View, signal: str = EVERY_SIGNAL) -> Measurement:
    where = (("signal", (signal,)),) if signal else ()
    period = staff_selection(view.selection).period
    return store.measured(METRIC, view, period=period, where=where, versus="none")[0]


def chosen(signals: Sequence[Measurement], view: View) -> str:
    """The signal that the address picks, when it is one; else all of them."""
    return view.pick if view.pick in {m.group[0][1] for m in signals} else EVERY_SIGNAL


def title(signal: str, view: View) -> str:
    if not signal:
        return t("culture.groups", view.lang)
    return t("culture.groups_of", view.lang, signal=code_label(store.settings(view), "signal", signal, view.lang))


def signals(found: Sequence[Measurement], view: View) -> None:
    """Every signal against the whole; a click looks into one."""
    if not found:
        st.caption(literal(t("culture.no_signals", view.lang)))
        return
    forest("culture_signals", found, "signal", whole(view), view, is_open=True)


def groups(column: str, signal: str, view: View) -> None:
    """Offices, departments, teams or items; those too small to show are counted."""
    found = by(column, view, signal)
    shown = [m for m in found if m.status != "private"]
    if shown:
        forest("culture_groups", shown, column, whole(view, signal), view)
    else:
        st.caption(literal(t("culture.no_groups", view.lang)))
    if len(shown) < len(found):
        n = len(found) - len(shown)
        smallest = str(store.settings(view).thresholds.min_group_culture)
        st.caption(t("culture.hidden", view.lang, count=n, n=formats.number(n, view.lang), smallest=smallest))


def forest(
    name: str, found: Sequence[Measurement], column: str, every: Measurement, view: View, is_open: bool = False
) -> None:
    lang, settings = view.lang, store.settings(view)
    rows = [
        Group(
            m.group[0][1],
            code_label(settings, column, m.group[0][1], lang),
            words(m, view),
            m.value,
            m.low,
            m.high,
            m.status == "shown",
        )
        for m in found
    ]
    figure = store.drawn(
        name,
        view,
        lambda: group_figures.forest(rows, every.value, SIDE, TICK, is_open).update_xaxes(
            range=list(scale(found)), dtick=0.5
        ),
        column,
        view.pick,
    )
    listed = "; ".join(f"{row.name} {row.detail}" for row in rows)
    alt = t("culture.alt", lang, groups=listed)
    note = t("culture.line_is_whole", lang, whole=words(every, view))
    on_click = pick_from(name) if is_open else None
    chart(name, figure, alt, lambda: numbers(found, column, view), lang, settings.company.currency, note, on_click)


def scale(found: Sequence[Measurement]) -> tuple[float, float]:
    """At least LEAST_SPAN points of the scale, so that what hardly differs is not drawn far apart."""
    low, high = group_figures.span([end for m in found if m.value is not None for end in (m.low, m.value, m.high)])
    lacking = max(0.0, LEAST_SPAN - (high - low)) / 2
    return low - lacking, high + lacking


def words(m: Measurement, view: View) -> str:
    """Score, interval and people; why there is none."""
    lang, settings = view.lang, store.settings(view)
    metric = store.catalogue(view).metrics[METRIC]
    if m.value is None:
        least = settings.thresholds.min_group_culture
        return kpi.notes(metric, m, lang, settings.company.currency, None, least)[0]
    low, high = (formats.number(end, lang, 1) for end in (m.low, m.high))
    people = formats.number(m.people, lang)
    return t("culture.score", lang, value=formats.number(m.value, lang, 1), low=low, high=high, people=people)


def numbers(found: Sequence[Measurement], column: str, view: View) -> Table:
    units = {"value": "score", "low": "score", "high": "score", "n": "count", "people": "count"}
    names = ("group", *units)
    columns = tuple(Column(t(f"culture.headers.{name}", view.lang), units.get(name)) for name in names)
    settings = store.settings(view)
    rows = (
        (code_label(settings, column, m.group[0][1], view.lang), m.value, m.low, m.high, m.n, m.people) for m in found
    )
    return Table(columns, tuple(rows))


def effect(found: CultureEffect, view: View) -> None:
    """Teams by culture and experience with the slope told, or why nothing can be told."""
    lang, settings = view.lang, store.settings(view)
    name = f"culture_{found.question}_{found.tool}".rstrip("_")
    tool = code_label(settings, "tool", found.tool, lang)
    st.markdown(f"**{literal(t(f'culture.question.{found.question}', lang, tool=tool))}**")
    if not found.teams:
        st.markdown(literal(t(f"culture.status.{found.status}", lang)))
        return
    st.markdown(literal(slope_words(found, lang)))
    spots = [(p.culture, p.experience, code_label(settings, "team", p.team, lang), p.n) for p in found.teams]
    axes = t("culture.axis", lang), t(f"culture.axis_{found.question}", lang)
    figure = store.drawn(name, view, lambda: team_figures.teams(spots, axes, found.value, found.is_told), name)
    alt = t("culture.teams_alt", lang, teams=formats.number(len(spots), lang), words=slope_words(found, lang))
    note = t(
        f"culture.note_{found.question}",
        lang,
        asked=formats.month_name(found.asked_on, lang),
        first=formats.month(found.first_on, lang),
        last=formats.month(found.last_on, lang),
        n=formats.number(found.n, lang),
        icc=formats.number(found.icc1, lang, 2),
    )
    chart(name, figure, alt, lambda: team_table(found, view), lang, settings.company.currency, note)


def slope_words(found: CultureEffect, lang: str) -> str:
    """Both ends signed: they may lie on two sides of zero."""
    holes = {name: formats.plus(formats.number(getattr(found, name), lang, 1)) for name in ("value", "low", "high")}
    return t(f"culture.slope_{found.status}", lang, **holes, teams=formats.number(len(found.teams), lang))


def team_table(found: CultureEffect, view: View) -> Table:
    units = {"culture": "score", "n_people": "count", "experience": "score", "n": "count"}
    columns = (
        Column(t("culture.headers.team", view.lang)),
        *(Column(t(f"culture.headers.team_{name}", view.lang), unit) for name, unit in units.items()),
    )
    settings = store.settings(view)
    rows = (
        (code_label(settings, "team", p.team, view.lang), p.culture, p.n_people, p.experience, p.n) for p in found.teams
    )
    return Table(columns, tuple(rows))


def reliability(found: Sequence[Reliability], view: View) -> None:
    """Alpha with its interval, items and people, a line a signal; or why it cannot be told."""
    lang, settings = view.lang, store.settings(view)
    if not any(one.value is not None for one in found):
        is_linked = all(one.is_linked for one in found)
        st.markdown(literal(t("culture.no_alpha" if is_linked else "culture.status.unlinked", lang)))
        return
    told = [one for one in found if one.value is not None]
    every = t("culture.every_signal", lang)
    columns = {
        t("culture.headers.signal", lang): [
            code_label(settings, "signal", one.signal, lang) if one.signal else every for one in told
        ],
        t("culture.headers.alpha", lang): [alpha_words(one, lang) for one in told],
        t("culture.headers.items", lang): [one.n_items for one in told],
        t("culture.headers.people", lang): [one.n_people for one in told],
        t("culture.headers.verdict", lang): [t(f"culture.read_as.{verdict(one)}", lang) for one in told],
    }
    st.dataframe(columns, hide_index=True, key="culture_reliability", height="content")
    asked = formats.month_name(told[0].asked_on, lang)
    st.caption(literal(t("culture.alpha_note", lang, asked=asked, usual=formats.number(USUAL, lang, 2))))


def verdict(one: Reliability) -> str:
    """Sure when the whole interval lies above what is usual."""
    if one.low >= USUAL:
        return "one"
    return "rather_one" if one.value >= USUAL else "several"


def alpha_words(one: Reliability, lang: str) -> str:
    value, low, high = (formats.number(number, lang, 2) for number in (one.value, one.low, one.high))
    return t("culture.alpha", lang, value=value, low=low, high=high)
