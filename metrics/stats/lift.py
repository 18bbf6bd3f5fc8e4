"""Does knowing more tell more? One learner with some columns, and the same learner with more of them, compared.

Each fold is a cut-off: trained on what was over by then, judged on what came after. The difference is averaged over
cut-offs; its interval is a bootstrap over groups of customers, drawn alike in training, in the test and at every
cut-off, the learner refitted in each draw (metrics/stats/logistic.py). How strong the ridge is, is chosen by how well
the columns both arms have do on the last past fold, so that nothing is tuned for the challenger.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from metrics.stats.intervals import Estimate, Z, around
from metrics.stats.logistic import Design, Fitted, fitted, probability
from metrics.stats.ranking import Scores, scores

RIDGES = (3.0, 30.0, 300.0)
USUAL_RIDGE = 30.0
MEASURES = Scores._fields


@dataclass(frozen=True)
class Rows:
    """Customers at a moment. `base`: columns of both arms; `extra`: of the challenger only; `y`: whether it happened;
    `block`: the customer's group (logistic.BLOCKS); `stratum`: those alike in what extra columns must not tell."""

    base: np.ndarray
    extra: np.ndarray
    y: np.ndarray
    block: np.ndarray
    stratum: np.ndarray

    def shuffled(self, rng: np.random.Generator) -> "Rows":
        """The extra columns of somebody else of the same stratum, all of them together."""
        return Rows(self.base, self.extra[within(self.stratum, rng)], self.y, self.block, self.stratum)

    def columns(self, is_challenger: bool) -> np.ndarray:
        return np.column_stack([self.base, self.extra]) if is_challenger else self.base


@dataclass(frozen=True)
class Fold:
    """What may be learnt from at a cut-off, what is then predicted; `validation`: a past (train, test) to choose by."""

    train: Rows
    test: Rows
    validation: tuple[Rows, Rows] | None = None

    @cached_property
    def ridge(self) -> float:
        if self.validation is None:
            return USUAL_RIDGE
        learnt, judged = self.validation
        losses = [log_loss(Arm.of(learnt, judged, False, ridge).p, judged.y) for ridge in RIDGES]
        return RIDGES[int(np.argmin(losses))]


@dataclass(frozen=True)
class Arm:
    """A learner with the test rows as it sees them."""

    model: Fitted
    test: np.ndarray

    @classmethod
    def of(cls, train: Rows, test: Rows, is_challenger: bool, ridge: float) -> "Arm":
        design = Design.of(train.columns(is_challenger))
        model = fitted(design.matrix(train.columns(is_challenger)), train.y, train.block, ridge)
        return cls(model, design.matrix(test.columns(is_challenger)))

    @cached_property
    def p(self) -> np.ndarray:
        return probability(self.test @ self.model.coefficients)

    def replicates(self, weights: np.ndarray) -> np.ndarray:
        """Probabilities of the test rows, a column for each draw."""
        return probability(self.test @ self.model.refitted(weights).T)


@dataclass(frozen=True)
class Compared:
    """Measures of both arms, averaged over cut-offs. `values`: (arm, measure); `replicates`: (draw, arm, measure)."""

    values: np.ndarray
    replicates: np.ndarray

    def of(self, arm: int, measure: str) -> Estimate:
        place = MEASURES.index(measure)
        told = with_spread(self.values[arm, place], self.replicates[:, arm, place])
        most = np.inf if measure == "lift" else 1.0
        return Estimate(told.value, max(0.0, told.low), min(most, told.high))

    def difference(self, measure: str) -> Estimate:
        place = MEASURES.index(measure)
        drawn = self.replicates[:, :, place]
        return with_spread(self.values[1, place] - self.values[0, place], drawn[:, 1] - drawn[:, 0])


def with_spread(value: float, replicates: np.ndarray) -> Estimate:
    """Normal interval from the bootstrap's deviation: refitted draws overfit, so their middle is not the value's."""
    return around(float(value), float(Z * np.std(replicates, ddof=1)))


def arms(fold: Fold) -> tuple[Arm, Arm]:
    return tuple(Arm.of(fold.train, fold.test, is_challenger, fold.ridge) for is_challenger in (False, True))


def together(function: Callable, *parts: Sequence) -> list:
    """function over the parts, on the cores there are (numpy lets go of the interpreter in what is slow here)."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(function, *parts))


def compared(
    folds: Sequence[Fold],
    fits: Sequence[tuple[Arm, Arm]],
    weights: np.ndarray,
    inside: Sequence[np.ndarray] | None = None,
) -> Compared:
    """Both arms on the test rows of every fold, or on those `inside` (a mask for each fold)."""
    masks = inside or [np.ones(len(fold.test.y), bool) for fold in folds]

    def judged(fold: Fold, fit: tuple[Arm, Arm], mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        y, block = fold.test.y[mask], fold.test.block[mask]
        even = np.ones(len(y))
        values = np.array([scores(arm.p[mask], y, even) for arm in fit])
        drawn = np.stack([drawn_scores(arm.replicates(weights)[mask], y, weights[:, block]) for arm in fit], axis=1)
        return values, drawn

    values, drawn = zip(*together(judged, folds, fits, masks), strict=True)
    return Compared(np.mean(values, axis=0), np.mean(drawn, axis=0))


def drawn_scores(p: np.ndarray, y: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """(draw, measure) of probabilities with a column for each draw."""
    return np.array([scores(p[:, k], y, weight) for k, weight in enumerate(weights)])


def carried_by(
    folds: Sequence[Fold], fits: Sequence[tuple[Arm, Arm]], weights: np.ndarray, columns: Mapping[str, Sequence[int]]
) -> dict[str, Estimate]:
    """What the challenger's AUC loses when some extra columns are those of somebody else of the same stratum."""

    def lost(fold: Fold, fit: tuple[Arm, Arm]) -> list[tuple[float, np.ndarray]]:
        arm, base = fit[1], fold.test.base.shape[1] + 1
        coefficients = arm.model.refitted(weights)
        whole = arm.test @ np.vstack([arm.model.coefficients, coefficients]).T
        before = aucs(whole, fold, weights)
        found = []
        for k, places in enumerate(columns.values()):
            other = within(fold.test.stratum, np.random.default_rng(k))
            own = [base + place for place in places]
            moved = arm.test[other][:, own] - arm.test[:, own]
            after = aucs(whole + moved @ np.vstack([arm.model.coefficients, coefficients])[:, own].T, fold, weights)
            found.append(before - after)
        return found

    drawn = np.mean(together(lost, folds, fits), axis=0)
    return {name: with_spread(drawn[k][0], drawn[k][1:]) for k, name in enumerate(columns)}


def aucs(score: np.ndarray, fold: Fold, weights: np.ndarray) -> np.ndarray:
    """AUC of the first column with even weights, of each further one with its draw's."""
    lines = np.vstack([np.ones(len(weights[0])), weights])[:, fold.test.block]
    return np.array([scores(score[:, k], fold.test.y, line).auc for k, line in enumerate(lines)])


def within(stratum: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """For each row the place of a row of the same stratum, every row used once."""
    order, other = np.lexsort((np.arange(len(stratum)), stratum)), np.lexsort((rng.random(len(stratum)), stratum))
    places = np.empty(len(stratum), int)
    places[order] = other
    return places


def joined(parts: Sequence[Rows]) -> Rows:
    return Rows(*(np.concatenate([getattr(part, name) for part in parts]) for name in Rows.__dataclass_fields__))


def crossed(rows: Rows, parts: int) -> list[Fold]:
    """Without dates: each part of the customers judged by what is learnt from the others. It tells what goes with what
    at one moment, never what comes. The ridge is chosen within the others, by the next part of them."""
    part = rows.block % parts

    def kept(inside: np.ndarray) -> Rows:
        return Rows(*(getattr(rows, name)[inside] for name in Rows.__dataclass_fields__))

    def fold(k: int) -> Fold:
        other, following = part != k, part == (k + 1) % parts
        return Fold(kept(other), kept(part == k), (kept(other & ~following), kept(following)))

    return [fold(k) for k in range(parts)]


def loss_without(folds: Sequence[Fold]) -> float:
    """Log loss of the arm without extra columns: a learner is chosen by it, so that none is for the challenger."""
    return sum(log_loss(Arm.of(f.train, f.test, False, f.ridge).p, f.test.y) * len(f.test.y) for f in folds)


def log_loss(p: np.ndarray, y: np.ndarray) -> float:
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log1p(-p)))


def auc_alone(tests: Sequence[Rows], values: Sequence[np.ndarray], weights: np.ndarray) -> Estimate:
    """AUC of one number known of each test row, the higher the likelier, without any learning; NaN rows left out."""

    def judged(test: Rows, value: np.ndarray) -> np.ndarray:
        known = ~np.isnan(value)
        even = np.vstack([np.ones(weights.shape[1]), weights])[:, test.block[known]]
        return np.array([scores(value[known], test.y[known], line).auc for line in even])

    drawn = np.mean(together(judged, tests, values), axis=0)
    return with_spread(drawn[0], drawn[1:])
