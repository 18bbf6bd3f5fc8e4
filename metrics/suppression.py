"""Which cells of a table may not be shown, so that no group of too few people can be seen or worked out.

A question is seen as a table over all the columns that it filters and cuts by, with every margin that a reader could
ask for. Cells of too few people are hidden; then enough of their neighbours that no hidden small cell follows by
subtraction from what is shown: its line against the line's total, a filter against everybody, several lines together
(by linear algebra, metrics/disclosure.py). Margins are decided first, so that a table never uncovers what a coarser
one hides; the outcome depends only on the table, never on which of its cells was asked for, so that two questions
cannot be played against each other.
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

from metrics.disclosure import FREE, cheapest_change, following
from metrics.margins import Key, Numbers, Places, Size, with_empty

Levels = Mapping[Places, frozenset[Key]]
UNSAID = {"unknown", "none"}
MAX_WORK = 200_000_000  # of one audit: the square of its equations by its hidden cells; beyond it nothing is shown
MAX_CHANGES = 60  # looked for at one level; a table that needs more is not shown


@dataclass
class Level:
    """One margin of the table (or the table itself): its columns' places, its cells, and those hidden so far.

    `small`: cells of too few people, but not of nobody; `unsaid`: such that need no protection.
    """

    places: Places
    sizes: dict[Key, Size]
    small: set[Key]
    unsaid: set[Key]
    hidden: set[Key]
    lines: dict[Places, list[tuple[Key, list[Key]]]] = field(default_factory=dict)


def hidden_cells(
    columns: Sequence[str],
    additive: Iterable[str],
    cells: Mapping[Key, Size],
    min_group: int,
    parents: Mapping[str, Sequence[str]] | None = None,
) -> Levels:
    """Cells that may not be shown, of the full table and of every margin (by the places of its columns).

    additive: columns whose codes part people (segments); of others (channel, reason) a person may have several.
    parents: column -> columns among `columns` that it parts further. Nothing is returned where nothing is hidden.
    """
    if all(size.people >= min_group for size in cells.values()):
        return {}
    nested = tuple(tuple((parents or {}).get(column, ())) for column in columns)
    return hidden_of(tuple(columns), frozenset(additive), tuple(sorted(cells.items())), min_group, nested)


def hidden_codes(people: Mapping[str, int], min_group: int) -> frozenset[str]:
    """Of groups that part a whole (code -> people), those that may not be shown: too small, and enough others."""
    cells = {(code,): Size(int(n), int(n), int(n)) for code, n in people.items()}
    hidden = hidden_cells(("group",), ("group",), cells, min_group).get((0,), frozenset())
    return frozenset(code for (code,) in hidden)


@lru_cache(maxsize=2000)
def hidden_of(
    columns: Key,
    additive: frozenset[str],
    items: tuple[tuple[Key, Size], ...],
    min_group: int,
    nested: tuple[Key, ...],
) -> Levels:
    """As hidden_cells, and kept: metrics of the same rows, and every filter over the same columns, ask it again."""
    cells = dict(items)
    above = {i: [columns.index(p) for p in parents if p in columns] for i, parents in enumerate(nested)}
    full = with_empty(cells, above)
    if full is None:
        return {tuple(range(len(columns))): frozenset(cells)}
    numbers = Numbers.of(full, tuple(i for i, column in enumerate(columns) if column in additive))
    levels: dict[Places, Level] = {}
    for count in range(len(columns) + 1):
        for places in combinations(range(len(columns)), count):
            if all(p in places for i in places for p in above[i]):
                events = [i for i, place in enumerate(places) if columns[place] not in additive]
                levels[places] = level_of(places, numbers.margin(places), min_group, events)
                protect(levels[places], levels)
    return {places: frozenset(level.hidden) for places, level in levels.items()}


def level_of(places: Places, sizes: dict[Key, Size], min_group: int, events: Sequence[int]) -> Level:
    few = {key for key, size in sizes.items() if size.n and size.people < min_group}
    unsaid = {key for key in few if any(key[i] in UNSAID for i in events)}
    return Level(places, sizes, few - unsaid, unsaid, few)


def protect(level: Level, levels: Mapping[Places, Level]) -> None:
    """Hide neighbours until no small cell, here or of a coarser margin, can be worked out."""
    if not level.places or not (level.small or any(levels[above].hidden for above in margins_of(level, levels))):
        return
    for _ in range(MAX_CHANGES):
        close_lines(level, levels)
        known = worked_out(level, levels)
        if not known:
            return
        rings = (cheapest_ring(level, cells[0]) for cells in known if len(cells) == 1)
        extra = next(filter(None, rings), None) or cheapest_cover(level, levels, known[0])
        if not extra:
            break
        level.hidden |= extra
    level.hidden |= level.sizes.keys()


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


def worked_out(level: Level, levels: Mapping[Places, Level]) -> list[list[Key]]:
    """What follows from all that is shown: small cells, and small margins, each as its hidden cells of this level."""
    unknown = {key: i for i, key in enumerate(sorted(level.hidden))}
    wanted = [[key] for key in sorted(level.small)] + small_margins(level, levels)
    equations = shown_sums(level, levels, unknown)
    if not wanted or not equations:
        return []
    if len(equations) ** 2 * len(unknown) > MAX_WORK:
        level.hidden |= level.sizes.keys()
        return []
    names = sorted(unknown)
    known = following(equations, [[unknown[key] for key in cells] for cells in wanted], len(unknown))
    return [[names[i] for i in cells] for cells in known]


def small_margins(level: Level, levels: Mapping[Places, Level]) -> list[list[Key]]:
    """Small cells of coarser margins, each as the hidden cells of this level that it holds."""
    above = (places for places in margins_above(level, levels) if levels[places].small)
    found = [cells for places in above for total, cells in lines(level, places) if total in levels[places].small]
    return [[key for key in cells if key in level.hidden] for cells in found]


def shown_sums(level: Level, levels: Mapping[Places, Level], cells: Mapping[Key, int]) -> list[list[int]]:
    """Every shown margin, as the numbers of those of `cells` that it adds up."""
    found = []
    for above in margins_above(level, levels):
        for total, line in lines(level, above):
            places = [cells[key] for key in line if key in cells]
            if places and total not in levels[above].hidden:
                found.append(places)
    return found


def cheapest_cover(level: Level, levels: Mapping[Places, Level], wanted: Sequence[Key]) -> set[Key]:
    """The cells, of as few rows as possible, that must be hidden so that a sum cannot be worked out; nothing where
    every margin together gives it away."""
    cells = sorted(key for key, size in level.sizes.items() if size.n or key in level.hidden)
    number = {key: i for i, key in enumerate(cells)}
    costs = [FREE if key in level.hidden else float(level.sizes[key].n) for key in cells]
    moved = cheapest_change(shown_sums(level, levels, number), costs, [number[key] for key in wanted])
    return {cells[i] for i in moved} - level.hidden


def margins_above(level: Level, levels: Mapping[Places, Level]) -> list[Places]:
    """Every coarser margin."""
    places = (above for count in range(len(level.places)) for above in combinations(level.places, count))
    return [above for above in places if above in levels]


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
