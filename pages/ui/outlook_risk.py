"""Revenue at risk: how much, of whom, why one may believe it, and what it is not."""

from collections.abc import Sequence

import streamlit as st

from metrics.risks import AtRisk, Risk
from pages.ui import bar_figures, formats, group_figures, store
from pages.ui.address import View
from pages.ui.bar_figures import Amount
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.group_figures import Group
from pages.ui.labels import code_label, column_label
from pages.ui.text import literal, t

FINE = ".0%"


def section(risk: Risk, view: View) -> None:
    """Heard and never heard beside how the difference grows with what went wrong."""
    lang = view.lang
    st.subheader(t("outlook.risk_title", lang), anchor=False)
    left, right = st.columns(2, gap="medium")
    with left:
        bars("risk_parts", [(name(part, view), part) for part in risk.parts], "outlook.risk_parts", view)
    with right:
        if risk.levels:
            levels(risk, view)
    if risk.groups:
        opened = st.expander(t("outlook.risk_groups", lang), key="risk_groups_box", on_change="rerun")
        if opened.open:
            with opened:
                named = [(group_name(part, view), part) for part in risk.groups]
                bars("risk_groups", named, "outlook.risk_groups_title", view)
    st.caption(literal(note(risk, view)))


def name(part: AtRisk, view: View) -> str:
    return t(f"outlook.heard.{part.heard}", view.lang)


def group_name(part: AtRisk, view: View) -> str:
    settings, lang = store.settings(view), view.lang
    column, code = column_label(settings, part.group[0], lang), code_label(settings, *part.group, lang)
    return t("outlook.group", lang, column=column, code=code)


def bars(key: str, named: Sequence[tuple[str, AtRisk]], title: str, view: View) -> None:
    lang = view.lang
    months = str(store.catalogue(view).ground.windows["stop_months"])
    st.markdown(f"**{literal(t(title, lang, months=months))}**")
    rows = [Amount(label, words(part, view), *edges(part), part.is_told) for label, part in named]
    figure = store.drawn(key, view, lambda: bar_figures.amounts(rows))
    alt = "; ".join(f"{row.name} {row.detail}" for row in rows)
    currency = store.settings(view).company.currency
    chart(key, figure, alt, lambda: table(named, view), lang, currency)


def edges(part: AtRisk) -> tuple[float, float, float]:
    return part.value.value, part.value.low, part.value.high


def words(part: AtRisk, view: View) -> str:
    lang, currency = view.lang, store.settings(view).company.currency
    value = formats.money(part.value.value, lang, currency)
    low, high = formats.ends(part.value.low, part.value.high, "money", lang, currency)
    holes = {"n": formats.number(part.n, lang), "active": formats.number(part.n_active, lang)}
    return t("outlook.risk_words", lang, value=value, low=low, high=high, **holes)


def levels(risk: Risk, view: View) -> None:
    lang = view.lang
    st.markdown(f"**{literal(t('outlook.risk_levels', lang))}**")
    groups = []
    for level in risk.levels:
        value, n = level.value, formats.number(level.n, lang)
        low, high = formats.number(value.low * 100, lang, 1), formats.number(value.high * 100, lang, 1)
        said = t("outlook.points_n", lang, value=formats.change(value.value, "share", lang), low=low, high=high, n=n)
        label = t(
            "outlook.risk_level_most" if level is risk.levels[-1] else "outlook.risk_level",
            lang,
            count=level.level,
            n=str(level.level),
        )
        groups.append(Group(str(level.level), label, said, value.value, value.low, value.high, value.excludes_zero))
    figure = store.drawn("risk_levels", view, lambda: group_figures.forest(groups, 0.0, "cem", FINE, False))
    alt = "; ".join(f"{g.name} {g.detail}" for g in groups)
    currency = store.settings(view).company.currency
    chart("risk_levels", figure, alt, lambda: levels_table(risk, view), lang, currency)


def note(risk: Risk, view: View) -> str:
    lang, whole = view.lang, risk.of("all")
    return t(
        "outlook.risk_note",
        lang,
        month=formats.day(whole.month_end, lang),
        months=str(store.catalogue(view).ground.windows["stop_months"]),
        n=formats.number(whole.n_learnt, lang),
        first=formats.day(whole.first_on, lang),
        last=formats.day(whole.last_on, lang),
    )


def table(named: Sequence[tuple[str, AtRisk]], view: View) -> Table:
    kinds = {"value": "money", "low": "money", "high": "money", "n": "count", "active": "count"}
    kinds |= {"excess": "share", "margin": "money"}
    columns = [Column(t("outlook.headers.group", view.lang))]
    columns += [Column(t(f"outlook.risk_headers.{h}", view.lang), unit) for h, unit in kinds.items()]
    rows = [(label, *edges(p), p.n, p.n_active, p.excess, p.margin) for label, p in named]
    return Table(tuple(columns), tuple(rows))


def levels_table(risk: Risk, view: View) -> Table:
    columns = [Column(t("outlook.risk_headers.level", view.lang), "count")]
    columns += [Column(t(f"outlook.headers.{h}", view.lang), "share") for h in ("value", "low", "high")]
    rows = [(x.level, x.value.value, x.value.low, x.value.high, x.n) for x in risk.levels]
    return Table((*columns, Column("n", "count")), tuple(rows))
