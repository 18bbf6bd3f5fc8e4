"""The canonical tables: data/contracts/*.yaml as frozen models, and docs/data-dictionary.md written from them.

python -m data.contracts            write docs/data-dictionary.md
python -m data.contracts --check    exit 1 when it is not what the contracts say
"""

import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from data.documents import load_document
from data.models import Strict

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "data" / "contracts"
DICTIONARY = ROOT / "docs" / "data-dictionary.md"

SQL_TYPES = {
    "id": "VARCHAR",
    "code": "VARCHAR",
    "text": "VARCHAR",
    "int": "BIGINT",
    "number": "DOUBLE",
    "money": "DECIMAL(18,2)",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "seconds": "INTEGER",
    "bool": "BOOLEAN",
}
MEANING = {
    "id": "text, kept as written (leading zeros too)",
    "code": "text without a label's spelling: what a link holds",
    "text": "words",
    "int": "whole number",
    "number": "number",
    "money": "amount in the company's currency, two decimals",
    "date": "day",
    "timestamp": "local time of the company's zone",
    "seconds": "duration in whole seconds",
    "bool": "true or false",
}
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Column(Strict):
    """A canonical column. `allowed`, `min`, `max` hold for given values; `required` refuses missing ones."""

    type: Literal["id", "code", "text", "int", "number", "money", "date", "timestamp", "seconds", "bool"]
    about: str
    required: bool = False
    references: Name | None = None
    allowed: list[str] = []
    min: float | None = None
    max: float | None = None
    personal: bool = False

    @property
    def sql_type(self) -> str:
        return SQL_TYPES[self.type]


class Rule(Strict):
    """A condition over the columns of one row, in SQL; a row for which it is false is rejected."""

    check: str
    about: str


class Contract(Strict):
    """A canonical table. Rows with the same `key` (missing parts compare equal) are the same row or a fault."""

    table: Name
    about: str
    grain: str
    key: Annotated[list[Name], Field(min_length=1)]
    columns: dict[Name, Column]
    rules: dict[Name, Rule] = {}

    @model_validator(mode="after")
    def key_is_made_of_columns(self) -> Self:
        unknown = [name for name in self.key if name not in self.columns]
        if unknown:
            raise ValueError(f"key: {', '.join(unknown)} is not a column of this table")
        return self

    @property
    def references(self) -> dict[str, str]:
        """Column -> table it points to."""
        return {name: column.references for name, column in self.columns.items() if column.references}


@cache
def load_contracts() -> dict[str, Contract]:
    """Every contract by table name, each table after those it points to."""
    found = {c.table: c for c in (load_document(path, Contract) for path in sorted(FOLDER.glob("*.yaml")))}
    ordered: dict[str, Contract] = {}

    def place(table: str) -> None:
        if table not in ordered:
            for other in found[table].references.values():
                place(other)
            ordered[table] = found[table]

    for table in found:
        place(table)
    return ordered


def contracts_with_segments(segments: Iterable[str], numbers: Iterable[str] = ()) -> dict[str, Contract]:
    """The contracts with the company's own columns added to customers: segments, and numbers of its cross-section."""
    contracts = dict(load_contracts())
    customers = contracts["customers"]
    own = {name: Column(type="code", about="Segment of the company's own (config.yaml: segments)") for name in segments}
    about = "Number of the company's own (config.yaml: outlook.cross_section)"
    own |= {name: Column(type="number", about=about) for name in numbers}
    contracts["customers"] = customers.model_copy(update={"columns": {**customers.columns, **own, **customers.columns}})
    return contracts


def column_notes(contract: Contract, name: str) -> str:
    """What a value must be, in words."""
    column = contract.columns[name]
    notes = []
    if name in contract.key:
        notes.append("key")
    if column.required:
        notes.append("required")
    if column.references:
        notes.append(f"points to {column.references}")
    if column.allowed:
        notes.append("one of " + ", ".join(f"`{value}`" for value in column.allowed))
    if column.min is not None:
        notes.append(f"at least {column.min:g}")
    if column.max is not None:
        notes.append(f"at most {column.max:g}")
    if column.personal:
        notes.append("**personal**")
    return "; ".join(notes)


def table_section(contract: Contract) -> str:
    rows = [
        f"| `{name}` | {column.type} | {column.about} | {column_notes(contract, name)} |"
        for name, column in contract.columns.items()
    ]
    rules = [f"- rejected: {rule.about} (`{name}`: `{rule.check}`)" for name, rule in contract.rules.items()]
    head = [f"## {contract.table}", "", f"{contract.about} Grain: {contract.grain}.", ""]
    table = ["| column | type | what | must be |", "|---|---|---|---|", *rows, ""]
    return "\n".join([*head, *table, *([*rules, ""] if rules else [])])


def dictionary_text() -> str:
    """docs/data-dictionary.md as the contracts say it."""
    types = "\n".join(f"| {name} | {SQL_TYPES[name]} | {meaning} |" for name, meaning in MEANING.items())
    head = f"""# Data dictionary

Written by `python -m data.contracts` from data/contracts/*.yaml; `make check` fails when it is stale.

An empty value is missing, never zero. A missing `customer_id` means declared anonymous: kept and counted, left out of
measures by customer. Personal columns are masked in lists of rejected rows and on pages. The columns of `segments` and
of `outlook.cross_section` in config.yaml are added to customers. In a snapshot the tables are `canonical.<table>`; all
of them exist, empty when no source feeds them.

| type | DuckDB | what |
|---|---|---|
{types}
"""
    return "\n".join([head, *(table_section(contract) for _, contract in sorted(load_contracts().items()))])


def main(arguments: list[str]) -> int:
    text = dictionary_text()
    if arguments == ["--check"]:
        fresh = DICTIONARY.is_file() and DICTIONARY.read_text() == text
        if not fresh:
            sys.stderr.write("docs/data-dictionary.md is stale: run python -m data.contracts\n")
        return 0 if fresh else 1
    if arguments:
        sys.stderr.write(__doc__ or "")
        return 2
    DICTIONARY.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
