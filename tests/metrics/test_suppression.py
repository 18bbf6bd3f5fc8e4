"""No group of too few people can be seen or worked out: every question is asked, and played against the others.

The attacker asks for every combination of single codes and "all" over the columns, and for unions of codes. What is
shown becomes one linear equation each. No cell or margin of too few people may follow from them.
"""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.disclosure import cheapest_change, following
from metrics.ground import PARENTS
from metrics.suppression import Size, hidden_cells, hidden_steps

LEAST = 10


def table(counts: dict[tuple[str, ...], int]) -> dict[tuple[str, ...], Size]:
    """Cells of a table whose columns are segments, so that people add up; one row a person."""
    return {key: Size(n, n, n) for key, n in counts.items() if n}


def shown_questions(columns: tuple[str, ...], counts: dict[tuple[str, ...], int]) -> list[set[tuple[str, ...]]]:
    """The full cells behind every question that is answered: over every subset of columns, every union of codes."""
    shown = []
    for size in range(len(columns) + 1):
        for places in combinations(range(len(columns)), size):
            margin: dict[tuple[str, ...], int] = {}
            for key, n in counts.items():
                part = tuple(key[i] for i in places)
                margin[part] = margin.get(part, 0) + n
            asked = tuple(columns[i] for i in places)
            hidden = hidden_cells(asked, columns, table(margin), LEAST).get(tuple(range(size)), frozenset())
            codes = [sorted({key[i] for key in margin}) for i in range(size)]
            for chosen in product(*[[c for k in (1, 2) for c in combinations(code, k)] for code in codes]):
                if not hidden & set(product(*chosen)):
                    limits = list(zip(places, chosen, strict=True))
                    shown.append({key for key in every_cell(counts) if all(key[i] in c for i, c in limits)})
    return shown


def every_cell(counts: dict[tuple[str, ...], int]) -> set[tuple[str, ...]]:
    """Empty cells too: the attacker knows the codes, not who is where."""
    return set(product(*[sorted({key[i] for key in counts}) for i in range(len(next(iter(counts), ())))]))


def worked_out(counts: dict[tuple[str, ...], int], shown: list[set[tuple[str, ...]]], wanted: set) -> bool:
    """The sum over `wanted` follows from the sums shown."""
    keys = sorted(every_cell(counts))
    rows = np.array([[key in cells for key in keys] for cells in shown] or [[0] * len(keys)], float)
    target = np.array([key in wanted for key in keys], float)
    found = np.linalg.lstsq(rows.T, target, rcond=None)[0]
    return bool(np.allclose(rows.T @ found, target, atol=1e-6))


def small_groups(columns: tuple[str, ...], counts: dict[tuple[str, ...], int]) -> list[set[tuple[str, ...]]]:
    """The cells of every margin with too few people."""
    found = []
    for size in range(len(columns) + 1):
        for places in combinations(range(len(columns)), size):
            for part in {tuple(key[i] for i in places) for key in counts}:
                cells = {key for key in every_cell(counts) if tuple(key[i] for i in places) == part}
                if 0 < sum(counts.get(key, 0) for key in cells) < LEAST:
                    found.append(cells)
    return found


def tables_of(*sizes: int):
    keys = list(product(*[[f"{chr(97 + i)}{j}" for j in range(n)] for i, n in enumerate(sizes)]))
    people = st.one_of(st.just(0), st.integers(1, 9), st.integers(10, 60))
    counts = st.lists(people, min_size=len(keys), max_size=len(keys))
    return counts.map(lambda numbers: {key: n for key, n in zip(keys, numbers, strict=True) if n})


@pytest.mark.parametrize("sizes", [(4,), (3, 3), (4, 3), (2, 2, 2), (3, 2, 2)], ids=str)
def test_no_small_group_follows_from_all_that_is_shown(sizes):
    columns = ("region", "persona", "tier")[: len(sizes)]

    @settings(max_examples=60, deadline=None)
    @given(tables_of(*sizes))
    def holds(counts):
        shown = shown_questions(columns, counts)
        for cells in small_groups(columns, counts):
            assert not worked_out(counts, shown, cells), f"{sorted(cells)} of {counts}"

    holds()


def test_the_check_can_fail():
    """Without complementary suppression the one small cell is its line's total less the others."""
    counts = {("a",): 50, ("b",): 40, ("c",): 3}
    naive = [{("a",)}, {("b",)}, set(counts)]
    assert worked_out(counts, naive, {("c",)})


def test_nothing_is_hidden_when_every_cell_is_large_enough():
    counts = {("north", "families"): 10, ("north", "seniors"): 12, ("south", "families"): 400}
    assert hidden_cells(("region", "persona"), ("region", "persona"), table(counts), LEAST) == {}


def test_one_small_group_takes_the_smallest_other_with_it():
    hidden = hidden_cells(("region",), ("region",), table({("n",): 50, ("e",): 30, ("s",): 20, ("w",): 3}), LEAST)
    assert hidden[(0,)] == {("w",), ("s",)}


def test_a_hidden_margin_is_not_uncovered_by_a_finer_table():
    """South is hidden for being the neighbour of west; its cells must not add up to it."""
    counts = {(r, p): n for r, n in (("n", 50), ("e", 30), ("s", 20)) for p in ("f", "g")} | {("w", "f"): 3}
    counts = {key: counts.get(key, {"n": 50, "e": 30, "s": 20}.get(key[0])) for key in counts}
    hidden = hidden_cells(("r", "p"), ("r", "p"), table(counts), LEAST)[(0, 1)]
    assert {("w", "f")} < hidden
    assert hidden & {("s", "f"), ("s", "g")}


def test_people_who_stand_in_several_cells_are_not_added_up():
    """Nine people who each used both channels are nine people."""
    cells = {("phone",): Size(9, 9, 30), ("chat",): Size(9, 9, 20)}
    assert hidden_cells(("channel",), (), cells, LEAST)[(0,)] == {("phone",), ("chat",)}


def test_a_table_too_large_to_be_audited_is_not_shown_at_all():
    counts = {(f"r{i}", f"p{j}"): 3 if (i + j) % 2 else 30 for i in range(64) for j in range(64)}
    hidden = hidden_cells(("r", "p"), ("r", "p"), table(counts), LEAST)[(0, 1)]
    assert hidden == set(counts)


def test_a_large_table_of_mostly_small_cells_still_shows_its_large_ones():
    """States by categories: 27 by 73, most of them of a few people, hid everybody once."""
    rng = np.random.default_rng(4)
    weights = np.outer(1 / np.arange(1, 28), 1 / np.arange(1, 74) ** 0.7)
    counts = {(f"s{i}", f"c{j}"): int(rng.poisson(120 * weights[i, j])) for i in range(27) for j in range(73)}
    hidden = hidden_cells(("state", "category"), ("state",), table(counts), LEAST)[(0, 1)]
    large = {key for key, n in counts.items() if n >= LEAST}
    assert {key for key, n in counts.items() if 0 < n < LEAST} <= hidden
    assert len(large - hidden) > 0.4 * len(large)


def test_no_column_parts_two_others_that_do_not_part_each_other():
    """Where it did, a cell could be the difference of two margins that each are large enough to be shown."""
    assert all(len(parents) == 1 for parents in PARENTS.values())


def test_a_small_month_takes_another_month_of_its_quarter_with_it():
    sizes = [("q1", Size(50, 50, 50)), ("q1", Size(3, 3, 3)), ("q1", Size(30, 30, 30)), ("q2", Size(20, 20, 20))]
    assert hidden_steps(sizes, LEAST) == {1, 2}
    assert hidden_steps([*sizes[:1], ("q1", None), *sizes[2:]], LEAST) == frozenset()
    assert hidden_steps([("q1", Size(3, 3, 3)), ("q2", Size(20, 20, 20))], LEAST) == {0, 1}


def test_a_column_that_parts_another_is_not_played_against_it():
    """North has stores n1 (11 people) and n2 (1): shown beside the region's 12, n1 would give n2 away."""
    counts = {("north", "n1"): 11, ("north", "n2"): 1, ("south", "s1"): 10, ("south", "s2"): 60}
    parents = {"store": ("region",)}
    hidden = hidden_cells(("region", "store"), ("region", "store"), table(counts), LEAST, parents)[(0, 1)]
    assert {("north", "n1"), ("north", "n2")} <= hidden
    assert ("south", "s2") not in hidden


def test_empty_cells_of_a_line_that_hides_something_are_hidden_too():
    counts = {("a0", "b0"): 11, ("a1", "b0"): 1, ("a3", "b2"): 10}
    hidden = hidden_cells(("a", "b"), ("a", "b"), table(counts), LEAST)[(0, 1)]
    assert {("a3", "b0"), ("a0", "b2")} <= hidden


def test_what_an_event_does_not_say_takes_nobody_with_it():
    """Eight deliveries of which the source gives no day are hidden; late and kept ones stay."""
    cells = table({("kept",): 4893, ("late",): 345, ("unknown",): 8})
    assert hidden_cells(("delivery_promise",), (), cells, LEAST)[(0,)] == {("unknown",)}
    assert hidden_cells(("region",), ("region",), cells, LEAST)[(0,)] == {("unknown",), ("late",)}


def test_what_follows_from_several_sums_together_is_found():
    """a + b, b + c and a + c are known: so are a, b and c; d + e fixes neither, and is itself known."""
    sums = [[0, 1], [1, 2], [0, 2], [3, 4]]
    assert following(sums, [[0], [1], [2], [3], [4], [3, 4], [2, 3]], 5) == [[0], [1], [2], [3, 4]]


def test_sums_that_say_the_same_fix_nothing():
    assert following([[0, 1], [2, 3], [0, 1, 2, 3]], [[0], [1], [2], [3]], 4) == []


def test_the_cheapest_change_goes_round_the_cheapest_box():
    """Two rows of three: a change of the first cell must be taken back in its row and in its column."""
    rows_and_columns = [[0, 1, 2], [3, 4, 5], [0, 3], [1, 4], [2, 5]]
    assert cheapest_change(rows_and_columns, [1, 50, 20, 9, 9, 9], [0]) == [0, 2, 3, 5]
    assert cheapest_change([*rows_and_columns, [0]], [1, 50, 20, 9, 9, 9], [0]) == []


def test_one_small_cell_of_a_crossed_table_takes_a_box_with_it_not_the_whole_table():
    """A single delivery without a customer once hid every region of the month."""
    deliveries = {"east": 170, "north": 212, "paris": 160, "south": 212, "unknown": 1, "west": 181}
    issues = {"east": 80, "north": 88, "paris": 81, "south": 92, "unknown": 53, "west": 72}
    cells = {
        (kind, region): Size(n, n, n)
        for kind, counts in (("delivery", deliveries), ("issue", issues))
        for region, n in counts.items()
    }
    hidden = hidden_cells(("kind", "region"), ("region",), cells, 10)[0, 1]
    assert hidden == {(kind, region) for kind in ("delivery", "issue") for region in ("paris", "unknown")}
