"""What a customer carries of what went wrong, and what it makes of them later. This is where experience has its effect.

A bad experience has a weight (1 = a typical one) made of what happened and of how much the touchpoint matters to the
persona. It lowers recommendation at once, fades month by month, and makes some leave months later. In the world without
effect the same things happen to people, and neither their answers nor their purchases follow from them.
"""

import numpy as np

from data.sample import company, truths
from data.sample.calendar import Calendar
from data.sample.customers import Population
from data.sample.draws import Rng, chosen, happens

KINDS = ("delivery", "wait", "repeat", "seam")
LATE, WAIT, REPEAT, LOST = range(4)
NEVER = 10_000
UNRELATED_LEAVING_A_MONTH = 0.026  # without effect: as many leave, whatever they lived
UNRELATED_CARRY = {"shape": 0.38, "mean": 0.36}  # without effect: what colours answers, whatever they lived
SENSITIVITY = np.array([getattr(truths.MOMENTS, persona) for persona in company.PERSONAS])
SENSITIVITY_OF_CHANNEL = np.array([4, 1, 2, 3, 3, 3])  # store, phone, chat, email, web, app -> column of SENSITIVITY


class Lives:
    """The changing state of each customer: what they carry, until when they buy, when they last bought."""

    def __init__(self, people: Population, calendar: Calendar, rng: Rng, effect: bool):
        size = len(people)
        self.people, self.effect, self.rng = people, effect, rng
        self.stops = people.leaves.copy()
        self.away_from, self.away_until = np.full(size, NEVER), np.full(size, NEVER)
        self.memory = np.zeros((size, len(KINDS)), dtype=np.float32)
        self.booked = np.zeros((calendar.months, size, len(KINDS)), dtype=np.float32)
        self.calendar = calendar
        months_ago = np.floor(rng.exponential(12 / (people.rate + 0.3))).astype(int)
        self.last_order = np.where(people.arrives < 0, -1 - months_ago, -NEVER)

    def buying(self, month: int) -> np.ndarray:
        away = (self.away_from <= month) & (month < self.away_until)
        return (self.people.arrives < month) & (self.stops > month) & ~away

    def known(self, month: int) -> np.ndarray:
        """Customers who bought in the last 24 months: they have something that can break."""
        return month - self.last_order < 24

    def book(self, customers: np.ndarray, days: np.ndarray, kind: int, weight: np.ndarray, place: np.ndarray) -> None:
        """Something went wrong: `weight` before the persona's sensitivity, `place` a column of SENSITIVITY."""
        month = self.calendar.month_of(days)
        inside = (month >= 0) & (month < self.calendar.months)
        felt = weight * SENSITIVITY[self.people.persona[customers], place]
        np.add.at(self.booked, (month[inside], customers[inside], kind), felt[inside])

    def end_month(self, month: int) -> None:
        """Take in what was booked for this month; some of those it hit will leave, months later."""
        new = self.booked[month]
        self.memory *= 1 - truths.FORGOTTEN_A_MONTH
        self.memory += new
        if self.effect:
            leaving = happens(self.rng, 1 - np.exp(-truths.DEFECTION.strength * new.sum(axis=1)))
        else:
            leaving = happens(self.rng, UNRELATED_LEAVING_A_MONTH, len(self.people)) & self.buying(month)
        self._leave(np.flatnonzero(leaving), month)

    def _leave(self, who: np.ndarray, month: int) -> None:
        """They leave some months from now, unless already away; a share of them comes back much later."""
        who = who[~((self.away_from[who] <= month + max(truths.DEFECTION.delays)) & (self.away_until[who] > month))]
        delay = np.array(truths.DEFECTION.delays)[chosen(self.rng, truths.DEFECTION.delay_shares, len(who))]
        absence = self.rng.integers(*truths.DEFECTION.come_back_months, len(who))
        self.away_from[who] = month + delay
        comes_back = happens(self.rng, truths.DEFECTION.come_back, len(who))
        self.away_until[who] = np.where(comes_back, month + delay + absence, NEVER)

    def carried(self, customers: np.ndarray) -> np.ndarray:
        """Weights of bad experience that colour an answer given now, by kind; (n, kinds)."""
        if self.effect:
            return self.memory[customers]
        total = self.rng.gamma(
            UNRELATED_CARRY["shape"], UNRELATED_CARRY["mean"] / UNRELATED_CARRY["shape"], len(customers)
        )
        return np.outer(total, np.full(len(KINDS), 1 / len(KINDS)))

    def recover(self, customers: np.ndarray) -> None:
        """A call-back takes away a part of what they carry."""
        self.memory[customers] *= 1 - truths.RECOVERED
