"""What surrounds a theme: how its texts sound, its course over the months, how sure its reading is; notes by team."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from metrics.definitions import Catalogue
from metrics.query import measure
from metrics.reading.lexicon import EMOTIONS
from metrics.selection import Period, Selection, months_later
from metrics.stats.intervals import Estimate, wilson
from metrics.stats.limits import Limits, laney
from metrics.stats.misclassified import corrected
from metrics.sums import filters_of
from metrics.voices import THEMES, VERBATIMS

if TYPE_CHECKING:
    import duckdb

ACCURACY, CONFUSION = "result_reading_accuracy", "result_reading_confusion"
NAMES = (*EMOTIONS, "none")
TOO_WIDE = 0.15  # half-width of a corrected share beyond which too few texts were labelled to correct it
LEAST_LABELLED = 200  # labelled texts of a language, below which its emotions are not corrected
LEAST_KNOWN = 0.9  # of the texts: in languages whose errors are known
MOST_HIDDEN = 0.25  # of the months: hidden since too few people spoke of the theme in them
BEFORE = 24  # months before the period that set the limits of its course


@dataclass(frozen=True)
class Felt:
    """An emotion: its share as read, and corrected for misreading (None where too little is known of it)."""

    emotion: str
    read: Estimate
    n: int
    true: Estimate | None


@dataclass(frozen=True)
class Feelings:
    """Emotions of the answers that were read, the most frequent first; labelled_n: labelled texts that correct them."""

    n: int
    felt: tuple[Felt, ...]
    labelled_n: int
    is_labelled_real: bool


@dataclass(frozen=True)
class Step:
    """Share of the answers with words that are on the theme, None where too few people spoke of it."""

    start: date
    share: Estimate | None
    n: int
    signal: str


@dataclass(frozen=True)
class Course:
    """The steps of a theme (`every` month or quarter), the limits of chance; signals are told from `judged_from`."""

    steps: tuple[Step, ...]
    limits: Limits | None
    judged_from: date
    every: str


@dataclass(frozen=True)
class Sureness:
    """How a theme, an emotion or a note was read in a labelled set: right when it says so, found when it is so."""

    labelled_set: str
    is_real: bool
    language: str
    code: str
    precision: Estimate | None
    recall: Estimate | None
    n: int
    of_texts: int
    measured_on: date


def feelings(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, theme: str | None, is_sample: bool
) -> Feelings | None:
    """Emotions of the answers (on a theme), those of too few people left out; None where nothing is left."""
    if VERBATIMS not in catalogue.ground.columns:
        return None
    asked = Selection(selection.period, "none", selection.where, selection.scope)
    name, asked = ("theme_mentions", with_theme(asked, theme)) if theme else ("written_answers", asked)
    shown = [m for m in measure(cursor, catalogue, name, asked, by=("emotion",)) if m.n]
    counts = by_language(cursor, asked)
    whole = int(sum(found.sum() for found in counts.values()))
    if not shown:
        return None
    errors = labelled(cursor, catalogue, is_sample)
    true = corrected_over(counts, errors) or [None] * len(NAMES)
    felt = [Felt(m.group[0][1], wilson(float(m.n), whole), m.n, true[NAMES.index(m.group[0][1])]) for m in shown]
    used = sum(int(errors[lang].sum()) for lang in counts if lang in errors)
    return Feelings(whole, tuple(sorted(felt, key=lambda f: (-f.read.value, f.emotion))), used, not is_sample)


def by_language(cursor: "duckdb.DuckDBPyConnection", asked: Selection) -> dict[str, np.ndarray]:
    """Answers by language and emotion read, in the order of NAMES."""
    is_themed = any(column == "theme" for column, _ in asked.where)
    limits, codes = filters_of((*asked.where, *asked.scope))
    rows = cursor.execute(
        f"select language, emotion, count(*) from {THEMES if is_themed else VERBATIMS} "  # noqa: S608 our own parts
        f"where source = 'answer' and language <> 'other' and said_at >= ? and said_at < ?{limits} group by all",
        [asked.period.start, asked.period.end, *codes],
    ).fetchall()
    counts: dict[str, np.ndarray] = {}
    for language, emotion, n in rows:
        counts.setdefault(language, np.zeros(len(NAMES)))[NAMES.index(emotion)] += n
    return counts


def corrected_over(counts: dict[str, np.ndarray], errors: dict[str, np.ndarray]) -> list[Estimate | None] | None:
    """Shares over all languages, each corrected by its own errors; None when errors are known of too few texts."""
    whole = sum(found.sum() for found in counts.values())
    known = {lang: found for lang, found in counts.items() if lang in errors and errors[lang].sum() >= LEAST_LABELLED}
    weight = sum(found.sum() for found in known.values())
    if not whole or weight < LEAST_KNOWN * whole:
        return None
    parts = [(found.sum() / weight, corrected(found, errors[lang])) for lang, found in known.items()]
    return [united([(w, part[i]) for w, part in parts]) for i in range(len(NAMES))]


def united(parts: list[tuple[float, Estimate]]) -> Estimate | None:
    """One share of several languages; None where it is not known well enough in all of them."""
    if any(part.value is None for _, part in parts):
        return None
    value, low, high = (float(sum(w * getattr(part, end) for w, part in parts)) for end in ("value", "low", "high"))
    return Estimate(value, low, high) if high - low <= 2 * TOO_WIDE else None


def labelled(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, is_sample: bool) -> dict[str, np.ndarray]:
    """By language, labelled texts by true emotion and emotion read: invented ones for the invented company only."""
    if CONFUSION not in catalogue.ground.columns:
        return {}
    found: dict[str, np.ndarray] = {}
    query = f"select language, true_emotion, emotion, n from {CONFUSION} where is_real = ?"  # noqa: S608
    for language, true, emotion, n in cursor.execute(query, [not is_sample]).fetchall():
        table = found.setdefault(language, np.zeros((len(NAMES), len(NAMES))))
        table[NAMES.index(true), NAMES.index(emotion)] += n
    return found


def course(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, theme: str
) -> Course | None:
    """Months of the period and of up to BEFORE months before it, which set the limits; quarters where months are small.

    None without whole months.
    """
    period = selection.period
    start = max(months_later(period.start, -BEFORE), first_month(catalogue.ground.data_from))
    if period.start.day != 1 or start >= period.end:
        return None
    asked = Selection(Period(start, period.end), "none", selection.where, selection.scope)
    for every in ("month", "quarter"):
        found = steps_of(cursor, catalogue, asked, theme, every)
        hidden = sum(not n for n, _, _ in found)
        if hidden <= MOST_HIDDEN * len(found):
            break
    counts, words, starts = zip(*found, strict=True) if found else ((), (), ())
    limits = laney(counts, words, [day >= period.start for day in starts])
    steps = tuple(
        Step(day, wilson(n, w) if w and n else None, int(n), limits.signals[i] if limits else "")
        for i, (n, w, day) in enumerate(found)
    )
    return Course(steps, limits, period.start, every)


def steps_of(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, asked: Selection, theme: str, every: str
) -> list[tuple[float, float, date]]:
    """Answers on the theme, answers with words, first day, of every step; zeros where too few people spoke."""
    on = measure(cursor, catalogue, "theme_mentions", with_theme(asked, theme), every=every)
    written = measure(cursor, catalogue, "unpleasant_emotion", asked, every=every)
    words = {m.start: float(m.n or 0) for m in written if m.status not in ("private", "empty")}
    return [
        (float(m.n or 0) if m.start in words else 0.0, words.get(m.start, 0.0) if m.n else 0.0, m.start) for m in on
    ]


def with_theme(asked: Selection, theme: str) -> Selection:
    return Selection(asked.period, "none", (*asked.where, ("theme", (theme,))), asked.scope)


def first_month(day: date) -> date:
    return day if day.day == 1 else months_later(day.replace(day=1), 1)


def sureness(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, kind: str
) -> tuple[Sureness, ...]:
    """Everything measured of a kind (theme, emotion, mood, notes), real sets first."""
    del selection
    if ACCURACY not in catalogue.ground.columns:
        return ()
    rows = cursor.execute(
        f"select labelled_set, is_real, language, code, n, said, hits, of_texts, measured_on from {ACCURACY} "  # noqa: S608
        "where kind = ? order by is_real desc, labelled_set, code",
        [kind],
    ).fetchall()
    return tuple(
        Sureness(
            *(name, is_real, language, code),
            wilson(hits, said) if said else None,
            wilson(hits, n) if n else None,
            *(n, of_texts, measured_on),
        )
        for name, is_real, language, code, n, said, hits, of_texts, measured_on in rows
    )
