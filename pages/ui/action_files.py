"""The register as CSV: taken away, and pasted in (the server takes no uploads: docs/security.md)."""

from collections.abc import Sequence

import streamlit as st

from data.errors import StoreFault
from data.written.store import Conflict
from data.written.tables import HEADER, Faulty, csv_of, read
from pages.ui import written
from pages.ui.address import View
from pages.ui.export import harmless
from pages.ui.text import literal, t
from pages.ui.written import Register


def files(register: Register, view: View) -> None:
    """Out for everybody who reads the page, in for those who may write."""
    lang = view.lang
    with st.expander(t("actions.files", lang), icon=":material/table:"):
        if register.standing:
            st.download_button(
                t("actions.export", lang),
                csv_of(register.standing),
                "actions.csv",
                "text/csv",
                on_click="ignore",
                icon=":material/download:",
                key="actions_csv",
            )
        if written.may_write(view):
            paste(register, view)


def paste(register: Register, view: View) -> None:
    lang = view.lang
    with st.form("actions_paste", border=False):
        text = st.text_area(t("actions.paste", lang), key="actions_pasted", height=160)
        st.caption(literal(t("actions.paste_help", lang, columns=", ".join(HEADER))))
        is_sent = st.form_submit_button(t("actions.import", lang))
    if is_sent:
        take_in(text, register, view)


def take_in(text: str, register: Register, view: View) -> None:
    """Save every row, or none with every fault told."""
    lang = view.lang
    saves, faults = read(text, register.standing, written.known_to(view))
    if faults:
        st.error(t("actions.faults", lang, count=len(faults), n=str(len(faults))))
        st.dataframe(faults_table(faults, view), hide_index=True, key="actions_faults")
        return
    try:
        written.keep(saves, view)
    except Conflict as conflict:
        who = written.who_words(conflict.theirs.saved_by, lang)
        st.error(literal(t("actions.conflict_import", lang, who=who, number=conflict.theirs.id)))
        return
    except StoreFault:
        st.error(t("actions.unreadable", lang))
        return
    st.toast(t("actions.imported", lang, count=len(saves), n=str(len(saves))))
    written.show(saves[-1].id)


def faults_table(faults: Sequence[Faulty], view: View) -> dict[str, list[str]]:
    lang = view.lang
    heads = [t(f"actions.headers.{head}", lang) for head in ("line", "column", "value", "rule")]
    rows = [
        (str(f.line), harmless(f.wrong.column), harmless(f.wrong.value[:80]), t(f"actions.rules.{f.wrong.rule}", lang))
        for f in faults
    ]
    return dict(zip(heads, map(list, zip(*rows, strict=True)), strict=True))
