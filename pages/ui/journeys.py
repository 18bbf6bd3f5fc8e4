"""The parts of the journey page: touchpoints in order, moments of truth ranked, and both as tables."""

from collections.abc import Sequence

import streamlit as st

from metrics.journey_findings import journey_findings
from metrics.journeys import Moment, Place, journey, known_metrics
from pages.ui import formats, group_figures, kpi, store
from pages.ui import said as spoken
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.group_figures import Group
from pages.ui.groups import TICKS
from pages.ui.labels import code_label
from pages.ui.text import literal, t

SIDE = "cem"
TICK = ".0%"


def name_of(touchpoint: str, view: View) -> str:
    return code_label(store.settings(view), "touchpoint", touchpoint, view.lang)


def stage_of(place: Place, view: View) -> str:
    return code_label(store.settings(view), "stage", place.stage, view.lang)


def kind_of(place: Place, view: View) -> str:
    return code_label(store.settings(view), "channel_kind", place.kind, view.lang)


def number(place: Place, name: str, view: View) -> str:
    """A metric at a touchpoint with interval and n; why there is none; a dash where nothing could be measured."""
    settings, m = store.settings(view), place.measured.get(name)
    if m is None:
        return formats.NOTHING
    metric, currency = store.catalogue(view).metrics[name], settings.company.currency
    notes = kpi.notes(metric, m, view.lang, currency, None, settings.thresholds.min_group)
    if m.value is None:
        return notes[0]
    return " · ".join((formats.amount(m.value, metric.unit, view.lang, currency), *notes))


def touchpoints(places: Sequence[Place], name: str, view: View) -> None:
    """One line a touchpoint in the order of the journey, for one metric; grey where too few to tell."""
    lang, metric = view.lang, store.catalogue(view).metrics[name]
    known = [p for p in places if name in p.measured]
    if not known:
        st.caption(literal(kpi.missing((name,), view)))
        return
    rows = [row_of(place, name, view) for place in known]
    figure = store.drawn(
        "journey_touchpoints", view, lambda: group_figures.forest(rows, None, SIDE, TICKS[metric.unit], False), name
    )
    listed = "; ".join(f"{row.name} {row.detail}" for row in rows)
    alt = t("journey.alt", lang, metric=metric.label[lang], touchpoints=listed)
    currency = store.settings(view).company.currency
    chart("journey_touchpoints", figure, alt, lambda: numbers(places, view), lang, currency)


def row_of(place: Place, name: str, view: View) -> Group:
    m, lang = place.measured[name], view.lang
    label = t("journey.place", lang, stage=stage_of(place, view), touchpoint=name_of(place.touchpoint, view))
    words = f"{kind_of(place, view)} · {number(place, name, view)}"
    return Group(place.touchpoint, label, words, m.value, m.low, m.high, m.status == "shown")


def next_words(place: Place, view: View) -> str:
    if place.next is None:
        return formats.NOTHING
    lang, share = view.lang, place.next.share
    low, high = formats.ends(share.low, share.high, "share", lang)
    return t(
        "journey.next",
        lang,
        reason=code_label(store.settings(view), "reason", place.next.reason, lang),
        share=formats.share(share.value, lang),
        low=low,
        high=high,
        n=formats.number(place.next.n, lang),
    )


def loudest_words(place: Place, view: View) -> str:
    """The emotion most often met in the words of a touchpoint; a dash where it cannot be told."""
    if place.loudest is None:
        return formats.NOTHING
    lang, (emotion, share) = view.lang, place.loudest
    low, high = formats.ends(share.low, share.high, "share", lang)
    name = code_label(store.settings(view), "emotion", emotion, lang)
    return t("journey.loudest", lang, emotion=name, share=formats.share(share.value, lang), low=low, high=high)


def table(key: str, places: Sequence[Place], view: View) -> None:
    """Everything of every touchpoint where anything happened, to read: words and intervals in the cells."""
    metrics, lang = store.catalogue(view).metrics, view.lang
    shown = [place for place in places if place.measured]
    if not shown:
        st.caption(literal(t("journey.nothing", lang)))
        return
    columns = {
        t("journey.headers.stage", lang): [stage_of(p, view) for p in shown],
        t("journey.headers.touchpoint", lang): [name_of(p.touchpoint, view) for p in shown],
        t("journey.headers.kind", lang): [kind_of(p, view) for p in shown],
    }
    names = known_metrics(store.catalogue(view))
    columns |= {metrics[name].label[lang]: [number(p, name, view) for p in shown] for name in names}
    columns |= {t("journey.headers.loudest", lang): [loudest_words(p, view) for p in shown]}
    columns |= {t("journey.headers.next", lang): [next_words(p, view) for p in shown]}
    st.dataframe(columns, hide_index=True, key=key, height="content")


@st.fragment
def table_on_demand(key: str, view: View) -> None:
    """The same, closed until asked for: a group crossed with the filters takes most of what the page would count."""
    box = st.expander(t("journey.everything", view.lang), key=f"{key}_box", on_change="rerun")
    if box.open:
        with box:
            table(key, store.computed(journey, view), view)


def numbers(places: Sequence[Place], view: View) -> Table:
    """The same as plain numbers, for the table behind the figure and the CSV."""
    metrics, lang = store.catalogue(view).metrics, view.lang
    columns = [Column(t(f"journey.headers.{h}", lang)) for h in ("stage", "touchpoint", "kind")]
    names = known_metrics(store.catalogue(view))
    for name in names:
        metric, label = metrics[name], metrics[name].label[lang]
        ends = (t(f"journey.headers.{end}", lang, metric=label) for end in ("low_of", "high_of"))
        columns += [Column(label, metric.unit), *(Column(end, metric.unit) for end in ends)]
        columns.append(Column(t("journey.headers.n_of", lang, metric=label), "count"))
    columns += [Column(t(f"journey.headers.{name}", lang)) for name in ("loudest", "next")]
    rows = [
        (
            *(stage_of(p, view), name_of(p.touchpoint, view), kind_of(p, view)),
            *(getattr(p.measured.get(n), field, None) for n in names for field in ("value", "low", "high", "n")),
            loudest_words(p, view),
            next_words(p, view),
        )
        for p in places
    ]
    return Table(tuple(columns), tuple(rows))


def scale(found: Sequence[Sequence[Moment]]) -> tuple[float, float]:
    """One scale for figures that stand side by side; the ends of an interval too wide to tell may lie outside."""
    return group_figures.span(
        [0.0, *(e for m in (m for some in found for m in some) for e in ((m.low, m.high) if m.is_told else (m.value,)))]
    )


def said(found: tuple[Moment, ...], view: View) -> None:
    """The finding of one group, in its own words."""
    if found:
        months = store.catalogue(view).ground.windows["stop_months"]
        st.markdown(" ".join(literal(spoken.sentence(f, view)) for f in journey_findings(found, (), months)))


def ranked(name: str, found: tuple[Moment, ...], ends: tuple[float, float], view: View) -> None:
    """The difference at each touchpoint with its interval, the largest first; grey where it cannot be told."""
    lang = view.lang
    if not found:
        st.markdown(literal(t("journey.no_moments", lang)))
        return
    rows = [
        Group(m.touchpoint, name_of(m.touchpoint, view), words_of(m, view), m.value, m.low, m.high, m.is_told)
        for m in found
    ]
    figure = store.drawn(name, view, lambda: group_figures.forest(rows, 0.0, SIDE, TICK, False, ends), *ends)
    listed = "; ".join(f"{row.name} {row.detail}" for row in rows)
    currency = store.settings(view).company.currency
    chart(
        name, figure, t("journey.moments_alt", lang, moments=listed), lambda: moments_table(found, view), lang, currency
    )


def words_of(moment: Moment, view: View) -> str:
    lang = view.lang
    holes = {
        "value": formats.change(moment.value, "share", lang),
        "low": formats.number(moment.low * 100, lang, 1),
        "high": formats.number(moment.high * 100, lang, 1),
        "n": formats.number(moment.n_bad, lang),
    }
    if moment.differed_before:
        return t("journey.differed_before", lang, **holes)
    if moment.p_first is None:
        return t("journey.moment_alone", lang, **holes)
    return t("journey.moment", lang, **holes, first=formats.probability(moment.p_first, lang))


def moments_table(found: Sequence[Moment], view: View) -> Table:
    lang = view.lang
    kinds = dict.fromkeys(("bad", "good", "value", "low", "high", "told_low", "p_first"), "share")
    kinds |= {"n_bad": "count", "n_good": "count"}
    kinds |= dict.fromkeys(("placebo", "placebo_low", "placebo_high"), "share")
    columns = (Column(t("journey.headers.touchpoint", lang)),)
    columns += tuple(Column(t(f"journey.moment_headers.{name}", lang), unit) for name, unit in kinds.items())
    rows = ((name_of(m.touchpoint, view), *(getattr(m, name) for name in kinds)) for m in found)
    return Table(columns, tuple(rows))


def how_compared(found: Sequence[Moment], view: View) -> None:
    """What the comparison is, over which months, and what it cannot say."""
    if not found:
        return
    lang, first, last = view.lang, min(m.first_on for m in found), max(m.last_on for m in found)
    months = str(store.catalogue(view).ground.windows["stop_months"])
    spans = {"first": formats.month(first, lang), "last": formats.month(last, lang)}
    st.caption(literal(t("journey.moments_note", lang, months=months, **spans)))
