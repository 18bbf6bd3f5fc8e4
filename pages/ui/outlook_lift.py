"""CRM alone against CRM + CEM: calls that would reach someone, the ranking, what carried it, whether it is exact."""

from collections.abc import Sequence

import streamlit as st

from metrics.cem_lifts import Lift, Part
from metrics.cem_lifts import groups as lifts_of_groups
from metrics.stats.intervals import Estimate
from pages.ui import figures, formats, group_figures, outlook_figures, store
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.figures import Bar
from pages.ui.group_figures import Group
from pages.ui.labels import code_label, column_label
from pages.ui.text import literal, t

TICK, FINE = ".0%", ".1%"
ACROSS = {
    "across.lift_title",
    "across.lift_too_little",
    "across.calls_safe",
    "across.calls_all",
    "across.calls_difference",
    "across.ranking",
    "across.carried_note",
    "across.groups_note",
    "across.predicted",
    "across.observed",
    "across.calibration_alt",
    "across.lift_note",
    "across.measures.caught",
    "across.measures.caught_safe",
}


def said(key: str, lift: Lift, view: View, **holes: str) -> str:
    """The sentence of the outlook; of a company without dates that of one moment, where it differs."""
    across = key.replace("outlook", "across", 1)
    if lift.outcome is None or across not in ACROSS:
        return t(key, view.lang, **holes)
    outcome = code_label(store.settings(view), "cross_section", lift.outcome, view.lang)
    return t(across, view.lang, outcome=outcome, **holes)


def part_name(part: Part, lift: Lift, view: View) -> str:
    if lift.outcome and part.kind == "carried":
        return code_label(store.settings(view), "cross_section", part.name, view.lang)
    return t(f"outlook.parts.{part.name}", view.lang)


def section(lift: Lift, view: View) -> None:
    """What calling would catch beside how well both rank; the rest in tabs."""
    lang = view.lang
    st.subheader(literal(said("outlook.lift_title", lift, view)), anchor=False)
    if not lift.measured:
        st.markdown(literal(said("outlook.lift_too_little", lift, view)))
        return
    st.markdown(literal(t(f"outlook.verdicts.{lift.verdict}", lang, worthwhile=points(lift.worthwhile, lang))))
    left, right = st.columns(2, gap="medium")
    with left:
        calls(lift, view)
    with right:
        ranking(lift, view)
    if lift.parts:
        details(lift, view)
    st.caption(literal(note(lift, view)))


def calls(lift: Lift, view: View) -> None:
    """Of 1,000 customers called, how many were about to stop: among those the CRM holds safe, else among all."""
    lang = view.lang
    found, who = (lift.safe, "safe") if lift.safe else (lift.measured["caught"], "all")
    st.markdown(f"**{literal(said(f'outlook.calls_{who}', lift, view))}**")
    bars = [
        bar(t(f"outlook.arms.{arm}", lang), value, lang, arm == "extra")
        for arm, value in (("base", found.base), ("extra", found.extra))
    ]
    figure = store.drawn("outlook_calls", view, lambda: figures.shares(bars))
    alt = " ".join(f"{b.name}: {b.detail}." for b in bars)
    difference = said("outlook.calls_difference", lift, view, **ends_of(found.difference, lang, 1000, 0))
    chart("outlook_calls", figure, alt, lambda: measures_table(lift, view), lang, currency(view), difference)


def bar(name: str, value: Estimate, lang: str, is_marked: bool) -> Bar:
    return Bar(name, t("outlook.of_thousand", lang, **ends_of(value, lang, 1000, 0)), *edges(value), is_marked)


def edges(value: Estimate) -> tuple[float, float, float]:
    return value.value, value.low, value.high


def ends_of(value: Estimate, lang: str, times: float, decimals: int) -> dict[str, str]:
    """value, low and high as plain numbers."""
    return {
        name: formats.number(number * times, lang, decimals)
        for name, number in (("value", value.value), ("low", value.low), ("high", value.high))
    }


def points_of(value: Estimate, lang: str, decimals: int) -> dict[str, str]:
    """A difference of shares in points, its ends as plain numbers."""
    return ends_of(value, lang, 100, decimals) | {"value": formats.points(value.value * 100, lang, decimals)}


def points(value: float, lang: str) -> str:
    return formats.number(value * 100, lang, 1)


def ranking(lift: Lift, view: View) -> None:
    """How often the right one of a pair is named: by one number, by the CRM, with experience."""
    lang, auc = view.lang, lift.measured["auc"]
    st.markdown(f"**{literal(said('outlook.ranking', lift, view))}**")
    rows = [(part.name, part.value, "crm") for part in reversed(lift.part("alone")) if part.name != "cem_health"]
    rows += [("base", auc.base, "crm"), ("extra", auc.extra, "cem")]
    groups = [
        (Group(name, t(f"outlook.arms.{name}", lang), share_words(value, lang), *edges(value)), side)
        for name, value, side in rows
    ]
    figure = store.drawn("outlook_ranking", view, lambda: outlook_figures.ladder(groups, TICK))
    alt = "; ".join(f"{g.name} {g.detail}" for g, _ in groups)
    difference = t("outlook.ranking_difference", lang, **points_of(auc.difference, lang, 1))
    chart("outlook_ranking", figure, alt, lambda: measures_table(lift, view), lang, currency(view), difference)


def share_words(value: Estimate, lang: str) -> str:
    low, high = formats.ends(value.low, value.high, "share", lang)
    return t("outlook.interval", lang, value=formats.share(value.value, lang, 1), low=low, high=high)


def details(lift: Lift, view: View) -> None:
    lang = view.lang
    names = ("carried", "groups", "calibration")
    tabs = st.tabs([t(f"outlook.tabs.{name}", lang) for name in names], key="outlook_tabs", on_change="rerun")
    for tab, draw in zip(tabs, (carried, by_group, calibration), strict=True):
        if tab.open:
            with tab:
                draw(lift, view)


def carried(lift: Lift, view: View) -> None:
    """What the ranking loses without each kind of experience, and what it gains from somebody else's experience."""
    lang = view.lang
    parts = [*lift.part("carried"), *lift.part("control")]
    groups = [carried_row(part, lift, view) for part in parts]
    figure = store.drawn("outlook_carried", view, lambda: group_figures.forest(groups, 0.0, "cem", FINE, False))
    alt = "; ".join(f"{g.name} {g.detail}" for g in groups)
    chart("outlook_carried", figure, alt, lambda: parts_table(lift, view), lang, currency(view))
    st.caption(literal(said("outlook.carried_note", lift, view)))


def carried_row(part: Part, lift: Lift, view: View) -> Group:
    words = t("outlook.interval", view.lang, **points_of(part.value, view.lang, 2))
    return Group(part.name, part_name(part, lift, view), words, *edges(part.value), part.value.excludes_zero)


def by_group(lift: Lift, view: View) -> None:
    """For whom experience tells more: the difference in each group that is large enough."""
    lang, settings = view.lang, store.settings(view)
    found = store.computed(lifts_of_groups, view)
    if not found:
        st.markdown(literal(t("outlook.no_groups", lang)))
        return
    groups = [
        Group(
            one.group[1],
            t(
                "outlook.group",
                lang,
                column=column_label(settings, one.group[0], lang),
                code=code_label(settings, *one.group, lang),
            ),
            t(
                "outlook.points_n",
                lang,
                n=formats.number(one.n, lang),
                **points_of(one.measured["auc"].difference, lang, 1),
            ),
            *edges(one.measured["auc"].difference),
            one.verdict == "adds",
        )
        for one in sorted(found, key=lambda one: -one.measured["auc"].difference.value)
    ]
    whole = lift.measured["auc"].difference.value
    figure = store.drawn("outlook_groups", view, lambda: group_figures.forest(groups, whole, "cem", FINE, False))
    alt = "; ".join(f"{g.name} {g.detail}" for g in groups)
    chart("outlook_groups", figure, alt, lambda: groups_table(found, view), lang, currency(view))
    st.caption(literal(said("outlook.groups_note", lift, view)))


def calibration(lift: Lift, view: View) -> None:
    """Predicted against observed, a mark a tenth of the customers."""
    lang = view.lang
    sides = {arm: [(x.predicted, x.observed) for x in lift.tenths if x.arm == arm] for arm in ("base", "extra")}
    axes = (said("outlook.predicted", lift, view), said("outlook.observed", lift, view))
    figure = store.drawn("outlook_calibration", view, lambda: outlook_figures.calibration(sides, axes))
    alt, marks = said("outlook.calibration_alt", lift, view), t("outlook.calibration_note", lang)
    chart("outlook_calibration", figure, alt, lambda: tenths_table(lift, view), lang, currency(view), marks)


def note(lift: Lift, view: View) -> str:
    lang = view.lang
    holes = {"n": formats.number(lift.n, lang), "stopped": formats.number(lift.n_stopped, lang)}
    holes |= {"cuts": str(lift.n_cuts), "months": str(store.catalogue(view).ground.windows["stop_months"])}
    if lift.first_on and lift.last_on:
        holes |= {"first": formats.day(lift.first_on, lang), "last": formats.day(lift.last_on, lang)}
    return said("outlook.lift_note", lift, view, **holes)


def currency(view: View) -> str:
    return store.settings(view).company.currency


def measures_table(lift: Lift, view: View) -> Table:
    lang = view.lang
    found = {**lift.measured, **({"caught_safe": lift.safe} if lift.safe else {})}
    headers = ("measure", "base", "base_low", "base_high", "extra", "extra_low", "extra_high", "value", "low", "high")
    columns = [Column(t(f"outlook.headers.{h}", lang), "score" if k else None) for k, h in enumerate(headers)]
    rows = [
        (said(f"outlook.measures.{name}", lift, view), *edges(m.base), *edges(m.extra), *edges(m.difference))
        for name, m in found.items()
    ]
    return Table(tuple(columns), tuple(rows))


def parts_table(lift: Lift, view: View) -> Table:
    lang = view.lang
    columns = [Column(t("outlook.headers.measure", lang))]
    columns += [Column(t(f"outlook.headers.{h}", lang), "share") for h in ("value", "low", "high")]
    rows = [(part_name(p, lift, view), *edges(p.value)) for p in lift.parts if p.kind != "alone"]
    return Table(tuple(columns), tuple(rows))


def groups_table(found: Sequence[Lift], view: View) -> Table:
    lang, settings = view.lang, store.settings(view)
    columns = [Column(t("outlook.headers.group", lang))]
    columns += [Column(t(f"outlook.headers.{h}", lang), "share") for h in ("value", "low", "high")]
    rows = [(code_label(settings, *f.group, lang), *edges(f.measured["auc"].difference), f.n) for f in found]
    return Table((*columns, Column("n", "count")), tuple(rows))


def tenths_table(lift: Lift, view: View) -> Table:
    lang = view.lang
    columns = (
        Column(t("outlook.headers.arm", lang)),
        Column(t("outlook.headers.tenth", lang), "count"),
        Column(said("outlook.predicted", lift, view), "share"),
        Column(said("outlook.observed", lift, view), "share"),
        Column("n", "count"),
    )
    rows = ((t(f"outlook.arms.{x.arm}", lang), x.tenth, x.predicted, x.observed, x.n) for x in lift.tenths)
    return Table(columns, tuple(rows))
