"""A tile: what the number is, how sure it is, whether it moved, where it should be.

Colour speaks of good and bad, by the metric's own direction, and only of changes beyond noise; the words beside it say
the same to who doesn't see colours.
"""

from collections.abc import Sequence

import streamlit as st

from metrics.definitions import Metric
from metrics.query import Measurement
from pages.ui import formats, store
from pages.ui.address import View
from pages.ui.sparkline import Sparkline, sparkline
from pages.ui.text import literal, t
from pages.ui.tiles import Pill, Tile, tiles

RELATIVE = ("money", "count")  # units whose change is told as a share of the former value


def told(alternatives: Sequence[Sequence[str]], view: View) -> tuple[str, ...]:
    """Of each group of metrics the first that has something to say for this view, else the first."""
    known = store.catalogue(view).metrics
    groups = [[name for name in names if name in known] for names in alternatives]
    return tuple(next((n for n in names if measured(n, view).status != "empty"), names[0]) for names in groups if names)


def measured(name: str, view: View) -> Measurement:
    return store.measured(name, view)[0]


def row(names: Sequence[str], view: View, key: str) -> None:
    """A tile each, side by side; metrics without anything to measure are named below, with what is missing."""
    speaking = [name for name in names if measured(name, view).status != "empty"]
    tiles([tile(name, view) for name in speaking], key)
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


def tile(name: str, view: View) -> Tile:
    settings, metric, now = store.settings(view), store.catalogue(view).metrics[name], measured(name, view)
    lang, currency = view.lang, settings.company.currency
    label, change = metric.tile_label[lang], pill_of(metric, now, lang, currency)
    return Tile(
        label=label,
        definition=metric.definition[lang],
        help=t("kpi.help", lang, label=label),
        value=formats.amount(now.value, metric.unit, lang, currency),
        is_pale=now.status == "unreliable",
        change=change,
        line=trend(metric, view, change.tone if change else "gray"),
        notes=tuple(notes(metric, now, lang, currency, settings.targets.get(name), settings.thresholds.min_group)),
    )


def trend(metric: Metric, view: View, tone: str) -> Sparkline | None:
    """The months of the period, in the colour of the change."""
    lang, currency = view.lang, store.settings(view).company.currency
    months = store.measured(metric.name, view, every="month", versus="none")
    known = [m for m in months if m.value is not None]
    if not known:
        return None
    ends = (known[0], known[-1], min(known, key=lambda m: m.value), max(known, key=lambda m: m.value))
    first, last, low, high = (formats.amount(m.value, metric.unit, lang, currency) for m in ends)
    return sparkline(
        tuple(m.value for m in months), tone, t("kpi.trend", lang, first=first, last=last, low=low, high=high)
    )


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
