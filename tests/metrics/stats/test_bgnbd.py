"""BG/NBD: the published estimates, the published expectation, and parameters found again that made the data."""

from datetime import date

import numpy as np
import pytest

from metrics.stats.bgnbd import START, History, Purchasing, fitted
from tests.conftest import real_set

END, WEEKS = date(1997, 9, 30), 39


@pytest.fixture(scope="module")
def cdnow() -> dict[str, np.ndarray]:
    """The 1/10 sample over its first 39 weeks; time in weeks, purchases of one day are one; and the 39 weeks after."""
    days: dict[str, set[date]] = {}
    for line in (real_set("cdnow") / "CDNOW_sample.txt").read_text().splitlines():
        _, customer, day, *_ = line.split()
        days.setdefault(customer, set()).add(date(int(day[:4]), int(day[4:6]), int(day[6:])))
    rows = []
    for bought in map(sorted, days.values()):
        known = [day for day in bought if day <= END]
        first = bought[0]
        rows.append((len(known) - 1, (known[-1] - first).days / 7, (END - first).days / 7, len(bought) - len(known)))
    return dict(zip(("x", "recency", "age", "later"), np.array(rows).T, strict=True))


@pytest.fixture(scope="module")
def published(cdnow) -> Purchasing:
    return fitted(History.of(cdnow["x"], cdnow["recency"], cdnow["age"]), leaves_at_once=False)


@pytest.mark.parametrize("start", [START, (0.1, 1.0, 0.5, 5.0), (3.0, 20.0, 3.0, 3.0)], ids=str)
def test_the_published_estimates_come_out_from_any_start(cdnow, start):
    found = fitted(History.of(cdnow["x"], cdnow["recency"], cdnow["age"]), False, start)
    assert (found.r, found.alpha, found.a, found.b) == pytest.approx((0.243, 4.414, 0.793, 2.426), abs=1e-3)
    assert found.log_likelihood == pytest.approx(-9582.4, abs=0.05)


def test_the_published_expectation_of_a_customer(published):
    """Fader, Hardie & Lee, the spreadsheet's customer: x = 2, last purchase in week 30.43 of 38.86, 39 weeks ahead."""
    assert published.expected(39, np.array([2.0]), np.array([30.43]), np.array([38.86]))[0] == pytest.approx(
        1.226, abs=1e-3
    )


def test_what_is_expected_of_customers_follows_what_they_then_did(cdnow, published):
    expected = published.expected(WEEKS, cdnow["x"], cdnow["recency"], cdnow["age"])
    for x in range(7):
        inside = cdnow["x"] == x
        assert expected[inside].mean() == pytest.approx(cdnow["later"][inside].mean(), rel=0.27)
    assert np.corrcoef(expected, cdnow["later"])[0, 1] > 0.6


def lives(rng, n: int, r: float, alpha: float, a: float, b: float, weeks: float) -> History:
    """Customers of the MBG/NBD: each purchase, the first too, may be the last."""
    x, recency = np.zeros(n), np.zeros(n)
    for i, (rate, leaving) in enumerate(zip(rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n), strict=True)):
        at = 0.0
        while rng.random() > leaving:
            at += rng.exponential(1 / rate)
            if at > weeks:
                break
            x[i], recency[i] = x[i] + 1, at
    return History.of(x, recency, np.full(n, weeks))


def test_parameters_that_made_the_data_are_found_again():
    found = fitted(lives(np.random.default_rng(3), 4000, 0.8, 6.0, 0.9, 2.5, 60.0), leaves_at_once=True)
    assert (found.r, found.alpha) == pytest.approx((0.8, 6.0), rel=0.15)
    assert found.a / (found.a + found.b) == pytest.approx(0.9 / 3.4, rel=0.12)


def test_a_one_time_buyer_is_certainly_alive_in_one_model_only(published):
    zero, age = np.zeros(1), np.full(1, 30.0)
    assert published.p_alive(zero, zero, age)[0] == 1
    leaving = Purchasing(published.r, published.alpha, published.a, published.b, True, 0.0)
    assert leaving.p_alive(zero, zero, age)[0] < 0.8
