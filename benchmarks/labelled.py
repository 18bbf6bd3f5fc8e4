"""Labelled texts to measure the reading of customers' words on: real ones beside the project, and the sample's truth.

Real texts are never copied here: of trustpilot_fr only our own labels are (benchmarks/labels), by record number.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from metrics.reading.lexicon import PLEASANT

LABELS = Path(__file__).parent / "labels" / "trustpilot_fr.csv"
LABELLED_LENGTH = 420  # characters of a review that were read when it was labelled
# Themes of the NHS's experts that mean what ours do.
NHS_THEMES = {
    "waiting": ("Timeliness of care", "Contacting services"),
    "staff": ("Staff manner & personal attributes", "Staff listening, understanding & involving patients"),
}
NHS_UNUSABLE = ("Labelling not possible", "Not assigned")


@dataclass(frozen=True)
class Text:
    """A text and what is known of it: themes of those its set labels, emotion, whether it pleases (-1, 0, 1)."""

    words: str
    language: str
    themes: frozenset[str] = frozenset()
    emotion: str | None = None
    mood: int | None = None


@dataclass(frozen=True)
class LabelledSet:
    """`labelled_themes`: those that the set tells apart; `is_real`: written by real customers.

    Terms were chosen with every other text of the real sets in view (from the first); `held_out` are those in between.
    """

    name: str
    is_real: bool
    labelled_themes: tuple[str, ...]
    texts: tuple[Text, ...]

    @property
    def held_out(self) -> tuple[Text, ...]:
        return self.texts[1::2] if self.is_real else self.texts


def nhs(folder: Path) -> LabelledSet:
    """NHS patient experience: themes and sentiment (1 and 2 please, 4 and 5 don't) by experts, English."""
    path = folder / "nhs_patient_experience" / "datasets_v6framework_230831.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if usable(row)]
    moods = {"1": 1, "2": 1, "3": 0, "4": -1, "5": -1}
    texts = [
        Text(
            row["FFT answer"],
            "en",
            frozenset(ours for ours, theirs in NHS_THEMES.items() if any(row[name] == "1" for name in theirs)),
            mood=moods.get(row["Comment sentiment"]),
        )
        for row in rows
    ]
    return LabelledSet("nhs_patient_experience", True, tuple(NHS_THEMES), tuple(texts))


def usable(row: Mapping[str, str]) -> bool:
    return bool(row["FFT answer"].strip()) and not any(row[name] == "1" for name in NHS_UNUSABLE)


def trustpilot(folder: Path, themes: tuple[str, ...]) -> LabelledSet:
    """French reviews of shops: stars (4 and 5 please, 1 and 2 don't); themes and emotions by one of us, by hand."""
    path = folder / "trustpilot_fr" / "scrapped_comments.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    with LABELS.open(encoding="utf-8", newline="") as file:
        labels = {int(row["record"]): row for row in csv.DictReader(file)}
    moods = {"1": -1, "2": -1, "3": 0, "4": 1, "5": 1}
    texts = [
        Text(
            row["commentaire"][:LABELLED_LENGTH],
            "fr",
            frozenset(labels[number]["themes"].split()),
            labels[number]["emotion"],
            moods[row["note"]],
        )
        for number, row in enumerate(rows)
    ]
    return LabelledSet("trustpilot_fr", True, themes, tuple(texts))


def sample(folder: Path, language: str, themes: tuple[str, ...]) -> LabelledSet:
    """The invented company's verbatims in one language, each text once, by its generator's truth."""
    with (folder / "surveys.csv").open(encoding="utf-8", newline="") as file:
        written = {
            row["survey_id"]: row for row in csv.DictReader(file) if row["verbatim"] and row["language"] == language
        }
    texts = {}
    with (folder / "truth" / "verbatims.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["survey_id"] in written:
                words = written[row["survey_id"]]["verbatim"]
                mood = 1 if row["emotion"] in PLEASANT else -1
                texts[words] = Text(words, language, frozenset(row["theme"].split()), row["emotion"], mood)
    return LabelledSet(f"sample_{language}", False, themes, tuple(texts.values()))
