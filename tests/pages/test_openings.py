"""Pages open with what the refresh answered: nothing that takes long over millions of facts is asked of them then."""

import pytest

from metrics.answered import asked
from metrics.ground import ANSWERS
from pages.ui import store

PAGES = ("overview", "promise", "walk", "journey", "seams", "voice", "irritants", "washing")


@pytest.fixture
def questions(sample, monkeypatch) -> set[tuple[str, str]]:
    """What pages ask of metrics/ from now on, as it is written down."""
    found: set[tuple[str, str]] = set()
    computed = store.computed_in

    def heard(snapshot_id, function, *arguments):
        found.add(asked(function, arguments))
        return computed(snapshot_id, function, *arguments)

    monkeypatch.setattr(store, "computed_in", heard)
    return found


def test_pages_ask_what_was_answered(open_page, questions, sample):
    for page in PAGES:
        assert not open_page(page).exception
    kept = set(sample.rows(f"select function, question from {ANSWERS}"))
    slow = {function for function, _ in kept}
    assert {question for question in questions if question[0] in slow} == kept
