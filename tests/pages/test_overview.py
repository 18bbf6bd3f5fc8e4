"""The Overview as a reader meets it: what it says, in both languages, with filters, with little data, with none."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import no_error, tiles
from tests.pages.conftest import words as written


def words(app: AppTest) -> str:
    """Everything written on the page, without the marks of markdown."""
    return plain(written(app))


def plain(text: str) -> str:
    """Markdown as it is read: without escapes, colours and icons."""
    return re.sub(r":[a-z-]+\[|:material/\w+:", "", re.sub(r"\\(.)", r"\1", text))


@pytest.fixture
def page(open_page):
    """The Overview of an address, without an error."""

    def opened(**params: str) -> AppTest:
        app = open_page("overview", **params)
        no_error(app)
        return app

    return opened


def test_it_opens_with_one_finding_that_says_n_and_its_interval(page):
    app = page(lang="en")
    (finding,) = app.header
    said = plain(finding.value)
    assert re.search(r"\d to .?\d", said)
    assert "n\u00a0=\u00a0" in said


def test_both_sides_show_six_figures_for_the_same_customers_and_period(page):
    app = page(lang="en")
    labels = [tile["label"] for tile in tiles(app)]
    assert labels[:6] == [
        "Revenue",
        "Orders",
        "Average basket",
        "Active customers",
        "Second purchase",
        "Kept over 12 months",
    ]
    assert labels[6:] == [
        "NPS",
        "It was easy",
        "Solved in one contact",
        "Repeat contacts, 7 d",
        "Promises kept",
        "Revenue not heard",
    ]
    assert [h.value for h in app.subheader][:2] == [":blue[What the CRM sees]", ":orange[What customers live]"]


def test_every_figure_says_its_interval_or_why_it_has_none(page):
    shown = tiles(page(lang="en"))
    assert len(shown) == 12
    for tile in shown:
        assert re.search(r"[\dKM] to .?\d|Hidden|Too few", tile["notes"][0])


def test_both_languages_say_the_same_numbers(page):
    french, english = (
        [re.sub(r"[^\d]", "", tile["value"]) for tile in tiles(page(lang=lang))] for lang in ("fr", "en")
    )
    assert french == english


def test_french_has_no_english_and_no_breakable_space_before_punctuation(page):
    said = words(page(lang="fr"))
    assert "Ce que voit le CRM" in said
    assert not re.search(r"\b(the|customers|against|worse|better)\b", said)
    assert not re.search(r" [;:!?%]", said)


def test_a_filter_changes_the_figures(page):
    everyone = [tile["value"] for tile in tiles(page(lang="en"))]
    north = [tile["value"] for tile in tiles(page(lang="en", region="north"))]
    assert everyone != north


def test_without_a_comparison_no_figure_has_a_change(page):
    assert all(tile["change"] is None for tile in tiles(page(lang="en", vs="none")))


def test_a_year_that_the_data_holds_in_part_is_said_to_be_nothing_to_compare_with(page):
    app = page(lang="en", **{"from": "2024-06", "to": "2025-05"}, vs="year_before")
    assert all(tile["change"] is None for tile in tiles(app))
    assert "Nothing is compared: the data begins on 1 Nov 2023" in words(app)
    assert "Nothing is compared" not in words(page(lang="en"))


def test_the_quadrants_and_those_nobody_can_place_are_counted(page):
    said = words(page(lang="en"))
    assert re.search(r"Not placed.+\d+ customers", said)


def test_three_things_at_most_each_with_n_and_a_way_there(page):
    said = words(page(lang="en"))
    assert re.search(r"(One thing|Two things|Three things) to look at|To look at", said)
    assert re.search(r"comparisons between groups", said)


def test_a_thing_to_look_at_leads_to_the_same_view_of_that_group(page):
    """The link of each card keeps period, comparison and language, and adds the group."""
    app = page(lang="en")
    titles = [title for m in app.markdown for title in re.findall(r"^\*\*.+\*\*$", m.value, re.MULTILINE)]
    links = [e.proto.query_string for e in app.get("page_link")]
    assert len(links) == len(titles) <= 3
    assert all("vs=year_before" in link and "lang=en" in link for link in links)


def test_a_very_small_selection_says_why_figures_are_missing(page):
    said = words(page(lang="en", region="paris", persona="seniors", acquisition_channel="flash_sale"))
    assert re.search(r"Hidden: it or a group beside it|Nothing to count here|Too few to tell", said)


def test_a_tile_is_a_dash_when_hidden_and_pale_when_too_few_can_tell(page):
    shown = tiles(page(lang="en", region="paris", persona="seniors", acquisition_channel="flash_sale"))
    hidden = [tile for tile in shown if tile["notes"][0].startswith("Hidden")]
    assert all(tile["value"] == "–" for tile in hidden)
    assert [tile["is_pale"] for tile in shown] == ["Too few to tell" in tile["notes"] for tile in shown]
    assert hidden or any(tile["is_pale"] for tile in shown)


def test_details_are_closed_until_asked_for(page):
    """Tables, definitions, SQL and rows cost nothing to who doesn't open them."""
    app = page(lang="en")
    assert not app.dataframe
    assert not [code for code in app.code if code.language == "sql"]
    assert len(app.get("plotly_chart")) == 2


def test_a_company_without_contacts_sees_what_is_missing_and_what_to_add(opener, olist_8k_snapshots):
    app = opener(olist_8k_snapshots)("overview", lang="en")
    no_error(app)
    said = words(app)
    assert "Satisfied customers" in said
    assert re.search(r"Not in this data: .*Solved in one contact.*feed contacts", said)
    assert len(app.get("plotly_chart")) == 2


def test_a_company_without_orders_still_gets_a_finding(opener, uci_incident_snapshots):
    app = opener(uci_incident_snapshots)("overview", lang="fr")
    no_error(app)
    assert "Promesses tenues" in words(app)
    assert re.search(r"de .+ à .+ n\u00a0=\u00a0", plain(app.header[0].value))
