"""Shares of classes read by a reader who errs, corrected by how it erred on labelled texts.

What is read is what is true, passed through the errors: found = true x P(found | true). The true shares that make what
was found most likely are got by expectation maximisation (Saerens, Latinne & Decaestecker 2002, Neural Computation 14),
for two classes the estimate of Rogan & Gladen 1978. It holds as far as the reader errs on these texts as on the
labelled ones. The interval takes in both chances: which texts were written, and which were labelled.
"""

import numpy as np

from metrics.stats.intervals import Estimate

DRAWS = 100
STEPS = 100
LEAST = 5  # labelled texts of a class, below which nothing is said of its share
SEED = 7
PRIOR = 0.5  # added to every cell of the labelled counts (Jeffreys), so that what was not seen is not impossible


def corrected(found: np.ndarray, labelled: np.ndarray) -> list[Estimate]:
    """Shares with 95 % intervals. found: texts by class read (K,); labelled: by true class and class read (K, K).

    A class of fewer than LEAST labelled texts is taken to have no texts, and has no estimate.
    """
    known = labelled.sum(axis=1) >= LEAST
    estimates = iter(among(found, labelled[known]))
    return [next(estimates) if is_known else Estimate(None) for is_known in known]


def among(found: np.ndarray, labelled: np.ndarray) -> list[Estimate]:
    """The same over the known classes only: labelled (known, K)."""
    rng = np.random.default_rng(SEED)
    whole = int(found.sum())
    value = true_shares(found[None] / whole, rates(labelled)[None])[0]
    errors = rng.gamma(np.broadcast_to(labelled + PRIOR, (DRAWS, *labelled.shape)))
    errors /= errors.sum(axis=2, keepdims=True)
    written = rng.multinomial(whole, found / whole, DRAWS) / whole
    drawn = true_shares(written, errors)
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    return [Estimate(float(v), float(min(a, v)), float(max(b, v))) for v, a, b in zip(value, low, high, strict=True)]


def rates(labelled: np.ndarray) -> np.ndarray:
    """P(read | true), rows add up to 1."""
    counts = labelled + PRIOR
    return counts / counts.sum(axis=1, keepdims=True)


def true_shares(found: np.ndarray, errors: np.ndarray) -> np.ndarray:
    """Most likely true shares (draws, K) of what was found (draws, K), with errors (draws, true K, read K)."""
    shares = np.full(errors.shape[:2], 1 / errors.shape[1])
    for _ in range(STEPS):
        joint = shares[:, :, None] * errors
        shares = (joint / joint.sum(axis=1, keepdims=True) * found[:, None, :]).sum(axis=2)
    return shares
