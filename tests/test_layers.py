"""What must stay true of the tree itself: who may import whom, how long things may be, what may not be written."""

import ast
import importlib.machinery
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(p for name in ("data", "metrics", "pages", "benchmarks") for p in (ROOT / name).rglob("*.py")) + [
    ROOT / "dashboard.py"
]
LAYERS = {"data": 0, "metrics": 1, "pages": 2}
COMPOSITION_ROOTS = {"data/refresh.py": {"metrics"}}  # the command that runs every layer
OPENS_SNAPSHOT = {"metrics/__main__.py", "pages/ui/store.py"}
TEXT_LINT = {
    "pages/": [
        r"unsafe_allow_html",
        r"st\.html\(",
        r"st\.table\(",
        r"plotly\.express",
        r"\.read_pickle\(",
        r"\beval\(",
    ],
    "metrics/": [r"plotly", r"import streamlit", r"datetime\.now", r"date\.today", r"\.read_pickle\(", r"\beval\("],
    "data/": [r"plotly", r"import streamlit", r"\.read_pickle\(", r"\beval\("],
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> set[str]:
    """Every module that a file imports, dotted."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_imports_point_down(path):
    layer = LAYERS.get(name_of(path).split("/")[0], 3)
    above = {
        module.split(".")[0] for module in imports(path) if LAYERS.get(module.split(".")[0], -1) > layer
    } - COMPOSITION_ROOTS.get(name_of(path), set())
    assert not above, f"{name_of(path)} imports from above: {sorted(above)}"


@pytest.mark.parametrize("path", [p for p in SOURCES if name_of(p).startswith(("metrics/", "pages/"))], ids=name_of)
def test_only_the_doors_open_a_snapshot(path):
    opens = {m for m in imports(path) if m.startswith(("data.store", "data.snapshot"))}
    assert not opens or name_of(path) in OPENS_SNAPSHOT, f"{name_of(path)} imports {sorted(opens)}"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_only_one_module_connects_and_one_caches_and_one_reads_the_link(path):
    text, name = path.read_text(), name_of(path)
    rules = {
        r"duckdb\.connect\(": {"data/store.py"},
        r"st\.cache_(data|resource)": set(),
        r"\bKept\(": {"pages/ui/store.py", "metrics/ground.py"},
        r"st\.query_params": {"pages/ui/link.py"},
        r"st\.session_state": {"pages/ui/link.py"},
    }
    for pattern, allowed in rules.items():
        if name.startswith(("benchmarks/", "data/sample/")):
            continue
        assert name in allowed or not re.search(pattern, text), f"{name}: {pattern} belongs to {sorted(allowed)}"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_files_and_functions_are_short(path):
    text, name = path.read_text(), name_of(path)
    is_page = re.fullmatch(r"pages/\w+\.py", name)
    limit = 120 if is_page else 300
    assert len(text.splitlines()) <= limit, f"{name} is longer than {limit} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1
            assert length <= 50, f"{name}: {node.name} is {length} lines long"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_nothing_forbidden_is_written(path):
    text, name = path.read_text(), name_of(path)
    for prefix, patterns in TEXT_LINT.items():
        for pattern in patterns if name.startswith(prefix) else []:
            assert not re.search(pattern, text), f"{name} contains {pattern}"


@pytest.mark.parametrize("path", [p for p in SOURCES if re.fullmatch(r"pages/\w+\.py", name_of(p))], ids=name_of)
def test_a_page_holds_no_sql(path):
    assert not re.search(r"\b(select|group by|where)\b.+\bfrom\b", path.read_text(), re.IGNORECASE)


def test_no_page_is_named_like_a_package():
    """Streamlit puts pages/ first on sys.path: a page file of a package's name would shadow the package."""
    others = [p for p in sys.path if Path(p or ".").resolve() != ROOT / "pages"]
    for path in (ROOT / "pages").iterdir():
        name = path.stem
        if name.startswith(("_", ".")) or (path.is_dir() and not (path / "__init__.py").exists()):
            continue
        spec = importlib.machinery.PathFinder.find_spec(name, others)
        assert spec is None, f"pages/{path.name} shadows {spec}"
        assert name not in sys.stdlib_module_names, f"pages/{path.name} shadows a module of Python"
