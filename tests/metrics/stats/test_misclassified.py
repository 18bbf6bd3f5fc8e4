"""Shares corrected for misreading: exact where errors are known exactly, and intervals that hold the truth."""

import numpy as np
import pytest

from metrics.stats.misclassified import corrected

ERRORS = np.array([[0.85, 0.10, 0.05], [0.25, 0.65, 0.10], [0.05, 0.25, 0.70]])
TRUE = np.array([0.2, 0.5, 0.3])


def test_two_classes_are_the_estimate_of_rogan_and_gladen():
    labelled = np.array([[9_000_000.0, 1_000_000.0], [2_000_000.0, 8_000_000.0]])
    found = corrected(np.array([440_000.0, 560_000.0]), labelled)
    assert found[0].value == pytest.approx((0.44 + 0.8 - 1) / (0.9 + 0.8 - 1), abs=1e-3)


def test_the_interval_holds_the_truth_and_what_was_read_does_not():
    rng = np.random.default_rng(8)
    held, naive = [], []
    for _ in range(150):
        labelled = np.array([rng.multinomial(300, row) for row in ERRORS]).astype(float)
        read = rng.multinomial(2000, TRUE @ ERRORS).astype(float)
        found = corrected(read, labelled)
        held.append([e.low <= true <= e.high for e, true in zip(found, TRUE, strict=True)])
        naive.append(abs(read / 2000 - TRUE).max() > 0.05)
    assert np.mean(held) >= 0.90
    assert np.mean(naive) > 0.9


def test_a_class_that_nobody_labelled_has_no_estimate():
    labelled = np.array([[90.0, 10.0, 5.0], [10.0, 90.0, 5.0], [0.0, 1.0, 0.0]])
    found = corrected(np.array([50.0, 50.0, 6.0]), labelled)
    assert found[2].value is None
    assert found[0].value + found[1].value == pytest.approx(1)
