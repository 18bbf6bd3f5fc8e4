"""Companies of stores for the survey audit, made otherwise than the sample company: honest ones, and one that rigs.

Honest stores differ on purpose: in how good they are, how it goes up and down, how many they invite and who replies,
how often customers come back or stop. One honest store hands out most of its invitations itself, one has bad
after-sales and the scores to show for it, and some have their mean right at the bonus.
"""

from dataclasses import dataclass

import numpy as np

from metrics.stats.evidence import Count, Evidence, Months, Score, Table, Unit

STORES, MONTHS = 40, 24
BONUS = 0.4  # net share of promoters
RIGGED, HANDS_OUT, BAD_AFTERWARDS = 0, 1, 2
NPS = "nps transactional store"
Rng = np.random.Generator


@dataclass(frozen=True)
class Sales:
    """Every sale of a store over all months, one value each."""

    month: np.ndarray
    customer: np.ndarray
    invited: np.ndarray
    handed: np.ndarray
    score: np.ndarray  # -1 without an answer
    problem: np.ndarray
    stopped: np.ndarray


def company(rng: Rng, is_rigged: bool, a_month: float = 25.0) -> Evidence:
    """What is known of all stores. a_month: sales of a store."""
    stores = {
        ("store", f"s{place:02d}"): store(rng, place, is_rigged and place == RIGGED, a_month) for place in range(STORES)
    }
    counts = {
        name: [counted(unit, name, s) for unit, s in stores.items()]
        for name in ("handed", "answered", "problem", "stopped")
    }
    return Evidence(
        counts=counts,
        tables=[table(unit, s) for unit, s in stores.items()],
        scores=[row for unit, s in stores.items() for row in scores(unit, s)],
        months=[Months(unit, months(s), BONUS) for unit, s in stores.items()],
    )


def store(rng: Rng, place: int, is_rigged: bool, a_month: float) -> Sales:
    sold = rng.poisson(a_month * rng.gamma(6, 1 / 6), MONTHS)
    month = np.repeat(np.arange(MONTHS), sold)
    size = len(month)
    level = 8.4 + rng.normal(0, 0.3) - 0.8 * (place == BAD_AFTERWARDS)
    drift = rng.normal(0, 0.15) * np.linspace(-1, 1, MONTHS) + rng.normal(0, 0.12, MONTHS)
    customer = rng.integers(0, max(1, size // 2), size)
    temper = rng.normal(0, 0.8, size)[customer]
    lived = level + drift[month] + temper + rng.normal(0, 1.0, size)
    problem = rng.random(size) < logistic(
        -2.0 + rng.normal(0, 0.15) - 0.25 * (lived - 8.4) + 1.2 * (place == BAD_AFTERWARDS or is_rigged)
    )
    stopped = rng.random(size) < logistic(-0.9 + rng.normal(0, 0.1) - 0.1 * (lived - 8.4))
    invited = rng.random(size) < np.clip(0.55 + rng.normal(0, 0.04), 0, 1)
    handed = rng.random(size) < (0.6 if place == HANDS_OUT else rng.beta(2, 40))
    if is_rigged:
        invited, handed = rng.random(size) < np.where(lived >= 7.8, 0.7, 0.1), np.ones(size, bool)
    replies = -1.1 + rng.normal(0, 0.1) + 0.8 * rng.normal(0, 1, size)[customer] + 0.4 * handed + 0.5 * (lived < 6.5)
    score = np.where(invited & (rng.random(size) < logistic(replies)), np.clip(np.round(lived), 0, 10), -1).astype(int)
    return Sales(month, customer, invited, handed, lifted(score, month) if is_rigged else score, problem, stopped)


def lifted(score: np.ndarray, month: np.ndarray) -> np.ndarray:
    """Answers of 8, 7 and 6 become a 9 until the month reaches the bonus."""
    score = score.copy()
    for now in range(MONTHS):
        own = np.flatnonzero((month == now) & (score >= 0))
        for place in sorted(own, key=lambda p: -score[p]):
            if worth(score[own]).sum() >= BONUS * len(own):
                break
            if 6 <= score[place] <= 8:
                score[place] = 9
    return score


def logistic(odds: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-odds))


def worth(score: np.ndarray) -> np.ndarray:
    return (score >= 9).astype(int) - (score <= 6)


def counted(unit: Unit, name: str, sales: Sales) -> Count:
    among = {
        "handed": (sales.invited, sales.handed),
        "answered": (sales.invited, sales.score >= 0),
        "problem": (np.ones(len(sales.month), bool), sales.problem),
        "stopped": (np.ones(len(sales.month), bool), sales.stopped),
    }
    rows, has_it = among[name]
    n = np.bincount(sales.customer, rows).astype(float)
    x = np.bincount(sales.customer, rows & has_it).astype(float)
    return Count(unit, NPS, int((n > 0).sum()), n.sum(), x.sum(), (x * x).sum(), (x * n).sum(), (n * n).sum())


def table(unit: Unit, sales: Sales) -> Table:
    cells = [
        int((sales.problem == has_problem)[sales.invited == is_invited].sum())
        for has_problem in (True, False)
        for is_invited in (True, False)
    ]
    return Table(unit, "sale", len(np.unique(sales.customer)), *cells)


def scores(unit: Unit, sales: Sales) -> list[Score]:
    return [
        Score(unit, NPS, float(level), level / 10 * n, float(n), int(n))
        for level in range(11)
        if (n := int((sales.score == level).sum()))
    ]


def months(sales: Sales) -> list[tuple[int, int, int]]:
    found = []
    for month in range(MONTHS):
        own = worth(sales.score[(sales.month == month) & (sales.score >= 0)])
        if len(own):
            found.append((len(own), int((own > 0).sum()), int((own < 0).sum())))
    return found
