"""Words of the screen: whole sentences with named holes, from text/en.yaml and text/fr.yaml; nothing is glued.

A sentence that depends on a number has the forms `one` and `other` and is asked for with `count=`.
"""

import re
from functools import cache
from pathlib import Path

import yaml
from babel import Locale

DIRECTORY = Path(__file__).resolve().parent / "text"
LANGUAGES = ("fr", "en")
MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


@cache
def sentences(lang: str) -> dict[str, str | dict[str, str]]:
    """Every sentence of a language by its dotted key; a sentence with plural forms is a dict of them."""
    return dict(flattened(yaml.safe_load((DIRECTORY / f"{lang}.yaml").read_text(encoding="utf-8"))))


def flattened(tree: dict, prefix: str = ""):
    for name, branch in tree.items():
        key = f"{prefix}{name}"
        if isinstance(branch, dict) and not {"one", "other"} >= branch.keys():
            yield from flattened(branch, f"{key}.")
        else:
            yield key, branch


def t(key: str, lang: str, *, count: float | None = None, **holes: str) -> str:
    """The sentence of a key with its holes filled by texts already formatted; KeyError for an unknown key or hole.

    `count` only chooses between the forms `one` and `other`, by the language's own rule (in French 0 and 1.5 are one).
    """
    found = sentences(lang)[key]
    if isinstance(found, dict):
        if count is None:
            raise KeyError(f"{key} has forms for one and other: give count")
        found = found["one" if Locale(lang).plural_form(count) == "one" else "other"]
    return found.format_map(holes)


def literal(text: str) -> str:
    """Text from outside (labels, codes, names, notes), so that markdown shows it as it is: no link, image, formula."""
    return MARKDOWN.sub(r"\\\1", " ".join(text.split()))
