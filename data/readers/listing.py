"""A manifest: a list of files with their sha256, size and rows, that the exports must agree with."""

from pathlib import Path

from data.errors import Fault, IngestError
from data.readers.files import Export, unsafe
from data.readers.scan import Scan

FIELDS = 4
UNKNOWN = "-"
MAX_BYTES = 16 << 20


def compared(manifest: str, exports: Path, opened: list[tuple[Export, Scan]]) -> list[Fault]:
    """What in the files differs from the manifest (lines `sha256  size  rows  name`, `-` where unknown)."""
    listed = listing(manifest, exports)
    faults = []
    for export, scan in opened:
        name = export.name.partition("!")[0]
        if name not in listed:
            faults.append(Fault(name, "manifest", f"is not listed in {manifest}", "Write the manifest with the export"))
            continue
        line, expected = listed[name]
        found = (export.sha256, str(export.bytes), str(scan.records + len(scan.rejects)))
        for what, wanted, got in zip(("sha256", "size", "rows"), expected, found, strict=True):
            if wanted not in (UNKNOWN, got):
                differs = f"{what} is {got}, the manifest says {wanted} (line {line})"
                faults.append(
                    Fault(name, "manifest", differs, "The file was damaged or changed: copy or export it again")
                )
                break
    return faults


def listing(manifest: str, exports: Path) -> dict[str, tuple[int, tuple[str, str, str]]]:
    """Name -> line number and (sha256, size, rows) of a manifest."""
    path = exports / manifest
    if not path.exists():
        raise IngestError(Fault(manifest, "missing_file", "the manifest is absent", "Put it beside the export"))
    fault = unsafe(path, exports)
    if fault or path.stat().st_size > MAX_BYTES:
        raise IngestError(fault or Fault(manifest, "too_large", "too large for a manifest", "One line a file"))
    listed = {}
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        parts = line.split(maxsplit=FIELDS - 1)
        if len(parts) == FIELDS:
            listed[parts[3]] = (number, (parts[0].lower(), parts[1], parts[2]))
        elif parts and not line.startswith("#"):
            fix = "Write lines of the form: sha256  size  rows  name"
            raise IngestError(Fault(manifest, "manifest", "not four fields", fix, number))
    return listed
