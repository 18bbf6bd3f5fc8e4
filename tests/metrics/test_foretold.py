"""Forecasts of earlier snapshots: carried as they stood first, left out when they were of something else."""

import json
from dataclasses import replace
from datetime import date

import duckdb
import pytest

from metrics.forecast_told import Foretold, Month, earliest
from metrics.results import forecasts, foretold
from metrics.selection import months_later
from pages.ui import outlook_figures, outlook_forecasts
from pages.ui.figures import CRM, QUIET

METRIC = {"name": "nps", "view": "fct_survey_answer", "numerator": "sum(a)", "denominator": "count(a)", "label": "NPS"}
COMPANY = {"company": {"name": {"en": "Clairval"}, "currency": "EUR"}}
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


def definitions(connection, metric=METRIC, settings=COMPANY) -> None:
    connection.execute("create schema meta")
    connection.execute("create table meta.definitions (kind varchar, name varchar, document varchar)")
    rows = [("metric", "nps", json.dumps(metric)), ("settings", "config", json.dumps(settings))]
    connection.executemany("insert into meta.definitions values (?, ?, ?)", rows)


def row(made_on: date, value: float, code: str = "north", ahead: int = 1) -> tuple:
    ends = (value, value - 1, value + 1, value - 2, value + 2)
    return ("nps", "region", code, "forecast", made_on, months_later(made_on, ahead), *ends)


def earlier(path, own: list[tuple], kept: list[tuple] = (), **changes) -> None:
    """A snapshot's file that foretold `own` and carried `kept`."""
    with duckdb.connect(str(path)) as connection:
        definitions(connection, **changes)
        for statement in forecasts.TABLES.split(";"):
            connection.execute(statement)
        connection.execute(foretold.KEPT)
        for one in own:
            connection.execute(f"insert into result_forecast_month values ({', '.join('?' * 13)})", [*one, 9, "m"])
        for one in kept:
            connection.execute(f"insert into result_forecast_kept values ({', '.join('?' * 13)})", [*one, "first", "m"])


def carried(path, last_on: date = OCTOBER, code: str = "north") -> list[tuple]:
    """What a new snapshot keeps, whose months end with `last_on`."""
    with duckdb.connect() as connection:
        definitions(connection)
        connection.execute(f"attach '{path}' as earlier (read_only)")
        foretold.carry(connection, "earlier", "second")
        connection.execute(
            "create table result_forecast (metric varchar, column_name varchar, code varchar, last_on date)"
        )
        connection.execute("insert into result_forecast values ('nps', 'region', ?, ?)", [code, last_on])
        foretold.create(connection, None)
        assert not connection.execute("select count(*) from duckdb_tables() where table_name = 'foretold'").fetchone()[
            0
        ]
        return connection.execute("select made_on, month, value, snapshot from result_forecast_kept").fetchall()


def test_what_was_foretold_and_what_was_carried_already_is_kept(tmp_path):
    earlier(tmp_path / "old.duckdb", [row(OCTOBER, 30.0)], [row(SEPTEMBER, 20.0)])
    found = carried(tmp_path / "old.duckdb")
    assert found == [(SEPTEMBER, OCTOBER, 20.0, "first"), (OCTOBER, date(2026, 11, 1), 30.0, "second")]


def test_a_forecast_of_the_same_month_made_again_does_not_replace_the_first(tmp_path):
    earlier(tmp_path / "old.duckdb", [row(SEPTEMBER, 99.0)], [row(SEPTEMBER, 20.0)])
    assert [one[2:] for one in carried(tmp_path / "old.duckdb")] == [(20.0, "first")]


@pytest.mark.parametrize(
    "changes",
    [
        {"settings": {"company": {"name": {"en": "Another"}, "currency": "EUR"}}},
        {"settings": {"company": {"name": {"en": "Clairval"}, "currency": "CHF"}}},
        {"metric": METRIC | {"numerator": "sum(b)"}},
    ],
    ids=["company", "currency", "definition"],
)
def test_what_was_of_something_else_is_left_out(tmp_path, changes):
    earlier(tmp_path / "old.duckdb", [row(SEPTEMBER, 20.0)], **changes)
    assert carried(tmp_path / "old.duckdb") == []


def test_another_label_is_the_same_metric(tmp_path):
    earlier(tmp_path / "old.duckdb", [row(SEPTEMBER, 20.0)], metric=METRIC | {"label": "Net Promoter Score"})
    assert len(carried(tmp_path / "old.duckdb")) == 1


def test_hidden_groups_data_that_went_back_and_the_distant_past_are_left_out(tmp_path):
    earlier(tmp_path / "old.duckdb", [row(SEPTEMBER, 20.0)], [row(date(2020, 1, 1), 1.0)])
    assert carried(tmp_path / "old.duckdb", code="south") == []
    assert carried(tmp_path / "old.duckdb", last_on=date(2026, 8, 1)) == []
    assert len(carried(tmp_path / "old.duckdb")) == 1


def test_a_snapshot_of_another_version_is_said(tmp_path):
    earlier(tmp_path / "old.duckdb", [])
    with duckdb.connect(str(tmp_path / "old.duckdb")) as connection:
        connection.execute("alter table result_forecast_month drop column low_80")
    with duckdb.connect() as connection:
        definitions(connection)
        connection.execute(f"attach '{tmp_path / 'old.duckdb'}' as earlier (read_only)")
        foretold.carry(connection, "earlier", "second")
        (said,) = connection.execute("select message from meta.warnings").fetchone()
    assert "second" in said
    assert "another version" in said


def month(at: date, value: float, made_on: date | None = None) -> Month:
    ends = (None,) * 4 if made_on is None else (value - 1, value + 1, value - 2, value + 2)
    return Month(at, value, *ends, None, made_on)


def test_of_each_month_that_has_come_the_earliest_forecast_is_laid_against_it():
    facts = [month(date(2026, k, 1), 10.0) for k in (8, 9, 10)]
    kept = [month(SEPTEMBER, 10.5, date(2026, 7, 1)), month(OCTOBER, 14.0, date(2026, 7, 1))]
    kept += [month(OCTOBER, 10.0, SEPTEMBER), month(date(2026, 11, 1), 9.0, SEPTEMBER)]
    first = earliest(kept, facts)
    assert [(one.month, one.value) for one in first] == [(SEPTEMBER, 10.5), (OCTOBER, 14.0)]
    numbers = ("published", 0.8, 0.7, 0.9, "last", 36, 7, 0.8, 0.95)
    told = Foretold("nps", *numbers, facts=tuple(facts), ahead=(), past=(), kept=first)
    assert told.held == 1
    assert "of 2 months that have come, 1 inside" in outlook_forecasts.held(told, "en")
    assert "sur 2 mois échus, 1" in outlook_forecasts.held(told, "fr")
    alone = [outlook_forecasts.held(replace(told, kept=(one,)), "en") for one in first]
    assert ["did not hold" in said for said in alone] == [False, True]
    figure = outlook_figures.ahead(facts, (), (), CRM, ".0f", str, first)
    assert (figure.data[-1].marker.color, list(figure.data[-1].error_y.array)) == (QUIET, [1.0, 1.0])
