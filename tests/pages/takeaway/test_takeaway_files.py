"""Slides and workbooks as they leave every page: native, quotable, typed, and nothing in them that would run."""

import html
import io
import re
from datetime import date, datetime

import pytest
from openpyxl import load_workbook
from pptx import Presentation

from pages.frame import NAMES
from pages.ui import bar_figures, charts, link, store
from pages.ui.export import Column, Table
from pages.ui.shown import Drawn, Shown
from pages.ui.stated import Stated, stated
from pages.ui.takeaway import offer
from pages.ui.takeaway.chart_data import Column as Cells
from pages.ui.takeaway.chart_data import Data
from pages.ui.takeaway.reading import panel
from pages.ui.takeaway.sheets import Facts, facts_of, first_sentence
from pages.ui.takeaway.slides import PLOT_BOTTOM, PLOT_TOP, Sheet, blocks_of, deck, row_height, widths_of
from pages.ui.takeaway.workbook import sheet_name, written
from tests.pages.conftest import no_error

PAYLOADS = ("=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(1)", "\t=1", "|x", "%x", "＝1", " =1")
HALF_A_YEAR = {"from": "2026-05", "to": "2026-10"}
SITE = "http://127.0.0.1:8501"
ABOUT = Stated("Segments", "Maison", "2026", "all", "Data up to", f"{SITE}/segments?snap=1")


def taken(app, monkeypatch) -> tuple[Shown, Stated]:
    """What a page offers to take away, as its buttons would make it."""
    monkeypatch.setattr(link, "site", lambda: SITE)
    shown = app.session_state[link.RUN]
    return shown, stated(shown.view)


def cells_of(blob: bytes):
    return [cell for sheet in load_workbook(io.BytesIO(blob)) for row in sheet.iter_rows() for cell in row]


def texts(slide) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def drawn_values(chart) -> set[float]:
    """Every number that a native chart draws, as its XML holds it."""
    return {float(v.text) for v in chart._chartSpace.xpath(".//c:val//c:v | .//c:xVal//c:v | .//c:yVal//c:v")}


@pytest.mark.parametrize("page", [n for n in NAMES if n not in offer.WITHOUT_CHARTS])
def test_every_page_leaves_as_slides_with_native_charts_and_as_tables(open_page, monkeypatch, page):
    lang = ("fr", "en")[NAMES.index(page) % 2]
    app = open_page(page, lang=lang)
    no_error(app)
    shown, about = taken(app, monkeypatch)
    show = Presentation(io.BytesIO(offer.slides(shown, about)))
    assert len(show.slides) >= len(shown.charts) > 0, "no page leaves empty-handed"
    called = [facts_of(drawn, drawn.table(), shown).heading for drawn in shown.charts.values()]
    assert all(heading and heading != about.page for heading in called), "each says what it shows"
    for slide in show.slides:
        assert slide.shapes.title.text_frame.text == (shown.finding or about.page)
        assert about.address in texts(slide)
        assert shown.view.snapshot in texts(slide)
        kinds = [shape.has_chart or shape.has_table for shape in slide.shapes]
        assert sum(kinds) == bool(shown.charts), "one chart, or one table, a slide"
        assert not any(shape.shape_type == 13 for shape in slide.shapes), "no picture"
        for shape in (s for s in slide.shapes if s.has_chart):
            blob = shape.chart.part.chart_workbook.xlsx_part.blob
            cells = cells_of(blob)
            assert not [c for c in cells if c.data_type == "f"]
            numbers = {c.value for c in cells if isinstance(c.value, int | float)}
            assert all(any(abs(v - n) <= 1e-9 * max(1, abs(v)) for n in numbers) for v in drawn_values(shape.chart))
    book = load_workbook(io.BytesIO(offer.tables(shown, about)))
    assert len(book.worksheets) == max(1, len(shown.charts))
    assert all(about.address in [c.value for c in sheet["B"]] for sheet in book)


def test_a_chart_of_models_is_not_taken_for_the_metrics_that_its_columns_count(open_page, monkeypatch):
    shown, _ = taken(open_page("outlook", lang="fr"), monkeypatch)
    facts = facts_of(shown.charts["risk_parts"], shown.charts["risk_parts"].table(), shown)
    assert facts.heading.startswith("Marge exposée")
    assert not any(said.startswith("Clients actifs") for said in facts.definitions)
    plane = taken(open_page("contacts", lang="fr"), monkeypatch)[0].charts["contacts_plane"]
    said = facts_of(plane, plane.table(), shown).definitions
    assert [words.split("\u202f:")[0].split("\xa0:")[0] for words in said][0] == plane.table().columns[1].header


def test_a_chart_holds_the_values_of_its_table_in_the_readers_language(open_page, monkeypatch):
    for lang in ("fr", "en"):
        shown, about = taken(open_page("journey", lang=lang), monkeypatch)
        name = store.catalogue(shown.view).metrics["touchpoint_bad"].label[lang]
        table = shown.charts["journey_touchpoints"].table()
        place = next(i for i, c in enumerate(table.columns) if c.header == name)
        wanted = sorted(row[place] for row in table.rows if row[place] is not None)
        slides = Presentation(io.BytesIO(offer.slides(shown, about))).slides
        chart = next(s.chart for s in slides[0].shapes if s.has_chart)
        held = [v for plot in chart.plots for s in plot.series if s.name == name for v in xs(s)]
        assert sorted(held) == pytest.approx(wanted)


def xs(series) -> list[float]:
    return [float(v.text) for v in series._element.xpath("./c:xVal//c:v")]


def test_what_is_hidden_on_the_page_is_hidden_in_its_files(open_page, monkeypatch):
    """A group too small to be shown: no value and no n in the table behind, the workbook or the slides."""
    app = open_page("segments", lang="en", metric="nps", by="region", by2="persona", shape="cross", **HALF_A_YEAR)
    shown, about = taken(app, monkeypatch)
    for drawn in shown.charts.values():
        page = {f"{v:.9g}" for row in drawn.table().rows for v in row if isinstance(v, int | float)}
        book = {f"{c.value:.9g}" for c in cells_of(offer.tables(shown, about)) if isinstance(c.value, int | float)}
        assert any(v is None for row in drawn.table().rows for v in row), "something is hidden here"
        assert page
        assert book <= page


def test_no_text_becomes_a_formula_in_a_workbook_and_types_are_kept():
    rest = (0.25, date(2026, 11, 14), datetime(2026, 11, 14, 6, 10), float("nan"), 3)
    rows = tuple((text, *rest) for text in PAYLOADS)
    columns = (Column("=Group()"), Column("Rate", "share"), Column("Day"), Column("At"), Column("Gone"), Column("n"))
    blob = written([(Facts("=Heading()", ("+def",), ()), Table(columns, rows))], "=finding", ABOUT, "en")
    cells = cells_of(blob)
    assert not [c for c in cells if c.data_type == "f"]
    assert {"=Heading()", "=finding", "+def", "=Group()", *PAYLOADS} <= {c.value for c in cells}
    sheet = load_workbook(io.BytesIO(blob)).worksheets[0]
    last = [c.value for c in sheet[sheet.max_row]]
    assert last == [PAYLOADS[-1], 0.25, datetime(2026, 11, 14), datetime(2026, 11, 14, 6, 10), None, 3]
    assert sheet.cell(sheet.max_row, 2).number_format == "0.0%"


def test_no_text_becomes_a_formula_in_the_data_of_a_slide():
    data = Data()
    data.add(Cells("=head", PAYLOADS))
    assert [c.data_type for c in cells_of(data.xlsx())] == ["s"] * (len(PAYLOADS) + 1)


def test_names_from_outside_are_text_in_the_chart_the_table_and_the_boxes():
    hostile = "<c:x>&amp; =1+1 \x0b\x00 ]]> <b>bold</b> [link](javascript:1)"
    rows = [bar_figures.Amount(hostile, hostile, 3.0, 2.0, 4.0)]
    found = panel(
        bar_figures.amounts(rows).to_dict(), Table((Column("a"), Column(hostile, "score")), ((hostile, 3.0),))
    )
    cells = ((hostile, hostile), (hostile, "3"))
    two = [Sheet(hostile, hostile, p, cells, hostile, (hostile,), SITE, hostile, hostile, "") for p in (found, None)]
    slides = Presentation(io.BytesIO(deck(two, hostile, "en"))).slides
    chart = next(s.chart for s in slides[0].shapes if s.has_chart)
    assert "<c:x>& =1+1" in html.unescape(chart.plots[0].categories[0])
    assert "javascript:1" in texts(slides[1]), "as text"
    links = [r.target_ref for s in slides for r in s.part.rels.values() if r.is_external]
    assert set(links) == {SITE}


def test_names_of_sheets_are_allowed_and_told_apart():
    taken_names: set[str] = set()
    names = [sheet_name("Lost at: the [hand]/off, from one channel to another", taken_names) for _ in range(3)]
    assert len(set(names)) == 3
    assert all(len(n) <= 31 and not re.search(r"[\[\]:*?/\\]", n) for n in names)


def test_a_long_table_goes_on_over_slides_and_says_what_it_leaves_out():
    cells = (("Day", "What"), *((f"{i}", f"event {i}") for i in range(80)))
    sheet = Sheet("Finding", "Path", None, cells, "", ("footer",), SITE, "alt", "Value", "The rest is elsewhere.")
    slides = Presentation(io.BytesIO(deck([sheet], "t", "en"))).slides
    said = [c.text for s in slides for shape in s.shapes if shape.has_table for c in shape.table.iter_cells()]
    assert len(slides) == 4
    assert "The rest is elsewhere." in said
    assert "event 0" in said


@pytest.mark.parametrize(
    ("alt", "said"),
    [
        ("Share of texts. Late: 1.5.", "Share of texts"),
        ("Net Promoter Score: North +3.", "Net Promoter Score"),
        ("Part des textes\u00a0: retard.", "Part des textes"),
        ("One sentence.", "One sentence"),
    ],
)
def test_a_slide_is_headed_by_the_first_sentence_of_the_text_alternative(alt, said):
    assert first_sentence(alt) == said


def test_nothing_is_made_before_somebody_asks(open_page, monkeypatch):
    def never(*_: object) -> bytes:
        raise AssertionError("made on the way")

    for name in ("slides", "tables", "one"):
        monkeypatch.setattr(offer, name, never)
    monkeypatch.setattr(
        charts, "Drawn", lambda name, figure, alt, table, note, heading: Drawn(name, figure, alt, never, note, heading)
    )
    no_error(open_page("journey", lang="en"))


def test_the_box_of_the_link_offers_slides_tables_and_how_to_print(open_page):
    app = open_page("journey", lang="en")
    assert not app.get("download_button"), "nothing of it is drawn while it is closed"
    app.session_state["share"] = True
    app.run()
    no_error(app)
    assert [b.proto.label for b in app.get("download_button")] == ["Slides (PPTX)", "Tables (XLSX)"]
    assert any("Print" in b.label for b in app.button)
    app = open_page("metrics", lang="en")
    app.session_state["share"] = True
    assert not app.run().get("download_button"), "no figure, no slide"


def test_a_table_of_long_cells_takes_as_many_slides_as_its_lines_need():
    rows = tuple((f"{k}", "word " * 60, "more words " * 20) for k in range(11))
    sheet = Sheet("Finding", "Table", None, (("#", "what", "why"), *rows), "", ("foot",), SITE, "", "Value", "…")
    blocks = blocks_of(sheet)
    assert len(blocks) > 1
    assert [row[0] for block in blocks for row in block[1:]] == [str(k) for k in range(11)]
    for block in blocks:
        assert sum(row_height(row, widths_of(block)) for row in block) <= PLOT_BOTTOM - PLOT_TOP + 0.5
