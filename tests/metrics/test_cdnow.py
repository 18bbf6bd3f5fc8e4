"""CDNOW from its file to the published estimates and expectations, by an adapter, a config and the refresh's steps."""

from datetime import date

import duckdb
import numpy as np
import pytest

from data import ingest
from data.settings import load_settings
from metrics.computing import create_result
from metrics.results import bgnbd
from metrics.views import create_views
from tests.conftest import ROOT, real_set

LEARNT_ON, WEEKS_A_MONTH = date(1997, 9, 30), 30.4375 / 7


@pytest.fixture(scope="module")
def cdnow() -> duckdb.DuckDBPyConnection:
    settings = load_settings(ROOT / "docs" / "examples" / "cdnow" / "config.yaml")
    connection = duckdb.connect(config={"threads": 2})
    ingest.load(connection, settings, real_set("cdnow"), lambda *_: None)
    create_views(connection, settings)
    create_result(connection, settings, "bgnbd", bgnbd.create)
    return connection


def test_the_published_estimates_come_out_of_the_file(cdnow):
    """Fader, Hardie & Lee 2005: the first 39 weeks of 2,357 customers; alpha in weeks."""
    told = "select r, alpha, a, b, value, n from result_bgnbd_model where model = 'bg_nbd' and learnt_on = ?"
    r, alpha, a, b, likelihood, n = cdnow.execute(told, [LEARNT_ON]).fetchone()
    assert (r, alpha * WEEKS_A_MONTH, a, b) == pytest.approx((0.243, 4.414, 0.793, 2.426), abs=5e-4)
    repeats = cdnow.execute(
        "select count(*) - count(distinct customer_id) "
        "from (select distinct customer_id, ordered_on from fct_order where ordered_on <= ?)",
        [LEARNT_ON],
    ).fetchone()[0]
    assert likelihood - repeats * float(np.log(WEEKS_A_MONTH)) == pytest.approx(-9582.4, abs=0.05)
    assert n == 2357


def test_what_was_expected_of_the_39_weeks_held_out_follows_what_was_bought(cdnow):
    """The published conditional expectations: close to the purchases made, below them with one and two repeats."""
    found = cdnow.execute("select repeats, bg_nbd, value, low, high, n from result_bgnbd_holdout order by 1").fetchall()
    assert [row[0] for row in found] == list(range(8))
    assert sum(row[5] for row in found) == 2357
    expected, made = ({row[0]: row[k] for row in found} for k in (1, 2))
    assert list(expected.values()) == sorted(expected.values())
    assert {x for x, _, _, low, high, _ in found if not low <= expected[x] <= high} == {1, 2}
    assert all(expected[x] == pytest.approx(made[x], rel=0.27) for x in expected)
