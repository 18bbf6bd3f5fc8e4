"""Comments of NHS patients and scores of radio donors come in by an adapter and a config alone."""

import csv
from collections import Counter

import pytest

from tests.data.ingest.test_real_sets import folder_of, loaded, one


@pytest.fixture(scope="module")
def nhs():
    return loaded("nhs_patient_experience")


@pytest.fixture(scope="module")
def donors():
    return loaded("nps_listener_donors")


@pytest.fixture(scope="module")
def comments() -> list[dict[str, str]]:
    path = folder_of("nhs_patient_experience") / "datasets_v6framework_230831.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_dates_written_month_first_are_rejected_with_their_place(nhs, comments):
    wrong = [row["Date"] for row in comments if int(row["Date"].split("/")[1]) > 12]
    rows = nhs.execute("select column_name, value, line from meta.rejects").fetchall()
    assert Counter(row[1] for row in rows) == Counter(wrong)
    assert {row[0] for row in rows} == {"answered_at"}
    assert all(row[2] for row in rows)


def test_a_score_counts_once_a_respondent_and_codes_beyond_the_scale_are_missing(nhs, comments):
    asked = [row for row in comments if row["FFT question"] in ("FFT Why?", "What was good?")]
    told = [row for row in asked if int(row["Date"].split("/")[1]) <= 12]
    scores = Counter(int(row["FFT categorical answer"]) for row in told if row["FFT categorical answer"] in "12345")
    found = dict(
        nhs.execute("select score, count(*) from canonical.surveys where score is not null group by 1").fetchall()
    )
    assert found == scores
    counted = "select count(score), count(distinct customer_id) filter (where score is not null) from canonical.surveys"
    assert len(set(one(nhs, counted))) == 1


def test_no_comment_is_no_verbatim(nhs):
    assert one(nhs, "select count(*) from canonical.surveys where verbatim = 'Did not answer'") == (0,)
    assert one(nhs, "select count(*) from canonical.customers") == (4466,)


def test_minus_one_is_no_answer_and_every_donor_gave(donors):
    counted = "select count(*), count(score), count(*) filter (where score >= 9) from canonical.surveys"
    assert one(donors, counted) == (2579, 2281, 2080)
    assert one(donors, "select count(*) from canonical.order_lines where net_amount > 0")[0] == 2579
    assert one(donors, "select count(*) from meta.rejects") == (0,)
