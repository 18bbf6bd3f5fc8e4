"""`python -m benchmarks`: the Overview beside the bare Streamlit page and the same page in Dash, the data side, ingest.

Only ratios of one run mean anything: the machines are noisy. Writes benchmarks/results/<name>.json and prints the same.
"""

import argparse
import asyncio
import json
import platform
import tempfile
from dataclasses import asdict
from datetime import date
from importlib.metadata import version
from itertools import product
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.browser import Steps, Waits, each_page, one_reader
from benchmarks.data_side import opening_queries
from benchmarks.ingest import ingest_seconds, plain_seconds, sample
from benchmarks.readers import load
from benchmarks.servers import dash, streamlit
from metrics.selection import Period
from pages.frame import NAMES
from pages.overview import METRICS

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OPENING = Period(date(2025, 11, 1), date(2026, 11, 1))
STOCK = {"STREAMLIT_RUNNER_POST_SCRIPT_GC": "true"}  # as Streamlit comes, whatever our .streamlit/config.toml says
MEASURES = ("cold", "warm", "filter", "switch", "filter_cpu", "filter_new", "filter_cpu_new", "kilobytes", "memory_mb")
MOST_CHARTS = 8  # on one page, as far as the bare page is measured
REGIONS = ["north", "east", "south", "west", "paris"]


def option(page, position: int) -> None:
    page.get_by_role("option").nth(position).click()


def menu(page, group: str) -> None:
    page.keyboard.press("Escape")
    page.get_by_test_id("stTopNavSection").filter(has_text=group).click()


BARE = Steps(
    charts=2,
    address="/",
    open_filter=lambda page: page.locator('[data-testid="stSelectbox"] input').first.click(),
    choose_filter=lambda page, n: option(page, 1 + n % 8),
    other_page=lambda page: page.get_by_role("link", name="Metrics").first.click(),
    open_menu=lambda page: None,
    this_page=lambda page: page.get_by_role("link", name="Overview").first.click(),
)
OURS = Steps(
    charts=2,
    address="/?lang=en",
    open_filter=lambda page: page.locator('[data-testid="stMultiSelect"] input').first.click(),
    choose_filter=lambda page, n: option(page, 1),  # of those not chosen yet
    other_page=lambda page: (menu(page, "Trust"), page.get_by_role("menuitem", name="Metrics").click()),
    open_menu=lambda page: menu(page, "Steer"),
    this_page=lambda page: page.get_by_role("menuitem", name="Overview").click(),
)
DASH = Steps(
    charts=2,
    address="/",
    open_filter=lambda page: page.locator("#filter").click(),
    choose_filter=lambda page, n: option(page, 1 + n % 8),
    other_page=None,
    open_menu=None,
    this_page=None,
)


def pages(snapshots: dict[str, Path], rounds: int) -> dict[str, Waits]:
    """Waits of one reader, the pages interleaved in every round."""
    waits: dict[str, Waits] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        for round_ in range(rounds):
            runs = [("bare", streamlit("bare", "benchmarks/apps/bare.py", STOCK), BARE), ("dash", dash(), DASH)]
            for name, folder in snapshots.items():
                environment = {"OUTSIDE_IN_SNAPSHOTS": str(folder)}
                runs.append((name, streamlit(name, "dashboard.py", environment), OURS))
            for name, server, steps in runs:
                found, first = waits.setdefault(name, Waits()), Waits()
                with server as running:
                    if steps is OURS:
                        running.rest()
                    one_reader(browser, running, steps, first, round_)  # warms the server up
                    for what in ("filter", "filter_cpu"):
                        found.samples.setdefault(f"{what}_new", []).extend(first.samples[what][1:])
                    for _ in range(2):
                        one_reader(browser, running, steps, found, round_)
                    found.add("memory_mb", running.memory_mb())
                    if steps is OURS:
                        addresses = {page: f"/{page if page != NAMES[0] else ''}?lang=en" for page in NAMES}
                        each_page(browser, running, addresses, found)
                    elif steps is BARE:
                        each_page(browser, running, {str(n): f"/?charts={n}" for n in range(MOST_CHARTS + 1)}, found)
        browser.close()
    return waits


def many_readers(snapshots: dict[str, Path]) -> dict[str, list[dict]]:
    """One, ten and twenty-five readers with one second of thought, then one and a hundred with thirty, bare and ours.

    Memory after the first runs and after three hundred more of one reader tells what a rerun leaves behind.
    """
    queries = [f"region={a},{b}" if a != b else f"region={a}" for a in REGIONS for b in REGIONS if a <= b]
    found: dict[str, list[dict]] = {}
    runs = [("bare", streamlit("bare", "benchmarks/apps/bare.py", STOCK))]
    runs += [(n, streamlit(n, "dashboard.py", {"OUTSIDE_IN_SNAPSHOTS": str(f)})) for n, f in snapshots.items()]
    for name, server in runs:
        with server as running:
            asyncio.run(load(running.url, queries, 1))  # warms the server up
            for readers, think, reruns in ((1, 1.0, 10), (10, 1.0, 10), (25, 1.0, 10), (1, 3.0, 10), (100, 30.0, 3)):
                one = asdict(asyncio.run(load(running.url, queries, readers, think, reruns)))
                found.setdefault(name, []).append(one | {"memory_mb": round(running.memory_mb(), 1)})
            before = running.memory_mb()
            asyncio.run(load(running.url, queries, 1, 0.0, 300))
            found[name].append({"memory_growth_over_300_reruns": round(running.memory_mb() / before - 1, 4)})
    return found


def table(waits: dict[str, Waits]) -> list[dict]:
    """A row a measure: medians, and ratios to the bare page; of a page, to the bare one with as many charts.

    "new": choices that nobody made before on that server, but for the first, which loads what all need.
    """
    rows = [row(what, {name: found.median(what) for name, found in waits.items()}) for what in MEASURES]
    for what, page in product(("cold", "warm"), NAMES):
        charts = int(max(found.median(f"charts {page}") or 0 for found in waits.values()))
        medians = {name: found.median(f"{what} {page}") for name, found in waits.items()}
        medians["bare"] = waits["bare"].median(f"{what} {min(charts, MOST_CHARTS)}")
        rows.append(row(f"{what} {page}", medians) | {"charts": charts})
    return rows


def row(what: str, medians: dict[str, float | None]) -> dict:
    bare = medians["bare"]
    ratios = {f"{name} / bare": round(m / bare, 2) for name, m in medians.items() if m and bare and name != "bare"}
    return {"what": what, **{name: m and round(m, 1) for name, m in medians.items()}, **ratios}


def ingest(folder: Path, customers: int) -> list[dict]:
    """Seconds of ingest and of the plain load, for so many customers and for twice as many."""
    rows = []
    for count in (customers, customers * 2):
        exports = sample(folder, count)
        plain, ours = plain_seconds(exports, folder), ingest_seconds(exports, folder)
        rows.append({"customers": count, "plain_s": round(plain, 2), "ours_s": round(ours, 2), "ratio": ours / plain})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--snapshots", nargs="+", default=["sample=data/snapshots"], help="name=folder, several allowed"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=["pages", "readers", "data", "ingest"], nargs="*")
    parser.add_argument("--ingest-customers", type=int, default=20_000)
    parser.add_argument("--name", default=f"{date.today():%Y-%m-%d}")
    chosen = parser.parse_args()
    parts = chosen.only or ["pages", "readers", "data", "ingest"]
    snapshots = {name: Path(folder).resolve() for name, _, folder in (s.partition("=") for s in chosen.snapshots)}
    machine = {"python": platform.python_version(), "machine": platform.machine()}
    found: dict = {"on": machine | {name: version(name) for name in ("streamlit", "duckdb", "plotly", "pandas")}}
    if "pages" in parts:
        found["pages"] = table(pages(snapshots, chosen.rounds))
    if "readers" in parts:
        found["readers"] = many_readers(snapshots)
    if "data" in parts:
        names = list(METRICS)
        found["queries_ms"] = {n: opening_queries(f, names, OPENING, "region") for n, f in snapshots.items()}
    if "ingest" in parts:
        with tempfile.TemporaryDirectory() as folder:
            found["ingest"] = ingest(Path(folder), chosen.ingest_customers)
    target = ROOT / "benchmarks" / "results" / f"{chosen.name}.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))
    print(f"written to {target}")


if __name__ == "__main__":
    main()
