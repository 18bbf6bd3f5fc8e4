"""The pace of agents as an instrument: finds the harm that association hides, says when routing is no lot."""

import numpy as np
import pytest

from metrics.stats import instrument
from metrics.stats.instrument import Contacts

AGENTS, CELLS = 100, 8
HARM = -0.0006  # added share of returns for a second more


def calls(
    rng, harm: float, n: int = 12_000, sorted_by: float = 0.0
) -> tuple[Contacts, np.ndarray, np.ndarray, np.ndarray]:
    """Contacts, seconds, outcome, what could be foretold. Difficulty lengthens and brings back.

    sorted_by: how much quick agents are given the easy ones.
    """
    agent, cell, customer = rng.integers(0, AGENTS, n), rng.integers(0, CELLS, n), rng.integers(0, 6000, n)
    pace = np.random.default_rng(9).normal(0, 1, AGENTS)
    known = rng.normal(0, 1, n) + sorted_by * pace[agent]
    hard = rng.normal(0, 1, n)
    seconds = 300 + 10 * cell + 30 * pace[agent] + 80 * hard + 20 * known + rng.normal(0, 80, n)
    outcome = rng.random(n) < 0.25 + 0.04 * hard + 0.03 * known + harm * (30 * pace[agent])
    contacts = Contacts(agent, cell, customer * 2654435761 % 20)
    return contacts, seconds, outcome.astype(float), known


def test_it_finds_harm_that_the_association_turns_round():
    rng = np.random.default_rng(1)
    contacts, seconds, outcome, _ = calls(rng, HARM, 40_000)
    found, first = instrument.slope(contacts, seconds, outcome)
    assert np.corrcoef(seconds, outcome)[0, 1] > 0.05
    assert found.high < 0
    assert found.low <= HARM <= found.high
    assert first.low > 0


def test_it_holds_its_level_where_there_is_none_and_finds_it_where_it_is():
    rng = np.random.default_rng(2)
    none = [instrument.slope(*calls(rng, 0.0)[:3])[0] for _ in range(80)]
    assert np.mean([s.low <= 0 <= s.high for s in none]) >= 0.9
    there = [instrument.slope(*calls(rng, 2 * HARM)[:3])[0] for _ in range(25)]
    assert np.mean([s.high < 0 for s in there]) >= 0.8


def test_no_contact_explains_itself():
    """With agents all alike, pace says nothing of time: its covariance is zero, not the contact's own share."""
    rng = np.random.default_rng(3)
    agent, cell, bucket = rng.integers(0, 400, 4000), rng.integers(0, 20, 4000), rng.integers(0, 20, 4000)
    seconds = rng.normal(300, 100, 4000)
    slope, first = instrument.slope(Contacts(agent, cell, bucket), seconds, rng.random(4000))
    assert first.low < 0 < first.high
    assert slope is None


def test_routing_at_random_explains_nothing_and_routing_by_difficulty_is_seen():
    rng = np.random.default_rng(4)
    for sorted_by, is_random in ((0.0, True), (0.5, False)):
        contacts, _, _, known = calls(rng, HARM, sorted_by=sorted_by)
        assert (instrument.explained(contacts, known) <= instrument.MOST_EXPLAINED) == is_random


def test_too_few_agents_say_nothing():
    rng = np.random.default_rng(5)
    contacts, seconds, outcome, _ = calls(rng, HARM)
    few = Contacts(contacts.agent % 20, contacts.cell, contacts.bucket)
    assert instrument.slope(few, seconds, outcome)[0] is None


def test_what_was_to_be_expected_is_least_squares():
    features = np.array([[1, 0], [1, 0], [1, 1], [1, 1]], float)
    assert instrument.expected(features, np.array([0, 1, 1, 1.0])) == pytest.approx([0.5, 0.5, 1, 1], abs=1e-5)
