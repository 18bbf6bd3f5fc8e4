"""The figures inside a computed result, each under a name that the same figure has in another snapshot's result."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any

Leaf = str | int | float | date | None


@dataclass(frozen=True)
class Compared:
    """A computed part of a page in two snapshots: how many figures it has, and those that differ (path, then, now)."""

    function: Callable
    total: int
    moved: tuple[tuple[str, Leaf, Leaf], ...]


def compared(function: Callable, then: Any, now: Any) -> Compared:
    """Figures that only one of the two has are among those that differ, None on the other side."""
    before, after = dict(leaves(then)), dict(leaves(now))
    names = dict.fromkeys([*after, *before])
    moved = [(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)]
    return Compared(function, len(names), tuple(moved))


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Leaf]]:
    """Path and value of every figure, date and text; a list of records is told by what stands first in each."""
    if is_dataclass(value):
        for field in fields(value):
            yield from leaves(getattr(value, field.name), joined(path, field.name))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from leaves(inner, joined(path, key))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        names = [name_of(inner, place) for place, inner in enumerate(value)]
        names = names if len(set(names)) == len(names) else list(map(str, range(len(names))))
        for name, inner in zip(names, value, strict=True):
            yield from leaves(inner, joined(path, name))
    elif hasattr(value, "tolist"):
        yield from leaves(value.tolist(), path)
    elif isinstance(value, str | int | float | date | None):
        yield path, None if value != value else value


def joined(path: str, name: Any) -> str:
    return f"{path}.{name}" if path else str(name)


def name_of(record: Any, place: int) -> str:
    """What a record of a list is called: the text that it begins with, else its place."""
    first = getattr(record, fields(record)[0].name) if is_dataclass(record) and fields(record) else None
    return first if isinstance(first, str) else str(place)
