"""A month's orders: who buys, where, what, at which price."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.sample import company, truths
from data.sample.calendar import BUYING, COOLING, Month
from data.sample.draws import Rng, at_daytime, chosen, happens
from data.sample.memory import Lives

IN_STORE = np.array([0.46, 0.64, 0.44, 0.26, 0.38])  # share of sales in a store, by persona, when progress is 0
BY_PHONE = np.array([0.03, 0.10, 0.03, 0.01, 0.09])
FIRST_PLACE = {"store": company.STORE, "web": company.WEB, "marketplace": company.WEB, "flash_sale": company.WEB}
FIRST_BASKET = np.array([0.19, 0.17, 0.15, 0.29, 0.20])  # categories of a first order
LATER_BASKET = np.array([0.07, 0.062, 0.053, 0.305, 0.51])
SECOND_LINE = np.array([0.02, 0.03, 0.02, 0.23, 0.70])
UNNAMED_AT_TILL = 0.02  # share of sales in a store where nobody asked who buys
SEASON_CAMPAIGN = {1: 0, 7: 1, 11: 2}  # month -> position in CAMPAIGNS


@dataclass(frozen=True)
class Catalogue:
    """Products as arrays, and where each category begins."""

    table: pd.DataFrame
    starts: np.ndarray

    @classmethod
    def of(cls, table: pd.DataFrame) -> "Catalogue":
        return cls(table, np.searchsorted(table["category"].to_numpy(), np.arange(len(company.CATEGORIES) + 1)))


def orders_of(lives: Lives, month: Month, rng: Rng) -> pd.DataFrame:
    """One row an order: customer (position), at, is_first, unnamed, went (how well, in sd), where, campaign."""
    people = lives.people
    new = np.flatnonzero(people.arrives == month.index)
    times = rng.poisson(np.where(lives.buying(month.index), people.rate, 0) / 12 * month.season(BUYING))
    again = np.repeat(np.arange(len(people)), times)
    customer = np.concatenate([new, again])
    is_first = np.arange(len(customer)) < len(new)
    days = month.first + rng.integers(0, month.n_days, len(customer)).astype("timedelta64[D]")
    days = np.where(is_first, people.first_seen[customer], days)
    channel = _sales_channels(rng, people, customer, is_first, month)
    lives.last_order[customer] = month.index
    at = np.where(channel == company.STORE, at_daytime(rng, days, 9, 19.5), at_daytime(rng, days, 7, 23.5))
    elsewhere = people.region[customer] * company.STORES_PER_REGION + rng.integers(0, 8, len(customer))
    store = np.where(happens(rng, 0.88, len(customer)), people.store[customer], elsewhere)
    unnamed = (channel == company.STORE) & ~is_first & happens(rng, UNNAMED_AT_TILL, len(customer))
    return pd.DataFrame(
        {
            "customer": customer,
            "at": at,
            "is_first": is_first,
            "unnamed": unnamed,
            "went": rng.standard_normal(len(customer)),
            "sales_channel": channel,
            "store": np.where(channel == company.STORE, store, -1),
            "campaign": _campaigns(rng, people, customer, is_first, month),
        }
    )


def _sales_channels(rng: Rng, people, customer: np.ndarray, is_first: np.ndarray, month: Month) -> np.ndarray:
    persona = people.persona[customer]
    in_store = IN_STORE[persona] * (1 - 0.38 * month.progress)
    by_phone = BY_PHONE[persona] * (1 - 0.3 * month.progress)
    digital = 1 - in_store - by_phone
    by_app = digital * np.clip(0.14 + 0.24 * month.progress, 0, 1)
    shares = np.zeros((len(customer), len(company.CHANNELS)))
    shares[:, [company.STORE, company.PHONE, company.WEB, company.APP]] = np.stack(
        [in_store, by_phone, digital - by_app, by_app], axis=1
    )
    channel = chosen(rng, shares)
    for acquisition, place in FIRST_PLACE.items():
        channel[is_first & (people.acquisition[customer] == company.ACQUISITION.index(acquisition))] = place
    return channel


def _campaigns(rng: Rng, people, customer: np.ndarray, is_first: np.ndarray, month: Month) -> np.ndarray:
    """Campaign of the sale: what brought a new customer, else the season's, else the loyalty mail's, else none."""
    season = SEASON_CAMPAIGN.get(month.number, -1)
    usual = np.where(happens(rng, 0.45, len(customer)), season, np.where(happens(rng, 0.12, len(customer)), 8, -1))
    return np.where(is_first, people.campaign[customer], usual)


def lines_of(orders: pd.DataFrame, people, catalogue: Catalogue, month: Month, rng: Rng) -> pd.DataFrame:
    """One row a line: row (position of the order), line, category, product, quantity, price paid, discount, cost."""
    n_lines = 1 + np.minimum(rng.poisson(0.45, len(orders)), 5)
    row = np.repeat(np.arange(len(orders)), n_lines)
    line = np.arange(len(row)) - np.repeat(np.cumsum(n_lines) - n_lines, n_lines) + 1
    category = np.where(line == 1, _first_categories(orders, month, rng)[row], chosen(rng, SECOND_LINE, len(row)))
    first, end = catalogue.starts[category], catalogue.starts[category + 1]
    product = first + np.floor((end - first) * rng.random(len(row)) ** 1.4).astype(int)
    quantity = 1 + (category == 4) * (rng.random(len(row)) < 0.25)
    price = catalogue.table["price"].to_numpy()[product] * quantity
    share = _discounts(orders, people, month, rng)[row]
    discount = np.round(price * share, 2)
    return pd.DataFrame(
        {
            "row": row,
            "line": line,
            "category": category,
            "product": catalogue.table["product"].to_numpy()[product],
            "quantity": quantity,
            "net_amount": np.round(price - discount, 2),
            "discount": discount,
        }
    )


def _first_categories(orders: pd.DataFrame, month: Month, rng: Rng) -> np.ndarray:
    season = np.array([1, 1, month.season(COOLING), 1, 1])
    baskets = np.where(orders["is_first"].to_numpy()[:, None], FIRST_BASKET * season, LATER_BASKET * season)
    return chosen(rng, baskets)


def _discounts(orders: pd.DataFrame, people, month: Month, rng: Rng) -> np.ndarray:
    """Share taken off: the flash sale's first orders, then the sales of January and July, then a few others."""
    size = len(orders)
    usual = np.where(happens(rng, 0.12, size), 0.10, 0.0)
    sales = np.where(happens(rng, 0.6, size), rng.choice([0.10, 0.15, 0.20], size), usual) if month.is_sales else usual
    flash = people.acquisition[orders["customer"].to_numpy()] == company.ACQUISITION.index(
        truths.ONE_SHOT.acquisition_channel
    )
    return np.where(flash & orders["is_first"].to_numpy(), truths.ONE_SHOT.discount, sales)
