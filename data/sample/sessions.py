"""Visits to self-service: some settle the matter, some come before a contact that the site does not know of."""

import numpy as np
import pandas as pd

from data.sample.calendar import DATA_END
from data.sample.draws import Rng, at_daytime, happens
from data.sample.memory import Lives

A_YEAR_FIRST, A_YEAR_GROWTH = 1.0, 0.9  # settled visits a customer and year, and what is added while progress goes to 1
SETTLED_REASONS = np.array([0.30, 0.14, 0.09, 0.10, 0.27, 0.10])
TRIED_FIRST = np.array([0.30, 0.26, 0.42, 0.34, 0.28, 0.12])  # of the contacts that people answer, by reason
BELIEVED_SETTLED, HANDED_TO_AGENT = 0.30, 0.40
NOT_RECOGNISED = 0.15
OUTCOMES = ("resolved", "to_agent", "left")
SERVICE = 0


def sessions(contacts: pd.DataFrame, lives: Lives, rng: Rng) -> pd.DataFrame:
    """customer (-1: not recognised), started, reason, case (-1: none), agent_involved, outcome."""
    table = pd.concat([_settled(lives, rng), _before_contacts(contacts, rng)], ignore_index=True)
    table = table.sort_values("started", kind="stable", ignore_index=True)
    unknown = happens(rng, NOT_RECOGNISED, len(table)) & (table["case"].to_numpy() < 0)
    return table.assign(customer=np.where(unknown, -1, table["customer"]))


def _settled(lives: Lives, rng: Rng) -> pd.DataFrame:
    parts = []
    for month in lives.calendar:
        rate = (A_YEAR_FIRST + A_YEAR_GROWTH * month.progress) * (lives.people.arrives < month.index) / 12
        customer = np.repeat(np.arange(len(lives.people)), rng.poisson(np.maximum(rate, 0)))
        days = month.first + rng.integers(0, month.n_days, len(customer)).astype("timedelta64[D]")
        parts.append(pd.DataFrame({"customer": customer, "started": at_daytime(rng, days, 6.5, 23.5)}))
    table = pd.concat(parts, ignore_index=True)
    reason = np.searchsorted(np.cumsum(SETTLED_REASONS)[:-1], rng.random(len(table)), side="right")
    outcome = np.where(happens(rng, 0.86, len(table)), 0, 2)
    return table.assign(reason=reason, case=-1, agent_involved=False, outcome=outcome)


def _before_contacts(contacts: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Visits that end with a contact within hours, whatever the site noted."""
    first = contacts[
        contacts["inbound"].to_numpy() & (contacts["round"].to_numpy() == 0) & contacts["known"].to_numpy()
    ]
    tried = first[happens(rng, TRIED_FIRST[first["reason"].to_numpy()])]
    before = rng.integers(240, 5 * 3600, len(tried)).astype("timedelta64[s]")
    started = tried["started"].to_numpy() - before
    handed = happens(rng, HANDED_TO_AGENT, len(tried)) & (before < np.timedelta64(1800, "s"))
    believed = ~handed & happens(rng, BELIEVED_SETTLED, len(tried))
    table = pd.DataFrame(
        {
            "customer": tried["customer"].to_numpy(),
            "started": started,
            "reason": tried["reason"].to_numpy(),
            "case": np.where(tried["numbered"], tried["case"], -1),
            "agent_involved": handed,
            "outcome": np.where(handed, 1, np.where(believed, 0, 2)),
        }
    )
    return table[started < DATA_END]
