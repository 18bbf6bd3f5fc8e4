"""Why the verdict on an action is what it is: its numbers in words, who is compared, what moves by itself."""

from datetime import date, timedelta

import streamlit as st

from metrics.action_gap import conditions
from metrics.actions import Acted, Verdict
from pages.ui import formats, store, written
from pages.ui.address import View
from pages.ui.labels import code_label
from pages.ui.text import literal, t

DAY = timedelta(days=1)
WIDER = 1.05
MOST_NAMED = 6


def currency(view: View) -> str:
    return store.settings(view).company.currency


def moved(value: float | None, metric: str | None, view: View) -> str:
    """A signed change in the unit of a metric; a plain number where the metric is not known."""
    known = store.catalogue(view).metrics.get(metric or "")
    if known is None:
        return formats.NOTHING if value is None else formats.plus(formats.number(value, view.lang, 2))
    return formats.change(value, known.unit, view.lang, currency(view))


def ends_of(low: float | None, high: float | None, metric: str | None, view: View) -> tuple[str, str]:
    """Both ends of the interval of a change."""
    known = store.catalogue(view).metrics.get(metric or "")
    return formats.change_ends(low, high, known.unit if known else "score", view.lang, currency(view))


def metric_name(metric: str | None, view: View) -> str:
    known = store.catalogue(view).metrics.get(metric or "")
    return known.label[view.lang] if known else (metric or formats.NOTHING)


def trend_ends(v: Verdict, view: View) -> dict[str, str]:
    return dict(zip(("trend_low", "trend_high"), ends_of(v.trend_low, v.trend_high, v.metric, view), strict=True))


def where_words(chosen: Acted, view: View) -> str:
    """For whom it was done, in a few words: the codes of its conditions."""
    settings = store.settings(view)
    return ", ".join(code_label(settings, column, code, view.lang) for column, code in chosen.entry.where)


def how_sure(chosen: Acted, view: View) -> None:
    """Who is compared, which months, whether both ran in parallel, what moves where nothing was done."""
    v, lang = chosen.verdict, view.lang
    lines = []
    if v.compared:
        key = "actions.sure.compared_declared" if v.is_declared else "actions.sure.compared_found"
        lines.append(t(key, lang, compared=compared_words(chosen, view)))
    if v.before_from and v.after_to and v.after_to > v.after_from and v.before_to > v.before_from:
        spans = {"before_from": v.before_from, "before_to": v.before_to - DAY}
        spans |= {"after_from": v.after_from, "after_to": v.after_to - DAY}
        lines.append(t("actions.sure.months", lang, **{name: formats.month(day, lang) for name, day in spans.items()}))
    if v.verdict in ("worked", "no_evidence"):
        lines.append(t("actions.sure.parallel", lang, trend=moved(v.trend, v.metric, view), **trend_ends(v, view)))
    if v.p is not None:
        holes = {"units": str(v.n_units), "placebos": formats.number(v.n_placebos, lang), "p": formats.share(v.p, lang)}
        lines.append(t("actions.sure.chance", lang, **holes))
        lines += [t("actions.sure.wider", lang, spread=formats.number(v.spread, lang, 1))] if v.spread >= WIDER else []
    st.markdown("\n".join(f"- {literal(line)}" for line in lines))


def compared_words(chosen: Acted, view: View) -> str:
    """The units compared, by the labels of the columns that the conditions name."""
    settings, where = store.settings(view), (*chosen.entry.where, *conditions(chosen.entry.comparison))
    columns = sorted({column for column, _ in where})
    named = [
        " · ".join(
            code_label(settings, column, code, view.lang)
            for column, code in zip(columns, unit.split(" · "), strict=False)
        )
        for unit in chosen.verdict.compared
    ]
    if len(named) <= MOST_NAMED:
        return ", ".join(named)
    rest = len(named) - MOST_NAMED
    return t("actions.sure.and_others", view.lang, names=", ".join(named[:MOST_NAMED]), n=str(rest))


def entered_late(chosen: Acted) -> date | None:
    """The day an action was first written here, when that was after it was done; never for those of the exports."""
    first = written.changes(chosen.entry.action_id)[-1:]
    done = chosen.entry.done_on
    is_ours = chosen.entry.action_id.startswith("W-")
    return first[0].at.date() if first and is_ours and done and first[0].at.date() > done else None
