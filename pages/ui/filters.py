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


def filter_bar(view: View, choices: Choices, settings: Settings) -> bool:
    """Draw the bar; every change is written to the address by `apply`. Whether one of its boxes is open."""
    columns = offered(view, choices)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filter_bar"):
        period_choice(view, choices)
        comparison_choice(view, choices)
        for column in columns[:IN_THE_BAR]:
            segment_choice(column, view, choices, settings)
        is_more_open = more_choices(columns[IN_THE_BAR:], view, choices, settings)
        st.space("stretch")
        with st.container(horizontal=True, vertical_alignment="bottom", width="content", gap="small"):
            language_choice(view, choices)
            is_share_open = share(view)
    return is_more_open or is_share_open


def offered(view: View, choices: Choices) -> tuple[str, ...]:
    """Segment columns that leave a choice; the first have their place in the bar, the others in its box."""
    chosen = dict(view.selection.where)
    return tuple(column for column, codes in choices.columns.items() if len(codes) > 1 or column in chosen)


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


def more_choices(columns: tuple[str, ...], view: View, choices: Choices, settings: Settings) -> bool:
    """Any months as the period, and the segment columns for which the bar has no room; drawn and True when open."""
    chosen = [column for column, _ in view.selection.where if column in columns]
    label = t("filters.more_chosen", view.lang, n=str(len(chosen))) if chosen else t("filters.more", view.lang)
    box = st.popover(label, icon=":material/tune:", key="more", on_change="rerun")
    if not box.open:
        return False
    with box:
        if choices.months:
            left, right = st.columns(2)
            with left:
                month_choice("from", view.selection.period.start, view, choices)
            with right:
                month_choice("to", add_months(view.selection.period.end, -1), view, choices)
        for column in columns:
            segment_choice(column, view, choices, settings, width="stretch")
    return True


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


def share(view: View) -> bool:
    """The whole view as one address, its snapshot kept for the meeting, what can be taken away; True when open."""
    box = st.popover(t("filters.share", view.lang), icon=":material/ios_share:", key="share", on_change="rerun")
    if not box.open:
        return False
    with box:
        st.caption(t("filters.copy_link_help", view.lang))
        st.code(link.site() + frozen_address(view), language=None, wrap_lines=True)
        keeping.keep_for_meeting(view)
        take_away(view)
    return True


def apply(part: str, choices: Choices) -> None:
    """Write a changed widget to the address, and nothing else of the bar.

    The rest is that of the current view, which holds an earlier change even before the browser knows of it. A widget
    says nothing usable for a moment after the language changed, when it still speaks the other one.
    """
    view = link.current()
    is_told = tells_itself(part, view, choices)
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
    if is_told:
        link.draw_only_the_page()


def tells_itself(part: str, view: View, choices: Choices) -> bool:
    """Whether nothing else of the bar changes with a part: not the offer of periods, the words, or a box."""
    if part == "period":
        return view.selection.period in presets(choices).values()
    return part == "versus" or part in offered(view, choices)[:IN_THE_BAR]


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
