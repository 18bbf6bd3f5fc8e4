"""The numbers of the cells of each cut of the cubes: table cube_cell, filled as relations bring new codes."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from metrics.slices import CELLS

if TYPE_CHECKING:
    import duckdb

MAX_CUT = 2


def add_cells(connection: "duckdb.DuckDBPyConnection", relation: str, segments: Sequence[str]) -> None:
    """Number the cells of every cut that a relation's `codes` bring and no other brought before.

    Temporary table cube_place: for each cell of all segments at once, the cell of each cut of a few that holds it.
    """
    whole = cut_of(segments)
    new = f"select distinct codes from {relation} where codes not in (select codes from {CELLS} where cut = ?)"  # noqa: S608
    if not number_cells(connection, whole, new, [",".join(whole)]):
        return
    for cut in cuts(segments, MAX_CUT):
        part = f"[{', '.join(f'codes[{whole.index(name) + 1}]' for name in cut)}]::varchar[]"
        named = [",".join(whole), ",".join(cut)]
        known = f"select codes from {CELLS} where cut = ?"  # noqa: S608
        new = f"select distinct {part} from {CELLS} where cut = ? and {part} not in ({known})"  # noqa: S608
        number_cells(connection, cut, new, named)
        connection.execute(
            f"insert into cube_place select w.cut, w.cell, c.cut, c.cell "  # noqa: S608
            f"from (select cut, cell, {part} as part from {CELLS} where cut = ?) as w "
            f"inner join {CELLS} as c on c.codes = w.part and c.cut = ? "
            "where (w.cut, w.cell, c.cut) not in (select (whole_cut, whole_cell, cut) from cube_place)",
            named,
        )


def number_cells(connection: "duckdb.DuckDBPyConnection", cut: Sequence[str], new: str, values: list[str]) -> int:
    """Add cells that a SELECT finds to a cut; how many."""
    name = ",".join(cut)
    (added,) = connection.execute(
        f"insert into {CELLS} with found(codes) as ({new}) select ?, "  # noqa: S608
        f"(select count(*) from {CELLS} where cut = ?) + row_number() over (order by codes) - 1, codes from found",
        [*values, name, name],
    ).fetchone()
    return added


def cut_of(segments: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(segments))


def cuts(segments: Sequence[str], most: int) -> Iterator[tuple[str, ...]]:
    """Nothing, every segment column, and so on up to so many of them at once."""
    for count in range(most + 1):
        yield from combinations(sorted(segments), count)
