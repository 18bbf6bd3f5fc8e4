"""Writing an action: a form in a dialog. Who saves second is shown both versions, and nothing is lost unseen."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from data.errors import StoreFault
from data.written.register import COLUMNS, CONTRACT, checked, frozen, next_id
from data.written.store import Conflict, Save, Written
from data.written.tables import Standing
from metrics import inventory
from metrics.action_gap import conditions
from pages.ui import formats, store, written
from pages.ui.address import View
from pages.ui.groups import LACKING
from pages.ui.labels import code_label, column_label
from pages.ui.text import literal, t
from pages.ui.written import Register

STATUSES = tuple(CONTRACT.columns["status"].allowed)
NEW = Standing({}, 0)


def open_new(register: Register, view: View) -> None:
    number = next_id(register.standing)
    st.dialog(t("actions.form.new", view.lang), width="large")(form)(number, NEW, view)


def open_edit(number: str, register: Register, view: View) -> None:
    title = t("actions.form.edit", view.lang, number=number)
    st.dialog(literal(title), width="large")(form)(number, register.standing[number], view)


def form(number: str, standing: Standing, view: View) -> None:
    """The fields as they stood when the dialog was opened; `standing` says which version that was."""
    lang = view.lang
    is_fixed = bool(standing.content.get("started_on") or standing.content.get("done_on"))
    with st.form(f"action_{number}_{standing.version}", border=False):
        texts = fields(f"action_{number}_{standing.version}", standing.content, is_fixed, view)
        if is_fixed:
            st.caption(literal(t("actions.form.frozen", lang)))
        is_saved = st.form_submit_button(t("actions.form.save", lang), type="primary")
    if is_saved:
        save(number, standing, texts, view)


def fields(key: str, content: Mapping[str, Any], is_fixed: bool, view: View) -> dict[str, str]:
    """Every column of the register but its number, as texts."""
    texts = {"title": written_text("title", key, content, view)}
    left, right = st.columns(2, gap="medium")
    with left:
        texts["target_metric"] = one_of("target_metric", metric_names(view), key, content, view, is_fixed)
        texts["expected_change"] = written_text("expected_change", key, content, view, is_fixed)
        texts["applies_to"] = some_of("applies_to", key, content, view, is_fixed)
        texts["comparison"] = some_of("comparison", key, content, view, is_fixed)
        texts["owner_role"] = written_text("owner_role", key, content, view)
        texts["cost"] = written_text("cost", key, content, view)
    with right:
        texts["pillar"] = one_of(
            "pillar", labelled("pillar", tuple(store.settings(view).pillars), view), key, content, view
        )
        texts["reason"] = one_of("reason", event_names("reason", view), key, content, view)
        texts["team"] = one_of("team", event_names("team", view), key, content, view)
        texts["status"] = one_of(
            "status", {code: t(f"actions.statuses.{code}", view.lang) for code in STATUSES}, key, content, view
        )
        for name in written.DAYS:
            texts[name] = day(name, key, content, view)
    return texts


def label(name: str, view: View) -> str:
    return t(f"actions.form.{name}", view.lang)


def written_text(name: str, key: str, content: Mapping[str, Any], view: View, is_fixed: bool = False) -> str:
    value = content.get(name)
    text = formats.plain_number(value) if isinstance(value, float) else value or ""
    return st.text_input(label(name, view), text, key=f"{key}_{name}", disabled=is_fixed, max_chars=400)


def day(name: str, key: str, content: Mapping[str, Any], view: View) -> str:
    value = date.fromisoformat(content[name]) if content.get(name) else None
    found = st.date_input(label(name, view), value, key=f"{key}_{name}", format="YYYY-MM-DD")
    return found.isoformat() if found else ""


def one_of(
    name: str, options: Mapping[str, str], key: str, content: Mapping[str, Any], view: View, is_fixed: bool = False
) -> str:
    """One of the company's codes or none; a code that the data no longer has stays choosable where it stands."""
    value = content.get(name)
    known = dict(options) | ({value: options.get(value, value)} if value else {})
    found = st.selectbox(
        label(name, view),
        list(known),
        list(known).index(value) if value else None,
        format_func=known.get,
        key=f"{key}_{name}",
        disabled=is_fixed,
        placeholder=t("actions.form.any", view.lang),
    )
    return found or ""


def some_of(name: str, key: str, content: Mapping[str, Any], view: View, is_fixed: bool) -> str:
    """Conditions, chosen from the codes of segments and teams."""
    options = condition_names(view)
    value = [f"{column}={code}" for column, code in conditions(content.get(name))]
    known = options | {one: options.get(one, one) for one in value}
    found = st.multiselect(
        label(name, view),
        list(known),
        value,
        format_func=known.get,
        key=f"{key}_{name}",
        disabled=is_fixed,
        placeholder=t("actions.form.any", view.lang),
    )
    return ";".join(found)


def metric_names(view: View) -> dict[str, str]:
    """Metrics that an action can be judged by, in the order of their names."""
    metrics = store.catalogue(view).metrics.values()
    names = {m.name: m.label[view.lang] for m in metrics if not m.change_of and not m.part_of_whole}
    return dict(sorted(names.items(), key=lambda pair: pair[1].lower()))


def labelled(column: str, codes: Sequence[str], view: View) -> dict[str, str]:
    return {code: code_label(store.settings(view), column, code, view.lang) for code in codes if code not in LACKING}


def event_names(column: str, view: View) -> dict[str, str]:
    return labelled(column, store.inventoried(inventory.event_codes, view.snapshot).get(column, ()), view)


def condition_names(view: View) -> dict[str, str]:
    """column=code -> its words, of the company's own segments and of teams."""
    settings, codes = store.settings(view), written.known_to(view).columns
    columns = {column: labelled(column, sorted(codes[column]), view) for column in settings.segment_columns}
    columns |= {"team": event_names("team", view)}
    return {
        f"{column}={code}": t(
            "actions.form.condition", view.lang, column=column_label(settings, column, view.lang), code=words
        )
        for column, names in columns.items()
        for code, words in names.items()
    }


def save(number: str, standing: Standing, texts: Mapping[str, str], view: View) -> None:
    """Keep it and close, or say what is wrong, or show both versions.

    A new one is numbered now: others may have written some since the form was opened.
    """
    lang = view.lang
    if standing == NEW:
        number = next_id(written.actions_now(view).standing)
    content, wrong = checked({**texts, "action_id": number}, written.known_to(view))
    content.pop("action_id", None)
    wrong += frozen(standing.content, content)
    if wrong:
        lines = [f"{label(one.column, view)}: {t(f'actions.rules.{one.rule}', lang)}" for one in wrong]
        st.error("  \n".join(literal(line) for line in (t("actions.form.wrong", lang), *lines)))
        return
    try:
        written.keep([Save(number, content, standing.version)], view)
    except Conflict as conflict:
        both_versions(content, conflict.theirs, view)
        return
    except StoreFault:
        st.error(t("actions.unreadable", lang))
        return
    st.toast(t("actions.form.saved", lang, version=str(standing.version + 1)))
    written.show(number)


def both_versions(mine: Mapping[str, Any], theirs: Written, view: View) -> None:
    """What I wrote beside what somebody else saved meanwhile, field by field where they differ."""
    lang = view.lang
    holes = {"who": written.who_words(theirs.saved_by, lang), "at": formats.moment(theirs.saved_at, lang)}
    st.error(literal(t("actions.form.conflict", lang, **holes)))
    names = [name for name in COLUMNS if mine.get(name) != theirs.content.get(name) and name != "action_id"]
    heads = [t(f"actions.headers.{head}", lang) for head in ("field", "yours", "theirs")]
    cells = [
        [label(name, view) for name in names],
        [cell(mine.get(name)) for name in names],
        [cell(theirs.content.get(name)) for name in names],
    ]
    st.dataframe(dict(zip(heads, cells, strict=True)), hide_index=True)


def cell(value: Any) -> str:
    return formats.NOTHING if value is None else formats.plain_number(value) if isinstance(value, float) else str(value)


def history(number: str, view: View) -> None:
    """Every change of an action: when, who, which fields, from what to what."""
    changes, lang = written.changes(number), view.lang
    if not changes:
        return
    with st.expander(t("actions.history", lang)):
        for change in changes:
            holes = {"at": formats.moment(change.at, lang), "who": written.who_words(change.who, lang)}
            if change.before is None:
                st.markdown(f"- {literal(t('actions.created', lang, **holes))}")
                continue
            names = [n for n in COLUMNS if change.before.get(n) != change.after.get(n)]
            said = "; ".join(
                t(
                    "actions.field_change",
                    lang,
                    field=label(name, view),
                    before=cell(change.before.get(name)),
                    after=cell(change.after.get(name)),
                )
                for name in names
            )
            st.markdown(f"- {literal(t('actions.change', lang, **holes, fields=said))}")
