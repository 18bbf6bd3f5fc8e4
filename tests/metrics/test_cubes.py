"""What the cubes hold: whole, sorted, and only what is needed."""

from dataclasses import replace

import pytest
from small_world import small_world

from metrics.bins import bin_edges, bin_sql
from metrics.cubes import create_cubes
from metrics.definitions import Catalogue, load_catalogue
from metrics.errors import CatalogueError
from metrics.query import measure
from metrics.selection import Period, Selection
from metrics.slices import Kept

YEAR = Period.of_months("2026-01", "2026-10")


def rated(customers: int, answers: int):
    """Customers who each give the same score several times; half of them 5, half of them 1."""
    return [
        (f"C{c}", f"2026-0{1 + a % 9}-05", "east", "families", 5 if c % 2 else 1)
        for c in range(customers)
        for a in range(answers)
    ]


def test_answers_that_repeat_themselves_count_once():
    """Forty customers who say the same four times in nine months are forty, not 160: the design effect is 4."""
    connection, catalogue = small_world([], rated(40, 4))
    csat = catalogue.metric("csat")
    assert catalogue.ground.design_effect(csat, YEAR) == pytest.approx(4)
    assert catalogue.ground.design_effect(csat, Period.of_months("2026-01", "2026-01")) == pytest.approx(1)
    (found,) = measure(connection, catalogue, "csat", Selection(YEAR))
    alone = small_world([], rated(40, 1))
    (once,) = measure(*alone, "csat", Selection(YEAR))
    assert (found.low, found.high) == pytest.approx((once.low, once.high))


def test_every_cell_has_a_number_and_every_number_a_cell():
    anonymous = (None, "2026-01-05", "unknown", "unknown", "s", 2)
    connection, _ = small_world([("a", "2026-01-05", "east", "families", "s", 1), anonymous])
    lost = "select count(*) from cube_metric_month anti join cube_cell using (cut, cell)"
    assert connection.execute(lost).fetchone() == (0,)
    assert connection.execute("select count(*) from cube_cell group by cut, cell having count(*) > 1").fetchall() == []


def test_a_segment_that_parts_another_is_known_as_such():
    orders = [("a", "2026-01-05", "east", "e1", "s", 1), ("b", "2026-01-05", "east", "e2", "s", 1)]
    orders += [("c", "2026-01-05", "west", "w1", "s", 1)]
    connection, catalogue = small_world(orders)
    assert connection.execute("select * from cube_nesting").fetchall() == [("persona", "region")]
    assert catalogue.ground.parents["persona"] == ("region",)


def test_a_wrong_expression_is_said_with_its_metric():
    connection, catalogue = small_world([("a", "2026-01-05", "east", "families", "s", 1)])
    for name in ("metric_month", "histogram_month", "cell", "design_effect", "nesting"):
        connection.execute(f"drop table cube_{name}")
    wrong = load_catalogue().metric("orders").model_copy(update={"where": "is_sold"})
    with pytest.raises(CatalogueError, match=r"orders: .*is_sold"):
        create_cubes(connection, Catalogue({"orders": wrong}), None)


@pytest.mark.parametrize("value", [0, 1, 63, 64, 65, 200, 3600, 86_400, -1, -64, -500])
def test_a_number_lies_in_its_bin_and_bins_are_narrow(value):
    connection, _ = small_world([("a", "2026-01-05", "east", "families", "s", 1)])
    (number,) = connection.execute(f"select {bin_sql(str(value) + '::integer')}").fetchone()
    low, high = bin_edges(number)
    assert min(low, high) - 1e-6 <= value <= max(low, high) + 1e-6
    assert high - low <= 0.02 * abs(value) + 1e-9


def test_slices_give_way_when_there_is_no_room(monkeypatch):
    monkeypatch.setattr("metrics.slices.ROOM", 1)
    connection, catalogue = small_world([("a", "2026-01-05", "east", "families", "s", 1)])
    catalogue = replace(catalogue, ground=replace(catalogue.ground, kept=Kept()))
    for metric in ("orders", "csat", "revenue"):
        measure(connection, catalogue, metric, Selection(YEAR))
    assert len(catalogue.ground.kept.found) == 1
