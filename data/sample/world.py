"""The story of one part of the world, month by month: latent lives, and what the company's systems record of them."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa

from data.sample import call_backs, company, surveys
from data.sample.calendar import Calendar, Month
from data.sample.cases import cases
from data.sample.contacts import first_contacts
from data.sample.customers import Population, customers_table, population
from data.sample.deliveries import book_lateness, deliver, send_back
from data.sample.draws import Rng, happens
from data.sample.follow_ups import book_contacts, with_follow_ups
from data.sample.memory import Lives
from data.sample.products import products
from data.sample.prospects import leads, offers
from data.sample.purchases import Catalogue, lines_of, orders_of
from data.sample.sessions import sessions
from data.sample.store_surveys import after_store_sales

NOT_IDENTIFIED_CASE, NOT_IDENTIFIED_CONTACT = 0.10, 0.02
WITHOUT_CASE = 0.10
NOTED_AS_PENDING = 0.45  # of the problems that will come back, those that the agent knew unsolved
COMPLAINS, COMPLAINS_ANNOYED = 0.02, 0.09
UNASSIGNED = {
    "order": -1,
    "case": -1,
    "store": -1,
    "wait": -1,
    "transferred": -1,
    "question": -1,
    "answer": -1,
    "round": 0,
    "survey": -1,
}
NOTHING = {
    "abandoned": False,
    "repeated": False,
    "conflict": False,
    "handed_off": False,
    "back": False,
    "pending": False,
    "complaint": False,
    "numbered": False,
}


@dataclass
class Numbers:
    """The next free number of each kind, carried from one part of the world to the next."""

    next: dict[str, int] = field(default_factory=dict)

    def give(self, kind: str, table: pd.DataFrame) -> pd.DataFrame:
        """The table with a column of new numbers."""
        first = self.next.get(kind, 1)
        self.next[kind] = first + len(table)
        return table.assign(**{kind: first + np.arange(len(table))})


@dataclass
class World:
    """Everything simulated of one part of the world, a frame a table (columns hold positions, not codes)."""

    people: Population
    calendar: Calendar
    lives: Lives
    tables: dict[str, pd.DataFrame]
    texts: dict[str, pa.Array] = field(default_factory=dict)


def world(rng: Rng, first: int, size: int, calendar: Calendar, numbers: Numbers, effect: bool) -> World:
    people = population(rng, first, size, calendar)
    lives = Lives(people, calendar, rng, effect)
    catalogue = Catalogue.of(products())
    parts: dict[str, list[pd.DataFrame]] = {}
    for month in calendar:
        for name, table in _month(lives, catalogue, month, numbers, rng).items():
            parts.setdefault(name, []).append(table)
    tables = {name: pd.concat(tables, ignore_index=True) for name, tables in parts.items()}
    tables["customers"] = customers_table(rng, people)
    tables |= _around(tables, lives, numbers, rng)
    return World(people, calendar, lives, tables)


def _around(tables: dict[str, pd.DataFrame], lives: Lives, numbers: Numbers, rng: Rng) -> dict[str, pd.DataFrame]:
    """What other systems record around these lives: cases, self-service, offers, leads."""
    lines = tables["order_lines"]
    first = tables["orders"]["order"].to_numpy()[0] if len(tables["orders"]) else 0
    place, paid = lines["order"].to_numpy() - first, lines["net_amount"]
    amounts = np.bincount(place, weights=paid, minlength=len(tables["orders"]))
    return {
        "issues": cases(tables["contacts"], rng),
        "digital_sessions": numbers.give("session", sessions(tables["contacts"], lives, rng)),
        "offers": numbers.give("offer", offers(tables["orders"], lives, rng)),
        "leads": numbers.give("lead", leads(tables["orders"], amounts, lives, rng)),
    }


def _month(lives: Lives, catalogue: Catalogue, month: Month, numbers: Numbers, rng: Rng) -> dict[str, pd.DataFrame]:
    """People buy, wait, get in touch; feel it; say so when asked; some will leave."""
    orders, lines = _sales(lives, catalogue, month, numbers, rng)
    book_lateness(orders, lives)
    contacts = _contacts(orders, lives, month, numbers, rng)
    book_contacts(contacts, lives)
    lives.end_month(month.index)
    asked = [
        *surveys.relational(lives, month, rng),
        surveys.after_deliveries(orders, lives, rng),
        *surveys.after_contacts(contacts, lives, rng),
        surveys.after_checkout(orders, lives, rng),
        after_store_sales(orders, lives, month, rng),
    ]
    answers = numbers.give("survey", pd.concat(asked, ignore_index=True))
    calls = [call_backs.call_backs(answers, lives, rng), call_backs.calls_after_sales(orders, rng)]
    calls = numbers.give("contact", pd.concat(calls, ignore_index=True))
    calls = calls.assign(**{name: value for name, value in (UNASSIGNED | NOTHING).items() if name not in calls})
    contacts = pd.concat([contacts, calls], ignore_index=True)
    return {"orders": orders, "order_lines": lines, "contacts": contacts, "surveys": answers}


def _sales(lives: Lives, catalogue: Catalogue, month: Month, numbers: Numbers, rng: Rng):
    orders = orders_of(lives, month, rng)
    lines = lines_of(orders, lives.people, catalogue, month, rng)
    first_lines = lines[lines["line"] == 1]
    orders = deliver(orders, first_lines["category"].to_numpy(), lives, rng)
    orders, lines = send_back(orders, lines, rng)
    orders = numbers.give("order", orders.assign(category=first_lines["category"].to_numpy()))
    return orders, lines.assign(order=orders["order"].to_numpy()[lines["row"].to_numpy()])


def _contacts(orders: pd.DataFrame, lives: Lives, month: Month, numbers: Numbers, rng: Rng) -> pd.DataFrame:
    """The month's problems with all their contacts; some customers are not recognised, some cases not numbered."""
    first = first_contacts(orders, lives, month, rng)
    case = numbers.next.setdefault("case", 1)
    numbers.next["case"] = case + len(first)
    contacts = numbers.give("contact", with_follow_ups(first, lives, month, rng, case))
    of_case = contacts["case"].to_numpy() - case
    recognised = ~happens(rng, NOT_IDENTIFIED_CASE, len(first))
    numbered = ~happens(rng, WITHOUT_CASE, len(first))
    known = recognised[of_case] & ~happens(rng, NOT_IDENTIFIED_CONTACT, len(contacts))
    purpose = np.where(contacts["reason"] == company.ADVICE, call_backs.SALE, call_backs.SERVICE)
    unsolved = contacts["back"].to_numpy() & happens(rng, NOTED_AS_PENDING, len(contacts))
    annoyed = (contacts["round"].to_numpy() > 0) | contacts["repeated"].to_numpy()
    complaint = happens(rng, np.where(annoyed, COMPLAINS_ANNOYED, COMPLAINS)) & ~contacts["abandoned"].to_numpy()
    return contacts.assign(
        known=known,
        numbered=numbered[of_case],
        purpose=purpose,
        inbound=True,
        survey=-1,
        pending=unsolved,
        complaint=complaint,
    )
