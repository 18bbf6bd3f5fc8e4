"""Sharing in a real browser: slides and tables come when asked for; paper is A4, landscape, nothing to click on it."""

import io
import re

import pytest
from openpyxl import load_workbook
from pptx import Presentation

from pages.frame import NAMES
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


STUB = "window.asked = 0; window.print = () => { window.asked += 1; };"
SHEET = """() => {
    const main = document.querySelector('[data-testid="stVerticalBlock"]:has(> * > .st-key-printed_head)');
    const box = element => {
        const {left, right, top, height} = element.getBoundingClientRect();
        return {left, right, top, height, bottom: top + height * Number(element.style.getPropertyValue('--part') || 1)};
    };
    const placed = [...main.querySelectorAll('*')].filter(e => e.style.position === 'absolute' && box(e).height)
        .filter(e => !e.closest('[data-testid="stDataFrame"]'));
    const cross = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
        && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
    const covers = one => other => !one.contains(other) && cross(box(one), box(other));
    const over = placed.filter((one, i) => placed.slice(i + 1).some(covers(one)));
    const words = [...main.querySelectorAll('p, li, dt, dd > span, text, tspan, h2, h3')]
        .filter(e => box(e).height && e.textContent.trim() && !e.closest('.modebar'));
    const zoom = Number(getComputedStyle(document.documentElement).getPropertyValue('--zoom'));
    const part = e => Number(getComputedStyle(e).getPropertyValue('--part') || 1);
    return {
        over: over.map(e => e.innerText.slice(0, 60)),
        outside: placed.filter(e => box(e).bottom > box(main).bottom + 2 || box(e).right > box(main).right + 2).length,
        smallest: Math.min(...words.map(e => parseFloat(getComputedStyle(e).fontSize) * zoom * part(e) * 0.75)),
        hints: [...main.querySelectorAll('[class*="st-key-on_screen_"]')].filter(e => box(e).height).length,
        drawn: [...main.querySelectorAll('[data-testid="stPlotlyChart"], .tile, table, li, p')]
            .filter(e => box(e).height).length,
    };
}"""
SHORT = (("", "fr"), ("promise", "fr"), ("contacts", "en"), ("washing", "fr"), ("metrics", "fr"))
EVERY = [pytest.param(name, lang, marks=pytest.mark.soak) for name in NAMES[1:] for lang in ("fr", "en")]


@pytest.mark.parametrize(("name", "lang"), [*SHORT, *EVERY])
def test_every_page_is_one_sheet_on_which_all_can_be_read_and_nothing_covers_another(watched, site, name, lang):
    page = watched.page
    page.add_init_script(STUB)
    page.goto(f"{site}/{name}?lang={lang}")
    settle(page)
    page.keyboard.press("Control+p")
    page.wait_for_function("() => window.asked === 1")
    found = page.evaluate(SHEET)
    assert found["over"] == []
    assert found["outside"] == 0
    assert found["smallest"] >= 7, "points"
    assert found["drawn"] > 5
    assert found["hints"] == 0, "nothing can be clicked on paper"
    sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True))
    assert [(round(float(w)), round(float(h))) for w, h in sizes] == [(842, 595)]
    assert page.locator("html.on-paper").count() == 0, "undone afterwards"
    assert page.locator("[data-left-out], [data-parted], [data-stacked]").count() == 0
    assert watched.faults == []


def test_paper_shows_the_finding_the_limits_and_a_code_and_nothing_to_click(watched, site):
    page = watched.page
    page.goto(f"{site}/?lang=en&region=north")
    settle(page)
    code = page.locator(".st-key-printed_head img")
    assert not code.is_visible(), "only paper shows it"
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert code.is_visible()
    assert code.evaluate("image => image.naturalWidth") > 50, "drawn under the policy"
    assert "North" in page.locator(".st-key-printed_head").inner_text()
    assert page.get_by_test_id("stHeading").first.is_visible()
    for name in ("stPopover", "stSelectbox", "stMultiSelect", "stDataFrame", "stButton"):
        assert not any(e.is_visible() for e in page.get_by_test_id(name).all()), name
    sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True))
    assert [(round(float(w)), round(float(h))) for w, h in sizes] == [(842, 595)], "by the browser's own menu, too"
    assert not code.is_visible()
    assert watched.faults == []
