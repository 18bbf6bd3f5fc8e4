"""Findings in words: the sentence of each key, its holes written in the reader's language."""

from collections.abc import Callable, Sequence
from contextvars import ContextVar

import streamlit as st

from metrics.findings import Finding, Hole
from pages.ui import formats, link, store
from pages.ui.address import View
from pages.ui.labels import code_label, irritant_name
from pages.ui.text import literal, t

_is_alone: ContextVar[bool] = ContextVar("finding alone", default=False)


class Told(Exception):
    """Ends the drawing of a page that was begun for its finding alone."""


def finding_alone(draw: Callable[[], None]) -> str:
    """What a page would say on top, without drawing what comes after; empty when it says nothing."""
    token = _is_alone.set(True)
    try:
        draw()
    except Told as told:
        return str(told)
    finally:
        _is_alone.reset(token)
    return ""


def finding(found: Sequence[Finding], view: View) -> None:
    """The sentences on top of the page."""
    told = [sentence(f, view) for f in found]
    if _is_alone.get():
        raise Told(" ".join(told))
    link.shown().finding = " ".join(told)
    st.header(" ".join(map(literal, told)), anchor=False)


def sentence(found: Finding, view: View) -> str:
    return t(found.key, view.lang, **{name: hole_text(hole, view) for name, hole in found.holes.items()})


def hole_text(hole: Hole, view: View) -> str:
    """A value of a finding by its kind (see metrics/findings.py)."""
    value, kind = hole
    lang, settings = view.lang, store.settings(view)
    family, _, detail = kind.partition(":")
    if family == "relative":
        return formats.relative(value, lang)
    if family == "percent":
        return formats.share(value, lang, 1)
    if family == "probability":
        return formats.probability(value, lang)
    if family == "times":
        return formats.number(value, lang, int(detail))
    if family == "period":
        return formats.period(value, lang)
    if family == "month":
        return formats.month_name(value, lang)
    if family == "metric":
        return store.catalogue(view).metrics[value].label[lang]
    if family == "code":
        return code_label(settings, detail, value, lang)
    if family == "irritant":
        return irritant_name(settings, value, lang)
    if family in ("moved", "moved_end"):
        unit, currency = store.catalogue(view).metrics[detail].unit, settings.company.currency
        told = formats.change if family == "moved" else lambda *end: formats.change_ends(value, *end)[0]
        return told(value, unit, lang, currency)
    if family == "change":
        return formats.change(value, detail, lang, settings.company.currency)
    return formats.amount(value, kind, lang, settings.company.currency)


def methods(prefix: str, names: Sequence[str], view: View) -> None:
    """Definitions of what is modelled, one line each, closed until asked for; our own words, with markdown."""
    with st.expander(t(f"{prefix}.how", view.lang)):
        st.markdown("\n".join(f"- {t(f'{prefix}.methods.{name}', view.lang)}" for name in names))
