"""An older snapshot may lack what today's pages need: what it lacks is said, below what could be drawn."""

import re
from collections.abc import Callable

import duckdb
import streamlit as st

from data.errors import SnapshotError
from metrics.errors import NotMeasurable, UnknownName
from pages.ui import formats, link, store
from pages.ui.address import View
from pages.ui.incidents import LOG, described
from pages.ui.text import literal, t

LACKING = (duckdb.CatalogException, duckdb.BinderException, UnknownName, NotMeasurable, KeyError)
NAMES = re.compile(r"(?:with name |column \"?|named '|reads |^')(?P<name>[a-z][a-z0-9_]*)", re.IGNORECASE)


def drawn(view: View, draw: Callable[[], None]) -> None:
    """Draw a page; where an older snapshot lacks what the rest of it needs, say that in its place."""
    try:
        draw()
    except LACKING as error:
        if not is_older(view) or (isinstance(error, KeyError) and error.args[0] not in newest_metrics()):
            raise
        LOG.warning("an older snapshot: %s", described(error))
        found = NAMES.search(str(error))
        loaded = formats.moment(store.snapshot(view).manifest.built_at, view.lang)
        with st.container(border=True):
            words = t("lacking.rest", view.lang, loaded=loaded, what=literal(found["name"] if found else str(error)))
            st.markdown(f":material/history: {words}")
            link.page_link(t("frame.see_newest", view.lang), view.page, is_pinned=False, pick=view.pick)


def newest_metrics() -> dict:
    return store.catalogue_in(store.newest()).metrics


def is_older(view: View) -> bool:
    """Whether the snapshot shown was built with other definitions than the newest one."""
    try:
        newest = store.manifest(store.newest())
    except SnapshotError:
        return False
    return newest.id != view.snapshot and newest.built_at > store.snapshot(view).manifest.built_at


def say_unknown_metrics(view: View) -> None:
    """The metrics of this page that the newest snapshot knows and the one shown does not."""
    try:
        newest = store.snapshot_for(None).id
    except SnapshotError:
        return
    if newest == view.snapshot:
        return
    known, here = store.catalogue_in(newest).metrics, store.catalogue(view).metrics
    absent = [name for name in link.metrics_of(view.page) if name in known and name not in here]
    if absent:
        names = ", ".join(known[name].label[view.lang] for name in absent)
        st.caption(t("lacking.metrics", view.lang, count=len(absent), names=literal(names)))
