"""Slides of a page: a chart each, native and editable, under the page's finding, with all that makes it quotable."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.text.text import TextFrame, _Paragraph, _Run
from pptx.util import Emu, Inches, Pt

from pages.ui.takeaway.chart_data import clean
from pages.ui.takeaway.chart_parts import Frame, native
from pages.ui.takeaway.looks import colour, shade
from pages.ui.takeaway.panels import Panel, Words
from pages.ui.takeaway.pieces import pages_of

WIDE, HIGH = 13.333, 7.5  # inches
EDGE = 0.55
PLOT_TOP, PLOT_BOTTOM = 1.75, 5.95
LEFT_OF_BARS, LEFT_OF_LIST = 0.40, 0.46  # part of the chart that the words of its rows take
LETTER = 0.0072  # inches a letter takes on average, for each point of its size
TABLE_ROWS, TABLE_COLUMNS, TABLE_SLIDES = 11, 8, 4
CELL_SIZE, LONGEST_CELL = 10, 70  # points; letters that make a column wide
SIZES = ((90, 26), (160, 22), (250, 18), (340, 15), (10_000, 13))  # title: letters, points
LOCALES = {"fr": "fr-FR", "en": "en-GB"}
ALIGN = {"left": PP_ALIGN.LEFT, "center": PP_ALIGN.CENTER, "right": PP_ALIGN.RIGHT}
ROOMY = 8  # rows that have room for two lines each
STRONG = 0.4  # of the shades, from which words are pale

Cells = tuple[tuple[str, ...], ...]
Place = tuple[float, float, float, float]  # left, top, width, height in inches


@dataclass(frozen=True)
class Sheet:
    """One chart to draw. cells: of its table, as texts, header first, for what has no native chart; empty: no chart.

    footer: lines; the last one carries the link. other: the name of series that have none. more: where the rest of a
    table is that is too long for its slides. spoken: what the speaker's notes say after `alt`.
    """

    title: str
    heading: str
    panel: Panel | None
    cells: Cells
    note: str
    footer: tuple[str, ...]
    link: str
    alt: str
    other: str
    more: str
    spoken: tuple[str, ...] = ()


def deck(sheets: Sequence[Sheet], title: str, language: str) -> bytes:
    """A presentation of all sheets, 16:9."""
    show = Presentation()
    show.slide_width, show.slide_height = Inches(WIDE), Inches(HIGH)
    show.core_properties.title, show.core_properties.language = clean(title), language
    show.core_properties.author = "Outside-In"
    for sheet in sheets:
        for heading, draw in parts_of(sheet):
            slide = framed(show, sheet, heading, language)
            draw(slide)
    out = BytesIO()
    show.save(out)
    return out.getvalue()


def parts_of(sheet: Sheet) -> Iterator:
    """Heading and drawing of each slide that a sheet takes."""
    if not sheet.cells:
        yield sheet.heading, lambda slide: None
    elif sheet.panel is None:
        blocks = blocks_of(sheet)
        for i, cells in enumerate(blocks):
            yield counted(sheet.heading, i, len(blocks)), lambda slide, c=cells: table(slide, c)
    elif sheet.panel.kind == "grid":
        yield sheet.heading, lambda slide: grid(slide, sheet.panel)
    else:
        found = pages_of(sheet.panel)
        for i, panel in enumerate(found):
            yield counted(sheet.heading, i, len(found)), lambda slide, p=panel: chart(slide, p, sheet)


def counted(heading: str, place: int, count: int) -> str:
    return f"{heading} ({place + 1}/{count})" if count > 1 else heading


def blocks_of(sheet: Sheet) -> list[Cells]:
    """The table in as many pieces as slides, each with its header; what is left out is said in the last."""
    head, rows = sheet.cells[0][:TABLE_COLUMNS], [row[:TABLE_COLUMNS] for row in sheet.cells[1:]]
    widths, pieces, room = widths_of((head, *rows)), [[]], 0.0
    for row in rows:
        high = row_height(row, widths)
        if pieces[-1] and (high > room or len(pieces[-1]) == TABLE_ROWS):
            pieces.append([])
        room = (room if pieces[-1] else PLOT_BOTTOM - PLOT_TOP - row_height(head, widths)) - high
        pieces[-1].append(row)
    kept = pieces[:TABLE_SLIDES]
    if len(pieces) > len(kept):
        kept[-1][-1] = (sheet.more, *[""] * (len(head) - 1))
    return [(head, *piece) for piece in kept]


def widths_of(cells: Cells) -> list[float]:
    """Inches of each column: more for wide ones."""
    longest = [max(6, min(LONGEST_CELL, max(len(row[c]) for row in cells))) for c in range(len(cells[0]))]
    return [(WIDE - 2 * EDGE) * letters / sum(longest) for letters in longest]


def row_height(row: Sequence[str], widths: Sequence[float]) -> float:
    """Inches, by the lines of its longest cell."""
    lines = (math.ceil(len(text) * LETTER * CELL_SIZE / (wide - 0.2)) for text, wide in zip(row, widths, strict=True))
    return max(1, *lines) * CELL_SIZE * 1.2 / 72 + 0.12


def framed(show: Deck, sheet: Sheet, heading: str, language: str) -> Slide:
    """A slide with everything but its chart: finding, heading, note, footer, notes of the speaker."""
    slide = show.slides.add_slide(show.slide_layouts[5])
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = (Inches(v) for v in (EDGE, 0.35, WIDE - 2 * EDGE, 0.95))
    size = next(points for letters, points in SIZES if len(sheet.title) <= letters)
    title.text_frame.margin_left = title.text_frame.margin_right = Emu(0)
    say(title.text_frame, ((sheet.title, True),), size, "textColor", language)
    title.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    box(slide, (EDGE, 1.32, WIDE - 2 * EDGE, 0.32), ((heading, False),), 13, "grayTextColor", language)
    if sheet.note:
        note = (EDGE, PLOT_BOTTOM + 0.08, WIDE - 2 * EDGE, 0.52)
        box(slide, note, ((sheet.note, False),), 10 if len(sheet.note) < 380 else 8.5, "textColor", language)
    foot(slide, sheet, language)
    slide.notes_slide.notes_text_frame.text = clean("\n".join([sheet.alt, *sheet.spoken]))
    return slide


def foot(slide: Slide, sheet: Sheet, language: str) -> None:
    """Definition, n and interval, data and snapshot, and the link that opens this page as it is."""
    rule = slide.shapes.add_connector(1, Inches(EDGE), Inches(6.62), Inches(WIDE - EDGE), Inches(6.62))
    rule.line.color.rgb, rule.line.width = RGBColor.from_string(colour("borderColor")), Pt(0.75)
    frame = box(slide, (EDGE, 6.66, WIDE - 2 * EDGE, 0.72), (), 8.5, "grayTextColor", language)
    for i, line in enumerate(sheet.footer):
        paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
        run = add(paragraph, line, 8.5, "grayTextColor", language)
        if i == len(sheet.footer) - 1 and sheet.link.startswith("http"):
            run.hyperlink.address = sheet.link


def chart(slide: Slide, panel: Panel, sheet: Sheet) -> None:
    """The native chart, and as text boxes over it the words that stand in it."""
    area = (EDGE, PLOT_TOP, WIDE - 2 * EDGE, PLOT_BOTTOM - PLOT_TOP)
    frame = frame_of(panel)
    graphic = slide.shapes.add_chart(
        XL_CHART_TYPE.XY_SCATTER, *(Inches(v) for v in area), native(panel, frame, sheet.other)
    )
    graphic.name = clean(sheet.heading)
    graphic._element.nvGraphicFramePr.cNvPr.set("descr", clean(sheet.alt))
    beside = area[2] * (frame.left - 0.02) if panel.is_list else 0.0
    crowd = sum(w.is_head for w in panel.words)
    for words in panel.words:
        if words.is_head and panel.is_list:
            words = replace(words, x=-frame.left / frame.width, lines=lines_of_row(words, crowd))
        label(slide, words, area, frame, beside if words.is_head else 0.0)


def frame_of(panel: Panel) -> Frame:
    """Room for what is written beside the plot."""
    left = 0.075 if panel.kind == "columns" or panel.y.is_seen else 0.015
    left = LEFT_OF_BARS if panel.kind == "rows" else LEFT_OF_LIST if panel.is_list else left
    top = 0.09 if panel.legend else 0.05 if panel.words else 0.02
    bottom = 0.02 if panel.kind == "rows" else 0.1 if panel.x.title or panel.kind == "columns" else 0.075
    has_end_words = any(w.anchor == "left" and w.x > 0.9 and not w.is_head for w in panel.words)
    width = (0.86 if has_end_words else 0.985) - left
    start, end = panel.domain
    return Frame(left + start * width, top, (end - start) * width, 1 - top - bottom)


def lines_of_row(words: Words, crowd: int) -> tuple[tuple[tuple[str, bool], ...], ...]:
    """Name and what is said of it: under each other where there is room."""
    if len(words.lines) == 1 and crowd <= ROOMY:
        return ((words.head, True),), ((words.rest, False),)
    if len(words.lines) > 1 and crowd > ROOMY:
        return (((f"{words.head}  ", True), (words.rest, False)),)
    return words.lines


def label(slide: Slide, words: Words, area: Place, frame: Frame, room: float) -> None:
    """A text box whose anchor stands where the words stand in the figure; `room` inches wide at most, 0 for free."""
    x = area[0] + area[2] * (frame.left + frame.width * words.x)
    y = area[1] + area[3] * (frame.top + frame.height * words.y)
    letters = max((sum(len(text) for text, _ in line) for line in words.lines), default=0)
    room = room or {"left": WIDE - EDGE - x, "right": x - EDGE, "center": 2 * min(x, WIDE - x)}[words.anchor]
    size = min(11.0, max(7.5, room / (LETTER * max(1, letters))))
    width = min(room, letters * LETTER * size * 1.2 + 0.2)
    height = len(words.lines) * size * 1.2 / 72
    left = {"left": x, "right": x - width, "center": x - width / 2}[words.anchor]
    top = {"top": y, "bottom": y - height}.get(words.upright, y - height / 2)
    inside = box(slide, (left, top, width, height), (), size, "textColor", "")
    for i, line in enumerate(words.lines):
        paragraph = inside.paragraphs[0] if i == 0 else inside.add_paragraph()
        paragraph.alignment = ALIGN[words.anchor]
        for text, is_bold in line:
            add(paragraph, text, size, words.colour or "textColor", "", is_bold)


def box(
    slide: Slide,
    place: Place,
    runs: Sequence[tuple[str, bool]],
    size: float,
    ink: str,
    language: str,
) -> TextFrame:
    """A text box without margins, in inches."""
    frame = slide.shapes.add_textbox(*(Inches(v) for v in place)).text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Emu(0)
    frame.word_wrap = True
    say(frame, runs, size, ink, language)
    return frame


def say(frame: TextFrame, runs: Sequence[tuple[str, bool]], size: float, ink: str, language: str) -> None:
    frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    for text, is_bold in runs:
        add(frame.paragraphs[0], text, size, ink, language, is_bold)


def add(paragraph: _Paragraph, text: str, size: float, ink: str, language: str, is_bold: bool = False) -> _Run:
    run = paragraph.add_run()
    run.text = clean(text)
    run.font.size, run.font.bold, run.font.color.rgb = Pt(size), is_bold, RGBColor.from_string(colour(ink))
    if language:
        run.font._element.set("lang", LOCALES[language])
    return run


def grid(slide: Slide, panel: Panel) -> None:
    """Shaded fields as a table that can be edited."""
    cells = [("", *panel.columns)]
    cells += [(name, *(f.text for f in row)) for name, row in zip(panel.categories, panel.fields, strict=True)]
    drawn = table(slide, tuple(cells))
    for r, row in enumerate(panel.fields, start=1):
        for c, one in enumerate(row, start=1):
            if one.shade is None:
                continue
            cell = drawn.cell(r, c)
            cell.fill.solid()
            cell.fill.fore_color.rgb = RGBColor.from_string(shade(one.shade))
            if one.shade > STRONG and cell.text_frame.paragraphs[0].runs:
                ink = RGBColor.from_string(colour("backgroundColor"))
                cell.text_frame.paragraphs[0].runs[0].font.color.rgb = ink


def table(slide: Slide, cells: Cells):
    """A native table, its first row the header; wide columns get more room."""
    height = min(PLOT_BOTTOM - PLOT_TOP, 0.36 * len(cells))
    area = (Inches(v) for v in (EDGE, PLOT_TOP, WIDE - 2 * EDGE, height))
    graphic = slide.shapes.add_table(len(cells), len(cells[0]), *area)
    drawn = graphic.table
    for column, wide in zip(drawn.columns, widths_of(cells), strict=True):
        column.width = Inches(wide)
    for r, row in enumerate(cells):
        for c, text in enumerate(row):
            cell = drawn.cell(r, c)
            cell.fill.solid()
            paper = "secondaryBackgroundColor" if r == 0 else "backgroundColor"
            cell.fill.fore_color.rgb = RGBColor.from_string(colour(paper))
            cell.margin_top = cell.margin_bottom = Inches(0.03)
            say(cell.text_frame, ((text, r == 0),), CELL_SIZE, "textColor", "")
    return drawn
