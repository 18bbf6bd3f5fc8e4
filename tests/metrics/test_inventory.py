"""What the data page says of a snapshot agrees with the snapshot."""

import duckdb
import pytest

from metrics import inventory


@pytest.fixture
def cursor(sample) -> duckdb.DuckDBPyConnection:
    return sample.cursor


def test_every_line_of_the_ledger_adds_up(cursor):
    lines = inventory.ledger(cursor)
    assert lines
    for line in lines:
        parts = (line.loaded, line.rejected, line.duplicate, line.superseded, line.not_applicable)
        assert line.rows_in == sum(parts), line.file


def test_rejects_are_as_many_as_the_ledger_counts_rows_of(cursor):
    rejected = {(r.file, r.sheet, r.table, r.line) for r in inventory.rejects(cursor, 1_000_000)}
    counted = sum(line.rejected for line in inventory.ledger(cursor))
    assert len(rejected) == counted or inventory.n_rejects(cursor) >= counted


def test_the_limit_of_rejects_holds(cursor):
    assert len(inventory.rejects(cursor, 1)) == min(1, inventory.n_rejects(cursor))


def test_coverage_counts_every_customer_once_and_agrees_with_the_tables(cursor):
    customers = cursor.execute("select count(*) from canonical.customers").fetchone()[0]
    kinds = {kind.name: kind for kind in inventory.kinds(cursor)}
    assert all(kind.customers == customers for kind in kinds.values())
    with_orders = cursor.execute("select count(distinct customer_id) from canonical.orders").fetchone()[0]
    assert kinds["orders"].covered == with_orders
    anonymous = cursor.execute("select count(*) from canonical.contacts where customer_id is null").fetchone()[0]
    assert kinds["contacts"].anonymous == anonymous > 0
    answers = cursor.execute("select count(*) from canonical.surveys where score is not null").fetchone()[0]
    assert kinds["answers"].rows == answers
    assert all(kind.covered_12m <= kind.covered <= kind.customers for kind in kinds.values())


def test_coverage_by_segment_adds_up_to_all_customers(cursor):
    for column in inventory.segment_columns(cursor):
        cells = inventory.coverage(cursor, column, 1)
        for kind in inventory.kinds(cursor):
            assert sum(c.covered for c in cells if c.kind == kind.name) == kind.covered


def test_a_column_that_the_snapshot_does_not_have_is_refused(cursor):
    with pytest.raises(ValueError, match="not a segment column"):
        inventory.coverage(cursor, 'region" from x; --', 1)


@pytest.mark.parametrize(
    ("customers", "hidden"),
    [
        ({"a": 9, "b": 10, "c": 50}, {"a", "b"}),
        ({"a": 9, "b": 9, "c": 50}, {"a", "b"}),
        ({"a": 10, "b": 11}, set()),
        ({"a": 3}, {"a"}),
    ],
)
def test_a_small_group_cannot_be_got_by_subtraction(customers, hidden):
    assert inventory.too_few(customers, 10) == hidden


def test_codes_of_segments_are_those_of_the_customers(cursor):
    codes = inventory.segment_codes(cursor, ("region",))["region"]
    found = cursor.execute("select distinct coalesce(region, 'unknown') from canonical.customers").fetchall()
    assert set(codes) == {code for (code,) in found}
