"""Many comparisons at once, against the example of the paper."""

import numpy as np
import pytest

from metrics.stats.multiple import apart, benjamini_hochberg, holm

KNOWN = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590]
PAPER = [*KNOWN, 1.0]


def test_the_example_of_benjamini_and_hochberg_1995_keeps_four():
    """Section 3.2: fifteen comparisons of two treatments of heart attacks; Bonferroni keeps three."""
    assert benjamini_hochberg(PAPER) == (True,) * 4 + (False,) * 11
    assert sum(p <= 0.05 / 15 for p in PAPER) == 3


def test_the_order_of_the_tests_does_not_matter():
    shuffled = [5, 0, 14, 3, 9, 1, 2, 4, 6, 7, 8, 10, 11, 12, 13]
    kept = benjamini_hochberg([PAPER[i] for i in shuffled])
    assert {i for i, ok in zip(shuffled, kept, strict=True) if ok} == {0, 1, 2, 3}


def test_a_large_p_value_is_kept_when_a_larger_one_passes_its_rank():
    assert benjamini_hochberg([0.03, 0.05]) == (True, True)


def test_nothing_to_test_is_nothing():
    assert benjamini_hochberg([]) == ()


def test_of_nothing_but_noise_something_is_believed_one_time_in_twenty():
    draws = np.random.default_rng(6).uniform(size=(2000, 30))
    assert np.mean([any(benjamini_hochberg(list(row))) for row in draws]) < 0.065


def test_holm_steps_down_from_the_smallest_and_never_falls():
    """Worked by hand: 4 x 0.005, then 3 x 0.01, then 2 x 0.03, and the last no less than the one before."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == (0.03, 0.06, 0.06, 0.02)
    assert holm([0.6, 0.7]) == (1.0, 1.0)
    assert holm([]) == ()


def test_a_group_is_apart_from_the_others_by_the_errors_of_both():
    value, error = apart(np.array([1.0, 0.0, 0.4]), np.array([0.3, 0.4, 0.1]), np.array([10, 30, 10]))
    assert value == pytest.approx([0.9, -0.7, 0.15])
    assert error[0] == pytest.approx(np.sqrt(0.09 + (0.75 * 0.4) ** 2 + (0.25 * 0.1) ** 2))
