"""Is a unit unlike the others of its kind? One-sided, against units that differ among themselves.

What chance alone explains is an exact tail (binomial, or Fisher's noncentral hypergeometric for two shares), so that
few events promise nothing; it is then widened by how much honest units differ anyway: the additive variance between
units of Spiegelhalter 2005 (Statistics in Medicine 24(8)), estimated by DerSimonian & Laird 1986 on values cut at the
tenths, so that a unit that is not honest widens little. Student's t, since few units estimate that variance.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from metrics.stats.spread import between

LEAST_UNITS = 8
AROUND = 6  # months on each side
FARTHEST = 38.0  # beyond it a normal tail is 0 in a double


@dataclass(frozen=True)
class Judged:
    """One unit in one signal: how far beyond the others (in standard deviations), and the chance of that much."""

    distance: float
    p: float


def unlike(excess: np.ndarray, error: np.ndarray, tail: np.ndarray) -> list[Judged]:
    """Units of one kind. excess: observed less expected; error: its deviation by chance; tail: the exact chance of it.

    Fewer than LEAST_UNITS cannot say how much honest ones differ: nothing is found unlike.
    """
    if len(excess) < LEAST_UNITS:
        return [Judged(0.0, 1.0)] * len(excess)
    exact = normal_distance(tail)
    distance = exact * error / np.sqrt(error**2 + between(excess, error))
    return [Judged(float(d), float(p)) for d, p in zip(distance, stats.t.sf(distance, len(excess) - 1), strict=True)]


def normal_distance(tail: np.ndarray | float) -> np.ndarray:
    """How many standard deviations beyond the mean a normal law leaves such a tail."""
    return np.clip(stats.norm.isf(np.clip(tail, 1e-300, 1)), -FARTHEST, FARTHEST)


def share_tail(x: float, n: float, expected: float) -> float:
    """Chance of x or more of n with the expected share, half of the chance of exactly x (mid-p).

    Effective numbers of clustered rows are not whole: the binomial tail as an incomplete beta function.
    """
    at_least = special.betainc(x, n - x + 1, expected) if x > 0 else 1.0
    more = special.betainc(x + 1, n - x, expected) if x < n else 0.0
    return float(at_least + more) / 2


def fewer_tail(among: int, drawn: int, marked: int, n: int, odds: float) -> tuple[float, float, float]:
    """Chance of `among` or fewer marked ones among `drawn` of n, of which `marked` are; the odds differ by `odds`.

    Fisher's noncentral hypergeometric law, half of the chance of exactly `among`; its mean and standard deviation.
    """
    k = np.arange(max(0, drawn + marked - n), min(drawn, marked) + 1)
    log = k * np.log(odds) - special.gammaln(k + 1) - special.gammaln(marked - k + 1)
    log = log - special.gammaln(drawn - k + 1) - special.gammaln(n - marked - drawn + k + 1)
    law = np.exp(log - log.max())
    law = law / law.sum()
    mean = float(law @ k)
    return float(law[k < among].sum() + law[k == among].sum() / 2), mean, float(law @ (k - mean) ** 2) ** 0.5


def pooled_odds(tables: Sequence[tuple[float, float, float, float]]) -> float:
    """Odds ratio over 2 x 2 tables (a, b, c, d), each with its own level: Mantel & Haenszel 1959."""
    over = sum(a * d / (a + b + c + d) for a, b, c, d in tables)
    under = sum(b * c / (a + b + c + d) for a, b, c, d in tables)
    return over / under if over and under else 1.0


@dataclass(frozen=True)
class Near:
    """Months beside a threshold: those that reach it and would not with one good answer less, and those that miss it
    and would reach it with one more; what is expected of each, and the chance of so many more of the former."""

    enough: int
    missed: int
    expected_enough: float
    expected_missed: float
    error: float
    tail: float


def near(scores: Sequence[tuple[int, int, int]], least: float) -> Near:
    """Months (n, up, down) of answers worth 1 (up), -1 (down) or 0, and a threshold of their mean on the same scale.

    Expected: a month of n answers drawn from the unit's own shares, those of all its months or those of the months
    around it, whichever makes it likelier to reach the threshold than to miss it.
    """
    counts = np.array(scores, dtype=float)
    net, goal = counts[:, 1] - counts[:, 2], np.ceil(least * counts[:, 0] - 1e-9).astype(int)
    law, chances = np.ones(1), []
    for place, n in enumerate(counts[:, 0]):
        around = counts[max(0, place - AROUND) : place + AROUND + 1].sum(axis=0)
        both = [
            tuple(net_chance(int(n), s[1] / s[0], s[2] / s[0], goal[place] - short) for short in (0, 1))
            for s in (counts.sum(axis=0), around)
        ]
        enough, missed = max(both, key=lambda pair: pair[0] - pair[1])
        chances.append((enough, missed))
        law = np.convolve(law, [missed, 1 - enough - missed, enough])
    table = np.array(chances)
    hits, misses = int((net == goal).sum()), int((net == goal - 1).sum())
    mean = table[:, 0] - table[:, 1]
    error = float(np.sqrt((table.sum(axis=1) - mean**2).sum()))
    more = law[len(counts) + hits - misses + 1 :].sum() + law[len(counts) + hits - misses] / 2
    return Near(hits, misses, float(table[:, 0].sum()), float(table[:, 1].sum()), error, float(more))


def net_chance(n: int, up: float, down: float, net: int) -> float:
    """Chance that n answers, each up, down or neither, come to `net` up less down (trinomial)."""
    ups = np.arange(max(0, net), n + 1)
    ups = ups[2 * ups - net <= n]
    counts = np.stack([ups, ups - net, n - 2 * ups + net])
    shares = np.array([[up], [down], [max(0.0, 1 - up - down)]])
    log = special.gammaln(n + 1) + (special.xlogy(counts, shares) - special.gammaln(counts + 1)).sum(axis=0)
    return float(np.exp(log).sum())


def tilted(pooled: np.ndarray, values: np.ndarray, mean: float) -> np.ndarray:
    """The pooled shares tilted (exponentially) to another mean: the nearest shares with it in information."""
    lean = 0.0
    for _ in range(60):
        shares = pooled * np.exp(lean * (values - values.mean()))
        shares = shares / shares.sum()
        now = shares @ values
        step = (mean - now) / max(shares @ values**2 - now**2, 1e-9)
        lean += float(np.clip(step, -0.5, 0.5))
        if abs(step) < 1e-10:
            break
    return shares


def shape_tails(chi2: np.ndarray, n: np.ndarray, degrees: int) -> np.ndarray:
    """Chance of such a distance of shape; `n` times the distance that half of the units have anyway is allowed."""
    usual = max(0.0, float(np.median((chi2 - degrees) / n)))
    return stats.ncx2.sf(chi2, degrees, n * usual) if usual else stats.chi2.sf(chi2, degrees)
