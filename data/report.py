"""What a refresh tells the terminal: the bar while it runs, then the ledger, the rejected rows, the warnings."""

import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import duckdb
from tqdm import tqdm

COLUMNS = ("file", "table", "in", "loaded", "rejected", "duplicate", "superseded", "not applicable")
LEDGER = """
select
    coalesce(file || ' [' || sheet || ']', file), table_name,
    rows_in, rows_loaded, rows_rejected, rows_duplicate, rows_superseded, rows_not_applicable
from meta.ledger
order by all
"""
REJECTS = """
select file, table_name, coalesce(column_name, ''), rule, count(*) as n, min(line), arg_min(message, line)
from meta.rejects
group by all
order by n desc, 1, 2, 3, 4
limit 20
"""
WARNINGS = """
select coalesce(file, source, ''), min(message), count(*) - 1 from meta.warnings group by 1, rule order by all limit 50
"""

# Share of the bar that each stage takes, in percent, where its own progress is known.
STAGES = {"inputs": 3, "reading": 55, "computing": 37, "publishing": 5}
TITLES = {
    "lock": "Looking at the exports",
    "inputs": "Looking at the exports",
    "reading": "Reading",
    "computing": "Computing",
    "publishing": "Publishing",
}


@dataclass(frozen=True)
class Account:
    """What became of the rows: ledger lines, reasons of rejection with their number, warnings of each file and rule."""

    ledger: list[tuple]
    rejects: list[tuple]
    warnings: list[tuple]


def account_of(connection: duckdb.DuckDBPyConnection) -> Account:
    """The account in a database being built, as far as it got: tables that do not exist yet count as empty."""
    made = {
        name
        for (name,) in connection.execute(
            "select table_name from information_schema.tables where table_schema = 'meta'"
        ).fetchall()
    }
    queries = {"ledger": LEDGER, "rejects": REJECTS, "warnings": WARNINGS}
    return Account(**{n: connection.execute(q).fetchall() if n in made else [] for n, q in queries.items()})


@dataclass
class Progress:
    """A bar on a terminal, nothing elsewhere; and how many seconds each stage took."""

    stage: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
    _since: float = field(default_factory=time.monotonic)
    _bar: Any = None

    def __enter__(self) -> "Progress":
        shape = "{desc:<44.44} {bar} {percentage:3.0f} % {elapsed}"
        self._bar = tqdm(total=100, bar_format=shape, disable=None, leave=False, file=sys.stderr)
        return self

    def __exit__(self, *error: object) -> None:
        self.enter("")
        self._bar.close()

    def enter(self, stage: str) -> None:
        """Begin a stage; the one before has ended."""
        if stage != self.stage:
            now = time.monotonic()
            self.seconds[self.stage] = self.seconds.get(self.stage, 0.0) + now - self._since
            self.stage, self._since = stage, now
            self.show(0, 1, "")

    def show(self, done: int, total: int, name: str) -> None:
        """`done` of `total` within the stage, at something called `name`."""
        before = 0
        for stage, share in STAGES.items():
            if stage == self.stage:
                self._bar.n = before + share * min(1.0, done / total if total else 1.0)
                self._bar.set_description_str(f"{TITLES[stage]} {name}".strip(), refresh=True)
            before += share

    def summary(self) -> str:
        """Seconds by stage, in words."""
        parts = [f"{TITLES[s].lower()} {self.seconds[s]:.1f} s" for s in STAGES if self.seconds.get(s)]
        return ", ".join(parts)


def print_account(account: Account) -> None:
    if account.ledger:
        totals = ("all files", "", *(sum(column) for column in list(zip(*account.ledger, strict=True))[2:]))
        print_table(COLUMNS, [*account.ledger, totals])
    for file, table, _, rule, count, line, message in account.rejects:
        print(f"rejected {count:>9,}  {table}, {rule}; first {file}:{line}: {message}")
    for place, message, others in account.warnings:
        like = f" (and {others:,} more of the kind)" if others else ""
        print(f"warning: {place}: {message}{like}" if place else f"warning: {message}{like}")


def print_table(header: Iterable[str], rows: list[tuple]) -> None:
    """Names to the left, numbers to the right, a dot for zero."""
    texts = [tuple(header), *(tuple(map(as_text, row)) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    for number, row in enumerate(texts):
        if number in (1, len(texts) - 1):
            print("  ".join("-" * width for width in widths))
        print("  ".join(t.ljust(w) if i < 2 else t.rjust(w) for i, (t, w) in enumerate(zip(row, widths, strict=True))))


def as_text(value: object) -> str:
    if isinstance(value, int):
        return f"{value:,}" if value else "."
    return "" if value is None else str(value)
