"""The metrics page: every metric is listed, opens by its address, explains itself in both languages."""

import re

import pytest

from metrics.definitions import load_catalogue
from pages.ui.defined import folded, plainly, speaks_of, texts
from tests.pages.conftest import entries, no_error, words

METRICS = load_catalogue().metrics


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_metric_is_listed_with_its_definition(open_page, lang):
    app = open_page("metrics", lang=lang)
    no_error(app)
    listed = {one["code"]: (one["name"], one["text"]) for one in entries(app)}
    assert listed == {name: (metric.label[lang], metric.definition[lang]) for name, metric in METRICS.items()}
    assert str(len(METRICS)) in app.header[0].value


@pytest.mark.parametrize("name", sorted(METRICS))
def test_every_metric_opens_by_its_address_and_says_everything(open_page, name):
    metric = METRICS[name]
    app = open_page("metrics", pick=name, lang="fr")
    no_error(app)
    plain = words(app).replace("\\", "").replace("\u2060", "")
    assert app.header[0].value.replace("\\", "") == metric.label["fr"]
    for text in (metric.definition["fr"], metric.formula["fr"], metric.source, name):
        assert re.sub(r"\s*\n\s*", " ", text.strip()) in plain
    assert app.dataframe, "the worked example"


def test_a_metric_opened_from_the_list_is_closed_again(open_page):
    app = open_page("metrics", lang="en", pick="promise_kept")
    assert app.header[0].value == METRICS["promise_kept"].label["en"]
    next(b for b in app.button if b.label == "All metrics").click().run()
    assert "pick" not in app.query_params
    assert len(entries(app)) == len(METRICS)


def test_an_unknown_metric_is_said_and_the_nearest_offered(open_page):
    app = open_page("metrics", pick="npss", lang="en")
    no_error(app)
    assert "npss" in app.warning[0].value
    assert len(entries(app)) == len(METRICS)


def test_searching_finds_by_any_word_in_either_language_without_accents():
    nps = METRICS["nps"]
    assert speaks_of(nps, "promoter")
    assert speaks_of(nps, "DETRACTEURS promoteurs")
    assert not speaks_of(nps, "promoter parapluie")
    assert speaks_of(nps, "")
    assert folded("Émotion") == "emotion"


def test_the_search_narrows_the_list(open_page):
    app = open_page("metrics", lang="en")
    app.text_input[0].set_value("promoters").run()
    shown = {one["code"] for one in entries(app)}
    assert "nps" in shown
    assert "revenue" not in shown
    app.text_input[0].set_value("zzzz").run()
    assert "No metric speaks of that." in words(app)


def test_the_value_shown_is_the_one_of_the_filters(open_page):
    everybody, north = (words(open_page("metrics", pick="orders", lang="en", **w)) for w in ({}, {"region": "north"}))
    now = [next(line for line in text.splitlines() if line.startswith("Now")) for text in (everybody, north)]
    assert now[0] != now[1]


def test_a_metric_that_this_data_cannot_tell_says_what_it_needs(open_page):
    app = open_page("metrics", pick="effort", lang="en", **{"from": "2023-11", "to": "2023-11", "region": "unknown"})
    no_error(app)


def test_the_pages_that_show_a_metric_are_named(open_page):
    app = open_page("metrics", pick="revenue", lang="en")
    assert "Where it is used" in words(app)
    assert METRICS["revenue"].name in words(app)


def test_example_rows_tell_null_from_nothing():
    assert texts([{"score": 10, "kind": "a"}, {"score": None}]) == {"score": ["10", "null"], "kind": ["a", ""]}


@pytest.mark.parametrize(("value", "text"), [(25.0, "25"), (0.75, "0.75"), (1 / 3, "0.3333"), (None, "–")])
def test_results_show_as_many_decimals_as_they_have(value, text):
    assert plainly(value, "en") == text
