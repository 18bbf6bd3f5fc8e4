"""Months and days of an address and of the period filter."""

import re
from datetime import date, timedelta

MONTH = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
YEARS = range(1900, 2200)


def month_start(day: date) -> date:
    return day.replace(day=1)


def add_months(first: date, count: int) -> date:
    """The first day of the month `count` months after that of `first`."""
    years, month = divmod(first.year * 12 + first.month - 1 + count, 12)
    return date(years, month + 1, 1)


def as_date(text: str, is_last: bool = False) -> date | None:
    """YYYY-MM or YYYY-MM-DD as a date: the first day, or the day after the last one; None for anything else."""
    match = MONTH.fullmatch(text) if text.isascii() else None
    if not match or int(match[1]) not in YEARS:
        return None
    try:
        day = date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        return None
    if not is_last:
        return day
    return day + timedelta(days=1) if match[3] else add_months(day, 1)
