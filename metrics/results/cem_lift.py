"""CRM alone versus CRM + CEM: who stops buying, predicted out of time, with and without what customers lived.

At several cut-offs, on all active customers (of large companies a sample): the same learner sees what the CRM
knows, then experience besides (metrics/results/features.py). It learns from earlier cut-offs whose outcomes were over
by then, and is judged on the months that follow. A prediction, not proof of cause. A company without dates declares a
cross-section in its place (metrics/results/cross_section.py): what goes with what at one moment.

Tables:
  result_cem_lift        one row per group (column_name and code; '' = everyone; code `safe`: the half that the CRM arm
                         holds least likely to stop) and measure: both arms and the difference, with intervals; of the
                         AUC a verdict: adds, nothing_that_matters, cannot_tell, and of everyone too_little; `design`:
                         over_time, or cross_section: without dates, of `outcome`; n_cuts are parts of the customers
  result_cem_lift_part   kind carried: AUC lost when this experience is that of somebody alike in exposure and recency;
                         kind alone: AUC of one number; kind control: the difference with all experience shuffled so
  result_cem_lift_calibration   predicted and observed share by tenth of the predicted, both arms
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from metrics.results import cross_section, features
from metrics.results.rows import insert
from metrics.results.standing import standing
from metrics.stats import lift
from metrics.stats.intervals import Estimate
from metrics.stats.lift import Fold, Rows
from metrics.stats.logistic import draws
from metrics.stats.ranking import calibration

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

METHOD = "block_bootstrap_refitted"
SPACING = 3  # months between cut-offs
MOST_TESTS, MOST_TRAINED = 4, 4  # cut-offs
LEAST_PAST = 5  # months of data before the first cut-off
LEAST = 200  # who stopped, and who stayed, at a cut-off
LEAST_OF_GROUP = 50  # the same in a group of customers
PARTS = 5  # of the customers, without dates
REPLICATES, FEWER = 200, 60
SEED = 1954
Design = tuple[str, str | None]  # name, outcome
OVER_TIME: Design = ("over_time", None)
ALONE = {
    "recency": lambda known: known["recency_days"].astype(float),
    "p_alive": lambda known: -features.alive(known),
    "crm_health": lambda known: -known["crm_health"],
    "cem_health": lambda known: -known["cem_health"],
}
TABLES = """
create table result_cem_lift (
    column_name varchar, code varchar, measure varchar, base double, base_low double, base_high double,
    extra double, extra_low double, extra_high double, value double, low double, high double, n bigint,
    n_stopped bigint, n_cuts integer, first_on date, last_on date, worthwhile double, verdict varchar, design varchar,
    outcome varchar, method varchar
);
create table result_cem_lift_part (
    kind varchar, part varchar, value double, low double, high double, n bigint, method varchar
);
create table result_cem_lift_calibration (
    arm varchar, tenth integer, predicted double, observed double, n bigint, method varchar
)
"""
Known = dict[str, np.ndarray]


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    for statement in TABLES.split(";"):
        connection.execute(statement)
    worthwhile = settings.outlook.worthwhile_auc
    test, design = trial_of(connection, settings)
    if test is None:
        none = (None,) * 9
        verdict = ("", "", "auc", *none, 0, 0, 0, None, None, worthwhile, "too_little", *design, METHOD)
        insert(connection, "result_cem_lift", [verdict])
        return
    insert(connection, "result_cem_lift", lifts(test, settings))
    insert(connection, "result_cem_lift_part", ((*row, test.n, METHOD) for row in parts_of(test)))
    insert(connection, "result_cem_lift_calibration", calibrations(test))


def trial_of(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> tuple["Trial | None", Design]:
    """The comparison that the data allow, and its design."""
    if section := settings.outlook.cross_section:
        return across(connection, settings), ("cross_section", section.outcome)
    cuts = cut_offs(connection, settings.windows.stop_months)
    return trial(by_cut(standing(connection, settings, cuts), cuts), settings) if cuts else None, OVER_TIME


def across(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> "Trial | None":
    """None when too few did or too few did not, or nothing of experience differs."""
    known = cross_section.known(connection, settings)
    if not enough(known["stopped"], LEAST):
        return None
    rows, places = cross_section.candidates(known, settings)
    if not np.ptp(rows[0].extra, axis=0).any():
        return None
    folds = min((lift.crossed(each, PARTS) for each in rows), key=lift.loss_without)
    part = known["block"] % PARTS
    tested = [(None, {name: values[part == k] for name, values in known.items()}) for k in range(PARTS)]
    weights = draws(np.random.default_rng(SEED), REPLICATES)
    design = ("cross_section", settings.outlook.cross_section.outcome)
    return Trial(tested, folds, lift.together(lift.arms, folds), places, weights, design)


def cut_offs(connection: "duckdb.DuckDBPyConnection", stop_months: int) -> list[date]:
    """Month ends SPACING months apart whose outcomes are known, oldest first."""
    return [
        day
        for (day,) in connection.execute(
            """
            select last_day(end_on)
            from (
                select unnest(generate_series(
                    last_day(data_from) + to_months(?), last_month_end, interval 1 month
                )) as end_on, last_month_end
                from setting
            )
            where last_day(end_on + to_months(?)) <= last_month_end
                and date_diff('month', end_on, last_month_end - to_months(?)) % ? = 0
            order by all
            """,
            [LEAST_PAST, stop_months, stop_months, SPACING],
        ).fetchall()
    ]


def by_cut(known: Known, cuts: Sequence[date]) -> list[tuple[date, Known]]:
    """The rows of each cut-off, for those cut-offs that have enough who stopped and enough who stayed."""
    days, found = known["cut_on"].astype("datetime64[D]"), []
    for cut in cuts:
        inside = days == np.datetime64(cut)
        if enough(known["stopped"][inside], LEAST):
            found.append((cut, {name: values[inside] for name, values in known.items()}))
    return found


def enough(stopped: np.ndarray, least: int) -> bool:
    return min(stopped.sum(), len(stopped) - stopped.sum()) >= least


@dataclass(frozen=True)
class Trial:
    """What is compared: test cut-offs with their customers (without dates, parts of them), folds, fitted arms;
    `places`: columns by experience."""

    tested: list[tuple[date | None, Known]]
    folds: list[Fold]
    fits: list[tuple[lift.Arm, lift.Arm]]
    places: dict[str, list[int]]
    weights: np.ndarray
    design: Design = OVER_TIME

    @property
    def n(self) -> int:
        """Different customers tested."""
        return len(np.unique(np.concatenate([known["customer_id"] for _, known in self.tested])))


def trial(stood: Sequence[tuple[date, Known]], settings: "Settings") -> Trial | None:
    """None when no cut-off has an earlier one to learn from, or nothing of experience is known."""
    if not stood:
        return None
    segments, months = settings.segment_columns, settings.windows.stop_months
    codes = features.codes_of(stood[0][1], segments)
    rows, places = [], {}
    for _, known in stood:
        extra, places = features.experience_columns(known)
        base = features.crm_columns(known, segments, codes, months)
        rows.append(Rows(base, extra, known["stopped"], known["block"], features.alike(known)))
    days = [day for day, _ in stood]
    folds = [(k, fold) for k in range(len(days)) if (fold := fold_of(k, days, rows, months)) is not None][-MOST_TESTS:]
    if not folds or not any(np.ptp(rows[k].extra, axis=0).any() for k, _ in folds):
        return None
    kept = [fold for _, fold in folds]
    weights = draws(np.random.default_rng(SEED), REPLICATES)
    return Trial([stood[k] for k, _ in folds], kept, lift.together(lift.arms, kept), places, weights)


def fold_of(k: int, days: Sequence[date], rows: Sequence[Rows], months: int) -> Fold | None:
    """The cut-off `k` with those whose outcomes were over by then; the last of them is what the ridge is chosen on."""
    past = [i for i in range(k) if months_between(days[i], days[k]) >= months][-MOST_TRAINED:]
    if not past:
        return None
    before = [i for i in past if months_between(days[i], days[past[-1]]) >= months]
    validation = (lift.joined([rows[i] for i in before]), rows[past[-1]]) if before else None
    return Fold(lift.joined([rows[i] for i in past]), rows[k], validation)


def months_between(first: date, last: date) -> int:
    return 12 * (last.year - first.year) + last.month - first.month


def lifts(test: Trial, settings: "Settings") -> Iterator[tuple]:
    """Rows of result_cem_lift: everyone with the verdict, then each group with enough who stopped at every cut-off."""
    worthwhile = settings.outlook.worthwhile_auc
    everyone = [np.ones(len(fold.test.y), bool) for fold in test.folds]
    whole = lift.compared(test.folds, test.fits, test.weights)
    verdict = verdict_of(whole.difference("auc"), worthwhile)
    yield from rows_of(("", ""), whole, test, everyone, worthwhile, verdict)
    safe = [fit[0].p <= np.median(fit[0].p) for fit in test.fits]
    if all(enough(fold.test.y[mask], LEAST_OF_GROUP) for fold, mask in zip(test.folds, safe, strict=True)):
        found = lift.compared(test.folds, test.fits, test.weights[:FEWER], safe)
        yield from rows_of(("", "safe"), found, test, safe, worthwhile, None)
    for column in settings.segment_columns:
        for code in np.unique(np.concatenate([known[column] for _, known in test.tested])):
            masks = [known[column] == code for _, known in test.tested]
            if all(enough(fold.test.y[mask], LEAST_OF_GROUP) for fold, mask in zip(test.folds, masks, strict=True)):
                found = lift.compared(test.folds, test.fits, test.weights[:FEWER], masks)
                told = verdict_of(found.difference("auc"), worthwhile)
                yield from rows_of((column, str(code)), found, test, masks, worthwhile, told)


def rows_of(
    group: tuple[str, str],
    found: lift.Compared,
    test: Trial,
    masks: Sequence[np.ndarray],
    worthwhile: float,
    verdict: str | None,
) -> Iterator[tuple]:
    who = [known["customer_id"][mask] for (_, known), mask in zip(test.tested, masks, strict=True)]
    stopped = sum(int(fold.test.y[mask].sum()) for fold, mask in zip(test.folds, masks, strict=True))
    days = [day for day, _ in test.tested]
    counted = (len(np.unique(np.concatenate(who))), stopped, len(days), days[0], days[-1])
    for measure in lift.MEASURES:
        arms = [(e.value, e.low, e.high) for e in (found.of(0, measure), found.of(1, measure))]
        d = found.difference(measure)
        told = verdict if measure == "auc" else None
        about = (worthwhile, told, *test.design, METHOD)
        yield (*group, measure, *arms[0], *arms[1], d.value, d.low, d.high, *counted, *about)


def verdict_of(difference: Estimate, worthwhile: float) -> str:
    if difference.low > worthwhile:
        return "adds"
    return "nothing_that_matters" if difference.high < worthwhile else "cannot_tell"


def parts_of(test: Trial) -> Iterator[tuple]:
    """What carried the difference, what single numbers are worth, and the negative control."""
    few, tests = test.weights[:FEWER], [fold.test for fold in test.folds]
    carried = lift.carried_by(test.folds, test.fits, few, test.places)
    numbers = ALONE if test.design == OVER_TIME else {}
    alone = {name: [number(known) for _, known in test.tested] for name, number in numbers.items()}
    found = [("carried", name, e) for name, e in carried.items()]
    found += [("alone", name, lift.auc_alone(tests, v, few)) for name, v in alone.items() if can_rank(tests, v)]
    rng = np.random.default_rng(SEED)
    others = [replace(f, train=f.train.shuffled(rng), test=f.test.shuffled(rng)) for f in test.folds]
    control = lift.compared(others, lift.together(lift.arms, others), few).difference("auc")
    for kind, name, e in [*found, ("control", "shuffled", control)]:
        yield kind, name, e.value, e.low, e.high


def can_rank(tests: Sequence[Rows], values: Sequence[np.ndarray]) -> bool:
    return all(enough(test.y[~np.isnan(value)], LEAST_OF_GROUP) for test, value in zip(tests, values, strict=True))


def calibrations(test: Trial) -> Iterator[tuple]:
    y = np.concatenate([fold.test.y for fold in test.folds])
    for arm, name in enumerate(("base", "extra")):
        p = np.concatenate([fit[arm].p for fit in test.fits])
        for tenth, found in enumerate(calibration(p, y), 1):
            yield (name, tenth, *found, METHOD)
