"""What pages ask as they open that takes long over millions of facts, answered by the refresh (metrics/answered.py).

Each question with the arguments that its page gives, of everybody, over the first period; a page that asks otherwise
is answered from the facts. Only a refresh imports this.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from metrics.answered import CREATED, keep
from metrics.definitions import Catalogue, catalogue_of
from metrics.gaps import promise_gaps
from metrics.irritants import irritants, words
from metrics.journeys import journey
from metrics.promise_costs import promise_costs
from metrics.promises import facts
from metrics.seams import by_hand_offs, ranking
from metrics.selection import opening
from metrics.setting import warn
from metrics.spoken import course, feelings
from metrics.three_things import compared, three_things
from metrics.verbatims import verbatims
from metrics.voice_findings import first_theme
from metrics.voices import measures, theme_costs
from metrics.walks import candidates, usable
from metrics.washing import washing, won_by

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

Question = tuple[Callable, tuple]


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings", code: str) -> None:
    """Table opening_answer; `code`: the program's version. The snapshot must be whole.

    What fails is left to its page, which says so there: a snapshot is not refused for it, only warned of.
    """
    catalogue = catalogue_of(connection)
    connection.execute(CREATED)
    try:
        for function, arguments in questions(connection, catalogue, settings):
            keep(connection, code, function, arguments, function(connection, catalogue, *arguments))
    except Exception as error:  # noqa: BLE001 whatever a page may meet
        warn(connection, "openings", f"some of what pages open with could not be answered beforehand: {error}")


def questions(
    connection: "duckdb.DuckDBPyConnection", catalogue: Catalogue, settings: "Settings"
) -> Iterator[Question]:
    first = opening(catalogue.ground.whole)
    yield three_things, (first, *compared(catalogue))
    yield promise_gaps, (first, tuple((code, pillar.wanted) for code, pillar in settings.pillars.items()))
    yield promise_costs, (first, facts(settings))
    yield washing, (first, settings.washing, won_by(settings.segment_columns)[0])
    yield journey, (first,)
    yield ranking, (first, "channel")
    yield by_hand_offs, (first,)
    yield usable, ((),)
    for rule in usable(connection, catalogue, ())[:1]:
        yield candidates, (first, rule, "")
    for irritant in irritants(connection, catalogue, first)[:1]:
        yield words, (first, irritant.thing)
    yield feelings, (first, None, settings.company.is_sample)
    yield measures, (first,)
    for measure in measures(connection, catalogue, first)[:1]:
        yield theme_costs, (first, measure)
        theme = first_theme(theme_costs(connection, catalogue, first, measure))
        if theme is not None:
            yield feelings, (first, theme, settings.company.is_sample)
            yield course, (first, theme)
            yield verbatims, (first, theme, None, "any")
