"""What to look at, for who does not open the dashboard: `python -m pages.digest`, for cron and e-mail.

--language fr|en  --to ADDRESS...  --sender ADDRESS  --site http://HOST:PORT  --snapshots DIR  --again
--out FILE        .eml, .html or .txt by its name; without it the message goes to standard output

  python -m pages.digest --language fr --to board@example.org | sendmail -t

Exit codes: 0 written; 3 nothing changed since the last digest, nothing written; 1 it cannot be made; 2 wrong options.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from data.durable import replace_private
from data.errors import DataError
from metrics.errors import MetricError
from pages.frame import NAMES
from pages.ui import store
from pages.ui.access import reader
from pages.ui.address import View, parse
from pages.ui.digests import Digest, as_html, as_text, digest, message
from pages.ui.text import LANGUAGES

NOTHING_CHANGED = 3
LAST = "last_digest.json"  # beside the folder of the snapshots: language -> fingerprint


def main(words: list[str] | None = None) -> int:
    options = parser().parse_args(words)
    if options.snapshots:
        os.environ["OUTSIDE_IN_SNAPSHOTS"] = str(options.snapshots.resolve())
    try:
        view = whole_company(options.language)
        found = digest(view, options.site.rstrip("/"))
    except (DataError, MetricError) as error:
        print(error, file=sys.stderr)
        return 1
    place = store.directory().parent / LAST
    last = json.loads(place.read_text("utf-8")) if place.exists() else {}
    if last.get(options.language) == found.fingerprint and not options.again:
        print(f"Nothing changed since the last digest ({options.language}): nothing is written.", file=sys.stderr)
        return NOTHING_CHANGED
    deliver(found, options)
    said = json.dumps(last | {options.language: found.fingerprint}, indent=1)
    replace_private(place, said, place.with_suffix(".new"))
    return 0


def whole_company(language: str) -> View:
    """The last 12 full months of the newest snapshot, nothing filtered."""
    snapshot = store.snapshot_for(None)
    choices = store.choices(snapshot.id, reader(), NAMES, store.kept())
    return parse({"lang": [language]}, "overview", choices, snapshot.id)


def deliver(found: Digest, options: argparse.Namespace) -> None:
    """To the file, by its name, or to standard output."""
    kind = options.out.suffix if options.out else ".eml"
    if kind == ".html":
        content = as_html(found, options.language).encode()
    elif kind == ".txt":
        content = as_text(found, options.language).encode()
    else:
        content = message(found, options.language, options.sender, options.to).as_bytes()
    if options.out:
        options.out.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        prog="python -m pages.digest", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0])
    options.add_argument("--to", nargs="*", default=[], metavar="ADDRESS")
    options.add_argument("--sender", default="outside-in@localhost", metavar="ADDRESS")
    options.add_argument("--site", default="http://127.0.0.1:8501", metavar="URL")
    options.add_argument("--snapshots", type=Path, metavar="DIR")
    options.add_argument("--out", type=Path, metavar="FILE")
    options.add_argument("--again", action="store_true", help="write it even if nothing changed")
    return options


if __name__ == "__main__":
    raise SystemExit(main())
