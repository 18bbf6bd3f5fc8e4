"""Groups of a segment column that a result may name."""

import numpy as np

from metrics.suppression import Size, hidden_cells


def shown_groups(column: str, codes: np.ndarray, min_group: int) -> dict[str, np.ndarray]:
    """Code -> mask of its people (`codes`: one a person), without groups of too few and enough of their neighbours."""
    values, counts = np.unique(codes.astype(str), return_counts=True)
    sizes = {(str(v),): Size(int(n), int(n), int(n)) for v, n in zip(values, counts, strict=True)}
    hidden = hidden_cells((column,), (column,), sizes, min_group).get((0,), frozenset())
    return {code: codes.astype(str) == code for (code,) in sorted(sizes.keys() - hidden)}
