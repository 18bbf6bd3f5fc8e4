"""Traces of a figure as series: their marks, lines, intervals and looks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from html import unescape
from math import isfinite
from re import sub
from typing import Any

from pages.ui.takeaway.panels import Number, Series

Trace = Mapping[str, Any]
CLICK_FIELD = 0.95  # width of the unseen bars that only take clicks
SERIAL = date(1899, 12, 30).toordinal()  # day 0 of spreadsheets
WHOLE = 1e9  # of a line that runs along a whole axis
THICK, PALE = 7.0, 0.35  # of bars that hang between two values, drawn as lines: pixels, opacity
SIDES = ("x", "y")
PER_POINT = ("x", "y", "colours", "low", "high", "labels")


def is_drawn(trace: Trace) -> bool:
    """Whether a reader sees anything of it."""
    if not any(len(trace[side]) for side in SIDES if trace.get(side) is not None):
        return False
    if trace["type"] == "bar":
        width = trace.get("width")
        return not (isinstance(width, int | float) and width >= CLICK_FIELD)
    return not (trace.get("mode") == "markers" and trace.get("marker", {}).get("opacity") == 0)


def all_series(trace: Trace) -> Iterator[Series]:
    """One series of a trace, two of a filled area."""
    if trace.get("fill") == "toself":
        yield from edges(trace)
    elif trace["type"] == "bar" and trace.get("orientation") == "h" and has_base(trace):
        yield stretches(trace)
    else:
        yield one_series(trace)


def has_base(trace: Trace) -> bool:
    return any(trace.get("base") or ())


def one_series(trace: Trace) -> Series:
    is_bar = trace["type"] == "bar"
    marker, line = trace.get("marker") or {}, trace.get("line") or {}
    mode = "markers" if is_bar else trace.get("mode") or "lines"
    xs, ys = (tuple(map(number, trace[side])) for side in SIDES)
    own = marker.get("color") if "markers" in mode else line.get("color")
    low, high, along = intervals(trace)
    size = marker.get("size") or 6
    opacity = marker.get("opacity") if "markers" in mode else trace.get("opacity")
    return Series(
        xs,
        ys,
        tuple(map(str, own)) if isinstance(own, list | tuple) else (str(own or ""),) * len(xs),
        low,
        high,
        along,
        "bar" if is_bar else first_of(marker.get("symbol")) or "circle",
        float(max(size) if isinstance(size, list | tuple) else size) if "markers" in mode and not is_bar else 0.0,
        float(line.get("width", 2)) if "lines" in mode else 0.0,
        str(line.get("dash") or ""),
        float(opacity) if isinstance(opacity, int | float) else 1.0,
        name=unescape(trace.get("name") or ""),
    )


def intervals(trace: Trace) -> tuple[tuple[float, ...], tuple[float, ...], str]:
    """Lengths below and above, and the axis that they lie on; without any, the axis that values lie on."""
    for along in SIDES:
        error = trace.get(f"error_{along}")
        if error and error.get("array") is not None:
            above = tuple(float(v or 0) for v in error["array"])
            below = error.get("arrayminus")
            return tuple(float(v or 0) for v in below) if below is not None else above, above, along
    return (), (), "y" if trace["type"] == "scatter" and trace.get("mode") != "markers" else "x"


def stretches(trace: Trace) -> Series:
    """Bars that hang between two values, as thick pale lines with gaps between them."""
    spans = zip(map(number, trace["base"]), map(number, trace["x"]), map(number, trace["y"]), strict=True)
    marker = trace.get("marker") or {}
    opacity = marker.get("opacity")
    pale = float(opacity) if isinstance(opacity, int | float) else PALE
    found = [(start, start + (length or 0.0), at) for start, length, at in spans]
    return lines_with_gaps(found, first_of(marker.get("color")), THICK, pale)


def lines_with_gaps(spans: Sequence[tuple[float, float, Number]], colour: str, width: float, opacity: float) -> Series:
    """(from, to, height) of each."""
    x = tuple(v for start, end, _ in spans for v in (start, end, None))
    y = tuple(v for _, _, at in spans for v in (at, at, None))
    return Series(x, y, (colour,) * len(x), width=width, opacity=opacity)


def edges(trace: Trace) -> Iterator[Series]:
    """The upper and the lower edge of a filled area."""
    half = len(trace["x"]) // 2
    colour = str(trace.get("fillcolor") or (trace.get("line") or {}).get("color") or "")
    for part in (slice(None, half), slice(None, half - 1 if half else None, -1)):
        xs, ys = (tuple(map(number, trace[side][part])) for side in SIDES)
        yield Series(xs, ys, (colour,) * half, along="y", width=0.75, opacity=0.6)


def guide(shape: Mapping[str, Any]) -> Series:
    """A straight line of the layout; ends on the paper run along the whole axis."""
    ends = []
    for side in SIDES:
        is_whole = str(shape.get(f"{side}ref", "")).endswith(("paper", "domain"))
        ends.append((-WHOLE, WHOLE) if is_whole else (number(shape[f"{side}0"]), number(shape[f"{side}1"])))
    line = shape.get("line") or {}
    colour = (str(line.get("color") or ""),) * 2
    return Series(ends[0], ends[1], colour, width=float(line.get("width", 1)), dash=str(line.get("dash") or ""))


def by_colour(series: Series) -> Iterator[Series]:
    """Marks without a line, a series for each of their colours."""
    if series.width or not series.size or len(set(series.colours)) < 2:
        yield series
        return
    for colour in dict.fromkeys(series.colours):
        yield chosen(series, [i for i, own in enumerate(series.colours) if own == colour])


def chosen(series: Series, places: Sequence[int]) -> Series:
    """Only these of its points."""
    return replace(series, **{k: tuple(getattr(series, k)[i] for i in places) for k in PER_POINT if getattr(series, k)})


def merged(series: Sequence[Series]) -> list[Series]:
    """Single marks of one kind in different rows are one series; as many series as stand in one row."""
    found: list[Series] = []
    for one in series:
        like = next((i for i, s in enumerate(found) if is_like(s, one)), None)
        if like is None:
            found.append(one)
            continue
        both = {k: getattr(found[like], k) + getattr(one, k) for k in ("x", "y", "colours", "low", "high")}
        found[like] = replace(found[like], **both)
    return found


def is_like(series: Series, mark: Series) -> bool:
    looks = [(s.symbol, s.size, s.along, bool(s.low), s.width, s.name) for s in (series, mark)]
    return len(mark.x) == 1 and bool(mark.size) and looks[0] == looks[1] and mark.y[0] not in series.y


def reach(series: Series, side: str) -> Iterator[float]:
    """How far a series goes on an axis, its intervals included."""
    for i, value in enumerate(series.x if side == "x" else series.y):
        if value is None or abs(value) >= WHOLE:
            continue
        yield value
        if series.low and series.along == side:
            yield from (value - series.low[i], value + series.high[i])


def first_of(value: Any) -> str:
    """Of a look that may be given mark by mark, the first."""
    return str(next(iter(value), "")) if isinstance(value, list | tuple) else str(value or "")


def text_of(value: Any) -> str:
    """A category as it is written, on one line."""
    return unescape(sub(r"<br\s*/?>", " ", str(value)))


def number(value: Any) -> Number:
    """Days of dates as spreadsheets count them; None for what is not there, not a number, or a text."""
    if value is None or isinstance(value, str):
        return None
    if isinstance(value, datetime):
        return value.toordinal() - SERIAL + (value.hour * 60 + value.minute) / 1440
    if isinstance(value, date):
        return float(value.toordinal() - SERIAL)
    found = float(value)
    return found if isfinite(found) else None
