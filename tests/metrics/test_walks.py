"""A path is chosen by rule, holds what really happened, and says nothing of who it was."""

from dataclasses import replace
from datetime import date

import duckdb
import pytest

from metrics.errors import UnknownName
from metrics.selection import Period, Selection
from metrics.walk_findings import walk_findings
from metrics.walks import RULES, candidates, usable, walk
from tests.company import Company

YEAR = Selection(Period(date(2025, 11, 1), date(2026, 11, 1)))
NORTH = Selection(YEAR.period, where=(("region", ("north",)),))


@pytest.fixture
def world(sample):
    return sample.cursor, sample.catalogue


@pytest.fixture(scope="module")
def olist(olist_8k_snapshots) -> Company:
    return Company.of(olist_8k_snapshots)


def customer_of(cursor, token: str) -> str:
    found = cursor.execute("select customer_id from dim_customer_token where customer_token = ?", (token,))
    return found.fetchone()[0]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_offers_customers_always_in_the_same_order(world, rule):
    first = candidates(*world, YEAR, rule)
    assert 0 < len(first.tokens) <= first.total
    assert first == candidates(*world, YEAR, rule)
    assert len(set(first.tokens)) == len(first.tokens)


def test_the_first_of_late_is_the_median_and_not_the_worst(world):
    cursor, catalogue = world
    days = [
        cursor.execute(
            "select max(coalesce(days_late, days_late_so_far)) from fct_order where customer_id = ?"
            " and promised_on >= '2025-11-01' and delivery_promise in ('late', 'undelivered')",
            (customer_of(cursor, token),),
        ).fetchone()[0]
        for token in candidates(cursor, catalogue, YEAR, "late").tokens
    ]
    assert min(days) <= days[0] <= max(days)
    assert days[0] < max(days)


@pytest.mark.parametrize("instrument", ["nps", "csat", "effort"])
def test_an_unhappy_answer_of_any_instrument_makes_late_customers_walkable(world, instrument):
    """The sample asks all of them: without one of its instruments, its unhappy customers would be missing."""
    cursor, catalogue = world
    ((only_so,),) = cursor.execute(
        """
        select count(distinct o.customer_id)
        from fct_order as o
        inner join fct_survey_answer as a
            on o.customer_id = a.customer_id and a.answered_at >= o.promised_on
            and a.answered_at < o.promised_on + interval 90 day
        where o.delivery_promise in ('late', 'undelivered') and a.is_unhappy and a.instrument = ?
            and o.promised_on >= '2025-11-01'
        """,
        [instrument],
    ).fetchall()
    assert 0 < only_so <= candidates(cursor, catalogue, YEAR, "late").total


def test_a_reader_who_may_see_persons_sees_the_name_and_nobody_else_does(world):
    cursor, catalogue = world
    token = candidates(cursor, catalogue, YEAR, "late").tokens[0]
    known = cursor.execute(
        "select name from canonical.customers where customer_id = ?", (customer_of(cursor, token),)
    ).fetchone()[0]
    assert walk(cursor, catalogue, YEAR, token, is_named=True).name == known
    assert walk(cursor, catalogue, YEAR, token).name is None


def test_without_contacts_no_chain_is_offered_and_all_other_rules_are_usable(olist):
    assert usable(olist.cursor, olist.catalogue, ()) == ("late", "silent", "random")
    token = olist.ask(candidates, Selection(olist.catalogue.ground.whole), "late").tokens[0]
    found = olist.ask(walk, Selection(olist.catalogue.ground.whole), token)
    assert walk_findings(found)[0].key == "finding.walk.lived_without_contacts"
    assert any(e.kind == "answer" and e.detail["is_unhappy"] for e in found.events)
    assert any(e.kind == "promise" and e.detail["delivery_promise"] in ("late", "undelivered") for e in found.events)


def over(sample: Company, issue: str) -> duckdb.DuckDBPyConnection:
    """The sample's snapshot with other issues."""
    cursor = duckdb.connect().execute(f"attach '{sample.snapshot.path}' as sample (read_only)")
    for table in ("fct_survey_answer", "fct_hand_off", "fct_customer_month", "fct_order", "dim_customer_token"):
        cursor.execute(f"create view {table} as from sample.{table}")
    return cursor.execute(f"create view fct_issue as {issue}")


def test_a_rule_to_which_only_orphans_answer_is_not_usable(sample):
    """Events of customers that no customer file holds: `candidates` could name none of them."""
    cursor = over(sample, issue="select * replace ('nobody' as customer_id) from sample.fct_issue")
    assert usable(cursor, sample.catalogue, ()) == tuple(rule for rule in RULES if rule != "chain")


def test_a_rule_to_which_somebody_answers_only_in_old_data_is_usable(sample):
    cursor = over(sample, issue="select * from sample.fct_issue where opened_at < '2024-06-01'")
    assert usable(cursor, sample.catalogue, ()) == RULES


def test_the_longest_chain_comes_first(world):
    cursor, catalogue = world
    longest = cursor.execute(
        "select max(n_contacts) from fct_issue where opened_at >= '2025-11-01' and customer_id is not null"
    ).fetchone()[0]
    first = customer_of(cursor, candidates(cursor, catalogue, YEAR, "chain").tokens[0])
    theirs = "select max(n_contacts) from fct_issue where customer_id = ? and opened_at >= '2025-11-01'"
    assert cursor.execute(theirs, (first,)).fetchone()[0] == longest


def test_a_walk_holds_every_order_and_contact_of_the_customer_in_the_period(world):
    cursor, catalogue = world
    for token in candidates(cursor, catalogue, YEAR, "random").tokens[:5]:
        found, customer = walk(cursor, catalogue, YEAR, token), customer_of(cursor, token)
        for kind, table, column in (("order", "fct_order", "ordered_at"), ("contact", "fct_contact", "started_at")):
            counted = f"select count(*) from {table} where customer_id = ? and {column} >= '2025-11-01'"
            expected = cursor.execute(counted, (customer,)).fetchone()[0]
            assert sum(e.kind == kind for e in found.events) == expected
        assert [e.at for e in found.events] == sorted(e.at for e in found.events)


@pytest.mark.parametrize("is_named", [True, False])
def test_what_is_kept_by_customer_is_what_the_facts_say(world, is_named):
    cursor, catalogue = world
    facts = {name: columns for name, columns in catalogue.ground.columns.items() if not name.startswith("path_")}
    assert len(facts) == len(catalogue.ground.columns) - 5
    older = replace(catalogue, ground=replace(catalogue.ground, columns=facts))
    whole = Selection(catalogue.ground.whole)
    for rule in RULES:
        for token in candidates(cursor, catalogue, whole, rule).tokens[:3]:
            kept = walk(cursor, catalogue, whole, token, is_named)
            assert kept.events
            assert kept == walk(cursor, older, whole, token, is_named)


def test_nobody_outside_the_filters_can_be_walked(world):
    cursor, catalogue = world
    token = candidates(cursor, catalogue, NORTH, "random").tokens[0]
    assert walk(cursor, catalogue, NORTH, token) is not None
    south = Selection(YEAR.period, scope=(("region", ("south",)),))
    assert walk(cursor, catalogue, south, token) is None
    assert walk(cursor, catalogue, YEAR, "' or 1=1--") is None


def test_no_number_of_the_company_and_no_name_stands_in_a_walk(world):
    cursor, catalogue = world
    token = candidates(cursor, catalogue, YEAR, "late").tokens[0]
    customer = customer_of(cursor, token)
    name = cursor.execute("select name from canonical.customers where customer_id = ?", (customer,)).fetchone()[0]
    said = repr(walk(cursor, catalogue, YEAR, token))
    assert customer not in said
    assert name not in said


def test_an_unknown_rule_or_segment_is_refused(world):
    with pytest.raises(UnknownName):
        candidates(*world, YEAR, "prettiest")
    with pytest.raises(UnknownName):
        candidates(*world, Selection(YEAR.period, where=(("channel", ("phone",)),)), "late")


def test_the_finding_of_silent_risk_says_that_the_crm_misses_it(world):
    token = candidates(*world, YEAR, "silent").tokens[0]
    assert [f.key for f in walk_findings(walk(*world, YEAR, token))] == ["finding.walk.lived", "finding.walk.missed"]
    assert walk_findings(None)[0].key == "finding.walk.nobody"
