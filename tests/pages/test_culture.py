"""The culture page opens in both languages, with any address, and says what is missing."""

import pytest

from pages.ui.text import literal
from tests.pages.conftest import no_error, words


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("parts", [{}, {"cut": "team", "pick": "process"}, {"cut": "item", "region": "north"}], ids=str)
def test_the_page_opens(open_page, parts, lang):
    app = open_page("culture", lang=lang, **parts)
    no_error(app)
    assert app.header
    assert ("Questions" if lang == "fr" else "Items") in next(iter(app.dataframe)).value.columns


def test_a_signal_picked_is_looked_into_and_an_unknown_one_is_not(open_page):
    picked = open_page("culture", lang="en", pick="process")
    assert literal("Processes: who feels it") in words(picked)
    strange = open_page("culture", lang="en", pick="<script>", cut="' or 1=1--")
    no_error(strange)
    assert "all signals together" in words(strange)


def test_a_filter_of_customers_changes_nothing_that_employees_answered(open_page):
    def said(app) -> list[str]:
        return [caption.value for caption in app.caption if "dotted line" in caption.value]

    assert said(open_page("culture", lang="en")) == said(open_page("culture", lang="en", region="north"))


def test_a_company_that_never_asked_is_told_so(opener, olist_8k_snapshots):
    app = opener(olist_8k_snapshots)("culture", lang="en")
    no_error(app)
    assert "Nobody asked our own people" in app.header[0].value
    assert literal("culture_answers") in words(app)
