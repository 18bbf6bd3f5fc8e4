"""A snapshot to ask: what every test of a measured number starts from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import duckdb

from data.settings import Settings
from data.store import Snapshot, open_snapshot
from metrics.definitions import Catalogue, catalogue_of
from metrics.selection import Period, Selection, choice

LAST_YEAR = Period.of_months("2025-11", "2026-10")  # the sample's last twelve months


@dataclass(frozen=True)
class Company:
    """An open snapshot with the catalogue it was built from."""

    snapshot: Snapshot
    catalogue: Catalogue

    @classmethod
    def of(cls, snapshots: Path) -> Self:
        """The current snapshot of a snapshots folder."""
        snapshot = open_snapshot(snapshots)
        return cls(snapshot, catalogue_of(snapshot.cursor()))

    @cached_property
    def settings(self) -> Settings:
        return self.snapshot.settings()

    @property
    def cursor(self) -> duckdb.DuckDBPyConnection:
        return self.snapshot.cursor()

    def ask(self, function: Callable, selection: Selection, *arguments):
        """`function(cursor, catalogue, selection, *arguments)`, which is how metrics/ is asked."""
        return function(self.cursor, self.catalogue, selection, *arguments)

    def rows(self, sql: str, parameters: Sequence = ()) -> list[tuple]:
        return self.cursor.execute(sql, parameters).fetchall()


def last_year(versus: str = "none", **where: Sequence[str]) -> Selection:
    """The sample's last twelve months of those who meet `where`."""
    return Selection(LAST_YEAR, versus, choice(where))
