"""Words to read, masked: the only door to the texts themselves. Drawn by lot, so that nobody picks one unseen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from metrics.definitions import Catalogue
from metrics.masking import masked
from metrics.selection import Selection
from metrics.sums import filters_of
from metrics.voices import THEMES, VERBATIMS

if TYPE_CHECKING:
    import duckdb

SCORES = {
    "any": "true",
    "low": "v.score_share <= 0.6",
    "middle": "v.score_share > 0.6 and v.score_share < 0.9",
    "high": "v.score_share >= 0.9",
}
TEXT = f"""
    with chosen as (
        select v.*, count(*) over () as total
        from {VERBATIMS} as v
        where {{where}}
        order by md5(v.verbatim_id)
        limit ? offset ?
    )
    select
        v.verbatim_id, v.said_at, coalesce(s.verbatim, n.note), v.score, v.csat, v.instrument, v.touchpoint, v.emotion,
        p.name, t.customer_token, v.total
    from chosen as v
    left join canonical.surveys as s
        on v.source = 'answer' and v.survey_id = s.survey_id and v.order_id is not distinct from s.order_id
        and v.contact_id is not distinct from s.contact_id
    left join canonical.contacts as n on v.source = 'note' and v.contact_id = n.contact_id
    left join canonical.customers as p on v.customer_id = p.customer_id
    left join dim_customer_token as t on v.customer_id = t.customer_id
    order by md5(v.verbatim_id)
"""  # noqa: S608 constants
WITHIN = "v.source = ? and v.said_at >= ? and v.said_at < ?"


@dataclass(frozen=True)
class Verbatim:
    """A text, masked, with its score where it is an NPS or a rating of 1 to 5; token: the pseudonym of who wrote it."""

    said_at: datetime
    words: str
    score: float | None
    csat: float | None
    instrument: str
    touchpoint: str
    emotion: str
    token: str | None


@dataclass(frozen=True)
class Words:
    """Some texts, and how many there are."""

    n: int
    texts: tuple[Verbatim, ...]


def verbatims(
    cursor: "duckdb.DuckDBPyConnection",
    catalogue: Catalogue,
    selection: Selection,
    theme: str | None,
    emotion: str | None = None,
    scores: str = "any",
    most: int = 8,
    skip: int = 0,
    source: str = "answer",
) -> Words:
    """Texts of the selection on a theme (None: any), with an emotion, of a range of SCORES, by lot."""
    if VERBATIMS not in catalogue.ground.columns:
        return Words(0, ())
    limits, codes = filters_of((*selection.where, *selection.scope))
    where, values = (
        f"{WITHIN}{limits.replace(' and coalesce(cast(', ' and coalesce(cast(v.')} and {SCORES[scores]}",
        [*codes],
    )
    if theme is not None:
        where += f" and v.verbatim_id in (select verbatim_id from {THEMES} where theme = ?)"  # noqa: S608 constants
        values.append(theme)
    if emotion is not None:
        where += " and v.emotion = ?"
        values.append(emotion)
    period = selection.period
    bound = [source, period.start, period.end, *values, most, skip]
    rows = cursor.execute(TEXT.format(where=where), bound).fetchall()
    return Words(rows[0][-1] if rows else 0, tuple(text_of(row) for row in rows))


def texts_of(cursor: "duckdb.DuckDBPyConnection", ids: Sequence[str]) -> tuple[Verbatim, ...]:
    """Texts of these ids, masked. Who may read them is for the caller to decide."""
    where = f"v.verbatim_id in ({', '.join('?' for _ in ids)})"
    return tuple(text_of(row) for row in cursor.execute(TEXT.format(where=where), [*ids, len(ids), 0]).fetchall())


def text_of(row: tuple) -> Verbatim:
    _, at, words, score, csat, instrument, touchpoint, felt, name, token, _ = row
    return Verbatim(at, masked(words, (name,) if name else ()), score, csat, instrument, touchpoint, felt, token)
