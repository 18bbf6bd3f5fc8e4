"""What customers say: themes with the points each costs; of the one chosen its emotions, its course, words to read."""

from collections.abc import Sequence

import streamlit as st

from metrics.voice_findings import first_theme, voice_findings
from metrics.voices import Cost, Themes, measures, theme_costs
from pages.ui import formats, kpi, spoken_detail, spoken_words, store, voice_figures
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.group_figures import Group
from pages.ui.labels import code_label
from pages.ui.parts import part_choice, pick_choice, pick_from
from pages.ui.said import finding
from pages.ui.text import literal, t

METRICS = ("theme_mentions", "written_answers", "unpleasant_emotion", "csat", "dissatisfied", "disparaging_notes")
SATISFACTION = ("csat", "dissatisfied")


def tab(view: View, top: st.delta_generator.DeltaGenerator) -> None:
    offered = store.computed(measures, view)
    if not offered:
        with top:
            finding(voice_findings(None), view)
        st.markdown(literal(t("voice.nothing", view.lang)))
        return
    measure = view.part("of", offered)
    found = store.computed(theme_costs, view, measure)
    with top:
        finding(voice_findings(found), view)
    chosen = chosen_theme(found, view)
    left, right = st.columns([3, 2])
    with left:
        every_theme(found, chosen, offered, view)
    with right:
        how_it_sounds(view)
    if chosen:
        one_theme(chosen, found, view)
    with st.container(border=True):
        spoken_detail.notes(view)
    spoken_detail.how_sure(view)


def how_it_sounds(view: View) -> None:
    """Emotions of all answers; satisfaction and the absence of dissatisfaction, which is another thing."""
    with st.container(border=True):
        st.subheader(t("voice.emotions", view.lang), anchor=False)
        spoken_detail.emotions(None, view)
    with st.container(border=True):
        st.subheader(t("voice.two_things", view.lang), anchor=False)
        kpi.row(SATISFACTION, view, "satisfaction")
        st.caption(literal(t("voice.two_things_note", view.lang)))


def name_of(theme: str, view: View) -> str:
    return code_label(store.settings(view), "theme", theme, view.lang)


def chosen_theme(found: Themes, view: View) -> str | None:
    """The theme picked; else the one that costs most; else the first."""
    codes = [cost.theme for cost in found.costs]
    if view.pick in codes or not codes:
        return view.pick if codes else None
    return first_theme(found)


def every_theme(found: Themes, chosen: str | None, offered: Sequence[str], view: View) -> None:
    lang, known = view.lang, store.catalogue(view).metrics
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.subheader(
                literal(
                    t(
                        "voice.title",
                        lang,
                        metric=code_label(store.settings(view), "voice_measure", found.measure, lang),
                    )
                ),
                anchor=False,
                width="content",
            )
            if len(offered) > 1:
                part_choice("of", offered, lambda n: known[n].tile_label[lang], t("voice.of", lang), view)
        if not found.costs:
            st.markdown(literal(t("voice.too_few", lang)))
            return
        rows = [group_of(c, found, view) for c in found.costs]
        figure = store.drawn(
            "voice_themes", view, lambda: voice_figures.signed_bars(rows, chosen), found.measure, chosen
        )
        listed = "; ".join(f"{row.name} {row.detail}" for row in rows)
        currency = store.settings(view).company.currency
        chart(
            "voice_themes",
            figure,
            t("voice.alt", lang, themes=listed),
            lambda: costs_table(found, view),
            lang,
            currency,
            note(found, view),
            pick_from("voice_themes"),
        )


def group_of(cost: Cost, found: Themes, view: View) -> Group:
    ends = (points(end, found) for end in (cost.value, cost.low, cost.high))
    return Group(cost.theme, name_of(cost.theme, view), words_of(cost, found, view), *ends, cost.is_told)


def points(value: float, found: Themes) -> float:
    return value * 100 if found.scale == 1 else value


def words_of(cost: Cost, found: Themes, view: View) -> str:
    lang = view.lang
    holes = {
        "value": formats.plus(formats.number(points(cost.value, found), lang, 1)),
        "low": formats.number(points(cost.low, found), lang, 1),
        "high": formats.number(points(cost.high, found), lang, 1),
        "n": formats.number(cost.n, lang),
    }
    if cost.is_grown:
        return t("voice.cost_grown", lang, **holes)
    return t("voice.cost", lang, **holes)


def note(found: Themes, view: View) -> str:
    lang = view.lang
    holes = {"n": formats.number(found.n, lang), "n_words": formats.number(found.n_words, lang)}
    if found.hidden:
        return t("voice.note_hidden", lang, count=found.hidden, hidden=str(found.hidden), **holes)
    return t("voice.note", lang, **holes)


def costs_table(found: Themes, view: View) -> Table:
    lang = view.lang
    kinds = {"value": "points", "low": "points", "high": "points", "n": "count", "share": "share"}
    kinds |= {"change": "points", "change_low": "points", "change_high": "points"}
    columns = [Column(t("voice.headers.theme", lang))]
    columns += [Column(t(f"voice.headers.{name}", lang), unit) for name, unit in kinds.items()]
    rows = [
        (name_of(c.theme, view), *(cell(getattr(c, name), unit, found) for name, unit in kinds.items()))
        for c in found.costs
    ]
    return Table(tuple(columns), tuple(rows))


def cell(value: float | None, unit: str, found: Themes) -> float | None:
    return points(value, found) if unit == "points" and value is not None else value


def one_theme(theme: str, found: Themes, view: View) -> None:
    """The theme chosen: how it sounds, its course, words to read."""
    lang = view.lang
    with st.container(border=True):
        pick_choice([c.theme for c in found.costs], theme, lambda c: name_of(c, view), t("voice.choose", lang))
        left, right = st.columns(2, gap="medium")
        with left:
            st.subheader(t("voice.sounds", lang), anchor=False)
            spoken_detail.emotions(theme, view)
        with right:
            st.subheader(t("voice.course", lang), anchor=False)
            spoken_detail.course_of(theme, view)
        spoken_detail.sure_line(theme, view)
        st.subheader(t("voice.to_read", lang), anchor=False)
        spoken_words.to_read(theme, view)
