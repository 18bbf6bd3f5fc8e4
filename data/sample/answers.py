"""From what was lived to a row of the surveys' export: who answers, what score, what about."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.sample.calendar import DATA_END
from data.sample.draws import Rng, at_daytime, happens, where_time

INSTRUMENTS = ("nps", "csat", "effort", "rating", "expectation")
SCALES = {"nps": (0, 10), "csat": (1, 5), "effort": (1, 7), "rating": (0, 10), "expectation": (0, 10)}
KINDS = ("relational", "transactional")
THEMES = (
    "late_delivery", "good_delivery", "waiting", "repeat_contact", "lost_information", "conflicting_answers", "refund",
    "breakdown", "billing", "staff", "price", "choice", "website", "store",
)  # fmt: skip
EMOTIONS = ("joy", "trust", "surprise", "anger", "frustration", "disappointment", "worry")
REPLIES, REPLIES_UNHAPPY, REPLIES_DELIGHTED = -1.60, 1.30, 0.55  # log odds: usual; added at the two ends
UNDELIVERED = 0.03
WORDS, WORDS_AT_ENDS = 0.30, 0.55  # share of answers with words


@dataclass(frozen=True)
class Asked:
    """What is asked, of whom, about what; arrays of one length, -1 for nothing."""

    customer: np.ndarray
    sent: np.ndarray
    latent: np.ndarray  # the answer they would give, on the instrument's scale, before rounding
    instrument: str
    kind: str
    theme: np.ndarray
    touchpoint: int | np.ndarray = -1
    pillar: int | np.ndarray = -1
    order: int | np.ndarray = -1
    contact: int | np.ndarray = -1
    team: int | np.ndarray = -1
    store: int | np.ndarray = -1
    handed_by: int | np.ndarray = 0  # 0 system, 1 the unit
    resolved: int | np.ndarray = -1
    readiness: float | np.ndarray = 0.0  # added to the log odds of answering
    within: pd.DataFrame | None = None  # rows of the questionnaire that this question is a part of: answered together


def rows_of(asked: Asked, replies: np.ndarray, rng: Rng) -> pd.DataFrame:
    """One row an invitation sent before the end of the data; unanswered ones without score."""
    size, (low, high) = len(asked.customer), SCALES[asked.instrument]
    latent = np.asarray(asked.latent, dtype=float)
    score = np.clip(np.round(latent), low, high)
    share = (latent - low) / (high - low)
    odds = REPLIES + replies[asked.customer] + asked.readiness
    odds = odds + REPLIES_UNHAPPY * np.clip((0.72 - share) / 0.3, 0, 1) + REPLIES_DELIGHTED * (share > 0.92)
    reached = ~happens(rng, UNDELIVERED, size)
    after = asked.sent + (rng.exponential(1.3, size) * 86_400 + 240).astype("timedelta64[s]")
    after = at_daytime(rng, after, 8, 22)
    after = np.where(after > asked.sent, after, asked.sent + np.timedelta64(900, "s"))
    answered = reached & happens(rng, 1 / (1 + np.exp(-odds))) & (after < DATA_END)
    if asked.within is not None:
        reached, after = asked.within["is_delivered"].to_numpy(), asked.within["answered"].to_numpy()
        answered = ~np.isnat(after)
    table = pd.DataFrame(
        {
            "customer": asked.customer,
            "instrument": INSTRUMENTS.index(asked.instrument),
            "kind": KINDS.index(asked.kind),
            "scale_low": low,
            "scale_high": high,
            "score": np.where(answered, score, -1),
            "sent": asked.sent,
            "is_delivered": reached,
            "answered": where_time(answered, after),
            "latent": latent,
        }
    )
    for name in ("touchpoint", "pillar", "order", "contact", "team", "store", "handed_by", "resolved", "theme"):
        table[name] = getattr(asked, name)
    table["resolved"] = np.where(answered, table["resolved"], -1)
    table["words"] = answered & happens(rng, np.where((share < 0.6) | (share > 0.95), WORDS_AT_ENDS, WORDS))
    table["emotion"] = _emotions(share, rng)
    return table[asked.sent < DATA_END]


def _emotions(share: np.ndarray, rng: Rng) -> np.ndarray:
    """Emotion of the answer: what went well brings joy, trust, pleasant surprise; what went wrong the other four."""
    size = len(share)
    good = np.searchsorted([0.5, 0.85], rng.random(size))
    bad = 3 + np.searchsorted([0.28, 0.58, 0.86], rng.random(size))
    mild = np.where(happens(rng, 0.5, size), 5, np.where(happens(rng, 0.5, size), 4, 1))
    return np.where(share >= 0.78, good, np.where(share < 0.6, bad, mild))
