"""Words read by rules: language, themes, emotions, notes; in French and English, worn as real texts are."""

import duckdb
import pytest

from data.settings import load_settings
from metrics.reading import create_readings
from metrics.reading.lexicon import EMOTIONS, emotions, own_themes, pattern
from tests.conftest import ROOT


def read(texts, notes=(), settings=None, language=None):
    """What is found in each text: language, themes, emotion, whether it speaks badly."""
    with duckdb.connect() as connection:
        connection.execute("create schema canonical")
        connection.execute("create table canonical.contacts (note varchar)")
        connection.execute("create table canonical.surveys (verbatim varchar, language varchar)")
        for text in texts:
            connection.execute("insert into canonical.surveys values (?, ?)", [text, language])
        for note in notes:
            connection.execute("insert into canonical.contacts values (?)", [note])
        create_readings(connection, settings or load_settings(ROOT / "config.yaml"))
        rows = connection.execute("""
            select words, language, coalesce(list(theme order by theme) filter (where theme is not null), []),
                any_value(emotion), any_value(speaks_badly)
            from reading left join reading_theme using (reading_id) left join reading_emotion using (reading_id)
            group by all
        """).fetchall()
    return {words: (lang, themes, emotion, badly) for words, lang, themes, emotion, badly in rows}


@pytest.mark.parametrize(
    ("text", "language", "theme", "emotion"),
    [
        ("J’attends mon colis depuis trois semaines, c’est HONTEUX !!", "fr", "late_delivery", "anger"),
        ("je suis decu de la qualite, dommage", "fr", None, "disappointment"),
        ("Le vendeur du rayon télé était adorable, merci à lui.", "fr", "staff", "joy"),
        ("Two hours on hold and then they hung up on me. Disgraceful", "en", "waiting", "anger"),
        ("I am worried: I do not know where my parcel is", "en", "late_delivery", "worry"),
        ("Charged twice for the same invoice", "en", "billing", None),
    ],
)
def test_what_is_said_is_found(text, language, theme, emotion):
    found = read([text])[text]
    assert found[0] == language
    assert theme is None or theme in found[1]
    assert emotion is None or found[2] == emotion


def test_a_denied_word_is_not_found_as_itself():
    found = read(["Je ne suis pas satisfait.", "I am not happy with it."])
    assert all(emotion != "joy" for _, _, emotion, _ in found.values())


def test_a_general_theme_gives_way_to_the_special_one():
    text = "La livraison a trois jours de retard"
    assert "late_delivery" in read([text])[text][1]
    assert "good_delivery" not in read([text])[text][1]


def test_another_language_is_kept_and_not_read():
    text = "Recebi o produto antes do prazo, muito obrigado, recomendo a loja para todos"
    assert read([text], language="pt")[text] == ("other", [], None, False)


def test_notes_that_speak_badly_of_a_person_are_told_from_those_on_a_problem():
    bad, good = "Client pénible, ne comprend rien.", "Client mécontent, excuses présentées."
    found = read([], [bad, good])
    assert found[bad][3]
    assert not found[good][3]


def test_a_company_adds_words_and_themes(tmp_path):
    path = tmp_path / "config.yaml"
    own = 'voice: {themes: {loyalty: {label: {en: Card, fr: Carte}, words: {fr: ["carte fidelite"]}}}}'
    text = (ROOT / "config.yaml").read_text()
    path.write_text(text[: text.index("voice:")] + own + "\n" + text[text.index("# Snapshots:") :])
    said = "Ma carte de fidélité ne marche pas"
    assert "loyalty" in read([said], settings=load_settings(path))[said][1]


def test_every_theme_and_emotion_has_words_in_both_languages():
    for theme in own_themes().values():
        assert theme.fr
        assert theme.en
    assert tuple(emotions()) == EMOTIONS


def test_a_term_finds_whole_words_in_order():
    with duckdb.connect() as connection:
        found = lambda text, term: connection.execute(  # noqa: E731
            "select regexp_matches(?, ?)", [f" {text} ", pattern([term])]
        ).fetchone()[0]
        assert found("livre avec trois jours retard", "livre* retard*")
        assert not found("retard livre", "livre* retard*")
        assert not found("le livre . un retard", "livre retard")
        assert not found("delivre", "livre")
        assert found("attendu 40 minutes", "attendu # minutes")
