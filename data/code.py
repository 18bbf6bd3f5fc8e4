"""Which program reads the exports and computes: its own code and contracts, and the engine, as one hash."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import duckdb

from data.manifest import file_digest

ROOT = Path(__file__).resolve().parents[1]
CODE = (
    "data/*.py",
    "data/readers/*.py",
    "data/written/register.py",
    "data/contracts/*.yaml",
    "metrics/**/*.py",
    "metrics/reading/*.yaml",
)


@cache
def code_version() -> str:
    """As it was when this process first asked: what is in memory, whoever edits a file meanwhile."""
    return f"{tree_digest(CODE)} {duckdb.__version__}"


def tree_digest(patterns: Iterable[str]) -> str:
    """Hash of the project's files that fit the patterns, with their names."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in ROOT.glob(pattern)}):
        digest.update(f"{path.relative_to(ROOT).as_posix()}:{file_digest(path)}\n".encode())
    return digest.hexdigest()
