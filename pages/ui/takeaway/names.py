"""Which column of a chart's table holds the values that a series draws: its header is the series' name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pages.ui.export import Table

MOST_KINDS = 12  # distinct texts of a column that tells series apart
FIGURES = 6  # significant figures in which two values are the same


@dataclass(frozen=True)
class Named:
    name: str = ""
    unit: str | None = None


def named(values: Sequence[float | None], table: Table) -> Named:
    """The header and unit of the smallest set of the table's values that holds all of these; nothing when none does.

    In a long table (a column says which series a row belongs to) the name is what that column says.
    """
    wanted = {rounded(v) for v in values if v is not None}
    if not wanted:
        return Named()
    holding = [(len(held), order, found) for order, (held, found) in enumerate(sets(table)) if wanted <= held]
    return min(holding, default=(0, 0, Named()), key=lambda h: h[:2])[2]


def sets(table: Table) -> Iterator[tuple[set[float], Named]]:
    """Values of every column of numbers, whole and by each kind of row."""
    numbers = [i for i, _ in enumerate(table.columns) if any(is_number(row[i]) for row in table.rows)]
    texts = [i for i, _ in enumerate(table.columns) if any(isinstance(row[i], str) for row in table.rows)]
    for i in numbers:
        column = table.columns[i]
        yield {rounded(row[i]) for row in table.rows if is_number(row[i])}, Named(column.header, column.unit)
        for kinds in texts:
            said = dict.fromkeys(row[kinds] for row in table.rows)
            if not 1 < len(said) <= min(MOST_KINDS, len(table.rows) // 2):
                continue
            for kind in said:
                rows = [row for row in table.rows if row[kinds] == kind and is_number(row[i])]
                yield {rounded(row[i]) for row in rows}, Named(str(kind), column.unit)


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def rounded(value: float) -> float:
    return float(f"{value:.{FIGURES}g}")
