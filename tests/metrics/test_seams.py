"""Seams ranked: the planted one first, none when all are alike; what channels don't see, less chance."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from data.sample import truths
from metrics.query import Measurement, measure
from metrics.seam_findings import seam_findings, unseen_findings
from metrics.seams import BAD, Ranking, by_hand_offs, passages, ranked, ranking, unseen
from metrics.selection import Period, Selection, choice
from tests.company import Company, last_year

WHOLE = Selection(Period.of_months("2023-11", "2026-10"))


def seam(code: str, bad: int, n: int, reason: str = "returns") -> Measurement:
    group = (("seam", code), ("reason", reason))
    return Measurement(
        BAD, group, date(2026, 1, 1), date(2026, 2, 1), bad, n, bad / n, 0.0, 1.0, n=n, people=n, status="shown"
    )


def test_the_worst_seam_is_the_one_that_loses_most_beyond_the_others_not_the_highest_rate():
    found = ranked([seam("a>b", 5, 8), seam("chat>phone", 140, 200), seam("c>d", 60, 400), seam("d>c", 55, 400)])
    assert found[0].seam == "chat>phone"
    assert found[0].is_told
    assert found[0].others == pytest.approx((5 + 60 + 55) / 808)
    assert 90 < found[0].low < found[0].excess < found[0].high < 125
    assert found[0].p_first > 0.99
    assert not any(row.is_told for row in found if row.seam in ("c>d", "d>c"))


def test_a_single_seam_cannot_be_ranked():
    assert ranked([seam("a>b", 5, 8)]) == []


def test_when_all_seams_are_alike_none_is_told_however_many_there_are():
    rng = np.random.default_rng(3)
    told = []
    for _ in range(80):
        sizes = rng.integers(12, 300, 20)
        rows = ranked([seam(f"a>{k}", int(rng.binomial(n, 0.15)), int(n)) for k, n in enumerate(sizes)])
        told.append(any(row.is_told for row in rows))
    assert np.mean(told) <= 0.05


def test_a_seam_that_loses_a_third_more_customers_than_the_others_is_found():
    rng = np.random.default_rng(4)
    first = []
    for _ in range(60):
        rows = [seam("bad", int(rng.binomial(200, 0.30)), 200)]
        rows += [seam(f"a>{k}", int(rng.binomial(150, 0.15)), 150) for k in range(15)]
        found = Ranking(tuple(ranked(rows)), False).first
        first.append(found is not None and found.seam == "bad")
    assert np.mean(first) >= 0.8


@pytest.mark.parametrize("world", ["planted", "null"])
def test_returns_from_chat_to_phone_come_first_in_either_world(world, request):
    """What happens at the seam is a fact, whatever customers do of it."""
    company = request.getfixturevalue(world)
    found = company.ask(ranking, last_year(), "channel")
    best = found.first
    assert (best.seam, best.reason) == ("chat>phone", "returns")
    assert best.p_first > 0.95
    assert best.measured.low > 0.5 > best.others
    (finding,) = seam_findings(found, None, {})
    assert finding.key == "finding.seams.worst"
    assert finding.holes["n"] == (best.measured.n, "count")


LOST = {"hand_off_repeated": "information_repeated", "hand_off_conflicting": "conflicting"}


@pytest.mark.parametrize("world", ["planted", "null"])
@pytest.mark.parametrize(
    ("metric", "planted_here", "elsewhere"),
    [
        ("hand_off_repeated", truths.SEAM.information_repeated, truths.SEAM.usual_repeated),
        ("hand_off_conflicting", truths.SEAM.conflicting, truths.SEAM.usual_conflicting),
    ],
)
def test_the_planted_losses_are_measured_at_the_hand_offs(world, metric, planted_here, elsewhere, request):
    company = request.getfixturevalue(world)
    asked = Selection(WHOLE.period, where=choice({"handed_how": ["passed_on"], "reason": ["returns"]}))
    returns = measure(company.cursor, company.catalogue, metric, asked)[0]
    ((rest,),) = company.rows(
        f"select avg({LOST[metric]}::integer) from fct_hand_off where handed_how = 'passed_on' "
        "and reason in ('advice', 'billing', 'breakdown', 'delivery', 'order')"
    )
    assert returns.low <= planted_here <= returns.high
    assert rest == pytest.approx(elsewhere, abs=0.06)


def test_the_hidden_seam_is_fcr_less_resolution_less_chance(planted):
    asked = last_year()
    by = {
        name: {m.group[0][1]: m for m in measure(planted.cursor, planted.catalogue, name, asked, by=("channel",))}
        for name in ("fcr", "resolution_in_one_contact", "hidden_seam")
    }
    for channel, m in by["hidden_seam"].items():
        raw = by["fcr"][channel].value - by["resolution_in_one_contact"][channel].value
        assert m.denominator == by["fcr"][channel].denominator
        assert 0 < raw - m.value < 0.02
    assert max(by["hidden_seam"], key=lambda code: by["hidden_seam"][code].value) == "chat"


def test_what_is_not_seen_is_counted_in_customers_and_money_less_chance(planted):
    found = planted.ask(unseen, last_year())
    came, customers, cost = planted.rows(
        "select count(*), count(distinct customer_id), sum(follow_up_cost) from fct_first_contact "
        "where came_elsewhere and started_at >= date '2025-11-01' and started_at < date '2026-11-01'"
    )[0]
    assert found.customers == customers < came
    assert 0.02 < found.by_chance < 0.2
    assert found.cost[1] < found.cost[0] < found.cost[2]
    assert found.cost[0] == pytest.approx(float(cost) * (1 - found.by_chance))
    assert unseen_findings(found)[0].key == "finding.unseen.customers"


def test_a_group_too_small_says_nothing(planted):
    nobody = Selection(Period.of_months("2026-10", "2026-10"), where=choice({"acquisition_channel": ["unknown"]}))
    found = planted.ask(ranking, nobody, "channel")
    assert found.rows == ()
    key = seam_findings(found, None, {})[0].key
    assert key in ("finding.seams.private", "finding.seams.empty")


def cases(never: int, most: int) -> dict:
    groups = [replace(seam("", bad, 400), group=(("hand_offs", code),), low=(bad - 15) / 400, high=(bad + 15) / 400)
              for code, bad in (("0", never), ("4_or_more", most))]  # fmt: skip
    return {"reopened_issues": groups}


def test_where_nothing_says_what_is_lost_the_cases_speak_and_without_cases_it_is_said():
    nobody = Ranking((), False)
    assert seam_findings(nobody, None, cases(100, 200))[0].key == "finding.seams.case_reopened_issues"
    assert seam_findings(nobody, None, cases(100, 110))[0].key == "finding.seams.cases_alike"
    assert seam_findings(nobody, None, {})[0].key == "finding.seams.empty"
    assert seam_findings(Ranking((), True), None, {})[0].key == "finding.seams.private"
    assert seam_findings(nobody, seam("x", 3, 30), {})[0].key == "finding.seams.whole"


def test_the_incidents_of_a_service_desk_say_what_goes_with_changing_hands(uci_incident_snapshots):
    company = Company.of(uci_incident_snapshots)
    whole = Selection(Period.of_months("2016-03", "2017-01"))
    found = company.ask(by_hand_offs, whole)
    kept, reopened = ({m.group[0][1]: m for m in found[name]} for name in ("promise_kept", "reopened_issues"))
    assert kept["0"].low > kept["4_or_more"].high
    assert reopened["4_or_more"].low > reopened["0"].high
    ((counted,),) = company.rows("select sum(hand_off_count) from fct_issue")
    ((seen,),) = company.rows("select count(*) from fct_hand_off")
    assert (counted, seen) == (23_414, 17_903)


def test_a_seam_names_where_it_comes_from_and_goes_to():
    assert passages("chat>phone") == ("chat", "phone")
