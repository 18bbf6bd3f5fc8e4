"""French and English say the same things, all of them, and nothing else."""

import ast
import re
import string
from functools import cache
from pathlib import Path

import pytest
import yaml

from pages.ui.text import DIRECTORY, JOINER, LANGUAGES, literal, sentences, t

ROOT = Path(__file__).resolve().parents[2]


def forms(lang: str, key: str) -> list[str]:
    found = sentences(lang)[key]
    return list(found.values()) if isinstance(found, dict) else [found]


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_keys_with_the_same_forms():
    assert sentences("fr").keys() == sentences("en").keys()
    differing = [k for k in sentences("en") if len(forms("en", k)) != len(forms("fr", k))]
    assert not differing


def test_both_languages_have_the_same_holes_and_all_of_them_are_named():
    for key in sentences("en"):
        named = [set().union(*(holes(text) for text in forms(lang, key))) for lang in LANGUAGES]
        assert named[0] == named[1], key
        assert all(name.isidentifier() for name in named[0]), key


@cache
def written_in_the_code() -> tuple[re.Pattern[str], ...]:
    """Every string of pages/ and metrics/, with what an f-string fills in as anything."""
    found = set()
    for path in [ROOT / "dashboard.py", *(ROOT / "pages").rglob("*.py"), *(ROOT / "metrics").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(re.escape(node.value))
            elif isinstance(node, ast.JoinedStr):
                parts = [re.escape(p.value) if isinstance(p, ast.Constant) else r"[\w.]+" for p in node.values]
                found.add("".join(parts))
    return tuple(re.compile(pattern) for pattern in found if "\\." in pattern)


def test_no_sentence_is_left_over():
    unused = [key for key in sentences("en") if not any(p.fullmatch(key) for p in written_in_the_code())]
    assert not unused


def asked_for() -> set[str]:
    """Keys that the code asks for by name."""
    found = set()
    for path in (ROOT / "pages").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "t"
            if is_call and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
    return found


def test_no_sentence_is_missing():
    assert asked_for() - sentences("en").keys() == set()


def test_no_key_is_written_twice():
    class Strict(yaml.SafeLoader):
        pass

    def mapping(loader, node):
        keys = [loader.construct_object(key) for key, _ in node.value]
        assert len(keys) == len(set(keys)), (
            f"line {node.start_mark.line + 1}: {sorted(k for k in keys if keys.count(k) > 1)}"
        )
        return yaml.SafeLoader.construct_mapping(loader, node, deep=True)

    Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    for lang in LANGUAGES:
        yaml.load((DIRECTORY / f"{lang}.yaml").read_text(encoding="utf-8"), Strict)  # noqa: S506


def test_every_sentence_is_text():
    for lang in LANGUAGES:
        wrong = [key for key in sentences(lang) if not all(isinstance(text, str) and text for text in forms(lang, key))]
        assert not wrong, lang


def test_french_punctuation_never_begins_a_line():
    for key in sentences("fr"):
        for text in forms("fr", key):
            assert not re.search(r" [;:!?»]|« ", text), key
            assert "'" not in text, f"{key}: write the apostrophe as ’"


@pytest.mark.parametrize(("count", "french"), [(0, "one"), (1, "one"), (1.5, "one"), (2, "other")])
def test_the_form_follows_the_rule_of_the_language(count, french):
    key = next(key for key, found in sentences("fr").items() if isinstance(found, dict))
    filled = dict.fromkeys(set().union(*(holes(text) for text in forms("fr", key))), "x")
    assert t(key, "fr", count=count, **filled) == sentences("fr")[key][french].format(**filled)


def test_a_hole_left_empty_is_an_error():
    with pytest.raises(KeyError):
        t("frame.pinned", "en")


@pytest.mark.parametrize(
    "payload",
    [
        "![x](http://evil.example/p.png)",
        "[click](javascript:alert(1))",
        "<script>alert(1)</script>",
        "$\\frac{1}{2}$",
        ":material/warning: :red[x] :smile:",
        "https://evil.example/x",
        "**bold** _it_ `code` ~~s~~",
        "# title",
        "1. one",
        "- item",
        "www.evil.example",
        "me@evil.example",
    ],
)
def test_text_from_outside_is_shown_as_it_is(payload):
    """What markdown could read is escaped, and without escapes and joiners the payload is the payload."""
    escaped = literal(payload)
    assert re.sub(r"\\(.)", r"\1", escaped).replace(JOINER, "") == payload
    assert not re.search(r"(?<!\\)[\[\]<>`*_$:#]", escaped)
    assert not re.search(r"https?:/|www\.|@\w|:material/|->|--", escaped.replace("\\", ""))


def test_unbreakable_spaces_stay():
    assert literal("12\u202f345\u00a0% \n de") == "12\u202f345\u00a0% de"


def test_every_column_that_a_metric_can_be_cut_by_has_a_name():
    from metrics.definitions import load_catalogue

    columns = {column for metric in load_catalogue().metrics.values() for column in metric.by}
    assert {column for column in columns if f"columns.{column}" not in sentences("en")} == set()
