"""Adapters: one YAML file a layout of the world outside: which file and column feeds which canonical column.

The syntax is told in docs/adding-a-source.md; here it is as models. Nothing is guessed: what an adapter does not say
has one fixed default (UTF-8, comma, header, ISO dates, dot, empty = missing).
"""

import codecs
import fnmatch
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from data.contracts import Contract
from data.documents import Misfit, Place, load_document, suggestion
from data.models import Strict
from data.settings import known_zone


def as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Texts = Annotated[list[str], BeforeValidator(as_list)]
ZONES = ("local", "offset", "mixed")


def known_meaning(zone: str | None) -> str | None:
    """What a time without offset means: one of ZONES, or a time zone."""
    return zone if zone is None or zone in ZONES else known_zone(zone)


def known_form(form: str | None) -> str | None:
    if form is not None and form != "iso" and "%" not in form:
        raise ValueError("write iso, or a format of strptime such as %d/%m/%Y")
    return form


def known_encoding(encoding: str | dict[str, str]) -> str | dict[str, str]:
    for name in [encoding] if isinstance(encoding, str) else encoding.values():
        try:
            codecs.lookup(name)
        except LookupError:
            raise ValueError(f"no such encoding: {name!r} (for example utf-8, latin-1, cp1252)") from None
    return encoding


Zone = Annotated[str, AfterValidator(known_meaning)]
Form = Annotated[str, AfterValidator(known_form)]
Units = Literal["seconds", "milliseconds", "minutes", "hours", "days", "h:mm:ss", "mm:ss"]


class Filter(Strict):
    """A condition on one column of the file: `in`, `not_in`, or `is: given|missing`."""

    column: str
    in_: Annotated[Texts | None, Field(alias="in")] = None
    not_in: Texts | None = None
    is_: Annotated[Literal["given", "missing"] | None, Field(alias="is")] = None

    @model_validator(mode="after")
    def says_one_thing(self) -> Self:
        if sum(part is not None for part in (self.in_, self.not_in, self.is_)) != 1:
            raise ValueError("say exactly one of in, not_in, is")
        return self


class Lookup(Strict):
    """A value of another file: the row whose `match` equals this file's `on`, and of it the column `take`."""

    file: str
    on: str
    take: str
    match: str | None = None


def as_value(value: Any) -> Any:
    """`order_id` is short for `{column: order_id}`."""
    return {"column": value} if isinstance(value, str) else value


class Value(Strict):
    """Where a canonical value comes from and how it is read, in this order: pick, clean, map, type, move."""

    column: str | None = None
    first_of: Texts | None = None
    constant: str | int | float | bool | None = None
    join: Texts | None = None
    join_given: Texts | None = None
    lookup: Lookup | None = None
    row_id: bool = False

    separator: str = "-"
    trim: bool = False
    lower: bool = False
    missing: Texts = []
    when: list[Filter] = []
    map: dict[str, str | int | float | bool | None] | None = None
    otherwise: str = "reject"
    format: Form | None = None
    zone: Zone | None = None
    decimal: Literal[".", ","] | None = None
    thousands: Literal[",", ".", " ", "'", "\u00a0", "\u202f"] | None = None
    unit: Units | None = None
    round: bool = False
    as_day: bool = False
    add_days: int | None = None
    optional: bool = False

    @model_validator(mode="after")
    def has_one_origin(self) -> Self:
        given = [
            name
            for name in ("column", "first_of", "constant", "join", "join_given", "lookup")
            if getattr(self, name) is not None
        ]
        if len(given) + self.row_id != 1:
            raise ValueError("say exactly one of column, first_of, constant, join, join_given, lookup, row_id")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the file that this value reads."""
        picked = [self.column] if self.column else []
        picked += [*(self.first_of or ()), *(self.join or ()), *(self.join_given or ())]
        looked = [self.lookup.on] if self.lookup else []
        return tuple(picked + looked + [condition.column for condition in self.when])


Origin = Annotated[Value, BeforeValidator(as_value)]


def as_order(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


class Order(Strict):
    column: str
    type: Literal["text", "int", "number", "timestamp", "date"] = "text"
    format: str | None = None


class LastPer(Strict):
    """Of the rows with the same `key`, keep the last by `order`; the others are counted as superseded."""

    key: Texts
    order: list[Annotated[Order, BeforeValidator(as_order)]] = []


class Feed(Strict):
    """A canonical table fed by a file. Without `columns`, the file has the canonical columns under their own names."""

    table: str
    columns: dict[str, Origin] | None = None
    when: list[Filter] = []
    last_per: LastPer | None = None
    max_rejected_share: Annotated[float, Field(ge=0, le=1)] | None = None


class File(Strict):
    """One kind of file: where it is, how it is read, what it feeds. Without `feeds` it serves lookups only."""

    pattern: Annotated[Texts, Field(min_length=1)]
    member: str | None = None
    format: Literal["csv", "whitespace", "jsonl", "parquet", "excel"] = "csv"
    optional: bool = False
    encoding: Annotated[str | dict[str, str], AfterValidator(known_encoding)] = "utf-8"
    mangled: Literal["reject", "keep", "repair"] = "reject"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    quote: Annotated[str, Field(min_length=1, max_length=1)] | None = '"'
    escape: Literal["doubled", "backslash"] = "doubled"
    skip_lines: Annotated[int, Field(ge=0, le=100)] = 0
    header: bool = True
    names: list[str] | None = None
    sheet: str | None = None
    trim: bool = False
    missing: Texts = [""]
    decimal: Literal[".", ","] = "."
    thousands: Literal[",", ".", " ", "'", "\u00a0", "\u202f"] | None = None
    date: Form = "iso"
    timestamp: Form = "iso"
    zone: Zone = "local"
    manifest: str | None = None
    derive: dict[str, Origin] = {}
    feeds: list[Feed] = []

    @model_validator(mode="after")
    def names_without_header(self) -> Self:
        if not self.header and not self.names and self.format in ("csv", "whitespace", "excel"):
            raise ValueError("header: false needs names, the columns in their order")
        if self.names and len(set(self.names)) != len(self.names):
            raise ValueError("names: a name stands twice")
        if (
            not all(mark.isascii() for mark in (self.delimiter, self.quote or "") if mark)
            or self.delimiter == self.quote
        ):
            raise ValueError("delimiter and quote are two different ASCII characters")
        if self.thousands == self.decimal:
            raise ValueError("thousands and decimal are the same mark")
        for pattern in self.pattern:
            if pattern.startswith("/") or ".." in Path(pattern).parts or "\\" in pattern:
                raise ValueError("pattern: a path inside the exports folder, without .. or a leading /")
        return self

    def encoding_of(self, name: str) -> str | None:
        """Encoding declared for a file (or member of an archive); None when no pattern of the mapping fits."""
        if isinstance(self.encoding, str):
            return self.encoding
        return next((e for pattern, e in self.encoding.items() if fnmatch.fnmatchcase(name, pattern)), None)


class Canonical(Strict):
    """Files `<folder>/<table>.csv` that have exactly the canonical columns: UTF-8, comma, header, ISO dates."""

    tables: Annotated[list[str], Field(min_length=1)]
    folder: str = ""
    optional: list[str] = []


class Adapter(Strict):
    """One source."""

    adapter: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    about: str = ""
    canonical: Canonical | None = None
    files: dict[str, File] = {}

    def all_files(self) -> dict[str, File]:
        """The files written out, the short way included."""
        if self.canonical is None:
            return self.files
        folder = f"{self.canonical.folder.rstrip('/')}/" if self.canonical.folder else ""
        short = {
            table: File(
                pattern=[f"{folder}{table}.csv"], optional=table in self.canonical.optional, feeds=[Feed(table=table)]
            )
            for table in self.canonical.tables
        }
        return {**short, **self.files}


def load_adapter(path: Path, contracts: dict[str, Contract]) -> Adapter:
    """The adapter at `path`, its tables, columns and lookups checked; ConfigError lists every fault."""
    return load_document(path, Adapter, lambda adapter: misfits(adapter, contracts))


def misfits(adapter: Adapter, contracts: dict[str, Contract]) -> list[Misfit]:
    """Everything that names a table, column or file that does not exist, and required columns that nothing feeds."""
    found: list[Misfit] = []
    if adapter.canonical is None and not adapter.files:
        found.append((("files",), "no file is described", "Describe at least one file"))
    for number, name in enumerate(adapter.canonical.tables if adapter.canonical else []):
        if name not in contracts:
            place = ("canonical", "tables", number)
            found.append((place, f"unknown table {name!r}", suggestion(name, list(contracts))))
    for name, file in adapter.files.items():
        for place, value in file.derive.items():
            found += lookup_misfits(("files", name, "derive", place), value, adapter)
        for number, feed in enumerate(file.feeds):
            found += feed_misfits(("files", name, "feeds", number), feed, adapter, contracts)
    return found


def feed_misfits(place: Place, feed: Feed, adapter: Adapter, contracts: dict[str, Contract]) -> list[Misfit]:
    if feed.table not in contracts:
        return [((*place, "table"), f"unknown table {feed.table!r}", suggestion(feed.table, list(contracts)))]
    contract = contracts[feed.table]
    if feed.columns is None:
        return []
    place = (*place, "columns")
    unknown = [name for name in feed.columns if name not in contract.columns]
    near = {name: suggestion(name, list(contract.columns)) for name in unknown}
    found: list[Misfit] = [((*place, name), f"{feed.table} has no column {name!r}", near[name]) for name in unknown]
    for name, column in contract.columns.items():
        if column.required and name not in feed.columns and f"Did you mean {name!r}?" not in near.values():
            what = f"the required column {name!r} of {feed.table} is not fed"
            found.append((place, what, "Say where it comes from"))
    for name, value in feed.columns.items():
        found += lookup_misfits((*place, name), value, adapter)
    return found


def lookup_misfits(place: Place, value: Value, adapter: Adapter) -> list[Misfit]:
    files = list(adapter.all_files())
    if value.lookup is None or value.lookup.file in files:
        return []
    what = f"no file {value.lookup.file!r} in this adapter"
    return [((*place, "lookup", "file"), what, suggestion(value.lookup.file, files))]
