"""Names with a text each, as one element: a name is a link, that can be copied or opened aside (browser/index.js)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pages.ui import link
from pages.ui.address import address
from pages.ui.component import component, written


@dataclass(frozen=True)
class Entry:
    """What the address calls it (`pick`), its name, its text."""

    code: str
    name: str
    text: str


@dataclass(frozen=True)
class Index:
    """`address`: of the page with no entry chosen."""

    address: str
    entries: tuple[Entry, ...]


def index(entries: Sequence[Entry], key: str) -> None:
    """`key`: of this list on this page. Choosing a name writes the address."""
    shown = Index(address(link.current(), pick=None), tuple(entries))
    component("index")(data=written(shown), key=key, on_chosen_change=chosen(key))


def chosen(key: str) -> Callable[[], None]:
    return lambda: link.go(pick=link.said_by(key, "chosen"))
