"""One metric by two columns crossed: a field a crossing, its number in it."""

from collections.abc import Callable, Sequence

from metrics.query import Measurement
from pages.ui import formats, store
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.drill import CROSS
from pages.ui.export import Column, Table
from pages.ui.groups import Compared, words_of
from pages.ui.labels import code_label
from pages.ui.matrix_figures import Cell, crossed
from pages.ui.text import t

HIDDEN = "·"
MOST_COLUMNS = 14  # that can be read side by side


def heatmap(found: Compared, other: str, view: View, on_click: Callable[[], None] | None) -> None:
    """Two columns crossed."""
    metric, lang, settings = found.metric, view.lang, store.settings(view)
    crossings = [
        m for m in store.measured(metric.name, view, by=(found.column, other), versus="none") if m.status != "empty"
    ]
    told = [m for m in crossings if m.value is not None]
    columns, rows = in_named_order(other, told, view)[:MOST_COLUMNS], in_named_order(found.column, told, view)
    every = [cell_of(m, found, other, view) for m in crossings]
    cells = [cell for cell in every if cell.column in columns and cell.row in rows]
    figure = store.drawn(
        "segments_cross", view, lambda: crossed(cells, columns, rows), metric.name, found.column, other
    )
    groups = "; ".join(f"{c.row}, {c.column}: {c.hover}" for c in cells)
    alt = t("segments.alt", lang, metric=metric.label[lang], groups=groups)
    chart(
        "segments_cross",
        figure,
        alt,
        lambda: crossed_table(found, other, crossings, view),
        lang,
        settings.company.currency,
        t("segments.cross_note", lang) if len(cells) == len(every) else t("segments.cross_part", lang),
        on_click,
    )


def crossed_table(found: Compared, other: str, crossings: Sequence[Measurement], view: View) -> Table:
    """Every crossing, those that the picture leaves out too; a private one has no number."""
    unit, settings, lang = found.metric.unit, store.settings(view), view.lang
    units = {"value": unit, "low": unit, "high": unit, "n": "count"}
    heads = ("group", "group2", "value", "low", "high", "n")
    columns = tuple(Column(t(f"segments.headers.{head}", lang), units.get(head)) for head in heads)
    rows = [
        (*(code_label(settings, column, code, lang) for column, code in m.group), m.value, m.low, m.high, m.n)
        for m in crossings
    ]
    return Table(columns, tuple(rows))


def cell_of(measured: Measurement, found: Compared, other: str, view: View) -> Cell:
    codes, settings, metric = dict(measured.group), store.settings(view), found.metric
    currency = settings.company.currency
    return Cell(
        code_label(settings, other, codes[other], view.lang),
        code_label(settings, found.column, codes[found.column], view.lang),
        measured.value,
        HIDDEN if measured.value is None else formats.amount(measured.value, metric.unit, view.lang, currency),
        words_of(metric, measured, view),
        CROSS.join(codes[column] for column in (found.column, other)),
        measured.status == "shown",
    )


def in_named_order(column: str, measured: Sequence[Measurement], view: View) -> list[str]:
    """Labels of a column's codes: in the order of the settings, those without a name after, the lack of one last."""
    segment = store.settings(view).segments.get(column)
    named = list(segment.values) if segment else []
    codes = store.in_named_order(tuple(sorted({dict(m.group)[column] for m in measured})), named)
    return [code_label(store.settings(view), column, code, view.lang) for code in codes]
