"""Tiles: colour by what is good, grey for noise, words for targets and for what cannot be shown."""

from datetime import date
from types import SimpleNamespace

import pytest

from metrics.query import Measurement
from pages.ui.kpi import notes, pill_of

PERIOD = {"group": (), "start": date(2025, 11, 1), "end": date(2026, 11, 1)}


def metric(unit="share", direction="up", never_good_alone=False):
    return SimpleNamespace(name="m", unit=unit, direction=direction, never_good_alone=never_good_alone)


def now(value=0.86, half=0.01, change=-0.06, is_signal=True, status="shown", **more):
    numbers = {
        "value": value,
        "low": value - half,
        "high": value + half,
        "n": 4961,
        "status": status,
        "before": value - (change or 0),
        "change": change,
        "is_signal": is_signal,
    }
    return Measurement("m", **(PERIOD | numbers | more))


@pytest.mark.parametrize(
    ("direction", "change", "tone", "arrow"),
    [
        ("up", 0.06, "green", "up"),
        ("up", -0.06, "red", "down"),
        ("down", 0.06, "red", "up"),
        ("down", -0.06, "green", "down"),
        ("none", 0.06, "gray", "up"),
    ],
)
def test_colour_follows_what_is_good_and_the_arrow_what_happened(direction, change, tone, arrow):
    pill = pill_of(metric(direction=direction), now(change=change), "en", "EUR")
    assert (pill.tone, pill.arrow) == (tone, arrow)


@pytest.mark.parametrize("is_signal", [False, None])
def test_a_change_that_is_not_beyond_noise_is_grey_words_without_a_number(is_signal):
    pill = pill_of(metric(), now(is_signal=is_signal), "en", "EUR")
    assert (pill.text, pill.tone, pill.arrow) == ("no clear change", "gray", "off")


def test_what_is_no_good_news_alone_is_never_green():
    good = pill_of(metric(never_good_alone=True), now(change=0.06), "en", "EUR")
    bad = pill_of(metric(never_good_alone=True), now(change=-0.06), "en", "EUR")
    assert (good.tone, good.meaning) == ("gray", "not good news alone")
    assert bad.tone == "red"


def test_colours_are_said_in_words_too():
    assert pill_of(metric(), now(change=0.06), "en", "EUR").meaning == "better"
    assert pill_of(metric(), now(change=-0.06), "fr", "EUR").meaning == "moins bien"


@pytest.mark.parametrize(
    ("unit", "value", "change", "text"),
    [
        ("money", 1100.0, 100.0, "+10.0%"),
        ("count", 900.0, -100.0, "−10.0%"),
        ("share", 0.86, -0.06, "−6.0\u00a0pts"),
        ("points", 19.0, -7.0, "−7.0\u00a0pts"),
    ],
)
def test_amounts_change_by_a_share_of_themselves_and_rates_by_points(unit, value, change, text):
    assert pill_of(metric(unit), now(value, change=change), "en", "EUR").text == text


def test_without_a_comparison_there_is_no_pill():
    assert pill_of(metric(), now(change=None, is_signal=None), "en", "EUR") is None


@pytest.mark.parametrize(
    ("direction", "target", "words"),
    [
        ("up", 0.80, "Target 80%: reached"),
        ("up", 0.95, "Target 95%: missed"),
        ("up", 0.865, "Target 86%: too close to tell"),
        ("down", 0.80, "Target 80%: missed"),
        ("down", 0.95, "Target 95%: reached"),
    ],
)
def test_a_target_is_reached_or_missed_only_with_the_whole_interval(direction, target, words):
    assert notes(metric(direction=direction), now(), "en", "EUR", target, 10)[1] == words


def test_every_number_shown_has_its_interval_and_n():
    assert notes(metric(), now(), "en", "EUR", None, 10) == ["85 to 87% · n\u00a0=\u00a04,961"]
    assert notes(metric(), now(), "fr", "EUR", None, 10) == ["85 à 87\u00a0% · n\u00a0=\u00a04\u202f961"]
    assert notes(metric("count"), now(4961, 100, n=4961), "en", "EUR", None, 10) == ["4,861 to 5,061"]
    counted = now(low=None, high=None)
    assert notes(metric(), counted, "en", "EUR", None, 10) == ["n\u00a0=\u00a04,961"]


def test_too_few_people_and_too_few_answers_look_different():
    private = Measurement("m", status="private", **PERIOD)
    unreliable = now(status="unreliable")
    assert pill_of(metric(), private, "en", "EUR") is None
    assert notes(metric(), private, "en", "EUR", 0.9, 10) == [
        "Hidden: it or a group beside it has fewer than 10 people"
    ]
    assert notes(metric(), unreliable, "en", "EUR", 0.9, 10)[1] == "Too few to tell"
    assert pill_of(metric(), unreliable, "en", "EUR") is None
