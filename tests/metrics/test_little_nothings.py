"""The little nothings before customers leave: a dose that does harm, none in a world without effect."""

from dataclasses import replace

import numpy as np
import pytest

from metrics.little_nothings import doses, first_told, issue_gaps, worst_told
from metrics.results import little_nothings as step
from metrics.seam_findings import dose_findings
from metrics.selection import Period, Selection
from metrics.walks import candidates, walk
from tests.company import last_year

MIN_GROUP = 10
NAMES = (
    *("column_name", "code", "n_little", "n", "n_stopped", "stopped", "reference", "value", "low", "high", "told_low"),
    *("n_matched", "n_reference", "placebo", "placebo_low", "placebo_high", "first_on", "last_on", "method"),
)


def simulated(rng, each: float, customers: int = 4000) -> dict[str, np.ndarray]:
    """Units as metrics/results/followed.py gives them: more occasions bring more little nothings and better customers.

    each: added share that stops, for one little nothing.
    """
    occasions = rng.integers(1, 6, customers)
    number = np.minimum(rng.binomial(occasions, 0.25), step.MOST)
    stopped = rng.random(customers) < 0.5 - 0.06 * occasions + each * number
    return {
        "is_exposed": number > 0,
        "stopped": stopped.astype(float),
        "bucket": np.arange(customers) * 2654435761 % 20,
        "month": np.full(customers, np.datetime64("2025-01-01")),
        "level_0": occasions,
        "n_little": number.astype(str),
    }


def rows(lived, before) -> dict[int, dict]:
    made = [dict(zip(NAMES, row, strict=True)) for row in step.rows_of("", lived, before, MIN_GROUP)]
    return {row["n_little"]: row for row in made}


def test_each_little_nothing_adds_what_it_adds_whoever_has_more_occasions():
    rng = np.random.default_rng(8)
    found = rows(simulated(rng, 0.1, 20_000), simulated(rng, 0.0, 20_000))
    for number in (1, 2, 3):
        assert found[number]["low"] <= 0.1 * number <= found[number]["high"]
    assert found[0]["value"] is None
    assert found[0]["n"] + found[1]["n"] > 10_000


def test_without_effect_hardly_any_world_tells_any_number():
    rng = np.random.default_rng(9)
    told = [
        any(row["told_low"] and row["told_low"] > 0 for row in rows(simulated(rng, 0.0), simulated(rng, 0.0)).values())
        for _ in range(60)
    ]
    assert np.mean(told) <= 0.08


def test_in_the_sample_more_of_them_cost_more_customers(planted):
    found = planted.ask(doses, last_year())
    counted = [dose for dose in found if dose.n_little]
    assert [dose.n_little for dose in found] == list(range(len(found)))
    assert first_told(counted).n_little == 1
    assert worst_told(counted).value > first_told(counted).value + 0.1
    assert all(dose.n_matched >= MIN_GROUP and dose.low < dose.value < dose.high for dose in counted)
    assert dose_findings(found, 6)[0].key == "finding.nothings.told"


def test_in_the_company_without_effect_none_is_told(null):
    found = null.ask(doses, last_year())
    assert len(found) > 3
    assert first_told(found) is None
    assert dose_findings(found, 6)[0].key == "finding.nothings.none"


def test_two_limits_at_once_tell_nothing(planted):
    assert planted.ask(doses, last_year(persona=["families"], region=["north"])) == ()


def test_little_nothings_are_those_of_the_walk(planted):
    """One definition: a customer has as many here as in the walk, where each can be read."""
    whole = Selection(Period.of_months("2023-11", "2026-10"))
    counted = step.LIVED.partition(" as\n")[2]
    for token in planted.ask(candidates, whole, "chain").tokens[:8]:
        (n,) = planted.rows(
            f"select sum(n_little) from ({counted}) join dim_customer_token using (customer_id) "
            "where customer_token = ?",
            [token],
        )[0]
        assert planted.ask(walk, whole, token).little_nothings == n > 0


def test_issues_put_together_with_the_chosen_gap_are_those_of_the_contacts(planted):
    found = planted.ask(issue_gaps, last_year())
    (chosen,) = [gap for gap in found if gap.is_chosen]
    issues, contacts = planted.rows(
        "select count(distinct issue_id), count(*) from fct_contact where is_inbound and customer_id is not null"
    )[0]
    assert (chosen.n, chosen.n_contacts) == (issues, contacts)
    alone = {gap.gap_days: gap.n for gap in found if not gap.has_case_numbers}
    assert alone[7] > alone[14] > alone[30]


def test_a_reader_of_one_group_sees_nothing_of_the_whole_company(planted):
    assert planted.ask(issue_gaps, replace(last_year(), scope=(("region", ("north",)),))) == ()


@pytest.mark.parametrize("number", [1, 3])
def test_a_number_is_compared_with_none_at_all(number):
    units = simulated(np.random.default_rng(1), 0.0, 500)
    assert set(step.only(units, number)["n_little"]) == {"0", str(number)}
