"""Parquet as a Scan: flat columns of plain types, turned into texts by the engine."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data.adapters import File
from data.errors import Fault, IngestError
from data.readers.delimited import MAX_COLUMNS
from data.readers.files import Export, engine_path
from data.readers.scan import Lines, Scan
from data.sql import identifier, literal

CODECS = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4", "LZ4_RAW"}
MAX_EXPANDED = 16 << 30


def parquet_scan(export: Export, file: File, scratch: Path) -> Scan:
    """The rows of a Parquet file, numbered from 1 as lines. A warning when no manifest vouches for its bytes."""
    metadata, schema = footer(export)
    fault = unreadable(export, metadata, schema)
    if fault:
        raise IngestError(fault)
    names = tuple(schema.names)
    columns = ", ".join(f"nullif(cast({identifier(name)} as varchar), '') as c{i}" for i, name in enumerate(names))
    path = engine_path(export.path, scratch)
    relation = f"(select {columns} from read_parquet({literal(str(path))}))"  # noqa: S608 - names are quoted
    lines = Lines()
    lines.add(np.arange(1, metadata.num_rows + 1))
    unverified = "its bytes cannot be verified: give a manifest with sha256 in the adapter"
    warnings = () if file.manifest else (("unverifiable", unverified),)
    return Scan(names, relation, metadata.num_rows, lines, is_mangled=True, warnings=warnings)


def footer(export: Export) -> tuple[pq.FileMetaData, pa.Schema]:
    fix = "Export it again"
    if not export.path.stat().st_size:
        raise IngestError(Fault(export.name, "empty", "the file is empty", fix))
    try:
        with pq.ParquetFile(export.path) as parquet:
            return parquet.metadata, parquet.schema_arrow
    except (pa.ArrowException, OSError) as error:
        found = f"not a whole Parquet file: {str(error).splitlines()[0][:200]}"
        raise IngestError(Fault(export.name, "content", found, fix)) from None


def unreadable(export: Export, metadata: pq.FileMetaData, schema: pa.Schema) -> Fault | None:
    """Why a Parquet file is not read: too wide, nested, an unusual codec, far larger than it seems."""
    if metadata.num_columns > MAX_COLUMNS:
        return Fault(export.name, "header", f"{metadata.num_columns:,} columns", f"At most {MAX_COLUMNS:,} are read")
    nested = [field.name for field in schema if pa.types.is_nested(field.type)]
    if nested:
        return Fault(export.name, "nested", f"nested columns: {', '.join(nested[:5])}", "Export flat columns")
    if len(set(schema.names)) != len(schema.names):
        return Fault(export.name, "header", "column names stand twice", "Give every column a name of its own")
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
    codecs = {group.column(i).compression for group in groups for i in range(group.num_columns)} - CODECS
    if codecs:
        return Fault(
            export.name, "codec", f"compressed with {', '.join(sorted(codecs))}", f"Use {', '.join(sorted(CODECS))}"
        )
    expanded = sum(group.total_byte_size for group in groups)
    if expanded > MAX_EXPANDED:
        return Fault(export.name, "bomb", f"unpacks to {expanded:,} bytes", "Split it into several files")
    return None
