"""Every page to PNG: both languages, wide, projector and phone, light and dark. To be looked at by a person.

python -m tests.browser.shots --out shots [--snapshots DIR] [--config FILE]
                              [--pages /,/metrics] [--languages fr] [--sizes phone] [--themes dark]
"""

import argparse
import itertools
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from pages.frame import NAMES
from pages.ui.address import path_of

ROOT = Path(__file__).resolve().parents[2]
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"]
QUIET += ["--disable-background-networking", "--disable-component-update"]
PAGES = tuple(f"/{path_of(name)}" for name in NAMES)
SIZES = {"wide": (1440, 900), "projector": (1280, 720), "phone": (390, 844)}
THEMES = ("light", "dark")
LANGUAGES = ("fr", "en")
SETTLED = """() => {
    const all = name => [...document.querySelectorAll(`[data-testid="${name}"]`)];
    const idle = all('stApp').some(app => app.getAttribute('data-test-script-state') === 'notRunning');
    const drawn = all('stPlotlyChart').every(c => c.querySelector('.main-svg'))
        && all('stBidiComponentRegular').every(group => group.querySelector('.tiles, .index'));
    const said = all('stHeading').length + all('stAlert').length;
    return idle && said && drawn && !all('stSkeleton').length && !all('stAppSkeleton').length;
}"""
TALL = """() => Math.max(...['[data-testid="stMain"]', '[data-testid="stAppViewContainer"]', 'body']
    .flatMap(name => [...document.querySelectorAll(name)]).map(element => element.scrollHeight))"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def server(snapshots: str, config: str) -> Iterator[str]:
    """Our own dashboard on a free port of this computer, ended at the end."""
    port = free_port()
    words = ["-m", "streamlit", "run", "dashboard.py", "--server.port", str(port), "--server.headless", "true"]
    surroundings = os.environ | {"OUTSIDE_IN_SNAPSHOTS": snapshots, "OUTSIDE_IN_CONFIG": config}
    process = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=surroundings, stdout=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def wait_for(address: str, process: subprocess.Popen, seconds: int = 60) -> None:
    for _ in range(seconds * 5):
        if process.poll() is not None:
            raise SystemExit(f"the server ended with code {process.returncode}")
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit(f"no answer from {address} within {seconds} s")


def chromium_path() -> str:
    found = [path for path in map(shutil.which, CHROMIUMS) if path]
    if not found:
        raise SystemExit("no Chromium on this computer: `make browser` installs it or says how")
    return found[0]


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=QUIET)
        try:
            yield chromium
        finally:
            chromium.close()


def settle(page: Page) -> None:
    """Wait until the script has ended and every chart has drawn its marks."""
    page.wait_for_function(SETTLED, timeout=60_000)
    page.wait_for_timeout(700)


def shoot(chromium: Browser, address: str, size: tuple[int, int], theme: str, to: Path) -> bool:
    """The first screen as a reader sees it, then the whole page; False when the page says that something went wrong."""
    page = chromium.new_page(viewport={"width": size[0], "height": size[1]}, color_scheme=theme)
    page.goto(address)
    settle(page)
    page.screenshot(path=to.with_name(f"{to.stem}-first.png"))
    page.set_viewport_size({"width": size[0], "height": page.evaluate(TALL)})
    settle(page)
    page.set_viewport_size({"width": size[0], "height": page.evaluate(TALL)})
    settle(page)
    page.screenshot(path=to)
    is_well = page.get_by_test_id("stAlertContentError").count() == 0
    page.close()
    return is_well


def shots(arguments: argparse.Namespace) -> int:
    """How many pages show an error."""
    failed = 0
    arguments.out.mkdir(parents=True, exist_ok=True)
    wanted = itertools.product(arguments.pages, arguments.languages, arguments.sizes, arguments.themes)
    with server(arguments.snapshots, arguments.config) as address, browser() as chromium:
        for page, language, size, theme in wanted:
            name = page.split("?")[0].strip("/") or "overview"
            to = arguments.out / f"{name}-{language}-{size}-{theme}.png"
            joint = "&" if "?" in page else "?"
            is_well = shoot(chromium, f"{address}{page}{joint}lang={language}", SIZES[size], theme, to)
            print(to if is_well else f"{to}: the page shows an error")
            failed += not is_well
    return failed


def words(text: str) -> list[str]:
    return text.split(",")


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m tests.browser.shots", description=__doc__.splitlines()[0])
    options.add_argument("--out", type=Path, default=Path("shots"))
    options.add_argument("--snapshots", default=os.environ.get("OUTSIDE_IN_SNAPSHOTS", "data/snapshots"))
    options.add_argument("--config", default=os.environ.get("OUTSIDE_IN_CONFIG", "config.yaml"))
    options.add_argument("--pages", type=words, default=PAGES)
    options.add_argument("--languages", type=words, default=LANGUAGES)
    options.add_argument("--sizes", type=words, default=tuple(SIZES))
    options.add_argument("--themes", type=words, default=THEMES)
    return options


if __name__ == "__main__":
    raise SystemExit(1 if shots(parser().parse_args()) else 0)
