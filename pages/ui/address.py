"""Addresses: what a page shows is what its address says, both ways. Pure functions; pages/ui/link.py does the rest.

  /metrics?from=2025-11&to=2026-10&vs=year_before&region=north,east&pick=nps&lang=fr&defs=1a2b3c4d&snap=2026-11-14-3f9c12ab

Codes, never labels; months or days, both ends included. Nothing that an address says is run or silently dropped: what
is unknown, impossible or not for this reader becomes a Problem, said on the page, and the default stands in its place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from urllib.parse import quote

from metrics.selection import Choice, Period, Selection, opening, reaches
from pages.ui.frozen import kept_snapshot, lost_snapshot, parsed_version
from pages.ui.months import add_months, as_date, month_start
from pages.ui.problems import MAX_LENGTH, Problem, harmless, shortened

VERSUS = ("year_before", "previous", "none")
OWN_NAMES = ("from", "to", "vs", "pick", "since", "lang", "defs", "snap", "missing")
# What the address of one page says besides, looked up by the page itself. A new part: one name here.
PAGE_PARTS: Mapping[str, tuple[str, ...]] = {
    "promise": ("sort", "cut", "tab"),
    "segments": ("metric", "by", "by2", "shape"),
    "walk": ("rule", "step", "seam"),
    "voice": ("tab", "of", "felt", "rated", "score", "known", "cut"),
    "outlook": ("series", "look", "about", "gain", "lead"),
    "journey": ("look", "who", "who2"),
    "value": ("look", "cut"),
    "contacts": ("tab", "cut", "about"),
    "cases": ("function", "cut"),
    "culture": ("cut",),
    "seams": ("axis", "look", "tab"),
}
EVENT_PAGES = ("segments",)  # pages whose address may filter by what events carry: channel=phone, category=washing
MAX_VALUES = 200


@dataclass(frozen=True)
class Choices:
    """What an address may ask for, with one snapshot and one reader.

    `columns`: segment column -> codes that this reader may choose; `events`: the same of the columns that events carry.
    `first` is the first day of the data, `end` the day after the last (excluded); `snapshots` the kept ones, newest
    first; `definitions` the beginning of the version that the shown one was built with.
    """

    pages: Sequence[str]
    languages: Sequence[str]
    columns: Mapping[str, Sequence[str]]
    first: date
    end: date
    snapshots: Sequence[str] = ()
    scope: Choice = ()
    events: Mapping[str, Sequence[str]] = field(default_factory=dict)
    definitions: str = ""

    @property
    def months(self) -> tuple[date, ...]:
        """First days of the full months of the data, oldest first."""
        start = month_start(self.first) if self.first.day == 1 else add_months(month_start(self.first), 1)
        count = (self.end.year - start.year) * 12 + self.end.month - start.month
        return tuple(add_months(start, i) for i in range(max(0, count)))

    def default_period(self) -> Period:
        return opening(Period(self.first, self.end)).period

    def default_versus(self) -> str:
        return opening(Period(self.first, self.end)).versus

    def reaches(self, period: Period | None) -> bool:
        """Whether the data was there when a period began."""
        return reaches(Period(self.first, self.end), period)


@dataclass(frozen=True)
class View:
    """What is shown: a page, a selection, a language, a snapshot; `pick` is the chosen mark or entry, a code.

    `snapshot` is the id of the snapshot whose figures are shown; `is_pinned` when the address asked for it by name.
    `parts`: the page's own (PAGE_PARTS), name and text, sorted. `events`: filters by what events carry, on EVENT_PAGES.
    `since`: a kept snapshot, against which the page is told. `definitions`: version of those of `snapshot`;
    `named_definitions`: that of the address. `lost`: the snapshot that the address asked for and that is not shown.
    """

    page: str
    selection: Selection
    lang: str
    snapshot: str | None = None
    is_pinned: bool = False
    pick: str | None = None
    problems: tuple[Problem, ...] = field(default=(), compare=False)
    parts: tuple[tuple[str, str], ...] = ()
    events: Choice = ()
    since: str | None = None
    definitions: str = ""
    named_definitions: str | None = field(default=None, compare=False)
    lost: str | None = field(default=None, compare=False)

    @property
    def others(self) -> str | None:
        """The version of definitions that the address names, when what is shown was built with another one."""
        return self.named_definitions if self.named_definitions != self.definitions else None

    def part(self, name: str, allowed: Sequence[str]) -> str:
        """What the address says of a part of the page; the first of `allowed` when it says nothing that is offered."""
        said = dict(self.parts).get(name)
        return said if said in allowed else allowed[0]


def parse(params: Mapping[str, Sequence[str]], page: str, choices: Choices, snapshot: str | None = None) -> View:
    """The view of an address; never raises, whatever stands there. `snapshot` is the id resolved by the caller."""
    problems: list[Problem] = []
    asked = {name: texts[-1] for name, texts in params.items() if texts}
    selection = Selection(
        period=parsed_period(asked.get("from"), asked.get("to"), choices, problems),
        versus=one_of("vs", asked.get("vs"), VERSUS, problems) or choices.default_versus(),
        where=parsed_where(params, choices.columns, problems),
        scope=choices.scope,
    )
    if "missing" in asked:
        problems.append(Problem("link.unknown_page", (("value", harmless(asked["missing"])),)))
    events = choices.events if page in EVENT_PAGES else {}
    known = {*OWN_NAMES, *choices.columns, *events, *PAGE_PARTS.get(page, ())}
    unknown = [name for name in asked if name not in known]
    problems += [Problem("link.unknown_name", (("name", harmless(name)),)) for name in unknown]
    pinned, lost = asked.get("snap"), lost_snapshot(asked.get("snap"), snapshot, problems)
    version = parsed_version(asked.get("defs"), problems)
    return View(
        page=page,
        selection=selection,
        lang=one_of("lang", asked.get("lang"), choices.languages, problems) or choices.languages[0],
        snapshot=snapshot,
        is_pinned=pinned is not None and pinned == snapshot,
        pick=parsed_code("pick", asked.get("pick"), problems),
        parts=parsed_parts(page, asked, problems),
        events=parsed_where(params, events, problems),
        since=kept_snapshot(asked.get("since"), choices.snapshots, problems),
        definitions=choices.definitions,
        named_definitions=version,
        lost=lost,
        problems=shortened(problems),
    )


def one_of(name: str, value: str | None, allowed: Sequence[str], problems: list[Problem]) -> str | None:
    if value is None or value in allowed:
        return value
    problems.append(Problem("link.unknown_value", (("name", name), ("value", harmless(value)))))
    return None


def parsed_parts(page: str, asked: Mapping[str, str], problems: list[Problem]) -> tuple[tuple[str, str], ...]:
    """The page's own parts; the page itself looks them up among what it offers."""
    found = [(name, parsed_code(name, asked.get(name), problems)) for name in sorted(PAGE_PARTS.get(page, ()))]
    return tuple((name, value) for name, value in found if value is not None)


def parsed_code(name: str, value: str | None, problems: list[Problem]) -> str | None:
    """A code that the page itself looks up among its own marks; only its form is checked here."""
    if value is None or (0 < len(value) <= MAX_LENGTH and value.isprintable()):
        return value
    problems.append(Problem("link.unknown_value", (("name", name), ("value", harmless(value)))))
    return None


def parsed_where(
    params: Mapping[str, Sequence[str]], columns: Mapping[str, Sequence[str]], problems: list[Problem]
) -> Choice:
    """Chosen codes by column, both sorted; a code that is unknown or not for this reader is a problem either way."""
    where = []
    for column, allowed in columns.items():
        known = set(allowed)
        codes = [code for text in params.get(column, ()) for code in split_codes(text)]
        strange = [code for code in dict.fromkeys(codes[:MAX_VALUES]) if code not in known]
        problems += [Problem("link.unknown_value", (("name", column), ("value", harmless(code)))) for code in strange]
        chosen = known.intersection(codes)
        if chosen:
            where.append((column, tuple(sorted(chosen))))
    return tuple(sorted(where))


def parsed_period(first: str | None, last: str | None, choices: Choices, problems: list[Problem]) -> Period:
    """From and to, both included, cut to the days that the data has; the default when they say nothing that can be."""
    if first is None and last is None:
        return choices.default_period()
    default = choices.default_period()
    start = as_date(first) if first is not None else default.start
    end = as_date(last, is_last=True) if last is not None else default.end
    if start is None or end is None or start >= end:
        span = f"{first or ''} – {last or ''}"
        problems.append(Problem("link.bad_period", (("value", harmless(span)),)))
        return default
    if start >= choices.end or end <= choices.first:
        problems.append(Problem("link.no_data_then", data_span(choices)))
        return default
    if start < choices.first or end > choices.end:
        problems.append(Problem("link.period_cut", data_span(choices)))
    return Period(max(start, choices.first), min(end, choices.end))


def data_span(choices: Choices) -> tuple[tuple[str, str], ...]:
    return (("first", choices.first.isoformat()), ("last", (choices.end - timedelta(days=1)).isoformat()))


def join_codes(codes: Sequence[str]) -> str:
    """Codes in one text: commas part them, so a comma inside a code is written ~c (and ~ is written ~~)."""
    return ",".join(code.replace("~", "~~").replace(",", "~c") for code in codes)


def split_codes(text: str) -> list[str]:
    return [part.replace("~~", "\0").replace("~c", ",").replace("\0", "~") for part in text.split(",") if part]


def params_of(view: View) -> dict[str, str]:
    """Everything that an address says of a view, in a fixed order; the snapshot last, only when it is pinned.

    So a copied link ends with a letter or a digit: programs for chat leave out a full stop or a bracket at the end.
    """
    selection = view.selection
    params = dict(zip(("from", "to"), period_texts(selection.period), strict=True)) | {"vs": selection.versus}
    params |= {column: join_codes(codes) for column, codes in (*selection.where, *view.events)}
    params |= {"pick": view.pick} if view.pick else {}
    params |= dict(view.parts)
    params |= {"since": view.since} if view.since else {}
    params |= {"lang": view.lang}
    if not (view.is_pinned and view.snapshot):
        return params
    return params | ({"defs": view.definitions} if view.definitions else {}) | {"snap": view.snapshot}


def period_texts(period: Period) -> tuple[str, str]:
    """Both ends, included: months when the period is made of whole months, otherwise days."""
    last = period.end - timedelta(days=1)
    if period.start.day == 1 and period.end.day == 1:
        return f"{period.start:%Y-%m}", f"{last:%Y-%m}"
    return period.start.isoformat(), last.isoformat()


def changed(view: View, **changes: object) -> View:
    """The view with other parts: those of View, `period`, `versus`, `where` of its selection, names of PAGE_PARTS."""
    inner = {name: changes.pop(name) for name in ("period", "versus", "where") if name in changes}
    selection = replace(view.selection, **inner) if inner else view.selection
    is_same_page = changes.get("page", view.page) == view.page
    if not is_same_page:
        changes = {"pick": None, "events": ()} | changes
    own = PAGE_PARTS.get(str(changes.get("page", view.page)), ())
    said = (dict(view.parts) if is_same_page else {}) | {name: changes.pop(name) for name in own if name in changes}
    parts = tuple(sorted((name, str(value)) for name, value in said.items() if value is not None))
    return replace(view, selection=selection, parts=parts, **changes)


def address(view: View, **changes: object) -> str:
    """Path and query of a view, or of one that differs by `changes`, for example page="metrics", pick="nps"."""
    view = changed(view, **changes)
    query = "&".join(f"{name}={quote(value, safe=',~')}" for name, value in params_of(view).items())
    return f"/{path_of(view.page)}?{query}"


def frozen_address(view: View) -> str:
    """The address to paste into an invitation: with the snapshot, so that its figures stay what they are."""
    return address(view, is_pinned=True)


def path_of(page: str) -> str:
    """Overview is the front page."""
    return "" if page == "overview" else page
