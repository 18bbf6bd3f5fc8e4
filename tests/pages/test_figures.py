"""Figures: nothing overlaps at any width, colours follow the theme, text from outside stays text."""

import itertools
import re
import tomllib
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from pages.ui import figures, group_figures, handle_time_figures, walk_figures
from pages.ui.figures import Bar, QuadrantLabel
from pages.ui.group_figures import Group
from tests.pages.conftest import contrast

ROOT = Path(__file__).resolve().parents[2]
LETTER = 0.56  # of the font's size: wide for a mean letter of a sans-serif face
LINE = 1.3
PHONE, PROJECTOR, WIDE = 300, 620, 800  # width of the figure on each screen
LONGEST = {
    "healthy": QuadrantLabel("En bonne santé", "128 310 clients", "108,7 M €"),
    "silent_risk": QuadrantLabel("Risque silencieux", "101 204 clients", "102,1 M €"),
    "unseen_love": QuadrantLabel("Attachement ignoré", "104 022 clients", "101,6 M €"),
    "known_risk": QuadrantLabel("Risque connu", "102 876 clients", "100,9 M €"),
}
POINTS = [(x, y, "silent_risk" if x >= 50 > y else "healthy") for x in range(0, 101, 10) for y in range(0, 101, 10)]


def spot(labels=LONGEST, points=POINTS):
    return figures.blind_spot(
        points, (50.0, 50.0), labels, ("Santé dans le CRM", "Santé de l’expérience"), "{crm} {cem}"
    )


def lines_of(annotation) -> list[str]:
    return [re.sub(r"<[^>]+>", "", line) for line in annotation.text.split("<br>")]


def boxes(figure, width: int) -> dict[str, tuple[float, float, float, float]]:
    """Annotation -> left, right, bottom, top in pixels of the plot area, for a figure so many pixels wide."""
    layout = figure.layout
    plot_width = width - layout.margin.l - layout.margin.r
    plot_height = layout.height - layout.margin.t - layout.margin.b
    found = {}
    for note in layout.annotations:
        size = note.font.size
        across = max(len(line) for line in lines_of(note)) * size * LETTER
        tall = len(lines_of(note)) * size * LINE
        x0, x1 = (0, 1) if note.xref == "paper" else layout.xaxis.range
        y0, y1 = layout.yaxis.range
        x, y = (note.x - x0) / (x1 - x0) * plot_width, (note.y - y0) / (y1 - y0) * plot_height
        left = x if note.xanchor == "left" else x - across
        bottom = y if note.yanchor == "bottom" else y - tall
        found[note.text] = (left, left + across, bottom, bottom + tall)
    return found


def overlap(a, b) -> bool:
    return a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]


@pytest.mark.parametrize("width", [PHONE, PROJECTOR, WIDE])
def test_quadrant_labels_never_overlap_nor_leave_the_plot(width):
    figure = spot()
    found = boxes(figure, width)
    assert len(found) == 4
    for (one, a), (other, b) in itertools.combinations(found.items(), 2):
        assert not overlap(a, b), f"{one} overlaps {other} at {width} pixels"
    for text, (left, right, *_) in found.items():
        inside = width - figure.layout.margin.l - figure.layout.margin.r
        assert -1 <= left < right <= inside + 1, f"{text} is cut at {width} pixels"


def test_no_dot_can_lie_under_a_label():
    figure = spot()
    low, high = figure.layout.yaxis.range
    height = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    for text, (_, _, bottom, top) in boxes(figure, WIDE).items():
        bottom_value, top_value = (low + p / height * (high - low) for p in (bottom, top))
        assert bottom_value >= 100 or top_value <= 0, f"{text} covers health {bottom_value:.0f} to {top_value:.0f}"


def test_every_customer_drawn_is_a_dot_and_silent_risk_has_the_colour_of_experience():
    quiet, silent = spot().data
    assert len(quiet.x) + len(silent.x) == len(POINTS)
    assert all(x >= 50 > y for x, y in zip(silent.x, silent.y, strict=True))
    assert (quiet.marker.color, silent.marker.color) == (figures.QUIET, figures.CEM)


def test_labels_from_outside_stay_text():
    evil = QuadrantLabel('<a href="https://evil.example">x</a>', "<b>1</b>\n2", "<br>")
    text = spot({"healthy": evil}).layout.annotations[0].text
    assert "<a" not in text
    assert text.count("<b>") == 1
    assert text.count("<br>") == 2


def test_a_hover_text_from_outside_is_no_template():
    figure = figures.blind_spot([], (50, 50), {}, ("a", "b"), "<i>{crm}</i>")
    assert figure.data[0].hovertemplate == "&lt;i&gt;%{x:.0f}&lt;/i&gt;<extra></extra>"


def test_colours_are_those_of_the_theme_in_light_and_dark():
    """A figure only holds Streamlit's placeholders, and the theme gives both modes the colours they stand for."""
    drawn = [spot().update_layout(template=None), figures.shares(BARS).update_layout(template=None)]
    written = "".join(figure.to_json() for figure in drawn)
    colours = set(re.findall(r"#[0-9a-fA-F]{6}", written))
    assert colours <= {figures.CRM, figures.CEM, figures.QUIET, figures.INK}
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
    for mode in ("light", "dark"):
        palette = theme[mode]["chartCategoricalColors"]
        assert len(set(palette[:3])) == 3
        for colour in palette[:2]:
            assert contrast(colour, theme[mode]["backgroundColor"]) >= 4.5, f"{colour} is text in {mode}"


BARS = [
    Bar("Risque silencieux", "31 % (de 27 à 35 %) · n = 10 812", 0.31, 0.27, 0.35, is_marked=True),
    Bar("Attachement ignoré", "trop peu pour conclure", None, None, None),
    Bar("En bonne santé", "12 % (de 11 à 13 %) · n = 10 812", 0.12, 0.11, 0.13),
]


def test_bars_start_at_zero_and_hold_their_intervals():
    figure = figures.shares(BARS)
    bar = figure.data[0]
    low, high = figure.layout.xaxis.range
    assert low == 0
    assert all(x + up <= high for x, up in zip(bar.x, bar.error_x.array, strict=True))
    assert [x - down for x, down in zip(bar.x, bar.error_x.arrayminus, strict=True)] == pytest.approx([0.27, 0.11])


def test_a_share_nobody_can_tell_has_words_and_no_bar():
    figure = figures.shares(BARS)
    assert list(figure.data[0].y) == [0, 2]
    assert len(figure.layout.annotations) == 3


@pytest.mark.parametrize("width", [PHONE, PROJECTOR, WIDE])
def test_words_of_a_bar_stand_above_it_and_fit(width):
    figure = figures.shares(BARS)
    inside = width - figure.layout.margin.l - figure.layout.margin.r
    found = boxes(figure, width)
    assert all(right <= inside for _, right, _, _ in found.values())
    for one, other in itertools.combinations(found.values(), 2):
        assert not overlap(one, other)
    assert all(note.y == row - 0.16 for row, note in enumerate(figure.layout.annotations))
    assert figure.data[0].width / 2 < 0.16


def test_no_bar_at_all_still_draws():
    assert figures.shares([BARS[1]]).layout.xaxis.range == (0, 1.04)


def test_a_forest_in_which_nothing_is_told_shows_whole_intervals():
    rows = [Group("a", "A", "1", 0.001, -0.02, 0.03), Group("b", "B", "2", 0.002, -0.01, 0.01)]
    for is_told, holds in ((False, True), (True, False)):
        groups = [replace(rows[0], is_told=False), replace(rows[1], is_told=is_told)]
        low, high = group_figures.forest(groups, 0.0, "cem", ".1%", False).layout.xaxis.range
        assert (low < -0.02 and high > 0.03) == holds


def test_an_interval_that_goes_on_beyond_the_scale_ends_in_an_arrowhead():
    told = Group("a", "A", "1", 0.2, 0.1, 0.3)
    wide = [Group(code, code, "", 0.2, low, high, False) for code, low, high in (("b", -0.9, 0.25), ("c", 0.15, 0.9))]
    drawn = group_figures.forest([told, *wide], None, "cem", ".1%", False)
    low, high = drawn.layout.xaxis.range
    assert [shape.path.split()[1] for shape in drawn.layout.shapes] == [str(low), str(high)]
    assert not group_figures.forest([told], None, "cem", ".1%", False).layout.shapes


def test_events_of_nearly_the_same_day_do_not_hide_one_another():
    ends = (date(2025, 11, 1), date(2026, 11, 1))

    def mark(day: int, month: int, lane: str = "reality") -> walk_figures.Mark:
        return walk_figures.Mark(datetime(2026, month, day), "contact", lane, False, str((day, month)))

    marks = [mark(1, 3), mark(4, 3), mark(5, 3), mark(1, 6), mark(4, 3, "promise")]
    rows = walk_figures.places(marks, ends)
    assert [rows[m] for m in marks] == [0, 1, 2, 0, 0]


def test_names_of_dots_do_not_lie_on_one_another():
    """Three dots in one place, one far to the right of them, one far above: only the three are moved, and only up."""
    spots = [(100, 0.1), (101, 0.1), (102, 0.101), (190, 0.1), (100, 0.3)]
    places = [handle_time_figures.Place("Chat", (x, x - 1, x + 1), (y, y - 0.01, y + 0.01), "") for x, y in spots]
    drawn = handle_time_figures.plane(places, ("seconds", "share"))
    heights = {(note.x, round(note.y, 4)) for note in drawn.layout.annotations}
    least = handle_time_figures.LINE * drawn.layout.yaxis.range[1]
    near = sorted(y for x, y in heights if x < 103 and y < 0.3)
    assert {(190, 0.1), (100, 0.3), (100, 0.1)} <= heights
    assert len(near) == 3
    assert all(b - a > 0.99 * least for a, b in zip(near, near[1:], strict=False))
