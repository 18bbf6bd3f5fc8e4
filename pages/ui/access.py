"""Who reads, and what they may see. Without sign-in: one local reader, on this computer only (dashboard.py).

Sign-in is a later piece of work; it replaces `reader`. Every page asks `may_open` itself (link.current), on every run.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reader:
    """`pages`: names, or None for all. `scope`: segment column -> codes that limit every row this reader can count.

    `sees_rows`: the rows behind a number. `sees_personal`: names and addresses of persons. `keeps_snapshots`: may keep
    one for a meeting. `may_write`: actions, notes.
    """

    name: str
    pages: frozenset[str] | None = None
    scope: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sees_rows: bool = True
    sees_personal: bool = False
    keeps_snapshots: bool = True
    may_write: bool = True

    def may_open(self, page: str) -> bool:
        return self.pages is None or page in self.pages

    def may_choose(self, column: str, codes: tuple[str, ...]) -> tuple[str, ...]:
        """Of the codes of a column, those inside the reader's scope."""
        limits = dict(self.scope)
        return tuple(code for code in codes if column not in limits or code in limits[column])


LOCAL = Reader("local")


def reader() -> Reader:
    """The reader of this run, computed anew each time."""
    return LOCAL
