"""fct_culture_answer: items turned, scales stretched, and people who cannot be told apart never counted twice."""

import pytest


def answer(respondent: str, item: str, score: int | None, **more) -> dict:
    usual = {"asked_on": "2026-06-15", "scale_low": 1, "scale_high": 5, "better": "high", "team": "desk"}
    return {"respondent": respondent, "item": item, "score": score, "signal": "process"} | usual | more


def test_an_item_worded_the_other_way_round_is_turned(world):
    built = world(culture_answers=[answer("A", "i1", 5), answer("A", "i2", 2, better="low"), answer("A", "i3", None)])
    assert built.by("fct_culture_answer", "item", "score") == {"i1": 5, "i2": 4}


@pytest.mark.parametrize(("score", "better", "stretched"), [(1, "high", 1), (4, "high", 5), (2, "low", 11 / 3)])
def test_another_scale_is_stretched_to_1_to_5(world, score, better, stretched):
    built = world(culture_answers=[answer("A", "i1", score, scale_high=4, better=better)])
    assert built.value("select score from fct_culture_answer") == pytest.approx(stretched)


def test_a_team_without_office_or_department_has_those_of_the_register(world):
    teams = [{"team": "desk", "department": "care", "office": "front", "valid_from": "2020-01-01"}]
    built = world(teams=teams, culture_answers=[answer("A", "i1", 3)])
    assert built.rows("select department, office from fct_culture_answer") == [("care", "front")]


def test_answers_with_a_code_each_count_as_many_people_as_the_most_answered_item(world):
    codes = (("1", "i1"), ("2", "i1"), ("3", "i2"), ("10", "i2"), ("11", "i2"))
    built = world(culture_answers=[answer(code, item, 3) for code, item in codes])
    assert built.value("select count(distinct respondent) from fct_culture_answer") == 3
    assert built.value("select bool_or(is_linked) from fct_culture_answer") is False


def test_answers_of_one_person_stay_one_persons(world):
    built = world(culture_answers=[answer("A", "i1", 3), answer("A", "i2", 4), answer("B", "i1", 3)])
    assert built.value("select count(distinct respondent) from fct_culture_answer") == 2
    assert built.value("select bool_and(is_linked) from fct_culture_answer") is True
