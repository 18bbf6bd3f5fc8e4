"""Bins of the histograms that quantiles are read from: whole numbers below 64 exactly, then 2 % wide."""

EVEN_BINS, RATIO = 64, 1.02


def bin_sql(value: str) -> str:
    """Histogram bin of a number: one a unit below 64 (whole numbers exactly), then 2 % wide; negative ones alike."""
    size = f"abs({value})"
    return (
        f"cast(sign({value}) * case when {size} < {EVEN_BINS} then floor({size}) "
        f"else {EVEN_BINS} + floor(ln({size} / {float(EVEN_BINS)}) / ln({RATIO})) end as integer)"
    )


def bin_edges(number: int) -> tuple[float, float]:
    """Smallest and largest value of a bin; a bin of one whole number is that number."""
    size, sign = abs(number), -1 if number < 0 else 1
    if size < EVEN_BINS:
        return float(number), float(number)
    low, high = (sign * EVEN_BINS * RATIO ** (size - EVEN_BINS + step) for step in (0, 1))
    return min(low, high), max(low, high)
