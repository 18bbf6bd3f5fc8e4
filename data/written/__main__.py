"""The register that people wrote, as CSV: out, or in (all rows or none).

--export FILE     write it
--import FILE     save the rows of a CSV; every fault is told with its line, column, value and rule
--snapshots DIR   folder of the snapshots, beside which it is kept (default data/snapshots); OUTSIDE_IN_WRITTEN
                  names another place

Exit code: 0 done, 1 the file has faults or cannot be read and nothing was saved.
"""

import argparse
import getpass
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from data.errors import StoreFault, printable
from data.written.register import KIND, written_actions
from data.written.store import Conflict, folder_for, save
from data.written.tables import Standing, csv_of, read


def main(arguments: Sequence[str] | None = None) -> int:
    found = argparse.ArgumentParser(prog="python -m data.written", description="Actions that people wrote, as CSV.")
    act = found.add_mutually_exclusive_group(required=True)
    act.add_argument("--export", type=Path, metavar="FILE", dest="out")
    act.add_argument("--import", type=Path, metavar="FILE", dest="file")
    found.add_argument("--snapshots", type=Path, default=Path("data/snapshots"), metavar="DIR")
    options = found.parse_args(arguments)
    folder = folder_for(options.snapshots)
    standing = {written.id: Standing(written.content, written.version) for written in written_actions(folder)}
    if options.out:
        options.out.write_bytes(csv_of(standing))
        print(f"{len(standing)} actions written to {options.out}.")
        return 0
    return imported(options.file, folder, standing)


def imported(file: Path, folder: Path, standing: dict[str, Standing]) -> int:
    try:
        saves, faults = read(file.read_text(encoding="utf-8-sig"), standing)
        for fault in faults:
            wrong = fault.wrong
            print(
                printable(f"{file}:{fault.line}:{wrong.column}: {wrong.value!r} breaks {wrong.rule}"), file=sys.stderr
            )
        if faults:
            print("Nothing was saved.", file=sys.stderr)
            return 1
        save(folder, KIND, saves, getpass.getuser(), datetime.now())
    except (OSError, UnicodeDecodeError, Conflict, StoreFault) as error:
        print(f"{printable(str(error))}. Nothing was saved.", file=sys.stderr)
        return 1
    print(f"{len(saves)} actions saved.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
