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
