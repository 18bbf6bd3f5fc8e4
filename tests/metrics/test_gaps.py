"""The promise gap: marks from whom they should come, gaps that add up as shown, nothing where nobody was asked."""

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from math import hypot
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.sample import opinions, truths
from metrics.action_gap import STATES, action_gap, conditions, covers, split, state_on
from metrics.gap_cuts import course, gaps_by_segment
from metrics.gap_cuts import opinions as opinions_of
from metrics.gap_findings import gap_findings, widest_for
from metrics.gaps import (
    Gap,
    Mark,
    PillarGap,
    between,
    in_order,
    promise_gaps,
    rounded,
    staff_selection,
    wanted_mark,
)
from metrics.promises import facts
from metrics.query import Measurement, measure
from metrics.question import question
from metrics.selection import Period, Selection, choice
from tests.company import LAST_YEAR, Company

SINCE_CARRIER = Period.of_months("2026-03", "2026-10")
REGION = truths.CARRIER.region
REAL = Path(__file__).resolve().parents[3] / "shared" / "real"
LEVEL = st.floats(0, 10, allow_nan=False)


ELSEWHERE = """
select avg(10 * score_share), count(*), var_samp(10 * score_share)
from fct_survey_answer
where instrument = 'rating' and pillar = 'on_time' and region <> ? and answered_at >= ? and answered_at < ?
"""


def gaps_of(company: Company, period: Period = LAST_YEAR, versus: str = "none", **where) -> dict[str, PillarGap]:
    """Promise -> its gap, for the customers who meet `where`."""
    pillars = tuple((code, pillar.wanted) for code, pillar in company.settings.pillars.items())
    return {g.pillar: g for g in company.ask(promise_gaps, Selection(period, versus, choice(where)), pillars)}


def asked(value: float, half: float = 0.1, n: int = 100) -> Mark:
    return Mark("shown", value, value - half, value + half, n)


@given(LEVEL, LEVEL, LEVEL)
def test_desire_and_knowledge_gap_add_up_to_the_promise_gap_to_the_last_digit_shown(wanted, thought, lived):
    gap = PillarGap("easy", asked(wanted), asked(thought), asked(lived))
    assert gap.desire.value + gap.knowledge.value == gap.promise.value
    for part, (upper, lower) in {
        "desire": (gap.wanted, gap.thought),
        "knowledge": (gap.thought, gap.lived),
        "promise": (gap.wanted, gap.lived),
    }.items():
        shown = getattr(gap, part).value
        assert shown == upper.shown - lower.shown
        assert shown.as_tuple().exponent == -1


def test_marks_are_rounded_first_and_subtracted_then():
    gap = PillarGap("easy", asked(9.26), asked(8.34), asked(7.66))
    assert [mark.shown for mark in (gap.wanted, gap.thought, gap.lived)] == [Decimal(t) for t in ("9.3", "8.3", "7.7")]
    assert gap.desire.value == Decimal("1.0")  # 9.26 - 8.34 = 0.92 would be shown as 0.9, and 0.9 + 0.6 is not 1.6
    assert rounded(7.85) == Decimal("7.8")
    assert rounded(7.95) == Decimal("8.0")


def test_the_interval_is_that_of_the_exact_difference_of_two_samples():
    gap = between(asked(8.0, 0.3), asked(7.0, 0.4))
    assert gap.low == pytest.approx(1 - hypot(0.3, 0.4))
    assert gap.high == pytest.approx(1 + hypot(0.3, 0.4))
    assert gap.is_sure
    assert not between(asked(7.1, 0.3), asked(7.0, 0.4)).is_sure


def test_a_level_of_the_configuration_has_no_interval_of_its_own():
    gap = between(Mark("shown", 9.0, source="config"), asked(7.0, 0.4))
    assert (gap.value, gap.low, gap.high) == (Decimal("2.0"), pytest.approx(1.6), pytest.approx(2.4))


def test_what_nobody_was_asked_is_nothing_never_zero():
    gap = PillarGap("easy", Mark(), Mark(), asked(7.0))
    assert gap.wanted.status == "never"
    assert (gap.wanted.value, gap.wanted.shown, gap.thought.shown) == (None, None, None)
    assert (gap.desire, gap.knowledge, gap.promise) == (None, None, None)


def test_an_answer_comes_before_the_configuration_and_expectations_are_never_what_is_wanted():
    answer = Measurement("wanted_level", (), date(2026, 1, 1), date(2026, 2, 1), value=8.0, n=9, status="shown")
    assert wanted_mark(answer, 9.5) == Mark("shown", 8.0, n=9)
    assert wanted_mark(None, 9.5) == Mark("shown", 9.5, source="config")
    assert wanted_mark(None, None).status == "never"
    expecting = PillarGap("easy", Mark(), Mark(), asked(7.0), expected=asked(9.0))
    assert expecting.promise is None
    assert expecting.disappointment.value == Decimal("2.0")


def test_employees_answer_for_the_company_whatever_customers_are_selected(planted):
    everyone, north = gaps_of(planted), gaps_of(planted, region=[REGION])
    for code, gap in everyone.items():
        assert (north[code].wanted, north[code].thought) == (gap.wanted, gap.thought)
        assert north[code].lived.n < gap.lived.n
    one_month = staff_selection(Selection(Period.of_months("2026-10", "2026-10"), where=choice({"region": [REGION]})))
    assert one_month == Selection(LAST_YEAR)


def test_every_promise_of_the_sample_adds_up_with_its_intervals(planted):
    gaps = gaps_of(planted, versus="year_before")
    assert list(gaps) == list(planted.settings.pillars)
    for gap in gaps.values():
        assert gap.desire.value + gap.knowledge.value == gap.promise.value
        for part in (gap.desire, gap.knowledge, gap.promise):
            assert part.low < float(part.value) + 0.1
            assert part.high > float(part.value) - 0.1
        assert gap.lived_change.low < gap.lived_change.value < gap.lived_change.high
        assert gap.paired is not None, "the same people answered both questions"
        assert gap.wanted.source == "asked"


def test_the_paired_interval_is_the_one_shown_for_the_desire_gap(planted):
    gap = gaps_of(planted)["easy"]
    (paired,) = planted.ask(
        lambda cursor, catalogue, selection: measure(cursor, catalogue, "desire_gap", selection),
        Selection(LAST_YEAR, where=choice({"pillar": ["easy"]})),
    )
    assert (gap.desire.low, gap.desire.high) == (paired.low, paired.high)
    assert paired.value == pytest.approx(gap.wanted.value - gap.thought.value)


def test_answers_about_other_promises_do_not_make_one_promise_less_sure(planted):
    """A customer rates three promises at once: three answers to one question would be one customer's, these are not."""
    spread = planted.cursor.execute(
        "select 1.96 * stddev_samp(10 * score_share) / sqrt(count(*)) from fct_survey_answer "
        "where instrument = 'rating' and pillar = 'easy' and answered_at >= ? and answered_at < ?",
        [LAST_YEAR.start, LAST_YEAR.end],
    ).fetchone()[0]
    lived = gaps_of(planted)["easy"].lived
    assert (lived.high - lived.low) / 2 == pytest.approx(spread, rel=0.03)
    ground, metric = planted.catalogue.ground, planted.catalogue.metrics["lived_rating"]
    assert ground.design_effect(metric, LAST_YEAR) > 1.3
    assert ground.design_effect(metric, LAST_YEAR, "pillar") < 1.1


def test_the_delivery_gap_opens_in_the_region_planted_and_nowhere_else(planted):
    promises = gaps_of(planted, SINCE_CARRIER, "previous", region=[REGION])
    north = promises["on_time"]
    assert north.lived_change.low > 0
    assert north.lived_change.value > 0.5
    assert max(promises, key=lambda code: promises[code].lived_change.value) == "on_time", "the one that opens most"
    before = SINCE_CARRIER.previous()
    (now, n, spread), (then, m, former) = (
        planted.cursor.execute(ELSEWHERE, [REGION, period.start, period.end]).fetchone()
        for period in (SINCE_CARRIER, before)
    )
    assert abs(now - then) < 2.6 * (spread / n + former / m) ** 0.5
    assert abs(now - then) < north.lived_change.value / 2
    earlier = Period.of_months("2025-05", "2026-01")
    assert not gaps_of(planted, earlier, "previous", region=[REGION])["on_time"].lived_change.is_signal


def test_the_operational_fact_breaks_when_and_where_planted_by_as_much_as_planted(planted):
    (fact,) = (fact for fact in facts(planted.settings) if fact.promise == "on_time")
    since, truth = Period(truths.CARRIER.starts_on, date(2026, 11, 1)), truths.CARRIER
    asked_of = Selection(since, "previous", where=fact.where)
    found = planted.ask(lambda c, k, s: measure(c, k, fact.metric, s, by=("region",)), asked_of)
    regions = {m.group[0][1]: m for m in found if m.value is not None}
    north = regions.pop(REGION)
    assert north.low <= truth.on_time_after <= north.high
    assert north.change_low <= truth.on_time_after - truth.on_time_before <= north.change_high
    assert all(abs(regions[code].change) < 0.05 for code in regions if code != "unknown")


def test_the_finding_names_the_region_where_the_delivery_gap_is_widest(planted):
    everyone = gaps_of(planted, SINCE_CARRIER)["on_time"]
    place = planted.ask(widest_for, Selection(SINCE_CARRIER), everyone, ("region", "persona"))
    assert (place.column, place.gap.pillar) == ("region", REGION)
    first, second = gap_findings([everyone], place, None)
    assert first.key == "finding.gap.unseen"
    assert (second.key, second.holes["group"]) == ("finding.gap.where", (REGION, "code:region"))
    assert second.holes["gap"][0] > second.holes["others"][0] + 0.3


def test_without_effect_the_same_late_deliveries_still_open_the_gap_since_people_rate_what_they_live(null):
    gap = gaps_of(null, SINCE_CARRIER, region=[REGION])["on_time"]
    assert gap.lived.status in ("shown", "unreliable")
    assert gap.promise.value > 0


def planted_for(office: str, promise: str) -> float:
    """How far an office is planted above what is lived, its departments weighing as many people as they have."""
    is_front = office == "front"
    found = [
        (people, truths.RATINGS.logistics_on_time if (name, promise) == ("logistics", "on_time") else over)
        for name, people in opinions.RESPONDENTS.items()
        if (name in opinions.FRONT) == is_front
        for over in [getattr(truths.RATINGS, name)]
    ]
    return sum(people * over for people, over in found) / sum(people for people, _ in found)


@pytest.mark.parametrize("promise", ["on_time", "first_time", "easy", "human", "fair"])
def test_headquarters_overrates_every_promise_more_than_the_front_office(planted, promise):
    gap = gaps_of(planted)[promise]
    said = {o.code: o for o in planted.ask(opinions_of, Selection(LAST_YEAR), gap, "office")}
    difference = between(said["back"].thought, said["front"].thought)
    expected = planted_for("back", promise) - planted_for("front", promise)
    assert difference.low > 0.8
    assert float(difference.value) == pytest.approx(expected, abs=0.3)
    assert said["back"].above.value == said["back"].thought.shown - gap.lived.shown


def test_over_all_promises_headquarters_overrates_more_by_the_planted_size(planted):
    found = planted.cursor.execute(
        """
        select office, avg(person), var_samp(person) / count(*)
        from (
            select office, respondent, avg(delivered) as person
            from fct_self_rating
            where asked_on >= ? and asked_on < ?
            group by office, respondent
        )
        group by office
        """,
        [LAST_YEAR.start, LAST_YEAR.end],
    ).fetchall()
    means = {office: mean for office, mean, _ in found}
    error = 1.96 * sum(variance for _, _, variance in found) ** 0.5
    promises = list(planted.settings.pillars)
    expected = sum(planted_for("back", p) - planted_for("front", p) for p in promises) / len(promises)
    assert abs(means["back"] - means["front"] - expected) < error
    shown = []
    for gap in gaps_of(planted).values():
        said = {o.code: o.thought.value for o in planted.ask(opinions_of, Selection(LAST_YEAR), gap, "office")}
        shown.append(said["back"] - said["front"])
    assert sum(shown) / len(shown) == pytest.approx(means["back"] - means["front"], abs=1e-6)


def test_departments_below_the_employees_minimum_are_not_shown(planted):
    gap = gaps_of(planted)["easy"]
    for opinion in planted.ask(opinions_of, Selection(LAST_YEAR), gap, "role"):
        assert opinion.thought.value is None or opinion.thought.n >= planted.settings.thresholds.min_group_culture


def test_groups_share_what_is_wanted_and_thought_and_differ_in_what_is_lived(planted):
    gap = gaps_of(planted)["on_time"]
    groups = {g.pillar: g for g in planted.ask(gaps_by_segment, Selection(LAST_YEAR), gap, "region")}
    assert groups.keys() >= set(planted.settings.segments["region"].values)
    told = [g for g in groups.values() if g.lived.value is not None]
    assert {g.wanted for g in told} == {gap.wanted}
    mean = sum(g.lived.value * g.lived.n for g in told) / sum(g.lived.n for g in told)
    assert mean == pytest.approx(gap.lived.value, abs=0.15)


def test_the_course_has_one_step_a_quarter_and_a_mark_when_employees_were_asked(planted):
    found = planted.ask(course, Selection(LAST_YEAR), "on_time", "quarter")
    starts = [moment.start for moment in found.lived]
    assert starts == sorted(set(starts))
    assert all(start.day == 1 and start.month in (1, 4, 7, 10) for start in starts)
    assert [m.start.isoformat()[:7] for m in found.thought] == [wave[:7] for wave in opinions.WAVES_OF_RATINGS]


def test_order_is_by_gap_or_by_money_and_what_has_neither_comes_last():
    wide, narrow = (PillarGap(c, asked(9.0), asked(8.0), asked(e)) for c, e in (("wide", 6.0), ("narrow", 8.0)))
    unasked = PillarGap("unasked", Mark(), Mark(), Mark())
    lived = PillarGap("lived", Mark(), Mark(), asked(5.0))
    assert [g.pillar for g in in_order([unasked, lived, narrow, wide])] == ["wide", "narrow", "lived", "unasked"]
    assert [g.pillar for g in in_order([wide, narrow], {"narrow": 10.0})] == ["narrow", "wide"]


class TestActionGap:
    """The part of the gap that no action under way is closing."""

    def test_parts_add_up_to_the_gap_and_only_gaps_that_are_open_count(self, planted):
        gaps = tuple(gaps_of(planted).values())
        found = planted.ask(action_gap, Selection(LAST_YEAR), gaps, facts(planted.settings))
        assert found.total == pytest.approx(sum(float(g.promise.value) for g in gaps if g.promise.value > 0))
        for part in found.parts:
            assert sum(part.points.values()) == pytest.approx(part.total)
            assert all(points >= 0 for points in part.points.values())
        assert sum(found.share(state) for state in STATES) == pytest.approx(1)
        assert found.open_share == pytest.approx(1 - found.share("under_way", "proven"))

    def test_an_action_for_some_customers_covers_their_part_only(self, planted):
        gaps = tuple(gaps_of(planted).values())
        found = planted.ask(action_gap, Selection(LAST_YEAR), gaps, facts(planted.settings))
        parts = {part.promise: part for part in found.parts}
        human = parts["human"]  # ACT-2, of one region, finished, without evidence of an effect
        assert 0.1 < human.points["no_evidence"] / human.total < 0.35

    def test_of_a_proven_effect_only_the_lower_end_is_taken_off(self, planted):
        """ACT-1, of one region: its repeats fell by so many points at least; nobody acts on the rest of its gap."""
        gaps = tuple(gaps_of(planted).values())
        found = planted.ask(action_gap, Selection(LAST_YEAR), gaps, facts(planted.settings))
        points = {part.promise: part.points for part in found.parts}["first_time"]
        ((least, west),) = planted.rows("""
            select -high * 10, (select count(*) filter (where region = 'west') / count(*) from fct_survey_answer
                where instrument = 'rating' and pillar = 'first_time' and answered_at >= '2025-11-01')
            from result_action where action_id = 'ACT-1'
        """)
        assert points["proven"] == pytest.approx(least * west, rel=0.1)
        assert points["no_evidence"] == 0

    def test_what_was_not_known_by_then_is_not_proven(self, planted):
        spring = Period.of_months("2025-05", "2026-04")  # ACT-1 was judged on the months up to July 2026
        gaps = tuple(gaps_of(planted, spring).values())
        found = planted.ask(action_gap, Selection(spring), gaps, facts(planted.settings))
        points = {part.promise: part.points for part in found.parts}["first_time"]
        assert points["proven"] == 0 < points["no_evidence"]

    def test_an_action_that_runs_is_under_way_and_one_not_yet_begun_is_nothing(self, planted):
        september = Period.of_months("2025-10", "2026-09")  # ACT-3 runs from 14 September to 12 October 2026
        gaps = tuple(gaps_of(planted, september).values())
        found = planted.ask(action_gap, Selection(september), gaps, facts(planted.settings))
        points = {part.promise: part.points for part in found.parts}
        assert points["on_time"]["under_way"] > 0
        assert points["easy"]["under_way"] == points["easy"]["no_evidence"] == 0  # an idea that nobody started
        assert points["fair"]["none"] == pytest.approx(sum(points["fair"].values()))

    def test_without_a_register_it_is_unknown_not_everything(self, ecsi):
        gaps = tuple(gaps_of(ecsi, Period.of_months("2005-01", "2005-01")).values())
        assert ecsi.ask(action_gap, Selection(Period.of_months("2005-01", "2005-01")), gaps, ()) is None

    def test_state_is_that_of_the_last_day(self):
        end = date(2026, 3, 1)
        assert state_on(end, date(2026, 2, 28), None) == "under_way"
        assert state_on(end, date(2026, 2, 1), date(2026, 2, 28)) == "finished"
        assert state_on(end, date(2026, 3, 1), date(2026, 4, 1)) == "none"
        assert state_on(end, None, None) == "none"

    def test_conditions_are_pairs_and_a_text_without_them_fits_nobody(self):
        assert conditions("region=west; persona=families") == (("region", "west"), ("persona", "families"))
        assert conditions(None) == ()
        assert conditions("all the west") == (("all the west", ""),)

    def test_several_codes_of_a_column_are_alternatives_and_columns_add_up(self):
        where = (("region", "west"), ("region", "east"), ("persona", "families"))
        assert covers(where, {"region": "east", "persona": "families"})
        assert not covers(where, {"region": "east", "persona": "seniors"})
        assert not covers(where, {"region": "south", "persona": "families"})
        assert covers((), {})

    def test_nothing_is_covered_twice(self):
        cell = Measurement("lived_rating", (), date(2026, 1, 1), date(2026, 2, 1), value=5.0, n=10, status="shown")
        assert split(2.0, 9.0, [cell], []) == {"none": 2.0, "no_evidence": 0.0, "under_way": 0.0, "proven": 0.0}


@pytest.fixture(scope="module")
def ecsi(ecsi_satisfaction_snapshots) -> Company:
    return Company.of(ecsi_satisfaction_snapshots)


PAIRS = {"overall": ("CUEX1", "PERQ1"), "needs": ("CUEX2", "PERQ5"), "reliable": ("CUEX3", "PERQ6")}


def test_on_ecsi_expected_minus_lived_equals_an_independent_computation(ecsi):
    with (REAL / "ecsi_satisfaction" / "mobi_ecsi.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))

    def mean_0_10(item: str) -> float:
        return sum((int(row[item]) - 1) / 9 * 10 for row in rows) / len(rows)

    gaps = gaps_of(ecsi, Period.of_months("2005-01", "2005-01"))
    for code, (expected, lived) in PAIRS.items():
        gap = gaps[code]
        assert gap.expected.value == pytest.approx(mean_0_10(expected), abs=1e-4)
        assert gap.lived.value == pytest.approx(mean_0_10(lived), abs=1e-4)
        assert float(gap.disappointment.value) == pytest.approx(
            round(mean_0_10(expected), 1) - round(mean_0_10(lived), 1)
        )
        assert (gap.lived.n, gap.expected.n) == (len(rows), len(rows))
        assert gap.lived.asked == pytest.approx(sum(int(row[lived]) for row in rows) / len(rows), abs=1e-4)
        assert gap.lived.scale == (1, 10)


def test_on_ecsi_what_is_wanted_and_thought_was_never_asked_and_no_gap_is_made_up(ecsi):
    gaps = gaps_of(ecsi, Period.of_months("2005-01", "2005-01"))
    for gap in gaps.values():
        assert (gap.wanted.status, gap.thought.status) == ("never", "never")
        assert (gap.desire, gap.knowledge, gap.promise) == (None, None, None)
    assert gaps["network"].expected.status == "never"
    (found,) = gap_findings(tuple(gaps.values()), None, None)
    assert found.key in ("finding.gap.below_expected", "finding.gap.above_expected", "finding.gap.as_expected")


def test_a_finding_is_made_of_what_is_known():
    fact = Measurement(
        "promise_kept", (), date(2026, 1, 1), date(2026, 2, 1), value=0.9, low=0.88, high=0.92, n=900, status="shown"
    )
    assert gap_findings((), None, fact)[0].key == "finding.gap.fact"
    assert gap_findings((), None, None)[0].key == "finding.gap.nothing"
    kept = PillarGap("easy", asked(7.0), asked(7.0), asked(7.5))
    assert gap_findings([kept], None, None)[0].key == "finding.gap.kept"
    unsure = PillarGap("easy", asked(7.0), asked(7.0), asked(6.9, 0.5))
    assert gap_findings([unsure], None, None)[0].key == "finding.gap.unsure"
    unasked = PillarGap("easy", asked(9.0), Mark(), asked(6.9))
    assert gap_findings([unasked], None, None)[0].key == "finding.gap.unasked"
    humble = PillarGap("easy", asked(9.0), asked(6.0), asked(6.9))
    assert gap_findings([humble], None, None)[0].key == "finding.gap.humble"
    assert Gap(Decimal("1.0"), None, None).is_sure is False


CUTS = [
    ("lived_rating", ("pillar",), {}, None),
    ("lived_rating", ("pillar", "region"), {"persona": ["families", "seniors"]}, None),
    ("lived_rating", ("region",), {"pillar": ["easy"]}, "quarter"),
    ("lived_rating", (), {"pillar": ["easy", "fair"]}, None),
    ("expected_level", ("pillar",), {"region": ["north"]}, None),
    ("promise_kept", ("kind",), {}, "month"),
    ("promise_kept", ("region",), {"kind": ["delivery"]}, None),
    ("promise_kept", (), {"kind": ["issue"], "region": ["north", "east"]}, None),
]


@pytest.mark.parametrize(("metric", "by", "where", "every"), CUTS)
def test_promises_apart_come_from_the_cube_and_are_those_of_the_facts(planted, metric, by, where, every):
    selection = Selection(LAST_YEAR, "year_before", choice(where))
    cubes = planted.catalogue
    facts = replace(cubes, ground=cubes.ground.without_cubes())
    assert question(cubes, cubes.ground, metric, selection, by, every).is_in_cube
    assert not question(facts, facts.ground, metric, selection, by, every).is_in_cube
    from_cube, from_facts = (measure(planted.cursor, c, metric, selection, by, every) for c in (cubes, facts))
    assert [m.group for m in from_cube] == [m.group for m in from_facts]
    assert any(m.status == "shown" for m in from_cube)
    for a, b in zip(from_cube, from_facts, strict=True):
        assert (a.status, a.n, a.start, a.is_signal) == (b.status, b.n, b.start, b.is_signal)
        assert (a.value, a.low, a.change) == (pytest.approx(b.value), pytest.approx(b.low), pytest.approx(b.change))
