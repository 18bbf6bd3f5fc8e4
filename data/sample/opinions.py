"""What the company's own people answer: how they see the promises, and the culture of their team."""

import hashlib

import numpy as np
import pandas as pd

from data.sample import company, truths
from data.sample.calendar import Calendar
from data.sample.draws import Rng, happens

LIVED = np.array([7.8, 7.2, 7.4, 7.1, 7.2])  # about what customers rate the promises: self-ratings start there
WANTED = np.array([9.3, 8.9, 8.6, 8.2, 9.1])
RESPONDENTS = {
    "stores": 44, "contact_centre": 34, "after_sales": 16,
    "marketing": 14, "logistics": 16, "finance": 11, "it": 13, "products": 13,
}  # fmt: skip
ROLES = {True: ("adviser", "adviser", "adviser", "team_leader"), False: ("employee", "employee", "manager", "director")}
FRONT = ("stores", "contact_centre", "after_sales")
PERSON, ANSWER = 0.35, 0.6  # standard deviations of a person and of an answer, in points of 10
WAVES_OF_RATINGS = ("2024-06-10", "2024-12-09", "2025-06-09", "2025-12-08", "2026-06-08")
WAVES_OF_CULTURE = ("2025-06-16", "2026-06-15")
SIGNALS = ("management", "practices", "organisation", "process", "formal", "informal")
ITEMS_PER_SIGNAL, REVERSED_ITEM = 4, 3
CULTURE_MEAN, CULTURE_TEAM, CULTURE_PERSON, CULTURE_ITEM = 3.35, 0.5, 0.45, 0.75
ANSWERS_CULTURE, LEAVES_ITEM_OUT = 0.78, 0.02
BACK_OFFICE_CULTURE = (-0.2, -0.6, -1.0, -0.5, -0.3)


def respondent(*parts: object) -> str:
    """What the survey tool exports instead of a name."""
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:12]


def _bounded(rng: Rng, mean: np.ndarray, spread: float, low: float, high: float) -> np.ndarray:
    """Whole numbers around a mean, kept between two ends without moving the mean."""
    room = np.maximum(np.minimum(mean - low, high - mean), 0)
    noise = spread * rng.standard_normal(mean.shape)
    value = mean + np.clip(noise, -room, room)
    return np.floor(value + rng.random(mean.shape)).clip(low, high)


def self_ratings(calendar: Calendar, rng: Rng) -> pd.DataFrame:
    """A row a respondent, wave, promise, question. Departments overrate what is delivered as truths.RATINGS says."""
    rows = []
    for department, people in RESPONDENTS.items():
        over = np.full(len(company.PILLARS), getattr(truths.RATINGS, department))
        if department == "logistics":
            over[0] = truths.RATINGS.logistics_on_time
        person = np.clip(PERSON * rng.standard_normal((people, 1)), -0.6, 0.6)
        person -= person.mean()  # so that a department's mean is the planted one
        for wave in WAVES_OF_RATINGS:
            if np.datetime64(wave) >= calendar.start:
                delivered = _bounded(rng, LIVED + over + person, ANSWER, 0, 10)
                wanted = _bounded(rng, np.broadcast_to(WANTED, delivered.shape), ANSWER, 0, 10)
                rows.append(_ratings(department, wave, delivered, wanted))
    return pd.concat(rows, ignore_index=True) if rows else _ratings("it", "", np.empty((0, 5)), np.empty((0, 5)))


def _ratings(department: str, wave: str, delivered: np.ndarray, wanted: np.ndarray) -> pd.DataFrame:
    people, pillars = delivered.shape
    roles = ROLES[department in FRONT]
    table = pd.DataFrame(
        {
            "asked_on": wave,
            "respondent": np.repeat([respondent("rating", department, person) for person in range(people)], pillars),
            "pillar": np.tile(company.PILLARS, people),
            "role": np.repeat([roles[person % len(roles)] for person in range(people)], pillars),
            "department": department,
        }
    )
    answers = [table.assign(question=q, score=s.ravel()) for q, s in (("wanted", wanted), ("delivered", delivered))]
    return pd.concat(answers, ignore_index=True)


def culture_answers(calendar: Calendar, rng: Rng) -> pd.DataFrame:
    """One row a respondent, wave and item, 1 to 5; the last item of each signal is worded the other way round."""
    cultures = np.concatenate([company.team_cultures(), BACK_OFFICE_CULTURE])
    rows = []
    for team, culture in zip(company.TEAMS, cultures, strict=True):
        for wave in WAVES_OF_CULTURE:
            if np.datetime64(wave) < calendar.start:
                continue
            size = 2 + int(rng.binomial(team.agents - 2, ANSWERS_CULTURE))
            rows.append(_culture_of(team, wave, culture, size, rng))
    columns = ["asked_on", "respondent", "team", "department", "office", "signal", "item", "score", "better"]
    return pd.concat(rows, ignore_index=True)[columns] if rows else pd.DataFrame(columns=columns)


def _culture_of(team: company.Team, wave: str, culture: float, size: int, rng: Rng) -> pd.DataFrame:
    items = len(SIGNALS) * ITEMS_PER_SIGNAL
    mean = CULTURE_MEAN + CULTURE_TEAM * culture + CULTURE_PERSON * rng.standard_normal((size, 1))
    scores = np.clip(np.round(mean + CULTURE_ITEM * rng.standard_normal((size, items))), 1, 5)
    reversed_ = np.tile(np.arange(items) % ITEMS_PER_SIGNAL == REVERSED_ITEM, (size, 1))
    scores = np.where(reversed_, 6 - scores, scores)
    scores = np.where(happens(rng, LEAVES_ITEM_OUT, scores.size).reshape(scores.shape), np.nan, scores)
    names = [f"{signal}_{number + 1}" for signal in SIGNALS for number in range(ITEMS_PER_SIGNAL)]
    return pd.DataFrame(
        {
            "asked_on": wave,
            "respondent": np.repeat([respondent("culture", team.code, wave, person) for person in range(size)], items),
            "team": team.code,
            "department": team.department,
            "office": team.office,
            "signal": np.tile(np.repeat(SIGNALS, ITEMS_PER_SIGNAL), size),
            "item": np.tile(names, size),
            "score": scores.ravel(),
            "better": np.where(reversed_.ravel(), "low", "high"),
        }
    )
