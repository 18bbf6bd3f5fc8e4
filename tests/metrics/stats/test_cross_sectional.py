"""Sets without dates: the same two arms, cross-sectional. What goes with what at one moment, never what comes.

Each customer is judged by a learner that has not seen him or her; the interval draws other customers and learns again.
"""

import csv

import numpy as np
import openpyxl
import pytest

from metrics.results.cem_lift import verdict_of
from metrics.stats import lift
from metrics.stats.logistic import BLOCKS, draws
from tests.conftest import real_set

WORTHWHILE = 0.01


def difference(base: np.ndarray, extra: np.ndarray, y: np.ndarray):
    rng = np.random.default_rng(1)
    rows = lift.Rows(base, extra, y, rng.integers(0, BLOCKS, len(y)), np.zeros(len(y), int))
    folds = lift.crossed(rows, 5)
    return lift.compared(folds, lift.together(lift.arms, folds), draws(rng, 100)).difference("auc")


def one_hot(values: list) -> np.ndarray:
    codes = sorted({str(value) for value in values})[1:]
    return np.array([[str(value) == code for code in codes] for value in values], float)


@pytest.fixture(scope="module")
def subscribers() -> dict[str, np.ndarray]:
    with (real_set("iranian_churn") / "Customer_Churn.csv").open(encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    return {" ".join(name.split()): np.array([float(row[name]) for row in rows]) for name in rows[0]}


def test_complaints_add_to_usage_in_telling_who_left(subscribers):
    usage = ("Seconds of Use", "Frequency of use", "Frequency of SMS", "Distinct Called Numbers", "Subscription Length")
    base = np.column_stack([f(subscribers[name]) for name in usage for f in (np.log1p, np.sqrt)])
    base = np.column_stack([base, subscribers["Charge Amount"], one_hot(list(subscribers["Age Group"]))])
    found = difference(base, subscribers["Complains"][:, None], subscribers["Churn"])
    assert verdict_of(found, WORTHWHILE) == "adds"
    assert 0.02 < found.low < found.value < found.high < 0.12


def test_a_random_complaint_would_not(subscribers):
    base = np.log1p(np.column_stack([subscribers["Seconds of Use"], subscribers["Frequency of SMS"]]))
    noise = np.random.default_rng(2).random((len(base), 1)) < 0.08
    assert verdict_of(difference(base, noise.astype(float), subscribers["Churn"]), WORTHWHILE) != "adds"


def test_recommendation_does_not_tell_who_gives_much_beyond_what_is_known_of_donors():
    """Listeners of a radio who gave: NPS beside length of listening, age and gender, for a gift above the median."""
    book = openpyxl.load_workbook(real_set("nps_listener_donors") / "nps_exercise.xlsx", read_only=True)
    names, *rows = book["data"].iter_rows(values_only=True)
    known = [dict(zip(names, row, strict=True)) for row in rows]
    known = [row for row in known if row["12 - Q12 NPS Score"] is not None and row["TotalAmount"] is not None]
    nps = np.array([float(row["12 - Q12 NPS Score"]) for row in known])
    amount = np.array([float(row["TotalAmount"]) for row in known])
    told = ("1 - Q1- How long Listening Code", "2 - Q2- Age Code", "14 - Q14 Gender", "SourceType", "PledgeFrequency")
    base = np.column_stack([one_hot([row.get(name) for row in known]) for name in told if name in names])
    extra = np.column_stack([nps >= 9, nps <= 6]).astype(float)
    found = difference(base, extra, (amount > np.median(amount)).astype(float))

    assert verdict_of(found, WORTHWHILE) == "nothing_that_matters"
