"""Views, cubes and results of a refresh: temporary relations go in time, cubes beside the rest end with it."""

import duckdb
import pytest

import metrics.computing as computing
from metrics.computing import compute, last_read
from metrics.definitions import compiled, load_catalogue
from metrics.results.steps import STEPS, Step
from metrics.views import ViewError, load_views
from tests.metrics.views.view_worlds import SETTINGS, create_canonical

VIEWS = load_views()


def canonical() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    create_canonical(connection, {})
    connection.execute("create schema meta")
    connection.execute("create table meta.definitions (kind varchar, name varchar, document varchar)")
    documents = [("metric", name, document) for name, document in compiled(load_catalogue()).items()]
    connection.executemany("insert into meta.definitions values (?, ?, ?)", documents)
    return connection


def computed(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, int, str]]:
    told = []
    compute(connection, SETTINGS, load_catalogue(), lambda *part: told.append(part), VIEWS)
    return told


def temporary(connection: duckdb.DuckDBPyConnection) -> set[str]:
    named = "select table_name from duckdb_tables() where temporary and table_name like 'int_%'"
    return {name for (name,) in connection.execute(named).fetchall()}


def test_everything_is_made_even_of_nothing_and_no_temporary_relation_remains():
    connection = canonical()
    told = computed(connection)
    made = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
    assert {"cube_metric_month", "result_forecast", "fct_contact"} <= made
    assert temporary(connection) == set()
    assert [done for done, _, _ in told] == list(range(len(told)))
    assert {total for _, total, _ in told} == {len(told) - 1}


def test_a_temporary_relation_stays_until_its_last_reader():
    last = last_read(VIEWS, STEPS)
    assert last["int_customer_month"] == "int_customer_state"
    assert last["int_attention_event"] == "attention"
    order = [view.name for view in VIEWS] + [step.name for step in STEPS]
    for view in VIEWS:
        for source in (source for source in view.sources if source in last):
            assert order.index(view.name) <= order.index(last[source])


def test_a_step_that_fails_is_named_and_the_cubes_end_with_it(monkeypatch):
    ended = []

    def endless(cursor, *_):
        try:
            cursor.execute("select count(*) from range(1000000000000) as a where hash(a.range) % 7 = 9")
        except duckdb.InterruptException:
            ended.append(True)
            raise

    def failing(connection, _):
        connection.execute("select * from not_there")

    monkeypatch.setattr(computing, "create_cubes", endless)
    monkeypatch.setattr(computing, "STEPS", (Step("failing", failing),))
    with pytest.raises(ViewError, match=r"metrics/results/failing.py: .*not_there"):
        computed(canonical())
    assert ended == [True]


def test_cubes_that_fail_stop_the_refresh(monkeypatch):
    def failing(cursor, *_):
        cursor.execute("select * from not_there")

    monkeypatch.setattr(computing, "create_cubes", failing)
    with pytest.raises(duckdb.CatalogException, match="not_there"):
        computed(canonical())
