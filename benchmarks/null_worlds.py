"""Does CRM + CEM "add" where experience changes nothing? Sample companies without effect, one a seed.

Counted as well is what else would be told there and is not so: money at risk, drivers of buying again (but `price`:
customers won by flash sales do buy less again), leading indicators, moments of truth. Written after each world, so that
a run that is cut short is not lost.

python -m benchmarks.null_worlds [--seeds 20] [--customers 4000] [--out benchmarks/results/null_worlds.json]
"""

import argparse
import contextlib
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from importlib.metadata import version
from pathlib import Path

import duckdb

from data import ingest
from data.settings import load_settings
from data.store import create_database
from metrics.computing import create_result
from metrics.results import cem_lift, drivers, leading_indicators, moments, revenue_at_risk
from metrics.views import create_views

ROOT = Path(__file__).resolve().parents[1]
MEMORY = "3GB"
STEPS = (cem_lift, revenue_at_risk, drivers, leading_indicators, moments)
LIFT = """
select value as delta_auc, low, high, n, n_stopped, verdict
from result_cem_lift
where column_name = '' and code = '' and measure = 'auc'
"""
TOLD = """
select
    (
        select count(*) from result_revenue_at_risk
        where column_name = '' and heard = 'all' and (low > 0 or high < 0)
    ) as money_at_risk,
    (
        select list(driver || ' ' || basis) from result_drivers where outcome = 'repurchase' and is_told
    ) as drivers,
    (
        select list(measure || ' ' || outcome) from result_leading_indicators_measure where status = 'told'
    ) as leading_indicators,
    (
        select list(touchpoint) from result_moment_of_truth where column_name = '' and told_low > 0
    ) as moments,
    (select count(*) from result_drivers where outcome = 'repurchase') as of_drivers,
    (select count(*) from result_leading_indicators_measure where status <> 'too_few') as of_leading_indicators,
    (select count(*) from result_moment_of_truth where column_name = '') as of_moments
"""


def main() -> None:
    options = parser().parse_args()
    worlds = []
    for seed in range(1, options.seeds + 1):
        started = time.monotonic()
        worlds.append(world(seed, options.customers) | {"seconds": round(time.monotonic() - started)})
        print(json.dumps(worlds[-1]), flush=True)
        document = {"on": machine(), "customers": options.customers, "found": summary(worlds), "worlds": worlds}
        options.out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(summary(worlds)))


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m benchmarks.null_worlds")
    options.add_argument("--seeds", type=int, default=20)
    options.add_argument("--customers", type=int, default=4000)
    options.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/null_worlds.json")
    return options


def world(seed: int, customers: int) -> dict[str, object]:
    """A company without effect: the verdict, the difference in AUC, and how much else is told of how many tried."""
    settings = load_settings(ROOT / "config.yaml")
    with tempfile.TemporaryDirectory() as folder:
        exports = Path(folder) / "sample"
        words = ("--customers", customers, "--seed", seed, "--no-experience-effect", "--out", exports)
        command = [sys.executable, "-m", "data.sample", *map(str, words)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 our own command
        with contextlib.closing(create_database(Path(folder) / "world.duckdb", MEMORY)) as connection:
            ingest.load(connection, settings, Path(folder), lambda *_: None)
            create_views(connection, settings)
            for step in STEPS:
                create_result(connection, settings, step.__name__.rpartition(".")[2], step.create)
            return {"seed": seed} | first_row(connection, LIFT) | {"told": first_row(connection, TOLD)}


def first_row(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, object]:
    result = connection.execute(sql)
    names = [column[0] for column in result.description]
    return dict(zip(names, result.fetchone(), strict=True))


def summary(worlds: list[dict]) -> dict[str, object]:
    """Worlds by verdict; of what was tried in all of them how much was told, and in how many worlds anything was."""
    found = {"worlds": len(worlds), "verdicts": dict(Counter(each["verdict"] for each in worlds))}
    for name in ("money_at_risk", "drivers", "leading_indicators", "moments"):
        told = [false_findings(each["told"][name]) for each in worlds]
        tried = sum(each["told"].get(f"of_{name}", 1) for each in worlds)
        found[name] = {"told": sum(told), "tried": tried, "worlds": sum(n > 0 for n in told)}
    return found


def false_findings(told: int | list[str] | None) -> int:
    """How many findings of a kind are none; a discount's is true."""
    return told if isinstance(told, int) else sum(not name.startswith("price ") for name in told or [])


def machine() -> dict[str, str]:
    return {"python": platform.python_version(), "machine": platform.machine()} | {
        name: version(name) for name in ("duckdb", "numpy", "scipy")
    }


if __name__ == "__main__":
    main()
