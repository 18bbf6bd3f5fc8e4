"""The seams of a company: where issues change hands, which of these places lose most, and what the channels don't see.

Numbers are metrics of the catalogue cut by seam ('chat>phone'), so small groups stay hidden as everywhere. Seams are
ranked by what is lost beyond what is lost elsewhere, times how many pass there, shrunk (metrics/stats/shrinkage.py):
the seam that would still be bad next month comes before the one that was unlucky.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from metrics.definitions import Catalogue
from metrics.query import Measurement, measure
from metrics.selection import Selection, choice
from metrics.stats.shrinkage import draws_of
from metrics.sums import filters_of

if TYPE_CHECKING:
    import duckdb

HAND_OFFS = "fct_hand_off"
FIRST_CONTACTS = "fct_first_contact"
BAD = "hand_off_bad"
COUNTED = ("fcr", "resolution_in_one_contact", "hidden_seam", "says_resolved", "unidentified_contact_share")
COST = "hidden_seam_cost"
AXES = {"channel": "seam", "team": "team_seam"}  # what the matrix crosses -> column of fct_hand_off
ARROW = ">"
EVIDENCE = {"promise_kept": choice({"kind": ["issue"]}), "reopened_issues": ()}  # what hand-offs of an issue go with


@dataclass(frozen=True)
class Ranked:
    """A seam (and reason): share lost as measured, and hand-offs lost beyond those of elsewhere, shrunk.

    seam: code of the column; reason: '' where seams are not parted by it. excess, low, high: a number of hand-offs of
    the period; others: share lost at all other seams. p_first: probability that no other seam loses more.
    """

    seam: str
    reason: str
    measured: Measurement
    excess: float
    low: float
    high: float
    others: float
    p_first: float

    @property
    def is_told(self) -> bool:
        """Worse than elsewhere beyond noise."""
        return self.low > 0


@dataclass(frozen=True)
class Ranking:
    """Seams, the most sure loss first; is_hiding: others have too few people to be shown."""

    rows: tuple[Ranked, ...]
    is_hiding: bool

    @property
    def first(self) -> Ranked | None:
        return next((row for row in self.rows if row.is_told), None)


@dataclass(frozen=True)
class Unseen:
    """Issues that their channel counts as solved while the customer came back by another.

    customers: different ones, None where too few. share: of first contacts, less chance. by_chance: part of the raw
    share that chance would bring, 0 to 1. cost: follow-up contacts of these issues in money, less that part.
    """

    share: Measurement
    customers: int | None
    by_chance: float | None
    cost: tuple[float, float, float] | None


def by_hand_offs(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection
) -> dict[str, tuple[Measurement, ...]]:
    """Issues kept in time, and reopened, by how often they changed hands: '0' ... '4_or_more'."""
    found: dict[str, tuple[Measurement, ...]] = {}
    for name, where in EVIDENCE.items():
        if catalogue.metric(name).view in catalogue.ground.columns:
            asked = replace(selection, versus="none", where=choice([*selection.where, *where]))
            groups = measure(cursor, catalogue, name, asked, by=("hand_offs",))
            found[name] = tuple(m for m in groups if m.value is not None and m.group[0][1][:1].isdigit())
    return found


def passages(code: str) -> tuple[str, str]:
    """From where to where."""
    left, _, right = code.partition(ARROW)
    return left, right


def ranking(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, axis: str) -> Ranking:
    """By channels and reason (channels alone where too few people are left), or by teams."""
    column = AXES[axis]
    if HAND_OFFS not in catalogue.ground.columns:
        return Ranking((), False)
    for by in ((column, "reason"), (column,)) if axis == "channel" else ((column,),):
        found = measure(cursor, catalogue, BAD, replace(selection, versus="none"), by=by)
        shown = [m for m in found if m.numerator is not None]
        if len(shown) > 1:
            break
    effect = catalogue.ground.design_effect(catalogue.metric(BAD), selection.period)
    return Ranking(tuple(ranked(shown, effect)), any(m.status == "private" for m in found))


def ranked(shown: Sequence[Measurement], design_effect: float = 1.0) -> list[Ranked]:
    """Rates on the logit scale, drawn towards each other; those told first, by lower end, then by what is likely."""
    if len(shown) < 2:
        return []
    bad, n = (np.array([getattr(m, name) for m in shown], float) for name in ("numerator", "denominator"))
    logit = np.log((bad + 0.5) / (n - bad + 0.5))
    errors = np.sqrt(design_effect * (1 / (bad + 0.5) + 1 / (n - bad + 0.5)))
    rates = 1 / (1 + np.exp(-draws_of(logit, errors)))
    lost = rates * n
    others = (lost.sum(axis=1, keepdims=True) - lost) / (n.sum() - n)
    excess = n * (rates - others)
    first = np.bincount(excess.argmax(axis=1), minlength=len(n)) / len(excess)
    low, high = np.quantile(excess, (0.025, 0.975), axis=0)
    rows = [
        Ranked(
            m.group[0][1],
            m.group[1][1] if len(m.group) > 1 else "",
            m,
            *(float(a[k]) for a in (excess.mean(axis=0), low, high, (bad.sum() - bad) / (n.sum() - n), first)),
        )
        for k, m in enumerate(shown)
    ]
    return sorted(rows, key=lambda row: (-row.low if row.is_told else 0.0, -row.excess, row.seam, row.reason))


def unseen(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection) -> Unseen | None:
    """None for a snapshot without contacts, or where nothing can be told of what came after the first contact."""
    if FIRST_CONTACTS not in catalogue.ground.columns:
        return None
    asked = replace(selection, versus="none")
    share, cost = (measure(cursor, catalogue, name, asked)[0] for name in ("hidden_seam", COST))
    if share.value is None:
        return None
    filters, codes = filters_of((*asked.where, *asked.scope))
    came, chance, customers = cursor.execute(
        "select count(*) filter (where came_elsewhere), sum(by_chance) filter (where came_elsewhere is not null), "  # noqa: S608
        f"count(distinct customer_id) filter (where came_elsewhere) from {FIRST_CONTACTS} "
        f"where by_chance is not null and started_at >= ? and started_at < ?{filters}",
        [asked.period.start, asked.period.end, *codes],
    ).fetchone()
    is_shown = cost.value is not None and cost.low is not None
    part = float(chance or 0) / came if came else None
    kept = 1 - min(1.0, part or 0.0)
    return Unseen(
        share,
        customers if is_shown and customers >= catalogue.ground.min_group else None,
        part if is_shown else None,
        (cost.value * kept, cost.low * kept, cost.high * kept) if is_shown else None,
    )
