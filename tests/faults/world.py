"""A small company in a folder: write exports, load them, look at what came in, was rejected, was refused."""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import yaml

from data.errors import Fault, IngestError
from data.ingest import load
from data.settings import load_settings

COMPANY = {"name": "Test", "currency": "EUR", "time_zone": "Europe/Paris"}


class Plain(yaml.SafeDumper):
    """Writes what stands twice out in full."""

    def ignore_aliases(self, data: object) -> bool:
        return True


@dataclass
class Outcome:
    """What a load left behind; `faults` is empty when it succeeded."""

    connection: duckdb.DuckDBPyConnection
    faults: tuple[Fault, ...] = ()

    def rows(self, sql: str) -> list[tuple]:
        return self.connection.execute(sql).fetchall()

    def column(self, sql: str) -> list:
        return [row[0] for row in self.rows(sql)]

    @property
    def rules(self) -> set[str]:
        return {fault.rule for fault in self.faults}

    @property
    def rejects(self) -> list[tuple[int, str, str]]:
        """(line, column, rule) of the rejected rows."""
        return self.rows("select line, column_name, rule from meta.rejects order by all")

    @property
    def warnings(self) -> set[str]:
        return set(self.column("select rule from meta.warnings"))

    def ledger(self, table: str) -> dict[str, int]:
        """Sums of the ledger over the files of a table."""
        names = ("rows_in", "rows_loaded", "rows_rejected", "rows_duplicate", "rows_superseded", "rows_not_applicable")
        sums = ", ".join(f"coalesce(sum({name}), 0)::bigint" for name in names)
        values = self.connection.execute(f"select {sums} from meta.ledger where table_name = ?", (table,)).fetchone()
        return dict(zip((name.removeprefix("rows_") for name in names), values, strict=True))

    def holds(self) -> bool:
        """In = the sum of what became of it, loaded = the table's rows, rejected = the rejected rows told."""
        for table, rows_in, parts in self.rows(
            "select table_name, rows_in, rows_loaded + rows_rejected + rows_duplicate + rows_superseded"
            " + rows_not_applicable from meta.ledger"
        ):
            assert rows_in == parts, f"{table}: {rows_in} rows came in, {parts} are accounted for"
        tables = self.column("select distinct table_name from meta.ledger where table_name <> '(lookup)'")
        for table in tables:
            told = self.ledger(table)
            assert self.column(f"select count(*) from canonical.{table}") == [told["loaded"]]
            assert self.column(f"select count(*) from meta.rejects where table_name = '{table}'") == [told["rejected"]]
        return True


@dataclass
class World:
    """The folder of a company: `exports` with its files, an adapter, a config."""

    folder: Path
    company: dict = field(default_factory=lambda: dict(COMPANY))
    thresholds: dict = field(default_factory=lambda: {"max_rejected_share": 1.0, "max_orphan_share": 1.0})
    segments: dict = field(default_factory=dict)

    @property
    def exports(self) -> Path:
        folder = self.folder / "exports"
        folder.mkdir(exist_ok=True)
        return folder

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.exports / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def load(self, adapter: dict) -> Outcome:
        """Load with an adapter given as a dictionary; faults are kept in the outcome."""
        written = yaml.dump({"adapter": "test", **adapter}, Dumper=Plain, sort_keys=False)
        (self.folder / "adapter.yaml").write_text(written)
        config = {"company": self.company, "sources": ["./adapter.yaml"], "thresholds": self.thresholds}
        if self.segments:
            config["segments"] = self.segments
        (self.folder / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False))
        settings = load_settings(self.folder / "config.yaml")
        connection = duckdb.connect(config={"threads": 2})
        try:
            load(connection, settings, self.exports, lambda done, total, name: None)
        except IngestError as error:
            return Outcome(connection, error.faults)
        return Outcome(connection)

    def load_canonical(self, *tables: str, **options: object) -> Outcome:
        """Load files that have the canonical columns."""
        return self.load({"canonical": {"tables": list(tables), **options}})

    def load_file(self, columns: dict | None, table: str = "products", pattern: str = "file.csv", **options) -> Outcome:
        """Load one file into one table."""
        feed = {"table": table} if columns is None else {"table": table, "columns": columns}
        return self.load({"files": {"file": {"pattern": pattern, "feeds": [feed], **options}}})


def short(value: object) -> str:
    """Name of a parameter of a test: short texts only (bytes and archives differ from run to run)."""
    return value if isinstance(value, str) and len(value) < 30 and value.isprintable() else "-"
