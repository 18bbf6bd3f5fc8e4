"""Files of metrics/views: read strictly, ordered by what they read, created with what they say they read."""

import re

import duckdb
import pytest

from metrics.views import ViewError, create_view, in_order, load_views, parse_view, relations_read

GOOD = """-- fct_answer: an answer, with
-- its customer
-- grain: one row per answer (survey_id, order_id)
-- stored: table
-- source: canonical.surveys, setting
-- keeps: all
select * from canonical.surveys cross join setting
"""


def test_a_header_is_read():
    view = parse_view("fct_answer", GOOD)
    assert view.purpose == "an answer, with its customer"
    assert view.key == ("survey_id", "order_id")
    assert view.sources == ("canonical.surveys", "setting")
    assert (view.stored, view.notes) == ("table", (("keeps", "all"),))
    assert view.body.startswith("select *")


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("Fct", "fct_answer", "Fct", "lower case"),
        ("fct_answer", "-- fct_answer: an", "-- other: an", "begin with"),
        ("fct_answer", " (survey_id, order_id)", "", "state `-- grain"),
        ("fct_answer", "-- stored: table\n", "", "state `-- stored"),
        ("fct_answer", "stored: table", "stored: cached", "state `-- stored"),
        ("fct_answer", "-- source: canonical.surveys, setting\n", "", "state `-- source"),
        ("fct_answer", "keeps:", "kepps:", "kepps"),
        ("fct_answer", "select *", "drop table x; select *", "one SELECT"),
        ("fct_answer", "cross join setting", "cross join setting;", "semicolon"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(name, old, new, told):
    with pytest.raises(ViewError, match=told):
        parse_view(name, GOOD.replace(old, new))


def view(name: str, *sources: str):
    header = f"-- {name}: x\n-- grain: one row per x (x)\n-- stored: table\n-- source: {', '.join(sources)}\n"
    return parse_view(name, f"{header}select 1 as x")


def test_each_view_comes_after_those_it_reads():
    names = [v.name for v in in_order([view("a", "c", "b"), view("b", "canonical.orders"), view("c", "b")])]
    assert names == ["b", "c", "a"]


def test_views_that_read_each_other_are_refused_by_name():
    with pytest.raises(ViewError, match="circle: (a -> b -> a|b -> a -> b)"):
        in_order([view("a", "b"), view("b", "a")])


def test_all_faults_of_a_folder_come_at_once(tmp_path):
    (tmp_path / "a.sql").write_text("select 1")
    (tmp_path / "b.sql").write_text("select 1")
    with pytest.raises(ViewError) as caught:
        load_views(tmp_path)
    assert {"metrics/views/a.sql", "metrics/views/b.sql"} == {
        str(line).split(":")[0] for line in str(caught.value).split("\n")
    }


def test_a_source_that_nothing_makes_is_refused(tmp_path):
    (tmp_path / "fct_answer.sql").write_text(GOOD.replace("setting", "stg_nothing"))
    with pytest.raises(ViewError, match="reads stg_nothing, which no file"):
        load_views(tmp_path)


@pytest.mark.parametrize(
    ("select", "read"),
    [
        ("select * from a join b using (x)", {"a", "b"}),
        ("with a as (select * from canonical.orders) select * from a", {"canonical.orders"}),
        ("select (select max(x) from b) from a where x in (select x from c)", {"a", "b", "c"}),
        ("select columns(lambda name: name != 'x') from a", {"a"}),
        ("from a select x union all from b select x", {"a", "b"}),
        ("select 1", set()),
    ],
)
def test_the_relations_that_a_select_reads(select, read):
    assert relations_read(duckdb.connect(), select) == read


def test_a_view_must_declare_what_it_reads():
    connection = duckdb.connect()
    connection.execute("create table a as select 1 as x; create table b as select 1 as x")
    undeclared = view("c", "a")
    with pytest.raises(ViewError, match=r"too much: \['a'\], missing: \[\]"):
        create_view(connection, undeclared)


def test_a_select_that_fails_names_its_file():
    connection = duckdb.connect()
    connection.execute("create table a as select 1 as x")
    text = "-- c: x\n-- grain: one row per x (x)\n-- stored: table\n-- source: a\nselect y from a"
    with pytest.raises(ViewError, match=r"metrics/views/c\.sql: .*\"y\" not found"):
        create_view(connection, parse_view("c", text))


@pytest.mark.parametrize("view", load_views(), ids=lambda view: view.name)
def test_no_view_asks_exists(view):
    """Of a large aggregate DuckDB 2.0.0 stops reading at the first row, and then waits for ever: it is counted."""
    assert not re.search(r"\bexists\b", view.body, re.IGNORECASE)
