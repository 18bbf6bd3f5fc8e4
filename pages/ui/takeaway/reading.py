"""A figure read as a panel. Values are those of the figure; names and units of its series are those of the columns of
the chart's table in which the same values stand, so that nothing leaves the page that does not stand on it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from html import unescape
from typing import Any

from pages.ui.export import Table
from pages.ui.figures import INK
from pages.ui.takeaway.axes import Layout, axis_of, is_downward, on_steps, words_of
from pages.ui.takeaway.marks import (
    WHOLE,
    Trace,
    all_series,
    by_colour,
    guide,
    has_base,
    is_drawn,
    lines_with_gaps,
    merged,
    one_series,
    reach,
    text_of,
)
from pages.ui.takeaway.names import Named, named
from pages.ui.takeaway.panels import Axis, Field, Panel, Series, Words, head_above

BAR_WIDTH = 16.0  # pixels of a bar drawn as a thick line, where marks stand on it
BY_PLACE: Mapping[str, Any] = {"x": None, "y": None, "colours": "", "low": 0.0, "high": 0.0}


def panel(figure: Mapping[str, Any], table: Table) -> Panel | None:
    """The panel of a plotly figure (as a dict); None when only its table can be taken away."""
    layout, traces = figure.get("layout", {}), [t for t in figure.get("data", ()) if is_drawn(t)]
    if "yaxis2" in layout or not traces:
        return None
    heat = next((t for t in traces if t["type"] == "heatmap"), None)
    if heat:
        return grid(heat, layout)
    bars = [t for t in traces if t["type"] == "bar"]
    draw: Callable[..., Panel] = points
    if bars and all(t.get("orientation") != "h" for t in bars):
        draw = columns
    elif bars and len(bars) == len(traces) and not any(map(has_base, bars)):
        draw = rows
    found = draw(traces, layout)
    axes = (found.x.title, found.y.title)
    series = [part for one in found.series for part in finished(with_name(one, table, axes))]
    return replace(found, series=tuple(series))


def with_name(series: Series, table: Table, axes: Sequence[str]) -> Series:
    """What an axis is called already names no series."""
    match = named(series.values, table) if series.is_data else Named()
    return replace(series, name=series.name or ("" if match.name in axes else match.name), unit=match.unit)


def finished(series: Series) -> Iterator[Series]:
    """Parted as office programs draw it: a series for each colour of marks, whiskers as lines."""
    for part in by_colour(series):
        yield from whiskers(part)


def points(traces: Sequence[Trace], layout: Layout) -> Panel:
    """Marks and lines by their places; y counted upwards, whichever way the figure counts."""
    series = [part for t in traces for s in all_series(t) for part in thick(s)]
    series += [guide(s) for s in layout.get("shapes", ()) if s.get("type") == "line"]
    x, y = layout.get("xaxis", {}), layout.get("yaxis", {})
    across, upward = (axis_of(a, [v for s in series for v in reach(s, n)]) for n, a in (("x", x), ("y", y)))
    is_down = is_downward(y)
    series = merged([placed(s, across, upward, is_down) for s in series])
    words = [words_of(a, across, upward, is_down, x) for a in layout.get("annotations", ())]
    heads = [w for w in words if w.is_head]
    series = [about(s, heads, upward) for s in series]
    domain = tuple(x.get("domain", (0.0, 1.0)))
    is_list = bool(heads) and domain == (0.0, 1.0)
    words = [beside(w, series, upward) if is_list and w.is_head else w for w in words]
    return Panel("points", tuple(series), (), across, upward, tuple(words), domain, height_of(layout), is_list=is_list)


def thick(series: Series) -> list[Series]:
    """Bars on which marks stand, as thick lines from zero; their intervals stay."""
    if not series.is_bar:
        return [series]
    spans = [(0.0, x or 0.0, y) for x, y in zip(series.x, series.y, strict=True)]
    bars = lines_with_gaps(spans, series.colours[0] if series.colours else "", BAR_WIDTH, 1.0)
    return [bars, *whiskers(replace(series, symbol="", colours=(INK,) * len(series.x)))[:-1]]


def placed(series: Series, across: Axis, upward: Axis, is_down: bool) -> Series:
    """With y counted upwards, and lines that run along a whole axis as long as that."""
    x = tuple({-WHOLE: across.low, WHOLE: across.high}.get(v, v) for v in series.x)
    y = tuple({-WHOLE: upward.low, WHOLE: upward.high}.get(v, v) for v in series.y)
    turned = tuple(None if v is None else upward.low + upward.high - v for v in y) if is_down else y
    return replace(series, x=x, y=turned, along="y" if across.is_date else series.along)


def about(series: Series, heads: Sequence[Words], upward: Axis) -> Series:
    """With the name of the row that each mark stands in."""
    if not heads or not series.size:
        return series
    found = [None if y is None else head_above(1 - upward.part(y), heads) for y in series.y]
    return replace(series, labels=tuple(w.head if w else "" for w in found))


def beside(words: Words, series: Sequence[Series], upward: Axis) -> Words:
    """The words of a row, at the height of its marks."""
    at = [1 - upward.part(y) for s in series for label, y in zip(s.labels, s.y, strict=False) if label == words.head]
    return replace(words, y=sum(at) / len(at) if at else words.y + 0.02)


def whiskers(series: Series) -> list[Series]:
    """Intervals along x as lines of their own below the marks (LibreOffice draws no intervals of its own there)."""
    if series.is_bar or series.along != "x" or not any((*series.low, *series.high)):
        return [series]
    points = zip(series.x, series.y, series.low, series.high, strict=True)
    spans = [(x - low, x + high, y) for x, y, low, high in points if x is not None]
    return [lines_with_gaps(spans, series.colours[0], 2.0, 1.0), replace(series, low=(), high=())]


def rows(traces: Sequence[Trace], layout: Layout) -> Panel:
    """Bars from zero under each other, the first on top; the words above each are its category."""
    series = [one_series(t) for t in traces]
    x, y = layout.get("xaxis", {}), layout.get("yaxis", {})
    across, upward = (axis_of(a, [v for s in series for v in reach(s, n)]) for n, a in (("x", x), ("y", y)))
    words = [words_of(a, across, upward, is_downward(y), x) for a in layout.get("annotations", ())]
    heads = [w for w in words if w.is_head]
    places = tuple(sorted({v for s in series for v in s.y if v is not None}))
    about_each = [head_above(upward.part(place), heads) for place in places]
    return Panel(
        "rows",
        tuple(by_place(s, s.y, places) for s in series),
        tuple(f"{w.head}\n{w.rest}".strip() if w else "" for w in about_each),
        replace(on_steps(across, from_zero=True), low=across.low, high=across.high, is_seen=False),
        words=tuple(w for w in words if not w.is_head),
        height=height_of(layout),
        is_stacked=layout.get("barmode") == "stack",
        is_overlaid=layout.get("barmode") == "overlay",
    )


def by_place(series: Series, keys: Sequence[Any], places: Sequence[Any]) -> Series:
    """A series in the order of all places, with gaps where it has none."""
    at = {key: i for i, key in enumerate(keys)}
    filled = {
        name: tuple(getattr(series, name)[at[p]] if p in at else gap for p in places)
        for name, gap in BY_PLACE.items()
        if getattr(series, name)
    }
    return replace(series, **filled)


def columns(traces: Sequence[Trace], layout: Layout) -> Panel:
    """Bars beside each other; those that hang between two levels stand on an unseen bar."""
    names = tuple(dict.fromkeys(text_of(x) for t in traces for x in t["x"]))
    series: list[Series] = []
    for trace in traces:
        keys = [text_of(x) for x in trace["x"]]
        if has_base(trace):
            under = Series((), tuple(map(float, trace["base"])), ("",) * len(keys), along="y", symbol="bar")
            series.append(by_place(under, keys, names))
        series.append(by_place(replace(one_series(trace), x=(), along="y", symbol="bar"), keys, names))
    is_stacked = any(s.is_unseen for s in series)
    tops = [v for s in series for v in reach(s, "y")]
    axis = on_steps(axis_of(layout.get("yaxis", {}), tops), from_zero=True)
    across = axis_of(layout.get("xaxis", {}), ())
    return Panel("columns", tuple(series), names, across, axis, height=height_of(layout), is_stacked=is_stacked)


def grid(trace: Trace, layout: Layout) -> Panel:
    """Shaded fields: the names of its axes, what is written in each field."""
    across, down = (tuple(map(unescape, layout[a].get("ticktext", ()))) for a in ("xaxis", "yaxis"))
    written = {(a["x"], a["y"]): unescape(a["text"]) for a in layout.get("annotations", ())}
    known = [v for row in trace["z"] for v in row if v is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    fields = tuple(
        tuple(
            Field(written.get((x, y), ""), None if v is None else (v - low) / ((high - low) or 1.0))
            for x, v in zip(trace["x"], row, strict=True)
        )
        for y, row in zip(trace["y"], trace["z"], strict=True)
    )
    return Panel("grid", categories=down, columns=across, fields=fields, height=height_of(layout))


def height_of(layout: Layout) -> float:
    return float(layout.get("height") or 400)
