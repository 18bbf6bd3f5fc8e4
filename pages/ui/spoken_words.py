"""Words to read: texts on a theme, masked, as they were written; never as markdown."""

import streamlit as st

from metrics.reading.lexicon import EMOTIONS
from metrics.verbatims import SCORES, Verbatim, verbatims
from pages.ui import formats, store
from pages.ui.access import reader
from pages.ui.address import View
from pages.ui.labels import code_label
from pages.ui.link import page_link
from pages.ui.parts import choice
from pages.ui.text import literal, t

ANY = "any"
FELT = (ANY, *EMOTIONS)
IN_A_ROW = 2


def to_read(theme: str, view: View) -> None:
    """Some texts drawn by lot, of an emotion and of a range of scores."""
    lang = view.lang
    if not reader().sees_rows:
        st.caption(literal(t("voice.not_for_you", lang)))
        return
    felt, scores = view.part("felt", FELT), view.part("rated", tuple(SCORES))
    with st.container(horizontal=True, gap="small"):
        choice("felt", FELT, felt, lambda c: emotion_name(c, view), t("voice.felt_label", lang), 220)
        words = {name: t(f"voice.rated.{name}", lang) for name in SCORES}
        choice("rated", tuple(SCORES), scores, words.get, t("voice.rated_label", lang), 220)
    found = store.computed(verbatims, view, theme, None if felt == ANY else felt, scores)
    for first in range(0, len(found.texts), IN_A_ROW):
        pair = found.texts[first : first + IN_A_ROW]
        for text, place in zip(pair, st.columns(IN_A_ROW), strict=False):
            with place.container(border=True, height="stretch", gap="xsmall"):
                one(text, view)
    if not found.texts:
        st.markdown(literal(t("voice.nobody_said", lang)))
        return
    holes = {"shown": str(len(found.texts)), "n": formats.number(found.n, lang)}
    st.caption(literal(t("voice.masked", lang, **holes)))


def emotion_name(code: str, view: View) -> str:
    return (
        t("voice.any_emotion", view.lang)
        if code == ANY
        else code_label(store.settings(view), "emotion", code, view.lang)
    )


def one(text: Verbatim, view: View) -> None:
    """A text, what is known of it, and the path of who wrote it."""
    st.text(text.words)
    st.caption(literal(" · ".join(known_of(text, view))))
    if text.token:
        page_link(t("voice.walk", view.lang), "walk", pick=text.token)


def known_of(text: Verbatim, view: View) -> list[str]:
    lang, settings = view.lang, store.settings(view)
    known = [formats.day(text.said_at, lang)]
    if text.score is not None:
        known.append(t("voice.nps_score", lang, score=formats.number(text.score, lang)))
    elif text.csat is not None:
        known.append(t("voice.csat_score", lang, score=formats.number(text.csat, lang)))
    if text.touchpoint not in ("unknown", "none"):
        known.append(code_label(settings, "touchpoint", text.touchpoint, lang))
    if text.emotion not in ("none", "unread"):
        known.append(emotion_name(text.emotion, view))
    return known
