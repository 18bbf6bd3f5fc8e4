"""Writing actions in real browsers: what one saves, the other sees; two who edit the same are told."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.shots import settle


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    settle(page)
    return page


def in_dialog(page: Page):
    return page.get_by_role("dialog")


def titled(page: Page, button: str, title: str) -> None:
    """Open a form and write a title, without saving."""
    page.get_by_role("button", name=button, exact=True).click()
    field = in_dialog(page).get_by_label("What is done")
    expect(field).to_be_visible()
    field.fill(title)


def save(page: Page) -> None:
    in_dialog(page).get_by_role("button", name="Save").click()


@pytest.fixture
def written(clean, site) -> Page:
    """A page on an action that was just written, after a value that cannot be was told."""
    page = opened(clean, f"{site}/actions?lang=en")
    titled(page, "Add an action", "Fewer forms")
    change = in_dialog(page).get_by_label(re.compile("Change expected"))
    change.fill("much")
    save(page)
    expect(in_dialog(page).get_by_text("a number")).to_be_visible()
    change.fill("0.05")
    save(page)
    expect(page.get_by_role("heading", name="Fewer forms")).to_be_visible()
    page.wait_for_url(re.compile(r"pick=W-\d+"))
    return page


def test_two_browsers_edit_one_action_and_the_second_is_shown_both_versions(chromium, written, site):
    other = chromium.new_context()
    second = opened(other, written.url)
    titled(written, "Edit", "Saved first")
    titled(second, "Edit", "Saved second")
    save(written)
    expect(written.get_by_role("heading", name="Saved first")).to_be_visible()
    expect(written.get_by_text("Saved first", exact=True)).to_have_count(2)  # the heading and the list to choose from
    save(second)
    told = in_dialog(second).get_by_text("while you were editing")
    expect(told).to_be_visible()
    expect(in_dialog(second).get_by_label("What is done")).to_have_value("Saved second")
    expect(in_dialog(second).get_by_test_id("stDataFrame")).to_be_visible()
    second.reload()
    settle(second)
    expect(second.get_by_role("heading", name="Saved first")).to_be_visible()
    other.close()
