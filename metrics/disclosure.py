"""What follows from sums that are shown, and what to hide so that it no longer does. A sum is the numbers of its cells.

Sources: Fischetti & Salazar 2001, Management Science 47(7) (a cell is safe when a change of it keeps every sum that is
shown; the cheapest such change says which cells to hide); Gauss-Jordan elimination modulo a prime, so without rounding.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

PRIME = 2_147_483_629  # its products fit in 64 bits
FREE = 1e-3  # what a cell costs that is hidden already, in rows: little, so that the change stays small
MOVED = 1e-7  # a change below this is none


def eliminated(equations: Sequence[Sequence[int]], count: int) -> tuple[np.ndarray, list[int]]:
    """Sums over `count` unknowns as rows in reduced form, modulo PRIME, and the unknown that each row leads with."""
    rows = np.zeros((len(equations), count), dtype=np.int64)
    for row, places in enumerate(equations):
        rows[row, list(places)] = 1
    leading: list[int] = []
    for place in range(count):
        done = len(leading)
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
        leading.append(place)
    return rows[: len(leading)], leading


def following(equations: Sequence[Sequence[int]], targets: Sequence[Sequence[int]], count: int) -> list[Sequence[int]]:
    """Of the sums `targets`, those that follow from the sums `equations`. Every unknown may be any number.

    Unknowns that always stand together in the equations are seen as one: only all of them together can follow.
    """
    together, sizes = classes(equations, count)
    rows, leading = eliminated([sorted({together[i] for i in places}) for places in equations], len(sizes))
    alone = set(np.flatnonzero(rows[np.count_nonzero(rows, axis=1) == 1].any(axis=0)).tolist())
    found = []
    for target in targets:
        inside = Counter(together[i] for i in target)
        if all(sizes[name] == n for name, n in inside.items()) and (
            inside.keys() <= alone or (len(target) > 1 and is_combination(rows, leading, list(inside)))
        ):
            found.append(target)
    return found


def classes(equations: Sequence[Sequence[int]], count: int) -> tuple[list[int], list[int]]:
    """For each unknown the number of its class, those that stand in the same equations; and the classes' sizes."""
    standing: list[list[int]] = [[] for _ in range(count)]
    for number, places in enumerate(equations):
        for place in places:
            standing[place].append(number)
    names: dict[tuple[int, ...], int] = {}
    together = [names.setdefault(tuple(places), len(names)) for places in standing]
    return together, np.bincount(together, minlength=len(names)).tolist()


def is_combination(rows: np.ndarray, leading: Sequence[int], target: Sequence[int]) -> bool:
    """Whether a sum is made of reduced rows: it must be the sum of those that lead with its unknowns."""
    inside = set(target)
    made = rows[[i for i, place in enumerate(leading) if place in inside]].sum(axis=0) % PRIME
    wanted = np.zeros_like(made)
    wanted[list(target)] = 1
    return bool(np.array_equal(made, wanted))


def cheapest_change(equations: Sequence[Sequence[int]], costs: Sequence[float], target: Sequence[int]) -> list[int]:
    """Unknowns that move in the cheapest change that keeps every sum of `equations` and moves `target` by one.

    Nothing when there is no such change: the target follows from the sums whatever is hidden.
    """
    from scipy.optimize import linprog  # 0.2 s of import that hardly any page needs
    from scipy.sparse import csr_array, hstack

    wanted = [*equations, target]
    places = [(row, place) for row, inside in enumerate(wanted) for place in inside]
    shape = (len(wanted), len(costs))
    sums = csr_array((np.ones(len(places)), np.array(places).T.reshape(2, -1)), shape=shape)
    moved = np.zeros(len(wanted))
    moved[-1] = 1
    both = np.concatenate([costs, costs])
    found = linprog(both, A_eq=hstack([sums, -sums]), b_eq=moved, method="highs")
    if found.status != 0:
        return []
    up, down = found.x[: len(costs)], found.x[len(costs) :]
    return np.flatnonzero(np.abs(up - down) > MOVED).tolist()
