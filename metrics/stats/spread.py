"""How much units of one kind differ among themselves, beyond chance.

The additive variance between units of Spiegelhalter 2005 (Statistics in Medicine 24(8)), estimated by DerSimonian &
Laird 1986 on values cut at the tenths, so that a unit that is unlike the others widens little.
"""

import numpy as np

CUT = 0.1


def between(excess: np.ndarray, error: np.ndarray) -> float:
    """Variance between units beyond chance, never below 0. excess: observed less expected; error: its deviation."""
    z = excess / error
    held = np.clip(z, *np.quantile(z, [CUT, 1 - CUT])) * error
    w = 1 / error**2
    spread = (w * (held - np.average(held, weights=w)) ** 2).sum() - (len(excess) - 1)
    return max(0.0, float(spread / (w.sum() - (w**2).sum() / w.sum())))
