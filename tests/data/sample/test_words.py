"""What customers and agents write: in both languages, on every theme, about what happened."""

import pytest

from data.sample.answers import EMOTIONS, THEMES
from data.sample.words.pools import LANGUAGES, PLEASED, pool, sentences


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_theme_and_emotion_has_words(language):
    said = sentences(language)
    assert set(said["themes"]) == set(THEMES)
    assert set(said["general"]) == set(EMOTIONS)
    assert all(set(feelings) <= set(EMOTIONS) for feelings in said["themes"].values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_place_is_left_open_in_a_text(language):
    for theme in range(len(THEMES)):
        for emotion in range(len(EMOTIONS)):
            assert not any(
                "{" in text or "  " in text.replace("  ", " ", 1) for text in pool(language, theme, emotion, 20)
            )


def test_the_same_pool_is_made_each_time():
    assert pool("fr", 0, 3, 30) == pool("fr", 0, 3, 30)


def test_words_stand_beside_their_language_and_an_answer(small):
    odd_rows = "(verbatim is null) <> (language is null) or (verbatim is not null and score is null)"
    (odd,) = small.execute(f"select count(*) from surveys where {odd_rows}").fetchone()
    assert odd == 0
    french, n = small.execute(
        "select avg((language = 'fr')::integer), count(*) from surveys where verbatim is not null"
    ).fetchone()
    assert n > 1_000
    assert 0.88 < french < 0.97


def test_verbatims_are_varied(company):
    texts, distinct = company.execute(
        "select count(verbatim), count(distinct verbatim) from surveys where verbatim is not null"
    ).fetchone()
    assert distinct > 0.5 * texts


def test_emotions_agree_with_the_score(company):
    pleased = ", ".join(repr(emotion) for emotion in PLEASED)
    rows = dict(
        company.execute(
            f"""select cast(score as integer), avg((emotion in ({pleased}))::integer)
                from truth_verbatims join surveys using (survey_id) where instrument = 'csat' group by 1"""
        ).fetchall()
    )
    assert rows[5] > 0.95
    assert rows[1] == rows[2] == 0


def test_late_deliveries_are_written_about_where_they_are_late(company):
    rows = dict(
        company.execute(
            """select region = 'north', count(*) filter (theme = 'late_delivery') / count(*)
               from truth_verbatims join surveys using (survey_id) join customers using (customer_id)
               where region is not null and sent_at >= '2026-04-01' group by 1"""
        ).fetchall()
    )
    assert rows[True] > 1.8 * rows[False]


def test_some_verbatims_hold_personal_data_to_be_masked(company):
    phones, addresses = company.execute(
        """select count(*) filter (verbatim like '%06 39 98%'), count(*) filter (verbatim like '%@%exemple.fr%')
           from surveys"""
    ).fetchone()
    assert phones > 20
    assert addresses > 20
