"""The voice page looked into: emotions corrected for misreading, a theme's course, notes, how sure the reading is."""

from collections.abc import Sequence

import streamlit as st

from metrics.reading.lexicon import PLEASANT
from metrics.spoken import Course, Feelings, Felt, Sureness, course, feelings, sureness
from metrics.spoken_notes import notes_by_team
from pages.ui import formats, kpi, store, voice_figures
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.group_figures import Group
from pages.ui.labels import code_label
from pages.ui.promise_figures import Spot
from pages.ui.text import literal, t


def emotions(theme: str | None, view: View) -> None:
    """Shares of emotions of all answers, or of those on a theme: corrected where errors are known, else as read."""
    lang = view.lang
    found = store.computed(feelings, view, theme, store.settings(view).company.is_sample)
    if found is None:
        st.markdown(literal(t("voice.few_emotions", lang)))
        return
    rows = [felt_row(felt, view) for felt in found.felt]
    most = max(end for row in rows for end in (row.value, row.high) if end is not None)
    name = "voice_emotions" if theme is None else "voice_theme_emotions"
    figure = store.drawn(name, view, lambda: voice_figures.share_bars(rows, most, PLEASANT), theme)
    alt = t("voice.emotions_alt", lang, emotions="; ".join(f"{row.name} {row.detail}" for row in rows))
    chart(name, figure, alt, lambda: emotion_table(found, view), lang, currency(view), emotion_note(found, view))


def currency(view: View) -> str:
    return store.settings(view).company.currency


def felt_row(felt: Felt, view: View) -> Group:
    """The corrected share with what was read behind it; as read, in grey, where it could not be corrected."""
    lang, name = view.lang, code_label(store.settings(view), "emotion", felt.emotion, view.lang)
    shown = felt.true or felt.read
    low, high = formats.ends(shown.low, shown.high, "share", lang)
    holes = {"value": formats.share(shown.value, lang), "low": low, "high": high, "n": formats.number(felt.n, lang)}
    if felt.true is None:
        words = t("voice.felt_read", lang, **holes)
    else:
        words = t("voice.felt_corrected", lang, read=formats.share(felt.read.value, lang), **holes)
    return Group(felt.emotion, name, words, shown.value, shown.low, shown.high, felt.true is not None)


def emotion_note(found: Feelings, view: View) -> str:
    lang, n = view.lang, formats.number(found.n, view.lang)
    if not any(felt.true for felt in found.felt):
        return t("voice.not_corrected", lang, n=n)
    key = "voice.corrected_real" if found.is_labelled_real else "voice.corrected_invented"
    return t(key, lang, n=n, labelled=formats.number(found.labelled_n, lang))


def emotion_table(found: Feelings, view: View) -> Table:
    lang = view.lang
    names = ("emotion", "n", "read", "read_low", "read_high", "true", "true_low", "true_high")
    kinds = {"n": "count"} | dict.fromkeys(names[2:], "share")
    columns = tuple(Column(t(f"voice.emotion_headers.{name}", lang), kinds.get(name)) for name in names)
    rows = [
        (
            *(code_label(store.settings(view), "emotion", f.emotion, lang), f.n, f.read.value, f.read.low, f.read.high),
            *((f.true.value, f.true.low, f.true.high) if f.true else (None, None, None)),
        )
        for f in found.felt
    ]
    return Table(columns, tuple(rows))


def course_of(theme: str, view: View) -> None:
    """How often it is spoken of, and whether that is more than chance: the limits come from before the period."""
    lang, found = view.lang, store.computed(course, view, theme)
    if found is None or not any(step.share for step in found.steps):
        st.markdown(literal(t("voice.no_course", lang)))
        return
    figure = store.drawn("voice_course", view, lambda: draw_course(found, lang), theme)
    told = [step for step in found.steps if step.share]
    alt = t("voice.course_alt", lang, steps="; ".join(hover(step, found, lang) for step in told))
    chart(
        "voice_course", figure, alt, lambda: course_table(found, lang), lang, currency(view), course_note(found, lang)
    )


def draw_course(found: Course, lang: str) -> object:
    told = [step for step in found.steps if step.share]
    spots = [Spot(s.start, s.share.value, s.share.low, s.share.high, hover(s, found, lang)) for s in told]
    marked = [spot for spot, step in zip(spots, told, strict=True) if step.signal]
    limits = found.limits
    edges = zip(found.steps, limits.low, limits.high, strict=True) if limits and not limits.is_provisional else ()
    band = [Spot(step.start, 0.0, low, high, "") for step, low, high in edges if step.share]
    centre = limits.centre if limits and not limits.is_provisional else None
    return voice_figures.theme_course(spots, marked, band, centre, found.judged_from)


def hover(step: object, found: Course, lang: str) -> str:
    month = formats.month(step.start, lang)
    key = "voice.step_month" if found.every == "month" else "voice.step_quarter"
    low, high = formats.ends(step.share.low, step.share.high, "share", lang)
    holes = {
        "value": formats.share(step.share.value, lang),
        "low": low,
        "high": high,
        "n": formats.number(step.n, lang),
    }
    return t(key, lang, month=month, **holes)


def course_note(found: Course, lang: str) -> str:
    """In words: what was seen of the period against what came before."""
    said = t("voice.course_hidden", lang) if any(step.share is None for step in found.steps) else ""
    if found.limits is None or found.limits.is_provisional:
        return " ".join(part for part in (t("voice.course_provisional", lang), said) if part)
    ups, downs = (sum(step.signal == way for step in found.steps) for way in ("high", "low"))
    key = "voice.course_up" if ups > downs else "voice.course_down" if downs else "voice.course_calm"
    holes = {"centre": formats.share(found.limits.centre, lang), "n": str(ups if ups > downs else downs)}
    return " ".join(part for part in (t(key, lang, **holes), said) if part)


def course_table(found: Course, lang: str) -> Table:
    names = ("step", "value", "low", "high", "n", "limit_low", "limit_high")
    kinds = dict.fromkeys(names[1:], "share") | {"n": "count"}
    columns = tuple(Column(t(f"voice.course_headers.{name}", lang), kinds.get(name)) for name in names)
    limits = found.limits
    rows = [
        (
            formats.month(s.start, lang),
            *((s.share.value, s.share.low, s.share.high, s.n) if s.share else (None, None, None, None)),
            *((limits.low[i], limits.high[i]) if limits and s.share else (None, None)),
        )
        for i, s in enumerate(found.steps)
    ]
    return Table(columns, tuple(rows))


def notes(view: View) -> None:
    """How our own notes speak of customers, by team; never by person."""
    lang = view.lang
    st.subheader(t("voice.notes", lang), anchor=False)
    found = store.computed(notes_by_team, view)
    if found is None:
        st.caption(literal(t("voice.no_notes", lang)))
        return
    metric = store.catalogue(view).metrics["disparaging_notes"]
    standing = {m.group[0][1] for m in found.outside}
    st.markdown(literal(notes_sentence(found, view)))
    rows = [note_row(m, m.group[0][1] in standing, metric, view) for m in found.shown]
    most = max(end for row in rows for end in (row.value, row.high) if end is not None)
    figure = store.drawn("voice_notes", view, lambda: voice_figures.share_bars(rows, most))
    alt = t("voice.notes_alt", lang, teams="; ".join(f"{row.name} {row.detail}" for row in rows))
    chart("voice_notes", figure, alt, lambda: notes_table(found, view), lang, currency(view), notes_note(found, view))


def notes_sentence(found: object, view: View) -> str:
    lang, whole = view.lang, found.whole
    holes = {"whole": formats.share(whole.value, lang), "n": formats.number(whole.n, lang)}
    if not found.outside:
        return t("voice.notes_even", lang, **holes)
    first = found.outside[0]
    low, high = formats.ends(first.low, first.high, "share", lang)
    team = code_label(store.settings(view), "team", first.group[0][1], lang)
    more = {"team": team, "value": formats.share(first.value, lang), "low": low, "high": high}
    return t("voice.notes_standing", lang, count=len(found.outside), teams=str(len(found.outside)), **holes, **more)


def note_row(m: object, is_standing: bool, metric: object, view: View) -> Group:
    name = code_label(store.settings(view), "team", m.group[0][1], view.lang)
    words = f"{formats.share(m.value, view.lang)} · {kpi.sureness(metric, m, view.lang, currency(view))}"
    return Group(m.group[0][1], name, words, m.value, m.low, m.high, is_standing)


def notes_note(found: object, view: View) -> str:
    lang, read = view.lang, [s for s in store.computed(sureness, view, "notes") if s.precision]
    said = t("voice.notes_note", lang, shown=str(len(found.shown)), of=str(found.n_teams))
    if not read:
        return said
    return f"{said} {t('voice.notes_sure', lang, **sure_holes(read[0], lang))}"


def notes_table(found: object, view: View) -> Table:
    lang = view.lang
    kinds = {"value": "share", "low": "share", "high": "share", "n": "count"}
    columns = [Column(t("columns.team", lang)), *(Column(t(f"voice.headers.{n}", lang), u) for n, u in kinds.items())]
    rows = [
        (code_label(store.settings(view), "team", m.group[0][1], lang), *(getattr(m, name) for name in kinds))
        for m in found.shown
    ]
    return Table(tuple(columns), tuple(rows))


def how_sure(view: View) -> None:
    """What was measured of the reading, closed until asked for: right when it says so, found when it is so."""
    lang = view.lang
    box = st.expander(t("voice.sure", lang), key="voice_sure", on_change="rerun")
    if not box.open:
        return
    with box:
        found = {kind: store.computed(sureness, view, kind) for kind in ("theme", "emotion", "mood", "notes")}
        known = [one for some in found.values() for one in some]
        if not known:
            st.caption(literal(t("voice.sure_none", lang)))
            return
        st.markdown(literal(t("voice.sure_note", lang, day=formats.day(known[0].measured_on, lang))))
        st.dataframe(sure_table(found, view), hide_index=True, key="voice_sure_rows", height="content")


def sure_line(theme: str, view: View) -> None:
    """How well the theme is read, by real texts where there are any."""
    lang = view.lang
    found = [one for one in store.computed(sureness, view, "theme") if one.code == theme and one.precision]
    if not found:
        st.caption(literal(t("voice.sure_unknown", lang)))
        return
    name = t(f"voice.sets.{found[0].labelled_set}", lang)
    st.caption(literal(t("voice.sure_line", lang, set=name, **sure_holes(found[0], lang))))


def sure_table(found: dict[str, Sequence[Sureness]], view: View) -> dict[str, list[str]]:
    lang, settings = view.lang, store.settings(view)
    rows = [(kind, one) for kind, some in found.items() for one in some]
    names = {"theme": "theme", "emotion": "emotion"}
    return {
        t("voice.sure_headers.what", lang): [
            code_label(settings, names[kind], one.code, lang) if kind in names else t(f"voice.sure_{kind}", lang)
            for kind, one in rows
        ],
        t("voice.sure_headers.set", lang): [t(f"voice.sets.{one.labelled_set}", lang) for _, one in rows],
        t("voice.sure_headers.precision", lang): [estimate(one.precision, lang) for _, one in rows],
        t("voice.sure_headers.recall", lang): [estimate(one.recall, lang) for _, one in rows],
        t("voice.sure_headers.n", lang): [
            t("voice.sure_n", lang, n=formats.number(one.n, lang), of=formats.number(one.of_texts, lang))
            for _, one in rows
        ],
    }


def estimate(found: object, lang: str) -> str:
    if found is None:
        return formats.NOTHING
    low, high = formats.ends(found.low, found.high, "share", lang)
    return t("voice.sure_value", lang, value=formats.share(found.value, lang), low=low, high=high)


def sure_holes(one: Sureness, lang: str) -> dict[str, str]:
    return {
        "precision": estimate(one.precision, lang),
        "recall": estimate(one.recall, lang),
        "n": formats.number(one.n, lang),
        "of": formats.number(one.of_texts, lang),
    }
