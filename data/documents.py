"""YAML documents of the user, read strictly: what is written is what is meant, or the place where it is not is named.

YAML 1.2 scalars (`NO` is a text, only `true` and `false` are booleans, dates stay texts). Refused: anchors and aliases,
tags, keys given twice, nesting beyond MAX_DEPTH, documents beyond MAX_BYTES, secrets.
"""

import difflib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from data.errors import ConfigError, Fault
from data.models import names_at

MAX_BYTES = 256 * 1024
MAX_DEPTH = 40
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Model = TypeVar("Model", bound=BaseModel)
Place = tuple[str | int, ...]
Misfit = tuple[Place, str, str]

PLAIN = (
    (re.compile(r"|~|null|Null|NULL"), lambda text: None),
    (re.compile(r"true|True|TRUE"), lambda text: True),
    (re.compile(r"false|False|FALSE"), lambda text: False),
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"), float),
)
SECRET_KEY = re.compile(r"(password|passwd|secret|token|api_?key|private_?key)$", re.IGNORECASE)
SECRET_VALUE = re.compile(r"://[^/\s:@]+:[^@\s]+@|-----BEGIN [A-Z ]*PRIVATE KEY")


def load_document(path: Path, model: type[Model], misfits: Callable[[Model], list[Misfit]] | None = None) -> Model:
    """The document at `path` as a `model`; ConfigError names every fault as file:line:key.

    `misfits` finds what the model alone cannot: (place, what was found, what to do).
    """
    content, lines = parsed(path)
    secrets = [secret_fault(path, lines, place) for place, value in leaves(content) if is_secret(place, value)]
    try:
        document = model.model_validate(content)
    except ValidationError as error:
        raise ConfigError([*secrets, *model_faults(path, lines, model, error)]) from None
    found = misfits(document) if misfits else []
    wrong = [Fault(str(path), "misfit", what, fix, line_of(lines, place), dotted(place)) for place, what, fix in found]
    if secrets or wrong:
        raise ConfigError([*secrets, *wrong])
    return document


def parsed(path: Path) -> tuple[Any, dict[Place, int]]:
    """Content of a YAML file, and the physical line of every key and item."""
    text = document_text(path)
    try:
        refuse_tricks(path, text)
        node = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        found = " ".join(part for part in (error.context, error.problem) if part)
        raise ConfigError(Fault(str(path), "yaml", f"not YAML: {found}", "Correct the syntax there", line)) from None
    except yaml.YAMLError as error:
        raise ConfigError(Fault(str(path), "yaml", f"not YAML: {error}", "Save it as plain UTF-8 text")) from None
    lines: dict[Place, int] = {}
    faults: list[Fault] = []
    content = {} if node is None else constructed(node, (), lines, faults, str(path))
    lines.setdefault((), 1)
    if faults:
        raise ConfigError(faults)
    return content, lines


def document_text(path: Path) -> str:
    """The text of a regular UTF-8 file of at most MAX_BYTES."""
    if not path.is_file():
        found = "is a directory" if path.is_dir() else "is not a regular file" if path.exists() else "does not exist"
        raise ConfigError(Fault(str(path), "missing_file", f"the file {found}", "Give the path of a YAML file"))
    try:
        with path.open("rb") as handle:
            raw = handle.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(
            Fault(str(path), "unreadable", f"cannot be read: {error.strerror}", "Allow reading")
        ) from None
    if len(raw) > MAX_BYTES:
        limit = f"larger than {MAX_BYTES // 1024} KB"
        raise ConfigError(Fault(str(path), "too_large", limit, "A configuration is short: check the path"))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(Fault(str(path), "encoding", "not UTF-8", "Save the file as UTF-8", line)) from None


def refuse_tricks(path: Path, text: str) -> None:
    """Raise on anchors, aliases, tags, a second document, or deep nesting; lazily, before anything is built."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=Loader):
        line = event.start_mark.line + 1
        problem = None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            problem = ("alias", "an anchor or alias (& or *)", "Write the value out in full")
        elif getattr(event, "tag", None):
            problem = ("tag", f"a tag ({event.tag})", "Remove it: only plain values are read")
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                problem = ("depth", f"nested more than {MAX_DEPTH} levels deep", "Flatten it")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                problem = ("documents", "a second document (---)", "Keep one document a file")
        if problem:
            rule, found, fix = problem
            raise ConfigError(Fault(str(path), rule, f"{found} is not allowed", fix, line))


def constructed(node: yaml.Node, place: Place, lines: dict[Place, int], faults: list[Fault], file: str) -> Any:
    """Plain Python value of a node; collects the line of each place and a fault for each key given twice."""
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.ScalarNode):
        return scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [constructed(item, (*place, i), lines, faults, file) for i, item in enumerate(node.value)]
    content: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            faults.append(Fault(file, "key", "a key that is not a text", "Use a plain name", line))
            continue
        key = key_node.value
        if key in content:
            first = lines[(*place, key)]
            fix = "Keep one of the two"
            faults.append(
                Fault(file, "duplicate_key", f"given twice (first on line {first})", fix, line, dotted((*place, key)))
            )
            continue
        lines[(*place, key)] = line
        content[key] = constructed(value_node, (*place, key), lines, faults, file)
    return content


def scalar(node: yaml.ScalarNode) -> Any:
    """Value of a scalar by the rules of YAML 1.2; quoted or not matching: a text. Keys are always texts."""
    if node.style:
        return node.value
    for pattern, value in PLAIN:
        if pattern.fullmatch(node.value):
            return value(node.value)
    return node.value


def model_faults(path: Path, lines: dict[Place, int], model: type[BaseModel], error: ValidationError) -> list[Fault]:
    """Faults of a model; a key that is missing because it is misspelt is told once."""
    errors = error.errors(include_url=False)
    faults = [model_fault(path, lines, model, found) for found in errors]
    misspelt = " ".join(fault.fix for fault in faults if fault.rule == "extra_forbidden")
    return [
        fault
        for fault, found in zip(faults, errors, strict=True)
        if found["type"] != "missing" or f"Did you mean {found['loc'][-1]!r}?" not in misspelt
    ]


def line_of(lines: dict[Place, int], place: Place) -> int | None:
    """Line of a place, or of the nearest place around it."""
    return next((lines[place[:end]] for end in range(len(place), -1, -1) if place[:end] in lines), None)


def model_fault(path: Path, lines: dict[Place, int], model: type[BaseModel], found: dict[str, Any]) -> Fault:
    """A pydantic error as a fault at its line; an unknown key gets the nearest valid name."""
    place = tuple(part for part in found["loc"] if part != "[key]")
    line = line_of(lines, place)
    message = found["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    value = found.get("input")
    fix = "Correct this value"
    if found["type"] == "extra_forbidden":
        valid = names_at(model, place[:-1])
        message, fix = f"unknown key {place[-1]!r}", suggestion(str(place[-1]), valid)
    elif found["type"] == "missing":
        message, fix = "is missing", "Add it"
    elif isinstance(value, str | int | float | bool) or value is None:
        shown = "nothing" if value is None else repr(value)
        message = f"{shown[:80]}: {message}"
    return Fault(str(path), found["type"], message, fix, line, dotted(place) or None)


def suggestion(name: str, valid: list[str]) -> str:
    """`Did you mean ...?` when a valid name is near, otherwise the valid names."""
    near = difflib.get_close_matches(name.lower(), valid, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"Valid names here: {', '.join(valid)}" if valid else "Remove it"


def dotted(place: Place) -> str:
    return ".".join(str(part) for part in place)


def leaves(content: Any, place: Place = ()) -> list[tuple[Place, Any]]:
    if isinstance(content, dict):
        return [leaf for key, value in content.items() for leaf in leaves(value, (*place, key))]
    if isinstance(content, list):
        return [leaf for i, value in enumerate(content) for leaf in leaves(value, (*place, i))]
    return [(place, content)]


def is_secret(place: Place, value: Any) -> bool:
    """A text under a key such as `password`, or a text that holds a password or a private key."""
    key = str(place[-1]) if place else ""
    return isinstance(value, str) and bool((SECRET_KEY.search(key) and value) or SECRET_VALUE.search(value))


def secret_fault(path: Path, lines: dict[Place, int], place: Place) -> Fault:
    fix = "Take it out of the file (and change it: it may have been seen); give secrets in the environment"
    return Fault(str(path), "secret", "a secret is written here", fix, lines.get(place), dotted(place))
