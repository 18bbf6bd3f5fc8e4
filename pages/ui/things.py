"""Three things to look at: cards, each with its number, its certainty, what it weighs, and the way there."""

from collections.abc import Sequence

import streamlit as st

from metrics.definitions import Metric
from metrics.three_things import Thing, Things
from pages.ui import formats, store
from pages.ui.address import View
from pages.ui.labels import code_label
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


def card(thing: Thing, view: View) -> None:
    lang, metric = view.lang, store.catalogue(view).metrics[thing.measurement.metric]
    column, code = thing.group
    group = code_label(store.settings(view), column, code, lang)
    title = t("things.title", lang, group=group, metric=metric.label[lang])
    st.markdown(f"**{literal(title)}**")
    st.markdown(literal(" ".join([what(thing, metric, view), weight(thing, metric, view)])))
    where = dict(view.selection.where) | {column: (code,)}
    page_link(literal(t("things.open", lang, group=group)), "overview", where=tuple(sorted(where.items())))


def what(thing: Thing, metric: Metric, view: View) -> str:
    """The group's number with its interval and n, against the others or against its former self."""
    m, lang, currency = thing.measurement, view.lang, store.settings(view).company.currency

    def amount(value: float) -> str:
        return formats.amount(value, metric.unit, lang, currency)

    others = thing.effect.others
    return t(
        f"things.{thing.kind}",
        lang,
        value=amount(m.value),
        low=amount(m.low),
        high=amount(m.high),
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


def names_to_compare(names: Sequence[str], view: View) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Metrics of the catalogue among `names`, and the segment columns that the view leaves open."""
    known = store.catalogue(view).metrics
    fixed = {column for column, codes in view.selection.where if len(codes) == 1}
    columns = (*store.settings(view).segment_columns, "value_tier")
    return tuple(n for n in names if n in known), tuple(c for c in columns if c not in fixed)
