"""What decides a snapshot: the exports, the settings, the definitions and the code that reads them, as one hash."""

import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path

from data.adapters import load_adapter
from data.contracts import contracts_with_segments
from data.errors import Fault, IngestError
from data.manifest import Input, file_digest
from data.readers.files import MAX_BYTES
from data.settings import Settings
from data.snapshot import Content

LARGEST_FILE = MAX_BYTES  # a larger one is refused by ingest, unread


def content_of(settings: Settings, exports: Path, definitions: str, code: str, written: str = "") -> Content:
    """Hashes of all that goes into a snapshot; definitions (metrics and views) and code as they were at the beginning.

    written: of what people wrote in the pages.

    Raises ConfigError for an adapter, IngestError without the folder.
    """
    if not exports.is_dir():
        fix = "Give the folder where the adapters' file names start, with --exports DIR"
        raise IngestError(Fault(str(exports), "missing_folder", "there is no such folder", fix))
    inputs = tuple(sorted(input_files(settings, exports), key=lambda file: (file.source, file.file)))
    digest = hashlib.sha256()
    for part in (
        definitions,
        code,
        settings.model_dump_json(exclude={"snapshots"}),
        *(path.read_text(encoding="utf-8") for path in settings.adapter_paths()),
        *(file.model_dump_json() for file in inputs),
        *([written] if written else []),
    ):
        digest.update(f"{len(part)}:{part}".encode())
    return Content(digest.hexdigest(), definitions, inputs)


def input_files(settings: Settings, exports: Path) -> Iterator[Input]:
    """Every file that an adapter names. What is no regular file, or is too large, is named and not opened."""
    contracts = contracts_with_segments(settings.segment_columns, settings.number_columns)
    for source, path in zip(settings.sources, settings.adapter_paths(), strict=True):
        files = load_adapter(path, contracts).all_files().values()
        patterns = {
            pattern for file in files for pattern in (*file.pattern, *([file.manifest] if file.manifest else ()))
        }
        for name in sorted({name for pattern in patterns for name in exports.glob(pattern)}):
            state = name.lstat()
            is_read = stat.S_ISREG(state.st_mode) and state.st_size <= LARGEST_FILE
            digest = file_digest(name) if is_read else "not read"
            yield Input(source=source, file=name.relative_to(exports).as_posix(), bytes=state.st_size, sha256=digest)
