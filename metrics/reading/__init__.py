"""What customers and agents wrote, read for language, themes, emotions; made before the views, which read it.

Texts are read once however often they were written. Temporary relations, gone with the refresh:

reading          one row a text and the language its source says: plain form, language it is read in (fr, en, other)
reading_theme    one row a text and theme found in it
reading_emotion  one row a text that shows an emotion: the one with most weight

How well this reads is measured by `python -m metrics.reading.accuracy` (results in metrics/reading/results).
"""

from typing import TYPE_CHECKING

from metrics.reading.languages import languages_of
from metrics.reading.lexicon import (
    EMOTIONS,
    LANGUAGES,
    MOST,
    PLEASANT,
    UNPLEASANT,
    WEIGHTS,
    disparaging,
    emotions,
    pattern,
    themes_of,
)

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

READING_RELATIONS = ("reading", "reading_theme", "reading_emotion")

# `loud` stands for an exclamation mark, and for a text in capitals.
PLAIN = """
' ' || trim(regexp_replace(regexp_replace(regexp_replace(replace(strip_accents(lower(
    replace({text}, '!', ' loud . ')
    || case when upper({text}) = {text} and len({text}) > 12 then ' . loud loud' else '' end
)), 'œ', 'oe'), '[.?;:\\n…]+', ' . ', 'g'), '[^a-z0-9.]+', ' ', 'g'), ' +', ' ', 'g')) || ' '
"""
# A denied word becomes one word with its denial, so that it is not found as itself.
DENIED = {
    "fr": r"\b(pas|jamais|aucun|aucune|rien|ni|plus|sans) "
    r"(?:de |d |tres |vraiment |bien |du tout |que de |si |trop |toujours )?([a-z]{4,})",
    "en": r"\b(not|never|no|isn t|wasn t|aren t|don t|didn t|cannot|can t|without) "
    r"(?:very |so |at all |really |that |a |be |been )?([a-z]{4,})",
}
TEXTS = """
create temp table reading_text as
with written as (
    select verbatim as words, language from canonical.surveys
    union all
    select note as words, null as language from canonical.contacts
)

select distinct words, lower(language) as said_language, {plain} as plain
from written
where words is not null and trim(words) <> ''
"""
READING = """
create temp table reading as
select
    row_number() over (order by t.words, t.said_language) as reading_id,
    t.words,
    t.said_language,
    t.plain,
    coalesce(
        l.language, case when left(t.said_language, 2) in ('fr', 'en') then left(t.said_language, 2) else 'other' end
    ) as language,
    regexp_matches(t.plain, {fr}) or regexp_matches(t.plain, {en}) as speaks_badly
from reading_text as t
left join reading_language as l on t.said_language is null and t.words = l.words
"""


def create_readings(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    """Create READING_RELATIONS from canonical.surveys and canonical.contacts."""
    connection.execute(TEXTS.format(plain=PLAIN.format(text="words")))
    unsaid = connection.execute("select words from reading_text where said_language is null order by words").fetchall()
    words = [row[0] for row in unsaid]
    found = languages_of(words, settings.company.languages[0])
    connection.execute("create temp table reading_language (words varchar, language varchar)")
    connection.execute("insert into reading_language select unnest(?), unnest(?)", [words, found])
    badly = {lang: text(pattern(getattr(disparaging(), lang))) for lang in LANGUAGES}
    connection.execute(READING.format(**badly))
    for name in ("reading_text", "reading_language"):
        connection.execute(f"drop table {name}")
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
    """Whether it pleases or displeases more, then the emotion of that side with most weight (the first of equals)."""
    connection.execute("create temp table reading_emotion (reading_id bigint, emotion varchar)")
    for lang in LANGUAGES:
        sides = [f"[{', '.join(score_sql(name, lang) for name in side)}]" for side in (PLEASANT, UNPLEASANT)]
        names = [f"[{', '.join(text(name) for name in side)}]" for side in (PLEASANT, UNPLEASANT)]
        connection.execute(
            "insert into reading_emotion with felt as (select reading_id, "  # noqa: S608 escaped literals
            "regexp_replace(plain, ?, '\\1_\\2', 'g') as said from reading where language = ?), "
            f"scored as (select reading_id, {sides[0]} as good, {sides[1]} as bad from felt) "
            "select reading_id, case when list_sum(bad) >= list_sum(good) "
            f"then {names[1]}[list_position(bad, list_max(bad))] "
            f"else {names[0]}[list_position(good, list_max(good))] end "
            "from scored where list_max(bad) > 0 or list_max(good) > 0",
            [DENIED[lang], lang],
        )


def score_sql(emotion: str, lang: str) -> str:
    """Weight of an emotion's terms in `said`."""
    cues = getattr(emotions()[emotion], lang)
    parts = [
        f"{weight} * least({MOST[level]}, len(regexp_extract_all(said, {text(pattern(getattr(cues, level)))})))"
        for level, weight in WEIGHTS.items()
        if getattr(cues, level)
    ]
    return " + ".join(parts)


def text(value: str) -> str:
    """An SQL literal."""
    return "'" + value.replace("'", "''") + "'"


__all__ = ["EMOTIONS", "READING_RELATIONS", "create_readings", "disparaging"]
