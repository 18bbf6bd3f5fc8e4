"""The page on actions opens in both languages; what is written there is kept, told apart, and never lost unseen."""

from dataclasses import fields
from datetime import datetime
from types import SimpleNamespace

import pytest
import yaml

from data.written.register import ANYTHING, KIND, written_actions
from data.written.store import FOLDER, Save, save
from data.written.tables import Standing
from metrics.actions import Verdict
from pages.ui import action_form
from pages.ui.actions import alone
from pages.ui.written import Register
from tests.pages.conftest import ROOT, no_error, words

NOON = datetime(2026, 11, 27, 12)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A store of this test's own."""
    monkeypatch.setenv("OUTSIDE_IN_WRITTEN", str(tmp_path / FOLDER))
    return tmp_path / FOLDER


def write(folder, number: str = "W-1", seen: int = 0, **content: object) -> None:
    save(folder, KIND, [Save(number, {"title": "Call within a day", **content}, seen)], "grace", NOON)


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("pick", ["ACT-1", "ACT-3", "' or 1=1--"])
def test_the_page_opens(open_page, lang, pick):
    app = open_page("actions", lang=lang, pick=pick)
    no_error(app)
    assert ("Actions terminées" if lang == "fr" else "Finished actions") in app.header[0].value


def test_every_state_and_reason_has_its_sentence():
    said = yaml.safe_load((ROOT / "pages/ui/text/actions.en.yaml").read_text())["actions"]["said"]
    reasons = {"no_metric", "no_columns", "few_people", "few_months", "few_units", "no_comparison", "not_parallel"}
    reasons |= {
        "no_evidence_against",
        "no_evidence_chance",
        "no_comparison_short",
        "no_comparison_months",
        "unjudged",
        "dropped",
    }
    assert reasons | {"no_direction", "worked", "no_evidence", "too_early", "under_way", "none", "waiting"} <= set(said)


@pytest.mark.parametrize(
    ("value", "method", "key"),
    [
        (None, "interrupted_series", "no_comparison_short"),
        (1.0, "interrupted_series", "no_comparison"),
        (1.0, "before_after", "no_comparison_months"),
    ],
)
def test_without_a_comparison_the_sentence_says_against_what(value, method, key):
    nothing = dict.fromkeys(field.name for field in fields(Verdict))
    assert alone(Verdict(**nothing | {"value": value, "method": method})) == key


def test_a_written_action_stands_in_the_register_and_its_verdict_waits(open_page, folder):
    write(folder, opened_on="2025-01-10", started_on="2025-02-01", done_on="2025-03-01", target_metric="nps")
    app = open_page("actions", lang="en", pick="W-1")
    no_error(app)
    assert "Call within a day" in list(app.dataframe[0].value["Action"])
    assert "verdict comes with the next one" in words(app)
    assert "grace" in words(app)
    assert "Entered here on 27 Nov 2026, after it was done" in words(app)


def test_an_edited_title_keeps_the_verdict_and_another_metric_does_not(open_page, folder):
    exported = {"target_metric": "nps", "started_on": "2025-05-01", "done_on": "2025-09-01", "opened_on": "2025-04-01"}
    write(folder, "ACT-2", **exported)
    app = open_page("actions", lang="en", pick="ACT-2")
    assert "verdict comes with the next one" in words(app)  # the written one names no customers


def test_a_pinned_link_shows_the_register_as_it_was_and_takes_nothing(opener, sample_snapshots, folder):
    write(folder)
    snapshot = (sample_snapshots / "current").read_text().strip()
    app = opener(sample_snapshots)("actions", lang="en", snap=snapshot)
    no_error(app)
    assert "Call within a day" not in list(app.dataframe[0].value["Action"])
    assert not [button for button in app.button if button.key in ("action_add", "action_edit")]


def test_the_form_opens_with_what_stands_there_and_what_is_fixed_once_started(open_page, folder):
    write(folder, started_on="2026-01-05", target_metric="nps", expected_change=2.5)
    app = open_page("actions", lang="en", pick="W-1")
    app.button(key="action_edit").click().run()
    no_error(app)
    assert app.text_input(key="action_W-1_1_title").value == "Call within a day"
    assert app.text_input(key="action_W-1_1_expected_change").value == "2.5"
    assert app.selectbox(key="action_W-1_1_target_metric").disabled
    assert not app.selectbox(key="action_W-1_1_pillar").disabled


@pytest.mark.parametrize(
    ("standing", "number"), [(action_form.NEW, "W-2"), (Standing({"title": "Call"}, 1), "W-1")], ids=["new", "edited"]
)
def test_a_new_action_is_numbered_after_those_written_while_its_form_was_open(monkeypatch, standing, number):
    """The form was opened for W-1, and somebody else wrote that one meanwhile."""
    kept = []
    now = Register((), {"W-1": Standing({"title": "Call"}, 1)}, frozenset())
    monkeypatch.setattr(action_form.written, "actions_now", lambda view: now)
    monkeypatch.setattr(action_form.written, "known_to", lambda view: ANYTHING)
    monkeypatch.setattr(action_form.written, "keep", lambda saves, view: kept.extend(saves))
    monkeypatch.setattr(action_form.written, "show", lambda number: None)
    action_form.save("W-1", standing, {"title": "Answer letters"}, SimpleNamespace(lang="en"))
    assert kept == [Save(number, {"title": "Answer letters"}, standing.version)]


def test_a_table_with_faults_saves_nothing_and_a_right_one_all(open_page, folder):
    app = open_page("actions", lang="en")
    app.text_area(key="actions_pasted").set_value("title,cost\nA,free\n,1\n")
    send(app)
    faults = next(frame.value for frame in app.dataframe if "Rule" in frame.value.columns)
    assert list(zip(faults["Line"], faults["Column"], strict=True)) == [("2", "cost"), ("3", "title")]
    assert written_actions(folder) == ()
    app.text_area(key="actions_pasted").set_value("title,cost\nA,1\nB,2\n")
    send(app)
    assert [kept.content["title"] for kept in written_actions(folder)] == ["A", "B"]


def send(app) -> None:
    next(button for button in app.button if button.label == "Save these rows").click().run()


def test_a_company_without_actions_or_call_backs_is_told_what_to_add(opener, olist_8k_snapshots):
    app = opener(olist_8k_snapshots)("actions", lang="en")
    no_error(app)
    assert "no register of actions" in app.header[0].value
    said = words(app).replace("\\", "")
    assert "source `actions`" in said
    assert "contacts need `survey_id`" in said


def test_pages_open_when_what_people_wrote_cannot_be_read(open_page, folder):
    folder.mkdir(mode=0o700)
    folder.joinpath("written.sqlite").write_bytes(b"no database" * 500)
    app = open_page("actions", lang="en", pick="ACT-1")
    assert not app.exception
    assert "cannot be read" in app.error[0].value
    assert len(app.dataframe[0].value) == 4
    no_error(open_page("irritants", lang="en"))
