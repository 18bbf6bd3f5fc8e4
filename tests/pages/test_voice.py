"""The voice page opens in both languages, with any address, on companies with and without words."""

import pytest

from tests.pages.conftest import no_error, words


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize(
    "parts", [{}, {"pick": "waiting"}, {"of": "csat", "rated": "low"}, {"region": "north"}], ids=str
)
def test_the_page_opens(open_page, parts, lang):
    app = open_page("voice", lang=lang, **parts)
    no_error(app)
    assert app.header


def test_strange_parts_of_an_address_fall_back(open_page):
    app = open_page("voice", lang="en", tab="' or 1=1", of="<script>", rated="x", pick="no_such_theme")
    no_error(app)
    assert app.text


def test_words_are_masked_and_shown_as_text(open_page):
    app = open_page("voice", lang="fr", pick="late_delivery")
    assert not any("exemple.fr" in element.value or "06 39" in element.value for element in app.text)
    assert "tirés au sort" in words(app).lower()


def test_without_words_the_page_says_what_to_add(opener, uci_incident_snapshots):
    app = opener(uci_incident_snapshots)("voice", lang="en")
    no_error(app)
    assert "verbatim" in words(app)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_patients_of_the_nhs_are_read_in_points_of_satisfied_patients(opener, nhs_patient_experience_snapshots, lang):
    app = opener(nhs_patient_experience_snapshots)("voice", lang=lang)
    no_error(app)
    assert ("Waiting" if lang == "en" else "Attente") in app.header[0].value
    assert ("as they were read" if lang == "en" else "telles que lues") in words(app)


def test_the_accuracy_of_the_reading_is_shown_when_asked_for(open_page):
    app = open_page("voice", lang="en")
    app.session_state["voice_sure"] = True
    app.run()
    no_error(app)
    table = next(frame.value for frame in app.dataframe if "Labelled texts" in frame.value.columns)
    assert {"Late delivery", "Anger", "Notes that speak badly"} <= set(table["What"])
