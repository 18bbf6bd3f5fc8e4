"""Small vectorised draws that the whole simulation uses."""

import numpy as np

Rng = np.random.Generator
NAT = np.datetime64("NaT")


def chosen(rng: Rng, shares: np.ndarray, size: int | None = None) -> np.ndarray:
    """Positions drawn by shares: one row of shares for all (`size` draws), or a row of its own for each draw."""
    shares = np.asarray(shares, dtype=float)
    if shares.ndim == 1:
        return np.searchsorted(np.cumsum(shares / shares.sum())[:-1], rng.random(size), side="right")
    upto = np.cumsum(shares, axis=1)
    return (rng.random(len(shares))[:, None] * upto[:, -1:] >= upto[:, :-1]).sum(axis=1)


def happens(rng: Rng, probability: np.ndarray | float, size: int | None = None) -> np.ndarray:
    return rng.random(size if size is not None else len(probability)) < probability


def at_daytime(rng: Rng, days: np.ndarray, opens: float = 8.0, closes: float = 20.0) -> np.ndarray:
    """Moments on these days between two hours of the day, more of them in the late morning; to the second."""
    share = rng.beta(1.7, 2.0, len(days))
    seconds = ((opens + (closes - opens) * share) * 3600).astype("timedelta64[s]")
    return days.astype("datetime64[D]").astype("datetime64[s]") + seconds


def days_after(rng: Rng, days: np.ndarray, low: int, high: int) -> np.ndarray:
    """Days `low` to `high` (included) later."""
    return days.astype("datetime64[D]") + rng.integers(low, high + 1, len(days)).astype("timedelta64[D]")


def where_time(keep: np.ndarray, moments: np.ndarray) -> np.ndarray:
    """The moments that are kept, and no moment elsewhere."""
    return np.where(keep, moments, NAT.astype(moments.dtype))
