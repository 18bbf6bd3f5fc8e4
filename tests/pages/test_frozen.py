"""A link that holds its data: the same figures after three loadings, or what became of it; what changed, and why."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from data.manifest import kept_ids, read_manifest
from data.pins import pins
from pages.frame import NAMES
from pages.ui import formats, store
from pages.ui.kept import Kept
from pages.ui.text import sentences
from tests.conftest import ROOT, command
from tests.pages.conftest import no_error, words
from tests.pages.later_worlds import MORE_CUSTOMERS, MORE_REVENUE, ONE_MORE_ROW, company_of, loaded

LATER = ((MORE_CUSTOMERS, ONE_MORE_ROW), (MORE_REVENUE,), ("delete from canonical.orders where order_id like '%7'",))


@pytest.fixture
def forgetful(monkeypatch) -> Callable[[], None]:
    """Calling it empties everything that pages keep in memory, as a restart does."""

    def forget() -> None:
        for name in ("_folders", "_settings", "_catalogues", "_choices", "_measured", "_computed", "_drawn", "_rows"):
            monkeypatch.setattr(store, name, Kept(500))

    return forget


def elements(block) -> list:
    """Every element of an app in its order."""
    children = getattr(block, "children", None)
    return [block] if children is None else [one for child in children.values() for one in elements(child)]


def numbers(app) -> str:
    """Hash of every number of the page: its words, tables and charts, from the finding on."""
    found = elements(app.main)
    start = next(i for i, element in enumerate(found) if element.type == "header")
    texts = []
    for element in found[start:]:
        if element.type == "arrow_data_frame":
            texts.append(element.value.to_csv())
        else:
            texts.append(str(getattr(element, "proto", "")))
    digits = re.findall(r"\d[\d.,]*", re.sub(r"[0-9a-f]{32,}|/media/\S+", "", "\n".join(texts)))
    assert digits, "a page without a number"
    return hashlib.sha256(" ".join(digits).encode()).hexdigest()


def test_every_number_of_every_page_is_the_same_after_three_loadings(opener, sample_snapshots, tmp_path, forgetful):
    company = company_of(sample_snapshots, tmp_path / "snapshots")
    open_page, first = opener(company), kept_ids(company)[0]
    link = {"snap": first, "from": "2025-11", "to": "2026-10", "vs": "year_before", "lang": "en"}
    before = {page: numbers(open_page(page, **link)) for page in NAMES}
    press(sharing(open_page("overview", **link)), "keep_offer")
    for changes in LATER:
        loaded(company, changes, keep=1)
    assert set(kept_ids(company)) == {first, (company / "current").read_text().strip()}
    forgetful()
    after = {page: numbers(open_page(page, **link)) for page in NAMES}
    assert after == before
    assert numbers(open_page("overview", lang="en")) != before["overview"]


@pytest.mark.soak
def test_the_same_after_three_refreshes_of_a_company_that_grows(opener, tmp_path, forgetful):
    """With the command that a user runs, new customers and their orders arriving in between."""
    exports, snapshots = tmp_path / "exports", tmp_path / "snapshots"
    config = tmp_path / "config.yaml"
    config.write_text((ROOT / "config.yaml").read_text("utf-8").replace("keep: 10", "keep: 1"), "utf-8")
    open_page = opener(snapshots)

    def refresh(customers: int) -> str:
        command("data.sample", "--customers", customers, "--out", exports / "sample")
        command("data.refresh", "--config", config, "--exports", exports, "--snapshots", snapshots)
        return (snapshots / "current").read_text().strip()

    link = {"snap": refresh(300), "from": "2025-11", "to": "2026-10", "vs": "year_before", "lang": "fr"}
    before = {page: numbers(open_page(page, **link)) for page in NAMES}
    press(sharing(open_page("overview", **link)), "keep_offer")
    others = [refresh(customers) for customers in (330, 360, 390)]
    assert set(kept_ids(snapshots)) == {link["snap"], others[-1]}
    forgetful()
    assert {page: numbers(open_page(page, **link)) for page in NAMES} == before


def sharing(app):
    """With the box of the link open."""
    app.session_state["share"] = True
    app.run()
    app.session_state["share"] = True  # a browser holds it open; a test forgets
    return app


def press(app, key: str):
    return next(button for button in app.button if button.key == key).click().run()


@pytest.fixture
def company(sample_snapshots, tmp_path) -> Path:
    return company_of(sample_snapshots, tmp_path / "snapshots")


def test_keeping_says_until_when_and_the_limit_and_can_be_undone(opener, company):
    open_page, (first,) = opener(company), kept_ids(company)
    app = sharing(open_page("metrics", lang="en"))
    assert "0 of 12 places are taken" in words(app)
    app = press(app, "keep_offer")
    (until,) = pins(company).values()
    assert f"Kept until {formats.day(until, 'en')}" in words(app)
    loaded(company, LATER[0])
    app = open_page("data", lang="en", pick="snapshots")
    no_error(app)
    assert "Kept for meetings" in [s.value for s in app.subheader]
    press(app, f"let_go_{first}")
    assert pins(company) == {}


def test_a_snapshot_that_is_gone_is_said_with_the_nearest_one(opener, company):
    open_page, (first,) = opener(company), kept_ids(company)
    version = read_manifest(company / first).definitions_version[:8]
    for changes in LATER:
        loaded(company, changes, keep=2)
    app = open_page("metrics", snap=first, defs=version, lang="en")
    no_error(app)
    assert "is not kept any more" in words(app)
    assert "Its metrics were defined as they are here" in words(app)
    nearest = next(e.proto for e in elements(app.main) if "Open the nearest" in str(getattr(e, "proto", "")))
    assert kept_ids(company)[-1] in str(nearest)
    french = open_page("metrics", snap=first, defs="00000000", lang="fr")
    assert "définis autrement" in words(french)


def test_a_link_whose_definitions_are_not_those_of_its_data_was_edited_and_that_is_said(opener, company):
    (first,) = kept_ids(company)
    app = opener(company)("metrics", snap=first, defs="00000000", lang="en")
    no_error(app)
    assert "written with other definitions (version 00000000)" in words(app)


def test_a_kept_snapshot_that_cannot_be_read_is_not_taken_for_the_newest(opener, company):
    open_page, (first,) = opener(company), kept_ids(company)
    loaded(company, LATER[0])
    with (company / first / "data.duckdb").open("r+b") as file:
        file.seek(5000)
        file.write(b"\xff\x00\xff")
    app = open_page("metrics", snap=first, lang="en")
    no_error(app)
    assert "cannot be read" in words(app)


HARDER = (
    "update meta.definitions set document = replace(document::varchar, "
    "'count(*) filter (where score_0_10 >= 9) - ', 'count(*) filter (where score_0_10 = 10) - ') where name = 'nps'"
)
NEW_DEFINITION = (HARDER, "delete from cube_metric_month where metric = 'nps'", MORE_REVENUE)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_changed_since_names_each_number_with_its_cause(opener, company, lang):
    open_page, (first,) = opener(company), kept_ids(company)
    loaded(company, NEW_DEFINITION, definitions="feedfacefeedface")
    app = open_page("overview", since=first, lang=lang)
    no_error(app)
    assert len(app.header) == 1, "the page stands below"
    table = app.dataframe[0].value
    causes = dict(zip(table.iloc[:, 0], table.iloc[:, 4], strict=True))
    said = {
        "en": ("Restated: other rows on the same days", "Changed definition"),
        "fr": ("Révisé", "Définition changée"),
    }
    revenue = {"en": "Revenue", "fr": "Chiffre d’affaires"}[lang]
    assert causes[revenue].startswith(said[lang][0])
    assert causes["Net Promoter Score"] == said[lang][1]
    assert set(causes) == {revenue, "Net Promoter Score"}, "what did not move is not listed"
    definitions = app.dataframe[-1].value
    assert list(definitions.iloc[0, :2]) == ["Net Promoter Score", {"en": "Numerator", "fr": "Numérateur"}[lang]]


def test_every_page_can_be_compared_and_a_page_of_models_counts_its_figures(opener, company):
    open_page, (first,) = opener(company), kept_ids(company)
    loaded(company, ("update result_revenue_at_risk set value = value * 1.5",))
    said = {}
    for page in NAMES:
        app = open_page(page, since=first, lang="en")
        no_error(app)
        said[page] = app.subheader[0].value
        if page == "outlook":
            before, now = (open_page(page, snap=one, lang="en").header[0].value for one in kept_ids(company)[::-1])
            assert f"**The page said then:** {before}" in words(app)
            assert [h.value for h in app.header] == [now]
            assert now != before
    assert "this page moved" in said["outlook"]
    assert "none of the 0" not in " ".join(said.values())


@pytest.mark.parametrize(
    ("changes", "definitions", "cause"),
    [
        ((), "feedfacefeedface", "Changed definitions"),
        (("update canonical.orders set status = status || '!'",), None, "Rows of days already covered"),
        ((), None, "another version of the program"),
    ],
)
def test_figures_of_models_are_told_with_what_moved_them(opener, company, changes, definitions, cause):
    open_page, (first,) = opener(company), kept_ids(company)
    moved = "update result_revenue_at_risk set value = value * 1.5"
    loaded(company, (moved, *changes), definitions=definitions)
    app = open_page("outlook", since=first, lang="en")
    no_error(app)
    assert any(m.value.startswith("Models learn") and cause in m.value for m in app.markdown)
    table = next(d.value for d in app.dataframe if "Part" in d.value.columns)
    assert all(cause in reason for reason in table["Why"])


def test_every_part_that_a_page_computes_has_a_name_in_words(open_page, monkeypatch):
    asked = set()

    def noted(function, arguments):
        asked.add(function.__name__)

    monkeypatch.setattr(store, "note_computed", noted)
    for page in NAMES:
        no_error(open_page(page, lang="en"))
    assert len(asked) > 30, "pages compute"
    for lang in ("en", "fr"):
        assert {name for name in asked if f"since.parts.{name}" not in sentences(lang)} == set()


def test_the_same_data_has_nothing_to_tell(opener, company):
    (first,) = kept_ids(company)
    app = opener(company)("overview", since=first, snap=first, lang="en")
    no_error(app)
    assert "none of the" in app.subheader[0].value


def test_an_older_snapshot_says_what_it_lacks_and_every_page_opens(opener, company, forgetful):
    open_page, (whole,) = opener(company), kept_ids(company)
    tables = [name.removeprefix("main.") for name in read_manifest(company / whole).rows if ".result_" in name]
    known = "delete from meta.definitions where kind = 'metric' and name not in ('revenue', 'orders', 'csat')"
    older = loaded(company, [*(f"drop table {name}" for name in tables), known])
    loaded(company, (ONE_MORE_ROW,), like=whole)
    lacking = {}
    for page in NAMES:
        app = open_page(page, snap=older, lang="en")
        assert not app.exception, (page, [e.value for e in app.exception])
        assert not app.error, (page, [e.value for e in app.error])
        lacking[page] = "loaded before" in words(app)
    assert not lacking["data"]
    assert lacking["overview"]
    assert lacking["promise"]
