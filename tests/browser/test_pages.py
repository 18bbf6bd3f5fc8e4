"""Every page in a real browser: it works under the policy, asks nothing of another site, fits, and has a keyboard."""

import re

import pytest
from playwright.sync_api import expect

from pages.frame import NAMES
from pages.ui.address import path_of
from tests.browser.conftest import Watched
from tests.browser.shots import LANGUAGES, SIZES, server, settle
from tests.pages.small_worlds import hostile

IN_TURN = [  # each page in one language; the other one in the long run
    pytest.param(page, lang, marks=() if place % 2 == turn else pytest.mark.soak)
    for place, page in enumerate(NAMES)
    for turn, lang in enumerate(LANGUAGES)
]


@pytest.mark.parametrize(("page", "lang"), IN_TURN)
def test_no_page_breaks_the_policy_or_asks_anything_of_another_site(watched, site, page, lang):
    watched.page.goto(f"{site}/{path_of(page)}?lang={lang}")
    settle(watched.page)
    assert watched.faults == []
    assert watched.foreign == []
    assert watched.page.locator('[data-testid="stHeading"]').count() > 0


@pytest.mark.parametrize("theme", ["light", pytest.param("dark", marks=pytest.mark.soak)])
@pytest.mark.parametrize("page", NAMES)
def test_no_page_is_wider_than_its_screen(chromium, site, page, theme):
    """Opened on the smallest screen, which then grows: loading costs more than drawing again."""
    sizes = sorted(SIZES.values())
    seen = chromium.new_page(viewport=dict(zip(("width", "height"), sizes[0], strict=True)), color_scheme=theme)
    seen.goto(f"{site}/{path_of(page)}?lang=fr")
    for width, height in sizes:
        seen.set_viewport_size({"width": width, "height": height})
        settle(seen)
        widths = seen.evaluate("[...document.querySelectorAll('[data-testid=stMain], body')].map(e => e.scrollWidth)")
        assert max(widths) <= width
    seen.close()


def test_fonts_and_charts_and_tables_are_drawn_under_the_policy(watched, site):
    watched.page.goto(f"{site}/?lang=en")
    settle(watched.page)
    assert watched.page.locator(".js-plotly-plot .main-svg").count() > 0
    assert watched.page.evaluate('document.fonts.check("16px Source Sans")')
    watched.page.goto(f"{site}/data?lang=en")
    settle(watched.page)
    assert watched.page.locator('[data-testid="stDataFrame"] canvas').count() > 0
    assert watched.faults == []


def test_where_nothing_hovers_a_charts_buttons_come_with_a_touch_and_cover_no_word_before(chromium, site):
    context = chromium.new_context(viewport={"width": 1024, "height": 1366}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{site}/?lang=en")
    settle(page)
    first, second = (page.locator(".js-plotly-plot").nth(place) for place in (0, 1))
    for chart in (first, second):
        expect(chart.locator(".modebar")).to_have_css("opacity", "0")
    second.tap()
    expect(second.locator(".modebar")).to_have_css("opacity", "1")
    expect(first.locator(".modebar")).to_have_css("opacity", "0")
    context.close()


@pytest.mark.parametrize("page", ["contacts", "culture", "outlook"])
def test_no_axis_of_a_french_page_writes_percent_without_its_space(watched, site, page):
    watched.page.goto(f"{site}/{page}?lang=fr")
    settle(watched.page)
    ticks = watched.page.locator(".xtick text, .ytick text").all_text_contents()
    assert not [tick for tick in ticks if re.search(r"\d%", tick)]
    assert page == "culture" or [tick for tick in ticks if re.search("\\d\u00a0%", tick)]


def test_the_filters_can_be_reached_and_changed_with_the_keyboard_alone(watched, site):
    page = watched.page
    page.goto(f"{site}/?lang=en")
    settle(page)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label') || ''").startswith(("Region", "Selected")):
            break
    page.keyboard.type("North")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(r"region=north"))
    settle(page)
    assert "region=north" in page.url


def test_a_table_leaves_as_a_csv_that_a_spreadsheet_opens(watched, site):
    page = watched.page
    page.goto(f"{site}/data?lang=en")
    settle(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download (CSV)").first.click()
    lines = download.value.path().read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("Source,File,Table,Rows in,Loaded,Rejected")
    assert len(lines) > 10


def test_the_eleven_signs_are_one_page_of_paper(chromium, site):
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{site}/washing?lang=fr")
    settle(page)
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    page.close()
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", paper)) == 1
    ((width, height),) = set(re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", paper))
    assert float(width) > float(height)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_is_light_whatever_the_screen(chromium, site, scheme):
    page = chromium.new_page(color_scheme=scheme)
    page.goto(f"{site}/?lang=en")
    settle(page)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    style = page.evaluate(
        "(({filter, backgroundColor: ground}) => [filter, ground])"
        "(getComputedStyle(document.querySelector('[data-testid=stApp]')))"
    )
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("html.on-paper").count() == 0
    page.close()
    ground = {"light": ["none", "rgb(255, 255, 255)"], "dark": ["invert(1) hue-rotate(180deg)", "rgb(0, 0, 0)"]}
    assert style == ground[scheme]


def test_a_server_without_data_says_which_command_makes_some(chromium, tmp_path):
    with server(str(tmp_path), "config.yaml") as site:
        page = chromium.new_page()
        page.goto(f"{site}/metrics?lang=en")
        page.wait_for_selector("text=There is no data yet")
        page.wait_for_selector("text=python -m data.refresh")
        assert page.locator("text=python -m data.refresh").count() == 1
        page.close()


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    with server(str(hostile(folder / "world")), "config.yaml") as address:
        yield address


@pytest.mark.parametrize(("page", "lang"), IN_TURN)
def test_names_that_would_be_markup_fetch_nothing_link_nowhere_and_run_nothing(chromium, hostile_site, page, lang):
    context = chromium.new_context()
    seen = Watched(context.new_page(), hostile_site)
    seen.page.goto(f"{hostile_site}/{path_of(page)}?lang={lang}")
    settle(seen.page)
    assert seen.foreign == []
    assert seen.faults == []
    outside = seen.page.evaluate(
        "[...document.querySelectorAll('a[href], img[src]')].map(e => e.getAttribute('href') || e.getAttribute('src'))"
        ".filter(to => /evil|javascript:/.test(to))"
    )
    assert outside == []
    assert seen.page.locator("img[src=x]").count() == 0
    assert "home" not in seen.page.locator('[data-testid="stIconMaterial"]').all_inner_texts()
    context.close()
