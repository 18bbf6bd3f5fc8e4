"""The Overview as a reader meets it: what it says, in both languages, with filters, with little data, with none."""

import os
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
FRAME = str(ROOT / "pages" / "frame.py")


def opened(snapshots: Path, monkeypatch, **params: str) -> AppTest:
    """The page of an address, run once as a fresh session would."""
    monkeypatch.setitem(os.environ, "OUTSIDE_IN_SNAPSHOTS", str(snapshots))
    app = AppTest.from_file(FRAME, default_timeout=60)
    for name, value in params.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, [e.value for e in app.exception]
    return app


def words(app: AppTest) -> str:
    """Everything written on the page, without the marks of markdown."""
    kinds = ("header", "subheader", "markdown", "caption", "metric", "warning")
    written = [element for kind in kinds for element in getattr(app, kind)]
    texts = [f"{e.label} {e.value} {e.delta}" if e.type == "metric" else str(e.value) for e in written]
    return re.sub(r"\\(.)", r"\1", "\n".join(texts))


@pytest.fixture
def page(sample_snapshots, monkeypatch):
    return lambda **params: opened(sample_snapshots, monkeypatch, **params)


def test_it_opens_with_one_finding_that_says_n_and_its_interval(page):
    app = page(lang="en")
    (finding,) = app.header
    said = re.sub(r"\\(.)", r"\1", finding.value)
    assert re.search(r"\(.+ to .+\)", said)
    assert "n\u00a0=\u00a0" in said


def test_both_sides_show_six_figures_for_the_same_customers_and_period(page):
    app = page(lang="en")
    labels = [metric.label for metric in app.metric]
    assert len(labels) == 12
    assert labels.index("Revenue") < labels.index("NPS")
    headers = [h.value for h in app.subheader]
    assert headers[:2] == ["What the CRM sees", "What customers live"]


def test_every_figure_says_its_n(page):
    app = page(lang="en")
    notes = [c.value for c in app.caption if "n\u00a0" in c.value]
    assert len(notes) >= 12


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_both_languages_say_the_same_numbers(page, lang):
    figures = {code: [re.sub(r"[^\d]", "", m.value) for m in page(lang=code).metric] for code in ("fr", "en")}
    assert figures["fr"] == figures["en"]


def test_french_has_no_english_and_no_breakable_space_before_punctuation(page):
    said = words(page(lang="fr"))
    assert "Ce que voit le CRM" in said
    assert not re.search(r"\b(the|customers|against|worse|better)\b", said)
    assert not re.search(r" [;:!?%]", said)


def test_a_filter_changes_the_figures(page):
    everyone = [m.value for m in page(lang="en").metric]
    north = [m.value for m in page(lang="en", region="north").metric]
    assert everyone != north


def test_without_a_comparison_no_figure_has_a_change(page):
    assert all(not m.delta for m in page(lang="en", vs="none").metric)


def test_the_quadrants_and_those_nobody_can_place_are_counted(page):
    said = words(page(lang="en"))
    assert re.search(r"Not placed.+\d+ customers", said)


def test_three_things_at_most_each_with_n_and_a_way_there(page):
    said = words(page(lang="en"))
    assert "Three things to look at" in said
    assert re.search(r"comparisons between groups", said)


def test_a_very_small_selection_says_why_figures_are_missing(page):
    app = page(lang="en", region="paris", persona="seniors", acquisition_channel="flash_sale")
    assert app.header


def test_a_company_without_contacts_sees_what_is_missing_and_what_to_add(olist_8k_snapshots, monkeypatch):
    said = words(opened(olist_8k_snapshots, monkeypatch, lang="en"))
    assert "Average rating" in said
    assert re.search(r"Not in this data: .*Solved in one contact", said)
    assert "contacts" in said


def test_a_company_without_orders_still_gets_a_finding(uci_incident_snapshots, monkeypatch):
    app = opened(uci_incident_snapshots, monkeypatch, lang="en")
    assert "Promises kept" in words(app)
    assert app.header[0].value
