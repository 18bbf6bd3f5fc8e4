"""The parts of the seams page: the matrix of hand-offs, one seam, and the seams ranked."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from metrics.query import Measurement
from metrics.seams import AXES, BAD, Ranked, Ranking, passages, ranking
from metrics.selection import choice
from pages.ui import crossed_groups, formats, group_figures, groups, kpi, store
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.group_figures import Group
from pages.ui.labels import code_label
from pages.ui.link import can_open, page_link
from pages.ui.matrix_figures import Cell, crossed
from pages.ui.parts import pick_choice, pick_from
from pages.ui.text import literal, t

SIDE = "cem"
MOST_RANKED = 12


def has_hand_offs(view: View) -> bool:
    return bool(store.measured("hand_offs", view)[0].n)


def known_looks(names: Sequence[str], view: View) -> tuple[str, ...]:
    """Metrics of hand-offs that have anything to say here."""
    return tuple(name for name in names if store.measured(name, view)[0].status != "empty")


def axes_worth_a_look(view: View) -> tuple[str, ...]:
    """Channels first, unless every hand-off stays on its channel."""
    seams = {m.group[0][1] for m in store.measured("hand_offs", view, by=("seam",), versus="none") if m.value}
    return tuple(sorted(AXES, reverse=not any(len(set(passages(code))) > 1 for code in seams)))


def has_cases(view: View) -> bool:
    return any(store.measured(name, view)[0].status != "empty" for name in ("handed_off_issues", "reopened_issues"))


def name_of(code: str, axis: str, view: View) -> str:
    """A channel, or a team (or the department that stands for its small teams)."""
    settings = store.settings(view)
    label = code_label(settings, axis, code, view.lang)
    return label if label != code or axis == "channel" else code_label(settings, "department", code, view.lang)


def seam_name(code: str, axis: str, view: View) -> str:
    left, right = (name_of(end, axis, view) for end in passages(code))
    return t("seams.same" if left == right else "seams.passage", view.lang, left=left, right=right)


def number(metric: str, m: Measurement, view: View) -> str:
    """Number, interval and n, or why there is none."""
    return groups.words_of(store.catalogue(view).metrics[metric], m, view)


def matrix(axis: str, look: str, view: View) -> str:
    """From whom (rows) to whom (columns); returns the seam chosen, the most worth a look when nothing was clicked."""
    lang, metric, column = view.lang, store.catalogue(view).metrics[look], AXES[axis]
    found = [m for m in store.measured(look, view, by=(column,), versus="none") if m.status != "empty"]
    shown = [m for m in store.measured("hand_offs", view, by=(column,), versus="none") if m.value is not None]
    chosen = chosen_seam(axis, shown, view)
    cells = [cell_of(m, axis, look, view) for m in found]
    if not cells:
        st.caption(literal(kpi.missing((look,), view)))
        return chosen
    ends = [dict.fromkeys(passages(m.group[0][1])[side] for m in found) for side in (0, 1)]
    rows, columns = ([name_of(code, axis, view) for code in ordered(codes, axis, view)] for codes in ends)
    figure = store.drawn("seams_matrix", view, lambda: crossed(cells, columns, rows, chosen), axis, look, chosen)
    listed = "; ".join(f"{c.row} → {c.column}: {c.hover}" for c in cells)
    alt = t("seams.matrix_alt", lang, metric=metric.label[lang], seams=listed)
    st.caption(literal(t("seams.read_as", lang)))
    currency = store.settings(view).company.currency
    chart(
        "seams_matrix", figure, alt, lambda: matrix_table(found, axis, look, view), lang, currency,
        t("seams.matrix_note", lang), pick_from("seams_matrix"),
    )  # fmt: skip
    return chosen


def ordered(codes: Sequence[str], axis: str, view: View) -> tuple[str, ...]:
    """Channels in the order of the settings, teams by name; what is not known comes last."""
    named = list(store.settings(view).channels) if axis == "channel" else []
    return store.in_named_order(tuple(sorted(codes)), named)


def chosen_seam(axis: str, shown: Sequence[Measurement], view: View) -> str:
    """The one of the address; else the first of the ranking, else the busiest; '' when none may be shown."""
    codes = {m.group[0][1]: m.value for m in shown}
    first = store.computed(ranking, view, axis).first
    offered = [view.pick, first.seam if first else None, max(codes, key=codes.get, default="")]
    return next((code for code in offered if code in codes), "")


def cell_of(m: Measurement, axis: str, look: str, view: View) -> Cell:
    left, right = (name_of(end, axis, view) for end in passages(m.group[0][1]))
    metric, currency = store.catalogue(view).metrics[look], store.settings(view).company.currency
    text = crossed_groups.HIDDEN if m.value is None else formats.amount(m.value, metric.unit, view.lang, currency)
    return Cell(right, left, m.value, text, number(look, m, view), m.group[0][1], m.status == "shown")


def matrix_table(found: Sequence[Measurement], axis: str, look: str, view: View) -> Table:
    lang, metric = view.lang, store.catalogue(view).metrics[look]
    kinds = {"value": metric.unit, "low": metric.unit, "high": metric.unit, "n": "count"}
    heads = [Column(t(f"seams.headers.{name}", lang)) for name in ("left", "right")]
    heads += [Column(t(f"segments.headers.{name}", lang), unit) for name, unit in kinds.items()]
    rows = (
        (*(name_of(end, axis, view) for end in passages(m.group[0][1])), *(getattr(m, name) for name in kinds))
        for m in found
    )
    return Table(tuple(heads), tuple(rows))


def one_seam(code: str, axis: str, looks: Sequence[str], view: View) -> None:
    """Everything of one seam: its numbers, for what reasons, how it goes month by month, and who lived it."""
    lang, column = view.lang, AXES[axis]
    shown = [m for m in store.measured("hand_offs", view, by=(column,), versus="none") if m.value is not None]
    codes = [m.group[0][1] for m in sorted(shown, key=lambda m: -m.value)]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(literal(seam_name(code, axis, view)), anchor=False, width="content")
        pick_choice(codes, code, lambda c: seam_name(c, axis, view), t("seams.choose", lang))
    here = replace(view.selection, where=choice([*view.selection.where, (column, (code,))]))
    kpi.row(looks, replace(view, selection=here), "seam")
    if can_open("walk"):
        page_link(literal(t("seams.walk", lang)), "walk", rule="hand_off", seam=code, step=None)
    if BAD not in looks:
        return
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"**{literal(t('seams.by_reason', lang))}**")
        reasons(code, column, view)
    with right:
        st.markdown(f"**{literal(t('seams.by_month', lang))}**")
        months(code, column, here.where, view)


def reasons(code: str, column: str, view: View) -> None:
    """What is lost at this seam by reason, against all hand-offs."""
    lang, metric = view.lang, store.catalogue(view).metrics[BAD]
    found = [
        m
        for m in store.measured(BAD, view, by=(column, "reason"), versus="none")
        if m.group[0][1] == code and m.status != "empty"
    ]
    known = sorted(found, key=lambda m: (m.value is None, -(m.value or 0)))
    if not any(m.value is not None for m in known):
        st.caption(literal(t("seams.too_few", lang)))
        return
    settings = store.settings(view)
    rows = [
        Group(
            m.group[1][1], code_label(settings, "reason", m.group[1][1], lang), number(BAD, m, view),
            m.value, m.low, m.high, m.status == "shown",
        )
        for m in known
    ]  # fmt: skip
    whole = store.measured(BAD, view, versus="none")[0].value
    figure = store.drawn(
        "seams_reasons", view, lambda: group_figures.forest(rows, whole, SIDE, groups.TICKS["share"], False), code
    )
    listed = "; ".join(f"{row.name} {row.detail}" for row in rows)
    alt = t("seams.reasons_alt", lang, metric=metric.label[lang], reasons=listed)
    heads = (
        t("columns.reason", lang),
        *(t(f"segments.headers.{name}", lang) for name in ("value", "low", "high", "n")),
    )
    table = Table(
        tuple(Column(h, unit) for h, unit in zip(heads, (None, "share", "share", "share", "count"), strict=True)),
        tuple((row.name, m.value, m.low, m.high, m.n) for row, m in zip(rows, known, strict=True)),
    )
    chart("seams_reasons", figure, alt, lambda: table, lang, settings.company.currency, t("seams.line_is_all", lang))


def months(code: str, column: str, where: tuple, view: View) -> None:
    """What is lost at this seam month by month, all hand-offs in grey."""
    lang, metric = view.lang, store.catalogue(view).metrics[BAD]
    here = store.measured(BAD, view, every="month", versus="none", where=where)
    spots = groups.spots_of(here, metric, view)
    whole = groups.spots_of(store.measured(BAD, view, every="month", versus="none"), metric, view)
    if len(spots) < 2:
        st.caption(literal(t("seams.too_few", lang)))
        return
    ends = group_figures.span([0.0, *(s.high for s in spots), *(s.value for s in whole)])
    figure = store.drawn(
        "seams_months", view, lambda: group_figures.trend(spots, whole, ends, SIDE, groups.TICKS["share"]), column, code
    )
    alt = t("seams.months_alt", lang, metric=metric.label[lang], months="; ".join(s.hover for s in spots))
    heads = tuple(
        Column(t(f"seams.headers.{name}", lang) if name == "month" else t(f"segments.headers.{name}", lang), unit)
        for name, unit in (("month", None), ("value", "share"), ("low", "share"), ("high", "share"), ("n", "count"))
    )
    table = Table(heads, tuple((formats.month(m.start, lang), m.value, m.low, m.high, m.n) for m in here))
    chart("seams_months", figure, alt, lambda: table, lang, "", t("seams.grey_is_all", lang))


def ranked(found: Ranking, axis: str, view: View) -> None:
    """Seams by what they lose beyond elsewhere, the surest loss first; grey where it cannot be told."""
    lang = view.lang
    st.subheader(t("seams.ranking_title", lang), anchor=False)
    if not found.rows:
        st.caption(literal(t("seams.too_few", lang)))
        return
    rows = [
        Group(
            row.seam, ranked_name(row, axis, view), ranked_words(row, view), row.excess, row.low, row.high, row.is_told
        )
        for row in found.rows[:MOST_RANKED]
    ]
    figure = store.drawn("seams_ranking", view, lambda: group_figures.forest(rows, 0.0, SIDE, ",.0f", False), axis)
    alt = t("seams.ranking_alt", lang, seams="; ".join(f"{row.name} {row.detail}" for row in rows))
    note = t("seams.ranking_note", lang, shown=str(len(rows)), n=str(len(found.rows)))
    currency = store.settings(view).company.currency
    chart("seams_ranking", figure, alt, lambda: ranking_table(found, axis, view), lang, currency, note)


def ranked_name(row: Ranked, axis: str, view: View) -> str:
    seam = seam_name(row.seam, axis, view)
    if not row.reason:
        return seam
    reason = code_label(store.settings(view), "reason", row.reason, view.lang)
    return t("seams.for_reason", view.lang, reason=reason, seam=seam)


def ranked_words(row: Ranked, view: View) -> str:
    lang = view.lang
    low, high = formats.ends(row.low, row.high, "count", lang)
    holes = {"excess": formats.change(row.excess, "count", lang), "low": low, "high": high}
    holes |= {"value": formats.share(row.measured.value, lang), "others": formats.share(row.others, lang)}
    return t("seams.ranked", lang, n=formats.number(row.measured.n, lang), **holes)


def ranking_table(found: Ranking, axis: str, view: View) -> Table:
    kinds = {"excess": "count", "low": "count", "high": "count", "others": "share", "p_first": "share"}
    own = {"value": "share", "n": "count"}
    heads = [Column(t("seams.headers.seam", view.lang))]
    heads += [Column(t(f"seams.headers.{name}", view.lang), unit) for name, unit in {**own, **kinds}.items()]
    rows = (
        (ranked_name(row, axis, view), *(getattr(row.measured, n) for n in own), *(getattr(row, n) for n in kinds))
        for row in found.rows
    )
    return Table(tuple(heads), tuple(rows))
