"""Columns for a learner, from where customers stood at a cut-off: those of the CRM, and those of experience besides.

How often something could be lived (deliveries, issues, contacts, invitations, answers) stands with the CRM, in the same
windows in which experience is counted: a delivery reveals a purchase, an answer a customer who cares, so without them
experience would shine with what the purchase history knows. Experience is how these went.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from metrics.stats.bgnbd import History, Purchasing, fitted

RECENCY_EDGES = (7, 14, 30, 45, 60, 90, 120, 150, 180, 240, 300)
LEAST_SHARE = 0.01  # of the rows, for a segment's code to have a column of its own
MOST_FITTED = 1_500  # customers from which the purchasing model is learnt
MONTH = 365.25 / 12

Known = Mapping[str, np.ndarray]
EXPOSURE = ("deliveries", "issues", "contacts")
LIVED = {
    "deliveries": ("late_recent", "late_before", "days_late"),
    "issues": ("overdue_recent", "overdue_before"),
    "contacts": (
        *("repeats_recent", "repeats_before", "rough_recent", "rough_before"),
        *("repeated_information", "complaints"),
    ),
}
ANSWERED = ("nps", "csat", "effort")


def history(known: Known) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Repeat purchases, time of the last one and age, in months since the first purchase."""
    return known["n_purchases"] - 1.0, known["span_days"] / MONTH, known["tenure_days"] / MONTH


def purchasing(known: Known) -> Purchasing:
    """The MBG/NBD of those who stand at one cut-off (some may leave after a single purchase)."""
    order = np.argsort(known["block"] * 1e6 + np.arange(len(known["block"])) % 997)[:MOST_FITTED]
    return fitted(History.of(*(part[order] for part in history(known))), leaves_at_once=True)


def alive(known: Known) -> np.ndarray:
    """Probability that a customer has not left for good."""
    return purchasing(known).p_alive(*history(known))


def crm_columns(known: Known, segments: Sequence[str], codes: Mapping[str, Sequence[str]], months: int) -> np.ndarray:
    """What the purchase history and the customer file tell, with the exposures of experience."""
    x, recency, age = history(known)
    model = purchasing(known)
    alive, expected = model.p_alive(x, recency, age), model.expected(months, x, recency, age)
    days, gap = known["recency_days"].astype(float), known["span_days"] / np.maximum(x, 1)
    columns = [
        *steps(days, RECENCY_EDGES),
        np.log1p(days),
        *steps(known["n_year"], (1, 2, 3, 5, 8)),
        *steps(known["n_purchases"], (1, 2, 4, 8, 16)),
        *steps(known["n_recent"], (0, 1, 2)),
        np.log1p(known["n_year"]),
        *steps(known["tenure_days"], (90, 180, 365, 730)),
        np.log1p(np.maximum(known["amount_year"], 0)),
        np.log(alive + 1e-3) - np.log(1 - alive + 1e-3),
        alive,
        np.log(expected + 1e-3),
        np.minimum(days / np.maximum(gap, 1), 10) * (x > 0),
        known["n_categories"].astype(float),
        known["digital_share"].astype(float),
        *(known[name] == code for name in segments for code in codes[name]),
        *exposures(known),
    ]
    return np.column_stack(columns).astype(float)


def exposures(known: Known) -> list[np.ndarray]:
    columns = []
    for name in EXPOSURE:
        for window in ("recent", "before"):
            columns += [*steps(count(known, f"{name}_{window}"), (0, 1, 2, 3))]
    columns += [*steps(count(known, "invitations"), (0, 1, 2, 4, 8))]
    for kind in ANSWERED:
        columns += [*steps(count(known, f"{kind}_answers"), (0, 1))]
    return columns


def experience_columns(known: Known) -> tuple[np.ndarray, dict[str, list[int]]]:
    """How it went, and which columns belong to what: deliveries, issues, contacts, nps, csat, effort."""
    columns: list[np.ndarray] = []
    places: dict[str, list[int]] = {}

    def add(name: str, found: Sequence[np.ndarray]) -> None:
        places.setdefault(name, []).extend(range(len(columns), len(columns) + len(found)))
        columns.extend(found)

    for name, lived in LIVED.items():
        for column in lived:
            values = count(known, column)
            add(name, [np.log1p(np.maximum(values, 0))] if column == "days_late" else steps(values, (0, 1)))
    for kind in ANSWERED:
        last = known[f"{kind}_last"]
        has_answered = ~np.isnan(last)
        add(kind, [has_answered & (last <= 0.6), has_answered & (last < 0.85), np.where(has_answered, last, 0.0)])
    return np.column_stack(columns).astype(float), places


def alike(known: Known) -> np.ndarray:
    """A number for each recency band and exposure: strata inside which experience may be anybody's."""
    parts = [
        np.searchsorted((30, 60, 120, 180), known["recency_days"]),
        *(np.minimum(count(known, f"{n}_recent") + count(known, f"{n}_before"), 4) for n in EXPOSURE),
        *(np.minimum(count(known, f"{kind}_answers"), 1) for kind in ANSWERED),
    ]
    return np.unique(np.column_stack(parts), axis=0, return_inverse=True)[1].ravel()


def steps(values: np.ndarray, edges: Sequence[float]) -> list[np.ndarray]:
    """A column for each edge: whether the value lies above it."""
    return [values > edge for edge in edges]


def count(known: Known, name: str) -> np.ndarray:
    """0 where nothing of the kind happened."""
    return np.nan_to_num(known[name].astype(float))


def codes_of(known: Known, segments: Sequence[str]) -> dict[str, list[str]]:
    """Codes of each segment column that enough rows have, but the most frequent: it is what the others differ from."""
    found = {}
    for name in segments:
        values, n = np.unique(known[name].astype(str), return_counts=True)
        ordered = [str(value) for value in values[np.argsort(-n, kind="stable")]]
        found[name] = [v for v in ordered[1:] if np.mean(known[name] == v) >= LEAST_SHARE]
    return found
