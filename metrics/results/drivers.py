"""Drivers: what customers lived and said that goes with recommending, and with buying again. Association, never cause.

Three questions, one row a customer each, so that outcomes can be handed out again by lot:
  repurchase, before       active at the month end `stop_months` before the last one: bought again by then? By what they
                           lived and said in the half-year before; recency, frequency, money, tier held constant
  recommendation, before   the last relational NPS answer, by what was lived and said in the half-year before that day
  recommendation, same     the same answer by the ratings and words of the same questionnaire: one mood colours all of
                           its answers (halo), said. Without an NPS, overall satisfaction takes its place
A driver is the mean, over a customer's occasions, of how well it went (0 to 1); how many occasions there were is held
constant, since a delivery or a call reveals a purchase. Kinds: `rational` (time, dates, price), `emotional` (what was
felt, having to say it again); those of ratings are the pillars' (config, pillars.*.kind).

Of everybody, and of each value of each segment column among the same customers (a sample of at most 10,000), judged
together with all other values: what is above chance by Holm over all drivers of all values. Their intervals rest on
fewer draws, which know a standard error to a tenth.

Tables (column_name and code: '' = everybody):
  result_drivers        a row a group and driver: share of R^2 with interval and p; `is_told` above chance (permutation,
                        Holm); way: sign of its association; performance: mean of how well it went; beyond: less that
                        of the column's other groups, interval for all drivers of all values at once
  result_drivers_model  a row a group and question: status measured or too_few; R^2 of the drivers, of what is held
                        constant
  result_drivers_kind   emotional and rational drivers, each as one, and the difference of the two (p null)
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from metrics.results import driver_occasions
from metrics.results.driver_occasions import Lived, Question
from metrics.results.groups import EVERYBODY, Group, against_others, shown_groups
from metrics.results.rows import insert
from metrics.stats.dominance import ALPHA, LEAST_PAIRS, REPLICATES, SEED, Dominance, Share, dominance
from metrics.stats.intervals import Estimate, Z
from metrics.stats.logistic import BLOCKS, draws
from metrics.stats.multiple import holm, widened

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "lmg_permutation"
A_DRIVER = 10  # customers, and customers of the rarer outcome
MOST_DRIVERS = 12
GROUP_REPLICATES = 60
FACTS = {
    "delivery": "rational",
    "issue": "rational",
    "wait": "rational",
    "repeat": "rational",
    "transfer": "rational",
    "price": "rational",
    "said_again": "emotional",
}
SAID = {"emotion": "emotional", "effort": "emotional", "rated_emotional": "emotional", "rated_rational": "rational"}
KINDS = ("emotional", "rational")
TABLES = """
create table result_drivers (
    column_name varchar, code varchar, outcome varchar, basis varchar, driver varchar, kind varchar, source varchar,
    value double, low double, high double, p double, is_told boolean, way integer, performance double,
    performance_low double, performance_high double, beyond double, beyond_low double, beyond_high double,
    n_lived bigint, n bigint, method varchar
);
create table result_drivers_model (
    column_name varchar, code varchar, outcome varchar, basis varchar, measure varchar, status varchar, value double,
    low double, high double, p double, is_told boolean, controls double, n bigint, n_events bigint, n_drivers integer,
    first_on date, last_on date, method varchar
);
create table result_drivers_kind (
    column_name varchar, code varchar, outcome varchar, basis varchar, kind varchar, value double, low double,
    high double, p double, is_told boolean, n_drivers integer, n bigint, method varchar
)
"""


@dataclass(frozen=True)
class Answer:
    """A question of a group; `told` None of too few. n_events: of the rarer outcome of a yes or no."""

    found: Lived
    told: Dominance | None
    n_events: int | None

    @property
    def n(self) -> int:
        return len(self.found.outcome)


Answers = Mapping[Group, Answer]
Told = Mapping[tuple[Group, int], bool]


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    for statement in TABLES.split(";"):
        connection.execute(statement)
    kinds = kinds_of(settings)
    driver_occasions.begin(connection, settings)
    for question, anchors in driver_occasions.questions(connection):
        everybody = driver_occasions.lived(connection, anchors, question.basis, settings)
        answers = {EVERYBODY: answer(question, everybody, kinds, REPLICATES)}
        for column, codes in everybody.codes.items():
            for code, inside in shown_groups(codes, settings.thresholds.min_group).items():
                answers[column, code] = answer(question, everybody.only(inside), kinds, GROUP_REPLICATES)
        insert(connection, "result_drivers_model", model_rows(question, answers))
        insert(connection, "result_drivers", driver_rows(question, answers, kinds))
        insert(connection, "result_drivers_kind", kind_rows(question, answers, kinds))
    driver_occasions.end(connection)


def kinds_of(settings: "Settings") -> dict[str, str]:
    """Driver -> rational or emotional; a pillar without a kind has none."""
    return FACTS | SAID | {code: pillar.kind for code, pillar in settings.pillars.items() if pillar.kind}


def answer(question: Question, lived: Lived, kinds: Mapping[str, str], replicates: int) -> Answer:
    found = kept(lived, question.basis)
    outcome, drivers = found.outcome, len(found.drivers)
    is_event = question.outcome == "repurchase"
    events = int(min(outcome.sum(), len(outcome) - outcome.sum())) if is_event else None
    least = A_DRIVER * max(drivers, A_DRIVER)
    if not drivers or len(outcome) < least or (is_event and events < least) or np.ptp(outcome) == 0:
        return Answer(found, None, events)
    columns = columns_of(found, question.basis)
    return Answer(found, dominance(*columns, found.block, masks_of(found, kinds), replicates), events)


def kept(found: Lived, basis: str) -> Lived:
    """Drivers that enough customers lived, and not all alike; of one questionnaire, customers who answered any."""
    known = ~np.isnan(found.values)
    varies = [len(np.unique(column[~np.isnan(column)])) > 1 for column in found.values.T]
    lived_by = known.sum(axis=0) * np.array(varies, bool)
    inside = np.sort(np.argsort(-lived_by, kind="stable")[: min(MOST_DRIVERS, int((lived_by >= LEAST_PAIRS).sum()))])
    return found.only(known[:, inside].any(axis=1) if basis == "same" else np.ones(len(known), bool), inside)


def masks_of(found: Lived, kinds: Mapping[str, str]) -> list[np.ndarray]:
    """Which drivers are of each kind."""
    return [np.array([kinds.get(driver) == kind for driver in found.drivers], bool) for kind in KINDS]


def columns_of(found: Lived, basis: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Drivers, outcome, controls. Before: who had no occasion stands at the mean, and that is held constant."""
    if basis == "same":
        return found.values, found.outcome, found.controls
    mean = np.nanmean(found.values, axis=0)
    filled = np.where(np.isnan(found.values), mean, found.values)
    return filled, found.outcome, np.hstack([found.controls, found.occasions > 0, np.log1p(found.occasions)])


def above_chance(answers: Answers, parts: Callable[[Dominance], Sequence[Share]]) -> Told:
    """Which parts are: of everybody judged together, of all groups judged together."""
    shares = {(group, k): s for group, one in answers.items() if one.told for k, s in enumerate(parts(one.told))}
    of_groups = [place for place in shares if place[0] != EVERYBODY]
    together = dict(zip(of_groups, holm([shares[place].p for place in of_groups]), strict=True))
    return {place: together[place] <= ALPHA if place in together else s.is_told for place, s in shares.items()}


def numbers(share: Share, is_told: bool) -> tuple:
    return share.estimate.value, share.estimate.low, share.estimate.high, share.p, is_told


def model_rows(question: Question, answers: Answers) -> Iterator[tuple]:
    told = above_chance(answers, lambda one: (one.whole,))
    for group, one in answers.items():
        sizes = (one.n, one.n_events, len(one.found.drivers), *one.found.span, METHOD)
        if one.told is None:
            yield (*group, *question, "too_few", *(None,) * 6, *sizes)
        else:
            measured = (*numbers(one.told.whole, told[group, 0]), one.told.controls)
            yield (*group, *question, "measured", *measured, *sizes)


def driver_rows(question: Question, answers: Answers, kinds: Mapping[str, str]) -> Iterator[tuple]:
    told, others = above_chance(answers, lambda one: one.shares), beyond(question, answers)
    for group, one in answers.items():
        if one.told is None:
            continue
        rates = performances(one.found)
        for k, driver in enumerate(one.found.drivers):
            source = "fact" if driver in FACTS and question.basis == "before" else "said"
            about = (*group, question.outcome, question.basis, driver, kinds.get(driver), source)
            share = numbers(one.told.shares[k], told[group, k])
            against = others.get((group, driver), Estimate(None))
            lived_by = int((~np.isnan(one.found.values[:, k])).sum())
            apart = (against.value, against.low, against.high)
            yield (*about, *share, one.told.ways[k], *rates[k], *apart, lived_by, one.n, METHOD)


def beyond(question: Question, answers: Answers) -> dict[tuple[Group, str], Estimate]:
    """Each share less that of the column's other groups, compared as roots, which vary evenly: that of a share near
    zero seems surer than it is by drawing, so no root is surer than a correlation of as many."""
    roots = {}
    for group, one in answers.items():
        known = (~np.isnan(one.found.values)).sum(axis=0)
        for driver, share, pairs in zip(one.found.drivers, one.told.shares if one.told else (), known, strict=False):
            least = np.sqrt((1 - one.told.controls) / (pairs if question.basis == "same" else one.n))
            roots[group, driver] = (np.sqrt(share.estimate.value), max(share.error, least), one.n)
    found = {}
    for place, apart in against_others(roots).items():
        others = roots[place][0] - apart.value
        ends = (apart.value, apart.low, apart.high)
        found[place] = Estimate(*(float(max(others + end, 0.0) ** 2 - others**2) for end in ends))
    return found


def performances(found: Lived) -> list[tuple[float, float, float]]:
    """Of each driver how well it went over all occasions, 0 to 1, drawing other customers."""
    sums = np.zeros((BLOCKS, 2, len(found.drivers)))
    np.add.at(sums, found.block, np.stack([np.nan_to_num(found.values) * found.occasions, found.occasions], axis=1))
    drawn = np.tensordot(draws(np.random.default_rng(SEED), REPLICATES), sums, axes=1)
    whole, rates = sums.sum(axis=0), drawn[:, 0] / np.maximum(drawn[:, 1], 1)
    value, wide = whole[0] / whole[1], Z * rates.std(axis=0, ddof=1)
    return [(float(v), max(0.0, float(v - w)), min(1.0, float(v + w))) for v, w in zip(value, wide, strict=True)]


def kind_rows(question: Question, answers: Answers, kinds: Mapping[str, str]) -> Iterator[tuple]:
    told = above_chance(answers, lambda one: one.kinds)
    looks = max(1, sum(one.told is not None for group, one in answers.items() if group != EVERYBODY))
    for group, one in answers.items():
        if one.told is None or one.told.difference is None:
            continue
        about, masks = (*group, question.outcome, question.basis), masks_of(one.found, kinds)
        for k, (kind, share) in enumerate(zip(KINDS, one.told.kinds, strict=True)):
            yield (*about, kind, *numbers(share, told[group, k]), int(masks[k].sum()), one.n, METHOD)
        d = widened(one.told.difference, 1 if group == EVERYBODY else looks)
        is_told, n = d.excludes_zero, int(sum(mask.sum() for mask in masks))
        yield (*about, "difference", d.value, d.low, d.high, None, is_told, n, one.n, METHOD)
