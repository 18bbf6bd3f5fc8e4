"""Which cells of a table may not be shown, so that no group of too few people can be seen or worked out.

A question is seen as a table over all the columns that it filters and cuts by, with every margin that a reader could
ask for. Cells of too few people are hidden; then enough of their neighbours that no hidden small cell follows by
subtraction from what is shown: its line against the line's total, a filter against everybody, several lines together
(checked by linear algebra). Margins are decided first, so that a table never uncovers what a coarser one hides; the
outcome depends only on the table, never on which of its cells was asked for, so that two questions cannot be played
against each other.
An empty cell in a line that hides something is hidden with it, so that nobody learns from it where the rest must be.
Columns that part another (channel and its kind) are seen together with it: nobody subtracts one from the other.
What an event does not say ('unknown' or 'none' of a column that is no segment) is hidden when few, but nothing else is
hidden for it: nobody stands there by anything known of them.
Covered: one period, one reader's scope, any filters and cuts over the same columns. Two different periods are covered
where a page shows them together: a comparison, and the steps of a trend against their sum.
Sources: Cox 1980, JASA 75 (complementary suppression); Hundepool et al. 2012, Statistical Disclosure Control, ch. 4.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations, product

import numpy as np

Key = tuple[str, ...]
Places = tuple[int, ...]
UNSAID = {"unknown", "none"}
MAX_CELLS = 4000  # cells of a table, empty ones too; a larger one that must hide something is not shown at all
MAX_AUDITED = 800  # the same for its hidden cells
PRIME = 2_147_483_629  # its products fit in 64 bits


@dataclass(frozen=True, order=True)
class Size:
    """People of a cell, at least and at most; `n` rows say which cell is the smallest."""

    people: int
    most: int
    n: int


@dataclass
class Level:
    """One margin of the table (or the table itself): its columns' places, its cells, and those hidden so far.

    `small`: cells of too few people, but not of nobody; `unsaid`: such that need no protection. `told`: cells not
    certainly too small, which are taken as known when it is checked what follows from them.
    """

    places: Places
    sizes: dict[Key, Size]
    small: set[Key]
    unsaid: set[Key]
    told: set[Key]
    hidden: set[Key]
    lines: dict[Places, list[tuple[Key, list[Key]]]] = field(default_factory=dict)


def hidden_cells(
    columns: Sequence[str],
    additive: Iterable[str],
    cells: Mapping[Key, Size],
    min_group: int,
    parents: Mapping[str, Sequence[str]] | None = None,
) -> Mapping[Places, frozenset[Key]]:
    """Cells that may not be shown, of the full table and of every margin (by the places of its columns).

    additive: columns whose codes part people (segments); of others (channel, reason) a person may have several.
    parents: column -> columns among `columns` that it parts further. Nothing is returned where nothing is hidden.
    """
    if all(size.people >= min_group for size in cells.values()):
        return {}
    nested = tuple(tuple((parents or {}).get(column, ())) for column in columns)
    return hidden_of(tuple(columns), frozenset(additive), tuple(sorted(cells.items())), min_group, nested)


@lru_cache(maxsize=2000)
def hidden_of(
    columns: Key,
    additive: frozenset[str],
    items: tuple[tuple[Key, Size], ...],
    min_group: int,
    nested: tuple[Key, ...],
) -> Mapping[Places, frozenset[Key]]:
    """As hidden_cells, and kept: metrics of the same rows, and every filter over the same columns, ask it again."""
    cells = dict(items)
    above = {i: [columns.index(p) for p in parents if p in columns] for i, parents in enumerate(nested)}
    full = with_empty(cells, above)
    if full is None:
        return {tuple(range(len(columns))): frozenset(cells)}
    levels: dict[Places, Level] = {}
    for count in range(len(columns) + 1):
        for places in combinations(range(len(columns)), count):
            if all(p in places for i in places for p in above[i]):
                events = [i for i, place in enumerate(places) if columns[place] not in additive]
                levels[places] = level_of(places, margin(places, columns, additive, full), min_group, events)
                protect(levels[places], levels)
    return {places: frozenset(level.hidden) for places, level in levels.items()}


def with_empty(cells: Mapping[Key, Size], above: Mapping[int, Sequence[int]]) -> dict[Key, Size] | None:
    """The table with every empty cell that could hold somebody; None when that is too many."""
    families: list[set[int]] = []
    for place, over in above.items():
        joined = {place, *over}.union(*(f for f in families if f & {place, *over}))
        families = [f for f in families if not f & joined] + [joined]
    places = [sorted(family) for family in families]
    codes = [sorted({tuple(key[i] for i in family) for key in cells}) for family in places]
    if np.prod([float(len(found)) for found in codes]) > MAX_CELLS:
        return None
    nobody, full = Size(0, 0, 0), {}
    for combined in product(*codes):
        code = {
            i: c for family, found in zip(places, combined, strict=True) for i, c in zip(family, found, strict=True)
        }
        key = tuple(code[i] for i in sorted(code))
        full[key] = cells.get(key, nobody)
    return full


def level_of(places: Places, sizes: dict[Key, Size], min_group: int, events: Sequence[int]) -> Level:
    few = {key for key, size in sizes.items() if size.n and size.people < min_group}
    unsaid = {key for key in few if any(key[i] in UNSAID for i in events)}
    told = {key for key, size in sizes.items() if size.most >= min_group}
    return Level(places, sizes, few - unsaid, unsaid, told, few)


def margin(
    places: Places, columns: Sequence[str], additive: frozenset[str], cells: Mapping[Key, Size]
) -> dict[Key, Size]:
    """The table added up to some of its columns; people add up over segments, else the largest cell is certain."""
    apart = [i for i, column in enumerate(columns) if column in additive]
    people: dict[Key, dict[Key, int]] = {}
    rows: dict[Key, int] = {}
    most: dict[Key, int] = {}
    for key, size in cells.items():
        kept = tuple(key[i] for i in places)
        others = tuple(key[i] for i in apart)
        known = people.setdefault(kept, {})
        known[others] = max(known.get(others, 0), size.people)
        rows[kept] = rows.get(kept, 0) + size.n
        most[kept] = most.get(kept, 0) + size.most
    return {kept: Size(sum(known.values()), most[kept], rows[kept]) for kept, known in people.items()}


def protect(level: Level, levels: Mapping[Places, Level]) -> None:
    """Hide neighbours until no small cell of this level can be worked out."""
    if not level.places or not (level.small or any(levels[above].hidden for above in margins_of(level, levels))):
        return
    while True:
        close_lines(level, levels)
        known = sorted(worked_out(level, levels))
        if not known:
            return
        ring = next((cells for small in known if (cells := cheapest_ring(level, small))), None)
        extra = [key for small in known for key in neighbours(level, small)]
        if ring:
            level.hidden |= ring
        elif extra:
            level.hidden.add(min(extra, key=lambda key: (level.sizes[key].n, key)))
        else:
            level.hidden |= level.sizes.keys()
            return


def cheapest_ring(level: Level, small: Key) -> set[Key]:
    """The corners of a box around a cell that hide the fewest rows more; nothing where there is no such box.

    One more here, one less there, all round the corners, leaves every margin as it is: none can be worked out.
    """
    boxes = []
    for other in level.sizes:
        if all(a != b for a, b in zip(small, other, strict=True)):
            corners = set(product(*zip(small, other, strict=True)))
            if all(key in level.sizes and level.sizes[key].n for key in corners) and not corners <= level.hidden:
                boxes.append((sum(level.sizes[key].n for key in corners - level.hidden), sorted(corners)))
    return set(min(boxes)[1]) if boxes else set()


def close_lines(level: Level, levels: Mapping[Places, Level]) -> None:
    """In every line: hidden cells are none, or together too large to tell anything; a hidden total needs one."""
    changed = True
    while changed:
        changed = False
        for above in margins_of(level, levels):
            for total, line in lines(level, above):
                while wanting(level, line, is_total_hidden=total in levels[above].hidden):
                    shown = [key for key in line if key not in level.hidden and level.sizes[key].n]
                    if not shown:
                        break
                    level.hidden.add(min(shown, key=lambda key: (level.sizes[key].n, key)))
                    changed = True
                if any(key in level.hidden and key not in level.unsaid for key in line):
                    empty = {key for key in line if not level.sizes[key].n} - level.hidden
                    level.hidden |= empty
                    changed |= bool(empty)


def wanting(level: Level, line: Sequence[Key], is_total_hidden: bool) -> bool:
    """A line must hide more: what it hides is only small cells, or its total is hidden and it hides nothing.

    Empty cells that are hidden protect nothing and need no protection.
    """
    hidden = [key for key in line if key in level.hidden and key not in level.unsaid and level.sizes[key].n]
    return all(key in level.small for key in hidden) and (bool(hidden) or is_total_hidden)


def margins_of(level: Level, levels: Mapping[Places, Level]) -> list[Places]:
    """The margins one column coarser."""
    coarser = [tuple(p for p in level.places if p != gone) for gone in level.places]
    return [places for places in coarser if places in levels]


def lines(level: Level, above: Places) -> Sequence[tuple[Key, list[Key]]]:
    """Each cell of a coarser margin, with the cells of this level that it is the sum of."""
    if above not in level.lines:
        kept = [level.places.index(place) for place in above]
        found: dict[Key, list[Key]] = {}
        for key in sorted(level.sizes):
            found.setdefault(tuple(key[i] for i in kept), []).append(key)
        level.lines[above] = list(found.items())
    return level.lines[above]


def worked_out(level: Level, levels: Mapping[Places, Level]) -> set[Key]:
    """Small cells that follow exactly from the shown cells and every shown margin."""
    unknown = {key: i for i, key in enumerate(sorted(level.hidden))}
    small = [key for key in level.small if key in unknown]
    if not small or len(level.places) < 2:
        return set()
    if len(unknown) > MAX_AUDITED:
        level.hidden |= level.sizes.keys()
        return set()
    equations = []
    for count in range(len(level.places)):
        for above in (places for places in combinations(level.places, count) if places in levels):
            for total, line in lines(level, above):
                places = [unknown[key] for key in line if key in unknown]
                if places and total in levels[above].told:
                    equations.append(places)
    if not equations:
        return set()
    certain = fixed(equations, len(unknown))
    return {key for key in small if unknown[key] in certain}


def fixed(equations: Sequence[Sequence[int]], count: int) -> set[int]:
    """Of `count` unknowns, those whose value follows from sums of unknowns (each the places that it adds up).

    Gauss-Jordan elimination modulo a prime: no rounding, and no threads of a linear algebra library to wait for.
    """
    rows = np.zeros((len(equations), count), dtype=np.int64)
    for row, places in enumerate(equations):
        rows[row, list(places)] = 1
    done = 0
    for place in range(count):
        candidates = np.flatnonzero(rows[done:, place])
        if not len(candidates):
            continue
        pivot = done + candidates[0]
        rows[[done, pivot]] = rows[[pivot, done]]
        rows[done] = rows[done] * pow(int(rows[done, place]), -1, PRIME) % PRIME
        others = np.flatnonzero(rows[:, place])
        others = others[others != done]
        inside = np.flatnonzero(rows[done])
        rows[np.ix_(others, inside)] -= np.outer(rows[others, place], rows[done, inside])
        rows[np.ix_(others, inside)] %= PRIME
        done += 1
    alone = rows[:done][np.count_nonzero(rows[:done], axis=1) == 1]
    return set(np.flatnonzero(alone.any(axis=0)).tolist())


def neighbours(level: Level, key: Key) -> list[Key]:
    """Shown cells that share a line with a cell."""
    return [
        other
        for other in level.sizes
        if other not in level.hidden
        and level.sizes[other].n
        and sum(a != b for a, b in zip(key, other, strict=True)) == 1
    ]


def hidden_steps(sizes: Sequence[tuple[str, Size | None]], min_group: int) -> frozenset[int]:
    """Steps of a trend that may not be shown: small ones, and one more, so that their sum does not give them away.

    sizes: (the longer span that a step belongs to, what it holds); the extra step is taken from the same longer span.
    """
    small = {i for i, (_, size) in enumerate(sizes) if size and size.people < min_group}
    large = {i for i, (_, size) in enumerate(sizes) if size and i not in small}
    if not small or not large:
        return frozenset(small)
    extra = set()
    for longer in {sizes[i][0] for i in small}:
        inside = [i for i in large if sizes[i][0] == longer]
        if inside:
            extra.add(min(inside, key=lambda i: (sizes[i][1].n, i)))
    return frozenset(small | (extra or {min(large, key=lambda i: (sizes[i][1].n, i))}))
