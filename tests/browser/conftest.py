"""The real server and a real Chromium; the tests are skipped, and say so, where there is no Chromium."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.shots import CHROMIUMS, browser, server

pytestmark = pytest.mark.browser


def pytest_collection_modifyitems(items) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not any(map(shutil.which, CHROMIUMS)):
        pytest.skip("no Chromium on this computer: make browser")
    with browser() as found:
        yield found


@pytest.fixture(scope="session")
def site(sample_snapshots) -> Iterator[str]:
    """Address of a server of the sample company."""
    with server(str(sample_snapshots), "config.yaml") as address:
        yield address


@pytest.fixture
def clean(chromium) -> Iterator[BrowserContext]:
    """A browser that was never here: no cookie, no storage."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    yield context
    context.close()


class Watched:
    """A page, with what went wrong on it: errors of the console, violations of the policy, requests to elsewhere."""

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.faults, self.foreign = page, [], []
        page.on("console", lambda m: self.faults.append(m.text) if m.type == "error" and is_fault(m.text) else None)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda r: None if r.url.startswith((site, "data:", "blob:")) else self.foreign.append(r.url))


def is_fault(text: str) -> bool:
    """Streamlit looks for its server under the page's own path first: that 404 is no fault."""
    return "404" not in text


@pytest.fixture
def watched(clean, site) -> Watched:
    return Watched(clean.new_page(), site)


ASIDE = """async ([address, told]) => {
    const aside = document.createElement('div');
    const data = new TextEncoder().encode(JSON.stringify(told));
    (await import(address)).default({ data, parentElement: aside, setTriggerValue: () => {} });
    const link = aside.querySelector('a')?.getAttribute('href') ?? null;
    return [aside.textContent, aside.querySelectorAll('b, i, img, script').length, link];
}"""


def drawn_aside(page: Page, component: str, told: object) -> tuple[str, int, str | None]:
    """What a component of ours makes of what it is told: its text, elements that no component makes, its first link."""
    return tuple(page.evaluate(ASIDE, [f"/_stcore/bidi-components/outside_in.{component}/{component}.js", told]))
