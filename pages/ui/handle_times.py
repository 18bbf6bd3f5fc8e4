"""The lead of the page on handle time: what a target changed against comparable teams, and what must not pay for it."""

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from metrics.handle_times import GUARDS, Effect, Point, Target
from metrics.query import Measurement
from metrics.selection import months_later
from pages.ui import formats, group_figures, handle_time_figures, kpi, store
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.group_figures import Group
from pages.ui.handle_time_figures import Side
from pages.ui.labels import code_label
from pages.ui.parts import pick_choice
from pages.ui.promise_figures import Spot
from pages.ui.text import literal, t

UNITS = {"handle_seconds": "seconds", "handle_median": "seconds", "net_seconds": "seconds"}
TICKS = {"handle_seconds": ",.0f", "repeat": ".0%"}
JOIN = "|"
DAY = timedelta(days=1)


def is_measured(name: str, view: View) -> bool:
    """Whether a metric has anything for the view's period and groups."""
    return name in store.catalogue(view).metrics and store.measured(name, view)[0].status != "empty"


def has_contacts(view: View) -> bool:
    """Whether there is anything to look into; what is missing is said where there is not."""
    if is_measured("contacts", view) or is_measured("resolution_days_p50", view):
        return True
    st.markdown(literal(kpi.missing(("contacts", "aht", "repeat_contact_rate"), view)))
    return False


def answered_in_time(view: View) -> Measurement:
    """Promises of an answer kept, those of deliveries left out."""
    return store.measured("promise_kept", view, where=(*view.selection.where, ("kind", ("issue",))))[0]


def unit_of(outcome: str) -> str:
    return UNITS.get(outcome, "share")


def ends(effect: Effect, outcome: str, view: View) -> dict[str, str]:
    """A difference and its interval in words: seconds, or points."""
    lang, unit = view.lang, unit_of(outcome)
    if unit == "share":
        numbers = {name: formats.number(getattr(effect, name) * 100, lang, 1) for name in ("low", "high")}
    else:
        numbers = {name: formats.change(getattr(effect, name), unit, lang) for name in ("low", "high")}
    return {"value": formats.change(effect.value, unit, lang)} | numbers


def said(effect: Effect, outcome: str, view: View, key: str = "contacts.effect") -> str:
    return t(key, view.lang, **ends(effect, outcome, view), n=formats.number(effect.n, view.lang))


def team_name(code: str, view: View) -> str:
    return code_label(store.settings(view), "team", code, view.lang)


def key_of(target: Target) -> str:
    return JOIN.join((target.team, target.started_on.isoformat()))


def chosen_of(found: Sequence[Target], view: View) -> Target:
    """The target chosen, else the first that is told."""
    told = [target for target in found if target.is_told]
    return next((target for target in told if key_of(target) == view.pick), told[0])


def the_target(found: Sequence[Target], view: View) -> None:
    """Months of the team and of those compared, what changed, and the guards beside it."""
    lang, target = view.lang, chosen_of(found, view)
    with st.container(border=True):
        told = {key_of(each): each for each in found if each.is_told}
        if len(told) > 1:
            pick_choice(list(told), key_of(target), lambda k: title(told[k], view), t("contacts.which", lang))
        st.subheader(literal(title(target, view)), anchor=False)
        for outcome, place in zip(("handle_seconds", "repeat"), st.columns(2, gap="medium"), strict=True):
            with place:
                st.markdown(
                    f"**{literal(t(f'contacts.outcomes.{outcome}', lang))}** {literal(moved(target, outcome, view))}"
                )
                months(target, outcome, view)
        left, right = st.columns(2, gap="medium")
        with left:
            st.markdown(f"**{literal(t('contacts.guards', lang))}**")
            guards(target, view)
        with right:
            st.markdown(f"**{literal(t('contacts.how_sure', lang))}**")
            how_sure(target, view)


def title(target: Target, view: View) -> str:
    lang = view.lang
    holes = {
        "team": team_name(target.team, view),
        "target": formats.duration(target.seconds, lang),
        "day": formats.day(target.started_on, lang),
        "former": formats.duration(target.former, lang),
    }
    return t("contacts.title_came" if target.former is None else "contacts.title_changed", lang, **holes)


def moved(target: Target, outcome: str, view: View) -> str:
    """The difference with its interval, then the levels; handle time with its median."""
    lang, effect, unit = view.lang, target.effects[outcome], unit_of(outcome)
    levels = {
        name: formats.amount(getattr(effect, name), unit, lang)
        for name in ("before", "after", "other_before", "other_after")
    }
    words = t("contacts.moved", lang, said=said(effect, outcome, view), **levels)
    median = target.effects.get("handle_median") if outcome == "handle_seconds" else None
    if median is None:
        return words
    return t("contacts.with_median", lang, words=words, median=said(median, "handle_median", view))


def months(target: Target, outcome: str, view: View) -> None:
    """The course of both sides; without it (a group, too few people in a month) the levels stand in the words above."""
    points, lang = [p for p in target.points if p.outcome == outcome], view.lang
    if not points:
        st.caption(literal(t("contacts.no_months", lang)))
        return
    effect = target.effects[outcome]
    expected = effect.before + effect.other_after - effect.other_before
    team = side(points, True, effect.before, effect.after, team_name(target.team, view), view)
    others = side(points, False, effect.other_before, effect.other_after, t("contacts.compared", lang), view)
    words = (t("contacts.target_line", lang), t("contacts.expected", lang))

    def draw() -> object:
        return handle_time_figures.before_and_after(team, others, target.started_on, expected, words, TICKS[outcome])

    name = f"contacts_{outcome}"
    figure = store.drawn(name, view, draw, key_of(target))
    label = t(f"contacts.outcomes.{outcome}", lang)
    alt = t("contacts.months_alt", lang, outcome=label, team=team.name, words=moved(target, outcome, view))
    chart(name, figure, alt, lambda: months_table(points, outcome, view), lang, store.settings(view).company.currency)


def side(points: Sequence[Point], is_target: bool, before: float, after: float, name: str, view: View) -> Side:
    spots = [
        Spot(p.month, p.value, p.low, p.high, point_words(p, name, view)) for p in points if p.is_target == is_target
    ]
    return Side(spots, before, after, name)


def point_words(point: Point, name: str, view: View) -> str:
    lang, unit = view.lang, unit_of(point.outcome)
    low, high = formats.ends(point.low, point.high, unit, lang)
    numbers = {"value": formats.amount(point.value, unit, lang), "low": low, "high": high}
    span = formats.month(point.month, lang)
    if point.months > 1:
        span = t(
            "contacts.span", lang, first=span, last=formats.month(months_later(point.month, point.months - 1), lang)
        )
    return t("contacts.point", lang, name=name, month=span, **numbers, n=formats.number(point.n, lang))


def months_table(points: Sequence[Point], outcome: str, view: View) -> Table:
    lang, unit = view.lang, unit_of(outcome)
    heads = ("side", "month", "value", "low", "high", "n")
    units = {"value": unit, "low": unit, "high": unit, "n": "count"}
    columns = tuple(Column(t(f"contacts.headers.{h}", lang), units.get(h)) for h in heads)
    sides = {True: t("contacts.side_team", lang), False: t("contacts.compared", lang)}
    return Table(columns, tuple((sides[p.is_target], p.month, p.value, p.low, p.high, p.n) for p in points))


def guards(target: Target, view: View) -> None:
    """What could make time or repeats look better without being better, each as its own difference."""
    lang = view.lang
    rows = [
        Group(name, t(f"contacts.outcomes.{name}", lang), said(e, name, view), e.value, e.low, e.high, e.way != "flat")
        for name in GUARDS
        if (e := target.effects.get(name)) is not None
    ]
    if not rows:
        st.caption(literal(t("contacts.no_guards", lang)))
        return
    name = "contacts_guards"
    figure = store.drawn(name, view, lambda: group_figures.forest(rows, 0.0, "cem", "+.0%", False), key_of(target))
    alt = t("contacts.guards_alt", lang, guards="; ".join(f"{row.name} {row.detail}" for row in rows))
    chart(
        name,
        figure,
        alt,
        lambda: effects_table(target, view),
        lang,
        store.settings(view).company.currency,
        t("contacts.guards_note", lang),
    )


def effects_table(target: Target, view: View) -> Table:
    """Every outcome with levels, difference, placebo and n; seconds and shares as plain numbers."""
    lang = view.lang
    numbers = ("value", "low", "high", "before", "after", "other_before", "other_after")
    numbers += ("placebo", "placebo_low", "placebo_high", "n", "n_before", "n_other_before", "n_other_after")
    columns = tuple(Column(t(f"contacts.headers.{h}", lang)) for h in ("outcome", *numbers))
    rows = ((t(f"contacts.outcomes.{o}", lang), *(getattr(e, n) for n in numbers)) for o, e in target.effects.items())
    return Table(columns, tuple(rows))


def how_sure(target: Target, view: View) -> None:
    """Which teams, which months, what the same calculation gave before, and what one against one cannot tell."""
    lang, compared = view.lang, target.compared
    before = {name: target.effects[name] for name in ("handle_seconds", "repeat")}
    lines = [
        t(
            "contacts.sure.teams",
            lang,
            teams=", ".join(team_name(code, view) for code in compared),
            count=len(compared),
        ),
        t(
            "contacts.sure.months",
            lang,
            before_from=formats.day(target.before_from, lang),
            before_to=formats.day(target.before_to - DAY, lang),
            started=formats.day(target.started_on, lang),
            after_to=formats.day(target.after_to - DAY, lang),
        ),
    ]
    if all(e.placebo_low is not None for e in before.values()):
        holes = {
            f"{name}_{end}": formats.change(getattr(e, f"placebo{end and '_' + end}"), unit_of(name), lang)
            for name, e in before.items()
            for end in ("", "low", "high")
        }
        key = "contacts.sure.apart" if target.differed_before else "contacts.sure.parallel"
        lines.append(t(key, lang, **holes))
    else:
        lines.append(t("contacts.sure.no_placebo", lang))
    lines.append(t("contacts.sure.few", lang, count=len(compared), n=str(len(compared))))
    if (net := target.effects.get("net_seconds")) is not None:
        lines.append(t("contacts.sure.net", lang, said=said(net, "net_seconds", view)))
    st.markdown("\n".join(f"- {literal(line)}" for line in lines))


def lead(view: View) -> str:
    """What stands first where no target can be told: handle time beside repeats, else repeats, else answers."""
    if is_measured("aht", view) and is_measured("repeat_contact_rate", view):
        return "groups"
    return "curve" if is_measured("repeat_contact_rate", view) else "answers"


def teams(found: Sequence[Target], view: View) -> None:
    """Every target, the teams looked at for it, and why each is compared or not."""
    lang = view.lang
    st.subheader(t("contacts.teams_title", lang), anchor=False)
    for target in found:
        st.markdown(f"**{literal(title(target, view))}**")
        if not target.looked:
            st.caption(literal(t("contacts.no_teams", lang)))
            continue
        heads = ("team", "why", "alike", "n_before", "n_after")
        names = [t(f"contacts.headers.{h}", lang) for h in heads]
        rows = [
            (
                team_name(each.team, view),
                t(f"contacts.why.{each.why}", lang),
                formats.share(each.alike, lang),
                formats.number(each.n_before, lang),
                formats.number(each.n_after, lang),
            )
            for each in target.looked
        ]
        st.dataframe(
            dict(zip(names, zip(*rows, strict=True), strict=True)),
            hide_index=True,
            key=f"contacts_teams_{key_of(target)}",
        )
    st.caption(literal(t("contacts.teams_note", lang)))
