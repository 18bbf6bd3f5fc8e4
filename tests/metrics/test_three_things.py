"""What is chosen to be looked at: sure, heavy, bad first, and nothing at all when there is only noise."""

from datetime import date

import numpy as np
import pytest

from metrics import three_things
from metrics.definitions import load_catalogue
from metrics.query import Measurement
from metrics.selection import Period, Selection
from metrics.three_things import Effect, Thing, Verdict, shrink, things_to_look_at

METRICS = load_catalogue().metrics


def group(metric: str, code: str, value: float, half: float, n: int = 1000, before=None, half_change=None, **more):
    """A shown measurement of one region; with `before`, a change and its interval."""
    change = None if before is None else value - before
    numbers = {
        "metric": metric,
        "group": (("region", code),),
        "start": date(2025, 11, 1),
        "end": date(2026, 11, 1),
        "numerator": value * n,
        "denominator": n,
        "value": value,
        "low": value - half,
        "high": value + half,
        "n": n,
        "people": n,
        "status": "shown",
        "before": before,
        "change": change,
        "change_low": None if change is None else change - (half_change or half),
        "change_high": None if change is None else change + (half_change or half),
        "is_signal": None if change is None else abs(change) > (half_change or half),
    }
    return Measurement(**(numbers | more))


def things(*groups: Measurement):
    by_metric = {}
    for g in groups:
        by_metric.setdefault(g.metric, []).append(g)
    return things_to_look_at([(METRICS[name], found) for name, found in by_metric.items()])


def test_the_group_that_fell_is_found_and_the_even_ones_are_not():
    found = things(
        group("promise_kept", "north", 0.71, 0.02, before=0.88),
        group("promise_kept", "east", 0.88, 0.02, before=0.88),
        group("promise_kept", "south", 0.87, 0.02, before=0.88),
    )
    assert [(t.group, t.measurement.metric, t.is_bad) for t in found.chosen] == [
        (("region", "north"), "promise_kept", True)
    ]


def test_a_fall_that_is_everywhere_alike_is_no_thing_of_one_group():
    found = things(*[group("promise_kept", code, 0.70, 0.02, before=0.88) for code in ("north", "east", "south")])
    assert found.chosen == ()
    assert found.comparisons == 6


def test_bad_stands_before_good_however_heavy():
    found = things(
        group("promise_kept", "north", 0.95, 0.01, n=5000),
        group("promise_kept", "east", 0.80, 0.01, n=5000),
        group("repeat_contact_rate", "south", 0.30, 0.01, n=500),
        group("repeat_contact_rate", "west", 0.20, 0.01, n=5000),
    )
    assert [t.is_bad for t in found.chosen] == sorted((t.is_bad for t in found.chosen), reverse=True)


def test_rising_repeat_contacts_are_bad_and_rising_promises_are_not():
    found = things(
        group("repeat_contact_rate", "north", 0.30, 0.01, before=0.20),
        group("repeat_contact_rate", "east", 0.20, 0.01, before=0.20),
        group("promise_kept", "south", 0.95, 0.01, before=0.85),
        group("promise_kept", "west", 0.85, 0.01, before=0.85),
    )
    bad = {(t.measurement.metric, t.group[1]): t.is_bad for t in found.chosen}
    assert bad[("repeat_contact_rate", "north")] is True
    assert all(t.is_bad == (t.measurement.metric != "promise_kept" or t.group[1] == "west") for t in found.chosen)


def test_each_thing_is_of_another_metric_and_another_group():
    found = things(
        *[
            group(m, c, v, 0.01)
            for m in ("promise_kept", "fcr", "effort")
            for c, v in [("north", 0.6), ("east", 0.8), ("west", 0.9)]
        ]
    )
    assert (
        len({t.measurement.metric for t in found.chosen}) == len(found.chosen) == len({t.group for t in found.chosen})
    )


def test_a_large_group_weighs_more_than_a_small_one_of_the_same_effect():
    found = things(
        group("promise_kept", "north", 0.70, 0.01, n=9000),
        group("promise_kept", "east", 0.70, 0.02, n=500),
        group("promise_kept", "south", 0.90, 0.01, n=9000),
    )
    assert found.chosen[0].group == ("region", "north")


@pytest.mark.parametrize("status", ["private", "unreliable", "empty"])
def test_groups_that_cannot_be_told_are_neither_named_nor_counted(status):
    hidden = group("promise_kept", "west", 0.1, 0.01, status=status)
    found = things(group("promise_kept", "north", 0.80, 0.02), group("promise_kept", "east", 0.80, 0.02), hidden)
    assert found.chosen == ()
    assert found.comparisons == 2


def test_unknown_is_no_group_to_look_at():
    assert (
        things(group("promise_kept", "unknown", 0.1, 0.01), group("promise_kept", "east", 0.9, 0.01)).comparisons == 0
    )


def test_nothing_is_compared_when_there_is_one_group():
    assert things(group("promise_kept", "north", 0.5, 0.01)).comparisons == 0


def test_noise_alone_seldom_yields_a_thing():
    """Families of 6 metrics x 5 groups without any difference: a thing in at most 8 % of them (nominal 5 %)."""
    random = np.random.default_rng(7)
    names = ("promise_kept", "fcr", "effort", "csat", "transfer_rate", "response_rate")
    alarms = 0
    for _ in range(300):
        groups = [group(name, f"g{i}", 0.8 + random.normal(0, 0.01), 1.96 * 0.01) for name in names for i in range(5)]
        alarms += bool(things(*groups).chosen)
    assert alarms / 300 <= 0.08


def test_shrinking_kills_noise_and_keeps_what_is_far_beyond_it():
    noise = shrink([Effect(e, 0, 0.02) for e in (0.01, -0.01, 0.015, -0.02)])
    truth = shrink([Effect(e, 0, 0.01) for e in (0.2, -0.15, 0.1, -0.2)])
    assert noise == [0.0] * 4
    assert truth[0] == pytest.approx(0.2, rel=0.01)


def test_amounts_are_compared_by_their_relative_change():
    numbers = three_things.change_of(METRICS["revenue"], group("revenue", "north", 900.0, 98.0, before=1000.0))
    assert numbers[0] == pytest.approx(-0.1)
    assert numbers[1] == pytest.approx(0.05, rel=0.01)


def test_a_group_that_only_gained_less_than_the_others_is_no_news():
    found = things(
        group("promise_kept", "north", 0.80, 0.02, before=0.80),
        group("promise_kept", "east", 0.80, 0.02, before=0.60),
    )
    assert [(t.kind, t.group[1], t.is_bad) for t in found.chosen] == [("moved", "east", False)]


def test_what_hardly_weighs_on_the_company_is_left_out_however_sure():
    found = things(
        group("promise_kept", "north", 0.50, 0.04, n=100),
        group("promise_kept", "east", 0.90, 0.001, n=1_000_000),
        group("promise_kept", "south", 0.90, 0.001, n=1_000_000),
    )
    assert found.chosen == ()


def test_a_group_that_fell_to_where_it_stands_is_said_to_have_fallen():
    found = things(
        group("promise_kept", "north", 0.70, 0.01, before=0.88),
        group("promise_kept", "east", 0.88, 0.01, before=0.88),
        group("promise_kept", "south", 0.88, 0.01, before=0.88),
    )
    assert found.chosen[0].kind == "moved"


@pytest.mark.parametrize(
    ("since", "outcome"),
    [
        (Effect(0.70, 0.88, 0.02), "held"),
        (Effect(0.95, 0.88, 0.02), "reversed"),
        (Effect(0.87, 0.88, 0.02), "open"),
        (None, "open"),
    ],
)
def test_a_thing_of_a_month_ago_holds_only_on_the_evidence_of_that_month(since, outcome):
    fell = group("promise_kept", "north", 0.70, 0.02)
    thing = Thing("apart", fell, Effect(0.70, 0.88, 0.01), -0.17, 0.3, 1.0, is_bad=True)
    assert Verdict(thing, since).outcome == outcome


def test_the_late_region_and_its_promises_are_found_in_the_sample_company(sample):
    """Planted: a carrier change makes deliveries late in one region."""
    year = Selection(Period(date(2025, 11, 1), date(2026, 11, 1)), "year_before")
    names = ("promise_kept", "nps", "repeat_purchase_rate", "revenue")
    columns = ("region", "persona", "acquisition_channel")
    found = sample.ask(three_things.three_things, year, names, columns)
    assert (("region", "north"), "promise_kept", True) in [
        (t.group, t.measurement.metric, t.is_bad) for t in found.chosen
    ]
    verdicts = sample.ask(three_things.what_held, year, names, columns)
    assert all(v.outcome != "reversed" for v in verdicts if v.thing.group == ("region", "north"))
