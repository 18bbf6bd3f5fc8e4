"""What one reader waits for, in a real Chromium: a first load, a reload, a filter, a page; until all is painted."""

import statistics
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from playwright.sync_api import Browser, Page, TimeoutError

from benchmarks.servers import Server

PAINTED = """n => { const plots = [...document.querySelectorAll('.js-plotly-plot')];
  return plots.length >= n && plots.every(p => p.querySelector('.trace, .points path, .point')); }"""
SIGNATURE = """() => JSON.stringify([...document.querySelectorAll('.js-plotly-plot')]
  .map(p => [...p.querySelectorAll('.trace path')].slice(0, 40)
  .map(m => m.getAttribute('transform') || m.getAttribute('d'))))"""
READY = """() => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === 'notRunning'
  && !document.querySelector('[data-testid="stSkeleton"], [data-testid="stAppSkeleton"]')
  && document.querySelectorAll('[data-testid="stMarkdown"], [data-testid="stMetric"], .tile, .index li').length > 1
  && [...document.querySelectorAll('[data-testid="stPlotlyChart"]')]
    .every(p => !p.offsetParent || p.querySelector('.main-svg'))"""
CHANGES = 4  # of the filter, one after the other, in a visit
CHANGED = f"before => {{ const now = ({SIGNATURE})(); return now !== before && now.length > 40; }}"


@dataclass
class Waits:
    """What was measured, by name: milliseconds waited, kilobytes of the first load, CPU milliseconds of a filter."""

    samples: dict[str, list[float]] = field(default_factory=dict)

    def add(self, what: str, value: float) -> None:
        self.samples.setdefault(what, []).append(value)

    def median(self, what: str) -> float | None:
        return statistics.median(self.samples[what]) if self.samples.get(what) else None


@dataclass(frozen=True)
class Steps:
    """How a page is driven: its number of charts, its address, and the acts of a reader on it."""

    charts: int
    address: str
    open_filter: object
    choose_filter: object
    other_page: object
    open_menu: object
    this_page: object


def milliseconds(page: Page, act, expression: str, argument) -> float:
    start = time.perf_counter()
    act()
    page.wait_for_function(expression, arg=argument, polling=16, timeout=30_000)
    return (time.perf_counter() - start) * 1000


def received_bytes(page: Page) -> list[int]:
    """A list that grows by the encoded size of every response of the page, websocket frames included."""
    sizes: list[int] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda e: sizes.append(int(e["encodedDataLength"])))
    session.on("Network.webSocketFrameReceived", lambda e: sizes.append(len(e["response"]["payloadData"]) * 3 // 4))
    return sizes


def each_page(browser: Browser, server: Server, addresses: Mapping[str, str], waits: Waits) -> None:
    """Opens every page twice, first with an empty cache; adds, by name, both waits and how many charts there are."""
    for name, address in addresses.items():
        context = browser.new_context(viewport={"width": 1440, "height": 1000})
        page = context.new_page()
        for what in ("cold", "warm"):
            with suppress(TimeoutError):  # a page that never settles has no figure, the others have theirs
                waits.add(f"{what} {name}", milliseconds(page, partial(page.goto, server.url + address), READY, None))
                waits.add(f"charts {name}", page.locator(".js-plotly-plot").count())
            page.wait_for_timeout(800)
        context.close()


def one_filter(page: Page, server: Server, steps: Steps, waits: Waits, choice: int) -> None:
    """A change of the filter; adds what it took until the charts had moved, and what the server spent on it."""
    steps.open_filter(page)
    page.wait_for_timeout(500)
    before, cpu = page.evaluate(SIGNATURE), server.cpu_seconds()
    waits.add("filter", milliseconds(page, lambda: steps.choose_filter(page, choice), CHANGED, before))
    page.wait_for_timeout(1200)
    waits.add("filter_cpu", (server.cpu_seconds() - cpu) * 1000)
    page.keyboard.press("Escape")
    page.wait_for_timeout(200)


def one_reader(browser: Browser, server: Server, steps: Steps, waits: Waits, round_: int) -> None:
    """One reader's visit with an empty browser cache; adds its waits."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    sizes = received_bytes(page)
    waits.add("cold", milliseconds(page, lambda: page.goto(server.url + steps.address), PAINTED, steps.charts))
    page.wait_for_timeout(1500)
    waits.add("kilobytes", sum(sizes) / 1000)
    waits.add("warm", milliseconds(page, page.reload, PAINTED, steps.charts))
    page.wait_for_timeout(1000)
    for change in range(CHANGES):
        one_filter(page, server, steps, waits, round_ + change)
    if steps.other_page:
        steps.other_page(page)
        page.wait_for_timeout(1500)
        steps.open_menu(page)
        waits.add("switch", milliseconds(page, lambda: steps.this_page(page), PAINTED, steps.charts))
    context.close()
