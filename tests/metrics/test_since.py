"""Then and now: each part of a difference is what it says, and the parts add up, on answers counted by hand."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import duckdb
import pytest

from metrics.definitions import Catalogue, load_catalogue
from metrics.ground import Ground
from metrics.selection import Period, Selection
from metrics.since import Asked, Dated, moves, redefined

NPS = load_catalogue().metrics["nps"]
COLUMNS = "customer_id varchar, answered_at timestamp, score_0_10 int, region varchar"
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))


def answers(*runs: tuple[int, int, int], region: str = "north", first: int = 0) -> list[tuple]:
    """(month, score, how many): answers of as many different customers on the 10th of the month."""
    rows = []
    for month, score, count in runs:
        rows += [
            (f"{region}{first}-{month}-{score}-{i}", f"2026-{month:02d}-10 12:00", score, region) for i in range(count)
        ]
    return rows


def snapshot(rows: list[tuple], as_of: date, metric=None, views: dict | None = None) -> Dated:
    """A snapshot of answers that speaks of the days before `as_of`."""
    metric = metric or NPS
    connection = duckdb.connect()
    connection.execute(f"create table raw ({COLUMNS})")
    connection.executemany("insert into raw values (?, ?, ?, ?)", rows)
    connection.execute(f"create table {metric.view} as select *, 'nps' as instrument, 'relational' as kind from raw")
    columns = {r[0] for r in connection.execute(f"describe {metric.view}").fetchall()}
    ground = Ground(
        as_of=as_of,
        data_from=date(2026, 1, 1),
        min_group=10,
        windows={"second_purchase_days": 180, "stop_months": 6, "activity_days": 200},
        segments=("region",),
        columns={metric.view: frozenset(columns)},
        parents={},
    )
    return Dated(connection.cursor, Catalogue({metric.name: metric}, ground), views or {})


def one(then: Dated, now: Dated, **changes):
    (found,) = moves(then, now, Asked("nps", replace(Selection(YEAR), **changes)))
    return found


def told(moved) -> dict[str, float | None]:
    return {cause.kind: cause.change and round(cause.change, 6) for cause in moved.causes}


EARLY = answers((1, 10, 60), (2, 5, 40))  # +20


def test_later_answers_are_new_data():
    then, now = (
        snapshot(EARLY, date(2026, 3, 1)),
        snapshot([*EARLY, *answers((4, 10, 100))], date(2026, 5, 1)),
    )
    moved = one(then, now)
    assert (moved.then.value, moved.now.value) == (20.0, 60.0)
    assert told(moved) == {"new_data": 40.0}


def test_other_rows_of_days_that_were_covered_are_restated_even_when_there_is_new_data_too():
    corrected = answers((1, 10, 60), (2, 10, 40))  # +100 instead of +20
    then, now = snapshot(EARLY, date(2026, 3, 1)), snapshot([*corrected, *answers((4, 5, 100))], date(2026, 5, 1))
    moved = one(then, now)
    assert told(moved) == {"restated": 80.0, "new_data": -100.0}
    assert sum(told(moved).values()) == pytest.approx(moved.change)


def test_a_period_that_was_covered_can_only_be_restated():
    then, now = (
        snapshot(EARLY, date(2026, 3, 1)),
        snapshot([*answers((1, 10, 61), (2, 5, 40)), *answers((4, 5, 100))], date(2026, 5, 1)),
    )
    moved = one(then, now, period=Period(date(2026, 1, 1), date(2026, 3, 1)))
    assert set(told(moved)) == {"restated"}
    assert moved.now.n == 101


def test_the_same_rows_have_no_cause():
    assert one(snapshot(EARLY, date(2026, 3, 1)), snapshot(EARLY, date(2026, 5, 1))).causes == ()


def test_rows_that_cancel_out_are_seen_though_the_value_is_the_same():
    doubled = answers((1, 10, 120), (2, 5, 80))
    moved = one(snapshot(EARLY, date(2026, 3, 1)), snapshot(doubled, date(2026, 3, 1)))
    assert (moved.change, told(moved)) == (0.0, {"restated": 0.0})


def test_a_changed_definition_is_told_apart_from_new_and_restated_data():
    """From 9-10 to 10 only: 20 nines of the former 60 promoters are lost."""
    harder = NPS.model_copy(
        update={"numerator": "count(*) filter (where score_0_10 = 10) - count(*) filter (where score_0_10 <= 6)"}
    )
    before = answers((1, 10, 40), (1, 9, 20), (2, 5, 40))
    restated = answers((1, 10, 45), (1, 9, 15), (2, 5, 40), (2, 8, 20))
    now = snapshot([*restated, *answers((4, 9, 40))], date(2026, 5, 1), harder)
    then = snapshot(before, date(2026, 3, 1))
    moved = one(then, now)
    assert set(told(moved)) == {"restated", "new_data", "definition"}
    assert sum(told(moved).values()) == pytest.approx(moved.change)
    assert told(moved)["definition"] == pytest.approx((45 - 40) / 160 * 100 - (100 - 40) / 160 * 100, abs=1e-4)
    assert redefined(then, now, ["nps", "gone"]) == ("nps",)


def test_many_readers_can_ask_at_once():
    then = snapshot(EARLY, date(2026, 3, 1))
    now = snapshot([*EARLY, *answers((4, 10, 100))], date(2026, 5, 1))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: told(one(then, now)), range(40)))
    assert found == [{"new_data": 40.0}] * 40


def test_words_are_no_definition():
    said = NPS.model_copy(update={"definition": {"en": "Other words.", "fr": "D'autres mots."}})
    then, now = snapshot(EARLY, date(2026, 3, 1)), snapshot(EARLY, date(2026, 3, 1), said)
    assert one(then, now).causes == ()
    assert redefined(then, now, ["nps"]) == ()


def test_relations_made_in_another_way_are_a_definition_whose_part_cannot_be_told():
    rows = answers((1, 10, 70), (2, 5, 40))
    then = snapshot(EARLY, date(2026, 3, 1), views={NPS.view: "one"})
    assert told(one(then, snapshot(rows, date(2026, 3, 1), views={NPS.view: "two"}))) == {"definition": None}
    assert set(told(one(then, snapshot(rows, date(2026, 3, 1))))) == {"restated"}, "an older one does not say"


def test_groups_are_told_one_by_one_and_new_ones_too():
    north, south = answers((1, 10, 30), region="north"), answers((1, 5, 30), region="south")
    then, now = snapshot(north, date(2026, 3, 1)), snapshot([*north, *south], date(2026, 3, 1))
    found = {m.group[0][1]: m for m in moves(then, now, Asked("nps", Selection(YEAR), ("region",)))}
    assert found["north"].causes == ()
    assert found["south"].then is None
    assert told(found["south"]) == {"restated": None}


def test_a_group_too_small_to_be_shown_stays_hidden_and_its_part_is_not_told():
    then = snapshot(answers((1, 10, 30)) + answers((1, 5, 4), region="south"), date(2026, 3, 1))
    now = snapshot(answers((1, 10, 30)) + answers((1, 5, 30), region="south"), date(2026, 3, 1))
    found = {m.group[0][1]: m for m in moves(then, now, Asked("nps", Selection(YEAR), ("region",)))}
    assert found["south"].then.status == "private"
    assert [cause.change for cause in found["south"].causes] == [None]


def test_a_metric_that_one_of_them_does_not_know_is_said():
    then, now = snapshot(EARLY, date(2026, 3, 1)), snapshot(EARLY, date(2026, 3, 1))
    empty = replace(then, catalogue=Catalogue({}, then.ground))
    assert told(one(empty, now)) == {"not_then": None}
    assert told(one(then, replace(empty, catalogue=Catalogue({}, now.ground)))) == {"not_now": None}
