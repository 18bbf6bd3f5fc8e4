"""One refresh of a very small snapshot in a process of its own, which may be told to die: run by test_crash.py.

python one_refresh.py DIRECTORY WORD [--kill-before STEP] [--rows N] [--fail CALL NUMBER] [--pause STEP FILE]
                                        [--as-nobody] [--read-only]
"""

import argparse
import errno
import os
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from data.errors import DataError
from data.limited import run_limited
from data.snapshot import publish
from data.store import open_snapshot
from tests.data.small import fill, words_in, work

CALLS = ("fsync", "replace", "rename", "write", "open", "mkdir")


def fill_in_child(say, path: Path, word: str, rows: int) -> None:
    fill(path, word, rows)


def fail_call(name: str, number: int) -> None:
    """The number-th call of os.<name> by this process fails as a broken disk does."""
    real, calls = getattr(os, name), iter(range(1, 1_000_000))

    def failing(*arguments, **options):
        if next(calls) == number:
            print("injected", flush=True)
            raise OSError(errno.EIO, os.strerror(errno.EIO), f"injected into {name} {number}")
        return real(*arguments, **options)

    setattr(os, name, failing)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    parser.add_argument("word")
    parser.add_argument("--days", type=int, default=1)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--kill-before")
    parser.add_argument("--fail", nargs=2)
    parser.add_argument("--pause", nargs=2)
    parser.add_argument("--as-nobody", action="store_true", help="give up root's rights, once all is imported")
    parser.add_argument("--read-only", action="store_true", help="print the word that a reader finds, publish nothing")
    options = parser.parse_args()
    if options.as_nobody and os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    if options.read_only:
        print(*words_in(open_snapshot(options.directory)))
        return 0

    def on_step(step: str) -> None:
        if step == options.kill_before:
            os.kill(os.getpid(), signal.SIGKILL)
        if options.pause and step == options.pause[0]:
            Path(options.pause[1]).touch()
            time.sleep(600)

    def build(path: Path, origin) -> None:
        run_limited(fill_in_child, (path, options.word, options.rows))

    job = work(options.word, options.days, keep=2, build=build)
    if options.fail:
        fail_call(options.fail[0], int(options.fail[1]))
    try:
        print(publish(options.directory, job, on_step).kind)
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
