"""How far a questionnaire measures one thing, and how far the people of a team agree.

Cronbach 1951, Psychometrika 16(3); interval: Feldt 1965, Psychometrika 30(3). Intraclass correlations of a one-way
analysis of variance: Bliese 2000, in Klein & Kozlowski, Multilevel Theory, Research, and Methods in Organizations.
"""

from dataclasses import dataclass

import numpy as np

from metrics.stats.intervals import Estimate

LEAST_PEOPLE, LEAST_ITEMS = 10, 2


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha of the people who answered every item; `estimate` None where it cannot be computed."""

    estimate: Estimate | None
    n_items: int
    n_people: int


@dataclass(frozen=True)
class Agreement:
    """icc1: share of the variance that lies between groups; icc2: reliability of a group's mean; p of no difference."""

    icc1: float
    icc2: float
    p: float
    n_groups: int
    n_people: int


def cronbach_alpha(scores: np.ndarray) -> Alpha:
    """`scores`: one row a person, one column an item, high is good, nan where not answered (such people are left out).

    alpha = k / (k - 1) (1 - sum of the items' variances / variance of the sum).
    """
    whole = scores[~np.isnan(scores).any(axis=1)]
    people, items = whole.shape
    spread = whole.sum(axis=1).var(ddof=1) if people > 1 else 0.0
    if items < LEAST_ITEMS or people < LEAST_PEOPLE or spread == 0:
        return Alpha(None, items, people)
    alpha = items / (items - 1) * (1 - whole.var(axis=0, ddof=1).sum() / spread)
    return Alpha(feldt(alpha, items, people), items, people)


def feldt(alpha: float, items: int, people: int) -> Estimate:
    """(1 - alpha) / (1 - its estimate) follows F with n - 1 and (n - 1)(k - 1) degrees of freedom."""
    from scipy.special import fdtri

    degrees = people - 1, (people - 1) * (items - 1)
    low, high = (1 - (1 - alpha) * fdtri(*degrees, level) for level in (0.975, 0.025))
    return Estimate(float(alpha), float(low), float(high))


def agreement(scores: np.ndarray, groups: np.ndarray) -> Agreement | None:
    """Of people's scores by group; None with fewer than two groups or nobody beside another in any of them."""
    from scipy.special import fdtrc

    _, place, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    people, count = len(scores), len(sizes)
    if count < 2 or people <= count:
        return None
    means = np.bincount(place, scores) / sizes
    between = float((sizes * (means - scores.mean()) ** 2).sum()) / (count - 1)
    within = float(((scores - means[place]) ** 2).sum()) / (people - count)
    if within == 0:
        return None
    usual = (people - (sizes**2).sum() / people) / (count - 1)  # size of a group, corrected for unequal ones
    icc1 = (between - within) / (between + (usual - 1) * within)
    icc2 = 1 - within / between if between > 0 else 0.0
    return Agreement(icc1, icc2, float(fdtrc(count - 1, people - count, between / within)), count, people)
