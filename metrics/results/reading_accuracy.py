"""How well customers' words are read, as it was last measured on labelled texts (python -m benchmarks.reading).

The figures come from metrics/reading/accuracy.yaml, so a snapshot tells the accuracy of the code that made it.

  result_reading_accuracy   one row per labelled set and what was measured on it (kind: theme, emotion, mood, notes)
    n, said, hits           texts that are so, texts read as such, both; of_texts: all texts of the set
  result_reading_confusion  one row per labelled set, true emotion and emotion read: n texts
"""

from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from metrics.results.rows import insert

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

MEASURED = Path(__file__).parents[1] / "reading" / "accuracy.yaml"
METHOD = "labelled_texts"
ACCURACY = """
create table result_reading_accuracy (
    labelled_set varchar, is_real boolean, language varchar, kind varchar, code varchar,
    n bigint, said bigint, hits bigint, of_texts bigint, measured_on date, method varchar
)
"""
CONFUSION = """
create table result_reading_confusion (
    labelled_set varchar, is_real boolean, language varchar, true_emotion varchar, emotion varchar, n bigint
)
"""


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    del settings
    connection.execute(ACCURACY)
    connection.execute(CONFUSION)
    measured = yaml.safe_load(MEASURED.read_text(encoding="utf-8"))
    rates = ((*row, measured["measured_on"], METHOD) for one in measured["sets"] for row in rates_of(one))
    insert(connection, "result_reading_accuracy", rates)
    insert(connection, "result_reading_confusion", (row for one in measured["sets"] for row in confusion_of(one)))


def rates_of(one: dict) -> list[tuple]:
    """Rows of result_reading_accuracy of a set."""
    kinds = {"theme": one.get("themes", {}), "emotion": one.get("emotions", {})}
    kinds |= {kind: {"": one[kind]} for kind in ("mood", "notes") if kind in one}
    named = (one["set"], one["is_real"], one["language"])
    return [
        (*named, kind, code, found["n"], found["said"], found["hits"], one["n"])
        for kind, codes in kinds.items()
        for code, found in codes.items()
    ]


def confusion_of(one: dict) -> list[tuple]:
    named = (one["set"], one["is_real"], one["language"])
    return [
        (*named, true, found, n) for true, counts in one.get("confusion", {}).items() for found, n in counts.items()
    ]
