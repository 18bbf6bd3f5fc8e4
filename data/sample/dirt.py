"""Dirt, as real exports have it: some rows that must be rejected, some exported twice. README.md lists what is planted.

Faulty rows are additions: the sound rows of the world are all there. One of each fault in 20,000 rows of a file, at
least one, and none in small files, so that none comes near the share of rejects that refuses it.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SMALLEST = 1_000
SPOILT = "spoilt"  # stands in a row that gets this value in its column, until it is written
ROWS_PER_FAULT = 20_000
KEY_OF = {
    "customers": "customer_id",
    "orders": "order_id",
    "order_lines": "line",
    "contacts": "contact_id",
    "issues": "issue_id",
    "surveys": "survey_id",
    "offers": "offer_id",
}


@dataclass(frozen=True)
class Fault:
    """A row of `table` with `value` in `column`, made of a sound row in which `given` is not empty."""

    table: str
    column: str
    value: str
    about: str
    given: str = ""
    only: tuple[str, str] | None = None  # column and value that the sound row must have


FAULTS = (
    Fault("customers", "first_seen_on", "2026-02-30", "a day that does not exist"),
    Fault("orders", "ordered_at", "2026-02-30 10:15:00", "a day that does not exist"),
    Fault("orders", "status", "livrée", "a state that the contract does not know"),
    Fault("orders", "customer_id", "C9999999", "a customer that does not exist"),
    Fault("order_lines", "net_amount", "gratuit", "words instead of an amount"),
    Fault("order_lines", "order_id", "O99999999", "an order that does not exist"),
    Fault("contacts", "talk_seconds", "-15", "a time below zero", given="talk_seconds"),
    Fault("contacts", "started_at", "2025-11-31 09:00:00", "a day that does not exist"),
    Fault("contacts", "customer_id", "C9999999", "a customer that does not exist", given="customer_id"),
    Fault("issues", "opened_at", "hier", "words instead of a moment"),
    Fault("surveys", "score", "11", "a score off its scale", given="score", only=("instrument", "nps")),
    Fault("surveys", "answered_at", "2026-02-30 18:00:00", "a day that does not exist", given="score"),
    Fault("surveys", "contact_id", "I99999999", "a contact that does not exist", given="contact_id"),
    Fault("offers", "customer_id", "C9999999", "a customer that does not exist"),
)
REPEATED = {"customers": 2, "orders": 2, "order_lines": 2, "contacts": 3, "surveys": 3, "offers": 1}


def times(rows: int) -> int:
    """How often each fault is planted in a file of so many sound rows."""
    return 0 if rows < SMALLEST else max(1, rows // ROWS_PER_FAULT)


def soil(folder: Path, sound_rows: dict[str, int]) -> None:
    """Add the faulty and the repeated rows to the files of `folder`, which hold `sound_rows` rows."""
    for table in KEY_OF:
        often = times(sound_rows.get(table, 0))
        if often:
            _soil(folder / f"{table}.csv", [fault for fault in FAULTS if fault.table == table], often, table)


def _soil(path: Path, faults: list[Fault], often: int, table: str) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        added = list(_added(reader, [fault for fault in faults for _ in range(often)], REPEATED.get(table, 0) * often))
        header = reader.fieldnames
    for number, row in enumerate(added, start=1):
        if (column := row.pop(SPOILT, None)) is not None:
            row[KEY_OF[table]] = _unused(row[KEY_OF[table]], number)
            row |= column
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, header, lineterminator="\n").writerows(added)


def _added(sound: Iterable[dict], faults: list[Fault], repeats: int) -> Iterator[dict]:
    """Some rows spoilt by the first fault that still waits and fits, some as they are, until all is done."""
    for place, row in enumerate(sound):
        if place % 3 == 2:
            fault = next((fault for fault in faults if _fits(fault, row)), None)
            if fault is not None:
                faults.remove(fault)
                yield row | {SPOILT: {fault.column: fault.value}}
        elif place % 3 == 1 and repeats:
            repeats -= 1
            yield row
        if not faults and not repeats:
            return


def _fits(fault: Fault, row: dict) -> bool:
    return (not fault.given or row[fault.given] != "") and (fault.only is None or row[fault.only[0]] == fault.only[1])


def _unused(key: str, number: int) -> str:
    """A key of the same form that no sound row has."""
    return str(90 + number) if key.isdigit() else f"{key[0]}{'9' * (len(key) - 5)}{number:04d}"
