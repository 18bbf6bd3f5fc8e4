"""Everything the promise page speaks of, in words, and its first figure: every promise on one line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from metrics.gaps import Gap, Mark, PillarGap, in_order, promise_gaps, widest
from metrics.promise_costs import PromiseCost, money_by_promise, promise_costs
from metrics.promises import Fact, facts
from metrics.query import Measurement
from metrics.selection import choice
from pages.ui import formats, gap_figures, store
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.labels import code_label
from pages.ui.parts import pick_from
from pages.ui.text import sentences, t

LEVELS = ("wanted", "thought", "lived", "expected")


@dataclass(frozen=True)
class Promises:
    """Everything the page speaks of, in the order that was chosen. chosen: the promise looked into."""

    gaps: tuple[PillarGap, ...]
    facts: Mapping[str, Fact]
    measured: Mapping[str, Measurement]
    costs: Mapping[str, PromiseCost]
    chosen: str
    is_by_money: bool

    @property
    def codes(self) -> tuple[str, ...]:
        """Promises with ratings or a level, then those that are facts only."""
        known = [gap.pillar for gap in self.gaps]
        return (*known, *(code for code in self.facts if code not in known))

    @property
    def dearest(self) -> PromiseCost | None:
        """The promise that costs most, when the page is about money."""
        told = [cost for cost in self.costs.values() if cost.money is not None]
        return max(told, key=lambda cost: cost.money[0], default=None) if self.is_by_money else None

    def gap(self, code: str) -> PillarGap | None:
        return next((gap for gap in self.gaps if gap.pillar == code), None)


def found(view: View, is_by_money: bool) -> Promises:
    """Read it all; what the address picks, else the widest gap (or the dearest), is looked into."""
    settings = store.settings(view)
    named = facts(settings)
    pillars = tuple((code, pillar.wanted) for code, pillar in settings.pillars.items())
    costs = store.computed(promise_costs, view, named)
    gaps = store.computed(promise_gaps, view, pillars)
    ordered = in_order(gaps, money_by_promise(costs) if is_by_money else None)
    measured = {fact.promise: fact_measured(fact, view) for fact in named}
    codes = [gap.pillar for gap in ordered] + [fact.promise for fact in named]
    first = ordered[0] if is_by_money and ordered else widest(ordered)
    default = first.pillar if first else next((c for c in codes if c in measured and measured[c].n), "")
    return Promises(
        gaps=ordered,
        facts={fact.promise: fact for fact in named},
        measured=measured,
        costs={cost.promise: cost for cost in costs},
        chosen=view.pick if view.pick in codes else default or next(iter(codes), ""),
        is_by_money=is_by_money,
    )


def fact_measured(fact: Fact, view: View, **changes: object) -> Measurement:
    return store.measured(fact.metric, view, where=fact_where(fact, view), **changes)[0]


def fact_where(fact: Fact, view: View) -> tuple:
    return choice([*view.selection.where, *fact.where])


def fact_name(fact: Fact, view: View) -> str:
    """Its metric, and of which events where it is not of all."""
    settings, label = store.settings(view), store.catalogue(view).metrics[fact.metric].label[view.lang]
    events = [code_label(settings, column, code, view.lang) for column, codes in fact.where for code in codes]
    return f"{label} ({', '.join(events)})" if events else label


def name(code: str, view: View) -> str:
    """A pillar's own words; of a company without pillars, the kind of promise."""
    key = f"codes.kind.{code}"
    is_kind = not store.settings(view).pillars and key in sentences(view.lang)
    return t(key, view.lang) if is_kind else code_label(store.settings(view), "pillar", code, view.lang)


def open_columns(view: View) -> tuple[str, ...]:
    """Segment columns that the view leaves open."""
    fixed = {column for column, codes in view.selection.where if len(codes) == 1}
    return tuple(c for c in (*store.settings(view).segment_columns, "value_tier") if c not in fixed)


def level(value: float | Decimal | None, lang: str) -> str:
    return formats.number(None if value is None else float(value), lang, 1)


def gap_text(gap: Gap, key: str, lang: str, **more: str) -> str:
    return t(key, lang, gap=level(gap.value, lang), low=level(gap.low, lang), high=level(gap.high, lang), **more)


def mark_text(mark: Mark, code: str, lang: str) -> str:
    """A mark in words: value, interval and n, or why it is not there."""
    label = t(f"promise.names.{code}", lang)
    if mark.value is None:
        return t(f"promise.mark_{mark.status}", lang, name=label)
    value = level(mark.shown, lang)
    if mark.source == "config":
        return t("promise.mark_set", lang, name=label, value=value)
    if mark.low is None:
        return t("promise.mark_alone", lang, name=label, value=value)
    holes = {"name": label, "value": value, "low": level(mark.low, lang), "high": level(mark.high, lang)}
    holes["n"] = formats.number(mark.n, lang)
    if mark.scale is None:
        return t("promise.mark", lang, **holes)
    scale = {"first": formats.number(mark.scale[0], lang), "last": formats.number(mark.scale[1], lang)}
    return t("promise.mark_scaled", lang, asked=formats.amount(mark.asked, "score", lang), **holes, **scale)


def marks_of(gap: PillarGap) -> dict[str, Mark]:
    return {code: getattr(gap, code) for code in LEVELS}


def row(gap: PillarGap, label: str, detail: str, lang: str, is_group: bool = False) -> gap_figures.Row:
    """A promise, or a group of customers, as a row; what groups have in common is hatched for the promise only."""
    marks = marks_of(gap)
    return gap_figures.Row(
        code=gap.pillar,
        name=label,
        detail=detail,
        marks={
            code: gap_figures.Dot(float(mark.shown), mark.low, mark.high, mark.status == "shown")
            for code, mark in marks.items()
            if mark.value is not None
        },
        hover=[mark_text(mark, code, lang) for code, mark in marks.items() if code != "expected" or mark.value],
        desire=level(gap.desire.value, lang) if gap.desire else "",
        knowledge=level(gap.knowledge.value, lang) if gap.knowledge else "",
        never=[] if is_group else [(g, t(f"promise.never.{'_'.join(g)}", lang)) for g in never_asked(marks)],
    )


def never_asked(marks: Mapping[str, Mark]) -> list[tuple[str, ...]]:
    """Neighbouring marks that nobody was asked for, together."""
    groups: list[tuple[str, ...]] = []
    for place, code in enumerate(gap_figures.LEVELS):
        if marks[code].status != "never":
            continue
        is_next = bool(groups) and place > 0 and groups[-1][-1] == gap_figures.LEVELS[place - 1]
        groups = [*groups[:-1], (*groups[-1], code)] if is_next else [*groups, (code,)]
    return groups


def detail(gap: PillarGap, lang: str) -> str:
    """The gap of a row in words; where nothing is wanted, what is missing to what was expected."""
    if gap.lived.status == "private":
        return t("promise.private", lang)
    if gap.promise is not None:
        words = gap_text(gap.promise, "promise.gap", lang)
        return words if gap.lived.status == "shown" else t("promise.few", lang)
    missed = gap.disappointment
    if missed is None:
        return mark_text(gap.lived, "lived", lang) if gap.lived.value is not None else ""
    is_below = missed.value >= 0
    ends = (missed.low, missed.high) if is_below else (-missed.high, -missed.low)
    words = Gap(abs(missed.value), *ends)
    return gap_text(words, "promise.missed" if is_below else "promise.exceeded", lang)


def cost_text(cost: PromiseCost | None, view: View) -> str:
    if cost is None or cost.money is None:
        return t("promise.no_cost", view.lang)
    currency = store.settings(view).company.currency
    value, low, high = (formats.money(amount, view.lang, currency) for amount in cost.money)
    return t("promise.costs", view.lang, money=value, low=low, high=high)


def ends_of(gaps: Sequence[PillarGap]) -> tuple[float, float]:
    """The part of the 0-10 scale that holds every mark and interval."""
    return ends_of_marks([mark for gap in gaps for mark in marks_of(gap).values()])


def ends_of_marks(marks: Sequence[Mark]) -> tuple[float, float]:
    """From a whole point below the lowest interval, 5 at most, to 10."""
    ends = [end for mark in marks for end in (mark.value, mark.low) if end is not None]
    return float(max(0, min(5, int(min(ends, default=0.0) - 0.4)))), 10.0


def dumbbell(promises: Promises, view: View) -> None:
    """Every promise: wanted, what we think, what is lived."""
    lang, gaps = view.lang, promises.gaps
    rows = [
        row(
            gap,
            name(gap.pillar, view),
            cost_text(promises.costs.get(gap.pillar), view) if promises.is_by_money else detail(gap, lang),
            lang,
        )
        for gap in gaps
    ]
    labels = {code: t(f"promise.names.{code}", lang) for code in LEVELS[:3]}
    figure = store.drawn(
        "dumbbell",
        view,
        lambda: gap_figures.dumbbell(rows, ends_of(gaps), labels, promises.chosen),
        promises.chosen,
        promises.is_by_money,
    )
    chart(
        "promise_gaps",
        figure,
        t("promise.alt", lang, rows=" ".join(alt_row(r, lang) for r in rows)),
        lambda: gaps_table(gaps, [name(gap.pillar, view) for gap in gaps], t("promise.headers.promise", lang), lang),
        lang,
        store.settings(view).company.currency,
        t("promise.legend", lang),
        pick_from("promise_gaps"),
    )


def alt_row(shown: gap_figures.Row, lang: str) -> str:
    return t("promise.alt_row", lang, name=shown.name, marks="; ".join([*shown.hover, shown.detail]))


def gaps_table(gaps: Sequence[PillarGap], names: Sequence[str], first: str, lang: str) -> Table:
    """Every mark and gap with interval and n."""
    columns = [Column(first)]
    for code in LEVELS:
        columns += headed((code, "low", "high", "n"), code, lang)
    columns.insert(5, Column(t("promise.headers.wanted_source", lang)))
    for code in ("desire", "knowledge", "gap", "missed"):
        columns += headed((code, "low", "high"), code, lang)
    rows = []
    for label, gap in zip(names, gaps, strict=True):
        marks = [mark_cells(mark) for mark in marks_of(gap).values()]
        source = t(f"promise.sources.{gap.wanted.source}", lang) if gap.wanted.value is not None else None
        parts = [gap_cells(part) for part in (gap.desire, gap.knowledge, gap.promise, gap.disappointment)]
        rows.append(
            (label, *marks[0], source, *(c for cells in marks[1:] for c in cells), *(c for p in parts for c in p))
        )
    return Table(tuple(columns), tuple(rows))


def headed(codes: Sequence[str], of: str, lang: str) -> list[Column]:
    """Headers told apart by what they are of: a file's columns have different names."""
    whole = t(f"promise.headers.{of}", lang)
    units = {"n": "count"}
    return [
        Column(
            whole if code == of else t("promise.header_of", lang, whole=whole, part=t(f"promise.headers.{code}", lang)),
            units.get(code, "score"),
        )
        for code in codes
    ]


def mark_cells(mark: Mark) -> tuple:
    return (None if mark.shown is None else float(mark.shown), mark.low, mark.high, mark.n)


def gap_cells(gap: Gap | None) -> tuple:
    return (None, None, None) if gap is None else (float(gap.value), gap.low, gap.high)
