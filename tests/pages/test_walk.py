"""The walk opens by every rule in both languages, each step is an address, strange ones fall back."""

import pytest

from metrics.walks import RULES
from tests.pages.conftest import no_error, words


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("rule", RULES)
def test_every_rule_opens(open_page, rule, lang):
    app = open_page("walk", lang=lang, rule=rule, step="2")
    no_error(app)
    assert ("Choisi par une règle" if lang == "fr" else "Chosen by rule") in words(app)


def test_a_step_is_another_customer(open_page):
    titles = {open_page("walk", lang="en", rule="random", step=step).subheader[0].value for step in "12345"}
    assert len(titles) == 5


def test_a_customer_named_by_a_link_is_said_to_be_so(open_page):
    token = open_page("walk", lang="en", rule="random").subheader[0].value.split()[-1]
    app = open_page("walk", lang="en", pick=token)
    no_error(app)
    assert token in app.subheader[0].value
    assert "chosen by a link" in words(app)


def test_an_unknown_customer_rule_or_step_is_explained(open_page):
    no_error(open_page("walk", lang="en", rule="x", step="99"))
    app = open_page("walk", lang="en", pick="nobody")
    no_error(app)
    assert "does not exist in these data" in words(app)


def test_a_reader_without_the_right_sees_no_path(open_page, monkeypatch):
    from pages.ui import access

    monkeypatch.setattr(access, "LOCAL", access.Reader("limited", sees_rows=False))
    app = open_page("walk", lang="en")
    no_error(app)
    assert "may not read" in app.header[0].value
    assert not app.subheader


def test_where_no_rule_can_be_used_what_each_takes_is_said_and_none_is_offered(opener, consumidor_gov_br_snapshots):
    app = opener(consumidor_gov_br_snapshots)("walk", lang="en")
    no_error(app)
    assert len([caption for caption in app.caption if "is not offered" in caption.value]) == len(RULES)
    assert "Chosen by rule" not in words(app)
