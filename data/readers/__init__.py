"""Readers of files: each finds the records of one format by itself, before any engine does."""

from pathlib import Path

from data.adapters import File
from data.readers.delimited import delimited_scan
from data.readers.excel import excel_scan
from data.readers.files import Export
from data.readers.jsonl import jsonl_scan
from data.readers.parquet import parquet_scan
from data.readers.scan import Scan
from data.readers.whitespace import whitespace_scan

READERS = {
    "csv": delimited_scan,
    "whitespace": whitespace_scan,
    "jsonl": jsonl_scan,
    "parquet": parquet_scan,
    "excel": excel_scan,
}


def scan_of(export: Export, file: File, scratch: Path) -> Scan:
    """The records of a file in the format that its adapter declares."""
    return READERS[file.format](export, file, scratch)
