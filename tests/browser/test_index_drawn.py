"""The list of metrics in a real browser: a name opens by mouse and by keyboard, its link is whole, words stay words."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import drawn_aside
from tests.browser.shots import settle

TOLD = {"address": "/metrics?lang=en", "entries": [{"code": 'a&b="c', "name": "<b>N</b>", "text": "<img src=x>"}]}


@pytest.fixture
def listed(watched, site) -> Page:
    watched.page.goto(f"{site}/metrics?region=north&lang=en")
    settle(watched.page)
    return watched.page


def test_a_name_opens_its_metric_and_back_returns_to_the_list(listed):
    listed.get_by_role("link", name="Promises kept", exact=True).click()
    expect(listed.get_by_role("heading", name="Promises kept")).to_be_visible()
    assert {"pick=promise_kept", "region=north"} <= set(re.split(r"[?&]", listed.url))
    listed.go_back()
    settle(listed)
    link = listed.get_by_role("link", name="Promises kept", exact=True)
    link.focus()
    listed.keyboard.press("Enter")
    expect(listed.get_by_role("heading", name="Promises kept")).to_be_visible()


def test_its_link_opened_aside_is_the_same_page(listed, clean, site):
    href = listed.get_by_role("link", name="Promises kept", exact=True).get_attribute("href")
    page = clean.new_page()
    page.goto(site + href)
    settle(page)
    expect(page.get_by_role("heading", name="Promises kept")).to_be_visible()
    assert "region=north" in page.url


def test_words_are_set_as_words(listed):
    said, made, href = drawn_aside(listed, "index", TOLD)
    assert made == 0
    assert "<b>N</b>" in said
    assert "<img src=x>" in said
    assert href == "/metrics?lang=en&pick=a%26b%3D%22c"
