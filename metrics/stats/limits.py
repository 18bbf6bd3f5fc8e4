"""Signal or noise in a series of rates: Laney's p' chart, its limits frozen on the steps before those that are judged.

A plain p chart takes all the spread for chance of counting, and at thousands of answers a month calls every calm series
restless; Laney 2002 (Quality Engineering 14(4)) widens its limits by the spread really seen from step to step. Signals,
of the steps judged: one outside the limits, or eight in a row on one side of the centre (Montgomery 2013, ch. 5).
Steps hidden (n is 0) are passed over.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

FEWEST = 12  # steps that set limits; with fewer, all of them set them and nothing is called a signal
RUN = 8
SPREAD = 1.128  # mean moving range of two over their standard deviation


@dataclass(frozen=True)
class Limits:
    """A rate's centre; by step its limits (0 to 1) and 'high', 'low' or ''. `is_provisional`: too few to judge."""

    centre: float
    low: tuple[float, ...]
    high: tuple[float, ...]
    signals: tuple[str, ...]
    is_provisional: bool


def laney(counts: Sequence[float], n: Sequence[float], judged: Sequence[bool]) -> Limits | None:
    """Limits of counts / n from the steps that are not judged; None without two steps of anything."""
    counts, n, judged = np.asarray(counts, float), np.asarray(n, float), np.asarray(judged, bool)
    known = n > 0
    base = known & ~judged
    is_provisional = base.sum() < FEWEST
    base = known if is_provisional else base
    if base.sum() < 2:
        return None
    centre = counts[base].sum() / n[base].sum()
    by_chance = np.sqrt(np.divide(centre * (1 - centre), n, out=np.full(len(n), np.nan), where=known))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (np.divide(counts, n, out=np.full(len(n), np.nan), where=known) - centre) / by_chance
    moves = np.abs(np.diff(z[base]))
    widened = max(1.0, float(moves.mean()) / SPREAD) if np.isfinite(moves).all() else 1.0
    half = 3 * widened * by_chance
    found = [""] * len(n) if is_provisional else signals(z / widened, judged & known)
    low, high = (tuple(np.clip(centre + sign * half, 0, 1).tolist()) for sign in (-1, 1))
    return Limits(float(centre), low, high, tuple(found), bool(is_provisional))


def signals(z: np.ndarray, judged: np.ndarray) -> list[str]:
    """Of standardised steps: outside 3, or the last of eight in a row on one side."""
    found, run, side = [], 0, 0.0
    for value, is_judged in zip(z, judged, strict=True):
        if not is_judged:
            found.append("")
            continue
        run = run + 1 if np.sign(value) == side else 1
        side = np.sign(value)
        is_signal = abs(value) > 3 or (run >= RUN and side != 0)
        found.append(("high" if side > 0 else "low") if is_signal else "")
    return found
