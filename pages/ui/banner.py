"""Which data is shown: one quiet line always, a box when it is not the latest, and what to do when there is none."""

from datetime import date

import streamlit as st

from data.errors import DataError, SnapshotError
from data.settings import Settings
from pages.ui import formats, lacking, link, store
from pages.ui.address import Choices, View
from pages.ui.frozen import day_of, nearest
from pages.ui.labels import code_label
from pages.ui.text import literal, t


def snapshot_banner(view: View, choices: Choices, snapshot: store.Snapshot, settings: Settings) -> None:
    """The period in dates and what it is compared with; whose data, up to when, loaded when; a box for the unusual."""
    lang, selection = view.lang, view.selection
    loaded = formats.moment(snapshot.manifest.built_at, lang)
    before = selection.period.compared(selection.versus)
    line = t(
        f"frame.{'line' if before is None else 'compared_line' if choices.reaches(before) else 'uncompared_line'}",
        lang,
        period=formats.period(selection.period, lang),
        before=formats.period(before, lang) if before else "",
        company=literal(settings.company.name[lang]),
        until=formats.day(store.last_day(view), lang),
        loaded=loaded,
    )
    sample = f":orange-badge[{t('frame.sample', lang)}] " if settings.company.is_sample else ""
    page = literal(t(f"frame.pages.{view.page}", lang))
    st.markdown(f"{sample}:small[**{page}**] :small[:gray[{line}]]")
    if selection.scope:
        say_scope(view, settings)
    if view.lost:
        say_lost(view, loaded)
    if view.is_pinned:
        say_pinned(view, loaded)
        lacking.say_unknown_metrics(view)
    for fault in snapshot.passed_over:
        st.warning(t("frame.passed_over", lang, loaded=loaded, fault=literal(str(fault))), icon=":material/history:")


def say_scope(view: View, settings: Settings) -> None:
    codes = [
        code_label(settings, column, code, view.lang) for column, chosen in view.selection.scope for code in chosen
    ]
    st.info(t("frame.scope", view.lang, limits=literal(", ".join(codes))), icon=":material/lock:")


def say_pinned(view: View, loaded: str) -> None:
    """A link that holds its data: say so, and offer the latest and the difference when there is a later one."""
    newest = store.newest()
    if view.others:
        st.caption(t("lost.edited", view.lang, others=view.others, version=view.definitions))
    if newest == view.snapshot:
        st.caption(t("frame.pinned_newest", view.lang, loaded=loaded))
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        words = t("frame.pinned", view.lang, loaded=loaded, newest=loaded_at(newest, view.lang))
        st.markdown(f":material/history: {words}", width="content")
        link.page_link(t("frame.see_newest", view.lang), view.page, is_pinned=False, pick=view.pick)
        link.page_link(
            t("frame.see_changes", view.lang), view.page, is_pinned=False, since=view.snapshot, pick=view.pick
        )


def say_lost(view: View, loaded: str) -> None:
    """A link whose data is gone or cannot be read: what is shown instead, and the way to the nearest that is kept."""
    lang, readable = view.lang, [m.id for m in store.manifests() if m.id != view.lost]
    key, other = "lost.unreadable" if view.lost in store.kept() else "lost.gone", nearest(view.lost, readable)
    words = [t(key, lang, day=formats.day(day_of(view.lost), lang), loaded=loaded)]
    if view.others or view.named_definitions:
        words.append(t("lost.other_definitions" if view.others else "lost.same_definitions", lang))
    words += [t("lost.is_nearest", lang)] if other == view.snapshot else []
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(":material/history_off: " + " ".join(words), width="content")
        if other not in (None, view.snapshot):
            label = t("lost.nearest", lang, loaded=loaded_at(other, lang))
            link.page_link(label, view.page, snapshot=other, is_pinned=True, definitions="", pick=view.pick)


def loaded_at(snapshot_id: str, lang: str) -> str:
    """When a kept snapshot was loaded; its day when its manifest cannot be read."""
    try:
        return formats.moment(store.manifest(snapshot_id).built_at, lang)
    except SnapshotError:
        return formats.day(day_of(snapshot_id), lang)


def say_problems(view: View) -> None:
    """What the address asked for and could not have, in one quiet box."""
    if not view.problems:
        return
    lines = []
    for problem in view.problems:
        holes = {name: literal(readable(name, value, view.lang)) for name, value in problem.holes}
        lines.append("- " + t(problem.key, view.lang, **holes))
    st.warning(t("link.intro", view.lang) + "\n" + "\n".join(lines), icon=":material/link_off:")


def readable(name: str, value: str, lang: str) -> str:
    """Days of a problem are written as days; the rest as it stands."""
    return formats.day(date.fromisoformat(value), lang) if name in ("first", "last") else value


def no_data(error: DataError, lang: str) -> None:
    """The whole page while there is no snapshot: which command makes one."""
    st.title(t("nothing.title", lang))
    st.markdown(t("nothing.explain", lang))
    st.markdown(t("nothing.sample", lang))
    st.code("make run", language=None, wrap_lines=True)
    st.markdown(t("nothing.own", lang))
    st.code("python -m data.refresh --config my-config.yaml --exports DIR", language=None, wrap_lines=True)
    st.markdown(t("nothing.reload", lang))
    if any(fault.rule != "snapshot_missing" for fault in error.faults):
        st.markdown(t("nothing.damaged", lang))
        for fault in error.faults:
            st.text(str(fault))
