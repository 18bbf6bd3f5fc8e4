"""Contacts that the company begins: call-backs of unhappy customers, and a call some days after a sale."""

import numpy as np
import pandas as pd

from data.sample import company, truths
from data.sample.answers import INSTRUMENTS
from data.sample.calendar import DATA_END
from data.sample.draws import Rng, at_daytime, happens
from data.sample.memory import Lives

UNHAPPY_UP_TO = {"nps": 6, "csat": 2, "effort": 3}
WITHIN_48_HOURS = 0.72
AFTER_SALE, AFTER_SALE_DAYS = 0.08, (7, 15)
PURPOSES = ("service", "sale", "satisfaction", "follow_up")
SERVICE, SALE, SATISFACTION, FOLLOW_UP = range(4)


def call_backs(surveys: pd.DataFrame, lives: Lives, rng: Rng) -> pd.DataFrame:
    """Some of the unhappy are called, whatever they are worth; what they carry becomes lighter."""
    limit = np.full(len(INSTRUMENTS), -1)
    for name, score in UNHAPPY_UP_TO.items():
        limit[INSTRUMENTS.index(name)] = score
    score = surveys["score"].to_numpy()
    unhappy = (score >= 0) & (score <= limit[surveys["instrument"].to_numpy()])
    rows = surveys[unhappy & happens(rng, truths.CALLED_BACK, len(surveys))]
    soon = happens(rng, WITHIN_48_HOURS, len(rows))
    days = np.where(soon, 1, rng.integers(3, 9, len(rows))).astype("timedelta64[D]")
    started = at_daytime(rng, rows["answered"].to_numpy().astype("datetime64[D]") + days, 9, 18)
    rows = rows.assign(started=started)
    rows = rows[started < DATA_END]
    lives.recover(rows["customer"].to_numpy())
    reason = np.where(rows["pillar"].to_numpy() == 0, company.DELIVERY, company.ADVICE)
    return outbound(rows["customer"].to_numpy(), rows["started"].to_numpy(), reason, SATISFACTION, rng).assign(
        survey=rows["survey"].to_numpy(), order=rows["order"].to_numpy()
    )


def calls_after_sales(orders: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Is all well with it? One sale in twelve, by lot."""
    rows = orders[happens(rng, AFTER_SALE, len(orders))]
    days = rng.integers(*AFTER_SALE_DAYS, len(rows)).astype("timedelta64[D]")
    started = at_daytime(rng, rows["at"].to_numpy().astype("datetime64[D]") + days, 9, 18)
    rows, started = rows[started < DATA_END], started[started < DATA_END]
    reason = np.full(len(rows), company.ORDER)
    return outbound(rows["customer"].to_numpy(), started, reason, FOLLOW_UP, rng).assign(
        survey=-1, order=rows["order"].to_numpy()
    )


def outbound(customer: np.ndarray, started: np.ndarray, reason: np.ndarray, purpose: int, rng: Rng) -> pd.DataFrame:
    size = len(customer)
    team = company.PHONE_TEAMS[reason, rng.integers(0, 2, size)]
    sizes = np.array([team.agents for team in company.TEAMS])
    agent = (np.cumsum(sizes) - sizes)[team] + np.floor(rng.random(size) * sizes[team]).astype(int)
    return pd.DataFrame(
        {
            "customer": customer, "started": started, "on": started.astype("datetime64[D]"), "reason": reason,
            "channel": company.PHONE, "team": team, "agent": agent, "purpose": purpose, "inbound": False,
            "talk": np.round(rng.gamma(4, 45, size)).astype(int), "hold": 0,
            "wrap": np.round(rng.gamma(4, 12, size)).astype(int),
            "known": True, "category": -1,
        }
    )  # fmt: skip
