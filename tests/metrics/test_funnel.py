"""Fair comparison of groups of different sizes: chance alone flags few, a real straggler is found."""

from datetime import date

import numpy as np
import pytest

from metrics.funnel import INNER, OUTER, funnel
from metrics.query import Measurement
from metrics.stats.intervals import wilson

PERIOD = {"metric": "promise_kept", "start": date(2025, 11, 1), "end": date(2026, 11, 1)}


def measured(kept: int, n: int, code: str = "") -> Measurement:
    interval = wilson(kept, n)
    group = (("store", code),) if code else ()
    return Measurement(group=group, value=kept / n, low=interval.low, high=interval.high, n=n, status="shown", **PERIOD)


def stores(shares, sizes, seed: int) -> tuple[Measurement, list[Measurement]]:
    kept = np.random.default_rng(seed).binomial(sizes, shares)
    groups = [measured(int(k), int(n), f"s{i}") for i, (k, n) in enumerate(zip(kept, sizes, strict=True))]
    return measured(int(kept.sum()), int(sum(sizes))), groups


def test_alike_stores_stay_inside_the_outer_limits_at_the_stated_rate():
    sizes = np.tile([60, 150, 400, 1000], 10)
    flagged = 0
    for seed in range(200):
        whole, groups = stores(np.full(40, 0.88), sizes, seed)
        flagged += len(funnel(whole, groups).outside)
    assert flagged / (200 * 40) < 0.006, "99.8 % limits: about 0.2 % of alike stores outside"


def test_stores_that_differ_anyway_are_no_news_and_one_unlike_them_all_is():
    """Variance between stores (standard deviation 0.03), which alone would put a quarter of large ones outside."""
    sizes, flagged, alone, found = np.tile([400, 1000, 2500], 10), 0, 0, 0
    for seed in range(150):
        shares = 0.85 + 0.03 * np.random.default_rng(1000 + seed).standard_normal(30)
        whole, groups = stores(shares, sizes, seed)
        seen = funnel(whole, groups)
        flagged += len(seen.outside)
        alone += sum(abs(g.value - whole.value) > OUTER * seen.spread / g.n**0.5 for g in groups)
        groups[4] = measured(int(0.68 * 1000), 1000, "bad")
        found += ("store", "bad") in [g.group[0] for g in funnel(whole, groups).outside]
    assert alone / (150 * 30) > 0.15
    assert flagged / (150 * 30) < 0.015
    assert found / 150 > 0.9


def test_a_store_that_really_strays_is_found_and_a_small_one_by_chance_is_not():
    whole = measured(8800, 10_000)
    groups = [measured(880, 1000, f"s{i}") for i in range(8)] + [measured(780, 1000, "bad"), measured(7, 10, "small")]
    assert [g.group for g in funnel(whole, groups).outside] == [(("store", "bad"),)]


def test_limits_narrow_with_the_root_of_the_size():
    whole = measured(880, 1000)
    found = funnel(whole, [measured(88, 100, f"s{i}") for i in range(6)])
    assert found.limit(400, INNER) == pytest.approx(found.limit(100, INNER) / 2)
    assert found.limit(100, OUTER) > found.limit(100, INNER)


def test_too_few_groups_or_no_value_of_the_whole_draw_no_funnel():
    groups = [measured(88, 100, f"s{i}") for i in range(4)]
    assert funnel(measured(880, 1000), groups) is None
    assert funnel(Measurement(group=(), status="private", **PERIOD), groups * 2) is None
