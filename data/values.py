"""SQL that turns a text into a typed value, strictly: what does not fit gives NULL and is found as a fault."""

import re
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from data.adapters import File, Value
from data.contracts import Column
from data.settings import Company
from data.sql import literal

SENTINELS = ("1970-01-01", "9999-12-31", "1900-01-01", "1899-12-30")
YEARS = (1900, 2199)
ISO_DAY = r"\d{4}-\d\d-\d\d([ T]00:00(:00(\.0+)?)?)?"
ISO_TIME = r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{1,9})?)?)?"
OFFSET = r"\s?(Z|[+-]\d\d(:?\d\d)?)"
SHORT_OFFSET = r"([+-]\d\d)(\d\d)$"
BOOLEANS = {"true": ("true", "True", "TRUE", "1"), "false": ("false", "False", "FALSE", "0")}
PER_UNIT = {"seconds": 1, "milliseconds": 0.001, "minutes": 60, "hours": 3600, "days": 86400}
CLOCKS = {"h:mm:ss": r"(\d+):([0-5]\d):([0-5]\d)", "mm:ss": r"(\d+):([0-5]\d)"}
KINDS = {
    "int": "a whole number",
    "number": "a number",
    "money": "an amount with at most two decimals",
    "seconds": "a duration",
    "bool": "true or false",
    "date": "a day",
    "timestamp": "a time",
}


def typed(text: str, column: Column, value: Value, file: File, company: Company) -> str:
    """SQL of the typed value of `text` (an SQL expression); NULL when the text does not fit."""
    match column.type:
        case "id" | "code" | "text":
            return text
        case "bool":
            cases = " ".join(f"when {literal(t)} then {name}" for name, texts in BOOLEANS.items() for t in texts)
            return f"case {text} {cases} end"
        case "date" | "timestamp":
            return moment(text, column, value, file, company)
        case "seconds":
            return duration(text, value, file)
        case _:
            return number(text, column, value, file)


def number_pattern(value: Value, file: File, decimals: str) -> str:
    """Regular expression of a number with the declared marks; `decimals` is that of the part after the mark."""
    thousands = value.thousands or file.thousands
    whole = r"\d+" if thousands is None else rf"(\d+|\d{{1,3}}({re.escape(thousands)}\d{{3}})+)"
    return rf"[+-]?{whole}({re.escape(value.decimal or file.decimal)}{decimals})?"


def plain_number(text: str, value: Value, file: File) -> str:
    """SQL of the text with a dot as decimal mark and no mark of thousands."""
    thousands, decimal = value.thousands or file.thousands, value.decimal or file.decimal
    sql = f"replace({text}, {literal(thousands)}, '')" if thousands else text
    return f"replace({sql}, ',', '.')" if decimal == "," else sql


def number(text: str, column: Column, value: Value, file: File) -> str:
    """int, number or money. Rounds only when `round` says so; NaN, infinity, signs of currency, percent do not fit."""
    decimals = {"int": "0+", "money": r"\d{1,2}0*", "number": r"\d*"}[column.type]
    pattern = number_pattern(value, file, r"\d*" if value.round else decimals)
    if column.type == "number":
        pattern += r"([eE][+-]?\d{1,3})?"
    plain = plain_number(text, value, file)
    if column.type == "number":
        cast = f"try_cast({plain} as double)"
        cast = f"case when isfinite({cast}) then {cast} end"
    elif column.type == "money":
        cast = f"try_cast({plain} as decimal(18, 2))"
    else:
        cast = f"try_cast({plain} as decimal(38, 6))" if value.round else plain
        cast = f"try_cast({cast} as bigint)"
    return f"case when regexp_full_match({text}, {literal(pattern)}) then {cast} end"


def duration(text: str, value: Value, file: File) -> str:
    """Whole seconds, from a number in a unit or a clock text such as 1:02:03."""
    unit = value.unit or "seconds"
    if unit in CLOCKS:
        pattern = CLOCKS[unit]
        parts = [
            f"try_cast(regexp_extract({text}, {literal(pattern)}, {i + 1}) as bigint)"
            for i in range(unit.count(":") + 1)
        ]
        total = " + ".join(f"{part} * {60 ** (len(parts) - 1 - i)}" for i, part in enumerate(parts))
        return f"case when regexp_full_match({text}, {literal(pattern)}) then try_cast({total} as integer) end"
    pattern = number_pattern(value, file, r"\d*" if value.round or unit != "seconds" else "0+")
    if unit == "seconds" and not value.round:
        cast = f"try_cast({plain_number(text, value, file)} as integer)"
        return f"case when regexp_full_match({text}, {literal(pattern)}) then {cast} end"
    total = f"try_cast({plain_number(text, value, file)} as decimal(24, 6)) * {PER_UNIT[unit]}"
    whole = "" if value.round else f" and {total} = round({total})"
    return (
        f"case when regexp_full_match({text}, {literal(pattern)}){whole} then try_cast(round({total}) as integer) end"
    )


def moment(text: str, column: Column, value: Value, file: File, company: Company) -> str:
    """A day or a local time, from the declared format; moved by add_days."""
    format_ = value.format or (file.date if column.type == "date" and not value.as_day else file.timestamp)
    is_timed = column.type == "timestamp" or value.as_day
    if format_ != "iso":
        sql = in_years(f"try_strptime({text}, {literal(format_)})")
        sql = zoned(text, sql, value.zone or file.zone, company) if is_timed and "%z" not in format_ else sql
    elif is_timed:
        sql = iso_time(text, value.zone or file.zone, company)
    else:
        day = in_years(f"try_cast({text} as timestamp)")
        sql = f"case when regexp_full_match({text}, {literal(ISO_DAY)}) then {day} end"
    if value.add_days is not None:
        sql = f"({sql} + interval {value.add_days} day)"
    return f"cast({sql} as date)" if column.type == "date" else sql


def in_years(sql: str) -> str:
    """NULL outside the years that data can speak of (the sentinel 9999-12-31 apart)."""
    return f"case when year({sql}) between {YEARS[0]} and {YEARS[1]} or year({sql}) in (1899, 9999) then {sql} end"


def iso_time(text: str, zone: str, company: Company) -> str:
    """Local time of an ISO text, by what the zone option says about offsets."""
    naive = f"when regexp_full_match({text}, {literal(ISO_TIME)}) then "
    naive += in_years(zoned(text, f"try_cast({text} as timestamp)", zone, company))
    aware = f"when regexp_full_match({text}, {literal(ISO_TIME + OFFSET)}) then "
    instant = f"try_cast(regexp_replace({text}, {literal(SHORT_OFFSET)}, '\\1:\\2') as timestamptz)"
    aware += in_years(f"timezone({literal(company.time_zone)}, {instant})")
    cases = {"local": [naive], "offset": [aware]}.get(zone, [naive, aware])
    return f"case {' '.join(cases)} end"


def zoned(text: str, naive: str, zone: str, company: Company) -> str:
    """A time without offset as local time of the company: the same, unless it is declared to be of another zone."""
    if zone in ("local", "offset", "mixed", company.time_zone):
        return naive
    overlap = overlap_seconds(naive, zone)
    before, after = ("-", "+") if company.doubled_hour == "first" else ("+", "-")
    instant = f"(timezone({literal(zone)}, {naive} {before} {overlap}) {after} {overlap})"
    return f"timezone({literal(company.time_zone)}, {instant})"


@cache
def changes(zone: str) -> tuple[tuple[datetime, int], ...]:
    """Hours that a zone's clocks skip (positive seconds) or pass twice (negative): local start and length."""
    place, found = ZoneInfo(zone), []
    day = datetime(1970, 1, 1)
    while day.year < 2101:
        before, after = (
            day.replace(tzinfo=place).utcoffset(),
            (day + timedelta(days=1)).replace(tzinfo=place).utcoffset(),
        )
        if before != after and before is not None and after is not None:
            found.append(change_on(day, place, before, after))
        day += timedelta(days=1)
    return tuple(found)


def change_on(day: datetime, place: ZoneInfo, before: timedelta, after: timedelta) -> tuple[datetime, int]:
    """Local start and seconds of the change that happens on a day, to the minute."""
    low, high = 0, 24 * 60
    start = (day - before).replace(tzinfo=ZoneInfo("UTC"))
    while low < high:
        middle = (low + high) // 2
        if (start + timedelta(minutes=middle)).astimezone(place).utcoffset() == before:
            low = middle + 1
        else:
            high = middle
    shift = int((after - before).total_seconds())
    local = day + timedelta(minutes=low) + timedelta(seconds=min(shift, 0))
    return local, shift


def skipped(moment_: str, zone: str) -> str | None:
    """SQL condition: the local time is one that the zone's clocks skip in spring; None when they never do.

    Such a time turned into an instant and back is another; only the days on which clocks change are tried. Midnight
    stands for a day without a time, and is never rejected, also where clocks change at midnight.
    """
    days = ", ".join(f"date '{start:%Y-%m-%d}'" for start, shift in changes(zone) if shift > 0)
    back = f"timezone({literal(zone)}, timezone({literal(zone)}, {moment_}))"
    is_time = f"cast({moment_} as date) in ({days}) and {moment_} <> date_trunc('day', {moment_})"
    return f"(case when {is_time} then {back} <> {moment_} else false end)" if days else None


def overlap_seconds(moment_: str, zone: str) -> str:
    """SQL interval from the first to the second passing of a local time; zero outside the doubled hours.

    A time moved back by it is the hour before the doubled one, moved forward the hour after: neither is ambiguous.
    """
    none = "interval 0 second"
    spans = [(start, start + timedelta(seconds=-shift), -shift) for start, shift in changes(zone) if shift < 0]
    if not spans:
        return none
    days = ", ".join(f"date '{start:%Y-%m-%d}'" for start, _, _ in spans)
    cases = " ".join(
        f"when {moment_} >= timestamp '{start}' and {moment_} < timestamp '{end}' then interval {seconds} second"
        for start, end, seconds in spans
    )
    return f"(case when cast({moment_} as date) in ({days}) then case {cases} else {none} end else {none} end)"
