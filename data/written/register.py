"""Actions that people write: what may stand in each column, and how they join the register of the exports.

The contract of canonical.actions (data/contracts/actions.yaml) holds for them too. Besides: what an action should move,
for whom, against whom and by how much is fixed once it has started, so that nobody chooses the outcome that came out
well (STATISTICS 4); an action of the exports that is edited here is from then on the one written here.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.contracts import Column, contracts_with_segments
from data.written.store import Content, Written, document, entries

if TYPE_CHECKING:
    import duckdb

KIND = "action"
SOURCE = "written"
CONTRACT = contracts_with_segments(())["actions"]
COLUMNS = tuple(CONTRACT.columns)
FROZEN = ("target_metric", "expected_change", "applies_to", "comparison")
LONGEST = {"text": 400, "code": 80, "id": 80}
CONDITIONS = re.compile(r"[^=;\s]+=[^=;]+(;[^=;\s]+=[^=;]+)*")
CODE = re.compile(r"[^\s,;=&]+")
INSERT = f"insert into canonical.actions ({', '.join(COLUMNS)}) values ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
LEDGER = "insert into meta.ledger values (?, ?, null, 'actions', ?, ?, 0, 0, 0, 0, ?, 0, null, null, null)"


@dataclass(frozen=True)
class Wrong:
    """A value that may not stand there: its column, the value as given, the rule that it breaks."""

    column: str
    value: str
    rule: str


@dataclass(frozen=True)
class Known:
    """What the company has: names of metrics and promises, codes of its segment columns; empty means anything."""

    metrics: frozenset[str] = frozenset()
    pillars: frozenset[str] = frozenset()
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)


ANYTHING = Known()


def checked(texts: Mapping[str, str], known: Known = ANYTHING) -> tuple[dict[str, Any], list[Wrong]]:
    """Texts by column as values of the contract, and every one that cannot be; empty texts are no value.

    Values are held against each other once each is right by itself.
    """
    content: dict[str, Any] = {}
    wrong: list[Wrong] = []
    for name, column in CONTRACT.columns.items():
        text = (texts.get(name) or "").strip()
        if not text:
            wrong += [Wrong(name, "", "required")] if column.required and name != "action_id" else []
            continue
        rule, value = value_of(text, column)
        if rule:
            wrong.append(Wrong(name, text, rule))
        else:
            content[name] = value
    return content, wrong or [*against_each_other(content), *against_known(content, known)]


def value_of(text: str, column: Column) -> tuple[str, Any]:
    """The rule that a text breaks, or '' and its value."""
    if column.type == "date":
        try:
            return "", date.fromisoformat(text).isoformat()
        except ValueError:
            return "date", None
    if column.type in ("number", "money"):
        try:
            number = float(text.replace(",", "."))
        except ValueError:
            return "number", None
        if number != number or abs(number) > 1e12:
            return "number", None
        return ("min", None) if column.min is not None and number < column.min else ("", number)
    if len(text) > LONGEST[column.type]:
        return "too_long", None
    if column.allowed and text not in column.allowed:
        return "allowed", None
    if column.type in ("code", "id") and not CODE.fullmatch(text):
        return "code", None
    return ("", text) if text.isprintable() else ("printable", None)


def against_each_other(content: Content) -> list[Wrong]:
    """The rules of the contract over a whole row, and those that make a state speak the truth."""
    started, done, status = (content.get(name) for name in ("started_on", "done_on", "status"))
    wrong = [Wrong("done_on", done, "done_before_started")] if started and done and done < started else []
    if status == "done" and not done:
        wrong.append(Wrong("status", status, "done_without_day"))
    if status == "started" and not started:
        wrong.append(Wrong("status", status, "started_without_day"))
    for name in ("applies_to", "comparison"):
        if name in content and not CONDITIONS.fullmatch(content[name]):
            wrong.append(Wrong(name, content[name], "conditions"))
    return wrong


def against_known(content: Content, known: Known) -> list[Wrong]:
    wrong = []
    for name, allowed in (("target_metric", known.metrics), ("pillar", known.pillars)):
        if allowed and content.get(name, next(iter(allowed))) not in allowed:
            wrong.append(Wrong(name, content[name], "unknown"))
    for name in ("applies_to", "comparison"):
        for column, code in pairs(content.get(name, "")):
            if column in known.columns and code not in known.columns[column]:
                wrong.append(Wrong(name, f"{column}={code}", "unknown"))
    return wrong


def pairs(conditions: str) -> list[tuple[str, str]]:
    """column=code;column=code as pairs."""
    return [(c.strip(), v.strip()) for c, _, v in (part.partition("=") for part in conditions.split(";")) if v]


def frozen(before: Content | None, after: Content) -> list[Wrong]:
    """What was changed although the action had started."""
    if before is None or not (before.get("started_on") or before.get("done_on")):
        return []
    return [
        Wrong(name, str(after.get(name) or ""), "frozen")
        for name in FROZEN
        if before.get(name) is not None and before.get(name) != after.get(name)
    ]


def next_id(taken: Iterable[str]) -> str:
    """W-1, W-2, ...: never one that anything has or had."""
    return f"W-{highest(taken) + 1}"


def highest(taken: Iterable[str]) -> int:
    return max((int(found[1]) for name in taken if (found := re.fullmatch(r"W-(\d{1,9})", name))), default=0)


def written_actions(folder: Path) -> tuple[Written, ...]:
    return entries(folder, KIND)


def digest_of(written: Sequence[Written]) -> str:
    """What a snapshot says it was made of; empty while nobody has written anything."""
    if not written:
        return ""
    return hashlib.sha256("\n".join(f"{w.id} {document(w.content)}" for w in written).encode()).hexdigest()


def join(connection: "duckdb.DuckDBPyConnection", written: Sequence[Written]) -> None:
    """Put them into canonical.actions and the ledger; a row of the exports with the same number is superseded."""
    if not written:
        return
    numbers = [action.id for action in written]
    replaced = connection.execute(
        "delete from canonical.actions where list_contains(?::varchar[], action_id) returning action_id", [numbers]
    ).fetchall()
    supersede(connection, len(replaced))
    rows = [[{"action_id": w.id, **w.content}.get(name) for name in COLUMNS] for w in written]
    connection.executemany(INSERT, rows)
    connection.execute(LEDGER, (SOURCE, "written.sqlite", len(rows), len(rows), digest_of(written)))


def supersede(connection: "duckdb.DuckDBPyConnection", n: int) -> None:
    """Of the rows that files loaded into actions, so many are superseded."""
    sql = "select rowid, rows_loaded from meta.ledger where table_name = 'actions' and rows_loaded > 0 order by rowid"
    for row, loaded in connection.execute(sql).fetchall():
        part = min(n, loaded)
        connection.execute(
            "update meta.ledger set rows_loaded = rows_loaded - ?, rows_superseded = rows_superseded + ? "
            "where rowid = ?",
            (part, part, row),
        )
        n -= part
