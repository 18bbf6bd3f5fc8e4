"""Why models moved: rows of the same days, new days, definitions, settings; else the program."""

from dataclasses import replace
from datetime import date

import duckdb
import pytest

from metrics.since_models import Made, Rows, restated, rows_until, why

NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def cursor():
    with duckdb.connect() as connection:
        connection.execute("""
            create schema canonical;
            create table canonical.orders as select * from (values
                ('o1', timestamp '2026-10-30 10:00', 'kept'), ('o2', timestamp '2026-11-02 09:00', 'kept')
            ) as t(order_id, ordered_at, status);
            create table canonical.order_lines as select * from (values ('o1', 1, 10.5), ('o2', 1, 3.0))
                as t(order_id, line, net_amount);
            create table canonical.products as select * from (values ('p1', 'Kettle')) as t(product_id, name)
        """)
        yield connection.cursor()


def test_rows_of_former_days_are_counted_and_hashed_in_any_order(cursor):
    before = rows_until(cursor, NOVEMBER)
    assert {table: rows.count for table, rows in before.items()} == {"orders": 1, "order_lines": 1, "products": 1}
    cursor.execute("insert into canonical.orders values ('o3', timestamp '2026-11-05 10:00', 'kept')")
    cursor.execute("insert into canonical.order_lines values ('o3', 1, 7)")
    cursor.execute("insert into canonical.products values ('p2', 'Pan')")
    assert restated(before, rows_until(cursor, NOVEMBER)) == (), "only later days, and one more product"
    cursor.execute("create or replace table canonical.orders as select * from canonical.orders order by order_id desc")
    assert restated(before, rows_until(cursor, NOVEMBER)) == ()


@pytest.mark.parametrize(
    ("change", "table"),
    [
        ("update canonical.orders set status = 'returned' where order_id = 'o1'", "orders"),
        ("update canonical.order_lines set net_amount = 9 where order_id = 'o1'", "order_lines"),
        ("insert into canonical.orders values ('o0', timestamp '2026-10-01 10:00', 'kept')", "orders"),
        ("update canonical.products set name = 'Pot'", "products"),
    ],
)
def test_what_is_known_otherwise_of_former_days_is_found(cursor, change, table):
    before = rows_until(cursor, NOVEMBER)
    cursor.execute(change)
    assert restated(before, rows_until(cursor, NOVEMBER)) == (table,)


def test_every_cause_is_told_and_the_program_only_when_nothing_else_changed():
    rows = {"orders": Rows(5, 77, is_dated=True)}
    made = Made(NOVEMBER, "v1", {"thresholds.min_group": 10}, rows)
    assert why(made, made) == ("program",)
    assert why(replace(made, rows=None), replace(made, rows=None)) == ("uncounted",)
    assert why(made, replace(made, ends=date(2026, 12, 1))) == ("new_data",)
    assert why(made, replace(made, rows={"orders": Rows(5, 78, is_dated=True)})) == ("restated",)
    later = replace(made, definitions="v2", settings={"thresholds.min_group": 5})
    assert why(made, later) == ("definition", "settings")
