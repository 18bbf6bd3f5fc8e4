"""What really was, for tests and for measuring classifiers; never a source of the dashboard (option --truth)."""

import numpy as np
import pyarrow as pa

from data.sample.answers import EMOTIONS, THEMES
from data.sample.export import coded, numbered, whole
from data.sample.memory import KINDS, NEVER
from data.sample.world import World

NOTE_KINDS = ("neutral", "customer_upset", "disparaging")


def verbatims(world: World) -> pa.Table:
    """Theme and emotion of each verbatim; no theme where it is about nothing in particular."""
    table = world.tables["surveys"]
    table = table[table["words"].to_numpy()]
    return pa.table(
        {
            "survey_id": numbered("S", table["survey"], 9),
            "theme": coded(THEMES, table["theme_written"]),
            "emotion": coded(EMOTIONS, table["emotion"]),
        }
    )


def notes(world: World) -> pa.Table:
    table = world.tables["contacts"]
    table = table[table["note_kind"].to_numpy() >= 0]
    return pa.table({"contact_id": numbered("I", table["contact"], 8), "kind": coded(NOTE_KINDS, table["note_kind"])})


def lives(world: World) -> pa.Table:
    """Of each customer: orders a year, temper, months (0 = first of the data) of leaving, and weights felt, by kind."""
    people, state = world.people, world.lives
    felt = state.booked.sum(axis=0)
    away = np.where(state.away_from == NEVER, -1, state.away_from)
    return pa.table(
        {
            "customer_id": numbered("C", people.first + np.arange(len(people)), 7),
            "orders_a_year": np.round(people.rate, 3),
            "temper": np.round(people.temper, 3),
            "leaves_by_itself": whole(people.leaves),
            "leaves_after_experience": whole(away),
        }
        | {f"felt_{kind}": np.round(felt[:, place].astype(float), 3) for place, kind in enumerate(KINDS)}
    )
