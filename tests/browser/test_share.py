"""Sharing in a real browser: slides and tables come when asked for; paper is A4, landscape, nothing to click on it."""

import io
import re

from openpyxl import load_workbook
from pptx import Presentation

from tests.browser.shots import settle


def test_slides_and_tables_are_made_when_asked_for(watched, site):
    page = watched.page
    page.goto(f"{site}/journey?lang=fr")
    settle(page)
    page.get_by_role("button", name=re.compile("Partager")).click()
    files = {}
    for kind, name in (("pptx", "Diapositives"), ("xlsx", "Tableaux")):
        with page.expect_download() as download:
            page.get_by_role("button", name=re.compile(name)).click()
        assert download.value.suggested_filename.endswith(f".{kind}")
        files[kind] = download.value.path().read_bytes()
    slides = Presentation(io.BytesIO(files["pptx"])).slides
    assert any(shape.has_chart for shape in slides[0].shapes)
    assert f"{site}/journey?" in "".join(s.text_frame.text for s in slides[0].shapes if s.has_text_frame)
    assert load_workbook(io.BytesIO(files["xlsx"])).worksheets
    assert watched.faults == []
    assert watched.foreign == []


def test_paper_shows_the_finding_the_limits_and_a_code_and_nothing_to_click(watched, site):
    page = watched.page
    page.goto(f"{site}/?lang=en&region=north")
    settle(page)
    code = page.locator(".st-key-printed_head img")
    assert not code.is_visible(), "only paper shows it"
    page.emulate_media(media="print")
    assert code.is_visible()
    assert code.evaluate("image => image.naturalWidth") > 50, "drawn under the policy"
    assert "North" in page.locator(".st-key-printed_head").inner_text()
    assert page.get_by_test_id("stHeading").first.is_visible()
    for name in ("stPopover", "stSelectbox", "stMultiSelect", "stDataFrame", "stButton"):
        assert not any(e.is_visible() for e in page.get_by_test_id(name).all()), name
    sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True))
    assert {(round(float(w)), round(float(h))) for w, h in sizes} == {(842, 595)}
    assert watched.faults == []
