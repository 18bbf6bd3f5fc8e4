"""Pages opened through the frame, as a reader opens them, without a browser."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext  # noqa: F401
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from pages.ui.component import PACKAGE

ROOT = Path(__file__).resolve().parents[2]
Opener = Callable[..., AppTest]


@pytest.fixture
def opener(monkeypatch) -> Callable[[Path], Opener]:
    """opener(snapshots)(page, **params) is the page with that address."""

    def of(snapshots: Path) -> Opener:
        def open_page(page: str = "overview", **params: str) -> AppTest:
            monkeypatch.setenv("OUTSIDE_IN_SNAPSHOTS", str(snapshots))
            app = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60)
            app._page_hash = calc_hash("" if page == "overview" else page)
            app.query_params.update(params)
            return app.run()

        return open_page

    return of


@pytest.fixture
def open_page(opener, sample_snapshots) -> Opener:
    """A page of the sample company."""
    return opener(sample_snapshots)


def words(app: AppTest) -> str:
    """Everything that a page says, one element or text of a tile a line."""
    kinds = (
        "title",
        "header",
        "subheader",
        "markdown",
        "caption",
        "text",
        "warning",
        "info",
        "error",
        "code",
    )
    said = [str(element.value) for kind in kinds for element in getattr(app, kind, ())]
    return "\n".join([*said, *(text for one in [*tiles(app), *entries(app)] for text in texts_of(one))])


def told_to(app: AppTest, component: str) -> list:
    """What every element of a component of ours is drawn from, in the order of the page."""
    name = f"{PACKAGE}.{component}"
    return [json.loads(e.proto.bytes) for e in app.get("bidi_component") if e.proto.component_name == name]


def tiles(app: AppTest) -> list[dict]:
    """The tiles of a page (pages/ui/tiles.py)."""
    return [tile for group in told_to(app, "tiles") for tile in group]


def entries(app: AppTest) -> list[dict]:
    """The names of a page's lists with their texts (pages/ui/index.py)."""
    return [entry for one in told_to(app, "index") for entry in one["entries"]]


def texts_of(part: object) -> Iterator[str]:
    """Every text in what a tile is made of."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict | list):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from texts_of(inner)


def no_error(app: AppTest) -> None:
    assert not app.exception, [e.value for e in app.exception]
    assert not app.error, [e.value for e in app.error]


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
