"""Ingest against DuckDB's plain read_csv to Parquet of the same file, and against itself with twice the rows."""

import subprocess
import sys
import time
from pathlib import Path

import duckdb

from data.ingest import load
from data.settings import load_settings

ROOT = Path(__file__).resolve().parents[1]


def sample(folder: Path, customers: int) -> Path:
    """The invented company's exports, made unless they are there."""
    out = folder / f"exports_{customers}" / "sample"
    if not (out / "customers.csv").exists():
        words = ["-m", "data.sample", "--customers", str(customers), "--out", str(out)]
        subprocess.run([sys.executable, *words], cwd=ROOT, check=True)  # noqa: S603 - our own command
    return out


def plain_seconds(exports: Path, folder: Path) -> float:
    """Every file by DuckDB's read_csv to Parquet, types sniffed, no check."""
    start = time.perf_counter()
    with duckdb.connect() as connection:
        for file in sorted(exports.glob("*.csv")):
            target = folder / f"{file.stem}.parquet"
            connection.execute(f"copy (from read_csv('{file}', ignore_errors=true)) to '{target}'")  # noqa: S608
    return time.perf_counter() - start


def ingest_seconds(exports: Path, folder: Path) -> float:
    """The same files through contracts, ledger and rejected rows."""
    target = folder / "ingest.duckdb"
    target.unlink(missing_ok=True)
    start = time.perf_counter()
    with duckdb.connect(str(target)) as connection:
        load(connection, load_settings(ROOT / "config.yaml"), exports.parent, lambda *_: None)
    return time.perf_counter() - start
