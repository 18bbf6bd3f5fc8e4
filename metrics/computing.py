"""All that a snapshot adds to its canonical tables: views, cubes, results. Slow work, done once, on both cores.

A temporary relation goes after the last view or step that reads it: of a million customers they would fill the memory.
Cubes are added up in a thread of their own, beside the steps of metrics/results that do not read them: the database
works outside Python's lock, and most of these steps are Python on one core.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

import duckdb
from threadpoolctl import threadpool_limits

from metrics.cubes import create_cubes
from metrics.definitions import Catalogue
from metrics.results.steps import STEPS, Create, Step
from metrics.views import View, ViewError, view_steps

if TYPE_CHECKING:
    from data.settings import Settings

Progress = Callable[[int, int, str], None]
SECONDS = 0.1  # between two attempts to end the cubes when a step has failed


def compute(
    connection: duckdb.DuckDBPyConnection,
    settings: "Settings",
    catalogue: Catalogue,
    progress: Progress,
    views: Sequence[View],
) -> None:
    """Create `setting*`, `reading*`, the views, the cubes of the catalogue and all results, by canonical.*.

    `progress(done, total, name)` is called before each part and once at the end. Adds rows to meta.warnings (created
    when missing). Raises ViewError or CatalogueError; they name the file or the metric.
    """
    connection.execute("set preserve_insertion_order = false")  # said where it matters; keeping it fills the memory
    parts = view_steps(connection, settings, views)
    total = len(parts) + len(STEPS)
    last = last_read(views, STEPS)
    for done, (name, create) in enumerate(parts):
        progress(done, total, name)
        create()
        drop(connection, last, name)
    done = len(parts)
    with added_up(connection, catalogue, settings) as finish_cubes:
        for step in STEPS:
            progress(done, total, step.name)
            if step.reads_cubes:
                finish_cubes()
            create_result(connection, settings, step.name, step.create)
            drop(connection, last, step.name)
            done += 1
    progress(total, total, "")


@contextlib.contextmanager
def added_up(
    connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, settings: "Settings"
) -> Iterator[Callable[[], None]]:
    """Cubes are made meanwhile; what it gives waits for them. They are ended when something else fails."""
    with connection.cursor() as cursor, ThreadPoolExecutor(1) as beside:
        cubes = beside.submit(create_cubes, cursor, catalogue, settings)
        try:
            yield cubes.result
            cubes.result()
        except BaseException:
            while not cubes.done():
                cursor.interrupt()
                wait([cubes], SECONDS)
            raise


def last_read(views: Iterable[View], steps: Iterable[Step]) -> dict[str, str]:
    """Temporary relation -> the view or step after which nothing reads it."""
    last = {view.name: view.name for view in views if view.stored == "temp"}
    for name, sources in [*((v.name, v.sources) for v in views), *((s.name, s.temporary) for s in steps)]:
        last |= {source: name for source in sources if source in last}
    return last


def drop(connection: duckdb.DuckDBPyConnection, last: dict[str, str], read: str) -> None:
    """Drop what nothing reads after `read`."""
    for name in (name for name, reader in last.items() if reader == read):
        connection.execute(f'drop table "{name}"')


def create_result(connection: duckdb.DuckDBPyConnection, settings: "Settings", name: str, create: Create) -> None:
    """One step of metrics/results; linear algebra in one thread: its arrays are small, and waiting threads spin."""
    try:
        with threadpool_limits(1):
            create(connection, settings)
    except duckdb.Error as error:
        raise ViewError(f"metrics/results/{name}.py: {error}") from error
