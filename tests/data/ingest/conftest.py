import pytest

from tests.faults.world import World


@pytest.fixture
def world(tmp_path) -> World:
    """An empty company in a folder of its own; limits on rejected rows are off unless a test sets them."""
    return World(tmp_path)
