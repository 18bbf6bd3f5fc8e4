"""Small worlds made by hand."""

from collections.abc import Callable
from datetime import date

import pytest
from view_worlds import Rows, World, build_world, settings_with


@pytest.fixture
def world() -> Callable[..., World]:
    """world(customers=[{...}], orders=[...], as_of=last day of the data, settings={...}) -> World."""

    def build(as_of: date | None = date(2026, 10, 31), settings: dict | None = None, **tables: Rows) -> World:
        return build_world(tables, settings_with(as_of, **(settings or {})))

    return build
