"""A tile: what the number is, how sure it is, whether it moved, where it should be.

Colour speaks of good and bad, by the metric's own direction, and only of changes beyond noise; the words beside it say
the same to who doesn't see colours.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from metrics.definitions import Metric
from metrics.query import Measurement
from pages.ui import formats, store
from pages.ui.address import View
from pages.ui.sparkline import sparkline
from pages.ui.text import literal, t

WIDTH = 155  # pixels: two beside each other on a phone of 390, three in half a laptop's screen
IN_A_ROW = 3  # an unfinished row is filled, so that its tiles stand under those above
RELATIVE = ("money", "count")  # units whose change is told as a share of the former value


@dataclass(frozen=True)
class Pill:
    """The change: its text, its colour (green good, red bad, gray neither or not told) and its arrow."""

    text: str
    colour: str = "gray"
    arrow: str = "off"
    meaning: str | None = None


def told(alternatives: Sequence[Sequence[str]], view: View) -> tuple[str, ...]:
    """Of each group of metrics the first that has something to say for this view, else the first."""
    known = store.catalogue(view).metrics
    groups = [[name for name in names if name in known] for names in alternatives]
    return tuple(next((n for n in names if measured(n, view).status != "empty"), names[0]) for names in groups if names)


def measured(name: str, view: View) -> Measurement:
    return store.measured(name, view)[0]


def tiles(names: Sequence[str], view: View) -> None:
    """A tile each, side by side; metrics without anything to measure are named below, with what is missing."""
    speaking = [name for name in names if measured(name, view).status != "empty"]
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        for name in speaking:
            tile(name, view)
        for _ in range(-len(speaking) % IN_A_ROW):
            st.container(width=WIDTH).space("small")
    silent = [name for name in names if name not in speaking]
    if silent:
        st.caption(literal(missing(silent, view)))


def missing(names: Sequence[str], view: View) -> str:
    """Which metrics have nothing to show, and which tables would feed them, if it is not only for this selection."""
    metrics = store.catalogue(view).metrics
    never = [n for n in names if is_never_measured(n, view)]
    tables = ", ".join(sorted({table for n in never for table in metrics[n].needs}))
    here = [n for n in names if n not in never]

    def said(key: str, some: Sequence[str]) -> str:
        return t(key, view.lang, names=", ".join(metrics[n].tile_label[view.lang] for n in some), tables=tables)

    return " ".join(said(key, some) for key, some in [("kpi.missing", never), ("kpi.empty_here", here)] if some)


def known(names: Sequence[str], view: View) -> tuple[str, ...]:
    """Metrics that the snapshot was built with."""
    return tuple(name for name in names if name in store.catalogue(view).metrics)


def is_never_measured(name: str, view: View) -> bool:
    """Whether the snapshot has nothing for a metric, whatever the period and the segments."""
    whole = store.catalogue(view).ground.whole
    return store.measured(name, view, period=whole, versus="none", where=())[0].status == "empty"


def tile(name: str, view: View) -> None:
    settings, metric, now = store.settings(view), store.catalogue(view).metrics[name], measured(name, view)
    lang, currency = view.lang, settings.company.currency
    pill = pill_of(metric, now, lang, currency)
    words = notes(metric, now, lang, currency, settings.targets.get(name), settings.thresholds.min_group)
    with st.container(width=WIDTH, gap="xxsmall"):
        st.metric(
            literal(metric.tile_label[lang]),
            value_text(metric, now, lang, currency),
            pill and literal(pill.text),
            delta_color=pill.colour if pill else "off",
            delta_arrow=pill.arrow if pill else "off",
            delta_description=pill and pill.meaning,
            help=literal(metric.definition[lang]),
        )
        line = trend(metric, view, pill.colour if pill else "gray")
        said = "  \n".join(map(literal, words))
        # One text, since the browser parses each; no caption, which would make the line pale.
        st.markdown("  \n".join(filter(None, [line, said and f":small[:gray[{said}]]"])))


def trend(metric: Metric, view: View, colour: str) -> str:
    """The months of the period, in the colour of the change."""
    lang, currency = view.lang, store.settings(view).company.currency
    months = store.measured(metric.name, view, every="month", versus="none")
    known = [m for m in months if m.value is not None]
    if not known:
        return ""
    ends = (known[0], known[-1], min(known, key=lambda m: m.value), max(known, key=lambda m: m.value))
    first, last, low, high = (literal(formats.amount(m.value, metric.unit, lang, currency)) for m in ends)
    alt = t("kpi.trend", lang, first=first, last=last, low=low, high=high)
    return sparkline([m.value for m in months], colour, alt)


def value_text(metric: Metric, now: Measurement, lang: str, currency: str) -> str | None:
    """Grey when too few to tell, a dash when there is nothing to show."""
    if now.value is None:
        return None
    text = literal(formats.amount(now.value, metric.unit, lang, currency))
    return f":gray[{text}]" if now.status == "unreliable" else text


def pill_of(metric: Metric, now: Measurement, lang: str, currency: str) -> Pill | None:
    """None without a comparison; grey words when the change can't be told from noise."""
    if now.status != "shown" or now.change is None:
        return None
    if not now.is_signal:
        return Pill(t("kpi.no_clear_change", lang))
    arrow = "up" if now.change > 0 else "down"
    if metric.unit in RELATIVE and now.before:
        text = formats.relative(now.change / abs(now.before), lang)
    else:
        text = formats.change(now.change, metric.unit, lang, currency)
    if metric.direction not in ("up", "down"):
        return Pill(text, arrow=arrow)
    is_good = arrow == metric.direction
    if is_good and metric.never_good_alone:
        return Pill(text, arrow=arrow, meaning=t("kpi.not_good_alone", lang))
    meaning = t("kpi.better" if is_good else "kpi.worse", lang)
    return Pill(text, "green" if is_good else "red", arrow, meaning)


def notes(
    metric: Metric, now: Measurement, lang: str, currency: str, target: float | None, min_group: int
) -> list[str]:
    """Under the number: interval and n, or why there is no number; then the target."""
    if now.status == "private":
        return [t("kpi.private", lang, people=str(min_group))]
    found = [sureness(metric, now, lang, currency)]
    if now.status == "unreliable":
        found.append(t("kpi.too_few", lang))
    elif target is not None:
        found.append(target_text(metric, now, lang, currency, target))
    return found


def sureness(metric: Metric, now: Measurement, lang: str, currency: str) -> str:
    """Interval and n; a count is its own n."""
    n = formats.number(now.n, lang)
    if now.low is None or now.high is None:
        return t("kpi.n", lang, n=n)
    low, high = formats.ends(now.low, now.high, metric.unit, lang, currency)
    key = "kpi.interval_alone" if now.value == now.n else "kpi.interval"
    return t(key, lang, low=low, high=high, n=n)


def target_text(metric: Metric, now: Measurement, lang: str, currency: str, target: float) -> str:
    words = formats.amount(target, metric.unit, lang, currency)
    return t(f"kpi.target_{verdict(metric, now, target)}", lang, target=words)


def verdict(metric: Metric, now: Measurement, target: float) -> str:
    """reached or missed only when the whole interval says so; else near."""
    side = metric.direction == "down"
    ends = [v for v in (now.low, now.high) if v is not None] or [now.value]
    if all((v <= target) if side else (v >= target) for v in ends):
        return "reached"
    return "missed" if all((v > target) if side else (v < target) for v in ends) else "near"
