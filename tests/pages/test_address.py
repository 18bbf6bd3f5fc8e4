"""Whatever a view is, its address gives it back; whatever an address says, a view comes of it."""

import re
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.definitions import load_catalogue
from metrics.selection import Period, Selection, choice
from pages.frame import NAMES
from pages.ui.address import (
    EVENT_PAGES,
    OWN_NAMES,
    PAGE_PARTS,
    VERSUS,
    Choices,
    View,
    address,
    changed,
    frozen_address,
    join_codes,
    params_of,
    parse,
    split_codes,
)
from pages.ui.frozen import nearest
from pages.ui.problems import harmless

SAID = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30)
CODES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
EVENTS = ("channel", "team")
CHOICES = Choices(
    pages=("overview", "metrics", "data", "segments"),
    languages=("fr", "en"),
    columns={"region": ("north", "east", "a,b~c"), "persona": ("families", "seniors"), "value_tier": ("top", "none")},
    first=date(2023, 11, 1),
    end=date(2026, 11, 15),
    snapshots=("2026-11-14-3f9c12ab", "2026-10-14-00000000"),
    events={"channel": ("phone", "chat"), "category": ("a,b~c", "none")},
)


def opened(link: str, choices: Choices = CHOICES, page: str = "overview", snapshot: str | None = None) -> View:
    """The view of a link, read as a browser sends it."""
    return parse(parse_qs(urlsplit(link).query, keep_blank_values=True), page, choices, snapshot)


@st.composite
def any_choices(draw) -> Choices:
    names = draw(
        st.lists(st.sampled_from(["region", "persona", "plan", "value_tier", "etat"]), unique=True, max_size=4)
    )
    first = draw(st.dates(date(1990, 1, 1), date(2030, 1, 1)))
    return Choices(
        pages=NAMES,
        languages=draw(st.sampled_from([("fr", "en"), ("en", "fr"), ("en",)])),
        columns={name: tuple(draw(st.lists(CODES, min_size=1, max_size=5, unique=True))) for name in names},
        first=first,
        end=first + timedelta(days=draw(st.integers(1, 4000))),
        snapshots=("2026-11-14-3f9c12ab", "2026-10-14-00000000-2"),
        definitions=draw(st.sampled_from(["", "0a1b2c3d"])),
        events={
            name: tuple(draw(st.lists(CODES, min_size=1, max_size=5, unique=True))) for name in ("channel", "team")
        },
    )


def any_of(draw, columns) -> dict[str, list[str]]:
    """Some codes of some columns."""
    chosen = {column: draw(st.lists(st.sampled_from(codes), unique=True)) for column, codes in columns.items()}
    return {column: codes for column, codes in chosen.items() if codes}


@st.composite
def any_view(draw) -> tuple[View, Choices]:
    choices = draw(any_choices())
    days = (choices.end - choices.first).days
    start = draw(st.integers(0, days - 1))
    period = Period(
        choices.first + timedelta(days=start), choices.first + timedelta(days=draw(st.integers(start + 1, days)))
    )
    is_pinned, page = draw(st.booleans()), draw(st.sampled_from(choices.pages))
    parts = {name: draw(st.none() | SAID) for name in sorted(PAGE_PARTS.get(page, ()))}
    return View(
        page=page,
        selection=Selection(period, draw(st.sampled_from(VERSUS)), any_of(draw, choices.columns)),
        events=choice(any_of(draw, choices.events)) if page in EVENT_PAGES else (),
        lang=draw(st.sampled_from(choices.languages)),
        snapshot=choices.snapshots[0],
        is_pinned=is_pinned,
        pick=draw(st.none() | SAID),
        parts=tuple((name, value) for name, value in parts.items() if value is not None),
        since=draw(st.sampled_from([None, *choices.snapshots])),
        definitions=choices.definitions,
    ), choices


FEW_OR_MANY = pytest.mark.parametrize("examples", [100, pytest.param(10_000, marks=pytest.mark.soak)])


@FEW_OR_MANY
def test_a_view_comes_back_from_its_address_unchanged(examples):
    @given(any_view())
    @settings(max_examples=examples, deadline=None)
    def comes_back(pair):
        view, choices = pair
        back = opened(address(view), choices, view.page, view.snapshot)
        assert back == view
        assert back.problems == ()
        assert opened(frozen_address(view), choices, view.page, view.snapshot) == replace(view, is_pinned=True)

    comes_back()


ODD = st.dictionaries(
    st.sampled_from(
        [*("from", "to", "vs", "lang", "snap", "defs", "since", "pick"), "region", "persona", "missing", "channel"]
    )
    | st.text(),
    st.lists(st.text() | st.sampled_from(["2026-10", "0001-01", "9999-12", "2026-02-30", "1e9", "-1", "NaN", "%"])),
    max_size=8,
)


@FEW_OR_MANY
def test_no_address_however_odd_raises_or_goes_beyond_the_choices(examples):
    @given(ODD, st.sampled_from(CHOICES.pages))
    @settings(max_examples=examples, deadline=None)
    def stays_inside(params, page):
        view = parse(params, page, CHOICES)
        assert CHOICES.first <= view.selection.period.start < view.selection.period.end <= CHOICES.end
        assert all(set(codes) <= set(CHOICES.columns[column]) for column, codes in view.selection.where)
        assert all(set(codes) <= set(CHOICES.events[column]) for column, codes in view.events)
        assert view.lang in CHOICES.languages
        assert view.since in (None, *CHOICES.snapshots)
        assert view.selection.versus in VERSUS
        assert all(text.isprintable() and len(text) <= 45 for p in view.problems for _, text in p.holes)
        assert opened(address(view), page=page) == replace(view, problems=())

    stays_inside()


@pytest.mark.parametrize(
    ("link", "problem"),
    [
        ("/?region=atlantis", "link.unknown_value"),
        ("/?region=north,atlantis", "link.unknown_value"),
        ("/?vs=' OR 1=1--", "link.unknown_value"),
        ("/?lang=de", "link.unknown_value"),
        ("/?snap=../../etc/passwd", "link.unknown_snapshot"),
        ("/?from=2026-10&to=2025-11", "link.bad_period"),
        ("/?from=2026-13", "link.bad_period"),
        ("/?from=2026-02-30", "link.bad_period"),
        ("/?from=0001-01&to=9999-12", "link.bad_period"),
        ("/?from=1990-01&to=1990-12", "link.no_data_then"),
        ("/?from=2020-01&to=2024-12", "link.period_cut"),
        ("/?shoe=42", "link.unknown_name"),
        ("/?since=2026-01-01-3f9c12ab", "link.since_unknown"),
        ("/?defs=' OR 1=1--", "link.unknown_value"),
        ("/?missing=promise", "link.unknown_page"),
        ("/?pick=%00", "link.unknown_value"),
        ("/?region=%E2%80%AEhtron", "link.unknown_value"),
    ],
)
def test_what_an_address_cannot_have_is_said(link, problem):
    assert [p.key for p in opened(link).problems] == [problem]


def test_the_known_part_of_a_bad_choice_is_kept():
    assert opened("/?region=north,atlantis").selection.where == (("region", ("north",)),)


def test_a_bare_address_is_the_last_twelve_full_months_against_the_year_before():
    view = opened("/")
    assert view.selection == Selection(Period(date(2025, 11, 1), date(2026, 11, 1)), "year_before")
    assert view.lang == "fr"


def test_months_in_a_link_are_included_on_both_ends():
    view = opened("/?from=2026-01&to=2026-03")
    assert view.selection.period == Period(date(2026, 1, 1), date(2026, 4, 1))
    assert "from=2026-01&to=2026-03" in address(view)


def test_the_copied_link_holds_dates_and_snapshot_and_the_plain_one_does_not_hold_the_snapshot():
    view = opened("/", snapshot="2026-11-14-3f9c12ab")
    assert "snap=" not in address(view)
    assert "from=2025-11&to=2026-10" in frozen_address(view)
    assert frozen_address(view).endswith("snap=2026-11-14-3f9c12ab")
    assert opened(frozen_address(view), snapshot="2026-11-14-3f9c12ab").is_pinned


def test_a_copied_link_is_short_and_survives_a_program_for_chat():
    """One word of letters, digits and few signs, that ends with none: chat cuts a sign at the end off a link."""
    choices = replace(CHOICES, definitions="0a1b2c3d")
    view = opened("/segments?region=north,east&persona=families&pick=north&by=region&metric=nps", choices, "segments")
    link = frozen_address(replace(view, snapshot="2026-11-14-3f9c12ab"))
    assert re.fullmatch(r"/[a-z]+\?[A-Za-z0-9%.,~=&_-]*[a-z0-9]", link)
    assert len(link) <= 240
    assert link.endswith("&lang=fr&defs=0a1b2c3d&snap=2026-11-14-3f9c12ab")


@pytest.mark.parametrize(
    ("lost", "near"),
    [
        ("2026-11-13-00000000", "2026-11-14-3f9c12ab"),
        ("2026-10-01-00000000", "2026-10-14-00000000"),
        ("2020-01-01-00000000", "2026-10-14-00000000"),
        ("2026-02-30-00000000", None),
        ("../../etc/passwd", None),
    ],
)
def test_of_a_snapshot_that_is_gone_the_nearest_by_day_is_named(lost, near):
    assert nearest(lost, CHOICES.snapshots) == near
    view = opened(f"/?snap={lost}&defs=0a1b2c3d", snapshot=CHOICES.snapshots[0])
    assert view.lost == (lost if near else None)
    assert not view.is_pinned
    assert [p.key for p in view.problems] == ([] if near else ["link.unknown_snapshot"])
    assert view.others == "0a1b2c3d"


def test_another_page_keeps_the_filters_and_drops_the_mark():
    view = opened("/?region=north&pick=silent_risk&vs=none")
    there = changed(view, page="metrics")
    assert there.selection == view.selection
    assert there.pick is None
    assert address(view, page="metrics", pick="nps").startswith("/metrics?")
    assert changed(view, page="metrics", pick="nps").pick == "nps"


def test_what_events_carry_is_filtered_by_where_a_page_knows_it_and_said_everywhere_else():
    view = opened("/segments?channel=phone,fax&category=a~cb~~c&region=north", page="segments")
    assert view.events == (("category", ("a,b~c",)), ("channel", ("phone",)))
    assert view.selection.where == (("region", ("north",)),)
    assert [(p.key, dict(p.holes)) for p in view.problems] == [
        ("link.unknown_value", {"name": "channel", "value": "fax"})
    ]
    assert [p.key for p in opened("/promise?channel=phone", page="promise").problems] == ["link.unknown_name"]
    assert "channel" not in address(view, page="walk", pick="0a1b")
    assert "channel=phone" in address(view, metric="nps")


def test_no_column_that_events_carry_is_named_like_another_part_of_the_address():
    carried = {column for metric in load_catalogue().metrics.values() for column in metric.by}
    assert not carried & {*OWN_NAMES, *(part for page in EVENT_PAGES for part in PAGE_PARTS[page])}


def test_codes_of_another_readers_scope_are_as_unknown_as_those_that_never_were():
    narrowed = replace(CHOICES, columns={"region": ("north",)}, scope=(("region", ("north",)),))
    forbidden, unknown = (opened(f"/?region={code}", narrowed).problems[0] for code in ("east", "atlantis"))
    assert forbidden.key == unknown.key
    assert opened("/?region=east", narrowed).selection.scope == (("region", ("north",)),)
    assert opened("/?region=east", narrowed).selection.where == ()


def test_five_thousand_parameters_and_a_hundred_kilobytes_are_a_few_short_problems():
    params = {f"p{i}": ["x" * 100_000] for i in range(5000)}
    problems = parse(params, "overview", CHOICES).problems
    assert len(problems) == 7
    assert problems[-1].holes == (("n", "4994"),)


@given(st.lists(CODES, max_size=5))
def test_codes_with_commas_survive_a_link(codes):
    assert split_codes(join_codes(codes)) == codes


def test_text_from_an_address_shows_what_cannot_be_seen():
    assert harmless("a\u202eb\x00c\u200bd") == "a·b·c·d"


def test_the_same_link_names_the_same_figures_in_both_languages():
    french, english = (opened(f"/?from=2026-01&to=2026-06&region=north&lang={lang}") for lang in ("fr", "en"))
    assert french.selection == english.selection
    assert params_of(french) | {"lang": "en"} == params_of(english)


def test_the_comparison_by_default_is_one_that_the_data_reaches():
    young = replace(CHOICES, first=date(2025, 6, 1))
    assert young.default_period() == Period(date(2025, 11, 1), date(2026, 11, 1))
    assert young.default_versus() == "none"
    assert replace(young, end=date(2026, 1, 1)).default_versus() == "none"
    assert CHOICES.default_versus() == "year_before"
