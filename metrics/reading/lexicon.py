"""The words by which themes and emotions are known: YAML of this folder and of the config, as patterns for the engine.

A text is read in its plain form: small letters without accents, one blank between words, ` . ` where a sentence ends
(PLAIN). The engine's patterns (RE2) take time in proportion to the text, whatever the pattern.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from data.documents import load_document
from data.models import Label, Strict

if TYPE_CHECKING:
    from data.settings import Settings

FOLDER = Path(__file__).parent
LANGUAGES = ("fr", "en")
PLEASANT = ("joy", "trust", "surprise")
UNPLEASANT = ("anger", "frustration", "disappointment", "worry")
EMOTIONS = (*PLEASANT, *UNPLEASANT)
WEIGHTS = {"strong": 3, "plain": 2, "weak": 1}
MOST = {"strong": 5, "plain": 3, "weak": 2}  # terms of a level that count in one text: long texts are no stronger
BETWEEN = r"(?: [a-z0-9]+){0,3}? "  # up to three other words of the same sentence

Terms = list[Annotated[str, Field(min_length=2, max_length=600)]]


class Theme(Strict):
    """`unless`: a theme that takes this one's place where both are found."""

    label: Label
    unless: str | None = None
    fr: Terms = []
    en: Terms = []


class Cues(Strict):
    strong: Terms = []
    plain: Terms = []
    weak: Terms = []


class Emotion(Strict):
    label: Label
    fr: Cues
    en: Cues


class Emotions(Strict):
    joy: Emotion
    trust: Emotion
    surprise: Emotion
    anger: Emotion
    frustration: Emotion
    disappointment: Emotion
    worry: Emotion


class Themes(Strict):
    themes: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")], Theme]


class Notes(Strict):
    """Terms that speak badly of a customer."""

    fr: Terms
    en: Terms


@lru_cache(maxsize=1)
def own_themes() -> Mapping[str, Theme]:
    return load_document(FOLDER / "themes.yaml", Themes).themes


@lru_cache(maxsize=1)
def emotions() -> Mapping[str, Emotion]:
    found = load_document(FOLDER / "emotions.yaml", Emotions)
    return {name: getattr(found, name) for name in EMOTIONS}


@lru_cache(maxsize=1)
def disparaging() -> Notes:
    return load_document(FOLDER / "notes.yaml", Notes)


def themes_of(settings: "Settings") -> dict[str, Theme]:
    """Our themes with the config's terms added to them, and the config's own themes after them."""
    found = dict(own_themes())
    for code, added in settings.voice.themes.items():
        known = found.get(code)
        found[code] = Theme(
            label=added.label or (known.label if known else {"en": code, "fr": code}),
            unless=known.unless if known else None,
            fr=[*(known.fr if known else []), *added.words.get("fr", [])],
            en=[*(known.en if known else []), *added.words.get("en", [])],
        )
    return found


def pattern(terms: Iterable[str]) -> str:
    """One RE2 pattern that finds any of the terms as whole words of a plain text; `a^` finds nothing."""
    found = "|".join(term_pattern(term) for term in terms)
    return rf"\b(?:{found})\b" if found else "a^"


def term_pattern(term: str) -> str:
    return BETWEEN.join(alternatives(word) for word in folded(term).split())


def alternatives(word: str) -> str:
    """`a|b_c*` as a group; `_` is one blank, `*` ends a word that may go on, `#` is a number."""
    parts = []
    for part in word.split("|"):
        text = re.sub(r"[^a-z0-9_*#]", "", part)
        parts.append(text.replace("_", " ").replace("*", "[a-z0-9]*").replace("#", "[0-9]+"))
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


def folded(text: str) -> str:
    """Small letters without accents, as PLAIN leaves them."""
    return unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()


Language = Literal["fr", "en", "other"]
