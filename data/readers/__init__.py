"""Readers of files: each finds the records of one format by itself, before any engine does."""

from pathlib import Path

from data.adapters import File
from data.readers.delimited import delimited_scan
from data.readers.files import Export
from data.readers.scan import Scan


def scan_of(export: Export, file: File, scratch: Path) -> Scan:
    """The records of a file in the format that its adapter declares."""
    return delimited_scan(export, file, scratch)
