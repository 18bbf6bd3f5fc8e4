"""Texts, many for each theme and emotion, worn as real ones are: accents lost, no full stop, a slip of a finger."""

import random
import unicodedata
from functools import cache
from pathlib import Path

import yaml

from data.sample.answers import EMOTIONS, THEMES

FOLDER = Path(__file__).parent
LANGUAGES = ("fr", "en")
PLEASED = ("joy", "trust", "surprise")
DAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
}
HOURS = {"fr": ("8 h", "9 h", "13 h", "14 h"), "en": ("8 am", "9 am", "1 pm", "2 pm")}
SHORTHAND = {
    " c'est ": " c ",
    "J'ai ": "jai ",
    " pas de ": " pas d ",
    " très ": " tres ",
    " tout ": " tt ",
    " et ": " & ",
}
SECOND_SENTENCE, WITHOUT_ACCENTS, WITHOUT_STOP, SLIP, SHORT, SMALL, LOUD, NEW_LINE = (
    0.30,
    0.09,
    0.30,
    0.09,
    0.05,
    0.16,
    0.06,
    0.01,
)


@cache
def sentences(language: str) -> dict:
    return yaml.load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def pool(language: str, theme: int, emotion: int, size: int) -> list[str]:
    """`size` texts on a theme with an emotion; on nothing in particular where the theme has no such emotion."""
    said, feeling = sentences(language), EMOTIONS[emotion]
    cores = said["themes"][THEMES[theme]].get(feeling) if theme >= 0 else None
    rng = random.Random(f"{language}/{theme}/{emotion}")
    return [_text(said, cores or said["general"][feeling], feeling, language, rng) for _ in range(size)]


def is_about_theme(language: str, theme: int, emotion: int) -> bool:
    return theme >= 0 and EMOTIONS[emotion] in sentences(language)["themes"][THEMES[theme]]


def suggestions(language: str) -> list[str]:
    return sentences(language)["suggestions"]


def _text(said: dict, cores: list[str], feeling: str, language: str, rng: random.Random) -> str:
    mood = "pleased" if feeling in PLEASED else "displeased"
    parts = [rng.choice(said["openers"][mood]), rng.choice(cores)]
    if rng.random() < SECOND_SENTENCE:
        parts.append(rng.choice([core for core in cores if core != parts[1]] or said["general"][feeling]))
    parts.append(rng.choice(said["closers"][mood]))
    if parts[0].endswith(","):
        parts[1] = parts[1][0].lower() + parts[1][1:]
    joint = "\n" if rng.random() < NEW_LINE else " "
    text = joint.join(part for part in parts if part)
    filled = text.format(
        n=rng.randint(2, 9),
        jour=rng.choice(DAYS[language]),
        heure=rng.choice(HOURS[language]),
        prenom=rng.choice(said["first_names"]),
    )
    return _worn(filled, feeling, rng)


def _worn(text: str, feeling: str, rng: random.Random) -> str:
    if rng.random() < SHORT:
        for long, short in SHORTHAND.items():
            text = text.replace(long, short)
    if rng.random() < WITHOUT_ACCENTS:
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    if rng.random() < SLIP:
        place = rng.randrange(1, len(text) - 1)
        swapped = text[place + 1] + text[place]
        text = (
            text[:place]
            + (swapped if swapped.isalpha() else text[place] * 2)
            + text[place + 2 - (not swapped.isalpha()) :]
        )
    if rng.random() < SMALL:
        text = text[0].lower() + text[1:]
    if feeling == "anger" and rng.random() < LOUD:
        text = text.upper()
    if feeling in ("anger", "joy") and rng.random() < 0.12:
        text = text.rstrip(".!") + rng.choice(("!!", " !!!", "..."))
    return text.rstrip(".") if rng.random() < WITHOUT_STOP else text
