"""The data behind the charts of hearing and of survey signals, as plain numbers."""

from collections.abc import Mapping, Sequence

from metrics.heard import Level, Part, Representativeness, SilentFact, Step
from metrics.survey_trust import Unit, Without
from pages.ui import store
from pages.ui.address import View
from pages.ui.export import Column, Table
from pages.ui.labels import code_label, column_label
from pages.ui.text import t


def headed(names: Mapping[str, str | None], lang: str) -> tuple[Column, ...]:
    return tuple(Column(t(f"hearing_headers.{name}", lang), unit) for name, unit in names.items())


def funnel(steps: Sequence[Step], lang: str) -> Table:
    units = {"step": None, "customers": "count", "share": "share", "low": "share", "high": "share", "revenue": "money"}
    units |= dict.fromkeys(("revenue_share", "revenue_low", "revenue_high"), "share")
    rows = ((t(f"heard.steps.{s.step}", lang), *(getattr(s, name) for name in list(units)[1:])) for s in steps)
    return Table(headed(units, lang), tuple(rows))


def scores(found: Mapping[str, Representativeness], view: View) -> Table:
    """Every score in its own unit: shares as 0 to 1, points as points; so columns carry no unit."""
    numbers = ("raw", "raw_low", "raw_high", "raked", "raked_low", "raked_high", "shift", "shift_low", "shift_high")
    numbers += ("design_effect", "r", "r_low", "r_high", "most_bias", "bound_low", "bound_high")
    counts = ("n_answers", "n_heard", "n_customers")
    names = dict.fromkeys(("metric", *numbers)) | dict.fromkeys(counts, "count")
    known = store.catalogue(view).metrics
    rows = (
        (
            known[name].label[view.lang],
            *(round(getattr(r, n), 4) for n in numbers),
            *(getattr(r, n) for n in counts),
        )
        for name, r in found.items()
    )
    return Table(headed(names, view.lang), tuple(rows))


def levels(every: Sequence[Level], view: View) -> Table:
    units = {"variable": None, "level": None, "n": "count", "n_heard": "count", "share": "share", "low": "share"}
    units |= {"high": "share", "whole": "share", "partial": None, "partial_variable": None, "partial_given": None}
    settings, lang = store.settings(view), view.lang
    rows = (
        (
            column_label(settings, level.variable, lang),
            code_label(settings, level.variable, level.level, lang),
            *(getattr(level, name) for name in ("n", "n_heard", "share", "low", "high", "whole")),
            *(round(getattr(level, name), 4) for name in ("partial", "partial_variable", "partial_given")),
        )
        for level in every
    )
    return Table(headed(units, lang), tuple(rows))


def mix(parts: Mapping[str, Part], unit: str, lang: str) -> Table:
    units = {"part": None} | dict.fromkeys(("value", "low", "high", "before", "now"), unit)
    units |= {"n_before": "count", "n_now": "count"}
    rows = (
        (t(f"heard.parts.{name}", lang), *(getattr(part, column) for column in list(units)[1:]))
        for name, part in parts.items()
    )
    return Table(headed(units, lang), tuple(rows))


def facts(found: Sequence[SilentFact], lang: str) -> Table:
    units = {"fact": None} | dict.fromkeys(("heard", "silent", "value", "low", "high"), "share")
    units |= {"n_heard": "count", "n_silent": "count"}
    rows = ((t(f"heard.fact_names.{f.fact}", lang), *(getattr(f, name) for name in list(units)[1:])) for f in found)
    return Table(headed(units, lang), tuple(rows))


def signals(units: Sequence[Unit], view: View) -> Table:
    """Every signal of every unit that could be judged."""
    kinds = {"unit": None, "signal": None, "family": None} | dict.fromkeys(
        ("value", "low", "high", "expected"), "share"
    )
    kinds |= {"n": "count", "n_answers": "count", "distance": None, "p": None, "p_adjusted": None, "is_told": None}
    lang, settings = view.lang, store.settings(view)
    rows = (
        (
            code_label(settings, unit.kind, unit.code, lang),
            t(f"trust.signals.{s.signal}", lang),
            t(f"trust.families.{s.family}", lang),
            *(s.value, s.low, s.high, s.expected, s.n, s.n_answers, round(s.distance, 2)),
            *(f"{s.p:.2g}", f"{s.p_adjusted:.2g}", t(f"trust.{'told' if s.is_told else 'not_told'}", lang)),
        )
        for unit in units
        for s in unit.signals
    )
    return Table(headed(kinds, lang), tuple(rows))


def without(scores: Sequence[Without], view: View) -> Table:
    """Scores with and without the units worth an audit, each in its own unit."""
    numbers = ("whole", "whole_low", "whole_high", "rest", "rest_low", "rest_high", "value", "low", "high")
    names = dict.fromkeys(("metric", *numbers)) | {"n": "count", "n_rest": "count"}
    known = store.catalogue(view).metrics
    rows = (
        (known[s.metric].label[view.lang], *(round(getattr(s, name), 4) for name in numbers), s.n, s.n_rest)
        for s in scores
    )
    heads = tuple(Column(t(f"trust.headers.{name}", view.lang), unit) for name, unit in names.items())
    return Table(heads, tuple(rows))
