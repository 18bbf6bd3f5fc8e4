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

Tables:
  result_drivers        a row a driver: share of R^2 with interval and p; `is_told` above chance (permutation, Holm);
                        way: sign of its association; performance: mean of how well it went
  result_drivers_model  a row a question: status measured or too_few; R^2 of the drivers, of what is held constant
  result_drivers_kind   emotional and rational drivers, each as one, and the difference of the two (p null)
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from metrics.results import driver_occasions
from metrics.results.driver_occasions import Lived, Question
from metrics.results.rows import insert
from metrics.stats.dominance import LEAST_PAIRS, REPLICATES, SEED, Dominance, Share, dominance
from metrics.stats.intervals import Z
from metrics.stats.logistic import BLOCKS, draws

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "lmg_permutation"
A_DRIVER = 10  # customers, and customers of the rarer outcome
MOST_DRIVERS = 12
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
    outcome varchar, basis varchar, driver varchar, kind varchar, source varchar, value double, low double, high double,
    p double, is_told boolean, way integer, performance double, performance_low double, performance_high double,
    n_lived bigint, n bigint, method varchar
);
create table result_drivers_model (
    outcome varchar, basis varchar, measure varchar, status varchar, value double, low double, high double, p double,
    is_told boolean, controls double, n bigint, n_events bigint, n_drivers integer, first_on date, last_on date,
    method varchar
);
create table result_drivers_kind (
    outcome varchar, basis varchar, kind varchar, value double, low double, high double, p double, is_told boolean,
    n_drivers integer, n bigint, method varchar
)
"""


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    for statement in TABLES.split(";"):
        connection.execute(statement)
    kinds = kinds_of(settings)
    driver_occasions.begin(connection, settings)
    for question, anchors in driver_occasions.questions(connection):
        written(connection, question, driver_occasions.lived(connection, anchors, question.basis, settings), kinds)
    driver_occasions.end(connection)


def kinds_of(settings: "Settings") -> dict[str, str]:
    """Driver -> rational or emotional; a pillar without a kind has none."""
    return FACTS | SAID | {code: pillar.kind for code, pillar in settings.pillars.items() if pillar.kind}


def kept(found: Lived, basis: str) -> Lived:
    """Drivers that enough customers lived, and not all alike; of one questionnaire, customers who answered any."""
    known = ~np.isnan(found.values)
    varies = [len(np.unique(column[~np.isnan(column)])) > 1 for column in found.values.T]
    lived_by = known.sum(axis=0) * np.array(varies, bool)
    inside = np.sort(np.argsort(-lived_by, kind="stable")[: min(MOST_DRIVERS, int((lived_by >= LEAST_PAIRS).sum()))])
    rows = known[:, inside].any(axis=1) if basis == "same" else np.ones(len(known), bool)
    return replace(
        found,
        outcome=found.outcome[rows],
        controls=found.controls[rows],
        block=found.block[rows],
        drivers=tuple(found.drivers[k] for k in inside),
        values=found.values[np.ix_(rows, inside)],
        occasions=found.occasions[np.ix_(rows, inside)],
    )


def written(
    connection: "duckdb.DuckDBPyConnection", question: Question, everything: Lived, kinds: Mapping[str, str]
) -> None:
    found = kept(everything, question.basis)
    outcome, n, drivers = found.outcome, len(found.outcome), len(found.drivers)
    is_event = question.outcome == "repurchase"
    events = int(min(outcome.sum(), n - outcome.sum())) if is_event else None
    sizes = (n, events, drivers, found.first_on, found.last_on, METHOD)
    least = A_DRIVER * max(drivers, A_DRIVER)
    if not drivers or n < least or (is_event and events < least) or np.ptp(outcome) == 0:
        insert(connection, "result_drivers_model", [(*question, "too_few", *(None,) * 6, *sizes)])
        return
    masks = [np.array([kinds.get(d) == kind for d in found.drivers]) for kind in KINDS]
    told = dominance(*columns_of(found, question.basis), found.block, masks)
    model = (*question, "measured", *numbers(told.whole), told.controls, *sizes)
    insert(connection, "result_drivers_model", [model])
    insert(connection, "result_drivers", list(driver_rows(question, found, told, kinds)))
    insert(connection, "result_drivers_kind", list(kind_rows(question, told, masks, n)))


def columns_of(found: Lived, basis: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Drivers, outcome, controls. Before: who had no occasion stands at the mean, and that is held constant."""
    if basis == "same":
        return found.values, found.outcome, found.controls
    mean = np.nanmean(found.values, axis=0)
    filled = np.where(np.isnan(found.values), mean, found.values)
    counted = np.unique(np.hstack([found.occasions > 0, np.log1p(found.occasions)]), axis=1)
    return filled, found.outcome, np.hstack([found.controls, counted])


def numbers(share: Share) -> tuple:
    return share.estimate.value, share.estimate.low, share.estimate.high, share.p, share.is_told


def driver_rows(question: Question, found: Lived, told: Dominance, kinds: Mapping[str, str]) -> Iterator[tuple]:
    rates = performances(found)
    for k, driver in enumerate(found.drivers):
        source = "fact" if driver in FACTS and question.basis == "before" else "said"
        about = (question.outcome, question.basis, driver, kinds.get(driver), source)
        lived_by = int((~np.isnan(found.values[:, k])).sum())
        yield (*about, *numbers(told.shares[k]), told.ways[k], *rates[k], lived_by, len(found.outcome), METHOD)


def performances(found: Lived) -> list[tuple[float, float, float]]:
    """Of each driver how well it went over all occasions, 0 to 1, drawing other customers."""
    sums = np.zeros((BLOCKS, 2, len(found.drivers)))
    np.add.at(sums, found.block, np.stack([np.nan_to_num(found.values) * found.occasions, found.occasions], axis=1))
    drawn = np.tensordot(draws(np.random.default_rng(SEED), REPLICATES), sums, axes=1)
    whole, rates = sums.sum(axis=0), drawn[:, 0] / np.maximum(drawn[:, 1], 1)
    value, wide = whole[0] / whole[1], Z * rates.std(axis=0, ddof=1)
    return [(float(v), max(0.0, float(v - w)), min(1.0, float(v + w))) for v, w in zip(value, wide, strict=True)]


def kind_rows(question: Question, told: Dominance, masks: Sequence[np.ndarray], n: int) -> Iterator[tuple]:
    about = (question.outcome, question.basis)
    for kind, share, mask in zip(KINDS, told.kinds, masks, strict=False):
        yield (*about, kind, *numbers(share), int(mask.sum()), n, METHOD)
    if told.difference:
        d = told.difference
        is_told = d.low > 0 or d.high < 0
        yield (*about, "difference", d.value, d.low, d.high, None, is_told, int(sum(m.sum() for m in masks)), n, METHOD)
