"""Whether unhappy customers are called back, and whether that is followed by anything."""

from collections.abc import Mapping, Sequence

import streamlit as st

from metrics.actions import Recovery, recovery
from metrics.query import Measurement
from pages.ui import formats, group_figures, kpi, store
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.group_figures import Group
from pages.ui.groups import LACKING, words_of
from pages.ui.labels import code_label, column_label
from pages.ui.text import literal, t

METRIC = "loop_closed"
POINTS = ("next_score", "former_score")
CUT, CHART = "touchpoint", "loops_touchpoint"


def loops(view: View) -> None:
    """The share called back, what call-backs are followed by, and what is compared."""
    lang = view.lang
    if METRIC not in store.catalogue(view).metrics or kpi.is_never_measured(METRIC, view):
        st.markdown(literal(t("actions.loops_never", lang)))
        return
    share = store.measured(METRIC, view)[0]
    found = store.computed(recovery, view)
    st.markdown(f"**{literal(share_words(share, view))}**")
    by_touchpoint(share, view)
    if "next_score" not in found:
        return
    st.markdown(literal(recovery_words(found["next_score"], lang)))
    table(found, view)
    spans = (min(r.first_on for r in found.values()), max(r.last_on for r in found.values()))
    first, last = (formats.day(day, lang) for day in spans)
    st.caption(literal(t("actions.loops_note", lang, first=first, last=last)))


def share_words(share: Measurement, view: View) -> str:
    lang = view.lang
    if share.value is None:
        return t("actions.loops_private", lang)
    low, high = formats.ends(share.low, share.high, "share", lang)
    value = formats.share(share.value, lang)
    return t("actions.loops_share", lang, value=value, low=low, high=high, n=formats.number(share.n, lang))


def by_touchpoint(share: Measurement, view: View) -> None:
    """Where those who were unhappy are called back, most first; the upright line is all of them."""
    lang, settings, metric = view.lang, store.settings(view), store.catalogue(view).metrics[METRIC]
    cut = [m for m in store.measured(METRIC, view, by=(CUT,), versus="none") if m.group[0][1] not in LACKING]
    known = sorted((m for m in cut if m.value is not None), key=lambda m: -m.value)
    if len(known) < 2:
        return
    rows = [
        Group(
            m.group[0][1],
            code_label(settings, CUT, m.group[0][1], lang),
            words_of(metric, m, view),
            m.value,
            m.low,
            m.high,
            m.status == "shown",
        )
        for m in known
    ]
    title = t("actions.by_cut", lang, column=column_label(settings, CUT, lang).lower())
    st.markdown(f"**{literal(title)}**")
    figure = store.drawn(CHART, view, lambda: group_figures.forest(rows, share.value, "cem", ".0%", False))
    alt = "; ".join((title, *(f"{row.name} {row.detail}" for row in rows)))
    chart(CHART, figure, alt, lambda: cut_table(rows, known, lang), lang, settings.company.currency)


def cut_table(rows: Sequence[Group], known: Sequence[Measurement], lang: str) -> Table:
    units = {"value": "share", "low": "share", "high": "share", "n": "count"}
    columns = (Column(t("columns.touchpoint", lang)),)
    columns += tuple(Column(t(f"actions.headers.{name}", lang), unit) for name, unit in units.items())
    cells = ((row.name, m.value, m.low, m.high, m.n) for row, m in zip(rows, known, strict=True))
    return Table(columns, tuple(cells))


def recovery_words(found: Recovery, lang: str) -> str:
    d = found.difference
    key = "actions.recovers" if d.low > 0 else "actions.recovers_less" if d.high < 0 else "actions.recovers_not"
    said = ends(found, lang)
    if d.low > 0 or d.high < 0:
        said["value"] = formats.number(abs(d.value), lang, 2)
    return t(key, lang, **said, **counts(found, lang))


def ends(found: Recovery, lang: str) -> dict[str, str]:
    """The difference and its interval, signed; shares in points."""
    d, unit = found.difference, "score" if found.outcome in POINTS else "share"
    low, high = formats.change_ends(d.low, d.high, unit, lang)
    return {"value": formats.change(d.value, unit, lang), "low": low, "high": high}


def counts(found: Recovery, lang: str) -> dict[str, str]:
    return {name: formats.number(getattr(found, name), lang) for name in ("n_called", "n_not_called")}


def table(found: Mapping[str, Recovery], view: View) -> None:
    """Every outcome of both sides with the difference; the last is a control."""
    lang = view.lang
    months = str(store.catalogue(view).ground.windows["stop_months"])
    rows = [
        (
            t(f"actions.outcomes.{r.outcome}", lang, **({"months": months} if r.outcome == "stopped" else {})),
            *(formats.amount(v, "score" if r.outcome in POINTS else "share", lang) for v in (r.called, r.not_called)),
            t("actions.effect_words", lang, **ends(r, lang)),
            *counts(r, lang).values(),
        )
        for name in ("next_score", "answered", "stopped", "former_score")
        if (r := found.get(name)) is not None
    ]
    heads = ("outcome", "called", "not_called", "difference", "n_called", "n_not_called")
    names = [t(f"actions.headers.{head}", lang) for head in heads]
    st.dataframe(dict(zip(names, zip(*rows, strict=True), strict=True)), hide_index=True, key="loops_table")
