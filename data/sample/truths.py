"""What is planted in the sample company, each truth with its size: the only place where these numbers are written.

A test that looks for a truth compares what a metric finds with these constants. README.md says which of them remain in
a world made with --no-experience-effect.
"""

from dataclasses import dataclass
from datetime import date
from math import exp


@dataclass(frozen=True)
class CarrierChange:
    """A new carrier makes one region's home deliveries late. Shares of deliveries that come by the promised day."""

    region: str = "north"
    starts_on: date = date(2026, 2, 1)
    on_time_before: float = 0.93
    on_time_after: float = 0.70


@dataclass(frozen=True)
class BillingTarget:
    """One of two billing sites is asked to be quicker: seconds of handle time, added probability of a repeat."""

    team: str = "billing_lyon"
    comparison: str = "billing_nantes"
    starts_on: date = date(2026, 1, 1)
    target_seconds: int = 300
    handle_change_seconds: float = -50.0
    repeat_change: float = 0.09


@dataclass(frozen=True)
class RiggedStore:
    """A store hands out its own survey, to happy customers, and lifts answers until the month's NPS reaches the bonus.

    invited_happy, invited_others: probability of an invitation by whether the sale went well. extra_contact:
    probability that a sale of this store brings a contact within 25 days (elsewhere: usual_contact). repeat_change:
    added probability that a contact in this store is followed by another within 7 days.
    """

    store: str = "avignon"
    bonus_starts_on: date = date(2025, 1, 1)
    bonus_threshold: float = 50.0
    invited_happy: float = 0.70
    invited_others: float = 0.06
    usual_contact: float = 0.10
    extra_contact: float = 0.34
    repeat_change: float = 0.12


@dataclass(frozen=True)
class ReturnsSeam:
    """Chat hands returns over to the phone and the information is lost: probabilities, and those of other hand-offs."""

    hand_off: float = 0.45
    other_hand_off: float = 0.08
    information_repeated: float = 0.70
    usual_repeated: float = 0.12
    conflicting: float = 0.50
    usual_conflicting: float = 0.06


@dataclass(frozen=True)
class Defection:
    """A bad experience of weight w (1 = a typical one) makes a customer leave with probability 1 - exp(-strength w).

    They leave `delays` months later (with `delay_shares`): purchases fall on average three months after the answers do.
    A share of them comes back after `come_back_months` without buying.
    """

    strength: float = 0.75
    delays: tuple[int, ...] = (2, 3, 4)
    delay_shares: tuple[float, ...] = (0.25, 0.5, 0.25)
    come_back: float = 0.7
    come_back_months: tuple[int, int] = (9, 15)

    def probability(self, weight: float) -> float:
        """Counterfactual: added probability of leaving, of someone who would have stayed."""
        return 1 - exp(-self.strength * weight)


@dataclass(frozen=True)
class MomentsOfTruth:
    """Weight of a bad experience by persona and touchpoint: deliveries for families, the phone for seniors."""

    touchpoints: tuple[str, ...] = ("delivery", "phone", "chat", "email", "store")
    families: tuple[float, ...] = (1.8, 0.6, 0.7, 0.6, 0.7)
    seniors: tuple[float, ...] = (0.6, 1.9, 0.7, 0.6, 0.8)
    couples: tuple[float, ...] = (1.0, 1.0, 0.9, 0.8, 0.8)
    young_adults: tuple[float, ...] = (1.0, 0.7, 1.1, 0.7, 0.7)
    professionals: tuple[float, ...] = (1.1, 1.1, 0.8, 0.9, 0.8)

    def weight(self, persona: str, touchpoint: str) -> float:
        return getattr(self, persona)[self.touchpoints.index(touchpoint)]


@dataclass(frozen=True)
class OneShotSelling:
    """Share of customers lost after their first order, through one acquisition channel and through the others."""

    acquisition_channel: str = "flash_sale"
    lost_after_first: float = 0.85
    usually_lost: float = 0.45
    discount: float = 0.25


@dataclass(frozen=True)
class DigitalShift:
    """Digital channels (website, app) gain: their share of sales at the first and the last of 36 months, about."""

    sales_first: float = 0.49
    sales_last: float = 0.68


@dataclass(frozen=True)
class SelfRatings:
    """How far departments rate the promises above what customers live, in points of 10; on_time apart for logistics."""

    stores: float = 0.3
    contact_centre: float = 0.1
    after_sales: float = 0.4
    marketing: float = 2.0
    logistics: float = 1.3
    finance: float = 1.4
    it: float = 1.3
    products: float = 1.6
    logistics_on_time: float = 2.0

    @property
    def front_office(self) -> float:
        return (self.stores + self.contact_centre + self.after_sales) / 3

    @property
    def headquarters(self) -> float:
        """Mean of the departments over the five promises (one of logistics' five is rated apart)."""
        logistics = (4 * self.logistics + self.logistics_on_time) / 5
        return (self.marketing + logistics + self.finance + self.it + self.products) / 5


@dataclass(frozen=True)
class CultureFirst:
    """One standard deviation more of a team's customer culture: points of csat (1-5, before rounding); a chatbot adds
    chatbot_alone, and chatbot_with_culture more per standard deviation."""

    csat_points: float = 0.22
    chatbot_alone: float = 0.06
    chatbot_with_culture: float = 0.22
    tool: str = "chatbot"


@dataclass(frozen=True)
class Action:
    """An action of the register with what it truly does from done_on to the metric it should move."""

    number: int
    region: str
    comparison: tuple[str, ...]
    started_on: date
    done_on: date | None
    metric: str
    expected: float
    true_change: float


@dataclass(frozen=True)
class Notes:
    """Share of agents' notes that speak badly of the customer, in one team and in the others."""

    team: str = "after_sales_pau"
    share: float = 0.30
    usual_share: float = 0.012


@dataclass(frozen=True)
class Measurable:
    """What the metrics find of these truths when nothing is left to chance, by the definitions of the catalogue.

    Measured on two worlds of 200,000 customers. They differ from what was planted where a metric sees only a part: a
    caller who is not recognised the second time is no repeat, a hand-off is always one.
    """

    on_time_north_after: float = 0.697
    nps_north_change: float = -21.0  # May to October 2026 against February 2025 to January 2026, less the other regions
    orders_north_change: float = -0.14  # north's share of orders, September and October 2026 against autumn 2025
    billing_handle_seconds: float = -49.4  # what was taken off, by the generator itself: agents there talk 2 % less
    billing_repeat_change: float = 0.078
    worked_repeat_change: float = -0.061  # a year before and after 2025-08-01, less east and south
    returns_repeated: float = 0.69
    returns_conflicting: float = 0.497
    silent_risk_ratio: float = 2.4  # stopped within 6 months, silent risk / healthy, at 2026-04-30
    families_late_effect: float = 0.41  # added share that stopped within 6 months after a late delivery
    seniors_late_effect: float = 0.19
    seniors_phone_effect: float = 0.415  # ... after a bad call
    families_phone_effect: float = 0.195
    second_order_flash_sale: float = 0.118  # within 180 days, of customers first seen in the data
    second_order_others: float = 0.448
    self_rating_difference: float = 1.30  # headquarters less front office, points of 10


CARRIER = CarrierChange()
MEASURABLE = Measurable()
BILLING = BillingTarget()
STORE = RiggedStore()
SEAM = ReturnsSeam()
DEFECTION = Defection()
MOMENTS = MomentsOfTruth()
ONE_SHOT = OneShotSelling()
DIGITAL = DigitalShift()
RATINGS = SelfRatings()
CULTURE = CultureFirst()
NOTES = Notes()
WORKED = Action(1, "west", ("east", "south"), date(2025, 6, 1), date(2025, 8, 1), "repeat_contact_rate", -0.05, -0.08)
DID_NOTHING = Action(2, "south", ("east", "paris"), date(2025, 5, 1), date(2025, 9, 1), "nps", 5.0, 0.0)
TOO_RECENT = Action(3, "north", ("east", "south"), date(2026, 9, 14), date(2026, 10, 12), "promise_kept", 0.15, 0.0)

SUGGESTIONS_ACTED_ON = 0.03  # share of customers' suggestions that anyone decided on
CALLED_BACK = 0.35  # share of unhappy answers called back, whatever the customer's value
RECOVERED = 0.45  # share of the carried bad experience that a call-back takes away
NPS_PER_WEIGHT = -1.9  # points of 10 that a bad experience of weight 1 takes off the recommendation, at once
FORGOTTEN_A_MONTH = 0.12  # share of it that fades each month
