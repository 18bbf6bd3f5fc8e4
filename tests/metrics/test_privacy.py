"""Small groups through measure(): hidden, whatever is asked around them; and people counted as people."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import small_world

from metrics.customers import customers
from metrics.query import measure, rows_behind
from metrics.selection import Period, Selection

MARCH, APRIL = (Period.of_months(m, m) for m in ("2026-03", "2026-04"))
BOTH = Period(MARCH.start, APRIL.end)
REGIONS, PERSONAS = ("east", "north", "west"), ("families", "seniors")


def buyers(
    count: int, region: str, persona: str = "families", day: str = "2026-03-10", store: str = "s1", start: int = 0
):
    """Orders of so many different customers, worth 1, 2, 3, ..."""
    who = [f"{region}-{persona}-{start + i}" for i in range(count)]
    return [(customer, day, region, persona, store, i + 1) for i, customer in enumerate(who)]


def statuses(world, metric="revenue", by=("region",), **chosen) -> dict[tuple[str, ...], str]:
    found = measure(*world, metric, Selection(**({"period": MARCH} | chosen)), by=by)
    return {tuple(code for _, code in m.group): m.status for m in found}


def test_a_small_group_is_private_and_takes_the_smallest_other_with_it():
    world = small_world(buyers(30, "east") + buyers(20, "north") + buyers(4, "west"))
    assert statuses(world) == {("east",): "shown", ("north",): "private", ("west",): "private"}


def test_a_private_number_tells_nothing():
    world = small_world(buyers(30, "east") + buyers(20, "north") + buyers(4, "west"))
    chosen = Selection(MARCH, "previous", where=(("region", ("west",)),))
    (found,) = measure(*world, "revenue", chosen)
    told = [getattr(found, f) for f in ("numerator", "denominator", "value", "low", "high", "n", "people", "before")]
    assert found.status == "private"
    assert told == [None] * len(told)
    assert rows_behind(*world, "revenue", chosen).rows == ()


def test_everybody_but_the_small_group_is_private_too():
    """Else it is everybody less the others."""
    world = small_world(buyers(30, "east") + buyers(20, "north") + buyers(4, "west"))
    assert statuses(world, by=(), where=(("region", ("east", "north")),)) == {(): "private"}
    assert statuses(world, by=(), where=(("region", ("east", "north", "west")),)) == {(): "private"}
    assert statuses(world, by=()) == {(): "shown"}


def test_a_company_of_nine_is_not_shown():
    assert statuses(small_world(buyers(9, "east")), by=()) == {(): "private"}
    assert statuses(small_world(buyers(10, "east")), by=()) == {(): "shown"}


def test_many_orders_of_few_people_are_few_people():
    world = small_world(buyers(9, "east") * 5)
    assert statuses(world, by=()) == {(): "private"}
    assert statuses(world, metric="orders", by=()) == {(): "private"}


def test_the_same_people_in_two_months_are_counted_once():
    """Nine people in each month: eighteen when they are others, nine when they are the same."""
    same = small_world(buyers(9, "east") + buyers(9, "east", day="2026-04-10"))
    others = small_world(buyers(9, "east") + buyers(9, "east", day="2026-04-10", start=9))
    assert statuses(same, by=(), period=BOTH) == {(): "private"}
    assert statuses(others, by=(), period=BOTH) == {(): "shown"}
    assert 10 <= measure(*others, "revenue", Selection(BOTH))[0].people <= 18


def test_orders_without_a_customer_count_as_people():
    world = small_world([(None, "2026-03-10", "unknown", "unknown", "s1", 5)] * 10)
    assert measure(*world, "orders", Selection(MARCH))[0].people == 10


def test_a_small_month_of_a_trend_is_hidden_with_another():
    orders = [o for month, n in (("03", 30), ("04", 4), ("05", 25)) for o in buyers(n, "east", day=f"2026-{month}-10")]
    world = small_world(orders)
    year = Selection(Period.of_months("2026-03", "2026-05"))
    assert [m.status for m in measure(*world, "orders", year, every="month")] == ["shown", "private", "private"]


def test_a_change_does_not_tell_a_small_period_before():
    world = small_world(buyers(30, "east", day="2026-04-10") + buyers(4, "east"))
    (found,) = measure(*world, "revenue", Selection(APRIL, "previous"))
    assert found.status == "shown"
    assert (found.before, found.change, found.change_low, found.is_signal) == (None, None, None, None)


def test_a_store_is_not_played_against_the_stores_of_a_region():
    orders = buyers(30, "east", store="s1") + buyers(3, "east", store="s2") + buyers(40, "north", store="s3")
    world = small_world(orders)
    shown = [code for code, status in statuses(world, by=("region", "store")).items() if status == "shown"]
    assert shown == [("north", "s3")]


def test_empty_groups_among_hidden_ones_are_not_told_from_them():
    many = buyers(30, "east") + buyers(10, "east", "seniors") + buyers(20, "west") + buyers(15, "west", "seniors")
    found = statuses(small_world(many + buyers(3, "north")), by=("region", "persona"))
    assert found[("north", "families")] == found[("north", "seniors")] == "private"


def test_an_unknown_code_is_empty():
    assert statuses(small_world(buyers(30, "east")), by=(), where=(("region", ("mars",)),)) == {(): "empty"}


def every_question():
    """Filters over one or two segments, up to two codes each, and every cut."""
    choices = [[None, *combinations(codes, 1), *combinations(codes, 2)] for codes in (REGIONS, PERSONAS)]
    for region, persona in product(*choices):
        where = [(c, v) for c, v in (("region", region), ("persona", persona)) if v]
        for by in ((), ("region",), ("persona",), ("region", "persona")):
            yield Selection(MARCH, where=tuple(where)), by


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from([0, 1, 4, 9, 10, 12, 25]), min_size=6, max_size=6))
def test_no_small_group_follows_from_everything_that_can_be_asked(counts):
    cells = dict(zip(product(REGIONS, PERSONAS), counts, strict=True))
    orders = [o for (region, persona), n in cells.items() for o in buyers(n, region, persona)]
    if not orders:
        return
    world = small_world(orders)
    equations = []
    for selection, by in every_question():
        for found in measure(*world, "revenue", selection, by=by):
            if found.status != "private":
                limits = dict(selection.where) | {column: (code,) for column, code in found.group}
                regions, personas = limits.get("region", REGIONS), limits.get("persona", PERSONAS)
                inside = [region in regions and persona in personas for region, persona in cells]
                equations.append([float(i) for i in inside])
                assert found.n == sum(n for n, i in zip(cells.values(), inside, strict=True) if i)
    known = np.array(equations or [[0.0] * len(cells)])
    certain = np.diag(np.linalg.pinv(known) @ known)
    for (key, n), sure in zip(cells.items(), certain, strict=True):
        assert not (0 < n < 10 and sure > 1 - 1e-6), f"{key} of {cells}"


STORES = ("s1", "s2", "s1 s2")  # where a customer buys: the third kind buys in both


def questions_of_stores():
    """Filters by region and by store, which orders carry, and every cut."""
    for region, store in product([None, *REGIONS[:2]], [None, "s1", "s2"]):
        where = [(c, (v,)) for c, v in (("region", region), ("store", store)) if v]
        for by in ((), ("region",), ("store",), ("region", "store")):
            yield Selection(MARCH, where=tuple(where)), by


@settings(max_examples=6, deadline=None)
@given(st.lists(st.sampled_from([0, 1, 3, 6, 9, 10, 14, 25]), min_size=6, max_size=6))
def test_no_small_group_follows_from_filters_by_what_events_carry_nor_from_the_lists_of_their_customers(counts):
    kinds = dict(zip(product(REGIONS[:2], STORES), counts, strict=True))
    orders = [
        order
        for (region, stores), n in kinds.items()
        for store in stores.split()
        for order in buyers(n, region, persona=stores, store=store)
    ]
    if not orders:
        return
    world, equations = small_world(orders), []

    def inside(limits: dict) -> list[float]:
        """How many orders (one in each store) and how many people of each kind a group holds."""
        stores = [set(stores.split()) & set(limits.get("store", STORES[:2])) for _, stores in kinds]
        regions = [region in limits.get("region", REGIONS) for region, _ in kinds]
        return [float(r * len(s)) for r, s in zip(regions, stores, strict=True)]

    for selection, by in questions_of_stores():
        for found in measure(*world, "orders", selection, by=by):
            limits = dict(selection.where) | {column: (code,) for column, code in found.group}
            listed = customers(*world, Selection(MARCH, where=tuple(limits.items())), "orders")
            assert (listed.status, bool(listed.found)) == (found.status, found.status == "shown")
            if found.status != "private":
                rows = inside(limits)
                assert found.n == np.dot(rows, counts)
                assert listed.total == np.dot(np.sign(rows), counts)
                equations += [rows, np.sign(rows).tolist()]
    known = np.array(equations or [[0.0] * len(kinds)])
    for region, store in product(REGIONS[:2], STORES[:2]):
        group = np.sign(inside({"region": (region,), "store": (store,)}))
        people, is_certain = group @ counts, np.allclose(group @ np.linalg.pinv(known) @ known, group, atol=1e-6)
        assert not (0 < people < 10 and is_certain), f"{region} {store} of {kinds}"


@pytest.mark.parametrize("metric", ["orders", "average_basket"])
def test_metrics_of_the_same_rows_hide_the_same(metric):
    world = small_world(buyers(30, "east") + buyers(20, "north") + buyers(4, "west"))
    assert statuses(world, metric) == statuses(world, "revenue")
