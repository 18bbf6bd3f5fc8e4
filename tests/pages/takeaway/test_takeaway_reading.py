"""A figure read for an office program: what it draws, under the names that its table gives."""

from datetime import date

import plotly.graph_objects as go
import pytest

from pages.ui import bar_figures, gap_figures, group_figures, matrix_figures, promise_figures
from pages.ui.export import Column, Table
from pages.ui.takeaway.names import named
from pages.ui.takeaway.pieces import MOST_ROWS, pages_of
from pages.ui.takeaway.reading import panel

GROUPS = [
    group_figures.Group("n", "North", "71% · n = 40", 0.71, 0.60, 0.80),
    group_figures.Group("s", "South", "55% · n = 9", 0.55, 0.30, 0.75, is_told=False),
]
TABLE = Table(
    (Column("Group"), Column("Kept", "share"), Column("At least", "share"), Column("n", "count")),
    (("North", 0.71, 0.60, 40), ("South", 0.55, 0.30, 9)),
)
NOTHING = Table((), ())


def marks(found):
    return [s for s in found.series if s.size]


def test_groups_are_marks_with_their_names_values_and_intervals():
    found = panel(group_figures.forest(GROUPS, 0.6, "cem", ".0%", True).to_dict(), TABLE)
    assert found.kind == "points"
    assert [(s.name, s.unit, s.x, s.labels) for s in marks(found)] == [
        ("Kept", "share", (0.71,), ("North",)),
        ("Kept", "share", (0.55,), ("South",)),
    ]
    assert marks(found)[0].colours != marks(found)[1].colours, "too few to tell is grey"
    whiskers = [tuple(round(v, 6) for v in s.x[:2]) for s in found.series if s.width == 2]
    assert whiskers == [(0.60, 0.80), (0.30, 0.75)]
    assert [w.head for w in found.words] == ["North", "South"]


def test_words_too_long_for_a_phone_stand_on_two_lines_in_all_rows_and_are_read_as_before():
    long = group_figures.Group("w", "West", "Human · 49% · 30% to 68% · n = 1,121 · too few to tell", 0.49, 0.30, 0.68)
    tall, flat = (group_figures.forest(groups, 0.6, "cem", ".0%", True) for groups in ([*GROUPS, long], GROUPS))
    assert all("<br>" in note.text for note in tall.layout.annotations)
    assert not any("<br>" in note.text for note in flat.layout.annotations)
    assert tall.layout.height / 3 > flat.layout.height / 2
    assert [w.head for w in panel(tall.to_dict(), NOTHING).words] == ["North", "South", "West"]


def test_bars_from_zero_are_categories_with_values():
    rows = [bar_figures.Amount("Late", "12 to 20", 16.0, 12.0, 20.0), bar_figures.Amount("Lost", "hidden", None)]
    found = panel(bar_figures.amounts(rows).to_dict(), NOTHING)
    assert found.kind == "rows"
    assert found.categories == ("Late\n12 to 20",)
    assert [(s.x, s.low, s.high) for s in found.series] == [((16.0,), (4.0,), (4.0,))]


def test_a_waterfall_hangs_its_gaps_on_unseen_bars():
    steps = [
        promise_figures.Step("Wanted", "9", 0, 9, "#000001", True),
        promise_figures.Step("The gap", "-2", 7, 9, "#000002", False),
    ]
    found = panel(promise_figures.waterfall(steps).to_dict(), NOTHING)
    assert found.categories == ("Wanted", "The gap")
    unseen, seen = found.series
    assert (unseen.is_unseen, unseen.y, seen.y) == (True, (0.0, 7.0), (9.0, 2.0))
    assert found.is_stacked


def test_a_course_has_its_days_and_the_edges_of_its_interval():
    spots = [promise_figures.Spot(date(2026, month, 1), 7.0 + month, 6.0, 9.0, "") for month in (1, 2)]
    found = panel(promise_figures.course(spots, [], [], (0, 10)).to_dict(), NOTHING)
    assert found.x.is_date
    high, low, line = (s for s in found.series)
    assert (high.y, low.y, line.y) == ((9.0, 9.0), (6.0, 6.0), (8.0, 9.0))
    assert line.x == (46023.0, 46054.0), "days as spreadsheets count them"


def test_crossed_groups_are_a_table_and_what_is_hidden_stays_hidden():
    cells = [
        matrix_figures.Cell("a", "x", 10.0, "+10", "", "1"),
        matrix_figures.Cell("b", "x", None, "·", "", "2"),
        matrix_figures.Cell("a", "y", 20.0, "+20", "", "3"),
    ]
    found = panel(matrix_figures.crossed(cells, ("a", "b"), ("x", "y")).to_dict(), NOTHING)
    assert [[f.text for f in row] for row in found.fields] == [["+10", "·"], ["+20", ""]]
    assert [[f.shade for f in row] for row in found.fields] == [[0.0, None], [1.0, None]]


def test_marks_of_a_dumbbell_stand_in_the_row_of_their_promise():
    dots = {"wanted": gap_figures.Dot(9, None, None), "lived": gap_figures.Dot(7, 6.5, 7.5)}
    rows = [gap_figures.Row("p", "On time", "gap 2", dots), gap_figures.Row("q", "Easy", "gap 1", dots)]
    found = panel(gap_figures.dumbbell(rows, (0, 10), {}).to_dict(), NOTHING)
    assert {s.labels for s in marks(found)} == {("On time", "Easy")}
    assert all(len(set(s.y)) == 2 for s in marks(found))


def test_a_figure_that_shows_nothing_or_two_planes_at_once_leaves_as_its_table():
    assert panel(go.Figure().to_dict(), NOTHING) is None
    assert (
        panel(go.Figure(go.Scatter(x=[1], y=[1]), layout={"yaxis2": {"domain": [0, 0.5]}}).to_dict(), NOTHING) is None
    )


@pytest.mark.parametrize(
    ("values", "name"),
    [((0.71, 0.55), "Kept"), ((40.0, 9.0), "n"), ((0.5,), ""), ((None,), ""), ((0.7100000001, None), "Kept")],
)
def test_a_series_is_named_by_the_column_that_holds_its_values(values, name):
    assert named(values, TABLE).name == name


def test_in_a_long_table_a_series_is_named_by_what_its_rows_say():
    rows = (("wanted", 9.0), ("wanted", 8.5), ("lived", 7.0), ("lived", 7.5))
    assert named((7.5, 7.0), Table((Column("Mark"), Column("Value", "score")), rows)).name == "lived"


def test_more_rows_than_a_slide_holds_go_on_the_next_one_and_none_is_lost():
    many = [group_figures.Group(str(i), f"Group {i}", "", i, i - 1, i + 1) for i in range(MOST_ROWS * 2 + 3)]
    pieces = pages_of(panel(group_figures.forest(many, 5.0, "cem", ".0f", False).to_dict(), NOTHING))
    assert len(pieces) == 3
    names = [label for piece in pieces for s in marks(piece) for label in s.labels]
    assert sorted(names) == sorted(g.name for g in many)
    assert [w.head for piece in pieces for w in piece.words] == [g.name for g in many]
    assert all(0 <= w.y <= 1 for piece in pieces for w in piece.words)


def test_what_is_not_a_number_is_a_gap():
    figure = go.Figure(go.Scatter(x=[1, 2, 3], y=[1.0, float("nan"), float("inf")], mode="lines"))
    (series,) = panel(figure.to_dict(), NOTHING).series
    assert series.y == (1.0, None, None)
