"""Preferences ahead: shares add up to 1, digital goes on rising, noise is not foretold, few months are said."""

from datetime import date

import numpy as np
import pytest

from metrics.mixes import mixes, mixes_of_groups
from metrics.results import preferences as step
from metrics.selection import months_later
from tests.company import Company, last_year


def drawn(rng: np.random.Generator, months: int = 36, drift: float = 0.0) -> np.ndarray:
    """Shares of four codes, of 800 orders a month; one of them gains."""
    logs = np.array([0.6, 0.3, 0.0, -0.5])[:, None] + drift * np.outer([0, 0, 0, 1], np.arange(months))
    true = np.exp(logs) / np.exp(logs).sum(axis=0)
    return np.stack([rng.multinomial(800, p) for p in true.T], axis=1) / 800


def test_shares_ahead_add_up_to_one_and_go_on_where_they_went():
    shares = drawn(np.random.default_rng(1), drift=0.04)
    coming = step.ahead(shares)
    assert coming.sum(axis=0) == pytest.approx(np.ones(6))
    assert coming[3, -1] > shares[3, -1]


def test_a_drift_is_foretold_better_than_by_a_guess_and_noise_hardly_ever():
    rng = np.random.default_rng(2)
    drifts = [step.judged(drawn(rng, drift=0.05))[0].is_better for _ in range(15)]
    noise = [step.judged(drawn(rng))[0].is_better for _ in range(40)]
    assert np.mean(drifts) >= 0.8
    assert np.mean(noise) <= 0.1


def test_the_sample_sells_ever_more_by_its_app(planted):
    channels, categories = planted.ask(mixes, last_year())
    assert (channels.name, categories.name) == ("sales_channel", "category")
    assert channels.status == "published"
    app = next(course for course in channels.courses if course.code == "app")
    assert app.ahead[-1].value > app.facts[-12].value
    for mix in (channels, categories):
        for month in range(6):
            assert sum(course.ahead[month].value for course in mix.courses) == pytest.approx(1)
        assert all(m.low <= m.low_80 <= m.value <= m.high_80 <= m.high for c in mix.courses for m in c.ahead)


def test_few_months_are_said_and_nothing_is_foretold(olist_8k_snapshots):
    for mix in Company.of(olist_8k_snapshots).ask(mixes, last_year()):
        assert mix.status == "too_few"
        assert not any(course.ahead for course in mix.courses)


def test_a_group_has_a_mix_of_its_own_and_the_groups_add_up_to_everybody(planted):
    found = planted.ask(mixes_of_groups, last_year())
    for mix in found:
        assert sum(course.ahead[-1].value for course in mix.courses) == pytest.approx(1)
        assert min(month.n for course in mix.courses for month in course.facts) >= planted.settings.thresholds.min_group
    regions = [mix for mix in found if (mix.name, mix.group[0]) == ("category", "region")]
    assert len(regions) >= 3
    assert len({frozenset(course.code for course in mix.courses) for mix in regions}) == 1
    one = regions[0]
    (own,) = (mix for mix in planted.ask(mixes, last_year(region=[one.group[1]])) if mix.name == "category")
    assert own == one
    assert planted.ask(mixes, last_year(region=["north"], persona=["families"])) == ()


def counted(**people: list[int]) -> step.Counted:
    """Customers of each code, a month each, who order once."""
    months = [months_later(date(2024, 1, 1), k) for k in range(len(next(iter(people.values()))))]
    orders = np.array(list(people.values()), float)
    return step.Counted(tuple(people), tuple(months), orders, orders)


def test_a_code_of_too_few_stands_apart_in_no_group_and_the_rest_is_never_small():
    north = counted(web=[50, 60], store=[40, 40], app=[30, 20], phone=[3, 12])
    south = counted(web=[50, 60], store=[40, 40], app=[30, 20], phone=[4, 12])
    found = step.of_groups({"north": north, "south": south}, ("web", "store", "app", "phone"), 10)
    assert {value: mix.codes for value, mix in found.items()} == dict.fromkeys(found, ("web", "store", "other"))
    assert set(found) == {"north", "south"}
    assert found["north"].orders[-1].tolist() == [33, 32]


def test_a_group_of_too_few_is_left_out_with_a_neighbour_rather_than_a_code_of_all():
    def region(phone: int) -> step.Counted:
        return counted(web=[50, 60], store=[40, 40], phone=[phone, phone])

    known = {"east": region(30), "north": region(3), "south": region(20), "west": region(25)}
    found = step.of_groups(known, ("web", "store", "phone"), 10)
    assert set(found) == {"east", "west"}
    assert all(mix.codes == ("web", "store", "phone") for mix in found.values())


def test_groups_left_out_are_not_few_together():
    """What is left out follows from everybody less what is shown."""
    few = [counted(web=[50, 60], phone=[3, 2]), counted(web=[20, 30], phone=[4, 15])]
    assert step.is_small(few, ("web", "phone"), 10)
    assert not step.is_small([few[0], counted(web=[20, 30], phone=[14, 15])], ("web", "phone"), 10)


def test_groups_are_judged_together():
    shares = drawn(np.random.default_rng(3), drift=0.05)
    alone, together = (step.judged(shares, looks)[0] for looks in (1, 15))
    assert together.relative == alone.relative
    assert together.high > alone.high
