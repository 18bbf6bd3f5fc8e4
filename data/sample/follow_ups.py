"""What follows a first contact: the customer comes back, by another channel perhaps, and has to say it all again."""

import numpy as np
import pandas as pd

from data.sample import company, truths
from data.sample.calendar import DATA_END, Month
from data.sample.contacts import teams_of
from data.sample.draws import Rng, at_daytime, chosen, happens
from data.sample.handling import handle
from data.sample.memory import LOST, REPEAT, SENSITIVITY_OF_CHANNEL, WAIT, Lives

ROUNDS = 4
LATER = 0.10  # comes back after the 7 days: 8 to 30 days
SAME_CHANNEL = 0.68
SWITCHES_TO = np.array([0.12, 0.56, 0.10, 0.12, 0.07, 0.03])
LONG_WAIT = 330  # seconds
WEIGHTS = {"long_wait": 0.75, "abandoned": 0.7, "repeat": 0.5, "repeated": 0.75, "conflict": 0.6, "transferred": 0.25}
ANSWER_AGAIN = 0.75  # share of follow-ups that ask the same question again


def with_follow_ups(first: pd.DataFrame, lives: Lives, month: Month, rng: Rng, case: int) -> pd.DataFrame:
    """The month's first contacts and all that follow them, in order of rounds; `case` numbers them from there on."""
    contacts = first.assign(case=case + np.arange(len(first)), round=0)
    contacts = handle(_with_questions(contacts, rng), lives, month, rng, 0)
    rounds = [contacts]
    for round_ in range(1, ROUNDS):
        contacts = handle(_next(contacts, round_, rng), lives, month, rng, round_)
        rounds.append(_what_was_lost(contacts, rng))
    return pd.concat(rounds, ignore_index=True)


def _with_questions(contacts: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """question (0-2 within the reason; -1: none recorded) and the answer given (0-2)."""
    size = len(contacts)
    question = np.where(happens(rng, 0.6, size), rng.integers(0, 3, size), -1)
    return contacts.assign(
        question=question, answer=rng.integers(0, 3, size), from_hand_off=False, from_returns_chat=False
    )


def _next(before: pd.DataFrame, round_: int, rng: Rng) -> pd.DataFrame:
    """The contacts that these bring: after minutes when handed off, hours when given up, days otherwise."""
    back = before["back"].to_numpy()
    later = ~back & happens(rng, LATER, len(before)) & ~before["abandoned"].to_numpy()
    rows = before[back | later]
    size, is_later = len(rows), later[back | later]
    handed, gave_up = rows["handed_off"].to_numpy(), rows["abandoned"].to_numpy()
    started = rows["started"].to_numpy()
    days = np.where(is_later, rng.integers(8, 31, size), np.minimum(rng.geometric(0.33, size), 7))
    another_day = at_daytime(rng, started.astype("datetime64[D]") + days.astype("timedelta64[D]"), 8.5, 19.5)
    minutes = np.where(handed, rng.integers(15, 40, size), rng.integers(5, 90, size)) * 60
    at = np.where(handed | gave_up, started + minutes.astype("timedelta64[s]"), another_day)
    same = happens(rng, SAME_CHANNEL, size) | gave_up
    channel = np.where(same, rows["channel"], chosen(rng, SWITCHES_TO, size))
    channel = np.where(handed, company.PHONE, channel)
    rows = rows.assign(
        started=at, on=at.astype("datetime64[D]"), round=round_, channel=channel,
        from_hand_off=handed, from_returns_chat=handed & (rows["reason"] == company.RETURNS),
        from_team=rows["team"], transferred_team=rows["transferred"],
        store=np.where(channel == company.STORE, np.where(rows["store"] >= 0, rows["store"], rows["home_store"]), -1),
    )  # fmt: skip
    rows = rows[rows["on"].to_numpy() < DATA_END]
    team = np.where(rows["from_hand_off"], rows["transferred_team"], teams_of(rows, rng))
    return rows.drop(columns="back").assign(team=team)


def _what_was_lost(contacts: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Did the customer have to say it again; did they get another answer to the same question?"""
    lossy, talked = contacts["from_returns_chat"].to_numpy(), ~contacts["abandoned"].to_numpy()
    seam = truths.SEAM
    repeated = talked & happens(rng, np.where(lossy, seam.information_repeated, seam.usual_repeated))
    asked = talked & (contacts["question"].to_numpy() >= 0) & (happens(rng, ANSWER_AGAIN, len(contacts)) | lossy)
    conflict = asked & happens(rng, np.where(lossy, seam.conflicting, seam.usual_conflicting))
    answer = contacts["answer"].to_numpy()
    other = (answer + rng.integers(1, 3, len(contacts))) % 3
    return contacts.assign(
        repeated=repeated,
        conflict=conflict,
        question=np.where(asked, contacts["question"], -1),
        answer=np.where(conflict, other, answer),
    )


def book_contacts(contacts: pd.DataFrame, lives: Lives) -> None:
    """What these contacts weigh with the customers who lived them."""
    customer, day = contacts["customer"].to_numpy(), contacts["on"].to_numpy()
    place = SENSITIVITY_OF_CHANNEL[contacts["channel"].to_numpy()]
    long_wait = (contacts["wait"].to_numpy() > LONG_WAIT) & ~contacts["abandoned"].to_numpy()
    waited = WEIGHTS["long_wait"] * long_wait + WEIGHTS["abandoned"] * contacts["abandoned"].to_numpy()
    came_back = WEIGHTS["repeat"] * (contacts["round"].to_numpy() > 0) * ~contacts["from_hand_off"].to_numpy()
    lost = WEIGHTS["repeated"] * contacts["repeated"].to_numpy() + WEIGHTS["conflict"] * contacts["conflict"].to_numpy()
    lost = lost + WEIGHTS["transferred"] * (contacts["transferred"].to_numpy() >= 0)
    for kind, weight in ((WAIT, waited), (REPEAT, came_back), (LOST, lost)):
        felt = weight > 0
        lives.book(customer[felt], day[felt], kind, weight[felt], place[felt])
