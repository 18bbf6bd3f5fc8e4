"""Every page opens, in both languages, whatever the address; the bar shows what the address says and writes it back."""

import gc
import time
from datetime import date
from threading import Timer

import pytest

from data.manifest import kept_ids
from pages.frame import NAMES
from pages.ui import filters, link, settling
from tests.pages.conftest import no_error, tiles, words
from tests.pages.later_worlds import MORE_CUSTOMERS, ONE_MORE_ROW, company_of, loaded

LANGUAGES = ("fr", "en")
BAD = {"region": "atlantis,north", "vs": "' OR 1=1--", "from": "2026-02-30", "snap": "../../etc/passwd", "x": "y"}


def address(app) -> dict[str, str]:
    return {name: value[-1] if isinstance(value, list) else value for name, value in app.query_params.items()}


def chosen(app, name: str):
    return next(w for kind in ("selectbox", "multiselect") for w in getattr(app, kind) if w.key.endswith(f".{name}"))


def more(app):
    """With the box of the bar open."""
    app.session_state["more"] = True
    return app.run()


@pytest.fixture
def bars(monkeypatch) -> list:
    """The views of which the bar was drawn."""
    drawn, bar = [], filters.filter_bar
    monkeypatch.setattr(filters, "filter_bar", lambda view, *rest: drawn.append(view) or bar(view, *rest))
    return drawn


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", NAMES)
def test_every_page_opens_in_both_languages(open_page, page, lang):
    app = open_page(page, lang=lang)
    no_error(app)
    assert app.header, "a page begins with its finding"
    assert ("Entreprise fictive" if lang == "fr" else "Invented sample company") in words(app)


@pytest.mark.parametrize("page", NAMES)
def test_a_first_request_that_is_a_deep_link_has_filters_and_banner(open_page, page):
    app = open_page(page, **{"from": "2026-01", "to": "2026-06", "region": "north", "lang": "en"})
    no_error(app)
    assert chosen(app, "where.region").value == ["north"]
    assert "Maison Clairval" in words(app)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", NAMES)
def test_a_bad_link_is_explained_and_the_page_opens(open_page, page, lang):
    app = open_page(page, lang=lang, **BAD)
    no_error(app)
    said = "\n".join(w.value for w in app.warning)
    assert "atlantis" in said
    assert "2026" in said
    assert "passwd" in said
    assert chosen(app, "where.region").value == ["north"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", NAMES)
def test_without_a_snapshot_every_page_says_which_command_makes_one(opener, tmp_path, page, lang):
    app = opener(tmp_path / "none")(page, lang=lang)
    no_error(app)
    assert "make run" in [c.value for c in app.code]
    assert any("data.refresh" in c.value for c in app.code)


@pytest.mark.parametrize("page", NAMES)
def test_a_segment_in_which_there_is_nobody_leaves_a_page_that_says_so(open_page, page):
    app = open_page(page, region="unknown,north", persona="seniors", value_tier="top", lang="en")
    no_error(app)


def test_a_choice_is_written_to_the_address_with_all_the_rest(open_page):
    app = open_page(lang="en")
    chosen(app, "where.region").select("north").run()
    no_error(app)
    written = address(app)
    assert written["region"] == "north"
    assert written["lang"] == "en"
    assert written["vs"] == "year_before"
    assert len(written["from"]) == len(written["to"]) == 7
    assert "snap" not in written


def test_two_choices_both_stay(open_page):
    app = open_page(lang="en")
    for name, value in (("where.region", "north"), ("versus", "previous"), ("where.persona", "seniors")):
        chosen(app, name).select(value).run()
        app.run()  # the bar too: an app of a test holds only what its last run drew
    assert {"region": "north", "vs": "previous", "persona": "seniors"}.items() <= address(app).items()


def test_the_period_can_be_any_months(open_page):
    app = open_page(lang="en")
    chosen(app, "period").select("last_3").run()
    assert address(app)["from"] != address(app)["to"]
    chosen(more(app), "from").select(date(2025, 3, 1)).run()
    assert (address(app)["from"], address(app)["to"]) == ("2025-03", "2026-10")
    chosen(more(app), "to").select(date(2024, 12, 1)).run()
    assert (address(app)["from"], address(app)["to"]) == ("2024-12", "2024-12")
    no_error(app)


def values(app) -> list[str]:
    return [tile["value"] for tile in tiles(app)]


@pytest.mark.parametrize(("name", "value"), [("where.region", "north"), ("versus", "none"), ("period", "last_3")])
def test_a_choice_that_the_bar_shows_itself_draws_only_the_page_and_the_same_page(open_page, bars, name, value):
    app = open_page(lang="en")
    before = values(app), words(app)
    chosen(app, name).select(value).run()
    assert len(bars) == 1
    no_error(app)
    after = values(app), words(app)
    assert after != before
    again = open_page(**address(app))
    assert (values(again), words(again)) == after
    assert chosen(again, name).value in (value, [value])
    assert app.session_state[link.VIEW] == again.session_state[link.VIEW]
    app.run()
    assert chosen(app, name).value in (value, [value])
    assert (values(app), words(app)) == after


def test_a_choice_that_the_rest_of_the_bar_tells_too_draws_it_anew(open_page, bars):
    app = more(open_page(lang="en"))
    chosen(app, "from").select(date(2025, 3, 1)).run()
    assert chosen(app, "period").value == filters.OTHER
    before = len(bars)
    chosen(app, "period").select("last_3").run()
    assert len(bars) == before + 1, "the months chosen are no longer among the periods"
    assert filters.OTHER not in chosen(app, "period").options
    app = more(app)
    before = len(bars)
    app.session_state["more"] = True
    chosen(app, "where.region").select("north").run()
    assert len(bars) == before + 1, "a box is open, and may tell the same"


def test_a_page_drawn_alone_that_finds_a_later_snapshot_has_all_drawn_of_it(opener, sample_snapshots, tmp_path, bars):
    company = company_of(sample_snapshots, tmp_path / "snapshots")
    app = opener(company)(lang="en")
    later = loaded(company, (MORE_CUSTOMERS, ONE_MORE_ROW))
    assert kept_ids(company)[0] == later
    chosen(app, "where.region").select("north").run()
    no_error(app)
    assert [view.snapshot for view in bars][1:] == [later]
    assert app.session_state[link.VIEW].snapshot == later


def test_an_address_that_changes_from_outside_wins_over_the_widgets(open_page):
    """As when the reader goes back: the widgets show what the address says."""
    app = open_page(lang="en")
    chosen(app, "where.region").select("north").run()
    app.query_params = {"region": "south", "lang": "en"}
    app.run()
    assert chosen(app, "where.region").value == ["south"]
    assert address(app)["region"] == "south"


def test_going_back_to_the_bare_address_is_the_default_again_in_its_language(open_page):
    app = open_page(lang="en", region="north")
    app.query_params = {}
    app.run()
    no_error(app)
    assert chosen(app, "where.region").value == []
    assert "Entreprise fictive" in words(app)


def test_garbage_of_several_runs_is_collected_once_a_moment_later(open_page, monkeypatch):
    due = []
    monkeypatch.setattr(settling, "Timer", lambda seconds, act: due.append(act) or Timer(0, lambda: None))
    with settling._coming:  # once that of earlier runs is over
        pass
    app = open_page("metrics", lang="en")
    app.run()
    assert len(due) == 1
    due.pop()()
    app.run()
    assert len(due) == 1, "and again after it"
    due.pop()()


def test_what_stays_for_good_is_set_aside_once_a_collection_costs_time(monkeypatch):
    long_ago, now = float("-inf"), time.monotonic()
    for slow, before, is_set_aside in ((1000.0, long_ago, False), (0.0, now, False), (0.0, long_ago, True)):
        gc.unfreeze()
        settling._coming.acquire()
        monkeypatch.setattr(settling, "SLOW", slow)
        monkeypatch.setattr(settling, "_aside", before)
        settling.collect()
        assert (gc.get_freeze_count() > 10_000) is is_set_aside
    gc.unfreeze()


def test_the_language_changes_nothing_but_the_words(open_page):
    french, english = (open_page("metrics", pick="nps", lang=lang) for lang in LANGUAGES)
    assert address(french) | {"lang": "en"} == address(english)


def test_pages_other_than_the_seventeen_are_not_in_the_code(open_page):
    assert set(NAMES) <= {
        *("overview", "promise", "outlook", "walk", "segments", "journey", "contacts", "seams", "voice", "value"),
        *("irritants", "actions", "cases", "culture", "washing", "metrics", "data"),
    }


def test_a_page_that_is_not_there_is_said(open_page):
    app = open_page(missing="no-such-page", lang="en")
    assert "no" in app.warning[0].value


def test_a_link_that_holds_its_snapshot_says_which_data_it_shows(open_page, sample_snapshots):
    newest = (sample_snapshots / "current").read_text().strip()
    app = open_page(snap=newest, lang="en")
    no_error(app)
    assert "the latest there is" in words(app)
    assert "snap" in address(app)


def test_a_reader_who_may_not_open_a_page_is_told_and_sees_no_number(open_page, monkeypatch):
    from pages.ui import access, link

    barred = access.Reader("barred", pages=frozenset({"overview", "metrics"}))
    monkeypatch.setattr(link, "reader", lambda: barred)
    app = open_page("data", lang="en")
    assert [e.value for e in app.error] == ["You may not open this page. Ask the person who looks after Outside-In."]
    assert not app.header
    assert not app.dataframe


def test_a_readers_scope_is_in_every_selection_and_out_of_every_list(open_page, monkeypatch):
    from pages import frame
    from pages.ui import access, link, store

    north = access.Reader("north", scope=(("region", ("north", "south")),))
    for module in (link, store, frame):
        monkeypatch.setattr(module, "reader", lambda: north, raising=False)
    monkeypatch.setattr(access, "reader", lambda: north)
    app = open_page(region="east", lang="en")
    assert "east" in app.warning[0].value
    assert list(chosen(app, "where.region").options) == ["North", "South"]
    assert "customers of North, South only" in words(app)
