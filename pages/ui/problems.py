"""What an address asks for and cannot have: kept as problems, which a page says in words."""

from collections.abc import Sequence
from dataclasses import dataclass

MAX_LENGTH = 120
MAX_PROBLEMS = 6


@dataclass(frozen=True)
class Problem:
    """Something in an address that could not be done: key of its sentence, and its holes, cut short and visible."""

    key: str
    holes: tuple[tuple[str, str], ...] = ()


def harmless(text: str) -> str:
    """The beginning of a text from an address, with nothing that is not a visible character."""
    visible = "".join(c if c.isprintable() and not 0xD800 <= ord(c) <= 0xDFFF else "·" for c in text[:MAX_LENGTH])
    return visible[:40] + ("…" if len(visible) > 40 else "")


def shortened(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    rest = len(problems) - MAX_PROBLEMS
    if rest <= 0:
        return tuple(problems)
    return (*problems[:MAX_PROBLEMS], Problem("link.more_problems", (("n", str(rest)),)))
