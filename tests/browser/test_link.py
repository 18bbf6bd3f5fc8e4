"""The link is the state, seen from outside: a clean browser shows the same figures, Back goes back, filters stay."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.shots import settle

FILTERS = (
    "from=2025-05&to=2026-04&vs=previous&region=north,south&persona=families,seniors&acquisition_channel=store,web"
)


def figures(page: Page) -> list[str]:
    """Numbers of the tiles, in the order of the page, whatever the language."""
    texts = page.locator(".tile-value").all_inner_texts()
    return [re.sub(r"[^\d,.]", "", text).replace(",", ".").strip(".") for text in texts]


def opened(context, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    settle(page)
    return page


def copied_link(page: Page) -> str:
    page.get_by_role("button", name=re.compile("Share|Partager")).click()
    link = page.locator('[data-testid="stPopoverBody"] code').inner_text().strip()
    page.keyboard.press("Escape")
    return link


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_copied_link_shows_the_same_figures_in_a_clean_browser_and_in_both_languages(chromium, site, lang):
    first = chromium.new_context()
    page = opened(first, f"{site}/?{FILTERS}&lang={lang}")
    there, link = figures(page), copied_link(page)
    assert len(there) >= 8
    assert "snap=" in link
    assert link.startswith(site)
    first.close()
    for other in ("fr", "en"):
        clean = chromium.new_context()
        again = opened(clean, re.sub(r"lang=\w+", f"lang={other}", link))
        assert [n.replace(".", "") for n in figures(again)] == [n.replace(".", "") for n in there]
        clean.close()


def test_the_address_bar_is_enough_too(clean, chromium, site):
    page = opened(clean, f"{site}/?{FILTERS}&lang=en")
    other = chromium.new_context()
    assert figures(opened(other, page.url)) == figures(page)
    other.close()


def choose_region(page: Page, label: str) -> None:
    page.get_by_role("combobox", name=re.compile("Region")).click()
    page.get_by_role("option", name=label).click()
    page.keyboard.press("Escape")
    settle(page)


def test_back_goes_through_the_choices_one_by_one(clean, site):
    page = opened(clean, f"{site}/?lang=en")
    all_customers = figures(page)
    choose_region(page, "North")
    page.wait_for_url(re.compile("region=north"))
    settle(page)
    north = figures(page)
    choose_region(page, "South")
    page.wait_for_url(re.compile("region=north(,|%2C)south"))
    settle(page)
    page.go_back()
    settle(page)
    assert figures(page) == north
    page.go_back()
    settle(page)
    assert figures(page) == all_customers
    assert page.get_by_text("North", exact=True).count() == 0


def test_another_page_keeps_the_filters_and_back_returns_to_the_first(clean, site):
    page = opened(clean, f"{site}/?{FILTERS}&lang=en")
    here = figures(page)
    page.get_by_text("Trust", exact=True).click()
    page.get_by_role("menuitem", name="Metrics").click()
    page.wait_for_url(re.compile("/metrics.*region="))
    settle(page)
    assert "persona=families" in page.url
    for _ in range(2):
        page.go_back()
        settle(page)
        if "/metrics" not in page.url:
            break
    assert figures(page) == here


def test_the_language_can_change_back_and_forth_with_filters_chosen(clean, site):
    page = opened(clean, f"{site}/metrics?region=north&vs=previous&lang=en")
    for language, label in (("FR", "Nord"), ("EN", "North"), ("FR", "Nord")):
        page.get_by_role("radio", name=language).or_(
            page.get_by_role("button", name=language, exact=True)
        ).first.click()
        page.wait_for_url(re.compile(f"lang={language.lower()}"))
        settle(page)
        assert page.get_by_text(label, exact=True).count() == 1
    assert "vs=previous" in page.url
    assert "region=north" in page.url
    page.get_by_role("combobox", name=re.compile("Région")).click()
    page.get_by_role("option", name="Sud").click()
    page.wait_for_url(re.compile("region=north(,|%2C)south"))


def test_two_changes_in_a_hurry_are_both_kept(clean, site):
    page = opened(clean, f"{site}/metrics?lang=en")
    for label in ("Region", "Persona"):
        page.get_by_role("combobox", name=re.compile(label)).click()
        page.get_by_role("option").first.click()
        page.keyboard.press("Escape")
    settle(page)
    page.wait_for_url(re.compile("region=.*persona=|persona=.*region="))


def test_a_page_that_is_not_built_leads_to_the_overview_which_says_so(clean, site):
    page = opened(clean, f"{site}/no-such-page?region=north&lang=en")
    assert page.get_by_text("There is no page “no-such-page”").count() == 1
    assert "region=north" in page.url


def test_a_page_asks_for_its_server_once_where_it_is(clean, site):
    page, asked = clean.new_page(), []
    page.on("request", lambda request: asked.append(request.url.removeprefix(site)))
    page.goto(f"{site}/seams?lang=en")
    settle(page)
    assert [path for path in asked if "health" in path] == ["/_stcore/health"]


def test_a_first_request_to_a_fresh_server_that_is_a_deep_link_has_filters_and_banner(chromium, sample_snapshots):
    from tests.browser.shots import server

    with server(str(sample_snapshots), "config.yaml") as fresh:
        context = chromium.new_context()
        page = opened(context, f"{fresh}/metrics?pick=nps&region=north&lang=en")
        assert page.get_by_text("Invented sample company").count() == 1
        assert page.get_by_text("North", exact=True).count() >= 1
        assert page.get_by_role("heading", name="Net Promoter Score").count() >= 1
        context.close()
