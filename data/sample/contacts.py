"""Why and where customers get in touch: the first contact of each problem."""

import numpy as np
import pandas as pd

from data.sample import company, truths
from data.sample.calendar import COOLING, DATA_END, Month
from data.sample.draws import Rng, chosen, days_after, happens
from data.sample.memory import Lives
from data.sample.purchases import LATER_BASKET

AFTER_LATE, BEFORE_DELIVERY, AFTER_RETURN, ABOUT_INVOICE = 0.55, 0.06, 0.70, 0.06
A_YEAR = {"billing": 0.22, "breakdown": 0.26, "advice": 0.24}  # contacts a year that no order causes
ADVICE_WHEN_GONE = 0.4  # customers who buy no more still ask, less
BY_CHANNEL = np.array(  # persona x channel, when progress is 0
    [
        [0.16, 0.38, 0.18, 0.13, 0.10, 0.05],
        [0.21, 0.57, 0.05, 0.10, 0.05, 0.02],
        [0.17, 0.40, 0.17, 0.13, 0.09, 0.04],
        [0.09, 0.24, 0.30, 0.11, 0.13, 0.13],
        [0.10, 0.48, 0.12, 0.20, 0.08, 0.02],
    ]
)
DIGITAL_GROWTH = np.array([-0.25, -0.15, 0.35, -0.15, 0.75, 1.3])  # by channel, while progress goes from 0 to 1
CHAT_FOR_RETURNS = 2.2
WENT_BADLY, BACK_WHEN_BAD, BACK_WHEN_WELL = -0.5, 1.7, 0.69  # sales in stores: who comes back with a problem


def first_contacts(orders: pd.DataFrame, lives: Lives, month: Month, rng: Rng) -> pd.DataFrame:
    """One row a problem: customer, on (day), reason, order (-1: none), category, channel, team."""
    caused = [_about_orders(orders, lives, rng), _about_nothing_bought_lately(lives, month, rng)]
    contacts = pd.concat(caused, ignore_index=True)
    contacts = contacts[contacts["on"].to_numpy() < DATA_END].reset_index(drop=True)
    channel = _channels(contacts, lives, month, rng)
    own_store = contacts["store"].to_numpy()
    channel = np.where(own_store >= 0, np.where(happens(rng, 0.7, len(channel)), company.STORE, company.PHONE), channel)
    store = np.where(own_store >= 0, own_store, lives.people.store[contacts["customer"].to_numpy()])
    contacts = contacts.assign(channel=channel, store=np.where(channel == company.STORE, store, -1), home_store=store)
    return contacts.assign(team=teams_of(contacts, rng), difficulty=rng.standard_normal(len(contacts)))


def _rows(orders: pd.DataFrame, which: np.ndarray, on: np.ndarray, reason: int | np.ndarray) -> pd.DataFrame:
    rows = orders[which]
    return pd.DataFrame(
        {
            "customer": rows["customer"].to_numpy(),
            "on": on[which].astype("datetime64[D]"),
            "reason": np.broadcast_to(reason, len(orders))[which],
            "order": rows["order"].to_numpy(),
            "category": rows["category"].to_numpy(),
            "store": -1,
        }
    )


def _about_orders(orders: pd.DataFrame, lives: Lives, rng: Rng) -> pd.DataFrame:
    """Late ones, those on their way, those sent back, invoices; and what a sale in a store brings back to it."""
    size = len(orders)
    promised, ordered, back = (orders[name].to_numpy() for name in ("promised", "at", "returned_at"))
    missed = (orders["late"].to_numpy() | np.isnat(orders["delivered"].to_numpy())) & orders["home"].to_numpy()
    withdrawn = orders["cancelled"].to_numpy() < promised
    late = missed & ~withdrawn & happens(rng, AFTER_LATE, size)
    on_its_way = orders["home"].to_numpy() & happens(rng, BEFORE_DELIVERY, size)
    sent_back = ~np.isnat(back) & happens(rng, AFTER_RETURN, size)
    invoice = happens(rng, ABOUT_INVOICE, size)
    parts = [
        _rows(orders, late, days_after(rng, promised, 1, 3), company.DELIVERY),
        _rows(orders, on_its_way, days_after(rng, ordered, 1, 3), company.ORDER),
        _rows(orders, sent_back, days_after(rng, back, -1, 4), company.RETURNS),
        _rows(orders, invoice, days_after(rng, ordered, 5, 30), company.BILLING),
        _after_store_sales(orders, lives, rng),
    ]
    return pd.concat(parts, ignore_index=True)


def _after_store_sales(orders: pd.DataFrame, lives: Lives, rng: Rng) -> pd.DataFrame:
    """Customers of the rigged store come back more often than its survey would make believe."""
    store = orders["store"].to_numpy()
    badly_served = (store == company.RIGGED) & lives.effect
    rate = np.where(badly_served, truths.STORE.extra_contact, truths.STORE.usual_contact) * (store >= 0)
    if lives.effect:
        rate = rate * np.where(orders["went"].to_numpy() < WENT_BADLY, BACK_WHEN_BAD, BACK_WHEN_WELL)
    which = happens(rng, rate)
    reason = chosen(rng, np.array([0.0, 0.1, 0.15, 0.3, 0.2, 0.25]), len(orders))
    rows = _rows(orders, which, days_after(rng, orders["at"].to_numpy(), 1, 25), reason)
    return rows.assign(store=store[which])


def _about_nothing_bought_lately(lives: Lives, month: Month, rng: Rng) -> pd.DataFrame:
    """Bills, breakdowns (cooling in summer) and advice, which come by themselves."""
    known, buying = lives.known(month.index), lives.buying(month.index)
    here = lives.people.arrives < month.index
    cooling = 1 + (month.season(COOLING) - 1) * 0.4
    rates = {
        company.BILLING: A_YEAR["billing"] * known,
        company.BREAKDOWN: A_YEAR["breakdown"] * known * cooling,
        company.ADVICE: A_YEAR["advice"] * np.where(buying, 1.0, ADVICE_WHEN_GONE) * known,
    }
    parts = []
    for reason, rate in rates.items():
        customer = np.repeat(np.arange(len(rate)), rng.poisson(rate * here / 12))
        parts.append(pd.DataFrame({"customer": customer, "reason": reason}))
    contacts = pd.concat(parts, ignore_index=True)
    size = len(contacts)
    season = np.array([1.2, 1, month.season(COOLING), 0.8, 0.3])
    category = np.where(
        contacts["reason"] == company.BREAKDOWN, chosen(rng, season, size), chosen(rng, LATER_BASKET, size)
    )
    on = month.first + rng.integers(0, month.n_days, size).astype("timedelta64[D]")
    return contacts.assign(on=on, order=-1, category=category, store=-1)


def _channels(contacts: pd.DataFrame, lives: Lives, month: Month, rng: Rng) -> np.ndarray:
    shares = BY_CHANNEL[lives.people.persona[contacts["customer"].to_numpy()]] * (1 + DIGITAL_GROWTH * month.progress)
    shares[contacts["reason"].to_numpy() == company.RETURNS, company.CHAT] *= CHAT_FOR_RETURNS
    return chosen(rng, shares)


def teams_of(contacts: pd.DataFrame, rng: Rng) -> np.ndarray:
    """Team of each contact: the store's own; billing's two sites by lot; else by channel and reason, and by lot."""
    reason, channel, store = (contacts[name].to_numpy() for name in ("reason", "channel", "store"))
    site = rng.integers(0, 2, len(contacts))
    by_phone = company.PHONE_TEAMS[reason, site]
    by_chat, by_mail = np.array(company.CHAT_TEAMS)[site], np.array(company.MAIL_TEAMS)[site]
    by_reason = (channel == company.PHONE) | (reason == company.BILLING)
    apart = np.where(channel == company.CHAT, by_chat, by_mail)
    team = np.where(by_reason, by_phone, apart)
    return np.where(channel == company.STORE, company.FIRST_STORE_TEAM + store, team)
