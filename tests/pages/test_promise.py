"""The promise page as a reader meets it: what it says, what adds up, what is hatched, in every state of the data."""

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.promise import RATED, SECTIONS, SORTS
from pages.ui.address import Choices, changed, params_of, parse
from pages.ui.gap_figures import Dot, Row, dumbbell, span_of
from pages.ui.text import LANGUAGES
from tests.conftest import ROOT, built_once, command, real_set
from tests.pages.conftest import no_error
from tests.pages.test_figures import LETTER, overlap
from tests.pages.test_overview import plain

NUMBER = r"[+\u2212]?\d+[.,]\d"
PHONE_TEXT = 330


@pytest.fixture
def page(open_page):
    def opened(**params: str) -> AppTest:
        app = open_page("promise", **params)
        no_error(app)
        return app

    return opened


def words(app: AppTest) -> str:
    kinds = ("header", "subheader", "markdown", "caption", "warning")
    return plain("\n".join(str(element.value) for kind in kinds for element in getattr(app, kind)))


def figures(app: AppTest) -> list[dict]:
    """What plotly is given, figure by figure."""
    return [json.loads(element.proto.spec) for element in app.get("plotly_chart")]


def alternatives(app: AppTest) -> list[str]:
    return [element.proto.alt for element in app.get("plotly_chart")]


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", ".").replace("\u2212", "-").lstrip("+"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_finding_says_level_gap_interval_and_n(page, lang):
    (finding,) = page(lang=lang).header
    said = plain(finding.value)
    between = "à" if lang == "fr" else "to"
    assert re.search(rf"{NUMBER} \({NUMBER} {between} {NUMBER}, n\u00a0=\u00a0\d", said)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("tab", SECTIONS)
def test_every_part_opens_in_both_languages_and_each_chart_has_a_text(page, lang, tab):
    app = page(lang=lang, tab=tab, pick="on_time")
    assert len(app.get("plotly_chart")) >= 4
    assert all(len(text) > 20 for text in alternatives(app))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("pillar", ["on_time", "first_time", "easy", "human", "fair"])
def test_the_two_gaps_written_add_up_to_the_third_to_the_last_digit(page, lang, pillar):
    said = words(page(lang=lang, pick=pillar))
    pattern = (
        r"Écart de volonté ({n}).*? écart de lucidité ({n}).*? écart de promesse ({n})"
        if lang == "fr"
        else r"Desire gap ({n}).*? knowledge gap ({n}).*? promise gap ({n})"
    )
    desire, knowledge, whole = (number(text) for text in re.search(pattern.replace("{n}", NUMBER), said).groups())
    assert desire + knowledge == whole


def test_the_waterfall_goes_from_wanted_to_lived_in_steps_that_meet(page):
    app = page(lang="en", pick="on_time")
    fall = next(f for f in figures(app) if isinstance((f["data"][0].get("x") or [0])[0], str))
    base, height = fall["data"][0]["base"], fall["data"][0]["y"]
    tops = [round(b + h, 6) for b, h in zip(base, height, strict=True)]
    assert tops[0] == tops[1]  # the desire gap hangs from what is wanted
    assert round(base[1], 6) == tops[2] == tops[3]  # down to what we think, from which the knowledge gap hangs
    assert round(base[3], 6) == tops[4]  # down to what is lived


def test_the_order_is_by_gap_or_by_money_and_stands_in_the_address(page):
    by_gap, by_money = (figures(page(lang="en", sort=sort))[0]["data"][0]["customdata"] for sort in SORTS)
    assert set(by_gap) == set(by_money)
    assert by_money[0] == "on_time"  # the dearest; promises without a cost come last
    assert set(by_money[-2:]) == {"easy", "fair"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_by_money_the_finding_tells_the_dearest_promise_with_its_interval(page, lang):
    said = plain(page(lang=lang, sort="money").header[0].value)
    assert ("less margin" if lang == "en" else "de marge en moins") in said
    assert said.startswith("Delivered on the day we said" if lang == "en" else "Livré le jour dit")


def test_a_click_on_a_promise_is_an_address(page):
    app = page(lang="en")
    box = next(w for w in app.selectbox if w.key.endswith(".pick"))
    box.select("human").run()
    no_error(app)
    assert app.query_params["pick"] in ("human", ["human"])
    assert any("A person when you need one" in s.value for s in app.subheader)


@pytest.mark.parametrize("bad", [{"pick": "' or 1=1"}, {"tab": "nothing"}, {"sort": "x"}, {"cut": "customer_id"}])
def test_a_part_of_the_address_that_is_not_offered_falls_back_to_the_first(page, bad):
    app = page(lang="en", **bad)
    assert app.header
    assert len(app.get("plotly_chart")) >= 4


def test_who_thinks_so_shows_headquarters_above_the_front_office(page):
    said = " ".join(alternatives(page(lang="en", tab="opinions", pick="on_time")))
    back = re.search(rf"Headquarters: ({NUMBER}) above", said)
    front = re.search(rf"Front office: ({NUMBER}) (above|below)", said)
    assert number(back[1]) > number(front[1]) + 1


def test_money_says_association_and_the_months_it_was_measured_on(page):
    said = words(page(lang="en", tab="money"))
    assert "An association, not a proof of cause" in said
    assert "Nov 2023" in said


def test_employees_are_not_filtered_by_segments_of_customers_and_their_rows_are_never_shown(page):
    app = page(lang="en", region="north", tab="opinions", pick="easy")
    assert "we think" in " ".join(alternatives(app))


def hatches(app: AppTest) -> int:
    return json.dumps(figures(app)).count('"shape": "/"')


def never_written(app: AppTest) -> list[str]:
    notes = [note["text"] for figure in figures(app) for note in figure["layout"].get("annotations", ())]
    return [text for text in notes if "never asked" in text]


def test_where_nobody_was_asked_it_is_hatched_and_said_never_drawn_as_zero(opener, ecsi_satisfaction_snapshots):
    app = opener(ecsi_satisfaction_snapshots)("promise", lang="en")
    no_error(app)
    gaps = figures(app)[0]
    names = [trace.get("marker", {}).get("symbol") for trace in gaps["data"]]
    assert len(never_written(app)) >= 7
    hatched = next(t for t in gaps["data"] if t.get("marker", {}).get("pattern", {}).get("shape") == "/")
    assert len(hatched["y"]) == 7
    assert all(width > 0 for width in hatched["x"])
    for symbol in ("line-ns-open", "circle-open"):  # what is wanted, what we think: no mark at all
        assert not gaps["data"][names.index(symbol)].get("x")
    assert len(gaps["data"][names.index("diamond-open")]["x"]) == 3  # expected is a mark of its own
    assert "wants was never asked" in plain(app.header[0].value)


def test_on_ecsi_the_scale_that_was_asked_stands_beside_the_rescaled_mark(opener, ecsi_satisfaction_snapshots):
    said = " ".join(alternatives(opener(ecsi_satisfaction_snapshots)("promise", lang="en")))
    assert "asked on 1 to 10: 7.94" in said


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("tab", SECTIONS)
def test_with_olist_every_part_opens_and_says_what_is_missing(opener, olist_8k_snapshots, lang, tab):
    app = opener(olist_8k_snapshots)("promise", lang=lang, tab=tab)
    no_error(app)
    assert app.header
    said = words(app)
    assert ("self_ratings" in said) if tab == "opinions" else True
    assert "actions" in said


def test_a_promise_that_is_only_a_fact_is_told_by_it_and_hatched_as_a_whole(opener, uci_incident_snapshots):
    app = opener(uci_incident_snapshots)("promise", lang="en")
    no_error(app)
    assert re.search(r"Promises kept: \d+%", plain(app.header[0].value))
    assert "never asked" in never_written(app)


@pytest.fixture(scope="session")
def no_pillars_snapshots(shared_folder) -> Path:
    """The service desk, described without its promise."""

    def build(folder: Path) -> None:
        folder.mkdir()
        example = ROOT / "docs" / "examples" / "uci_incident"
        config = (example / "config.yaml").read_text().replace("./adapter.yaml", str(example / "adapter.yaml"))
        (folder / "config.yaml").write_text(config[: config.index("pillars:")])
        words = ("--config", folder / "config.yaml", "--exports", real_set("uci_incident"))
        command("data.refresh", *words, "--snapshots", folder / "snapshots")

    return built_once(shared_folder / "no_pillars", build) / "snapshots"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("tab", SECTIONS)
def test_without_pillars_dated_promises_stand_there_and_the_page_says_what_to_add(
    opener, no_pillars_snapshots, lang, tab
):
    app = opener(no_pillars_snapshots)("promise", lang=lang, tab=tab)
    no_error(app)
    said = words(app)
    assert all(name in said for name in ("pillars", "surveys", "self_ratings"))
    assert ("Demandes avec échéance" if lang == "fr" else "Issues with a due time") in " ".join(alternatives(app))


# Figures: whatever the width, words are not on each other.

LONGEST = Row(
    "on_time",
    "Des produits et services qui répondent",
    "12,3 k€ de marge (10,1 k€ à 14,5 k€)",
    {
        "wanted": Dot(9.2, 9.1, 9.3),
        "thought": Dot(8.6, 8.5, 8.7),
        "lived": Dot(7.4, 7.2, 7.6),
        "expected": Dot(9, 8.9, 9.1),
    },
    desire="0,6",
    knowledge="1,2",
)
NAMES = {"wanted": "voulu", "thought": "selon nous", "lived": "vécu"}


def test_words_of_the_dumbbell_do_not_overlap_on_a_phone():
    figure = dumbbell([LONGEST, LONGEST], (5.0, 10.0), NAMES)
    found = list(placed(figure, PHONE_TEXT).items())
    for i, (one, a) in enumerate(found):
        for other, b in found[i + 1 :]:
            assert not overlap(a, b), f"{one} overlaps {other}"


def placed(figure, width: int) -> dict:
    """Like `boxes`, with words that stand centred on their place and repeat from row to row."""
    layout, found = figure.layout, {}
    across_plot = width - layout.margin.l - layout.margin.r
    down_plot = layout.height - layout.margin.t - layout.margin.b
    x0, x1 = layout.xaxis.range
    y0, y1 = layout.yaxis.range
    for i, note in enumerate(layout.annotations):
        lines = [re.sub(r"<[^>]+>", "", line) for line in note.text.split("<br>")]
        size = note.font.size
        wide, tall = max(map(len, lines)) * size * LETTER, len(lines) * size * 1.25
        x = note.x * across_plot if note.xref == "paper" else (note.x - x0) / (x1 - x0) * across_plot
        y = (note.y - y0) / (y1 - y0) * down_plot
        left = {"left": x, "right": x - wide, "center": x - wide / 2}[note.xanchor]
        left += note.xshift or 0
        found[f"{i} {note.text}"] = (left, left + wide, y - tall / 2, y + tall / 2)
    return found


def test_what_is_hatched_lies_between_the_marks_beside_it():
    ends = (5.0, 10.0)
    only_lived = Row("a", "a", "", {"lived": Dot(7.0, None, None)})
    assert span_of(only_lived, ("thought", "wanted"), ends) == (7.0, 10.0)
    no_thought = Row("a", "a", "", {"lived": Dot(7.0, None, None), "wanted": Dot(9.0, None, None)})
    assert span_of(no_thought, ("thought",), ends) == (7.0, 9.0)
    nothing = Row("a", "a", "", {})
    assert span_of(nothing, ("lived", "thought", "wanted"), ends) == ends


def test_text_from_outside_stays_text():
    row = Row("x", "<a href='javascript:alert(1)'>x</a>", "", {}, hover=["<b>"], never=[(("lived",), "<i>")])
    figure = dumbbell([row], (5.0, 10.0), {})
    assert "<a " not in figure.to_json()
    assert "&lt;i&gt;" in figure.to_json()


# The page's own parts of an address.


def choices() -> Choices:
    return Choices(["promise", "overview"], ["fr", "en"], {"region": ["north"]}, date(2025, 1, 1), date(2026, 1, 1))


def test_the_parts_of_the_page_are_read_written_and_left_behind_on_another_page():
    view = parse({"tab": ["money"], "sort": ["money"], "pick": ["easy"]}, "promise", choices(), "s")
    assert not view.problems
    assert view.part("tab", SECTIONS) == "money"
    assert {"tab": "money", "sort": "money", "pick": "easy"}.items() <= params_of(view).items()
    assert view.part("cut", ("region",)) == "region"
    assert changed(view, tab="course").part("tab", SECTIONS) == "course"
    assert "tab" not in params_of(changed(view, tab=None))
    elsewhere = changed(view, page="overview")
    assert (elsewhere.parts, elsewhere.pick) == ((), None)
    there = parse({"tab": ["money"]}, "overview", choices(), "s")
    assert there.problems[0].key == "link.unknown_name"


# How the figures came about.


@pytest.mark.parametrize("name", RATED)
def test_every_rating_explains_itself_whatever_is_filtered(open_page, name):
    """Employees know no region: their numbers stay, and their rows are nobody's to read."""
    app = open_page("metrics", lang="en", pick=name, region="north")
    no_error(app)
    assert plain(app.header[0].value)


@pytest.mark.parametrize("lived", [6.9, 7.7, 9.4])
def test_words_for_what_was_never_asked_do_not_lie_on_a_mark(lived):
    text = "selon nous, voulu : jamais demandé"
    row = Row("a", "Un bon réseau", "", {"lived": Dot(lived, None, None)}, never=[(("thought", "wanted"), text)])
    figure = dumbbell([row], (5.0, 10.0), NAMES)
    found = placed(figure, PHONE_TEXT)
    (label,) = (box for name, box in found.items() if text in name)
    plot = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    down = figure.layout.yaxis.range
    mark = (figure.data[-1].y[0] - down[0]) / (down[1] - down[0]) * plot
    assert min(abs(label[2] - mark), abs(label[3] - mark)) > 7
    assert not label[2] < mark < label[3]
    assert label[1] <= PHONE_TEXT
