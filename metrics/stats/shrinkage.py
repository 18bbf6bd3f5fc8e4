"""True values of many groups from their noisy measures: each is drawn towards the others by as much as noise deserves.

The normal hierarchical model with a flat prior on the spread between groups, by draws: Gelman, Carlin, Stern, Dunson,
Vehtari & Rubin 2013, Bayesian Data Analysis (3rd ed.), 5.4. What is most extreme of many is extreme by luck too; drawn
values are not, so they can be ranked (and how often each comes first can be counted).
"""

import numpy as np

DRAWS = 4_000
STEPS = 200  # of the grid of spreads
WIDEST = 4.0  # of the grid, in standard deviations of the measures
SEED = 23


def draws_of(values: np.ndarray, errors: np.ndarray) -> np.ndarray:
    """(DRAWS, groups): draws of all true values at once. `errors`: standard errors, above 0; two groups at least."""
    rng = np.random.default_rng(SEED)
    variances = errors**2
    widest = WIDEST * max(float(values.std()), float(errors.min()))
    spreads = (np.arange(STEPS) + 0.5) / STEPS * widest
    total = variances + spreads[:, None] ** 2
    precision = (1 / total).sum(axis=1)
    middle = (values / total).sum(axis=1) / precision
    score = -0.5 * (
        np.log(precision) + np.log(total).sum(axis=1) + ((values - middle[:, None]) ** 2 / total).sum(axis=1)
    )
    weights = np.exp(score - score.max())
    chosen = rng.choice(STEPS, DRAWS, p=weights / weights.sum())
    centre = middle[chosen] + rng.standard_normal(DRAWS) / np.sqrt(precision[chosen])
    between = spreads[chosen, None] ** 2
    share = between / (between + variances)
    spread = np.sqrt(share * variances)
    return centre[:, None] + share * (values - centre[:, None]) + spread * rng.standard_normal((DRAWS, len(values)))
