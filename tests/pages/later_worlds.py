"""Later snapshots of a company without a refresh: the one served is copied, changed by SQL and published for real."""

import hashlib
import shutil
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import duckdb

from data.manifest import DATA, read_manifest, read_pointer
from data.snapshot import Content, Origin, Work, publish

MORE_CUSTOMERS = (
    "insert into canonical.customers by name select * replace (customer_id || '+' as customer_id) "
    "from canonical.customers limit 30"
)
ONE_MORE_ROW = (
    "update meta.ledger set rows_in = rows_in + 1, rows_loaded = rows_loaded + 1 where table_name = 'customers'"
)
MORE_REVENUE = "update cube_metric_month set numerator = numerator * 2 where metric = 'revenue'"


def company_of(snapshots: Path, folder: Path) -> Path:
    """A folder of snapshots of its own, that begins with the one served."""
    name = read_pointer(snapshots)
    shutil.copytree(snapshots / name, folder / name)
    (folder / "current").write_text(name)
    folder.chmod(0o700)
    return folder


def loaded(
    directory: Path, changes: Sequence[str], keep: int = 10, definitions: str | None = None, like: str | None = None
) -> str:
    """Id of a snapshot loaded a day after the one served, with its data (or that of `like`) but for `changes`."""
    served = read_manifest(directory / read_pointer(directory))
    text = "\n".join((served.id, *changes))
    content = Content(hashlib.sha256(text.encode()).hexdigest(), definitions or served.definitions_version, ())

    def build(path: Path, origin: Origin) -> None:
        shutil.copyfile(directory / (like or served.id) / DATA, path)
        with closing(duckdb.connect(str(path))) as connection:
            for change in changes:
                connection.execute(change)
            connection.execute("update meta.snapshot set id = ?", [origin.id])
            connection.execute("checkpoint")

    work = Work(lambda: content, build, served.built_at + timedelta(days=1), keep)
    return publish(directory, work).manifest.id
