"""Answers of a refresh: exactly what the question gives now, of this very program only, and nothing that was lost."""

import math
from dataclasses import dataclass, replace
from datetime import date

import duckdb
import pytest

from data.code import code_version
from metrics import openings
from metrics.answered import CREATED, answered, asked, keep, written
from metrics.definitions import catalogue_of
from metrics.findings import Finding
from metrics.ground import ANSWERS
from metrics.selection import Period
from metrics.spoken import course
from metrics.walks import usable


@dataclass(frozen=True)
class Said:
    value: float | None


def of_a_number(cursor, catalogue, value: float | None) -> Said:
    return Said(value)


def of_findings(cursor, catalogue) -> tuple[Finding, ...]:
    return ()


def test_every_question_of_the_openings_is_kept_as_it_is_answered_now(sample):
    """The course of a theme with too few answers in some months has limits that are no number: it is not kept."""
    facts = replace(sample.catalogue, ground=replace(sample.catalogue.ground, answered=frozenset()))
    lost = []
    for function, arguments in openings.questions(sample.cursor, sample.catalogue, sample.settings):
        now = answered(sample.cursor, facts, function, arguments)
        if asked(function, arguments) in sample.catalogue.ground.answered:
            assert answered(sample.cursor, sample.catalogue, function, arguments) == now, function.__name__
        else:
            assert written(function, now) is None, function.__name__
            lost.append(function)
    assert lost == [course]


def test_what_is_kept_is_read_and_not_asked_again(sample):
    question = asked(usable, ((),))
    assert question in sample.catalogue.ground.answered
    (text,) = sample.rows(f"select answer from {ANSWERS} where function = ? and question = ?", question)[0]
    assert text == '["late","chain","hand_off","silent","random"]'


def test_another_program_answers_for_itself(small_snapshot):
    small_snapshot.execute(f"update {ANSWERS} set code = 'another'")
    assert catalogue_of(small_snapshot).ground.answered == frozenset()


def test_another_question_is_asked_of_the_facts(sample):
    assert answered(sample.cursor, sample.catalogue, of_a_number, (3.0,)) == Said(3.0)


@pytest.fixture
def small_snapshot(sample):
    """What a catalogue is read from, of the sample, in memory, with one answer."""
    connection = duckdb.connect()
    connection.execute("create schema meta")
    for name in ("meta.definitions", "setting", "dim_segment"):
        rows = sample.cursor.execute(f"select * from {name} limit 500").to_arrow_table()
        connection.register("rows", rows)
        connection.execute(f"create table {name} as select * from rows")
    connection.execute(CREATED)
    keep(connection, code_version(), of_a_number, (3.0,), Said(3.0))
    return connection


def test_this_program_reads_its_own(small_snapshot):
    catalogue = catalogue_of(small_snapshot)
    assert catalogue.ground.answered == {asked(of_a_number, (3.0,))}
    small_snapshot.execute(f"update {ANSWERS} set answer = '{{\"value\": 4.5}}'")
    assert answered(small_snapshot, catalogue, of_a_number, (3.0,)) == Said(4.5)


@pytest.mark.parametrize("value", [None, 0.1 + 0.2, 1e-300, -0.0, 12345678.125])
def test_numbers_come_back_to_the_last_bit(value):
    assert written(of_a_number, Said(value)) is not None


def test_what_json_has_no_word_for_is_not_kept(small_snapshot):
    assert written(of_a_number, Said(math.nan)) is None
    keep(small_snapshot, code_version(), of_a_number, (math.nan,), Said(math.nan))
    assert len(small_snapshot.execute(f"from {ANSWERS}").fetchall()) == 1


@pytest.mark.parametrize(
    "value", [date(2026, 1, 1), "late_delivery", 3, 0.25, None, Period(date(2026, 1, 1), date(2026, 2, 1))]
)
def test_holes_of_a_sentence_come_back_as_what_they_were(value):
    assert written(of_findings, (Finding("finding.x", {"about": (value, "kind")}),)) is not None


def test_a_text_that_looks_like_a_day_is_not_kept_as_one():
    assert written(of_findings, (Finding("finding.x", {"about": ("2026-01-01", "code:team")}),)) is None


def test_what_cannot_be_answered_is_left_to_its_page_and_warned_of(small_snapshot, monkeypatch):
    def broken(cursor, catalogue, value: float) -> Said:
        return Said(1 / value)

    asked_for = iter([(of_a_number, (1.5,)), (broken, (0.0,)), (of_a_number, (2.5,))])
    monkeypatch.setattr(openings, "questions", lambda *_: asked_for)
    small_snapshot.execute(f"drop table {ANSWERS}")
    openings.create(small_snapshot, None, code_version())
    kept = small_snapshot.execute(f"select question from {ANSWERS}").fetchall()
    assert kept == [("(1.5,)",)]
    ((rule, message),) = small_snapshot.execute("select rule, message from meta.warnings").fetchall()
    assert (rule, "division" in message) == ("openings", True)
