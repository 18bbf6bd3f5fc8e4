"""Offers made to customers, whatever they are worth, and leads that became customers or did not."""

import numpy as np
import pandas as pd

from data.sample import company
from data.sample.calendar import DATA_END
from data.sample.draws import Rng, at_daytime, chosen, happens, where_time
from data.sample.memory import Lives

OFFERS_A_YEAR = 2.4
OFFER_CHANNELS, OFFER_SHARES = (company.EMAIL, company.APP, company.PHONE), (0.64, 0.22, 0.14)
TAKEN_UP_DAYS, TAKEN_UP = 14, 0.6  # an order so soon after an offer counts as accepting it, with this probability
AS_LEAD, LOST_PER_WON = 0.45, 1.3
BY_PHONE = 8  # one in so many of the leads won; not by lot, which would move every later draw
SOURCES = ("store", "web", "marketplace", "referral", "flash_sale", "phone")
STAGES = ("new", "contacted", "quoted", "won", "lost")
WON = 3
REFERS_WHEN_PLEASED = 3.0  # how much more often the easily pleased bring somebody


def offers(orders: pd.DataFrame, lives: Lives, rng: Rng) -> pd.DataFrame:
    """customer, offered, campaign, channel, accepted. By lot among all known customers: nobody is offered more."""
    parts = []
    for month in lives.calendar:
        known = lives.people.arrives < month.index
        customer = np.repeat(np.arange(len(known)), rng.poisson(OFFERS_A_YEAR / 12 * known))
        days = month.first + rng.integers(0, month.n_days, len(customer)).astype("timedelta64[D]")
        campaign = {1: 0, 7: 1, 11: 2}.get(month.number, 8)
        parts.append(
            pd.DataFrame({"customer": customer, "offered": at_daytime(rng, days, 8, 18), "campaign": campaign})
        )
    table = pd.concat(parts, ignore_index=True)
    return table.assign(
        channel=np.array(OFFER_CHANNELS)[chosen(rng, OFFER_SHARES, len(table))],
        accepted=_ordered_soon_after(table, orders) & happens(rng, TAKEN_UP, len(table)),
    )


def _ordered_soon_after(table: pd.DataFrame, orders: pd.DataFrame) -> np.ndarray:
    """Whether the same customer ordered within TAKEN_UP_DAYS of the offer."""
    horizon = 10**9  # seconds; longer than any world

    def key(customer: np.ndarray, moment: np.ndarray) -> np.ndarray:
        since = (moment - (DATA_END - 4000)).astype("timedelta64[s]").astype(np.int64)
        return customer.astype(np.int64) * horizon + since

    ordered = np.sort(key(orders["customer"].to_numpy(), orders["at"].to_numpy()))
    offered = key(table["customer"].to_numpy(), table["offered"].to_numpy())
    following = np.append(ordered, np.iinfo(np.int64).max)[np.searchsorted(ordered, offered)]
    return following - offered < TAKEN_UP_DAYS * 86_400


def leads(orders: pd.DataFrame, amounts: np.ndarray, lives: Lives, rng: Rng) -> pd.DataFrame:
    """customer (-1 until won), created, source, campaign, referred_by (-1: nobody), stage, won, amount."""
    first = orders["is_first"].to_numpy() & happens(rng, AS_LEAD, len(orders))
    rows, size = orders[first], int(first.sum())
    customer = rows["customer"].to_numpy()
    won_at = rows["at"].to_numpy()
    created = at_daytime(rng, won_at.astype("datetime64[D]") - rng.integers(1, 40, size).astype("timedelta64[D]"))
    source = lives.people.acquisition[customer]
    referred = source == company.ACQUISITION.index("referral")
    won = pd.DataFrame(
        {
            "customer": customer, "created": created, "source": source, "campaign": rows["campaign"].to_numpy(),
            "referred_by": np.where(referred, _referrers(size, lives, rng), -1),
            "stage": WON, "won": won_at, "amount": amounts[first],
        }
    )  # fmt: skip
    won = won[created >= lives.calendar.start]  # the list of leads begins with the data
    won["source"] = np.where(np.arange(len(won)) % BY_PHONE == 0, SOURCES.index("phone"), won["source"])
    table = pd.concat([won, _not_won(int(size * LOST_PER_WON), lives, rng)], ignore_index=True)
    return table.sort_values("created", kind="stable", ignore_index=True)


def _referrers(size: int, lives: Lives, rng: Rng) -> np.ndarray:
    """Customers known before the data, the easily pleased more often."""
    old = np.flatnonzero(lives.people.arrives < 0)
    if not len(old):
        return np.full(size, -1)
    shares = np.where(lives.people.temper[old] > 0.5, REFERS_WHEN_PLEASED, 1.0)
    return old[chosen(rng, shares, size)]


def _not_won(size: int, lives: Lives, rng: Rng) -> pd.DataFrame:
    days = int((DATA_END - lives.calendar.start).astype(int))
    created = at_daytime(rng, lives.calendar.start + rng.integers(0, days, size).astype("timedelta64[D]"))
    recent = created > DATA_END - 45
    stage = np.where(recent, rng.integers(0, 3, size), 4)
    none = np.full(size, -1)
    return pd.DataFrame(
        {
            "customer": none, "created": created, "source": rng.integers(0, len(SOURCES), size),
            "campaign": np.where(happens(rng, 0.6, size), rng.integers(0, len(company.CAMPAIGNS), size), -1),
            "referred_by": none, "stage": stage, "amount": np.nan,
            "won": where_time(np.zeros(size, dtype=bool), created),
        }
    )  # fmt: skip
