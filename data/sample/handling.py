"""How a contact goes: the wait, the time it takes, who handles it, whether the problem is solved."""

import numpy as np
import pandas as pd

from data.sample import company, truths
from data.sample.calendar import WAITING, Month
from data.sample.draws import Rng, at_daytime, happens
from data.sample.memory import Lives

MEAN_WAIT = np.array([0, 105, 55, 0, 0, 0])  # seconds, by channel; 0: nobody measures it
GIVES_UP_AFTER = 850  # seconds of waiting that a customer bears, on average
TALK = np.array([230, 285, 260, 350, 190, 250])  # median seconds, by reason
TALK_OF_CHANNEL = np.array([1.0, 1.0, 1.35, 0.85, 0.7, 0.7])
SPREAD = 0.5
WRAP = 55
BACK_IN_7_DAYS = np.array([0.14, 0.14, 0.14, 0.14, 0.10, 0.07])  # unsolved enough to come back, by reason
BACK_AFTER_GIVING_UP = 0.55
BACK_ANYHOW = 0.14  # without effect: everyone comes back as often, whatever they lived
DIFFICULTY, HASTE = 0.035, 0.02  # added for one standard deviation of a harder problem, of a quicker agent
TRANSFERRED = 0.07
NO_TIMES = (company.STORE,)  # stores do not time their talks


def handle(contacts: pd.DataFrame, lives: Lives, month: Month, rng: Rng, round_: int) -> pd.DataFrame:
    """The contacts with start, wait, abandonment, times, agent, hand-offs, and whether the customer comes back."""
    channel = contacts["channel"].to_numpy()
    day = contacts["on"].to_numpy()
    started = at_daytime(rng, day, 8.5, 19.5) if round_ == 0 else contacts["started"].to_numpy()
    wait, abandoned = _waits(rng, channel, month)
    contacts = contacts.assign(
        started=started,
        wait=wait,
        abandoned=abandoned,
        transferred=-1,
        handed_off=False,
        repeated=False,
        conflict=False,
    )
    contacts = _agents(contacts, rng)
    contacts = _hand_offs(contacts, rng, round_)
    contacts = contacts.assign(**_times(contacts, rng))
    back = _comes_back(contacts, lives, rng)
    return contacts.assign(back=back)


def _waits(rng: Rng, channel: np.ndarray, month: Month) -> tuple[np.ndarray, np.ndarray]:
    """Seconds of waiting (-1: not measured), and whether the customer gave up first."""
    mean = MEAN_WAIT[channel] * month.season(WAITING)
    wait = np.round(rng.exponential(1, len(channel)) * mean)
    patience = rng.exponential(GIVES_UP_AFTER, len(channel))
    abandoned = (mean > 0) & (wait > patience)
    wait = np.where(abandoned, np.round(patience), wait)
    return np.where(mean > 0, wait, -1).astype(int), abandoned


def _agents(contacts: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Agent by lot within the team; each has a habitual speed, the same all along."""
    sizes = np.array([team.agents for team in company.TEAMS])
    firsts = np.cumsum(sizes) - sizes
    speeds = np.random.default_rng(77).standard_normal(sizes.sum())
    team = contacts["team"].to_numpy()
    agent = firsts[team] + np.floor(rng.random(len(team)) * sizes[team]).astype(int)
    return contacts.assign(agent=np.where(contacts["abandoned"], -1, agent), haste=speeds[agent])


def _hand_offs(contacts: pd.DataFrame, rng: Rng, round_: int) -> pd.DataFrame:
    """Chat hands over to the phone, within minutes; phone teams pass some contacts on while the customer holds."""
    channel, reason = contacts["channel"].to_numpy(), contacts["reason"].to_numpy()
    share = np.where(reason == company.RETURNS, truths.SEAM.hand_off, truths.SEAM.other_hand_off)
    handled = ~contacts["abandoned"].to_numpy()
    handed = handled & (channel == company.CHAT) & happens(rng, share) & (round_ < 3)
    site = rng.integers(0, 2, len(contacts))
    to_phone = company.PHONE_TEAMS[reason, site]
    passed = handled & (channel == company.PHONE) & happens(rng, TRANSFERRED, len(contacts))
    other_reason = (reason + 1 + rng.integers(0, 5, len(contacts))) % 6
    to_other = company.PHONE_TEAMS[other_reason, site]
    return contacts.assign(handed_off=handed, transferred=np.where(handed, to_phone, np.where(passed, to_other, -1)))


def _times(contacts: pd.DataFrame, rng: Rng) -> dict[str, np.ndarray]:
    """Seconds of talk, hold, wrap-up; -1 where there was no talk or nobody times it."""
    reason, channel, team = (contacts[name].to_numpy() for name in ("reason", "channel", "team"))
    size = len(contacts)
    median = TALK[reason] * TALK_OF_CHANNEL[channel]
    talk = median * np.exp(
        SPREAD * rng.standard_normal(size) + 0.15 * contacts["difficulty"] - 0.12 * contacts["haste"]
    )
    mean = median * np.exp((SPREAD**2 + 0.15**2 + 0.12**2) / 2)
    talk = np.where(has_target(contacts), talk * (1 + truths.BILLING.handle_change_seconds / mean), talk)
    talk = np.where(contacts["transferred"] >= 0, talk * 1.15, talk)
    hold = np.where(happens(rng, 0.35, size) & (channel == company.PHONE), rng.exponential(75, size), 0)
    wrap = rng.gamma(4, WRAP / 4, size)
    timed = ~contacts["abandoned"].to_numpy() & ~np.isin(channel, NO_TIMES)
    return {
        name: np.where(timed, np.round(seconds), -1).astype(int)
        for name, seconds in (("talk", talk), ("hold", hold), ("wrap", wrap))
    }


def has_target(contacts: pd.DataFrame) -> np.ndarray:
    """Contacts of the team that was given a handle-time target, since it was."""
    since = contacts["on"].to_numpy() >= np.datetime64(truths.BILLING.starts_on)
    return since & (contacts["team"].to_numpy() == company.TEAM_CODES.index(truths.BILLING.team))


def _comes_back(contacts: pd.DataFrame, lives: Lives, rng: Rng) -> np.ndarray:
    """Whether the problem brings the customer back within 7 days (a hand-off always does: the phone rings at once)."""
    if not lives.effect:
        return happens(rng, BACK_ANYHOW, len(contacts)) | contacts["handed_off"].to_numpy()
    likely = BACK_IN_7_DAYS[contacts["reason"].to_numpy()] + HASTE * contacts["haste"].to_numpy()
    likely = likely + DIFFICULTY * contacts["difficulty"].to_numpy()
    likely = likely + truths.BILLING.repeat_change * has_target(contacts)
    likely = likely + truths.STORE.repeat_change * (contacts["store"].to_numpy() == company.RIGGED)
    west = lives.people.region[contacts["customer"].to_numpy()] == company.REGIONS.index(truths.WORKED.region)
    better = west & (contacts["on"].to_numpy() >= np.datetime64(truths.WORKED.done_on))
    likely = likely + truths.WORKED.true_change * better
    likely = np.where(contacts["abandoned"], BACK_AFTER_GIVING_UP, likely)
    return happens(rng, np.clip(likely, 0.01, 1)) | contacts["handed_off"].to_numpy()
