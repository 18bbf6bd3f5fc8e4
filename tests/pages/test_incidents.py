"""A page that fails shows a number, and the log under that number holds no customer's data."""

import logging
import re

import pytest
from streamlit.testing.v1 import AppTest

from data.errors import SnapshotMissing
from pages.ui import incidents
from pages.ui.text import t

PERSON = "marie.dupont@example.fr"


def failed_page() -> AppTest:
    def script():
        import streamlit as st

        from pages.ui import incidents

        st.query_params["lang"] = "en"
        try:
            try:
                int("marie.dupont@example.fr")
            except ValueError as error:
                raise KeyError("marie.dupont@example.fr") from error
        except KeyError as error:
            st.session_state["is_shown"] = incidents.report(error)

    return AppTest.from_function(script).run()


def test_the_reader_sees_a_number_and_nothing_of_the_failure(caplog):
    with caplog.at_level(logging.ERROR, "outside_in"):
        app = failed_page()
    assert not app.exception
    assert app.session_state["is_shown"] is True
    shown = app.error[0].value
    number = re.search(r"number ([0-9A-F]{6})", shown)[1]
    assert PERSON not in shown
    assert f"incident {number}: KeyError" in caplog.text
    assert "caused by ValueError" in caplog.text
    assert re.search(r":\d+ in script", caplog.text)
    assert PERSON not in caplog.text


def test_errors_of_ours_whose_words_are_safe_keep_them():
    assert "no such snapshot" in incidents.described(SnapshotMissing("no such snapshot"))
    assert PERSON not in incidents.described(ValueError(PERSON))


def test_streamlit_itself_logs_no_exception(caplog):
    incidents.keep_messages_out_of_the_log()
    log = logging.getLogger("streamlit.error_util")
    with caplog.at_level(logging.ERROR):
        try:
            raise ValueError(PERSON)
        except ValueError:
            log.error("Uncaught app execution", exc_info=True)
    assert PERSON not in caplog.text


@pytest.mark.parametrize(("lang", "word"), [("fr", "numéro"), ("en", "number")])
def test_the_sentence_is_in_the_language_of_the_address(lang, word):
    assert word in t("incident.message", lang, incident="A1B2C3")
