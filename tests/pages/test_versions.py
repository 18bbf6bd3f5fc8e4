"""A snapshot of another version of the program: said in words, whichever part of it cannot be read."""

import shutil
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from data.manifest import DATA, MANIFEST, Manifest, file_digest, read_manifest
from data.store import open_snapshot
from metrics.definitions import catalogue_of
from pages.ui import incidents

ROOT = Path(__file__).resolve().parents[2]
CHANGES = {
    "a column of what a snapshot says of itself": "alter table main.setting drop column min_group_culture",
    "a metric with a key of tomorrow": (
        'update meta.definitions set document = replace(document::varchar, \'{"name"\', \'{"new": 1, "name"\')'
        " where name = 'nps'"
    ),
    "settings with a key of tomorrow": (
        'update meta.definitions set document = replace(document::varchar, \'{"company"\', \'{"new": 1, "company"\')'
        " where kind = 'settings'"
    ),
}


def reshaped(snapshots, tmp_path, change: str):
    """A copy of the newest snapshot, changed as another version would have built it, and published with its digest."""
    directory = tmp_path / "snapshots"
    shutil.copytree(snapshots, directory)
    folder = directory / (directory / "current").read_text().strip()
    with duckdb.connect(str(folder / DATA)) as connection:
        connection.execute(change)
    manifest = read_manifest(folder)
    new = manifest.model_copy(update={"sha256": file_digest(folder / DATA), "bytes": (folder / DATA).stat().st_size})
    (folder / MANIFEST).write_text(Manifest.as_text(new))
    return directory


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_it_is_passed_over_and_the_page_says_what_to_do(sample_snapshots, tmp_path, monkeypatch, change):
    directory = reshaped(sample_snapshots, tmp_path, change)
    monkeypatch.setenv("OUTSIDE_IN_SNAPSHOTS", str(directory))
    monkeypatch.setattr("pages.ui.store._catalogues", type("Kept", (), {"get": lambda self, make, *key: make()})())
    app = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60)
    app.query_params["lang"] = "en"
    app.run()
    assert not app.exception
    assert any("built by another version of the program" in text.value for text in app.text)


@pytest.mark.parametrize(
    "question",
    [
        lambda cursor, catalogue: cursor.execute("select * from result_of_tomorrow"),
        lambda cursor, catalogue: cursor.execute("select column_of_tomorrow from setting"),
        lambda cursor, catalogue: catalogue.metric("metric_of_tomorrow"),
    ],
    ids=["relation", "column", "metric"],
)
def test_a_page_that_needs_what_the_snapshot_does_not_hold_says_it_in_words(sample_snapshots, question, monkeypatch):
    said = []
    monkeypatch.setattr(incidents.st, "error", lambda words, icon: said.append(words))
    monkeypatch.setattr(incidents, "language", lambda: "en")
    cursor = open_snapshot(sample_snapshots).cursor()
    with pytest.raises(Exception) as failure:  # noqa: PT011 each its own kind
        question(cursor, catalogue_of(cursor))
    assert incidents.report(failure.value)
    assert "loaded by another version of the program" in said[0]
    assert "python -m data.refresh" in said[0]
