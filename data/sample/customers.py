"""Who the customers are: what the company knows of them, and what it does not (how easily pleased, how buying)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.sample import company, truths
from data.sample.calendar import Calendar
from data.sample.draws import Rng, chosen, happens
from data.sample.names import identities

NEW_PER_MONTH = 0.010  # share of all customers of the world who arrive in a month
FEWEST_AT_START = 0.35
LONGEST_KNOWN_DAYS = 7 * 365
ACQUISITION_SHARES = np.array([[0.44, 0.24, 0.12, 0.09, 0.11], [0.30, 0.34, 0.13, 0.11, 0.12]])  # early, late
BUYS_A_YEAR = {"shape": 4.5, "mean": 4.9}
LEAVES_A_MONTH = 0.003  # for reasons of their own
ENGLISH_SPEAKERS = np.array([0.04, 0.06, 0.06, 0.04, 0.14])  # by region
FIRST_SEEN_UNKNOWN = 0.002
SENTINEL_DAY = np.datetime64("1900-01-01")  # what it writes instead of an unknown day
CAMPAIGNS_OF = {"web": (5, 6, 2), "marketplace": (2, 6), "referral": (7,), "flash_sale": (3, 4)}


@dataclass(frozen=True)
class Population:
    """One value a customer in every array. `first` is the number of the first customer of this part of the world.

    arrives: month of the first order, -1 for those known before the data. leaves: month from which they would buy no
    more for reasons of their own. rate: orders a year. temper: how easily pleased, in standard deviations. replies: how
    readily they answer surveys, in log odds. None of these three depends on region, persona or any of the others.
    """

    first: int
    region: np.ndarray
    persona: np.ndarray
    acquisition: np.ndarray
    campaign: np.ndarray
    store: np.ndarray
    english: np.ndarray
    first_seen: np.ndarray
    arrives: np.ndarray
    leaves: np.ndarray
    rate: np.ndarray
    temper: np.ndarray
    replies: np.ndarray

    def __len__(self) -> int:
        return len(self.region)


def population(rng: Rng, first: int, size: int, calendar: Calendar) -> Population:
    region = chosen(rng, company.REGION_SHARES, size)
    persona = chosen(rng, company.PERSONA_SHARES, size)
    first_seen = _first_days(rng, size, calendar)
    arrives = np.maximum(calendar.month_of(first_seen), -1)
    acquisition = _acquisition(rng, arrives, calendar)
    return Population(
        first=first,
        region=region,
        persona=persona,
        acquisition=acquisition,
        campaign=_campaigns(rng, acquisition),
        store=region * company.STORES_PER_REGION + _stores_nearby(rng, region),
        english=happens(rng, ENGLISH_SPEAKERS[region]),
        first_seen=first_seen,
        arrives=arrives,
        leaves=_leaving_months(rng, acquisition, arrives),
        rate=rng.gamma(BUYS_A_YEAR["shape"], BUYS_A_YEAR["mean"] / BUYS_A_YEAR["shape"], size),
        temper=rng.standard_normal(size),
        replies=1.15 * rng.standard_normal(size),
    )


def _first_days(rng: Rng, size: int, calendar: Calendar) -> np.ndarray:
    """Day each customer was first known: some before the data, the others evenly over its months."""
    days = int((np.datetime64("2026-11-01") - calendar.start).astype(int))
    before = max(FEWEST_AT_START, 1 - NEW_PER_MONTH * calendar.months)
    known_for = np.minimum(rng.exponential(900, size) + 1, LONGEST_KNOWN_DAYS)
    offset = np.where(happens(rng, before, size), -known_for, rng.integers(0, days, size))
    return calendar.start + np.floor(offset).astype("timedelta64[D]")


def _acquisition(rng: Rng, arrives: np.ndarray, calendar: Calendar) -> np.ndarray:
    late = np.clip((arrives + 1) / max(calendar.months, 1), 0, 1)[:, None]
    return chosen(rng, (1 - late) * ACQUISITION_SHARES[0] + late * ACQUISITION_SHARES[1])


def _campaigns(rng: Rng, acquisition: np.ndarray) -> np.ndarray:
    """Campaign that brought each customer; -1 for none, as for everyone whom a store brought."""
    campaign = np.full(len(acquisition), -1)
    for channel, campaigns in CAMPAIGNS_OF.items():
        rows = np.flatnonzero(acquisition == company.ACQUISITION.index(channel))
        campaign[rows] = np.array(campaigns)[rng.integers(0, len(campaigns), len(rows))]
    return np.where(happens(rng, 0.85, len(acquisition)), campaign, -1)


def _stores_nearby(rng: Rng, region: np.ndarray) -> np.ndarray:
    sizes = np.ones(len(company.STORES))
    sizes[list(company.LARGE_STORES)] = 2.0
    return chosen(rng, sizes.reshape(len(company.REGIONS), -1)[region])


def _leaving_months(rng: Rng, acquisition: np.ndarray, arrives: np.ndarray) -> np.ndarray:
    """Month from which each would buy no more, experience aside; right after the first order for one-shot buyers."""
    size = len(acquisition)
    one_shot = acquisition == company.ACQUISITION.index(truths.ONE_SHOT.acquisition_channel)
    lost = happens(rng, np.where(one_shot, truths.ONE_SHOT.lost_after_first, truths.ONE_SHOT.usually_lost))
    stays = rng.geometric(LEAVES_A_MONTH, size)
    return np.where(lost & (arrives >= 0), arrives + 1, np.maximum(arrives, 0) + stays)


def customers_table(rng: Rng, people: Population) -> pd.DataFrame:
    """The customers as the CRM has them: some first day is not known, some addresses are missing."""
    size = len(people)
    table = pd.DataFrame(
        {
            "customer": people.first + np.arange(size),
            "first_seen_on": np.where(happens(rng, FIRST_SEEN_UNKNOWN, size), SENTINEL_DAY, people.first_seen),
            "region": people.region,
            "persona": people.persona,
            "acquisition_channel": people.acquisition,
            "campaign": people.campaign,
        }
    )
    return table.assign(**identities(rng, people))
