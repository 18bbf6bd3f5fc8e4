"""The charts of a page as sheets to take away: each with what makes a number quotable once it has left its page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from metrics.definitions import Metric
from metrics.selection import first_step, next_step
from pages.ui import formats, kpi, notes, store
from pages.ui.address import View
from pages.ui.export import Table, readable
from pages.ui.shown import Drawn, Shown
from pages.ui.stated import Stated
from pages.ui.takeaway.marks import SERIAL
from pages.ui.takeaway.panels import Panel, Words
from pages.ui.takeaway.reading import panel
from pages.ui.takeaway.slides import Sheet
from pages.ui.text import t

MOST_DATES = 9  # written along an axis of time
MOST_HEADING = 150  # letters
NOTED, LONGEST_NOTE = 2, 150  # notes for the room under a chart, letters of each; the speaker's notes have them all
DEFINED = 2  # metrics whose definition stands under a chart

Cells = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Facts:
    """About a chart or a table: its name in words, definitions of what it shows, interval, n, notes for the room."""

    heading: str
    definitions: tuple[str, ...]
    sureness: tuple[str, ...]
    notes: tuple[str, ...] = ()


def sheets(shown: Shown, about: Stated) -> list[Sheet]:
    """One for every chart of the page, in its order; the finding alone where there is none."""
    return [sheet_of(drawn, shown, about) for drawn in shown.charts.values()] or [
        sheet(shown, about, Facts(about.page, (), ()), None, (), "", shown.finding)
    ]


def sheet_of(drawn: Drawn, shown: Shown, about: Stated) -> Sheet:
    view, table = shown.view, drawn.table()
    found = panel(notes.with_marks(drawn.spec, shown.notes or ()), table)
    facts = facts_of(drawn, table, shown, rows_of(found) if found else ())
    texts = readable(table, view.lang, store.settings(view).company.currency)
    cells = (tuple(texts), *zip(*texts.values(), strict=True))
    return sheet(shown, about, facts, found and written(found, view.lang), cells, drawn.note, drawn.alt)


def sheet(shown: Shown, about: Stated, facts: Facts, found: Panel | None, cells: Cells, note: str, alt: str) -> Sheet:
    whole = (f"{about.company} · {about.page} · {about.period} · {about.limits}", f"{about.data} · {about.address}")
    return Sheet(
        title=shown.finding or about.page,
        heading=facts.heading or about.page,
        panel=found,
        cells=cells,
        note=note,
        footer=(*facts.definitions, *facts.sureness, *map(short, facts.notes[:NOTED]), *whole),
        link=about.address,
        alt=alt,
        spoken=facts.notes,
        other=t("takeaway.value", shown.view.lang),
        more=t("takeaway.more_rows", shown.view.lang),
    )


def short(remark: str) -> str:
    return remark if len(remark) <= LONGEST_NOTE else f"{remark[:LONGEST_NOTE].rstrip()}…"


def rows_of(found: Panel) -> tuple[str, ...]:
    """Names of its rows."""
    return (*(c.split("\n")[0] for c in found.categories), *(w.head for w in found.words if w.is_head))


def facts_of(drawn: Drawn, table: Table, shown: Shown, rows: Sequence[str] = ()) -> Facts:
    view, remarks = shown.view, tuple(notes.beside(drawn.spec, shown))
    known = metrics_of(drawn, table, view)
    lang, currency = view.lang, store.settings(view).company.currency
    definitions = tuple(t("takeaway.defined", lang, metric=m.label[lang], words=m.definition[lang]) for m in known)
    sureness = []
    for metric in known[:1]:
        now = store.measured(metric.name, view)[0]
        words = formats.NOTHING if now.value is None else kpi.sureness(metric, now, lang, currency)
        method = t(f"interval.{metric.interval}", lang)
        sureness.append(t("takeaway.sureness", lang, metric=metric.label[lang], sureness=words, method=method))
    heading = heading_of(drawn, rows, known, view)
    return Facts(heading, definitions, tuple(sureness) or counted(table, lang), remarks)


def metrics_of(drawn: Drawn, table: Table, view: View) -> list[Metric]:
    """The metric whose label stands in what the chart is called, then those that head columns of its table.

    Of a chart of models the columns may count other things than it shows.
    """
    by_label = {m.label[view.lang]: m for m in store.catalogue(view).metrics.values()}
    said = sorted((label for label in by_label if label in (drawn.heading or first_sentence(drawn.alt))), key=len)[-1:]
    heads = [] if drawn.heading else [c.header for c in table.columns if c.unit and c.header in by_label]
    return [by_label[label] for label in dict.fromkeys([*said, *heads])][:DEFINED]


def heading_of(drawn: Drawn, rows: Sequence[str], known: Sequence[Metric], view: View) -> str:
    """Its own; else the first sentence of the text alternative, unless that already lists the rows."""
    said = drawn.heading or first_sentence(drawn.alt)
    if said and len(said) <= MOST_HEADING and not any(said.startswith(row) for row in rows if row):
        return said
    return known[0].label[view.lang] if known else ""


def first_sentence(alt: str) -> str:
    """Up to its full stop, or up to the colon after which it lists."""
    ends = [place for place in (alt.find(". "), alt.find(": "), alt.find("\u00a0: ")) if place > 0]
    return alt[: min(ends)] if ends else alt.rstrip(".")


def counted(table: Table, lang: str) -> tuple[str, ...]:
    """The smallest and the largest n of a table, under the name that its column has."""
    for place, column in enumerate(table.columns):
        values = [row[place] for row in table.rows if isinstance(row[place], int)] if column.unit == "count" else []
        if values:
            low, high = (formats.number(v, lang) for v in (min(values), max(values)))
            key = "takeaway.counted_alike" if low == high else "takeaway.counted"
            return (t(key, lang, column=column.header, low=low, high=high),)
    return ()


def written(found: Panel, lang: str) -> Panel:
    """With the words of axes that stand for months or names, in the reader's language."""
    words = [Words((((name, False),),), found.x.part(at), 1.02, "center", "top") for at, name in found.x.names]
    words += [Words((((name, False),),), -0.008, 1 - found.y.part(at), "right", "middle") for at, name in found.y.names]
    if found.kind == "points" and found.x.is_date:
        words += months(found, lang)
    if found.kind == "points" and found.x.title and not found.x.is_written:
        words.append(Words((((found.x.title, False),),), 0.5, 1.08, "center", "top"))
    ink = "grayTextColor"
    return replace(found, words=(*found.words, *(replace(w, colour=ink) for w in words)))


def months(found: Panel, lang: str) -> list[Words]:
    """First days of months along an axis of time, every so many."""
    first, last = (date.fromordinal(round(v) + SERIAL) for v in (found.x.low, found.x.high))
    starts, at = [], first_step(first, "month")
    while at <= last:
        starts.append(at)
        at = next_step(at, "month")
    every = -(-len(starts) // MOST_DATES) or 1
    return [
        Words((((formats.month(day, lang), False),),), found.x.part(day.toordinal() - SERIAL), 1.02, "center", "top")
        for day in starts[::every]
    ]
