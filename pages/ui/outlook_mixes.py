"""Where preferences go: the channels and the categories of orders, six months on."""

from collections.abc import Sequence

import streamlit as st

from metrics.mixes import Course, Mix, Share, mixes_of_groups
from metrics.results.preferences import OTHER
from pages.ui import formats, outlook_groups, relation_figures, store
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.labels import code_label
from pages.ui.relation_figures import Stream
from pages.ui.text import literal, t

LABELS = {"sales_channel": "channel", "category": "category"}


def section(found: Sequence[Mix], view: View) -> None:
    columns = st.columns(len(found), gap="medium")
    for place, mix in zip(columns, found, strict=True):
        with place:
            st.markdown(f"**{literal(t(f'outlook.mixes.{mix.name}', view.lang))}**")
            st.markdown(literal(said(mix, view.lang)))
            course(mix, view)
    if of_groups := store.computed(mixes_of_groups, view):
        for_whom(found, of_groups, view)
    st.caption(literal(t("outlook.mix_note", view.lang)))


def for_whom(found: Sequence[Mix], of_groups: Sequence[Mix], view: View) -> None:
    """Each mix in every group, last month and six months on; drawn when it is opened."""
    opened = st.expander(t("outlook.mix_for_whom", view.lang), key="mix_groups_box", on_change="rerun")
    if not opened.open:
        return
    with opened:
        for mix in found:
            rows = [one for one in of_groups if one.name == mix.name]
            if rows:
                st.markdown(f"**{literal(t(f'outlook.mixes.{mix.name}', view.lang))}**")
                shown = summary(mix, rows, view)
                st.dataframe(shown, hide_index=True, key=f"mix_groups_{mix.name}", height="content")
        st.caption(literal(t("outlook.mix_groups_note", view.lang)))


def summary(mix: Mix, rows: Sequence[Mix], view: View) -> dict[str, list[str]]:
    """A column each code that a group tells, in the order of everybody's; the others last."""
    lang = view.lang
    names = {one.code: label(mix, one, view) for row in rows for one in row.courses}
    order = [one.code for one in mix.courses]
    codes = sorted(names, key=lambda code: (code == OTHER, order.index(code) if code in order else len(order)))
    told = [{one.code: words(one, lang) for one in row.courses} for row in rows]
    columns = {names[code]: [row.get(code, formats.NOTHING) for row in told] for code in codes}
    return {t("outlook.headers.group", lang): [outlook_groups.name(row.group, view) for row in rows]} | columns


def said(mix: Mix, lang: str) -> str:
    """What stands ahead, or why nothing does."""
    if mix.status == "too_few":
        return t("outlook.forecast_too_few", lang, n=str(mix.n))
    holes = {"relative": formats.number(mix.relative, lang, 2), "origins": str(mix.n_origins)}
    holes |= {"low": formats.number(mix.low, lang, 2), "high": formats.number(mix.high, lang, 2)}
    if mix.status == "published":
        return t("outlook.mix_published", lang, **holes)
    return t("outlook.mix_no_better", lang, guess=t(f"outlook.guesses.{mix.best}", lang), **holes)


def label(mix: Mix, one: Course, view: View) -> str:
    if one.code == OTHER:
        return t("outlook.mix_other", view.lang)
    return code_label(store.settings(view), LABELS[mix.name], one.code, view.lang)


def course(mix: Mix, view: View) -> None:
    lang = view.lang
    streams = [Stream(label(mix, one, view), one.facts, one.ahead, words(one, view.lang)) for one in mix.courses]
    figure = store.drawn(
        "mix", view, lambda: relation_figures.shares_ahead(streams, lambda m: month(m, lang)), mix.name
    )
    alt = "; ".join(f"{stream.name} {stream.words}" for stream in streams)
    currency = store.settings(view).company.currency
    chart(f"mix_{mix.name}", figure, alt, lambda: table(mix, view), lang, currency)


def words(one: Course, lang: str) -> str:
    """The last month, and six months on with the 80 % interval."""
    now = formats.share(one.facts[-1].value, lang, 0)
    if not one.ahead:
        return now
    end = one.ahead[-1]
    low, high = (formats.number(100 * edge, lang) for edge in (end.low_80, end.high_80))
    return t("outlook.mix_words", lang, now=now, value=formats.share(end.value, lang, 0), low=low, high=high)


def month(one: Share, lang: str) -> str:
    holes = {"month": formats.month(one.month, lang), "value": formats.share(one.value, lang)}
    if one.low_80 is None:
        return t("outlook.forecast_fact", lang, **holes)
    low, high = formats.ends(one.low_80, one.high_80, "share", lang)
    return t("outlook.forecast_month", lang, low=low, high=high, **holes)


def table(mix: Mix, view: View) -> Table:
    lang = view.lang
    headers = ("value", "low_80", "high_80", "low", "high")
    columns = [Column(t(f"outlook.mix_headers.{mix.name}", lang))]
    columns += [Column(t(f"outlook.forecast_headers.{header}", lang)) for header in ("kind", "month")]
    columns += [Column(t(f"outlook.forecast_headers.{header}", lang), "share") for header in headers]
    rows = []
    for one in mix.courses:
        for kind, months in (("fact", one.facts), ("ahead", one.ahead)):
            about = (label(mix, one, view), t(f"outlook.forecast_kinds.{kind}", lang))
            rows += [(*about, m.month.isoformat(), m.value, m.low_80, m.high_80, m.low, m.high, m.n) for m in months]
    return Table((*columns, Column("n", "count")), tuple(rows))
