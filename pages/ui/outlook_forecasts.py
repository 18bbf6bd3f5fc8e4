"""What is coming: a measure's months, those ahead lighter with their interval, and what was foretold before."""

from collections.abc import Sequence

import streamlit as st

from metrics.forecast_told import Foretold, Month
from pages.ui import formats, outlook_figures, store
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.group_figures import colour_of
from pages.ui.parts import part_choice
from pages.ui.text import literal, t

TICKS = {"share": ".0%", "points": "+.0f"}


def section(found: Sequence[Foretold], view: View) -> None:
    """One measure at a time; then all of them in a line each."""
    lang, known = view.lang, store.catalogue(view).metrics
    st.subheader(t("outlook.forecast_title", lang), anchor=False)
    names = tuple(one.metric for one in found)
    chosen = part_choice("series", names, lambda n: known[n].label[lang], t("outlook.forecast_which", lang), view)
    one = next(each for each in found if each.metric == chosen)
    st.markdown(literal(said(one, view)))
    if one.kept:
        st.markdown(literal(held(one, lang)))
    course(one, view)
    st.dataframe(summary(found, view), hide_index=True, key="forecast_summary", height="content")
    st.caption(literal(t("outlook.forecast_note", lang)))


def said(one: Foretold, view: View) -> str:
    """What stands ahead, or why nothing does."""
    lang = view.lang
    if one.status == "too_few" or not one.ahead:
        return t("outlook.forecast_too_few", lang, n=str(one.n))
    holes = {"relative": formats.number(one.relative, lang, 2), "origins": str(one.n_origins)}
    holes |= {"low": formats.number(one.low, lang, 2), "high": formats.number(one.high, lang, 2)}
    holes |= {"c80": formats.share(one.coverage_80, lang), "c95": formats.share(one.coverage_95, lang)}
    if one.status == "published":
        return t("outlook.forecast_published", lang, **holes)
    return t("outlook.forecast_no_better", lang, guess=t(f"outlook.guesses.{one.best}", lang), **holes)


def held(one: Foretold, lang: str) -> str:
    """How many of the forecasts of earlier snapshots came inside their interval."""
    made = [formats.month(month.made_on, lang) for month in sorted(one.kept, key=lambda month: month.made_on)]
    if len(made) == 1:
        key = "outlook.forecast_held.inside" if one.held else "outlook.forecast_held.outside"
        return t(key, lang, month=formats.month(one.kept[0].month, lang), first=made[0])
    return t("outlook.forecast_held.many", lang, n=str(len(made)), k=str(one.held), first=made[0], last=made[-1])


def course(one: Foretold, view: View) -> None:
    lang, metric = view.lang, store.catalogue(view).metrics[one.metric]
    tick = TICKS.get(metric.unit, ",.0f" if metric.unit == "count" else "~s")
    figure = store.drawn(
        "forecast",
        view,
        lambda: outlook_figures.ahead(
            one.facts,
            one.ahead,
            () if one.kept else one.past,
            colour_of(metric.side),
            tick,
            lambda m: words(m, one.metric, view),
            one.kept,
        ),
        one.metric,
    )
    alt = t(
        "outlook.forecast_alt",
        lang,
        metric=metric.label[lang],
        months="; ".join(words(m, one.metric, view) for m in one.ahead),
    )
    currency = store.settings(view).company.currency
    legend = t("outlook.forecast_legend_kept" if one.kept else "outlook.forecast_legend", lang) if one.ahead else ""
    chart("forecast", figure, alt, lambda: table(one, view), lang, currency, legend)


def amount(value: float | None, name: str, view: View) -> str:
    metric = store.catalogue(view).metrics[name]
    return formats.amount(value, metric.unit, view.lang, store.settings(view).company.currency)


def words(month: Month, name: str, view: View) -> str:
    """A month ahead with its 80 % interval; a month that was, alone."""
    lang, unit = view.lang, store.catalogue(view).metrics[name].unit
    holes = {"month": formats.month(month.month, lang), "value": amount(month.value, name, view)}
    if month.low_80 is None:
        return t("outlook.forecast_fact", lang, **holes)
    low, high = formats.ends(month.low_80, month.high_80, unit, lang, store.settings(view).company.currency)
    return t("outlook.forecast_month", lang, low=low, high=high, **holes)


def summary(found: Sequence[Foretold], view: View) -> dict[str, list[str]]:
    """Every measure: the last month, the last month ahead with its interval, and what that is."""
    lang, known = view.lang, store.catalogue(view).metrics
    return {
        t("outlook.forecast_headers.metric", lang): [known[one.metric].label[lang] for one in found],
        t("outlook.forecast_headers.last", lang): [words(one.facts[-1], one.metric, view) for one in found],
        t("outlook.forecast_headers.ahead", lang): [
            words(one.ahead[-1], one.metric, view) if one.ahead else formats.NOTHING for one in found
        ],
        t("outlook.forecast_headers.what", lang): [what(one, lang) for one in found],
    }


def what(one: Foretold, lang: str) -> str:
    if one.status == "no_better":
        return t("outlook.forecast_guess", lang, guess=t(f"outlook.guesses.{one.best}", lang))
    return t(f"outlook.forecast_status.{one.status}", lang)


def table(one: Foretold, view: View) -> Table:
    lang, unit = view.lang, store.catalogue(view).metrics[one.metric].unit
    columns = [Column(t("outlook.forecast_headers.kind", lang)), Column(t("outlook.forecast_headers.month", lang))]
    columns += [
        Column(t(f"outlook.forecast_headers.{h}", lang), unit) for h in ("value", "low_80", "high_80", "low", "high")
    ]
    kinds = [("fact", one.facts), ("ahead", one.ahead), ("kept", one.kept), *(("past", past) for past in one.past)]
    rows = [
        (
            t(f"outlook.forecast_kinds.{kind}", lang),
            m.month.isoformat(),
            m.value,
            m.low_80,
            m.high_80,
            m.low,
            m.high,
            m.n,
        )
        for kind, months in kinds
        for m in months
    ]
    return Table((*columns, Column("n", "count")), tuple(rows))
