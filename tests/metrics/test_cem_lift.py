"""CRM alone against CRM + CEM on the sample: it adds, nothing leaks from the future, without effect it never adds."""

import json
from datetime import date

import duckdb
import numpy as np
import pytest

from metrics.__main__ import main
from metrics.cem_lifts import Lift, cem_lift, groups
from metrics.outlook_findings import outlook_findings
from metrics.results.cem_lift import cut_offs
from metrics.results.standing import standing
from tests.company import Company, last_year

CUT = date(2026, 4, 30)
READ = (
    "fct_order",
    "fct_promise",
    "fct_contact",
    "fct_survey_invitation",
    "fct_customer_month",
    "dim_segment",
    "setting",
)
FUTURE = {  # table -> when a row becomes known
    "canonical.orders": "ordered_at",
    "fct_promise": "due_on",
    "fct_contact": "started_at",
    "fct_survey_invitation": "invited_at",
}


def lift_of(company: Company, **where) -> Lift:
    return company.ask(cem_lift, last_year(**where))


def test_on_the_sample_experience_adds(planted):
    found = lift_of(planted)
    assert found.verdict == "adds"
    assert found.measured["auc"].difference.low > found.worthwhile
    assert found.measured["brier"].difference.high < 0
    assert found.safe.difference.low > 0.05
    assert found.n_cuts >= 3
    assert outlook_findings(None, found, 6)[0].key == "finding.outlook.adds_safe"


def test_late_deliveries_carried_it_and_the_control_stands_at_zero(planted):
    found = lift_of(planted)
    assert found.part("carried")[0].name == "deliveries"
    assert found.part("carried")[0].value.low > 0.01
    (control,) = found.part("control")
    assert control.value.high < found.worthwhile
    assert abs(control.value.value) < 0.004


def test_without_effect_it_adds_nothing_that_matters(null):
    found = lift_of(null)
    assert found.verdict == "nothing_that_matters"
    assert abs(found.measured["auc"].difference.value) < 0.005
    assert outlook_findings(None, found, 6)[0].key == "finding.outlook.nothing_that_matters"


def test_probabilities_are_near_what_happened(planted):
    tenths = [tenth for tenth in lift_of(planted).tenths if tenth.arm == "extra"]
    assert len(tenths) == 10
    assert np.mean([abs(tenth.predicted - tenth.observed) for tenth in tenths]) < 0.05


def test_groups_are_told_apart_and_two_at_once_are_not_told(planted):
    found = {one.group: one for one in planted.ask(groups, last_year())}
    assert found["persona", "families"].verdict == "adds"
    assert lift_of(planted, persona=["families"]).group == ("persona", "families")
    assert lift_of(planted, persona=["families"], region=["north"]) is None


@pytest.fixture(scope="module")
def copied(sample) -> duckdb.DuckDBPyConnection:
    """What a cut-off is computed from, in memory, to be tampered with."""
    memory = duckdb.connect()
    memory.execute("create schema canonical")
    for table in (*READ, "canonical.orders", "canonical.order_lines", "canonical.customers"):
        arrow = sample.cursor.execute(f"from {table}").to_arrow_table()
        memory.register("given", arrow)
        memory.execute(f"create table {table} as from given")
    return memory


def test_shuffling_the_future_changes_nothing_that_is_known_at_a_cut_off(copied, sample):
    """Whatever happens after the cut-off happens to somebody else, otherwise: not one column but the outcome moves."""
    before = standing(copied, sample.settings, [CUT])
    for table, known_at in FUTURE.items():
        copied.execute(
            f"update {table} set customer_id = (select min(customer_id) from {table}) where {known_at}::date > ?", [CUT]
        )
    copied.execute("update canonical.orders set cancelled_at = null where cancelled_at::date > ?", [CUT])
    copied.execute("update fct_survey_invitation set score_share = 0 where answered_at::date > ?", [CUT])
    copied.execute("update fct_promise set days_late = days_late + 50 where due_on + days_late > ?", [CUT])
    copied.execute("delete from fct_order where ordered_on > ?", [CUT])
    after = standing(copied, sample.settings, [CUT])
    assert len(before["customer_id"]) > 1000
    for name in before.keys() - {"stopped"}:
        assert np.array_equal(before[name], after[name], equal_nan=before[name].dtype.kind == "f"), name
    assert after["stopped"].all()
    assert not before["stopped"].all()


def test_outcomes_are_those_of_the_metric(planted):
    """Where the customer's state is the same, `stopped` is stopped_within_6m of fct_customer_month."""
    memory = planted.cursor
    found = standing(memory, planted.settings, [CUT], most=100_000)
    told = dict(
        planted.rows(
            "select customer_id, stopped_within_6m from fct_customer_month where month_end = ? and is_active", [CUT]
        )
    )
    both = [(told[c], s) for c, s in zip(found["customer_id"], found["stopped"], strict=True) if c in told]
    assert len(both) > 0.98 * len(told)
    assert all(expected == bool(stopped) for expected, stopped in both)


def test_every_outcome_is_over_before_the_data_ends_and_cut_offs_are_apart(planted):
    cuts = cut_offs(planted.cursor, 6)
    assert cuts[-1] == CUT
    assert cuts[0] >= date(2024, 4, 1)
    assert all((b - a).days >= 89 for a, b in zip(cuts, cuts[1:], strict=False))


def test_from_the_terminal(capsys, planted_snapshots):
    assert main(["--result", "cem_lift", "--json", "--snapshots", str(planted_snapshots)]) == 0
    tables = json.loads(capsys.readouterr().out)
    first = tables["cem_lift"][0]
    assert {"measure", "value", "low", "high", "verdict", "n"} <= first.keys()
    assert main(["--result", "nonsense", "--snapshots", str(planted_snapshots)]) == 2
    assert "cem_lift" in capsys.readouterr().err


def test_a_company_without_experience_is_told_that_it_is_too_little(olist_8k_snapshots):
    found = lift_of(Company.of(olist_8k_snapshots))
    assert found.verdict == "too_little"
    assert outlook_findings(None, found, 6)[0].key == "finding.outlook.too_little"
