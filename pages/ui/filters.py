"""The bar on top of every page: period, comparison, segments, language, and the link to copy."""

from datetime import date

import streamlit as st

from data.settings import Settings
from metrics.selection import Period
from pages.ui import formats, keeping, link
from pages.ui.address import VERSUS, Choices, View, frozen_address
from pages.ui.labels import code_label, column_label
from pages.ui.months import add_months
from pages.ui.takeaway.offer import take_away
from pages.ui.text import literal, t

PRESETS = {"last_12": 12, "last_6": 6, "last_3": 3, "last_1": 1}
OTHER = "other"
IN_THE_BAR = 2
WIDE, NARROW = 196, 150  # pixels: the whole bar is one line at 1280


def filter_bar(view: View, choices: Choices, settings: Settings) -> None:
    """Draw the bar; every change is written to the address by `apply`."""
    chosen = dict(view.selection.where)
    columns = tuple(column for column, codes in choices.columns.items() if len(codes) > 1 or column in chosen)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filter_bar"):
        period_choice(view, choices)
        comparison_choice(view, choices)
        for column in columns[:IN_THE_BAR]:
            segment_choice(column, view, choices, settings)
        more_choices(columns[IN_THE_BAR:], view, choices, settings)
        st.space("stretch")
        with st.container(horizontal=True, vertical_alignment="bottom", width="content", gap="small"):
            language_choice(view, choices)
            share(view)
    nothing_before(view, choices)


def nothing_before(view: View, choices: Choices) -> None:
    """Says why no number is compared with the period before: the data does not hold the whole of it."""
    before = view.selection.period.compared(view.selection.versus)
    if before and not choices.reaches(before):
        holes = {"before": formats.period(before, view.lang), "start": formats.day(choices.first, view.lang)}
        st.caption(literal(t("filters.nothing_before", view.lang, **holes)))


def period_choice(view: View, choices: Choices) -> None:
    options = presets(choices)
    now = next((name for name, period in options.items() if period == view.selection.period), OTHER)
    shown = formats.period(view.selection.period, view.lang)
    st.selectbox(
        t("filters.period", view.lang),
        [*options, *([OTHER] if now == OTHER else [])],
        format_func=lambda name: shown if name == OTHER else t(f"filters.periods.{name}", view.lang),
        key=link.widget("period", now),
        on_change=apply,
        args=("period", choices),
        width=WIDE,
        filter_mode=None,
    )


def presets(choices: Choices) -> dict[str, Period]:
    """Periods by name, in full months that the data has: the last 12, 6, 3, 1, and all."""
    months = choices.months
    if not months:
        return {"all": choices.default_period()}
    end = add_months(months[-1], 1)
    named = {name: Period(months[-count], end) for name, count in PRESETS.items() if len(months) >= count}
    return named | {"all": Period(months[0], end)}


def comparison_choice(view: View, choices: Choices) -> None:
    st.selectbox(
        t("filters.versus", view.lang),
        VERSUS,
        format_func=lambda code: t(f"filters.versus_{code}", view.lang),
        key=link.widget("versus", view.selection.versus),
        on_change=apply,
        args=("versus", choices),
        width=WIDE,
        filter_mode=None,
    )


def segment_choice(column: str, view: View, choices: Choices, settings: Settings, width: int | str = NARROW) -> None:
    st.multiselect(
        literal(column_label(settings, column, view.lang)),
        choices.columns[column],
        format_func=lambda code: code_label(settings, column, code, view.lang),
        key=link.widget(f"where.{column}", list(dict(view.selection.where).get(column, ()))),
        on_change=apply,
        args=(column, choices),
        placeholder=t("filters.everyone", view.lang),
        select_all=False,
        wrap=True,
        width=width,
    )


def more_choices(columns: tuple[str, ...], view: View, choices: Choices, settings: Settings) -> None:
    """Any months as the period, and the segment columns for which the bar has no room."""
    chosen = [column for column, _ in view.selection.where if column in columns]
    label = t("filters.more_chosen", view.lang, n=str(len(chosen))) if chosen else t("filters.more", view.lang)
    with st.popover(label, icon=":material/tune:"):
        if choices.months:
            left, right = st.columns(2)
            with left:
                month_choice("from", view.selection.period.start, view, choices)
            with right:
                month_choice("to", add_months(view.selection.period.end, -1), view, choices)
        for column in columns:
            segment_choice(column, view, choices, settings, width="stretch")


def month_choice(name: str, shown: date, view: View, choices: Choices) -> None:
    st.selectbox(
        t(f"filters.{name}", view.lang),
        choices.months,
        format_func=lambda first: formats.month(first, view.lang),
        key=link.widget(name, shown if shown in choices.months else None),
        on_change=apply,
        args=(name, choices),
        placeholder=t("filters.choose", view.lang),
    )


def language_choice(view: View, choices: Choices) -> None:
    if len(choices.languages) < 2:
        return
    st.segmented_control(
        t("filters.language", view.lang),
        choices.languages,
        format_func=str.upper,
        key=link.widget("lang", view.lang),
        on_change=apply,
        args=("lang", choices),
        label_visibility="collapsed",
        required=True,
    )


def share(view: View) -> None:
    """The whole view as one address, its snapshot kept for as long as the meeting, and what can be taken away."""
    box = st.popover(t("filters.share", view.lang), icon=":material/ios_share:", key="share", on_change="rerun")
    if not box.open:
        return
    with box:
        st.caption(t("filters.copy_link_help", view.lang))
        st.code(link.site() + frozen_address(view), language=None, wrap_lines=True)
        keeping.keep_for_meeting(view)
        take_away(view)


def apply(part: str, choices: Choices) -> None:
    """Write a changed widget to the address, and nothing else of the bar.

    The rest is that of the current view, which holds an earlier change even before the browser knows of it. A widget
    says nothing usable for a moment after the language changed, when it still speaks the other one.
    """
    view = link.current()
    value = link.chosen(f"where.{part}" if part in choices.columns else part)
    if part in choices.columns:
        where = dict(view.selection.where) | {
            part: tuple(code for code in value or () if code in choices.columns[part])
        }
        link.go(where=tuple((column, codes) for column, codes in where.items() if codes))
    elif part == "versus" and value in VERSUS:
        link.go(versus=value)
    elif part == "lang" and value in choices.languages:
        link.go(lang=value)
    elif part in ("period", "from", "to"):
        link.go(period=chosen_period(part, view, choices))


def chosen_period(part: str, view: View, choices: Choices) -> Period:
    """The period after a change of `part`; a first month after the last one moves the last one, and vice versa."""
    period = view.selection.period
    if part == "period":
        return presets(choices).get(str(link.chosen("period")), period)
    first, last = link.chosen("from"), link.chosen("to")
    if part == "from" and first:
        return Period(first, max(period.end, add_months(first, 1)))
    if part == "to" and last:
        return Period(min(period.start, last), add_months(last, 1))
    return period
