"""The figures inside results, told apart by name between two snapshots."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from metrics.leaves import compared, leaves, measurements
from metrics.query import Measurement

NPS = Measurement("nps", (), date(2026, 1, 1), date(2026, 2, 1), value=12.0)


@dataclass(frozen=True)
class Tier:
    code: str
    value: float
    words: str = "said by somebody"


@dataclass(frozen=True)
class Result:
    tiers: tuple[Tier, ...]
    rest: object = None


def test_records_are_told_by_their_code_whatever_their_order():
    then, now = Result((Tier("small", 1.0), Tier("top", 2.0))), Result((Tier("top", 2.0), Tier("small", 1.5)))
    found = compared(Result, then, now)
    assert found.moved == (("tiers.small.value", 1.0, 1.5),)
    assert found.total == 3


def test_a_record_that_only_one_of_them_has_is_among_those_that_moved():
    found = compared(Result, Result(()), Result((Tier("top", 2.0),)))
    assert found.moved == (("tiers.top.value", None, 2.0),)


def test_no_text_leaves_neither_as_a_figure_nor_as_a_name():
    words = Tier("Never again, says Anna", 1.0)
    assert dict(leaves(Result((words,)))) == {"tiers.0.value": 1.0, "rest": None}


def test_sums_in_another_order_are_the_same_and_nothing_is_nothing():
    then, now = Result((), [8.38687634946869, float("nan")]), Result((), [8.38687634946868, None])
    assert compared(Result, then, now).moved == ()


def test_measurements_are_told_as_numbers_and_not_twice():
    result = Result((), {"a": [NPS], "b": np.array([1, 2])})
    assert list(measurements(result)) == [NPS]
    assert dict(leaves(result)) == {"rest.b.0": 1, "rest.b.1": 2}
