"""Words of the screen: whole sentences with named holes, from text/en.yaml, text/<page>.en.yaml and the same in fr.

Nothing is glued. A key stands in one file only.

A sentence that depends on a number has the forms `one` and `other` and is asked for with `count=`.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import yaml
from babel import Locale

DIRECTORY = Path(__file__).resolve().parent / "text"
LANGUAGES = ("fr", "en")
JOINER = "\u2060"
REMADE = re.compile(r":(?=[A-Za-z/+])|@|(?i:www)(?=\.)|[<>=~-](?=[<>=~-])")
BLANKS = re.compile(r"[^\S\u00a0\u202f]+")  # all but the unbreakable spaces, which typography needs
MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


@cache
def sentences(lang: str) -> dict[str, str | dict[str, str]]:
    """Every sentence of a language by its dotted key; a sentence with plural forms is a dict of them."""
    found: dict[str, str | dict[str, str]] = {}
    for path in [DIRECTORY / f"{lang}.yaml", *sorted(DIRECTORY.glob(f"*.{lang}.yaml"))]:
        tree = dict(flattened(yaml.safe_load(path.read_text(encoding="utf-8"))))
        if twice := sorted(found.keys() & tree.keys()):
            raise KeyError(f"{path}: {', '.join(twice)} stands in another file too")
        found |= {key: forms_typeset(forms, lang) for key, forms in tree.items()}
    return found


def forms_typeset(forms: str | dict[str, str], lang: str) -> str | dict[str, str]:
    """Unbreakable spaces, written as ordinary ones in the files: around `n = 12`, and those of French."""
    if isinstance(forms, dict):
        return {form: forms_typeset(text, lang) for form, text in forms.items()}
    whole = forms.replace("n = ", "n\u00a0=\u00a0")
    if lang != "fr":
        return whole
    return re.sub(r" (?=[;!?])", "\u202f", re.sub(r" (?=[:»%])|(?<=«) ", "\u00a0", whole))


def flattened(tree: dict, prefix: str = "") -> Iterator[tuple[str, str | dict[str, str]]]:
    """Dotted keys and their sentences; a branch with only `one` and `other` is a sentence with forms."""
    for name, branch in tree.items():
        key = f"{prefix}{name}"
        if isinstance(branch, dict) and not {"one", "other"} >= branch.keys():
            yield from flattened(branch, f"{key}.")
        else:
            yield key, branch


@cache
def locale(lang: str) -> Locale:
    return Locale(lang)


def t(key: str, lang: str, *, count: float | None = None, **holes: str) -> str:
    """The sentence of a key with its holes filled by texts already formatted; KeyError for an unknown key or hole.

    `count` only chooses between the forms `one` and `other`, by the language's own rule (in French 0 and 1.5 are one).
    """
    found = sentences(lang)[key]
    if isinstance(found, dict):
        if count is None:
            raise KeyError(f"{key} has forms for one and other: give count")
        found = found["one" if locale(lang).plural_form(count) == "one" else "other"]
    return found.format_map(holes)


@lru_cache(maxsize=20_000)
def literal(text: str) -> str:
    """Text from outside (labels, codes, names, notes), so that markdown shows it as it is: no link, image, formula.

    Addresses, :material/...: icons and arrows are made after the escapes are gone: an invisible joiner stops them.
    """
    return MARKDOWN.sub(r"\\\1", REMADE.sub(lambda found: found[0] + JOINER, BLANKS.sub(" ", text).strip()))
