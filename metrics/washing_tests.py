"""The tests of the customer-washing check: where each number comes from, and the data that it cannot do without.

Numbers of the catalogue are of the selection; those that a refresh computed are of the last 12 months of the data, or
of all months that could be judged, for everyone or the one group selected.
"""

from collections.abc import Callable, Sequence
from datetime import date

from metrics import inventory
from metrics.attention import attention
from metrics.drivers import drivers
from metrics.handle_times import targets
from metrics.journeys import moment_of_truth, moments
from metrics.promise_costs import group_of
from metrics.query import Measurement
from metrics.selection import Period, months_later
from metrics.spoken_notes import notes_by_team
from metrics.stats.changes import recovered
from metrics.stats.intervals import Estimate
from metrics.stats.multiple import widened
from metrics.value_findings import rest
from metrics.washing import CLEAR, FEW, MISSING, SOME, STRONG, Trial, judged
from metrics.washing_asked import Ask, Numbers, census, made, of_worst, whole_of, worst
from metrics.washing_needs import lacking

LEAST_WAY = 0.05  # share of the new customers below which a way of winning them is not judged on its own
LEAST_MEASURES = 3  # of attention, for "the same for all"
BETTER = {"wait": -1, "abandoned": -1}  # less of it is better; more of all others


def anonymous_sales(ask: Ask) -> Numbers:
    """Over all the data, whatever was selected."""
    orders = next(kind for kind in inventory.kinds(ask.cursor) if kind.name == "orders")
    return Numbers(census(orders.anonymous / orders.rows), orders.rows, period=ask.catalogue.ground.whole)


def rejected_rows(ask: Ask) -> Numbers | str:
    """Over all the data, whatever was selected."""
    files = inventory.ledger(ask.cursor)
    rows = sum(file.rows_in for file in files)
    if not rows:
        return FEW
    return Numbers(census(sum(file.rejected for file in files) / rows), rows, period=ask.catalogue.ground.whole)


def silent_months(ask: Ask) -> Numbers | str:
    """Months of the period without an invitation; one of too few people to be shown is one with some."""
    months = ask.measured("response_rate", every="month")
    if not months:
        return FEW
    silent = sum(m.status == "empty" for m in months)
    return Numbers(census(silent / len(months)), len(months), {"silent": (silent, "count")})


def actions_started(ask: Ask) -> Numbers:
    """In the 12 months to the end of the selection, those given up left out."""
    end = ask.selection.period.end
    period = Period(months_later(end, -12), end)
    ((started,),) = ask.cursor.execute(
        "select count(*) from canonical.actions "
        "where started_on >= ? and started_on < ? and coalesce(status, '') <> 'dropped'",
        [period.start, period.end],
    ).fetchall()
    return Numbers(census(float(started)), started, period=period)


def said_again(ask: Ask) -> Trial | str:
    """By channels and reason: the hand-off at which most had to say it again."""
    groups = [m for m in ask.measured("hand_off_repeated", by=("seam", "reason")) if m.value is not None]
    whole, picked = ask.measured("hand_off_repeated"), worst(groups, len(groups))
    if picked is None:
        return FEW
    found, m = picked
    codes = dict(m.group)
    left, _, right = codes["seam"].partition(">")
    about = {
        "left": (left, "code:channel"),
        "right": (right, "code:channel"),
        "reason": (codes["reason"], "code:reason"),
        "looks": (len(groups), "count"),
    }
    return of_worst(ask, "said_again", whole[0], Numbers(found, m.n, about))


def disparaging(ask: Ask) -> Trial | str:
    notes = ask.read(notes_by_team)
    picked = worst(notes.teams, notes.n_teams) if notes else None
    if picked is None:
        return FEW
    found, m = picked
    about = {"team": (m.group[0][1], "code:team"), "looks": (notes.n_teams, "count")}
    about |= {"whole": (notes.whole.value, "share")}
    return of_worst(ask, "disparaging", notes.whole, Numbers(found, m.n, about))


def same_for_all(ask: Ask) -> Trial | str:
    """How far ahead of the lowest value tier the highest may be treated, as most measures of attention exclude more.

    Clear where one of them surely favours it, all judged at once.
    """
    found = ask.read(attention)
    if len(found) < LEAST_MEASURES:
        return FEW
    sides = [(BETTER.get(m.measure, 1), m) for m in found if m.whole]
    bounds = sorted(max(side * end for end in (m.low, m.high)) / abs(m.whole) for side, m in sides)
    most = len(bounds) // 2 + 1
    favoured = any(m.differs and side * m.gap > 0 for side, m in sides)
    bound = bounds[most - 1]
    verdict = judged("same_for_all", ask.limits.same_for_all, census(bound))
    verdict = CLEAR if favoured else FEW if verdict == CLEAR else verdict
    period = Period(found[0].first_on, after(found[0].last_on))
    about = {"most": (most, "count"), "measures": (len(bounds), "count"), "top": (found[0].top, "code:value_tier")}
    about |= {"bottom": (found[0].bottom, "code:value_tier")}
    customers = max(m.customers for m in found)
    return made(ask, "same_for_all", verdict, Numbers(census(bound), customers, about, period))


def moment_unanswered(ask: Ask) -> Numbers | str:
    """At the moment of truth: contacts of ours within 7 days after a bad experience, less those after a good one."""
    moment = moment_of_truth(ask.read(moments))
    if moment is None:
        return "no_moment" if group_of(ask.selection) else "one_group"
    cells = {m.group: m for m in ask.measured("reached_after", by=("touchpoint", "went")) if m.value is not None}
    bad, good = (cells.get((("touchpoint", moment.touchpoint), ("went", went))) for went in ("bad", "good"))
    if bad is None or good is None:
        return FEW
    found = recovered(*(Estimate(m.value, m.low, m.high) for m in (bad, good)))
    about = {"touchpoint": (moment.touchpoint, "code:touchpoint"), "bad": (bad.value, "share")}
    about |= {"good": (good.value, "share"), "stopped": (moment.value, "change:share")}
    about["value"] = (found.value, "change:share")
    return Numbers(Estimate(found.value, found.low, found.high), bad.n, about)


def one_shot(ask: Ask) -> Trial | str:
    """The way of winning customers that surely brings fewest second orders, against the others; over all the data."""
    period = Period(min(ask.catalogue.ground.whole.start, ask.selection.period.start), ask.selection.period.end)
    told = [m for m in ask.measured("repeat_purchase_rate", (ask.column,), period=period) if m.denominator]
    whole = sum(m.denominator for m in told)
    ways = [m for m in told if m.denominator >= LEAST_WAY * whole and m.low is not None]
    if len(told) < 2 or not ways:
        return FEW
    gaps = [(widened(short_of(m, told), len(ways)), m) for m in ways]
    found, m = max(gaps, key=lambda pair: pair[0].low)
    verdict = judged("one_shot", ask.limits.one_shot, found)
    if verdict not in (STRONG, SOME):
        verdict = CLEAR if all(gap.high < ask.limits.one_shot.strong for gap, _ in gaps) else FEW
    others = rest(told, m)
    about = {"group": (m.group[0][1], f"code:{ask.column}"), "own": (m.value, "share")}
    about |= {"others": (others.value, "share"), "looks": (len(ways), "count")}
    return made(ask, "one_shot", verdict, Numbers(found, m.n, about, period))


def short_of(m: Measurement, told: Sequence[Measurement]) -> Estimate:
    """Second orders of the others less those of the group."""
    found = recovered(rest(told, m), Estimate(m.value, m.low, m.high))
    return Estimate(found.value, found.low, found.high)


def never_back(ask: Ask) -> Numbers | str:
    period = Period(min(ask.catalogue.ground.whole.start, ask.selection.period.start), ask.selection.period.end)
    told = [m for m in ask.measured("repeat_purchase_rate", period=period) if m.low is not None]
    if not told:
        return FEW
    m = told[0]
    found = Estimate(1 - m.value, 1 - m.high, 1 - m.low)
    days = {"days": (ask.catalogue.ground.windows["second_purchase_days"], "count")}
    return Numbers(found, m.n, days, period)


def hurried(ask: Ask) -> Numbers | str:
    """The target that cut handle time and of which most is known: contacts that come back more, against other teams."""
    told = [t for t in ask.read(targets) if t.is_told and not t.differed_before]
    quicker = [t for t in told if t.effects["handle_seconds"].way == "down"]
    if not quicker:
        return "no_target" if group_of(ask.selection) else "one_group"
    target = quicker[0]
    seconds, repeat = target.effects["handle_seconds"], target.effects["repeat"]
    about = {"team": (target.team, "code:team"), "seconds": (abs(seconds.value), "seconds")}
    about |= {"month": (target.started_on, "month"), "value": (repeat.value, "change:share")}
    found, period = Estimate(repeat.value, repeat.low, repeat.high), Period(target.before_from, target.after_to)
    return Numbers(found, repeat.n, about, period)


def emotional_drivers(ask: Ask) -> Numbers | str:
    """The emotional part of what goes before buying again, or before recommending: (emotional - rational) / both.

    Only drivers lived before count: those of the same questionnaire share its mood.
    """
    told = {d.outcome: d for d in ask.read(drivers) if d.basis == "before" and d.whole and d.whole.is_told}
    found = next((told[name] for name in ("repurchase", "recommendation") if name in told), None)
    if found is None or found.difference is None:
        return "no_drivers" if group_of(ask.selection) else "one_group"
    both = sum(part.value.value for part in found.kinds.values())
    ends = ((1 + end / both) / 2 for end in (getattr(found.difference.value, e) for e in ("value", "low", "high")))
    estimate = Estimate(*(min(1.0, max(0.0, end)) for end in ends))
    about = {"outcome": (found.outcome, "code:loyalty")}
    return Numbers(estimate, found.n, about, Period(found.first_on, after(found.last_on)))


def after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


TESTS: dict[str, Callable[[Ask], Numbers | Trial | str]] = {
    "unidentified": whole_of("unidentified_contact_share"),
    "anonymous_sales": anonymous_sales,
    "rejected_rows": rejected_rows,
    "silent_months": silent_months,
    "not_called_back": whole_of("loop_closed", is_turned=True),
    "actions_started": actions_started,
    "transfers": whole_of("transfer_rate"),
    "not_easy": whole_of("effort", is_turned=True),
    "said_again": said_again,
    "same_for_all": same_for_all,
    "disparaging": disparaging,
    "suggestions_left": whole_of("suggestions_left"),
    "moment_unanswered": moment_unanswered,
    "emotion_alone": whole_of("emotion_left_alone"),
    "emotional_drivers": emotional_drivers,
    "one_shot": one_shot,
    "never_back": never_back,
    "hurried": hurried,
}


def trial(ask: Ask, name: str) -> Trial:
    """One test, or the data that it lacks."""
    limits = getattr(ask.limits, name)
    if lacks := lacking(ask.cursor, name):
        return Trial(name, limits.some, limits.strong, MISSING, lacks=lacks)
    found = TESTS[name](ask)
    if isinstance(found, str):
        return Trial(name, limits.some, limits.strong, FEW, reason=found)
    if isinstance(found, Trial):
        return found
    return made(ask, name, judged(name, limits, found.found), found)
