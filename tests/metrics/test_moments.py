"""Moments of truth: a known effect is found where it is, none in a world without, and the negative control speaks."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from metrics.journey_findings import journey_findings
from metrics.journeys import Moment, journey, moment_of_truth, moments
from metrics.query import measure
from metrics.results import followed
from metrics.results import moments as step
from tests.company import Company, last_year

MIN_GROUP = 10
TOLD = Moment("delivery", 0.2, 0.15, 0.25, 0.12, 0.8, 0.5, 0.3, 300, 2000, 0.0, -0.05, 0.05, *[date(2025, 1, 1)] * 2)


def simulated(rng, effect: float, customers: int = 900, already: float = 0.0) -> dict[str, np.ndarray]:
    """Units of a touchpoint as metrics/results/followed.py gives them; whom it hits depends on the strata.

    `already`: how much more often those hit stop anyway, whatever they live.
    """
    who = np.repeat(np.arange(customers), rng.integers(1, 4, customers))
    frequency, month = rng.integers(0, 4, customers)[who], rng.integers(0, 12, len(who))
    is_exposed = rng.random(len(who)) < 0.1 + 0.06 * frequency
    base = 0.4 - 0.07 * frequency + 0.01 * month
    stopped = rng.random(len(who)) < base + (effect + already) * is_exposed
    return {
        "is_exposed": is_exposed,
        "stopped": stopped.astype(float),
        "bucket": who * 2654435761 % 20,
        "month": np.datetime64("2025-01-01") + 31 * month,
        "level_0": month * 5 + frequency,
        "persona": np.where(who % 2, "families", "seniors"),
    }


def rows(worlds: dict[str, tuple[dict, dict]]) -> dict[str, dict]:
    """Touchpoint -> row of everyone."""
    found = {}
    for touchpoint, (lived, before) in worlds.items():
        found[touchpoint] = dict(step.moments(lived, before, (), MIN_GROUP))["", ""]
    names = "column_name code touchpoint rank value low high told_low p_first bad good n_exposed n_bad n_good"
    names = (*names.split(), "placebo", "placebo_low", "placebo_high", "first_on", "last_on", "method")
    made = step.rows_of(("", ""), found, dict.fromkeys(worlds, 1))
    return {row[2]: dict(zip(names, row, strict=True)) for row in made}


def as_moment(row: dict) -> Moment:
    return Moment(**{name: row[name] for name in Moment.__dataclass_fields__})


def test_a_known_effect_is_found_and_the_greater_one_comes_first():
    rng = np.random.default_rng(5)
    hits, firsts = [], []
    for _ in range(60):
        worlds = {
            name: (simulated(rng, effect), simulated(rng, 0.0))
            for name, effect in {"delivery": 0.25, "phone": 0.05, "chat": 0.0}.items()
        }
        found = rows(worlds)
        hits.append(found["delivery"]["low"] <= 0.25 <= found["delivery"]["high"])
        firsts.append(found["delivery"]["p_first"])
        assert sum(row["p_first"] for row in found.values()) == pytest.approx(1)
    assert np.mean(hits) >= 0.88
    assert np.mean(firsts) > 0.95


def test_in_a_world_without_effect_none_is_told_however_many_touchpoints_are_looked_at():
    rng = np.random.default_rng(6)
    told = []
    for _ in range(80):
        worlds = {f"place_{n}": (simulated(rng, 0.0, 500), simulated(rng, 0.0, 500)) for n in range(8)}
        told.append(moment_of_truth(tuple(as_moment(row) for row in rows(worlds).values())) is not None)
    assert np.mean(told) <= 0.08


def test_people_who_differed_before_do_not_pass_for_an_effect():
    """Those hit stop more often anyway, before as after: the difference is there, and is not told."""
    rng = np.random.default_rng(7)
    found = rows({"phone": (simulated(rng, 0.0, 2000, already=0.2), simulated(rng, 0.0, 2000, already=0.2))})
    moment = as_moment(found["phone"])
    assert moment.low > 0
    assert moment.differed_before
    assert not moment.is_told


def test_without_a_negative_control_nothing_is_told():
    assert TOLD.is_told
    assert not replace(TOLD, placebo=None, placebo_low=None, placebo_high=None).is_told


def test_the_least_of_what_is_told_is_wider_the_more_touchpoints_are_looked_at():
    assert step.one_sided(1) == pytest.approx(2.093, abs=1e-3)
    assert step.one_sided(10) > step.one_sided(2) > step.one_sided(1)


def test_each_persona_is_measured_on_itself_and_a_small_one_is_left_out():
    rng = np.random.default_rng(8)
    lived, before = simulated(rng, 0.3), simulated(rng, 0.0)
    found = dict(step.moments(lived, before, ("persona",), MIN_GROUP))
    assert set(found) == {("", ""), ("persona", "families"), ("persona", "seniors")}
    assert found["persona", "families"].found.n_exposed < found["", ""].found.n_exposed
    lived["persona"] = np.where(np.arange(len(lived["persona"])) < 20, "few", "many")
    assert ("persona", "few") not in dict(step.moments(lived, before, ("persona",), MIN_GROUP))


def moments_of(company: Company, **where) -> tuple[Moment, ...]:
    return company.ask(moments, last_year(**where))


def moment_at(touchpoint: str, company: Company, **where) -> Moment:
    return next(m for m in moments_of(company, **where) if m.touchpoint == touchpoint)


def test_the_moment_of_truth_of_families_is_delivery(planted):
    best = moment_of_truth(moments_of(planted, persona=["families"]))
    assert best.touchpoint == "delivery"
    assert best.is_told
    assert moment_at("phone", planted, persona=["families"]).value < best.low


def test_a_bad_call_weighs_more_for_seniors_and_a_late_delivery_more_for_families(planted):
    """What 6,000 customers can tell: the order of the personas at each touchpoint, not more decimals."""
    families, seniors = ({"persona": [code]} for code in ("families", "seniors"))
    assert moment_at("phone", planted, **seniors).value > moment_at("phone", planted, **families).value
    assert moment_at("delivery", planted, **families).value > moment_at("delivery", planted, **seniors).value
    assert moment_at("phone", planted, **seniors).low > 0
    assert moment_at("phone", planted, **seniors).p_first > moment_at("phone", planted, **families).p_first


def test_in_the_company_without_effect_no_moment_of_truth_is_told(null):
    assert moments_of(null)
    assert moment_of_truth(moments_of(null)) is None
    found = journey_findings(moments_of(null), null.ask(journey, last_year()), 6)
    assert found[0].key == "finding.journey.none"


def test_a_moment_that_is_hardly_likely_the_first_is_not_called_the_moment_of_truth(planted):
    best = replace(moment_of_truth(moments_of(planted)), p_first=0.15)
    assert journey_findings([best], (), 6)[0].key == "finding.journey.surest"
    assert journey_findings([replace(best, p_first=0.9)], (), 6)[0].key == "finding.journey.moment"


def test_rows_say_what_makes_them_believable_and_leave_small_groups_out(planted):
    cursor = planted.cursor.execute("from result_moment_of_truth")
    names, made = [column[0] for column in cursor.description], cursor.fetchall()
    assert made
    for row in (dict(zip(names, values, strict=True)) for values in made):
        assert row["low"] < row["value"] < row["high"]
        assert row["told_low"] <= row["low"] + 1e-9
        assert min(row["n_bad"], row["n_good"]) >= MIN_GROUP
        assert row["n_exposed"] >= row["n_bad"]
        assert row["value"] == pytest.approx(row["bad"] - row["good"])
        assert row["method"] == step.METHOD


def test_two_limits_at_once_have_no_moment(planted):
    assert moments_of(planted, persona=["families"], region=["north"]) == ()


def test_the_journey_stands_in_the_order_of_the_settings_and_counts_what_happened(planted):
    places = planted.ask(journey, last_year())
    settings = planted.settings
    assert [p.touchpoint for p in places] == [code for stage in settings.journey for code in stage.touchpoints]
    delivery = next(p for p in places if p.touchpoint == "delivery")
    ((n, bad),) = planted.cursor.execute(
        "select count(*), count(*) filter (where not is_promise_kept) from fct_order where "
        "(case when is_promise_kept or not is_promise_due then delivered_at else promised_on::timestamp end) "
        "between timestamp '2025-11-01' and timestamp '2026-10-31 23:59:59'"
    ).fetchall()
    assert delivery.measured["touchpoint_events"].numerator == n
    assert delivery.measured["touchpoint_bad"].numerator == bad
    assert 0 < delivery.next.share.low < delivery.next.share.value < 1
    assert {"csat", "effort"} <= next(p for p in places if p.touchpoint == "phone").measured.keys()


def test_strata_hold_what_was_known_before_and_never_the_value_tier():
    held = {name for level in followed.levels(("region",)) for name in level}
    assert held == {*followed.BANDS, '"region"'}


def test_what_fails_next_is_the_largest_reason_and_stands_under_the_common_rules(planted):
    everyone = {p.touchpoint: p.next for p in planted.ask(journey, last_year())}["delivery"]
    counted = planted.rows(
        "select what_next, count(*) from fct_touchpoint_event where is_bad and touchpoint = 'delivery' "
        "and happened_at >= '2025-11-01' group by 1 order by 2 desc"
    )
    reason, most = next(pair for pair in counted if pair[0] not in ("none", "unknown"))
    total = sum(n for _, n in counted)
    assert (everyone.reason, everyone.n) == (reason, total)
    assert everyone.share.value == pytest.approx(most / total)
    narrow = last_year(region=["north"], persona=["professionals"], value_tier=["top"])
    cells = planted.ask(lambda c, k, s: measure(c, k, "touchpoint_failures", s, ("touchpoint", "what_next")), narrow)
    hidden = {dict(m.group)["touchpoint"] for m in cells if m.status == "private"}
    assert hidden
    for place in planted.ask(journey, narrow):
        shown = {dict(m.group)["what_next"] for m in cells if m.n and dict(m.group)["touchpoint"] == place.touchpoint}
        assert place.next is None or place.next.reason in shown
