"""Does CRM + CEM "add" where experience changes nothing? Sample companies without effect, one a seed.

python -m benchmarks.null_worlds [--seeds 20] [--customers 4000] [--out benchmarks/results/null_worlds.json]
"""

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from data import ingest
from data.settings import load_settings
from data.store import create_database
from metrics.results import cem_lift, revenue_at_risk
from metrics.views import create_result, create_views

ROOT = Path(__file__).resolve().parents[1]
MEMORY = "3GB"


def main() -> None:
    options = parser().parse_args()
    found = []
    for seed in range(1, options.seeds + 1):
        found.append(world(seed, options.customers))
        print(json.dumps(found[-1]), flush=True)
    verdicts = Counter(each["verdict"] for each in found)
    document = {"customers": options.customers, "verdicts": verdicts, "worlds": found}
    options.out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    print(dict(verdicts))


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m benchmarks.null_worlds")
    options.add_argument("--seeds", type=int, default=20)
    options.add_argument("--customers", type=int, default=4000)
    options.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/null_worlds.json")
    return options


def world(seed: int, customers: int) -> dict[str, object]:
    """A company without effect: the verdict and the difference in AUC, and whether money at risk is told."""
    settings = load_settings(ROOT / "config.yaml")
    with tempfile.TemporaryDirectory() as folder:
        exports = Path(folder) / "sample"
        words = ("--customers", customers, "--seed", seed, "--no-experience-effect", "--out", exports)
        command = [sys.executable, "-m", "data.sample", *map(str, words)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 our own command
        with contextlib.closing(create_database(Path(folder) / "world.duckdb", MEMORY)) as connection:
            ingest.load(connection, settings, Path(folder), lambda *_: None)
            create_views(connection, settings)
            create_result(connection, settings, "cem_lift", cem_lift.create)
            create_result(connection, settings, "revenue_at_risk", revenue_at_risk.create)
            columns = "value, low, high, n, n_stopped, verdict"
            lift = "from result_cem_lift where column_name = '' and code = '' and measure = 'auc'"
            numbers = connection.execute(f"select {columns} {lift}").fetchone()  # noqa: S608
            risk = "select low, high from result_revenue_at_risk where column_name = '' and heard = 'all'"
            low, high = connection.execute(risk).fetchone() or (0.0, 0.0)
    told = dict(zip(("delta_auc", "low", "high", "n", "n_stopped", "verdict"), numbers, strict=True))
    return {"seed": seed, **told, "is_risk_told": not low <= 0 <= high}


if __name__ == "__main__":
    main()
