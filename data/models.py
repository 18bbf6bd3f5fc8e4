"""What the strict pydantic models of data/ have in common."""

import types
import typing
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Strict(BaseModel):
    """Frozen, refuses unknown keys, and does not turn one type into another."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, str_min_length=0)


LANGUAGES = ("en", "fr")


def both_languages(value: Any) -> Any:
    """A plain text is the label in every language."""
    if isinstance(value, str):
        return dict.fromkeys(LANGUAGES, value)
    if isinstance(value, dict) and set(value) != set(LANGUAGES):
        raise ValueError(f"a label is one text, or has the keys {' and '.join(LANGUAGES)}")
    return value


Label = Annotated[dict[str, str], BeforeValidator(both_languages)]
Code = Annotated[str, Field(pattern=r"^[^\s,;=&]+$", max_length=80)]
ColumnName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]


def names_at(model: type[BaseModel], place: tuple[str | int, ...]) -> list[str]:
    """Names of the keys that `model` allows at a place inside it (keys and list positions); empty when any is."""
    annotation: Any = model
    for part in place:
        if is_model(annotation):
            field = annotation.model_fields.get(str(part))
            annotation = inner(field.annotation) if field else None
        elif typing.get_origin(annotation) in (dict, list, tuple):
            arguments = typing.get_args(annotation)
            annotation = inner(arguments[1 if typing.get_origin(annotation) is dict else 0])
        else:
            return []
    return [field.alias or name for name, field in annotation.model_fields.items()] if is_model(annotation) else []


def is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def inner(annotation: Any) -> Any:
    """The annotation without Annotated and without `| None`."""
    if typing.get_origin(annotation) is Annotated:
        return inner(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return inner(next(a for a in typing.get_args(annotation) if a is not type(None)))
    return annotation
