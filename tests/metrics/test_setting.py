"""What follows from the data itself: its end, and the activity window."""

import random
from datetime import date, datetime, timedelta

import duckdb
import pytest
from scipy.stats import CensoredData, ecdf

from data.contracts import contracts_with_segments
from data.settings import Settings
from metrics.setting import create_setting, gap_percentile, health_reference

START = datetime(2024, 1, 1)


def settings(**changes) -> Settings:
    company = {"company": {"name": "Small", "currency": "EUR", "time_zone": "Europe/Paris"}, "sources": ["sample"]}
    return Settings.model_validate(company | changes)


@pytest.fixture
def connection():
    made = duckdb.connect()
    made.execute("create schema canonical")
    for name, contract in contracts_with_segments(()).items():
        columns = ", ".join(f'"{column}" {spec.sql_type}' for column, spec in contract.columns.items())
        made.execute(f"create table canonical.{name} ({columns})")
    yield made
    made.close()


def buy(connection, customer: str, *days: int, status: str = "delivered") -> None:
    for day in days:
        at = START + timedelta(days=day, hours=10)
        connection.execute(
            "insert into canonical.orders (order_id, customer_id, ordered_at, status) values (uuid(), ?, ?, ?)",
            (customer, at, status),
        )


def setting(connection, column: str, **changes):
    create_setting(connection, settings(**changes))
    return connection.execute(f"select {column} from setting").fetchone()[0]


def warnings(connection) -> list[str]:
    return [rule for (rule,) in connection.execute("select rule from meta.warnings").fetchall()]


def test_the_data_ends_at_midnight_after_the_last_thing_that_happened(connection):
    buy(connection, "A", 0)
    connection.execute(
        "insert into canonical.contacts (contact_id, started_at) values ('K', '2024-03-05 23:59:59.999')"
    )
    connection.execute("insert into canonical.orders (order_id, promised_on) values ('O', '2024-05-01')")
    assert setting(connection, "as_of") == datetime(2024, 3, 6)


def test_the_config_may_say_the_last_day(connection):
    buy(connection, "A", 0)
    assert setting(connection, "as_of", as_of="2024-02-29") == datetime(2024, 3, 1)
    assert connection.execute("select last_month_end from setting").fetchone() == (date(2024, 2, 29),)


def test_a_table_that_falls_silent_before_the_others_is_warned_of(connection):
    buy(connection, "A", 0, 100)
    connection.execute("insert into canonical.contacts (contact_id, started_at) values ('K', '2024-01-05')")
    create_setting(connection, settings())
    assert "table_ends_early" in warnings(connection)


@pytest.mark.parametrize(
    ("start", "as_of", "reference"),
    [
        (datetime(2023, 1, 1), datetime(2026, 11, 1), date(2025, 10, 31)),
        (datetime(2023, 1, 1), datetime(2026, 11, 15), date(2025, 10, 31)),
        (datetime(2023, 1, 1), datetime(2025, 3, 2), date(2024, 2, 29)),
        (datetime(2026, 3, 1), datetime(2026, 11, 1), date(2026, 10, 31)),
    ],
)
def test_the_health_scale_is_fixed_twelve_full_months_back_where_there_are_so_many(start, as_of, reference):
    assert health_reference(start, as_of) == reference


def test_a_percentile_by_hand():
    """Ten gaps of 10, 20, ..., 100 days, none open: nine tenths have ended after 90 days."""
    assert gap_percentile([(10 * n, 1, 1) for n in range(1, 11)], 0.9) == 90


def test_open_gaps_lengthen_the_percentile():
    """At 10 days 5 of 10 end and 4 are cut off; the one left ends at 40: the curve passes 0.9 there only."""
    assert gap_percentile([(10, 5, 9), (40, 1, 1)], 0.9) == 40
    assert gap_percentile([(10, 9, 9), (40, 1, 1)], 0.9) == 10


def test_where_most_never_come_back_it_is_the_percentile_of_those_who_do():
    """100 buyers, 10 come back after 10, 20, ..., 100 days, 90 are never seen again."""
    spells = [(10 * n, 1, 1) for n in range(1, 11)] + [(900, 0, 90)]
    assert gap_percentile(spells, 0.9) == 90


def test_no_gap_no_percentile():
    assert gap_percentile([(500, 0, 20)], 0.9) is None
    assert gap_percentile([], 0.9) is None


@pytest.mark.parametrize("seed", range(20))
def test_the_percentile_is_that_of_scipy(seed):
    pick = random.Random(seed)
    spells = [
        (min(end, cut), end <= cut) for end, cut in ((pick.randint(1, 300), pick.randint(1, 400)) for _ in range(800))
    ]
    days = sorted({day for day, _ in spells})
    counted = [(d, sum(e for day, e in spells if day == d), sum(day == d for day, _ in spells)) for d in days]
    known = CensoredData([day for day, ended in spells if ended], right=[day for day, ended in spells if not ended])
    returned = ecdf(known).cdf
    reached = [int(t) for t, p in zip(returned.quantiles, returned.probabilities, strict=True) if p >= 0.9]
    assert reached
    assert gap_percentile(counted, 0.9) == reached[0]


def test_the_window_is_at_least_180_days_and_few_gaps_are_warned_of(connection):
    buy(connection, "A", 0, 10, 20)
    create_setting(connection, settings())
    found = connection.execute("select activity_days, activity_source, n_purchase_gaps from setting").fetchone()
    assert found == (180, "least", 2)
    assert "few_purchase_gaps" in warnings(connection)


def test_the_window_is_measured_on_days_of_purchase_by_identified_customers(connection):
    """600 customers come back after 300 days; same-day orders, cancelled and anonymous ones are no gaps."""
    connection.execute(
        "insert into canonical.orders (order_id, customer_id, ordered_at, status) "
        "select 'O' || c || '-' || k, 'C' || c, timestamp '2024-01-01' + to_days(k * 300), 'delivered' "
        "from range(600) a(c), range(2) b(k)"
    )
    buy(connection, "C1", 0, 0)
    buy(connection, "C2", 5, status="cancelled")
    connection.execute(
        "insert into canonical.orders (order_id, ordered_at) values ('X', '2024-01-07'), ('Y', '2024-01-09')"
    )
    create_setting(connection, settings())
    found = connection.execute("select activity_days, activity_source, n_purchase_gaps from setting").fetchone()
    assert found == (300, "measured", 600)


def test_without_any_purchase_there_is_no_warning_of_few_gaps(connection):
    connection.execute("insert into canonical.contacts (contact_id, started_at) values ('K', '2024-01-05')")
    assert setting(connection, "activity_days") == 180
    assert connection.execute("select count(*) from duckdb_tables() where table_name = 'warnings'").fetchone() == (0,)


def test_the_config_overrides_the_window_without_a_warning(connection):
    buy(connection, "A", 0, 10)
    assert setting(connection, "activity_days", windows={"activity_days": 90}) == 90
    assert connection.execute(
        "select count(*) from information_schema.tables where table_name = 'warnings'"
    ).fetchone() == (0,)


def test_tiers_touchpoints_channels_and_pillars_are_rows(connection):
    kinds = {"kind": "human", "label": "Phone"}
    journey = [{"stage": "help", "label": "Help", "touchpoints": {"call": kinds}}]
    pillars = {"on_time": {"promise": "On time", "wanted": 9.0}}
    create_setting(connection, settings(channels={"phone": kinds}, journey=journey, pillars=pillars))
    names = ("setting_value_tier", "setting_touchpoint", "setting_channel", "setting_pillar")
    rows = {name: connection.execute(f"from {name}").fetchall() for name in names}
    assert rows["setting_value_tier"][0] == ("small", 0.0, 0.5, 1)
    assert rows["setting_value_tier"][-1] == ("top", 0.95, 1.0, 4)
    assert rows["setting_touchpoint"] == [("call", "help", 1, "human")]
    assert rows["setting_channel"] == [("phone", "human")]
    assert rows["setting_pillar"] == [("on_time", 1, 9.0, None, None)]
