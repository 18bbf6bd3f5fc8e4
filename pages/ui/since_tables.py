"""Tables of what changed between two snapshots: numbers then and now with their causes, models, definitions."""

import math
from collections.abc import Sequence

import streamlit as st

from metrics.definitions import Metric
from metrics.leaves import Compared, Leaf
from metrics.query import Measurement
from metrics.since import Moved
from metrics.since_models import Kind
from pages.ui import formats, store
from pages.ui.address import View
from pages.ui.charts import save
from pages.ui.export import Column, Table
from pages.ui.labels import code_label, column_label
from pages.ui.tables import show
from pages.ui.text import literal, sentences, t

ENDS = ("low", "high", "_80", "_95")  # of intervals
MOST = 100
HEADERS = ("number", "then", "now", "change", "why", "n_then", "n_now")


def moved_table(name: str, moved: Sequence[Moved], view: View) -> None:
    """On screen each number in its unit, in the file plain numbers."""
    if not moved:
        return
    headers = columns(HEADERS, view)
    rows = tuple(
        (*(label(m, view), m.then and m.then.value, m.now and m.now.value, m.change, why(m, view)), *counts(m))
        for m in moved
    )
    texts = {
        headers[1].header: [value_text(m.then, m.metric, view) for m in moved],
        headers[2].header: [value_text(m.now, m.metric, view) for m in moved],
        headers[3].header: [change_text(m.change, m.metric, view) for m in moved],
    }
    show(name, Table(headers, rows), view, texts, right=headers[1:4])


def columns(names: Sequence[str], view: View) -> tuple[Column, ...]:
    units = {"n_then": "count", "n_now": "count", "moved": "count", "total": "count"}
    return tuple(Column(t(f"since.headers.{name}", view.lang), units.get(name)) for name in names)


def definition(metric: str, view: View) -> Metric | None:
    """Of the snapshot shown, else of the one it is compared with."""
    for snapshot_id in (view.snapshot, view.since):
        if metric in (known := store.catalogue_in(snapshot_id).metrics):
            return known[metric]
    return None


def label(moved: Moved, view: View) -> str:
    """The metric, the group, what it is limited to besides the filters of the page, and its period if it is another."""
    settings, metric = store.settings(view), definition(moved.metric, view)
    names = [metric.label[view.lang] if metric else moved.metric]
    own = {*view.selection.where, *view.events}
    limits = [
        *((column, (code,)) for column, code in moved.group),
        *(one for one in moved.selection.where if one not in own),
    ]
    for column, codes in limits:
        told = ", ".join(code_label(settings, column, code, view.lang) for code in codes)
        names.append(t("explain.limit", view.lang, column=column_label(settings, column, view.lang), codes=told))
    if moved.selection.period != view.selection.period:
        names.append(formats.period(moved.selection.period, view.lang))
    return " · ".join(names)


def counts(moved: Moved) -> tuple[int | None, int | None]:
    return moved.then and moved.then.n, moved.now and moved.now.n


def value_text(measured: Measurement | None, metric: str, view: View) -> str:
    """The number as a tile writes it; in words when there is none, and why."""
    if measured is not None and measured.status == "private":
        return t("since.hidden", view.lang)
    known = definition(metric, view)
    if measured is None or known is None:
        return formats.NOTHING
    return formats.amount(measured.value, known.unit, view.lang, store.settings(view).company.currency)


def change_text(change: float | None, metric: str, view: View) -> str:
    known = definition(metric, view)
    return formats.change(change, known.unit, view.lang, store.settings(view).company.currency) if known else ""


def why(moved: Moved, view: View) -> str:
    """The causes in the order in which they act; with the part of each where there are several."""
    if len(moved.causes) == 1:
        return t(f"since.causes.{moved.causes[0].kind}", view.lang)
    return " · ".join(
        t(f"since.parts_of.{cause.kind}", view.lang, change=change_text(cause.change, moved.metric, view))
        for cause in moved.causes
    )


def parts_table(parts: Sequence[Compared], causes: Sequence[Kind], view: View) -> None:
    """Every figure of each part that differs, then and now; without the ends of intervals, which the file has.

    causes: of all of them, since every part is computed from all rows at once.
    """
    counted = [f"{part_label(p, view)} ({len(p.moved)}/{p.total})" for p in parts]
    st.caption(literal(" · ".join(counted)))
    reason = " · ".join(t(f"since.models.{kind}", view.lang) for kind in causes)
    st.markdown(t("since.models_why", view.lang, causes=reason))
    st.caption(t("since.parts_explained", view.lang, most=str(MOST)))
    every = [(part_label(part, view), path, a, b, reason) for part in parts for path, a, b in part.moved]
    headers = columns(("part", "figure", "then", "now", "why"), view)
    seen = [one for one in every if not one[1].endswith(ENDS) and is_number(*one[2:4])][:MOST]
    written = tuple((a, readable_path(b, view), cell(c, view.lang), cell(d, view.lang), e) for a, b, c, d, e in seen)
    show("since_parts", Table(headers, written), view, is_saved=False, right=headers[2:4])
    save(t("chart.csv", view.lang), "since_parts", Table(headers, tuple(every)))


def readable_path(path: str, view: View) -> str:
    """Where a figure stands in what was computed, in words as far as there are any."""
    return " · ".join(word_of(part, view) for part in path.removesuffix(".value").split(".") if part)


def word_of(part: str, view: View) -> str:
    """A metric, a word of models, a code; else the name that the program gives it."""
    metric = definition(part, view)
    keys = (f"since.words.{part}", f"codes.{part}")
    known = next((key for key in keys if key in sentences(view.lang)), None)
    return metric.label[view.lang] if metric else t(known, view.lang) if known else part.replace("_", " ")


def is_number(then: Leaf, now: Leaf) -> bool:
    return any(isinstance(one, int | float) for one in (then, now))


def cell(value: Leaf, lang: str) -> str:
    """A figure of any unit; a fraction to three digits."""
    if isinstance(value, float):
        places = 0 if not value else max(0, 2 - math.floor(math.log10(abs(value))))
        return formats.number(value, lang, min(places, 6))
    return formats.NOTHING if value is None else formats.number(value, lang)


def part_label(part: Compared, view: View) -> str:
    """What a computation is called on screen; its name in the code when it is newer than these words."""
    key = f"since.parts.{part.function.__name__}"
    return t(key, view.lang) if key in sentences(view.lang) else part.function.__name__.replace("_", " ")


def definitions_table(rows: Sequence[tuple[str, str, str, str]], view: View) -> None:
    """Metric or settings, the part that changed, what it was, what it is."""
    known = sentences(view.lang)
    named = [(a, t(f"since.fields.{b}", view.lang) if f"since.fields.{b}" in known else b, c, d) for a, b, c, d in rows]
    show("since_definitions", Table(columns(("what", "field", "then", "now"), view), tuple(named)), view)
