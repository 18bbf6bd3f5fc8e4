"""The segments page: every shape of every column opens, the way down and up is an address, the list is by pseudonym."""

import pytest

from metrics.definitions import load_catalogue
from tests.pages.conftest import no_error, words

SHAPES = [
    {},
    {"shape": "trend"},
    {"by": "store", "shape": "funnel"},
    {"by": "persona", "by2": "region"},
    {"by": "category"},
]


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("parts", SHAPES, ids=str)
def test_every_shape_opens(open_page, parts, lang):
    app = open_page("segments", lang=lang, metric="promise_kept", **parts)
    no_error(app)
    assert app.header


@pytest.mark.parametrize("metric", sorted(load_catalogue().metrics))
def test_every_metric_opens_by_its_first_column(open_page, metric):
    no_error(open_page("segments", lang="en", metric=metric))


def test_the_planted_region_is_named(open_page):
    app = open_page("segments", lang="en", metric="promise_kept", by="region")
    assert "North" in app.header[0].value


def test_a_group_entered_is_fixed_and_the_way_up_is_shown(open_page):
    app = open_page("segments", lang="en", region="north", persona="families")
    no_error(app)
    said = words(app)
    assert "›" in said
    cut_by = next(w for w in app.selectbox if w.key.endswith(".by"))
    assert "Region" not in cut_by.options
    assert "Persona" not in cut_by.options


def test_strange_parts_of_an_address_fall_back(open_page):
    app = open_page("segments", lang="en", metric="' or 1=1--", by="../../etc", by2="<script>", shape="x")
    no_error(app)


def test_a_link_with_parts_survives_the_round_trip(open_page):
    app = open_page("segments", lang="en", metric="revenue", by="persona", shape="trend")
    next(w for w in app.multiselect if w.key.endswith("where.region")).select("north").run()
    written = {k: v[-1] if isinstance(v, list) else v for k, v in app.query_params.items()}
    assert (written["metric"], written["by"], written["shape"], written["region"]) == (
        "revenue",
        "persona",
        "trend",
        "north",
    )


def opened_list(app):
    """The page with its list of customers open, as a click on it leaves it."""
    app.session_state["roster"] = True
    return app.run()


def crumbs(app) -> list[str]:
    """Labels of the way back up, without the marks that keep them from being read as markdown."""
    return [link.proto.label.replace("\\", "") for link in app.get("page_link")]


def test_what_events_carry_is_entered_as_a_segment_is(open_page):
    app = open_page("segments", lang="en", metric="rating_mean", region="north", category="washing", by="team")
    no_error(app)
    assert crumbs(app) == ["The whole company", "Region: North", "Category: Washing"]
    assert "Category" not in next(w for w in app.selectbox if w.key.endswith(".by")).options
    everyone = open_page("segments", lang="en", metric="rating_mean", region="north", by="team")
    assert app.header[0].value != everyone.header[0].value


def test_an_unknown_code_of_an_event_column_is_said_and_nothing_is_filtered(open_page):
    app = open_page("segments", lang="en", metric="rating_mean", category="' or 1=1--")
    no_error(app)
    assert any("category" in warning.value for warning in app.warning)
    assert app.header[0].value == open_page("segments", lang="en", metric="rating_mean").header[0].value


def test_a_filter_that_the_metric_cannot_follow_is_said(open_page):
    app = open_page("segments", lang="en", metric="revenue", reason="returns")
    no_error(app)
    assert "since Revenue does not carry it" in words(app)


def test_the_filters_by_events_stay_on_this_page(open_page):
    app = open_page("promise", lang="en", category="washing")
    assert any("category" in warning.value for warning in app.warning)


@pytest.fixture
def open_olist(opener, olist_8k_snapshots):
    return opener(olist_8k_snapshots)


WHOLE = {"from": "2016-10", "to": "2018-09", "lang": "en"}


@pytest.mark.parametrize("metric", ["promise_kept", "rating_mean"])
@pytest.mark.parametrize("by", [{"by": "state"}, {"by": "category"}, {"by": "state", "by2": "category"}], ids=str)
def test_on_olist_a_state_and_a_category_drill_to_one_order_s_walk(open_olist, metric, by):
    no_error(open_olist("segments", metric=metric, **by, **WHOLE))
    app = opened_list(open_olist("segments", metric=metric, state="SP", category="health_beauty", **by, **WHOLE))
    no_error(app)
    assert crumbs(app) == ["The whole company", "State: SP", "Category: health_beauty"]
    rows = app.dataframe[-1].value
    assert len(rows) >= 10
    link = rows.iloc[0, 0]
    assert "category" not in link
    walk = open_olist("walk", pick=link.split("pick=")[1].split("&")[0], state="SP", **WHOLE)
    no_error(walk)
    assert "We promised the delivery for this day" in words(walk)


def test_on_olist_a_state_below_the_threshold_is_hidden_with_its_list_and_nothing_breaks(open_olist):
    """Amapá, Roraima, Acre: in 2017 fewer than ten customers of each answered."""
    for state in ("AP", "RR", "AC"):
        app = opened_list(open_olist("segments", metric="rating_mean", state=state, by="category", **WHOLE))
        no_error(app)
        said = words(app)
        assert "too few people to be shown" in app.header[0].value
        assert "nobody is listed" in said
        assert not [frame for frame in app.dataframe if "Customer" in frame.value.columns]
