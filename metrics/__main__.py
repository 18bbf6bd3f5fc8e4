"""Ask a snapshot from the terminal.

    python -m metrics --list
    python -m metrics --result cem_lift --json
    python -m metrics --result leading_indicators --where region=north
    python -m metrics nps --by region --where persona=families --from 2025-11 --to 2026-10 --vs year_before --json

Without --from and --to the whole snapshot is measured, and that is said. Exit codes: 0 answered, 1 no snapshot or no
answer, 2 a wrong question.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

from data.errors import ConfigError, DataError
from data.settings import Settings, load_settings
from data.store import open_snapshot
from metrics.definitions import Catalogue, Metric, catalogue_of, load_catalogue
from metrics.documents import DOCUMENT, metrics_document
from metrics.errors import CatalogueError, MetricError, NotMeasurable
from metrics.ground import Ground
from metrics.query import Measurement, measure, sql_behind
from metrics.question import cuttable
from metrics.result_rows import result_rows
from metrics.selection import EVERY, VERSUS, Choice, Period, Selection, choice, month_of, months_later

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = ("value", "low", "high", "n", "numerator", "denominator", "status")
COMPARED = ("before", "change", "change_low", "change_high", "is_signal")


def main(words: Sequence[str] | None = None) -> int:
    """The command; returns the exit code."""
    options = parser().parse_args(words)
    try:
        code = answered(options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    except CatalogueError as error:
        print(error, file=sys.stderr)
        return 1
    except MetricError as error:
        print(f"metrics: {error}", file=sys.stderr)
        return 2
    except DataError as error:
        print(error, file=sys.stderr)
        return 1


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m metrics", description="Measure a metric on a snapshot.")
    add = options.add_argument
    add("metric", nargs="?", help="a name of the catalogue; --list shows them")
    add("--list", action="store_true", help="every metric, its unit, and the columns it can be cut by")
    add(
        "--result",
        metavar="NAME",
        help="what the refresh computed: cem_lift, promise_cost, ...; a wrong name lists them",
    )
    add("--by", action="append", default=[], metavar="COLUMN", help="one or two columns to cut by; repeat, or a comma")
    add("--where", action="append", default=[], metavar="COLUMN=CODE", help="filter; repeat; commas between codes")
    add("--from", dest="first", metavar="YYYY-MM", help="first month (default: the data's first)")
    add("--to", dest="last", metavar="YYYY-MM", help="last month, included (default: the data's last day)")
    add("--vs", choices=VERSUS, default="none", help="compare with another period")
    add("--every", choices=EVERY, help="one number for each whole month, quarter or week")
    add("--snapshot", metavar="ID", help="a kept snapshot (default: the one served)")
    add("--snapshots", type=Path, help="folder of snapshots (default: data/snapshots)", default=ROOT / "data/snapshots")
    add("--config", type=Path, metavar="FILE", help="config whose labels are printed (default: the snapshot's own)")
    add("--json", action="store_true", help="one JSON list, an object a row")
    add("--sql", action="store_true", help="print the SQL instead of running it")
    add("--write-docs", action="store_true", help="write docs/metrics.md from the catalogue")
    add("--check-docs", action="store_true", help="fail when docs/metrics.md is stale")
    return options


def answered(options: argparse.Namespace) -> int:
    """Do what was asked and print it."""
    if options.write_docs or options.check_docs:
        return documented(options.check_docs)
    if options.list and not has_snapshot(options):
        return listed(load_catalogue(), None, options.json)
    snapshot = open_snapshot(options.snapshots, options.snapshot)
    cursor = snapshot.cursor()
    if options.result:
        print(results(result_rows(cursor, options.result, filters(options.where)), options.json))
        return 0
    catalogue = catalogue_of(cursor)
    if options.list:
        return listed(catalogue, catalogue.ground, options.json)
    if not options.metric:
        raise NotMeasurable("name a metric; python -m metrics --list shows them")
    settings = load_settings(options.config) if options.config else snapshot.settings()
    by, asked = commas(options.by), selection(options, catalogue.ground)
    if options.sql:
        print(sql_behind(cursor, catalogue, options.metric, asked, by))
        return 0
    found = measure(cursor, catalogue, options.metric, asked, by, options.every)
    whole = "" if options.first or options.last else ", the whole snapshot"
    last = asked.period.end - timedelta(days=1)
    print(f"{options.metric}, {asked.period.start} to {last}{whole}, snapshot {snapshot.id}", file=sys.stderr)
    if options.json:
        print(json.dumps([as_object(m) for m in found], ensure_ascii=False, indent=1))
    else:
        print(as_table(catalogue.metric(options.metric), found, settings, options))
    return 0


def results(tables: dict[str, list[dict[str, object]]], is_json: bool) -> str:
    """Every table with its rows; as text, a line a row with only what it says."""
    if is_json:
        return json.dumps(tables, ensure_ascii=False, indent=1, default=str)
    lines = []
    for table, rows in tables.items():
        lines.append(f"{table}: {len(rows)} rows")
        lines += ["  " + "  ".join(f"{k} {v}" for k, v in row.items() if v not in (None, "")) for row in rows]
    return "\n".join(lines)


def has_snapshot(options: argparse.Namespace) -> bool:
    return options.snapshot is not None or (options.snapshots / "current").exists()


def documented(only_check: bool) -> int:
    """Write the generated document, or say whether it is what the catalogue says."""
    text = metrics_document(load_catalogue())
    if not only_check:
        DOCUMENT.write_text(text, encoding="utf-8")
        return 0
    if DOCUMENT.exists() and DOCUMENT.read_text(encoding="utf-8") == text:
        return 0
    print("docs/metrics.md is stale. Write it again: make docs", file=sys.stderr)
    return 1


def selection(options: argparse.Namespace, ground: Ground) -> Selection:
    start = month_of(options.first) if options.first else ground.whole.start
    end = months_later(month_of(options.last), 1) if options.last else ground.whole.end
    return Selection(Period(start, end), options.vs, filters(options.where))


def filters(written: Iterable[str]) -> Choice:
    """column=code,code of each --where."""
    pairs = []
    for text in written:
        column, sign, codes = text.partition("=")
        if not sign or not codes:
            raise NotMeasurable(f"--where {text}: write COLUMN=CODE, such as persona=families")
        pairs.append((column, commas([codes])))
    return choice(pairs)


def commas(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(part.strip() for text in texts for part in text.split(",") if part.strip())


def as_object(found: Measurement) -> dict[str, object]:
    """The by columns, the period with both ends included, then the numbers; None where there is none."""
    fields = {
        name: getattr(found, name) for name in ("numerator", "denominator", "value", "low", "high", "n", "people")
    }
    return {
        "metric": found.metric,
        **dict(found.group),
        "from": found.start.isoformat(),
        "to": (found.end - timedelta(days=1)).isoformat(),
        **{name: tidy(value) for name, value in fields.items()},
        "people_at_least": found.people,
        "status": found.status,
        **{name: tidy(getattr(found, name)) for name in COMPARED},
    }


def tidy(value: object) -> object:
    """A whole number without .0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def as_table(metric: Metric, found: Sequence[Measurement], settings: Settings, options: argparse.Namespace) -> str:
    """Aligned columns: groups by their labels, the step, the numbers."""
    names = [*commas(options.by), *(["from"] if options.every else []), *COLUMNS]
    names += COMPARED if options.vs != "none" or metric.change_of else ()
    lines = [names] + [[cell(m, name, settings) for name in names] for m in found]
    widths = [max(len(line[i]) for line in lines) for i in range(len(names))]
    is_text = [name in commas(options.by) or name in ("from", "status") for name in names]
    title = f"{metric.label['en']} ({metric.unit})"
    body = [
        "  ".join(text.ljust(w) if left else text.rjust(w) for text, w, left in zip(line, widths, is_text, strict=True))
        for line in lines
    ]
    return "\n".join([title, *(line.rstrip() for line in body)])


def cell(found: Measurement, name: str, settings: Settings) -> str:
    """One field as text: four significant figures, counts in full."""
    groups = dict(found.group)
    if name in groups:
        return settings.label(name, groups[name], "en")
    value = found.start.isoformat() if name == "from" else getattr(found, name)
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() or abs(value) >= 10_000 else f"{value:,.4g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def listed(catalogue: Catalogue, ground: Ground | None, is_json: bool) -> int:
    """Every metric; with a snapshot, only columns that it has."""
    rows = [
        {
            "name": metric.name,
            "side": metric.side,
            "unit": metric.unit,
            "direction": metric.direction,
            "by": list(cuttable(replaced(metric, catalogue), ground)) if ground else metric.by,
            "label": metric.label["en"],
            "definition": metric.definition["en"],
        }
        for metric in catalogue.metrics.values()
    ]
    if is_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        print(
            "\n".join(
                f"{r['name']:<28}{r['side']:<5}{r['unit']:<9}{r['label']}\n    by {', '.join(r['by'])}" for r in rows
            )
        )
    return 0


def replaced(metric: Metric, catalogue: Catalogue) -> Metric:
    """The metric itself, or the one whose change it is."""
    return catalogue.metric(metric.change_of) if metric.change_of else metric


if __name__ == "__main__":
    sys.exit(main())
