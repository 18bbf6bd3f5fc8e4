"""The figures inside a computed result, each under a name that the same figure has in another snapshot's result."""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any

from metrics.query import Measurement

Leaf = int | float | date | None
CODE = re.compile(r"[a-z][a-z0-9_:>-]{0,40}")
ROUNDING = 1e-9  # relative difference that sums in another order may leave


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
    moved = [(name, before.get(name), after.get(name)) for name in names if differ(before.get(name), after.get(name))]
    return Compared(function, len(names), tuple(moved))


def differ(then: Leaf, now: Leaf) -> bool:
    if isinstance(then, float) and isinstance(now, float):
        return not math.isclose(then, now, rel_tol=ROUNDING, abs_tol=ROUNDING)
    return then != now


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Leaf]]:
    """Path and value of every figure and date, but for those of measurements, which are told as such.

    Texts are left out: they may be words of a customer.
    """
    if isinstance(value, Measurement):
        return
    if isinstance(value, int | float | date | None):
        yield path, None if value != value else value
    for name, inner in parts(value):
        yield from leaves(inner, f"{path}.{name}" if path else str(name))


def measurements(value: Any) -> Iterator[Measurement]:
    """Every number of the catalogue inside a result."""
    if isinstance(value, Measurement):
        yield value
        return
    for _, inner in parts(value):
        yield from measurements(inner)


def parts(value: Any) -> Iterator[tuple[Any, Any]]:
    """Name and content of what a value is made of; a list of records is told by what stands first in each."""
    if is_dataclass(value):
        yield from ((field.name, getattr(value, field.name)) for field in fields(value))
    elif isinstance(value, Mapping):
        yield from value.items()
    elif hasattr(value, "tolist"):
        yield from parts(value.tolist())
    elif isinstance(value, Sequence) and not isinstance(value, str):
        names = [name_of(inner, place) for place, inner in enumerate(value)]
        yield from zip(names if len(set(names)) == len(names) else range(len(names)), value, strict=True)


def name_of(record: Any, place: int) -> str:
    """What a record of a list is called: the code that it begins with, else its place."""
    first = getattr(record, fields(record)[0].name) if is_dataclass(record) and fields(record) else None
    return first if isinstance(first, str) and CODE.fullmatch(first) else str(place)
