"""Who writes what: verbatims on what happened to the customer, agents' notes, suggestions."""

import numpy as np
import pyarrow as pa

from data.sample import company, truths
from data.sample.answers import EMOTIONS, THEMES
from data.sample.draws import Rng, happens
from data.sample.words.pools import LANGUAGES, is_about_theme, pool, sentences, suggestions
from data.sample.world import Numbers, World

TEXTS_A_POOL = 900
NOTED = 0.28  # share of handled contacts with a note
UPSET_NOTED = 0.35  # of the notes on a contact that went badly, those that say how the customer felt
SUGGESTS = 0.05  # share of those who write that also suggest something
STATUSES = ("open", "planned", "done", "refused")


def write_words(world: World, numbers: Numbers, rng: Rng) -> None:
    """Add verbatim and language to the surveys, notes to the contacts; make the table of suggestions."""
    _verbatims(world, rng)
    _notes(world, rng)
    _suggestions(world, numbers, rng)


def _verbatims(world: World, rng: Rng) -> None:
    table = world.tables["surveys"]
    written = np.flatnonzero(table["words"].to_numpy())
    english = world.people.english[table["customer"].to_numpy()[written]].astype(int)
    theme, emotion = table["theme"].to_numpy()[written], table["emotion"].to_numpy()[written]
    kind = (english * (len(THEMES) + 1) + theme + 1) * len(EMOTIONS) + emotion
    texts, place = [], np.zeros(len(written), dtype=np.int64)
    on_theme = np.zeros(len(written), dtype=bool)
    for one in np.unique(kind):
        rows = kind == one
        first = np.argmax(rows)
        size = min(TEXTS_A_POOL, 2 * int(rows.sum()) + 5)
        what = LANGUAGES[english[first]], int(theme[first]), int(emotion[first])
        place[rows] = len(texts) + rng.integers(0, size, int(rows.sum()))
        on_theme[rows] = is_about_theme(*what)
        texts.extend(pool(*what, size))
    verbatim = np.full(len(table), -1, dtype=np.int64)
    verbatim[written] = place
    language = np.full(len(table), -1)
    language[written] = english
    table["theme_written"] = -1
    table.loc[written, "theme_written"] = np.where(on_theme, theme, -1)
    table["language"] = language
    world.texts["verbatim"] = _taken(texts, verbatim)


def _taken(texts: list[str], place: np.ndarray) -> pa.Array:
    """The texts at these places; none below 0."""
    return pa.array(texts, pa.string()).take(pa.array(place, mask=place < 0))


def _notes(world: World, rng: Rng) -> None:
    """Most notes are neutral, some say that the customer was upset, in one team many speak badly of customers."""
    table, notes = world.tables["contacts"], sentences("fr")["notes"]
    size = len(table)
    upset = (table["repeated"] | table["complaint"] | (table["round"] > 0)).to_numpy() & happens(rng, UPSET_NOTED, size)
    team = table["team"].to_numpy() == company.TEAM_CODES.index(truths.NOTES.team)
    bad = happens(rng, np.where(team, truths.NOTES.share, truths.NOTES.usual_share))
    kinds = [notes["neutral"][reason] for reason in company.REASONS] + [notes["customer_upset"], notes["disparaging"]]
    kind = np.where(bad, len(kinds) - 1, np.where(upset, len(kinds) - 2, table["reason"].to_numpy()))
    sizes = np.array([len(texts) for texts in kinds])
    firsts = np.cumsum(sizes) - sizes
    place = firsts[kind] + np.floor(rng.random(size) * sizes[kind]).astype(np.int64)
    noted = ~table["abandoned"].to_numpy() & happens(rng, NOTED, size)
    world.texts["note"] = _taken([text for texts in kinds for text in texts], np.where(noted, place, -1))
    table["note_kind"] = np.where(noted, np.where(bad, 2, np.where(upset, 1, 0)), -1)


def _suggestions(world: World, numbers: Numbers, rng: Rng) -> None:
    """Suggestions come with answers; hardly any is ever decided on."""
    table = world.tables["surveys"]
    rows = table[table["words"].to_numpy() & happens(rng, SUGGESTS, len(table))]
    acted_on = happens(rng, truths.SUGGESTIONS_ACTED_ON, len(rows))
    status = np.where(acted_on, rng.integers(1, 4, len(rows)), 0)
    french, english = suggestions("fr"), suggestions("en")
    place = np.where(
        rows["language"].to_numpy() == 1,
        len(french) + rng.integers(0, len(english), len(rows)),
        rng.integers(0, len(french), len(rows)),
    )
    decided = rows["answered"].to_numpy().astype("datetime64[D]") + rng.integers(5, 60, len(rows)).astype(
        "timedelta64[D]"
    )
    table = rows[["survey", "answered"]].assign(status=status, decided=decided)
    world.tables["suggestions"] = numbers.give("suggestion", table)
    world.texts["suggestion"] = _taken(french + english, place)
