"""Groups of a segment column: which may be named, and how one differs from the others of its column."""

from collections.abc import Hashable, Mapping

import numpy as np

from metrics.stats.intervals import Estimate, Z
from metrics.stats.multiple import apart, widened
from metrics.suppression import Size, hidden_cells

Group = tuple[str, str]
EVERYBODY = ("", "")


def shown_groups(column: str, codes: np.ndarray, min_group: int) -> dict[str, np.ndarray]:
    """Code -> mask of its people (`codes`: one a person), without groups of too few and enough of their neighbours."""
    values, counts = np.unique(codes.astype(str), return_counts=True)
    sizes = {(str(v),): Size(int(n), int(n), int(n)) for v, n in zip(values, counts, strict=True)}
    hidden = hidden_cells((column,), (column,), sizes, min_group).get((0,), frozenset())
    return {code: codes.astype(str) == code for (code,) in sorted(sizes.keys() - hidden)}


def against_others(found: Mapping[tuple[Group, Hashable], tuple[float, float, float]]) -> dict:
    """(group, measure) -> value, standard error, size. Each less the mean of its column's other groups, where there
    are any, with an interval that holds for all at once."""
    alone: dict[tuple[Group, Hashable], Estimate] = {}
    for column, measure in {(group[0], measure) for group, measure in found}:
        known = [place for place in found if place[0][0] == column and place[1] == measure]
        if column and len(known) > 1:
            values, errors = apart(*np.array([found[place] for place in known], float).T)
            for place, value, error in zip(known, values, errors, strict=True):
                alone[place] = Estimate(*(float(value + side * Z * error) for side in (0, -1, 1)))
    return {place: widened(estimate, len(alone)) for place, estimate in alone.items()}
