"""Numbers, dates and money as a person reads them, in French and in English; every unit of the catalogue once.

`unit` is a metric's: points, share (0 to 1), money, count, seconds, days or score. None is written as a dash.
What was written once is kept: a page writes hundreds of numbers at every run, mostly those of the run before.
"""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_compact_currency, format_currency, format_decimal, format_percent

from metrics.selection import Period

kept = lru_cache(maxsize=20_000)
NOTHING = "–"
MINUS = "\u2212"
NARROW, UNBROKEN = "\u202f", "\u00a0"
COMPACT_FROM = 10_000
AROUND = re.compile(r"(?P<head>\D*).*?(?P<tail>\D*)$")  # what stands before the first and after the last digit
DECIMALS = {"points": 0, "count": 0, "days": 1, "score": 2, "level": 1}


@kept
def number(value: float | None, lang: str, decimals: int = 0) -> str:
    """1 234,5 in French, 1,234.5 in English; what rounds to zero has no sign."""
    if value is None:
        return NOTHING
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return signless_zero(typeset(format_decimal(value, format=pattern, locale=lang)))


def plain_number(value: float) -> str:
    """As it is typed: no mark of thousands, a decimal point, no needless zeros."""
    return f"{value:.10g}"


@kept
def share(value: float | None, lang: str, decimals: int | None = None) -> str:
    """A share of 0 to 1 as a percentage; one decimal below 10 % unless told otherwise."""
    if value is None:
        return NOTHING
    places = decimals if decimals is not None else (1 if abs(value) < 0.0995 and value else 0)
    pattern = "#,##0" + ("." + "0" * places if places else "") + (f"{UNBROKEN}%" if lang == "fr" else "%")
    return signless_zero(typeset(format_percent(value, format=pattern, locale=lang)))


def probability(value: float | None, lang: str) -> str:
    """In whole percent; above 99.5 % or below 0.5 % only that: some draws cannot tell more."""
    if value is None:
        return NOTHING
    return (
        f">{share(0.99, lang)}"
        if value > 0.995
        else f"<{share(0.01, lang, 0)}"
        if value < 0.005
        else share(value, lang, 0)
    )


@kept
def money(value: float | None, lang: str, currency: str) -> str:
    """Whole units up to 10,000 (cents below 100), then three figures and thousands, millions or billions."""
    if value is None:
        return NOTHING
    if abs(value) < COMPACT_FROM:
        decimals = 0 if abs(value) >= 100 or value == round(value) else 2
        pattern = "¤#,##0" if lang == "en" else f"#,##0{UNBROKEN}¤"
        if decimals:
            pattern = pattern.replace("#,##0", "#,##0.00")
        return typeset(format_currency(value, currency, format=pattern, locale=lang, currency_digits=False))
    rounded = float(f"{value:.3g}")
    decimals = {1: 2, 2: 1, 0: 0}[len(f"{abs(rounded):.0f}") % 3]
    text = typeset(format_compact_currency(rounded, currency, locale=lang, fraction_digits=decimals))
    return re.sub(r"(k|M|Md)\u00a0", r"\1", text) if lang == "fr" else text


def duration(seconds: float | None, lang: str) -> str:
    """Seconds as s, min and s, or h and min."""
    if seconds is None:
        return NOTHING
    sign, whole = (MINUS if round(seconds) < 0 else ""), abs(round(seconds))
    if whole < 60:
        return f"{sign}{whole}{UNBROKEN}s"
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        return f"{sign}{minutes}{UNBROKEN}min" + (f"{UNBROKEN}{rest}{UNBROKEN}s" if rest else "")
    hours, rest = divmod(round(whole / 60), 60)
    return f"{sign}{number(hours, lang)}{UNBROKEN}h" + (f"{UNBROKEN}{rest}{UNBROKEN}min" if rest else "")


def size(octets: int, lang: str) -> str:
    """A file's size in kilobytes or megabytes (octets in French), powers of ten."""
    letter = "o" if lang == "fr" else "B"
    if octets < 1_000_000:
        return f"{number(octets / 1e3, lang)}{UNBROKEN}k{letter}"
    return f"{number(octets / 1e6, lang, 1)}{UNBROKEN}M{letter}"


def amount(value: float | None, unit: str, lang: str, currency: str = "EUR", decimals: int | None = None) -> str:
    """A value in the unit of its metric. Points carry their sign, since they run from -100 to 100."""
    if value is None:
        return NOTHING
    if unit == "share":
        return share(value, lang, decimals)
    if unit == "money":
        return money(value, lang, currency)
    if unit == "seconds":
        return duration(value, lang)
    text = number(value, lang, DECIMALS[unit] if decimals is None else decimals)
    if unit == "days":
        return f"{text}{UNBROKEN}{'j' if lang == 'fr' else 'd'}"
    return plus(text) if unit == "points" else text


def change(value: float | None, unit: str, lang: str, currency: str = "EUR") -> str:
    """A difference between two values, always signed; a difference of shares is in percentage points, one decimal."""
    if value is None:
        return NOTHING
    if unit == "share":
        return points(value * 100, lang)
    if unit == "points":
        return points(value, lang)
    return plus(amount(value, unit, lang, currency))


def change_ends(low: float | None, high: float | None, unit: str, lang: str, currency: str = "EUR") -> tuple[str, str]:
    """Both ends of the interval of a difference, signed; points without their unit, which the value before carries."""
    if unit in ("share", "points") and None not in (low, high):
        scale = 100 if unit == "share" else 1
        return plus(number(low * scale, lang, 1)), plus(number(high * scale, lang, 1))
    return change(low, unit, lang, currency), change(high, unit, lang, currency)


def points(value: float, lang: str, decimals: int = 1) -> str:
    """A difference in points, signed; in French the plural begins at 2."""
    is_one = abs(round(value, decimals)) < 2 if lang == "fr" else abs(round(value, decimals)) == 1
    return f"{plus(number(value, lang, decimals))}{UNBROKEN}{'pt' if is_one else 'pts'}"


def ends(low: float | None, high: float | None, unit: str, lang: str, currency: str = "EUR") -> tuple[str, str]:
    """Both ends of an interval, told apart where they can be; what both carry is written once: 56 to 67%."""
    first, second = amount(low, unit, lang, currency), amount(high, unit, lang, currency)
    if first == second and unit == "share":
        first, second = share(low, lang, 1), share(high, lang, 1)
    if unit == "seconds" or NOTHING in (first, second):
        return first, second
    before, after = AROUND.match(first), AROUND.match(second)
    if unit == "money" and before["head"].lstrip(MINUS) and before["tail"]:
        return first, second  # "€220 to 251K" would be 220 euros
    if before["head"] != after["head"] or before["tail"] != after["tail"]:
        return first, second
    return first.removesuffix(before["tail"]), second.removeprefix(after["head"].lstrip(f"+{MINUS}"))


def relative(value: float | None, lang: str) -> str:
    """A change as a share of the former value, signed, one decimal."""
    return NOTHING if value is None else plus(share(value, lang, 1))


@kept
def day(value: date | datetime | None, lang: str) -> str:
    """14 Nov 2026; in French the first of a month is its 1er."""
    if value is None:
        return NOTHING
    return format_date(value, format="d'er' MMM y" if lang == "fr" and value.day == 1 else "d MMM y", locale=lang)


@kept
def month(value: date | None, lang: str) -> str:
    return NOTHING if value is None else format_date(value, format="MMM y", locale=lang)


@kept
def month_name(value: date | None, lang: str) -> str:
    """October 2026: for sentences."""
    return NOTHING if value is None else format_date(value, format="MMMM y", locale=lang)


@kept
def local(utc: datetime | None, time_zone: str) -> datetime | None:
    """A moment of UTC, without a zone, in a time zone's own."""
    return utc and utc.replace(tzinfo=UTC).astimezone(ZoneInfo(time_zone)).replace(tzinfo=None)


def moment(value: datetime | None, lang: str) -> str:
    """14 Nov 2026, 06:10, in the company's time zone, which is the only one on screen."""
    return NOTHING if value is None else f"{day(value, lang)}, {format_datetime(value, format='HH:mm', locale=lang)}"


def period(value: Period, lang: str) -> str:
    """Whole months as months, otherwise days; both ends included."""
    last = value.end - timedelta(days=1)
    if value.start.day == 1 and value.end.day == 1:
        first, end = month(value.start, lang), month(last, lang)
        return first if first == end else f"{first} – {end}"
    return f"{day(value.start, lang)} – {day(last, lang)}"


def plus(text: str) -> str:
    """A plus before what is neither negative nor nothing."""
    return text if text.startswith(MINUS) or not any(c in "123456789" for c in text) else f"+{text}"


def signless_zero(text: str) -> str:
    return text if any(c in "123456789" for c in text) else text.removeprefix(MINUS)


def typeset(text: str) -> str:
    """The true minus sign, and no space that could break a number over two lines."""
    return text.replace("-", MINUS).replace(" ", UNBROKEN)
