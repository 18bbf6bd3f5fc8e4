"""What changed since another snapshot: each number of the page then and now, and why. Asked for by `since` in the link.

The page is drawn first, and what it asks of its snapshot is then asked of both.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta

import duckdb
import streamlit as st
from streamlit.errors import StreamlitAPIException

from data.errors import SnapshotError
from metrics import since, since_models
from metrics.errors import MetricError
from metrics.leaves import Compared, compared, leaves, measurements
from metrics.selection import Selection
from metrics.since import Asked, Moved
from metrics.verbatims import verbatims
from metrics.walks import walk
from pages.ui import formats, link, store
from pages.ui.address import View, changed
from pages.ui.asked import Questions, listening
from pages.ui.said import finding_alone
from pages.ui.since_tables import definitions_table, moved_table, parts_table, value_text
from pages.ui.text import literal, t

PERSONAL = (walk, verbatims)  # what is told of one person is no figure to compare
SETTINGS = ("windows", "thresholds", "costs", "health", "outlook", "value_tiers.cuts", "targets", "pillars")


def told(view: View, draw: Callable[[], None], again: Callable[[], None]) -> None:
    """Draw the page; above it what changed, when its address asks for that. `again` begins to draw it of other data."""
    if view.since is None:
        draw()
        return
    place = st.container(border=True)
    with listening() as questions:
        draw()
    with place:
        try:
            what_changed(view, questions, again, *in_order(view))
        except SnapshotError:
            st.markdown(t("since.unreadable", view.lang))


def in_order(view: View) -> tuple[str, str]:
    """The two snapshots, the one that was built first before the other."""
    pair = sorted((view.since, view.snapshot), key=lambda one: store.manifest(one).built_at)
    for one in pair:
        store.understood(store.opened(one))
    return pair[0], pair[1]


def what_changed(view: View, questions: Questions, again: Callable[[], None], then: str, now: str) -> None:
    """The sentence, the numbers that moved with their causes, the groups, the models, the definitions."""
    found = rows(view, questions, then, now)
    asked = [one for one in questions.computed if one[0] not in PERSONAL]
    parts = [one for one in (part(*one, then, now) for one in asked) if one is not None]
    numbers, groups = ([one for one in found if bool(one.group) == has_group] for has_group in (False, True))
    the_sentence(numbers or groups, parts, then, view)
    the_other_finding(then, view, again)
    ways_out(then, view)
    moved_table("since_numbers", [one for one in numbers if is_moved(one, view)], view)
    the_rest([*numbers, *groups], then, view)
    if seen := [one for one in groups if is_moved(one, view)]:
        words = t("since.groups", view.lang, count=len(seen), n=str(len(seen)), total=str(len(groups)))
        with st.expander(words, expanded=not numbers):
            moved_table("since_groups", seen, view)
    if moved := [one for one in parts if one.moved]:
        words = t("since.parts_moved", view.lang, count=len(moved), n=str(len(moved)), total=str(len(parts)))
        with st.expander(words, expanded=not found):
            parts_table(moved, why_models(then, now), view)
    the_definitions(list(dict.fromkeys(one.metric for one in found)), then, now, view)


def rows(view: View, questions: Questions, then: str, now: str) -> list[Moved]:
    """The page's own numbers: inside its period and filters, each once whatever it is compared with."""
    asked = [*measured(view, questions), *inside(view, questions)]
    found: dict[tuple, Moved] = {}
    for question, wanted in asked:
        for moved in moves(then, now, question):
            if wanted is None or moved.group in wanted:
                selection = question.selection
                found.setdefault((moved.metric, selection.period, selection.where, moved.group), moved)
    return list(found.values())


def measured(view: View, questions: Questions) -> Iterator[tuple[Asked, None]]:
    """Numbers that the page asked for themselves."""
    wanted = set(view.selection.where)
    for asked in questions.measured:
        if is_inside(asked.selection, view) and (not asked.by or wanted <= set(asked.selection.where)):
            yield asked, None


def inside(view: View, questions: Questions) -> Iterator[tuple[Asked, set]]:
    """Numbers inside what was computed, with the groups that are shown, where the same can be asked again."""
    for function, arguments in questions.computed:
        if not is_inside(arguments[0], view):
            continue
        asked: dict[Asked, set] = {}
        for one in measurements(store.computed_in(view.snapshot, function, *arguments)):
            question = Asked(one.metric, arguments[0], tuple(column for column, _ in one.group))
            if (one.start, one.end) == (arguments[0].period.start, arguments[0].period.end):
                asked.setdefault(question, set()).add(one.group)
        yield from asked.items()


def is_inside(selection: Selection, view: View) -> bool:
    """Whether a question is about days of the page's period, and not, say, whether there is any data at all."""
    period = view.selection.period
    return period.start <= selection.period.start and selection.period.end <= period.end


def moves(then: str, now: str, asked: Asked) -> tuple[Moved, ...]:
    return store.remembered(lambda: since.moves(dated(then), dated(now), asked), since.moves, then, now, asked)


def dated(snapshot_id: str) -> since.Dated:
    source = store.opened(snapshot_id)
    return store.remembered(
        lambda: since.dated(source.cursor, store.catalogue_in(snapshot_id)), since.dated, snapshot_id
    )


def is_moved(moved: Moved, view: View) -> bool:
    """Whether a reader sees another number than then."""
    return value_text(moved.then, moved.metric, view) != value_text(moved.now, moved.metric, view)


def the_sentence(numbers: Sequence[Moved], parts: Sequence[Compared], then: str, view: View) -> None:
    """How many numbers moved, and how many through which cause; of a page of models alone, how many figures."""
    lang, seen = view.lang, [one for one in numbers if is_moved(one, view)]
    figures, total = sum(len(one.moved) for one in parts), sum(one.total for one in parts)
    n, of = (len(seen), len(numbers)) if numbers else (figures, total)
    holes = {"n": formats.number(n, lang), "total": formats.number(of, lang)}
    loaded = formats.moment(store.manifest(then).built_at, lang)
    words = t("since.some" if n else "since.none", lang, count=n, loaded=loaded, **holes)
    st.subheader(words if of else t("since.no_numbers", lang), anchor=False)
    kinds = {kind: sum(any(c.kind == kind for c in one.causes) for one in seen) for kind in since.KINDS}
    if seen:
        st.caption(" · ".join(t(f"since.counts.{kind}", lang, count=n, n=str(n)) for kind, n in kinds.items() if n))


def the_other_finding(then: str, view: View, again: Callable[[], None]) -> None:
    """What the page says on top of the data that is not shown; nothing where that cannot be had without drawing it."""
    other = changed(view, snapshot=view.since, since=None, is_pinned=True, definitions="")
    place = st.empty()
    try:
        with link.looking_at(other), place.container():
            words = finding_alone(again)
    except (MetricError, KeyError, duckdb.CatalogException, duckdb.BinderException, StreamlitAPIException):
        words = ""
    place.empty()
    if words and words == link.shown().finding:
        place.caption(t("since.same_finding", view.lang))
    elif words:
        key = "since.said_then" if then == view.since else "since.said_now"
        place.markdown(t(key, view.lang, finding=literal(words)))


def ways_out(then: str, view: View) -> None:
    """To the page as it was, and to the page alone."""
    with st.container(horizontal=True):
        link.page_link(
            t("since.as_it_was", view.lang),
            view.page,
            snapshot=then,
            is_pinned=True,
            since=None,
            definitions="",
            pick=view.pick,
        )
        link.page_link(t("since.close", view.lang), view.page, since=None, pick=view.pick)


def the_rest(numbers: Sequence[Moved], then: str, view: View) -> None:
    """What the table leaves out, and what was asked."""
    lang, ground = view.lang, store.catalogue_in(then).ground
    quiet = sum(bool(one.causes) and not is_moved(one, view) for one in numbers)
    same = sum(not one.causes for one in numbers)
    words = [t("since.same", lang, count=same, n=str(same))] if same else []
    words += [t("since.quiet", lang, count=quiet, n=str(quiet))] if quiet else []
    period = formats.period(view.selection.period, lang)
    words.append(t("since.asked", lang, period=period, until=formats.day(ground.as_of - timedelta(days=1), lang)))
    st.caption(" ".join(words))


def part(function: Callable, arguments: tuple, then: str, now: str) -> Compared | None:
    """A computed part in both snapshots; None when neither has it."""
    sides = [answer(snapshot_id, function, arguments) for snapshot_id in (then, now)]
    return None if sides == [None, None] else compared(function, *sides)


def answer(snapshot_id: str, function: Callable, arguments: tuple) -> object:
    """None where the snapshot cannot tell."""
    try:
        return store.computed_in(snapshot_id, function, *arguments)
    except (MetricError, duckdb.CatalogException, duckdb.BinderException):
        return None


def why_models(then: str, now: str) -> tuple[since_models.Kind, ...]:
    """Why what is computed from all rows at once moved."""
    day = store.catalogue_in(then).ground.as_of

    def counted(snapshot_id: str) -> Mapping[str, since_models.Rows] | None:
        try:
            return since_models.rows_until(store.opened(snapshot_id).cursor(), day)
        except duckdb.InterruptException:
            return None

    def made(snapshot_id: str) -> since_models.Made:
        rows = store.remembered(lambda: counted(snapshot_id), since_models, snapshot_id, day)
        version = store.manifest(snapshot_id).definitions_version
        return since_models.Made(store.catalogue_in(snapshot_id).ground.as_of, version, chosen(snapshot_id), rows)

    return since_models.why(made(then), made(now))


def the_definitions(names: Sequence[str], then: str, now: str, view: View) -> None:
    """Definitions of the page's metrics and settings of the company that are not what they were."""
    before, after = store.catalogue_in(then).metrics, store.catalogue_in(now).metrics
    rows = []
    for name in since.redefined(dated(then), dated(now), list(dict.fromkeys(names))):
        parts = since.rewritten(before[name], after[name]) or (("view", "", ""),)
        rows += [(after[name].label[view.lang], *one) for one in parts]
    former, later = (chosen(snapshot_id) for snapshot_id in (then, now))
    changed = [key for key in dict.fromkeys([*former, *later]) if former.get(key) != later.get(key)]
    rows += [(t("since.settings", view.lang), key, str(former.get(key)), str(later.get(key))) for key in changed]
    if rows:
        with st.expander(t("since.definitions", view.lang, count=len(rows), n=str(len(rows)))):
            definitions_table(rows, view)
            st.caption(t("since.settings_explained", view.lang))


def chosen(snapshot_id: str) -> dict[str, object]:
    """The company's choices that numbers depend on, by their key in config.yaml."""
    settings = store.opened(snapshot_id).settings().model_dump(mode="json")
    every = dict(leaves(settings))
    return {key: value for key, value in every.items() if key.startswith(SETTINGS) and ".promise." not in key}
