"""Purchases to expect on the sample: one-shot selling shows, the holdout is told, spend is tested for independence."""

from metrics.purchases_ahead import purchases_ahead
from tests.company import last_year


def test_flash_sale_customers_are_least_alive_and_bring_least(planted):
    found = planted.ask(purchases_ahead, last_year())
    channels = {one.group[1]: one for one in found.groups if one.group[0] == "acquisition_channel"}
    others = [one for code, one in channels.items() if code != "flash_sale"]
    assert channels["flash_sale"].alive.high < min(one.alive.value for one in others)
    assert channels["flash_sale"].clv.value < min(one.clv.value for one in others)


def test_numbers_have_their_intervals_and_counts(planted):
    found = planted.ask(purchases_ahead, last_year())
    assert found.months == 12
    for one in (found.whole, *found.groups):
        assert 0 < one.alive.low < one.alive.value < one.alive.high < 1
        assert one.purchases.low < one.purchases.value < one.purchases.high
    assert sum(one.n for one in found.groups if one.group[0] == "region") <= found.whole.n


def test_the_holdout_says_where_the_model_holds(planted):
    found = planted.ask(purchases_ahead, last_year())
    assert [held.repeats for held in found.holdout] == list(range(8))
    frequent = [held for held in found.holdout if 3 <= held.repeats <= 6]
    assert all(abs(held.expected - held.made.value) < 0.25 for held in frequent)
    assert abs(found.correlation.value) < 0.1


def test_a_group_has_its_own_and_two_at_once_have_none(planted):
    assert planted.ask(purchases_ahead, last_year(persona=["families"])).whole.group == ("persona", "families")
    assert planted.ask(purchases_ahead, last_year(persona=["families"], region=["north"])) is None
