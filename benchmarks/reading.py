"""How well customers' words are read: precision and recall of themes and emotions on labelled texts.

python -m benchmarks.reading --real ../shared/real --sample data/exports/sample [--write]

The sample is made with `python -m data.sample --truth`. `--write` keeps the figures (never a text) in
metrics/reading/accuracy.yaml, from where the pages show them.
"""

import argparse
import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import duckdb
import yaml

from benchmarks.labelled import LabelledSet, Text, nhs, sample, trustpilot
from data.settings import load_settings
from metrics.reading import create_readings
from metrics.reading.lexicon import EMOTIONS, PLEASANT, UNPLEASANT, own_themes

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "metrics" / "reading" / "accuracy.yaml"
LEAST = 5  # texts of a theme or an emotion, below which nothing is said of it


def read(texts: Sequence[str], language: str | None) -> list[tuple[str, frozenset[str], str]]:
    """Language, themes, emotion ('none' without one) of each text, by the code of a refresh."""
    with duckdb.connect(config={"threads": 2}) as connection:
        prepare(connection, texts, [], language)
        found = connection.execute("""
            select r.language, list(t.theme), any_value(e.emotion) from canonical.surveys as s
            inner join reading as r on s.verbatim = r.words and s.language is not distinct from r.said_language
            left join reading_theme as t on r.reading_id = t.reading_id
            left join reading_emotion as e on r.reading_id = e.reading_id
            group by s.place, r.language order by s.place
        """).fetchall()
    return [(lang, frozenset(theme for theme in themes if theme), emotion or "none") for lang, themes, emotion in found]


def prepare(
    connection: duckdb.DuckDBPyConnection, texts: Sequence[str], notes: Sequence[str], language: str | None
) -> None:
    """A company that has these texts only, read."""
    connection.execute("create schema canonical")
    connection.execute("create table canonical.contacts (note varchar)")
    connection.execute("create table canonical.surveys (place integer, verbatim varchar, language varchar)")
    rows = [list(range(len(texts))), list(texts), language]
    connection.execute("insert into canonical.surveys select unnest(?), unnest(?), ?", rows)
    connection.execute("insert into canonical.contacts select unnest(?)", [list(notes)])
    create_readings(connection, load_settings(ROOT / "config.yaml"))


def measured(labelled: LabelledSet) -> dict:
    """All figures of a set, on the texts held out when terms were chosen."""
    texts = labelled.held_out
    found = read([text.words for text in texts], texts[0].language)
    guessed = read([text.words for text in texts], None)
    figures: dict = {
        "set": labelled.name,
        "is_real": labelled.is_real,
        "language": texts[0].language,
        "n": len(texts),
        "language_found": round(sum(g[0] == texts[0].language for g in guessed) / len(texts), 4),
    }
    themes = {name: theme_figures(name, texts, [f[1] for f in found]) for name in labelled.labelled_themes}
    figures["themes"] = {name: numbers for name, numbers in themes.items() if numbers["n"] >= LEAST}
    felt = [(text.emotion, f[2]) for text, f in zip(texts, found, strict=True) if text.emotion]
    if felt:
        figures["emotions"] = emotion_figures(felt)
        figures["confusion"] = confusion(felt)
    figures["mood"] = mood_figures(texts, [f[2] for f in found])
    return figures


def notes_measured(folder: Path) -> dict:
    """Notes that speak badly of the customer, each text once, by the sample's truth."""
    with (folder / "truth" / "notes.csv").open(encoding="utf-8", newline="") as file:
        kinds = {row["contact_id"]: row["kind"] for row in csv.DictReader(file)}
    with (folder / "contacts.csv").open(encoding="utf-8", newline="") as file:
        notes = {row["note"]: kinds.get(row["contact_id"]) for row in csv.DictReader(file) if row["note"]}
    with duckdb.connect(config={"threads": 2}) as connection:
        prepare(connection, [], list(notes), None)
        found = dict(connection.execute("select words, speaks_badly from reading").fetchall())
    said = [found[words] for words in notes]
    true = [kind == "disparaging" for kind in notes.values()]
    figures = rates(sum(true), sum(said), sum(t and s for t, s in zip(true, said, strict=True)), len(notes))
    return {"set": "sample_notes", "is_real": False, "language": "fr", "n": len(notes), "notes": figures}


def theme_figures(name: str, texts: Sequence[Text], found: Sequence[frozenset[str]]) -> dict:
    """n: texts on the theme; said: texts read as on it; hits: both."""
    true = [name in text.themes for text in texts]
    said = [name in themes for themes in found]
    return rates(sum(true), sum(said), sum(t and s for t, s in zip(true, said, strict=True)), len(texts))


def rates(n: int, said: int, hits: int, of: int) -> dict:
    """Accuracy is beside that of the majority's answer, `never this one` (or always, when most are)."""
    right = of - n - said + 2 * hits
    return {
        "n": n,
        "said": said,
        "hits": hits,
        "precision": round(hits / said, 4) if said else None,
        "recall": round(hits / n, 4) if n else None,
        "accuracy": round(right / of, 4),
        "majority": round(max(n, of - n) / of, 4),
    }


def emotion_figures(felt: Sequence[tuple[str, str]]) -> dict:
    counts = Counter(felt)
    figures = {}
    for name in EMOTIONS:
        n = sum(k for (true, _), k in counts.items() if true == name)
        said = sum(k for (_, found), k in counts.items() if found == name)
        if n >= LEAST:
            figures[name] = rates(n, said, counts[name, name], len(felt))
    return figures


def confusion(felt: Sequence[tuple[str, str]]) -> dict:
    """Texts by true emotion and emotion read."""
    counts = Counter(felt)
    names = (*EMOTIONS, "none")
    return {true: {found: counts[true, found] for found in names if counts[true, found]} for true in names}


def mood_figures(texts: Sequence[Text], emotions: Sequence[str]) -> dict:
    """Texts that displease, read as carrying an unpleasant emotion."""
    known = [(text.mood, emotion) for text, emotion in zip(texts, emotions, strict=True) if text.mood in (-1, 1)]
    n, said = sum(m < 0 for m, _ in known), sum(e in UNPLEASANT for _, e in known)
    hits = sum(m < 0 and e in UNPLEASANT for m, e in known)
    return rates(n, said, hits, len(known)) | {"silent": sum(e not in (*PLEASANT, *UNPLEASANT) for _, e in known)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", type=Path, required=True, help="folder of the real sets")
    parser.add_argument("--sample", type=Path, required=True, help="exports of the sample, made with --truth")
    parser.add_argument("--write", metavar="YYYY-MM-DD", help="keep the figures, measured on that day")
    options = parser.parse_args()
    themes = tuple(own_themes())
    sets = [
        nhs(options.real),
        trustpilot(options.real, themes),
        *(sample(options.sample, lang, themes) for lang in ("fr", "en")),
    ]
    figures = [*map(measured, sets), notes_measured(options.sample)]
    print(yaml.safe_dump(figures, sort_keys=False, default_flow_style=None, width=160))
    if options.write:
        head = "# Written by `python -m benchmarks.reading --write`: figures only, no text. See docs/reading.md.\n"
        kept = {"measured_on": options.write, "sets": figures}
        TARGET.write_text(head + yaml.safe_dump(kept, sort_keys=False, default_flow_style=None, width=120))


if __name__ == "__main__":
    main()
