"""Numbers and dates as people write them, in both languages."""

from datetime import date, datetime

import pytest

from metrics.selection import Period
from pages.ui import formats

NBSP, NARROW, MINUS = "\u00a0", "\u202f", "\u2212"


@pytest.mark.parametrize(
    ("value", "unit", "english", "french"),
    [
        (19.4, "points", "+19", "+19"),
        (-7.2, "points", f"{MINUS}7", f"{MINUS}7"),
        (-0.2, "points", "0", "0"),
        (0.234, "share", "23%", f"23{NBSP}%"),
        (0.0434, "share", "4.3%", f"4,3{NBSP}%"),
        (0.0, "share", "0%", f"0{NBSP}%"),
        (14_230_000, "money", "€14.2M", f"14,2{NBSP}M€"),
        (999_999, "money", "€1M", f"1{NBSP}M€"),
        (9_999.4, "money", "€9,999", f"9{NARROW}999{NBSP}€"),
        (83.5, "money", "€83.50", f"83,50{NBSP}€"),
        (208.04, "money", "€208", f"208{NBSP}€"),
        (18_412, "count", "18,412", f"18{NARROW}412"),
        (45, "seconds", f"45{NBSP}s", f"45{NBSP}s"),
        (312, "seconds", f"5{NBSP}min{NBSP}12{NBSP}s", f"5{NBSP}min{NBSP}12{NBSP}s"),
        (-48, "seconds", f"{MINUS}48{NBSP}s", f"{MINUS}48{NBSP}s"),
        (7_261, "seconds", f"2{NBSP}h{NBSP}1{NBSP}min", f"2{NBSP}h{NBSP}1{NBSP}min"),
        (2.34, "days", f"2.3{NBSP}d", f"2,3{NBSP}j"),
        (4.267, "score", "4.27", "4,27"),
        (None, "share", "–", "–"),
    ],
)
def test_a_value_in_its_unit(value, unit, english, french):
    assert formats.amount(value, unit, "en") == english
    assert formats.amount(value, unit, "fr") == french


@pytest.mark.parametrize(
    ("value", "unit", "french"),
    [
        (-0.062, "share", f"{MINUS}6,2{NBSP}pts"),
        (0.1, "points", f"+0,1{NBSP}pt"),
        (0.0, "share", f"0,0{NBSP}pt"),
        (1200, "count", f"+1{NARROW}200"),
        (-48.2, "seconds", f"{MINUS}48{NBSP}s"),
    ],
)
def test_a_change_carries_its_sign_and_a_share_changes_by_points(value, unit, french):
    assert formats.change(value, unit, "fr") == french


@pytest.mark.parametrize(
    ("low", "high", "unit", "english", "french"),
    [
        (0.56, 0.67, "share", ("56", "67%"), ("56", f"67{NBSP}%")),
        (1_280_000, 1_440_000, "money", ("€1.28M", "€1.44M"), ("1,28", f"1,44{NBSP}M€")),
        (999_000, 1_440_000, "money", ("€999K", "€1.44M"), (f"999{NBSP}k€", f"1,44{NBSP}M€")),
        (0.8781, 0.8836, "share", ("87.8", "88.4%"), ("87,8", f"88,4{NBSP}%")),
        (191, 195, "money", ("€191", "195"), ("191", f"195{NBSP}€")),
        (-10, -5, "points", (f"{MINUS}10", f"{MINUS}5"), (f"{MINUS}10", f"{MINUS}5")),
        (-1e6, -5e5, "money", (f"{MINUS}€1M", f"{MINUS}€500K"), (f"{MINUS}1{NBSP}M€", f"{MINUS}500{NBSP}k€")),
        (17.2, 27.3, "points", ("+17", "+27"), ("+17", "+27")),
        (-0.02, 0.05, "share", (f"{MINUS}2.0%", "5.0%"), (f"{MINUS}2,0{NBSP}%", f"5,0{NBSP}%")),
        (45, 50, "seconds", (f"45{NBSP}s", f"50{NBSP}s"), (f"45{NBSP}s", f"50{NBSP}s")),
    ],
)
def test_the_unit_of_an_interval_is_written_once(low, high, unit, english, french):
    assert formats.ends(low, high, unit, "en") == english
    assert formats.ends(low, high, unit, "fr") == french


def test_a_period_of_whole_months_is_named_by_months_and_another_by_days():
    assert formats.period(Period(date(2025, 11, 1), date(2026, 11, 1)), "en") == "Nov 2025 – Oct 2026"
    assert formats.period(Period(date(2026, 10, 1), date(2026, 11, 1)), "fr") == "oct. 2026"
    assert formats.period(Period(date(2026, 10, 1), date(2026, 10, 15)), "en") == "1 Oct 2026 – 14 Oct 2026"


def test_the_first_of_a_month_is_its_1er_in_french_alone():
    assert formats.day(date(2026, 11, 1), "fr") == "1er nov. 2026"
    assert formats.day(date(2026, 11, 2), "fr") == "2 nov. 2026"
    assert formats.day(date(2026, 11, 1), "en") == "1 Nov 2026"


def test_a_moment_has_its_hour():
    assert formats.moment(datetime(2026, 11, 14, 6, 10), "fr") == "14 nov. 2026, 06:10"


def test_no_number_breaks_over_two_lines():
    for lang in ("fr", "en"):
        texts = [formats.amount(v, u, lang) for v in (-1234567.8, 0.05) for u in ("money", "share", "count", "seconds")]
        assert not any(" " in text or "-" in text for text in texts)


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (1.0, ">99%", f">99{NBSP}%"),
        (0.9951, ">99%", f">99{NBSP}%"),
        (0.994, "99%", f"99{NBSP}%"),
        (0.0, "<1%", f"<1{NBSP}%"),
    ],
)
def test_a_probability_is_never_certain(value, english, french):
    assert [formats.probability(value, lang) for lang in ("en", "fr")] == [english, french]


def test_a_moment_of_utc_is_told_in_the_companys_time_zone_summer_and_winter():
    assert formats.local(datetime(2026, 11, 28, 15, 53), "Europe/Paris") == datetime(2026, 11, 28, 16, 53)
    assert formats.local(datetime(2026, 7, 1, 23, 30), "Europe/Paris") == datetime(2026, 7, 2, 1, 30)
    assert formats.local(None, "Europe/Paris") is None
