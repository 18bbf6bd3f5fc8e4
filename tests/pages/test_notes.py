"""A note stands under the page and, with its number, on every chart over time that shows its month."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
from openpyxl import load_workbook
from pptx import Presentation

from data.errors import Fault, StoreFault
from data.written.notes import LONGEST, add, notes, withdraw
from data.written.store import FOLDER, Conflict, trail
from pages.ui import link
from pages.ui.notes import day_of, inside
from pages.ui.stated import stated
from pages.ui.takeaway import offer
from tests.pages.conftest import no_error, words

NOON = datetime(2026, 11, 27, 12)
FEBRUARY = date(2026, 2, 1)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A store of this test's own."""
    monkeypatch.setenv("OUTSIDE_IN_WRITTEN", str(tmp_path / FOLDER))
    return tmp_path / FOLDER


def numbers_on_charts(app) -> list[str]:
    """Texts of the small numbers on the charts of a page: annotations with a frame."""
    figures = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    found = [a for figure in figures for a in figure["layout"].get("annotations", ()) if a.get("borderwidth") == 1]
    return [a["text"] for a in found]


def test_notes_stand_in_the_order_of_their_months_and_are_withdrawn_not_deleted(folder):
    add(folder, "promise", None, "All of it", "ada", NOON)
    add(folder, "contacts", FEBRUARY, "  New carrier \n in the north ", "ada", NOON)
    first, second = notes(folder)
    assert (first.id, first.text, first.month) == ("N-2", "New carrier in the north", FEBRUARY)
    assert second.month is None
    withdraw(folder, second, "grace", NOON)
    assert [note.id for note in notes(folder)] == ["N-2"]
    assert trail(folder, "note", "N-1")[0].who == "grace"
    with pytest.raises(Conflict):
        withdraw(folder, second, "ada", NOON)
    add(folder, "promise", None, "Later", "ada", NOON)
    assert notes(folder)[-1].id == "N-3"


def test_notes_added_at_the_same_moment_are_all_kept(folder):
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda k: add(folder, "promise", None, f"Note {k}", "ada", NOON), range(24)))
    assert {note.text for note in notes(folder)} == {f"Note {k}" for k in range(24)}


def test_a_page_reads_the_notes_once_however_many_charts_it_has(open_page, folder, monkeypatch):
    add(folder, "contacts", FEBRUARY, "New carrier in the north", "ada", NOON)
    asked = []
    monkeypatch.setattr("pages.ui.notes.notes", lambda place: asked.append(place) or notes(place))
    app = open_page("promise", lang="en")
    assert len(app.get("plotly_chart")) > 1
    assert asked == [folder]


def test_a_note_that_cannot_be_withdrawn_stays_and_says_why(open_page, folder, monkeypatch):
    add(folder, "irritants", None, "Read this first", "ada", NOON)
    app = open_page("irritants", lang="en")

    def fails(*arguments: object) -> None:
        raise StoreFault(Fault("written.sqlite", "store", "disk full", "free it"))

    monkeypatch.setattr("pages.ui.notes.withdraw", fails)
    app.button(key="withdraw_N-1").click().run()
    assert "nothing was changed" in app.error[0].value
    assert "Read this first" in words(app)


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (LONGEST + 1)])
def test_a_note_says_something_and_is_short(folder, text):
    with pytest.raises(ValueError, match="characters"):
        add(folder, "promise", None, text, "ada", NOON)


def test_a_note_on_a_month_is_on_every_chart_of_it_and_under_every_page_of_the_period(open_page, folder):
    add(folder, "contacts", FEBRUARY, "New carrier in the north", "ada", NOON)
    app = open_page("promise", lang="en")
    no_error(app)
    assert "1" in numbers_on_charts(app)
    assert "New carrier in the north" in words(app)
    assert "ada" in words(app)


def test_a_note_is_on_every_small_chart_of_its_month(open_page, folder):
    add(folder, "contacts", FEBRUARY, "New carrier in the north", "ada", NOON)
    app = open_page("segments", lang="en", shape="trend", metric="promise_kept")
    no_error(app)
    count = len(app.get("plotly_chart"))
    assert count > 1
    assert numbers_on_charts(app) == ["1"] * count


def test_a_note_leaves_with_the_charts_of_its_month_and_with_those_of_its_period(open_page, folder, monkeypatch):
    text = "New carrier in the north, " * 9
    add(folder, "contacts", FEBRUARY, text, "ada", NOON)
    add(folder, "promise", date(2019, 2, 1), "Long ago", "ada", NOON)
    monkeypatch.setattr(link, "site", lambda: "http://127.0.0.1:8501")
    for page, is_dated in (("promise", True), ("seams", False)):
        app = open_page(page, lang="en")
        shown = app.session_state[link.RUN]
        slides = Presentation(io.BytesIO(offer.slides(shown, stated(shown.view)))).slides
        boxes = [[s.text_frame.text for s in slide.shapes if s.has_text_frame] for slide in slides]
        assert any("2" in texts for texts in boxes) == is_dated, "its number stands on the month"
        noted = [slide.notes_slide.notes_text_frame.text for slide in slides]
        assert any(text.strip() in said for said in noted)
        assert any("2 · Feb 2026 · New carrier" in "".join(texts) for texts in boxes)
        book = load_workbook(io.BytesIO(offer.tables(shown, stated(shown.view))))
        heads = {cell.value: sheet.cell(cell.row, 2).value for sheet in book for cell in sheet["A"] if cell.value}
        assert text.strip() in heads["Note for the room"]


def test_a_note_on_a_page_stays_on_it(open_page, folder):
    add(folder, "promise", None, "Read this first", "ada", NOON)
    assert "Read this first" in words(open_page("promise", lang="en"))
    other = open_page("irritants", lang="en")
    assert "Read this first" not in words(other)
    assert numbers_on_charts(open_page("promise", lang="en")) == []


def test_a_text_from_outside_stays_text(open_page, folder):
    add(folder, "promise", FEBRUARY, "<img src=x> **loud** $x^2$ :material/bolt:", "ada", NOON)
    app = open_page("promise", lang="en")
    no_error(app)
    line = next(m.value for m in app.markdown if "loud" in m.value)
    assert "\\*\\*loud\\*\\*" in line
    assert "\\<img" in line
    spec = next(chart.proto.spec for chart in app.get("plotly_chart") if "loud" in chart.proto.spec)
    assert "<img" not in spec


def test_written_in_the_page_and_withdrawn_there(open_page, folder):
    app = open_page("irritants", lang="fr")
    app.session_state["note_add"] = True
    app.run()
    app.text_area(key="note_text").set_value("Transporteur changé")
    next(button for button in app.button if button.label == "Enregistrer").click().run()
    no_error(app)
    assert "Transporteur changé" in words(app)
    app.button(key="withdraw_N-1").click().run()
    assert "Transporteur changé" not in words(app)
    assert notes(folder) == ()


def test_only_figures_over_time_that_reach_the_month_are_marked(folder):
    add(folder, "promise", FEBRUARY, "x", "ada", NOON)
    numbered = list(enumerate(notes(folder), 1))

    def figure(kind: str, *days: object) -> dict:
        return {"data": [{"x": list(days)}], "layout": {"xaxis": {"type": kind}}}

    assert inside(numbered, figure("date", date(2026, 1, 1), "2026-03-01"))
    assert inside(numbered, figure("date", "2026-02-15", "2026-03-01"))
    assert not inside(numbered, figure("date", "2026-03-01", "2026-04-01"))
    assert not inside(numbered, figure("linear", 1, 2))
    assert day_of("a word") is None
