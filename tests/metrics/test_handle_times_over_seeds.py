"""The billing target in many sample companies: the interval holds what is measurable without chance."""

import duckdb
import numpy as np
import pytest

from data.sample import truths
from metrics.stats.before_after import Panel, effect
from tests.conftest import command

SEEDS = range(101, 121)
CONTACTS = """
with contact as (
    select *, try_cast(started_at as timestamp) as began_at from read_csv(?, all_varchar = true, ignore_errors = true)
),
followed as (
    select
        team, channel, began_at, coalesce(customer_id, contact_id) as person,
        case when abandoned = 'false' then
            try_cast(talk_seconds as double) + try_cast(hold_seconds as double) + try_cast(wrap_seconds as double)
        end as seconds,
        case when customer_id is not null and began_at < timestamp '2026-10-24' then
            cast(coalesce(lead(began_at) over customer <= began_at + interval 7 day, false) as double)
        end as repeat
    from contact
    where direction = 'inbound'
    window customer as (partition by customer_id, reason order by began_at)
)
select
    cast(team = 'billing_nantes' as integer) as unit, began_at >= timestamp '2026-01-01' as is_after,
    dense_rank() over (order by channel) - 1 as cell, 12 * year(began_at) + month(began_at) as month,
    cast(hash(person) % 20 as integer) as bucket, seconds, repeat
from followed
where team in ('billing_lyon', 'billing_nantes') and began_at >= timestamp '2024-01-01'
    and not (began_at >= timestamp '2025-12-01' and began_at < timestamp '2026-01-01')
"""


@pytest.mark.soak
def test_the_interval_holds_over_companies_of_many_seeds(tmp_path):
    truth = {
        "seconds": truths.MEASURABLE.billing_handle_seconds,
        "repeat": truths.MEASURABLE.billing_repeat_change,
    }
    found = {name: [] for name in truth}
    for seed in SEEDS:
        command("data.sample", "--customers", "20000", "--seed", str(seed), "--out", tmp_path)
        rows = duckdb.connect().execute(CONTACTS, [str(tmp_path / "contacts.csv")]).fetchnumpy()
        plain = {n: np.ma.filled(c, np.nan) if c.dtype == float else np.ma.getdata(c) for n, c in rows.items()}
        panel = Panel(plain["unit"], plain["is_after"], plain["cell"], plain["month"], plain["bucket"])
        for name in truth:
            found[name].append(effect(panel, plain[name]).difference)
    for name, estimates in found.items():
        held = np.mean([e.low <= truth[name] <= e.high for e in estimates])
        assert held >= 0.8, f"{name}: {held:.0%} of {len(SEEDS)} intervals hold it"
        error = np.std([e.value for e in estimates]) / np.sqrt(len(SEEDS))
        assert abs(np.mean([e.value for e in estimates]) - truth[name]) < 3 * error
