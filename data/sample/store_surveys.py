"""Surveys of the stores: honest ones, and the one that its own staff hands out."""

import numpy as np
import pandas as pd

from data.sample import company, truths
from data.sample.answers import THEMES, Asked, rows_of
from data.sample.calendar import Month
from data.sample.deliveries import DELIVERED, RETURNED, SHIPPED
from data.sample.draws import Rng, happens
from data.sample.memory import Lives
from data.sample.surveys import CULTURES, NPS_NOISE, STORE_ASKED, TEMPER

TOUCH_STORE = company.TOUCHPOINTS.index("store_purchase")
HANDED_ELSEWHERE = 0.04  # share that honest units hand out themselves
STORE_MEAN, STORE_CULTURE = 8.45, 0.28
REPLIES_WHEN_HANDED = 1.4
HAPPY = 7.5
RIGGED_TRULY = -0.3  # points of 10 by which the rigged store truly is worse, culture apart
LIFTED = (8, 7, 6)  # answers that staff ask to make a 9, in this order, until the month reaches the bonus


def after_store_sales(orders: pd.DataFrame, lives: Lives, month: Month, rng: Rng) -> pd.DataFrame:
    """Recommendation after a purchase in a store; the bonus is paid on it since 2025."""
    store = orders["store"].to_numpy()
    sold = (store >= 0) & np.isin(orders["status"].to_numpy(), (DELIVERED, RETURNED, SHIPPED))
    sold &= ~orders["unnamed"].to_numpy()
    customer = orders["customer"].to_numpy()
    culture = CULTURES[company.FIRST_STORE_TEAM + store]
    latent = STORE_MEAN + STORE_CULTURE * culture + TEMPER * lives.people.temper[customer]
    latent = latent + RIGGED_TRULY * (store == company.RIGGED) + NPS_NOISE * orders["went"].to_numpy()
    rigged = (store == company.RIGGED) & (month.first >= np.datetime64(truths.STORE.bonus_starts_on))
    handed = rigged | happens(rng, HANDED_ELSEWHERE, len(orders))
    by_mood = np.where(latent >= HAPPY, truths.STORE.invited_happy, truths.STORE.invited_others)
    invited = sold & happens(rng, np.where(rigged, by_mood, STORE_ASKED))
    rows = orders[invited]
    asked = Asked(
        customer[invited], rows["at"].to_numpy() + np.timedelta64(1800, "s"), latent[invited], "nps", "transactional",
        _themes(latent[invited], rng), touchpoint=TOUCH_STORE, order=rows["order"].to_numpy(),
        team=company.FIRST_STORE_TEAM + store[invited], store=store[invited],
        handed_by=handed[invited].astype(int), readiness=REPLIES_WHEN_HANDED * handed[invited],
    )  # fmt: skip
    return _lifted(rows_of(asked, lives.people.replies, rng), month)


def _themes(latent: np.ndarray, rng: Rng) -> np.ndarray:
    pleased = np.array([THEMES.index(t) for t in ("store", "staff", "choice", "price")])
    annoyed = np.array([THEMES.index(t) for t in ("store", "price", "choice", "staff")])
    pick = rng.integers(0, 4, len(latent))
    return np.where(latent >= 7.5, pleased[pick], annoyed[pick])


def _lifted(table: pd.DataFrame, month: Month) -> pd.DataFrame:
    """In the rigged store, answers of 8, 7 and 6 become a 9 one by one, until the month's NPS pays the bonus."""
    if month.first < np.datetime64(truths.STORE.bonus_starts_on):
        return table
    score = table["score"].to_numpy().copy()
    own = np.flatnonzero((table["store"].to_numpy() == company.RIGGED) & (score >= 0))
    worth = np.where(score[own] >= 9, 1, np.where(score[own] <= 6, -1, 0))
    for answer in LIFTED:
        for place in np.flatnonzero(score[own] == answer):
            if 100 * worth.sum() >= truths.STORE.bonus_threshold * len(own):
                break
            score[own[place]], worth[place] = 9, 1
    return table.assign(score=score)
