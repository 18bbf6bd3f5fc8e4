"""The rules before publishing: each refuses what it is for, and passes what is right."""

from datetime import date

import duckdb
import pytest

from data.manifest import Manifest
from data.reconcile import broken_rules, changed_volumes
from data.settings import Settings
from tests.data.small import SETTINGS, START

TODAY = date(2026, 11, 2)
LEDGER_COLUMNS = (
    "source varchar, file varchar, sheet varchar, table_name varchar, rows_in bigint, rows_loaded bigint, "
    "rows_rejected bigint, rows_duplicate bigint, rows_superseded bigint, rows_not_applicable bigint, "
    "data_from timestamp, data_to timestamp"
)


@pytest.fixture
def connection():
    """100 customers and 300 orders, and the ledger that says so: one order rejected, one not applicable."""
    made = duckdb.connect()
    made.execute("create schema canonical; create schema meta")
    made.execute("create table canonical.customers as select range as customer_id from range(100)")
    made.execute("create table canonical.orders as select range as order_id from range(300)")
    made.execute("create table canonical.contacts (contact_id varchar)")
    made.execute(f"create table meta.ledger ({LEDGER_COLUMNS})")
    made.execute("insert into meta.ledger values ('s', 'c.csv', null, 'customers', 100, 100, 0, 0, 0, 0, null, null)")
    made.execute(
        "insert into meta.ledger values ('s', 'o.csv', null, 'orders', 302, 300, 1, 0, 0, 1, null, '2026-10-31')"
    )
    yield made
    made.close()


def manifest(**rows: int) -> Manifest:
    return Manifest(
        format=1, id="2026-11-01-00000000", built_at=START, content_hash="", definitions_version="", duckdb_version="",
        sha256="", bytes=1, inputs=(), rows={f"canonical.{table}": n for table, n in rows.items()}, previous=None,
    )  # fmt: skip


def rules(connection, settings=SETTINGS, previous=None, is_approved=False) -> list[str]:
    return [fault.rule for fault in broken_rules(connection, settings, TODAY, previous, is_approved)]


def test_a_ledger_that_adds_up_passes(connection):
    assert rules(connection, previous=manifest(customers=90, orders=310)) == []


@pytest.mark.parametrize("column", ["in", "rejected", "duplicate", "superseded", "not_applicable"])
def test_a_row_that_is_not_accounted_for_is_refused(connection, column):
    connection.execute(f"update meta.ledger set rows_{column} = rows_{column} + 1 where file = 'o.csv'")
    assert rules(connection) == ["ledger"]


def test_an_unknown_count_is_refused(connection):
    connection.execute("update meta.ledger set rows_rejected = null where file = 'o.csv'")
    assert rules(connection) == ["ledger"]


def test_a_table_with_other_rows_than_the_ledger_says_is_refused(connection):
    connection.execute("delete from canonical.orders where order_id = 7")
    assert rules(connection) == ["row_count"]
    connection.execute("insert into canonical.contacts values ('x')")
    assert rules(connection) == ["row_count", "row_count"]


def test_without_anything_that_happened_it_is_refused_and_without_customers_not(connection):
    connection.execute("truncate canonical.customers; delete from meta.ledger where table_name = 'customers'")
    assert rules(connection) == []
    connection.execute("truncate canonical.orders; delete from meta.ledger")
    assert rules(connection) == ["empty"]


def with_thresholds(**thresholds) -> Settings:
    return Settings.model_validate(SETTINGS.model_dump() | {"thresholds": thresholds})


def test_data_that_ends_too_long_ago_is_refused_only_where_the_config_asks(connection):
    assert rules(connection, with_thresholds(max_age_days=2)) == []
    assert rules(connection, with_thresholds(max_age_days=1)) == ["stale"]


@pytest.mark.parametrize(
    ("was", "now", "is_refused"),
    [
        (1000, 401, False),
        (1000, 400, True),
        (1000, 0, True),
        (1000, 3999, False),
        (1000, 4000, True),
        (0, 4000, False),
        (5, 19, False),
        (19, 5, False),
        (5, 0, True),
        (5, 20, True),
    ],
)
def test_volumes_may_move_up_to_the_thresholds(was, now, is_refused):
    faults = changed_volumes({"orders": now}, SETTINGS, manifest(orders=was))
    assert [fault.rule for fault in faults] == ["volume"] * is_refused


def test_a_changed_volume_passes_once_approved(connection):
    before = manifest(customers=100, orders=1000)
    assert rules(connection, previous=before) == ["volume"]
    assert rules(connection, previous=before, is_approved=True) == []


def test_the_first_snapshot_has_no_volume_to_compare(connection):
    assert changed_volumes({"orders": 5}, SETTINGS, None) == []


def test_a_refusal_says_the_numbers_and_what_to_do():
    (fault,) = changed_volumes({"orders": 1000}, SETTINGS, manifest(orders=5000))
    assert str(fault) == (
        "canonical.orders: 1,000 rows after 5,000 in the last snapshot: -80% (limit -60%). "
        "Look at the exports; when the change is real, run the refresh again with --approve"
    )
