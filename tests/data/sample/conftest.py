"""Worlds of the sample company, each made once, as DuckDB tables of texts."""

from pathlib import Path

import duckdb
import pytest

from data.sample.__main__ import write_company


def tables_of(folder: Path) -> duckdb.DuckDBPyConnection:
    """Every file of the folder as a table of texts, empty = null, just as it stands (repeated and faulty rows too)."""
    connection = duckdb.connect()
    for path in sorted([*folder.glob("*.csv"), *folder.glob("truth/*.csv")]):
        name = path.stem if path.parent == folder else f"truth_{path.stem}"
        reader = "read_csv(?, header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"')"
        connection.execute(f"create table {name} as select * from {reader}", [str(path)])
    return connection


def world(tmp_path_factory, name: str, customers: int, months: int = 36, seed: int = 1954, effect=True) -> Path:
    folder = tmp_path_factory.mktemp(name)
    write_company(customers, months, seed, effect, folder, truth=True)
    return folder


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory) -> Path:
    return world(tmp_path_factory, "small", 2_000)


@pytest.fixture(scope="session")
def small(small_folder) -> duckdb.DuckDBPyConnection:
    return tables_of(small_folder)


@pytest.fixture(scope="session")
def company(tmp_path_factory) -> duckdb.DuckDBPyConnection:
    """Large enough for planted truths to stand out, without its faulty rows."""
    return sound(tables_of(world(tmp_path_factory, "company", 16_000)))


@pytest.fixture(scope="session")
def null_company(tmp_path_factory) -> duckdb.DuckDBPyConnection:
    """The same without effect of experience."""
    return sound(tables_of(world(tmp_path_factory, "null_company", 16_000, effect=False)))


def sound(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Take away the planted dirt, and add what the questions of these tests have in common."""
    keys = {"customers": "customer_id", "orders": "order_id", "contacts": "contact_id", "surveys": "survey_id"}
    for table, key in keys.items():
        spoilt = f"{key} similar to '.99+[0-9]{{4}}'"
        connection.execute(f"create or replace table {table} as select distinct * from {table} where not {spoilt}")
    connection.execute("""
        create table sale as select customer_id, cast(cast(ordered_at as timestamp) as date) as bought_on
        from orders where customer_id is not null and status not in ('cancelled', 'unavailable') group by all""")
    connection.execute("""
        create table promise as select customer_id, region, persona, cast(promised_on as date) as due_on,
            coalesce(cast(cast(delivered_at as timestamp) as date) <= cast(promised_on as date), false) as kept
        from orders left join customers using (customer_id)
        where cast(promised_on as date) < date '2026-11-01'
            and coalesce(cast(cast(cancelled_at as timestamp) as date) >= cast(promised_on as date), true)""")
    connection.execute("""
        create table inbound as select c.*, region, persona, cast(started_at as timestamp) as began_at,
            cast(talk_seconds as integer) + cast(hold_seconds as integer) + cast(wrap_seconds as integer)
                as handle_seconds,
            coalesce(lead(cast(started_at as timestamp)) over (
                partition by c.customer_id, reason order by started_at, contact_id
            ) - cast(started_at as timestamp) <= interval 7 day, false) as is_repeated
        from contacts as c left join customers using (customer_id)
        where direction = 'inbound' and c.customer_id is not null""")
    return connection


@pytest.fixture(scope="session")
def folder_of(tmp_path_factory):
    """Make any other world."""
    return lambda name, *arguments, **options: world(tmp_path_factory, name, *arguments, **options)
