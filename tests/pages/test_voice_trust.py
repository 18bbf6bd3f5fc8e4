"""The tabs of the voice page on who is heard and on trust open in both languages, with any address, and name nobody."""

import pytest

from tests.pages.conftest import no_error, words

PARTS = [
    {"tab": "heard"},
    {"tab": "heard", "score": "csat", "known": "promises", "cut": "persona"},
    {"tab": "heard", "region": "north"},
    {"tab": "heard", "region": "north", "persona": "families"},
    {"tab": "heard", "score": "' or 1=1--", "known": "<script>", "cut": "../.."},
    {"tab": "trust"},
    {"tab": "trust", "pick": "store:lille", "region": "north"},
    {"tab": "trust", "pick": "'; drop table--"},
]


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("parts", PARTS, ids=str)
def test_the_tabs_open(open_page, parts, lang):
    app = open_page("voice", lang=lang, **parts)
    no_error(app)
    assert app.header


def test_the_evidence_says_value_expectation_n_and_chance(open_page):
    shown = open_page("voice", lang="en", tab="trust", pick="store:avignon")
    evidence = next(frame.value for frame in shown.dataframe if "Expected" in frame.value.columns)
    assert set(evidence.columns) == {"Signal", "Found", "Expected", "n", "Chance"}
    assert any(name.startswith("● ") for name in evidence["Signal"])
    assert "never at a person" in words(shown)


@pytest.mark.parametrize("tab", ["heard", "trust"])
def test_a_set_with_answers_only_says_what_is_missing(opener, olist_8k_snapshots, tab):
    app = opener(olist_8k_snapshots)("voice", lang="en", tab=tab)
    no_error(app)
    said = words(app)
    assert ("no invitation without one" if tab == "heard" else "add `store` or `team`") in said.replace("\\", "")


@pytest.mark.parametrize("tab", ["heard", "trust"])
def test_a_set_without_customers_opens(opener, consumidor_gov_br_snapshots, tab):
    app = opener(consumidor_gov_br_snapshots)("voice", lang="fr", tab=tab)
    no_error(app)
    assert app.header
