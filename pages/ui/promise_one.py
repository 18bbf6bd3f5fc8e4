"""One promise: the waterfall that adds up, and its course over time."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from metrics.gap_cuts import Course, Moment, course
from metrics.gaps import PillarGap
from metrics.selection import Period
from pages.ui import formats, promise_figures, promises, store
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.figures import CEM, CRM, QUIET
from pages.ui.promise_figures import Spot, Step
from pages.ui.promises import level, mark_text
from pages.ui.text import literal, t

FEW_QUARTERS = 4  # with fewer of them in the data, a line is drawn by month


def waterfall(gap: PillarGap, view: View) -> None:
    """From what is wanted down to what is lived, in steps that add up as they are shown."""
    lang, label = view.lang, promises.name(gap.pillar, view)
    steps = steps_of(gap, lang)
    figure = store.drawn("promise_waterfall", view, lambda: promise_figures.waterfall(steps), gap.pillar)
    said = "; ".join(f"{step.name} {step.words}" for step in steps)
    chart(
        "promise_waterfall",
        figure,
        t("promise.alt_waterfall", lang, pillar=label, steps=said),
        lambda: promises.gaps_table([gap], [label], t("promise.headers.promise", lang), lang),
        lang,
        store.settings(view).company.currency,
        adds_up(gap, lang),
    )


def adds_up(gap: PillarGap, lang: str) -> str:
    if gap.desire is None or gap.knowledge is None:
        return t("promise.splits_not", lang) if gap.promise else ""
    parts = {"desire": gap.desire, "knowledge": gap.knowledge, "gap": gap.promise}
    ends = {f"{name}_{end}": level(getattr(part, end), lang) for name, part in parts.items() for end in ("low", "high")}
    return t("promise.adds_up", lang, **{name: level(part.value, lang) for name, part in parts.items()}, **ends)


def steps_of(gap: PillarGap, lang: str) -> list[Step]:
    """Wanted, desire gap, we think, knowledge gap, lived; what was never asked is hatched, its gaps are left out."""
    whole = gap.promise is not None and gap.thought.value is None
    steps = [level_step(gap, "wanted", lang)]
    if gap.desire is not None:
        steps.append(gap_step("desire", gap.wanted.shown, gap.thought.shown, CRM, lang))
    steps.append(level_step(gap, "thought", lang))
    if whole:
        steps.append(gap_step("promise", gap.wanted.shown, gap.lived.shown, CEM, lang))
    elif gap.knowledge is not None:
        steps.append(gap_step("knowledge", gap.thought.shown, gap.lived.shown, CEM, lang))
    return [*steps, level_step(gap, "lived", lang)]


def level_step(gap: PillarGap, code: str, lang: str) -> Step:
    mark, label = getattr(gap, code), t(f"promise.steps.{code}", lang)
    if mark.value is None:
        words = t("promise.never.lived_thought_wanted" if mark.status == "never" else "promise.private", lang)
        return Step(label, words, 0, 10 if mark.status == "never" else 0, QUIET, True, is_never=mark.status == "never")
    colour = CEM if code == "lived" else CRM
    return Step(label, level(mark.shown, lang), 0, float(mark.shown), colour, True, mark.low, mark.high)


def gap_step(code: str, upper, lower, colour: str, lang: str) -> Step:
    words = formats.change(-float(upper - lower), "level", lang)
    return Step(t(f"promise.steps.{code}", lang), words, float(lower), float(upper), colour, False)


def over_time(
    gap: PillarGap, view: View, height: int = 340, key: str = "promise_course", alike: Sequence[PillarGap] = ()
) -> bool:
    """What was lived, step by step, beside what was wanted and thought when asked; one scale with those `alike`.

    False where there was too little to draw a line.
    """
    lang, found = view.lang, course_of(gap, view)
    if len(found.lived) < 2:
        st.caption(t("promise.no_course", lang))
        return False
    spots = {
        name: [spot(m, name, lang) for m in getattr(found, name) if m.mark.value]
        for name in ("lived", "thought", "wanted")
    }
    wanted = spots["wanted"] or set_level(gap, found, lang)
    figure = store.drawn(
        key,
        view,
        lambda: promise_figures.course(
            spots["lived"], spots["thought"], wanted, scale_of(alike or [gap], view), height
        ),
        gap.pillar,
    )
    points = "; ".join(s.hover for s in spots["lived"])
    chart(
        key,
        figure,
        t("promise.alt_course", lang, pillar=promises.name(gap.pillar, view), points=points),
        lambda: course_table(found, lang),
        lang,
        store.settings(view).company.currency,
    )
    return True


def course_of(gap: PillarGap, view: View) -> Course:
    return store.computed(course, view, gap.pillar, step_of(view))


def scale_of(gaps: Sequence[PillarGap], view: View) -> tuple[float, float]:
    """The part of the 0-10 scale that holds the courses of some promises, in whole points."""
    courses = [course_of(gap, view) for gap in gaps]
    marks = [moment.mark for one in courses for moment in (*one.lived, *one.thought, *one.wanted)]
    return promises.ends_of_marks([*marks, *(gap.wanted for gap in gaps)])


def course_note(view: View) -> None:
    """What the line, the rings and the strokes are."""
    key = "promise.course_note" if step_of(view) == "quarter" else "promise.course_monthly"
    st.caption(literal(t(key, view.lang)))


def step_of(view: View) -> str:
    """Quarters, or months when the data is too short for them."""
    whole = store.catalogue(view).ground.whole
    until = Period(whole.start, view.selection.period.end) if whole.start < view.selection.period.end else whole
    return "quarter" if len(until.steps("quarter")) >= FEW_QUARTERS else "month"


def spot(moment: Moment, name: str, lang: str) -> Spot:
    mark = moment.mark
    middle = moment.start + (moment.end - moment.start) / 2
    words = t("promise.at", lang, when=span(moment.start, moment.end, lang), mark=mark_text(mark, name, lang))
    return Spot(middle, float(mark.shown), mark.low, mark.high, words)


def span(start: date, end: date, lang: str) -> str:
    return formats.period(Period(start, end), lang)


def set_level(gap: PillarGap, found: Course, lang: str) -> list[Spot]:
    """A level that the configuration sets, over the whole line."""
    if gap.wanted.value is None or gap.wanted.source != "config":
        return []
    words = mark_text(gap.wanted, "wanted", lang)
    return [Spot(day, gap.wanted.value, None, None, words) for day in (found.lived[0].start, found.lived[-1].end)]


def course_table(found: Course, lang: str) -> Table:
    headers = ("period", "mark", "value", "low", "high", "n")
    units = {"value": "score", "low": "score", "high": "score", "n": "count"}
    rows = [
        (span(m.start, m.end, lang), t(f"promise.names.{name}", lang), *promises.mark_cells(m.mark))
        for name in ("lived", "thought", "wanted")
        for m in getattr(found, name)
    ]
    return Table(tuple(Column(t(f"promise.headers.{h}", lang), units.get(h)) for h in headers), tuple(rows))


def moved(gap: PillarGap, lang: str) -> str:
    """Whether the gap closed since the comparison, in words; empty without one."""
    change = gap.lived_change
    if change is None or change.low is None:
        return ""
    if not change.is_signal:
        signed = {"change": change.value, "low": change.low, "high": change.high}
        return t("promise.moved.still", lang, **{n: formats.change(v, "score", lang) for n, v in signed.items()})
    words = ("wider", "closer") if gap.promise is not None else ("worse", "better")
    key = f"promise.moved.{words[0] if change.value > 0 else words[1]}"
    low, high = sorted((abs(change.low), abs(change.high)))
    fine = {"change": abs(change.value), "low": low, "high": high}
    return t(key, lang, **{name: formats.amount(value, "score", lang) for name, value in fine.items()})
