"""One process that saves, and can be killed before a step: python one_save.py FOLDER VERSION_SEEN TITLE [STEP]"""

import os
import signal
import sys
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from data.written.store import Save, save  # noqa: E402


def main(folder: str, seen: str, title: str, killed_before: str = "") -> None:
    def on_step(step: str) -> None:
        print(step, flush=True)
        if step == killed_before:
            os.kill(os.getpid(), signal.SIGKILL)

    saves = [Save(number, {"title": title}, int(seen)) for number in ("W-1", "W-2")]
    save(Path(folder), "action", saves, "somebody", datetime(2026, 11, 27, 12), on_step)


if __name__ == "__main__":
    main(*sys.argv[1:])
