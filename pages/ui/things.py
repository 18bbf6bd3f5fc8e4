"""Three things to look at: cards, each with its number, its certainty, what it weighs, and the way there."""

from collections.abc import Callable, Sequence

import streamlit as st

from metrics.definitions import Metric
from metrics.three_things import Thing, Things, Verdict
from pages.ui import formats, store
from pages.ui.address import View
from pages.ui.labels import code_label, column_label
from pages.ui.link import page_link
from pages.ui.text import literal, t


def cards(found: Things, view: View) -> None:
    if not found.chosen:
        key = "things.nothing" if found.comparisons else "things.no_groups"
        st.markdown(literal(t(key, view.lang, n=formats.number(found.comparisons, view.lang))))
        return
    for column, thing in zip(st.columns(3), found.chosen, strict=False):
        with column.container(border=True, height="stretch"):
            card(thing, view)
    st.caption(literal(t("things.chosen", view.lang, n=formats.number(found.comparisons, view.lang))))


@st.fragment
def on_demand(find: Callable[[], Things], view: View) -> None:
    """The cards of a narrowed view, looked for when a reader asks."""
    box = st.expander(t("things.inside", view.lang), key="things_inside", on_change="rerun")
    if box.open:
        with box:
            cards(find(), view)


@st.fragment
def held(find: Callable[[], Sequence[Verdict]], view: View) -> None:
    """What became of the things of a month ago; found out only when a reader asks."""
    box = st.expander(t("things.held_title", view.lang), key="things_held", type="compact", on_change="rerun")
    if not box.open:
        return
    lines = [verdict_text(verdict, view) for verdict in find()] or [t("things.held_none", view.lang)]
    box.markdown("\n".join(f"- {literal(line)}" for line in lines))


def verdict_text(verdict: Verdict, view: View) -> str:
    metric = store.catalogue(view).metrics[verdict.thing.measurement.metric]
    before = change(verdict.thing.effect.value, metric, view)
    since = "" if verdict.since is None else change(verdict.since.value, metric, view)
    key = f"things.held_{verdict.outcome if since else 'unseen'}"
    return t(key, view.lang, title=title(verdict.thing, metric, view), before=before, since=since)


def card(thing: Thing, view: View) -> None:
    lang, metric = view.lang, store.catalogue(view).metrics[thing.measurement.metric]
    column, code = thing.group
    about = f":small[:gray[{literal(column_label(store.settings(view), column, lang))}]]"
    said = literal(" ".join([what(thing, metric, view), weight(thing, metric, view)]))
    st.markdown(f"{about}\n\n**{literal(title(thing, metric, view))}**\n\n{said}")
    where = dict(view.selection.where) | {column: (code,)}
    page_link(
        literal(t("things.open", lang, group=group_name(thing, view))), "overview", where=tuple(sorted(where.items()))
    )


def group_name(thing: Thing, view: View) -> str:
    return code_label(store.settings(view), *thing.group, view.lang)


def title(thing: Thing, metric: Metric, view: View) -> str:
    return t("things.title", view.lang, group=group_name(thing, view), metric=metric.label[view.lang])


def what(thing: Thing, metric: Metric, view: View) -> str:
    """The group's number with its interval and n, against the others or against its former self."""
    m, lang, currency = thing.measurement, view.lang, store.settings(view).company.currency

    def amount(value: float) -> str:
        return formats.amount(value, metric.unit, lang, currency)

    others = thing.effect.others
    low, high = formats.ends(m.low, m.high, metric.unit, lang, currency)
    return t(
        f"things.{thing.kind}",
        lang,
        value=amount(m.value),
        low=low,
        high=high,
        n=formats.number(m.n, lang),
        change=change(thing.effect.level, metric, view),
        others=amount(others) if thing.kind == "apart" else change(others, metric, view),
    )


def change(value: float, metric: Metric, view: View) -> str:
    if metric.is_total:
        return formats.relative(value, view.lang)
    return formats.change(value, metric.unit, view.lang, store.settings(view).company.currency)


def weight(thing: Thing, metric: Metric, view: View) -> str:
    """What the group's difference makes of the whole company's figure, luck taken off."""
    key = "things.weighs" if thing.is_bad else "things.brings"
    return t(key, view.lang, weight=change(thing.shrunk * thing.weight, metric, view))
