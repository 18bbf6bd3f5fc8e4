"""python -m data.sample: write the exports of the invented company.

Same options, same files, to the last byte. A world is made in parts of PART customers, so that a million fit in memory.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from tqdm import tqdm

from data.sample import organisation, records, truth_tables
from data.sample.calendar import LONGEST, Calendar
from data.sample.dirt import soil
from data.sample.export import CsvFolder
from data.sample.words import write_words
from data.sample.world import Numbers, world

PART = 50_000
COMPANY = 1_000_000  # stream of random numbers of the tables about the company itself
EXPORTS = Path(__file__).resolve().parents[2] / "data" / "exports" / "sample"
PER_CUSTOMER = (
    "customers", "orders", "order_lines", "contacts", "surveys",
    "issues", "digital_sessions", "offers", "leads", "suggestions",
)  # fmt: skip

TRUTHS = ("verbatims", "notes", "lives")


def write_company(customers: int, months: int, seed: int, effect: bool, out: Path, truth: bool = False) -> None:
    """Write every canonical table as `out`/<table>.csv; with `truth`, what really was in `out`/truth."""
    folder, numbers, calendar = CsvFolder(out), Numbers(), Calendar(months)
    truth_folder = CsvFolder(out / "truth") if truth else None
    folder.add("products", organisation.products_table())
    folder.add("teams", organisation.teams_table())
    folder.add("tools", organisation.tools_table())
    folder.add("actions", organisation.actions_table())
    rng = np.random.default_rng([seed, COMPANY])
    folder.add("self_ratings", organisation.self_ratings_table(calendar, rng))
    folder.add("culture_answers", organisation.culture_answers_table(calendar, rng))
    firsts = range(1, customers + 1, PART)
    for part, first in enumerate(tqdm(firsts, desc="sample company", disable=len(firsts) == 1)):
        rng = np.random.default_rng([seed, part])
        made = world(rng, first, min(PART, customers + 1 - first), calendar, numbers, effect)
        write_words(made, numbers, rng)
        for name in PER_CUSTOMER:
            folder.add(name, getattr(records, name)(made))
        for name in TRUTHS if truth_folder else ():
            truth_folder.add(name, getattr(truth_tables, name)(made))
    folder.close()
    if truth_folder:
        truth_folder.close()
    soil(out, folder.rows)


def options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m data.sample", description="Write the invented company's exports.")
    parser.add_argument("--customers", type=int, default=20_000, metavar="N", help="how many customers (20,000)")
    parser.add_argument("--months", type=int, default=36, metavar="M", help="months of data, up to 2026-10-31 (36)")
    parser.add_argument("--seed", type=int, default=1954, metavar="S", help="another seed, another company (1954)")
    parser.add_argument(
        "--no-experience-effect",
        dest="effect",
        action="store_false",
        help="what customers live changes nothing in what they do or answer later",
    )
    parser.add_argument(
        "--out", type=Path, default=EXPORTS, metavar="DIR", help="folder of the files (data/exports/sample)"
    )
    parser.add_argument("--truth", action="store_true", help="also write what really was to DIR/truth, for tests")
    given = parser.parse_args(words)
    if given.customers < 1:
        parser.error(f"--customers {given.customers}: at least 1")
    if not 1 <= given.months <= LONGEST:
        parser.error(f"--months {given.months}: 1 to {LONGEST}")
    return given


def main(words: list[str]) -> int:
    given = options(words)
    write_company(given.customers, given.months, given.seed, given.effect, given.out, given.truth)
    print(f"{given.customers:,} customers, {given.months} months to 2026-10-31, seed {given.seed}: {given.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
