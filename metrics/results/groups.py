"""Groups of a segment column: which may be named, and how one differs from the others of its column."""

from collections.abc import Hashable, Mapping

import numpy as np

from metrics.stats.intervals import Estimate, Z, around
from metrics.stats.multiple import apart, widened
from metrics.suppression import hidden_codes

Group = tuple[str, str]
EVERYBODY = ("", "")


def shown_groups(codes: np.ndarray, min_group: int) -> dict[str, np.ndarray]:
    """Code -> mask of its people (`codes`: one a person), without groups of too few and enough of their neighbours."""
    codes = codes.astype(str)
    people = {str(code): int(n) for code, n in zip(*np.unique(codes, return_counts=True), strict=True)}
    return {code: codes == code for code in sorted(people.keys() - hidden_codes(people, min_group))}


def against_others(found: Mapping[tuple[Group, Hashable], tuple[float, float, float]]) -> dict:
    """(group, measure) -> value, standard error, size. Each less the mean of its column's other groups, where there
    are any, with an interval that holds for all at once."""
    alone: dict[tuple[Group, Hashable], Estimate] = {}
    for column, measure in {(group[0], measure) for group, measure in found}:
        known = [place for place in found if place[0][0] == column and place[1] == measure]
        if column and len(known) > 1:
            values, errors = apart(*np.array([found[place] for place in known], float).T)
            for place, value, error in zip(known, values, errors, strict=True):
                alone[place] = around(float(value), float(Z * error))
    return {place: widened(estimate, len(alone)) for place, estimate in alone.items()}
