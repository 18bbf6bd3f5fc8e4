"""BG/NBD: the published estimates, the published expectation, and parameters found again that made the data."""

from datetime import date

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from metrics.stats.bgnbd import START, History, Purchasing, fitted, gamma_gamma, log_likelihood
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


@pytest.mark.parametrize("leaves_at_once", [False, True])
@pytest.mark.parametrize("at", [START, (0.2, 4.4, 0.8, 2.4), (5.0, 13.0, 0.3, 2.1)], ids=str)
def test_the_derivatives_are_those_of_the_likelihood(cdnow, at, leaves_at_once):
    known = History.of(cdnow["x"], cdnow["recency"], cdnow["age"])
    numeric = approx_fprime(np.array(at), lambda x: log_likelihood(x, known, leaves_at_once)[0], 1e-6)
    assert log_likelihood(np.array(at), known, leaves_at_once)[1] == pytest.approx(numeric, rel=1e-3, abs=0.05)


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


def test_the_published_spend_comes_out():
    """Fader & Hardie 2013, 946 customers with a repeat purchase: p 6.25, q 3.74, v 15.44; a day is one purchase."""
    days: dict[str, dict[str, float]] = {}
    for line in (real_set("cdnow") / "CDNOW_sample.txt").read_text().splitlines():
        _, customer, day, _, amount = line.split()
        spent = days.setdefault(customer, {})
        spent[day] = spent.get(day, 0.0) + float(amount)
    repeats = [[spent[day] for day in sorted(spent)[1:] if day <= f"{END:%Y%m%d}"] for spent in days.values()]
    known = [amounts for amounts in repeats if sum(amounts) > 0]
    assert len(known) == 946
    found = gamma_gamma(np.array([len(a) for a in known], float), np.array([np.mean(a) for a in known]))
    assert found == pytest.approx((6.25, 3.74, 15.44), abs=0.01)
