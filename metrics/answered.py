"""Answers that a refresh worked out, read in place of working them out again: what pages ask as they open.

An answer is kept only where it reads back as it was, and used only by the program that worked it out: another version
may mean something else by the same question. Which questions: metrics/openings.py.

Table:
  opening_answer  a row a function of metrics/ and its arguments as text: the answer as JSON, `code` of the program
"""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from metrics.definitions import Catalogue
from metrics.ground import ANSWERS

if TYPE_CHECKING:
    import duckdb

CREATED = f"create table {ANSWERS} (function varchar, question varchar, code varchar, answer varchar)"


def asked(function: Callable, arguments: tuple) -> tuple[str, str]:
    """How a question is written down."""
    return name_of(function), repr(arguments)


def name_of(function: Callable) -> str:
    return f"{function.__module__}.{function.__qualname__}"


@cache
def adapter_of(function: Callable) -> TypeAdapter:
    """Writes and reads what a function says that it returns."""
    return TypeAdapter(function.__annotations__["return"])


def written(function: Callable, answer: Any) -> str | None:
    """An answer as JSON; None for one that would not read back as it is."""
    adapter = adapter_of(function)
    text = adapter.dump_json(answer).decode()
    try:
        return text if adapter.validate_json(text) == answer else None
    except ValidationError:
        return None


def keep(connection: "duckdb.DuckDBPyConnection", code: str, function: Callable, arguments: tuple, answer: Any) -> None:
    """One more row, where the answer can be kept."""
    text = written(function, answer)
    if text is not None:
        row = [*asked(function, arguments), code, text]
        connection.execute(f"insert into {ANSWERS} values (?, ?, ?, ?)", row)  # noqa: S608 a constant


def answered(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, function: Callable, arguments: tuple) -> Any:
    """function(cursor, catalogue, *arguments), read where it was kept."""
    ground = catalogue.ground
    if name_of(function) in ground.answering and (question := asked(function, arguments)) in ground.answered:
        sql = f"select answer from {ANSWERS} where function = ? and question = ?"  # noqa: S608 a constant
        (text,) = cursor.execute(sql, question).fetchone()
        return adapter_of(function).validate_json(text)
    return function(cursor, catalogue, *arguments)
