"""What customers and agents wrote, read for language, themes, emotions; made before the views, which read it.

Texts are read once however often they were written. Temporary relations, gone with the refresh:

reading          one row a text and the language its source says: plain form, language it is read in (fr, en, other)
reading_theme    one row a text and theme found in it
reading_emotion  one row a text that shows an emotion: the one with most weight

How well this reads is measured by `python -m metrics.reading.accuracy` (results in metrics/reading/results).
"""

from typing import TYPE_CHECKING

from metrics.reading.lexicon import EMOTIONS, LANGUAGES, WEIGHTS, disparaging, emotions, pattern, themes_of

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

READING_RELATIONS = ("reading", "reading_theme", "reading_emotion")

PLAIN = """
' ' || trim(regexp_replace(regexp_replace(regexp_replace(replace(strip_accents(lower({text})), 'œ', 'oe'),
    '[.!?;:\\n…]+', ' . ', 'g'), '[^a-z0-9.]+', ' ', 'g'), ' +', ' ', 'g')) || ' '
"""
# A denied word becomes one word with its denial, so that it is not found as itself.
DENIED = {
    "fr": r"\b(pas|jamais|aucun|aucune|rien|ni|plus|sans) "
    r"(?:de |d |tres |vraiment |bien |du tout |que de |si |trop |toujours )?([a-z]{4,})",
    "en": r"\b(not|never|no|isn t|wasn t|aren t|don t|didn t|cannot|can t|without) "
    r"(?:very |so |at all |really |that |a |be |been )?([a-z]{4,})",
}
FUNCTION_WORDS = {
    "fr": "le la les des une un est et je vous nous il elle pour dans avec sur pas mais ai ete sont cette ce mon ma "
    "mes tres j l d c qu n au aux du ils ou par tout",
    "en": "the and is was to of my it they for with not have had be been are i you we this very on at were so but me "
    "no in that she he as from",
}
TEXTS = """
create temp table reading as
with written as (
    select verbatim as words, language from canonical.surveys
    union all
    select note as words, null as language from canonical.contacts
),

plain as (
    select distinct words, lower(language) as said_language, {plain} as plain
    from written
    where words is not null and trim(words) <> ''
),

counted as (
    select
        *,
        len(regexp_extract_all(plain, {fr})) as n_fr,
        len(regexp_extract_all(plain, {en})) as n_en,
        len(string_split(trim(plain), ' ')) as n_words
    from plain
)

select
    row_number() over (order by words, said_language) as reading_id,
    words,
    said_language,
    plain,
    case
        when said_language in ('fr', 'en') then said_language
        when said_language like 'fr%' or said_language like 'en%' then left(said_language, 2)
        when said_language is not null then 'other'
        when n_fr > n_en then 'fr'
        when n_en > n_fr then 'en'
        when n_words > 5 then 'other'
        else ?
    end as language,
    (regexp_matches(plain, {badly_fr}) or regexp_matches(plain, {badly_en})) as speaks_badly
from counted
"""


def create_readings(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    """Create READING_RELATIONS from canonical.surveys and canonical.contacts."""
    words = {lang: text(pattern(FUNCTION_WORDS[lang].split())) for lang in LANGUAGES}
    home = settings.company.languages[0]
    badly = {f"badly_{lang}": text(pattern(getattr(disparaging(), lang))) for lang in LANGUAGES}
    connection.execute(TEXTS.format(plain=PLAIN.format(text="words"), **words, **badly), [home])
    create_themes(connection, settings)
    create_emotions(connection)


def create_themes(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    """Every theme whose words are found, but not a general one beside the special one that takes its place."""
    themes = themes_of(settings)
    connection.execute("create temp table reading_theme (reading_id bigint, theme varchar)")
    for lang in LANGUAGES:
        found = {code: pattern(getattr(theme, lang)) for code, theme in themes.items()}
        cases = ", ".join(f"case when regexp_matches(plain, {text(p)}) then {text(c)} end" for c, p in found.items())
        connection.execute(
            "insert into reading_theme select reading_id, theme from (select reading_id, "  # noqa: S608 escaped literals
            f"unnest([{cases}]) as theme from reading where language = ?) where theme is not null",
            [lang],
        )
    for code, theme in themes.items():
        if theme.unless is not None:
            connection.execute(
                "delete from reading_theme where theme = ? and reading_id in "
                "(select reading_id from reading_theme where theme = ?)",
                [code, theme.unless],
            )


def create_emotions(connection: "duckdb.DuckDBPyConnection") -> None:
    """The emotion with most weight; of equals the one that comes first in EMOTIONS."""
    connection.execute("create temp table reading_emotion (reading_id bigint, emotion varchar)")
    for lang in LANGUAGES:
        scores = ", ".join(score_sql(name, lang) for name in EMOTIONS)
        best = ", ".join(text(name) for name in EMOTIONS)
        connection.execute(
            "insert into reading_emotion with felt as (select reading_id, "  # noqa: S608 escaped literals
            "regexp_replace(plain, ?, '\\1_\\2', 'g') as said from reading where language = ?), "
            f"scored as (select reading_id, [{scores}] as scores from felt) "
            f"select reading_id, [{best}][list_position(scores, list_max(scores))] from scored "
            "where list_max(scores) > 0",
            [DENIED[lang], lang],
        )


def score_sql(emotion: str, lang: str) -> str:
    """Weight of an emotion's terms in `said`."""
    cues = getattr(emotions()[emotion], lang)
    parts = [
        f"{weight} * len(regexp_extract_all(said, {text(pattern(getattr(cues, level)))}))"
        for level, weight in WEIGHTS.items()
        if getattr(cues, level)
    ]
    return " + ".join(parts)


def text(value: str) -> str:
    """An SQL literal."""
    return "'" + value.replace("'", "''") + "'"


__all__ = ["EMOTIONS", "READING_RELATIONS", "create_readings", "disparaging"]
