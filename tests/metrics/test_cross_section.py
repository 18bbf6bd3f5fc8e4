"""Companies without dates: the same two arms at one moment, from their files; what goes with what, never what comes."""

import csv
from dataclasses import replace

import duckdb
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, SplineTransformer, StandardScaler

from data import ingest
from data.errors import ConfigError
from data.outlook import CrossSection
from data.settings import load_settings
from metrics.cem_lifts import Lift, cem_lift
from metrics.computing import create_result
from metrics.outlook_findings import of_one_moment, outlook_findings
from metrics.results import cem_lift as step
from metrics.results import cross_section
from metrics.selection import Period, Selection
from metrics.views import create_views
from tests.company import Company
from tests.conftest import ROOT, real_set

EXAMPLES = ROOT / "docs" / "examples"
NUMBERS = (
    *("Subscription  Length", "Charge  Amount", "Seconds of Use", "Frequency of use", "Frequency of SMS"),
    *("Distinct Called Numbers", "Customer Value"),
)
CODES = ("Age Group", "Tariff Plan", "Status")


@pytest.fixture(scope="module")
def left(iranian_churn_snapshots) -> Lift:
    company = Company.of(iranian_churn_snapshots)
    return company.ask(cem_lift, Selection(Period.of_months("2019-12", "2019-12")))


def test_complaints_and_failed_calls_add_to_usage_in_telling_who_left(left):
    assert (left.verdict, left.outcome) == ("adds", "has_left")
    assert (left.n, left.n_stopped, left.first_on, left.last_on) == (2850, 446, None, None)
    assert left.measured["auc"].difference.low > left.worthwhile
    assert left.measured["brier"].difference.high < 0
    assert {part.name: part.value.low > 0.01 for part in left.part("carried")} == {
        "has_complained": True,
        "failed_calls": True,
    }
    (control,) = left.part("control")
    assert control.value.low < 0 < control.value.high < left.worthwhile
    assert outlook_findings(None, left, 6)[0].key == "finding.across.adds"


def test_the_overview_says_what_one_moment_tells_and_only_then(left):
    assert [found.key for found in of_one_moment(left)] == ["finding.across.adds"]
    assert [found.key for found in of_one_moment(replace(left, outcome=None))] == ["finding.nothing"]
    assert [found.key for found in of_one_moment(None)] == ["finding.nothing"]


def test_another_program_with_columns_of_its_own_finds_the_same(left):
    """scikit-learn on splines and products of logarithms, customers parted otherwise, rows that are alike once."""
    with (real_set("iranian_churn") / "Customer_Churn.csv").open(encoding="utf-8-sig") as lines:
        rows = list({tuple(row.values()): row for row in csv.DictReader(lines)}.values())
    known = {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}
    base = np.column_stack([*(np.log1p(known[name]) for name in NUMBERS), *(known[name] for name in CODES)])
    crm = np.hstack(
        [SplineTransformer(5, knots="quantile").fit_transform(base), PolynomialFeatures(2).fit_transform(base)]
    )
    failed = known["Call  Failure"]
    extra = np.column_stack([crm, known["Complains"], np.log1p(failed), failed > 0])
    y, auc = known["Churn"], []
    for x in (crm, extra):
        p = np.zeros(len(y))
        for train, test in StratifiedKFold(5, shuffle=True, random_state=7).split(x, y):
            learner = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500))
            p[test] = learner.fit(x[train], y[train]).predict_proba(x[test])[:, 1]
        auc.append(roc_auc_score(y, p))
    found = left.measured["auc"]
    assert auc == pytest.approx([found.base.value, found.extra.value], abs=0.015)
    assert found.difference.low < auc[1] - auc[0] < found.difference.high


@pytest.fixture(scope="module")
def donors() -> tuple:
    settings = load_settings(EXAMPLES / "nps_listener_donors" / "config.yaml")
    connection = duckdb.connect(config={"threads": 2})
    ingest.load(connection, settings, real_set("nps_listener_donors"), lambda *_: None)
    create_views(connection, settings)
    return connection, settings


def test_recommendation_does_not_tell_who_gives_much_beyond_the_giving_history(donors):
    connection, settings = donors
    create_result(connection, settings, "cem_lift", step.create)
    lifted = (
        "select value, low, high, n, verdict, design from result_cem_lift where measure = 'auc' and column_name = ''"
    )
    value, low, high, n, verdict, design = connection.execute(lifted).fetchone()
    assert (n, verdict, design) == (2579, "nothing_that_matters", "cross_section")
    assert -0.01 < low < value < high < 0.01


def test_whether_a_question_was_answered_stands_with_the_crm(donors):
    """Who answers may well differ; only what was answered is experience."""
    connection, settings = donors
    known = cross_section.known(connection, settings)
    (rows, _), places = cross_section.candidates(known, settings)
    silent = np.isnan(known["recommends"])
    assert silent.sum() == 298
    assert any((column == silent).all() for column in rows.base.T)
    assert places == {"recommends": list(range(rows.extra.shape[1]))}
    assert np.ptp(rows.extra[silent], axis=0).max() == 0
    assert len(np.unique(rows.stratum)) == 2


def test_numbers_are_read_by_steps_and_categories_by_codes():
    ranks = cross_section.columns_of(np.array([0.0, 0, 0, 1, 2, 3, np.nan]), with_missing=True)
    assert [column.sum() for column in ranks[1:]] == [3, 2, 1, 1]
    codes = cross_section.columns_of(np.array(["a", "b", "b", "c"], object), with_missing=True)
    assert [list(column) for column in codes] == [[True, False, False, False], [False, False, False, True]]


def test_a_name_on_both_sides_is_refused(tmp_path):
    config = (EXAMPLES / "iranian_churn" / "config.yaml").read_text()
    path = tmp_path / "config.yaml"
    path.write_text(config.replace("      - charge\n", "      - failed_calls\n"))
    with pytest.raises(ConfigError, match="failed_calls stands twice"):
        load_settings(path)
    assert CrossSection(outcome="left", label="left", crm=["usage"], cem={"calls": "Calls"}).above == 0
