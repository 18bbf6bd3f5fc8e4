"""Many comparisons at once."""

from collections.abc import Sequence


def benjamini_hochberg(p_values: Sequence[float], false_discovery: float = 0.05) -> tuple[bool, ...]:
    """Which tests to believe so that at most `false_discovery` of those believed are false, on average.

    Benjamini & Hochberg 1995 (JRSS B 57(1)), for independent or positively dependent tests.
    """
    m = len(p_values)
    limit = max((p for rank, p in enumerate(sorted(p_values), 1) if p <= false_discovery * rank / m), default=-1.0)
    return tuple(p <= limit for p in p_values)
