"""What customers are asked, twice a year about the company and now and then about an event, and what they would say."""

import numpy as np
import pandas as pd

from data.sample import company, truths
from data.sample.answers import THEMES, Asked, rows_of
from data.sample.calendar import Month
from data.sample.draws import Rng, at_daytime, happens
from data.sample.follow_ups import LONG_WAIT
from data.sample.memory import Lives

TOUCH = company.TOUCHPOINTS.index
ON_TIME, FIRST_TIME, EASY, HUMAN, FAIR = range(5)
WAVE_MONTHS = 6
CUSTOMER_MONTHS = 12  # who bought in so many months is asked
NPS_MEAN, TEMPER, NPS_NOISE = 8.65, 0.85, 1.05
PERSONA_MOOD = np.array([0.0, 0.15, 0.0, -0.1, -0.15])
PILLAR_MEAN = np.array([8.3, 7.6, 7.8, 7.4, 7.5])
PILLAR_WEIGHT = np.array(  # points of 10 that each pillar loses per weight carried of (delivery, wait, repeat, seam)
    [[2.6, 0.2, 0.2, 0.2], [0.3, 0.5, 2.2, 1.2], [0.6, 0.9, 1.0, 1.6], [0.2, 2.2, 0.6, 0.8], [0.7, 0.4, 0.9, 1.1]]
)
PILLARS_ASKED = 3
EXPECTATION_ASKED = 0.25
EXPECTED = np.array([9.1, 8.6, 8.4, 8.1, 8.9])
CARRIES = 0.22  # share of what is carried that colours an answer about one event
DELIVERY_ASKED, CONTACT_ASKED, EFFORT_ASKED, STORE_ASKED, CHECKOUT_ASKED = 0.45, 0.22, 0.22, 0.55, 0.12
CARRIED_THEMES = np.array([THEMES.index(t) for t in ("late_delivery", "waiting", "repeat_contact", "lost_information")])
PLEASED = np.array([THEMES.index(t) for t in ("staff", "good_delivery", "choice", "price", "store", "website")])
ANNOYED = np.array([THEMES.index(t) for t in ("price", "website", "choice", "breakdown", "billing", "refund")])
REASON_THEMES = np.array(
    [THEMES.index(t) for t in ("late_delivery", "billing", "refund", "breakdown", "good_delivery", "staff")]
)
CULTURES = company.team_cultures()
TOOL_STARTS = company.tool_starts()


def relational(lives: Lives, month: Month, rng: Rng) -> list[pd.DataFrame]:
    """Recommendation, three of five promises rated, now and then what is expected; half a year between two waves."""
    people = lives.people
    turn = (people.first + np.arange(len(people))) % (2 * WAVE_MONTHS)
    asked = (turn % WAVE_MONTHS == month.index % WAVE_MONTHS) & (month.index - lives.last_order < CUSTOMER_MONTHS)
    who = np.flatnonzero(asked & (people.arrives < month.index) & ~happens(rng, 0.04, len(people)))
    carried = lives.carried(who)
    mood = TEMPER * people.temper[who] + PERSONA_MOOD[people.persona[who]]
    latent = NPS_MEAN + mood + truths.NPS_PER_WEIGHT * carried.sum(axis=1) + NPS_NOISE * rng.standard_normal(len(who))
    sent = at_daytime(rng, month.first + rng.integers(0, month.n_days, len(who)).astype("timedelta64[D]"), 9, 12)
    nps = rows_of(Asked(who, sent, latent, "nps", "relational", _theme_of(carried, latent, rng)), people.replies, rng)
    yearly = turn[who] == month.index % (2 * WAVE_MONTHS)
    return [nps, *_promises(nps[yearly], carried[yearly], mood[yearly], lives, rng)]


def _theme_of(carried: np.ndarray, latent: np.ndarray, rng: Rng) -> np.ndarray:
    """What they would write about: what weighs most, else what pleases or annoys."""
    size = len(latent)
    weighs = carried.max(axis=1) > 0.3
    calm = np.where(
        latent >= 7.5, PLEASED[rng.integers(0, len(PLEASED), size)], ANNOYED[rng.integers(0, len(ANNOYED), size)]
    )
    return np.where(weighs & (latent < 8), CARRIED_THEMES[carried.argmax(axis=1)], calm)


def _promises(nps: pd.DataFrame, carried: np.ndarray, mood: np.ndarray, lives: Lives, rng: Rng) -> list[pd.DataFrame]:
    """Ratings of promises as lived and expectations, further questions of the questionnaire that asks the NPS."""
    lived = PILLAR_MEAN + 0.6 * mood[:, None] - carried @ PILLAR_WEIGHT.T
    lived = lived + 0.5 * rng.standard_normal((len(nps), 1)) + 1.0 * rng.standard_normal(lived.shape)
    row, pillar = np.nonzero(rng.random(lived.shape).argsort(axis=1) < PILLARS_ASKED)
    some = np.flatnonzero(happens(rng, EXPECTATION_ASKED, len(nps)))
    hoped_pillar = rng.integers(0, len(company.PILLARS), len(some))
    hoped = EXPECTED[hoped_pillar] + 0.25 * mood[some] + 0.8 * rng.standard_normal(len(some))
    return [
        _further(nps.iloc[row], lived[row, pillar], "rating", pillar, lives, rng),
        _further(nps.iloc[some], hoped, "expectation", hoped_pillar, lives, rng),
    ]


def _further(rows: pd.DataFrame, latent: np.ndarray, instrument: str, pillar: np.ndarray, lives: Lives, rng: Rng):
    customer, sent = rows["customer"].to_numpy(), rows["sent"].to_numpy()
    asked = Asked(customer, sent, latent, instrument, "relational", np.full(len(rows), -1), pillar=pillar, within=rows)
    return rows_of(asked, lives.people.replies, rng).assign(words=False)


def after_deliveries(orders: pd.DataFrame, lives: Lives, rng: Rng) -> pd.DataFrame:
    """Satisfaction with the delivery, the day after it."""
    done = orders["home"].to_numpy() & ~np.isnat(orders["delivered"].to_numpy()) & ~orders["unnamed"].to_numpy()
    rows = orders[done & happens(rng, DELIVERY_ASKED, len(orders))]
    customer, late = rows["customer"].to_numpy(), rows["late"].to_numpy()
    sensitivity = np.sqrt([truths.MOMENTS.weight(persona, "delivery") for persona in company.PERSONAS])
    hurt = late * (1.25 + 0.12 * np.minimum(rows["late_days"].to_numpy(), 10))
    latent = 4.45 + 0.32 * lives.people.temper[customer] - hurt * sensitivity[lives.people.persona[customer]]
    latent = latent - CARRIES * _minor(lives, customer) + 0.62 * rng.standard_normal(len(rows))
    sent = _morning_after(rows["delivered"].to_numpy(), rng)
    theme = np.where(late, THEMES.index("late_delivery"), THEMES.index("good_delivery"))
    asked = Asked(
        customer, sent, latent, "csat", "transactional", theme,
        touchpoint=TOUCH("delivery"), pillar=ON_TIME, order=rows["order"].to_numpy(),
    )  # fmt: skip
    return rows_of(asked, lives.people.replies, rng)


def _minor(lives: Lives, customer: np.ndarray) -> np.ndarray:
    """What is carried, as it colours an answer about one event; nothing in the world without effect."""
    return lives.carried(customer).sum(axis=1) if lives.effect else np.zeros(len(customer))


def _morning_after(moments: np.ndarray, rng: Rng) -> np.ndarray:
    return at_daytime(rng, moments.astype("datetime64[D]") + np.timedelta64(1, "D"), 9, 12)


def after_contacts(contacts: pd.DataFrame, lives: Lives, rng: Rng) -> list[pd.DataFrame]:
    """Satisfaction or effort, the day after a contact that somebody handled."""
    talked = ~contacts["abandoned"].to_numpy() & contacts["known"].to_numpy()
    lot = rng.random(len(contacts))
    csat = contacts[talked & (lot < CONTACT_ASKED)]
    effort = contacts[talked & (lot > 1 - EFFORT_ASKED)]
    return [_about_contacts(csat, lives, rng, "csat"), _about_contacts(effort, lives, rng, "effort")]


def _about_contacts(rows: pd.DataFrame, lives: Lives, rng: Rng, instrument: str) -> pd.DataFrame:
    customer = rows["customer"].to_numpy()
    lived = quality(rows, lives)
    if instrument == "csat":
        latent = 4.25 + lived + 0.72 * rng.standard_normal(len(rows))
    else:
        latent = 5.75 + 1.35 * lived + 1.0 * rng.standard_normal(len(rows))
    unsolved = rows["back"].to_numpy()
    asked = Asked(
        customer, _morning_after(rows["started"].to_numpy(), rng), latent, instrument, "transactional",
        _contact_theme(rows, latent / (5 if instrument == "csat" else 7)),
        touchpoint=_touchpoints(rows), pillar=_pillar(rows) if instrument == "csat" else EASY,
        contact=rows["contact"].to_numpy(), team=rows["team"].to_numpy(), store=rows["store"].to_numpy(),
        resolved=(happens(rng, np.where(unsolved, 0.22, 0.93))).astype(int),
    )  # fmt: skip
    return rows_of(asked, lives.people.replies, rng)


def quality(contacts: pd.DataFrame, lives: Lives) -> np.ndarray:
    """How a contact was lived, in points of csat around its mean: what happened, the team's culture, the customer."""
    customer, team = contacts["customer"].to_numpy(), contacts["team"].to_numpy()
    culture = CULTURES[team]
    with_tool = contacts["on"].to_numpy() >= TOOL_STARTS[team]
    points = truths.CULTURE.csat_points * culture
    points = points + with_tool * (truths.CULTURE.chatbot_alone + truths.CULTURE.chatbot_with_culture * culture)
    points = points - 0.70 * (contacts["wait"].to_numpy() > LONG_WAIT) - 0.55 * (contacts["round"].to_numpy() > 0)
    points = points - 0.75 * contacts["repeated"].to_numpy() - 0.65 * contacts["conflict"].to_numpy()
    points = points - 0.35 * (contacts["transferred"].to_numpy() >= 0) - 0.55 * contacts["back"].to_numpy()
    return points + 0.28 * lives.people.temper[customer] - CARRIES * _minor(lives, customer)


def _pillar(contacts: pd.DataFrame) -> np.ndarray:
    """Fairness when something has to be taken back or repaired, else being solved the first time."""
    went_wrong = np.isin(contacts["reason"].to_numpy(), (company.RETURNS, company.BREAKDOWN))
    return np.where(went_wrong, FAIR, FIRST_TIME)


def _touchpoints(contacts: pd.DataFrame) -> np.ndarray:
    """Returns and repairs are touchpoints of their own; else the channel is."""
    of_channel = np.array(
        [TOUCH(name) for name in ("store_visit", "phone", "chat", "email", "website", "self_service")]
    )
    reason = contacts["reason"].to_numpy()
    touchpoint = of_channel[contacts["channel"].to_numpy()]
    touchpoint = np.where(
        reason == company.BREAKDOWN, np.where(contacts["round"] > 0, TOUCH("repair"), touchpoint), touchpoint
    )
    return np.where(
        reason == company.RETURNS, np.where(contacts["round"] > 0, TOUCH("returns"), touchpoint), touchpoint
    )


def _contact_theme(contacts: pd.DataFrame, share: np.ndarray) -> np.ndarray:
    """What they would write about: what went wrong there, the worst first; else the adviser, or the reason."""
    theme = np.where(share > 0.75, THEMES.index("staff"), REASON_THEMES[contacts["reason"].to_numpy()])
    theme = np.where(contacts["wait"].to_numpy() > LONG_WAIT, THEMES.index("waiting"), theme)
    theme = np.where(contacts["round"].to_numpy() > 0, THEMES.index("repeat_contact"), theme)
    theme = np.where(contacts["repeated"].to_numpy(), THEMES.index("lost_information"), theme)
    theme = np.where(contacts["conflict"].to_numpy(), THEMES.index("conflicting_answers"), theme)
    return np.where(share > 0.82, THEMES.index("staff"), theme)


def after_checkout(orders: pd.DataFrame, lives: Lives, rng: Rng) -> pd.DataFrame:
    """Satisfaction with ordering online."""
    online = np.isin(orders["sales_channel"].to_numpy(), (company.WEB, company.APP))
    rows = orders[online & happens(rng, CHECKOUT_ASKED, len(orders))]
    customer = rows["customer"].to_numpy()
    latent = 4.3 + 0.3 * lives.people.temper[customer] + 0.7 * rng.standard_normal(len(rows))
    sent = rows["at"].to_numpy() + np.timedelta64(600, "s")
    theme = np.full(len(rows), THEMES.index("website"))
    asked = Asked(
        customer, sent, latent, "csat", "transactional", theme,
        touchpoint=TOUCH("checkout"), pillar=EASY, order=rows["order"].to_numpy(),
    )  # fmt: skip
    return rows_of(asked, lives.people.replies, rng)
