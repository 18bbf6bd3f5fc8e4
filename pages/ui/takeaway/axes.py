"""Axes and words of a figure: where they end, what stands at them, and where each text stands in the plot."""

import math
from collections.abc import Mapping, Sequence
from html import unescape
from re import sub
from typing import Any

from pages.ui.takeaway.marks import number
from pages.ui.takeaway.panels import Axis, Words

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
TICK_COUNT = 6
CLOSE = 0.02  # of a step: an end so close to a whole step is one
ROOM = 0.04  # of the values' span, left free at both ends of an axis that says nothing
Layout = Mapping[str, Any]


def axis_of(axis: Layout, values: Sequence[float]) -> Axis:
    """Ends as the figure says, else as far as the values go; on whole steps where numbers are written."""
    low, high = ends_of(axis, values)
    names, title = names_of(axis), axis.get("title") or {}
    found = Axis(
        low,
        high,
        tick=axis.get("tickformat") or "",
        is_seen=axis.get("visible", True) is not False,
        is_date=axis.get("type") == "date",
        title=unescape(title.get("text") or "" if isinstance(title, Mapping) else str(title)),
        names=names,
    )
    return on_steps(found) if found.is_written else found


def ends_of(axis: Layout, values: Sequence[float]) -> tuple[float, float]:
    said = [number(end) for end in axis.get("range") or ()]
    if said:
        return min(said), max(said)
    if not values:
        return 0.0, 1.0
    room = (max(values) - min(values)) * ROOM or 1.0
    low = min(values) - room
    return (min(0.0, low) if axis.get("rangemode") == "tozero" else low), max(values) + room


def names_of(axis: Layout) -> tuple[tuple[float, str], ...]:
    places = [number(v) for v in axis.get("tickvals") or ()]
    if not places or any(v is None for v in places):
        return ()
    said = axis.get("ticktext") or [f"{v:g}" for v in places]
    return tuple((v, unescape(str(text))) for v, text in zip(places, said, strict=True))


def on_steps(axis: Axis, from_zero: bool = False) -> Axis:
    """Ends on whole steps of 1, 2, 2.5 or 5 times a power of ten."""
    low, high = (min(0.0, axis.low), max(0.0, axis.high)) if from_zero else (axis.low, axis.high)
    raw = (high - low) / TICK_COUNT or 1.0
    size = 10 ** math.floor(math.log10(raw))
    step = next(s * size for s in STEPS if s * size >= raw * 0.999)
    ends = {"low": math.floor(low / step + CLOSE) * step, "high": math.ceil(high / step - CLOSE) * step}
    return Axis(**{**axis.__dict__, **ends, "step": step})


def is_downward(axis: Layout) -> bool:
    """Whether values grow downwards, as rows do."""
    ends = axis.get("range")
    return bool(ends) and number(ends[0]) > number(ends[1])


def words_of(note: Layout, across: Axis, upward: Axis, is_down: bool, axis: Layout) -> Words:
    """An annotation; its place as parts of the plot, which takes the `domain` of the figure's width."""
    start, end = axis.get("domain", (0.0, 1.0))
    is_paper = str(note.get("xref", "")).endswith("paper")
    x = (float(note["x"]) - start) / (end - start) if is_paper else across.part(number(note["x"]) or 0.0)
    if str(note.get("yref", "")).endswith(("paper", "domain")):
        y = 1 - float(note["y"])
    else:
        y = upward.part(number(note["y"]) or 0.0)
        y = y if is_down else 1 - y
    lines = tuple(pieces(line) for line in sub(r"<br\s*/?>", "\n", note["text"]).split("\n"))
    anchor, upright = note.get("xanchor", "center"), note.get("yanchor", "middle")
    return Words(
        lines,
        x,
        y,
        "center" if anchor == "auto" else anchor,
        upright,
        str((note.get("font") or {}).get("color") or ""),
        is_head=is_paper and not note["x"] and any(is_bold for line in lines for _, is_bold in line),
    )


def pieces(line: str) -> tuple[tuple[str, bool], ...]:
    """Pieces of a line and whether each is bold."""
    texts = sub(r"</?span[^>]*>", "", line).replace("</b>", "<b>").split("<b>")
    plain = ((unescape(sub(r"<[^>]+>", "", text)), i % 2 == 1) for i, text in enumerate(texts))
    return tuple((text, is_bold) for text, is_bold in plain if text)
