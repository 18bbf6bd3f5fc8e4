"""How many purchases to expect of a customer, whether there still is one, and how much each: BG/NBD, Gamma-Gamma.

While alive a customer buys at a Poisson rate, gamma distributed over customers (r, alpha); after a purchase a customer
may leave for good, with a probability that is beta distributed (a, b). In the BG/NBD nobody leaves before the second
purchase, so every one-time buyer counts as alive; in the MBG/NBD one may leave after the first one too. Both are one
formula: only how often a customer has survived a chance to leave differs, x or x + 1 times.
Fader, Hardie & Lee 2005, Marketing Science 24(2); Batislam, Denizel & Filiztekin 2007, Int. J. of Research in
Marketing 24(3). Purchases of one day are one (a day on which somebody buys twice is no repeat purchase).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import digamma, expit, gammaln, hyp2f1

START = (1.0, 4.0, 1.0, 1.0)
LEAST, MOST = 1e-3, 1e4  # of a parameter
LEAST_LEFT = 1e-12
UNSETTLED = 1e-6  # distance kept from a = 1, where the expectation's formula divides by zero


class History(NamedTuple):
    """What is known of customers: repeat purchases x, time of the last one and of the end of observation, both since
    the first purchase and in one unit; `n` customers share each line."""

    x: np.ndarray
    recency: np.ndarray
    age: np.ndarray
    n: np.ndarray

    @classmethod
    def of(cls, x: np.ndarray, recency: np.ndarray, age: np.ndarray) -> "History":
        """Customers one by one, those alike counted together."""
        lines, n = np.unique(np.column_stack([x, recency, age]).astype(float), axis=0, return_counts=True)
        return cls(*lines.T, n)


@dataclass(frozen=True)
class Purchasing:
    """A fitted model; time in the unit of its history. `leaves_at_once`: MBG/NBD."""

    r: float
    alpha: float
    a: float
    b: float
    leaves_at_once: bool
    log_likelihood: float

    def odds_gone(self, x: np.ndarray, recency: np.ndarray, age: np.ndarray) -> np.ndarray:
        """Odds of having left by the end of observation."""
        survived = x + self.leaves_at_once
        odds = self.a / np.maximum(self.b + survived - 1, 1e-12)
        ratio = np.exp((self.r + x) * np.log((self.alpha + age) / (self.alpha + recency)))
        return np.where(survived > 0, odds * ratio, 0.0)

    def p_alive(self, x: np.ndarray, recency: np.ndarray, age: np.ndarray) -> np.ndarray:
        return 1 / (1 + self.odds_gone(x, recency, age))

    def expected(self, months: float, x: np.ndarray, recency: np.ndarray, age: np.ndarray) -> np.ndarray:
        """Expected purchases in the coming `months` (in the history's unit); equation 10 of Fader, Hardie & Lee."""
        a = self.a if abs(self.a - 1) > UNSETTLED else 1 + UNSETTLED
        survived = x + self.leaves_at_once
        share = months / (self.alpha + age + months)
        pairs, place = np.unique(np.column_stack([survived, share]), axis=0, return_inverse=True)
        k, part = pairs.T
        curve = hyp2f1(self.r + k - self.leaves_at_once, self.b + k, a + self.b + k - 1, part)[place.ravel()]
        gone_by_then = (1 - share) ** (self.r + x) * curve
        rate = (a + self.b + survived - 1) / (a - 1)
        return rate * (1 - gone_by_then) / (1 + self.odds_gone(x, recency, age))


def log_likelihood(parameters: np.ndarray, known: History, leaves_at_once: bool) -> tuple[float, np.ndarray]:
    """Of all customers, equation 6 of Fader, Hardie & Lee, with its derivatives by r, alpha, a and b."""
    r, alpha, a, b = parameters
    x, recency, age, n = known
    k = np.arange(int(x.max()) + 1)  # what depends on the number of purchases alone is computed once for each number
    survived, place = k + leaves_at_once, x.astype(int)
    since_last, since_first = np.log(alpha + recency), np.log(alpha + age)
    bought = gammaln(r + k) - gammaln(r) + r * np.log(alpha)
    stayed = gammaln(a + b) + gammaln(b + survived) - gammaln(b) - gammaln(a + b + survived)
    leaving = np.log(a) - np.log(np.maximum(b + survived - 1, LEAST_LEFT))
    left = leaving[place] + (r + x) * (since_first - since_last)
    can_leave = (survived > 0)[place]
    either = np.where(can_leave, np.logaddexp(0.0, left), 0.0)
    value = n @ ((bought + stayed)[place] - (r + x) * since_first + either)

    share = n * np.where(can_leave, expit(left), 0.0)
    gone = digamma(a + b) - digamma(a + b + survived)
    by_r = n @ ((digamma(r + k) - digamma(r))[place] + np.log(alpha) - since_first) + share @ (since_first - since_last)
    by_alpha = n @ (r / alpha - (r + x) / (alpha + age))
    by_alpha += share @ ((r + x) * (1 / (alpha + age) - 1 / (alpha + recency)))
    by_a = n @ gone[place] + share.sum() / a
    by_b = n @ (gone + digamma(b + survived) - digamma(b))[place]
    by_b -= share @ (1 / np.maximum(b + survived - 1, LEAST_LEFT))[place]
    return float(value), np.array([by_r, by_alpha, by_a, by_b])


def fitted(known: History, leaves_at_once: bool, start: tuple[float, ...] = START) -> Purchasing:
    """The maximum of the likelihood, searched over logarithms of the parameters."""
    n = known.n.sum()

    def loss(logs: np.ndarray) -> tuple[float, np.ndarray]:
        at = np.exp(logs)
        value, slopes = log_likelihood(at, known, leaves_at_once)
        return -value / n, -at * slopes / n

    limits = [(np.log(LEAST), np.log(MOST))] * 4
    found = minimize(
        loss, np.log(start), jac=True, method="L-BFGS-B", bounds=limits, options={"ftol": 1e-14, "gtol": 1e-8}
    )
    return Purchasing(*map(float, np.exp(found.x)), leaves_at_once, -float(found.fun) * n)


def gamma_gamma(n: np.ndarray, mean: np.ndarray) -> tuple[float, float, float]:
    """p, q and v of Fader & Hardie 2013, from each customer's number of purchases and their mean amount (positive).

    The scale v / q is searched for in the place of v: customers who spend alike leave q without a largest value.
    """

    def loss(logs: np.ndarray) -> tuple[float, np.ndarray]:
        p, q, scale = np.exp(logs)
        v = q * scale
        each = gammaln(p * n + q) - gammaln(p * n) - gammaln(q) + q * np.log(v)
        each += (p * n - 1) * np.log(mean) + p * n * np.log(n) - (p * n + q) * np.log(n * mean + v)
        by_p = n * (digamma(p * n + q) - digamma(p * n) + np.log(n * mean / (n * mean + v)))
        by_q = digamma(p * n + q) - digamma(q) + np.log(v / (n * mean + v))
        by_v = q / v - (p * n + q) / (n * mean + v)
        slopes = (p * by_p.mean(), q * by_q.mean() + v * by_v.mean(), v * by_v.mean())
        return -float(each.mean()), -np.array(slopes)

    limits = [(np.log(LEAST), np.log(MOST))] * 2 + [(None, None)]
    found = minimize(loss, np.log([2.0, 4.0, mean.mean() / 4]), jac=True, method="L-BFGS-B", bounds=limits)
    p, q, scale = map(float, np.exp(found.x))
    return p, q, q * scale
