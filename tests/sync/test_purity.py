"""The protocol core decides on values alone: no clock, no chance, no input or output."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PURE = {
    *("collections", "dataclasses", "enum", "functools", "hashlib", "bisect", "itertools", "json"),
    *("operator", "re", "struct", "types", "typing", "unicodedata", "zlib"),
    *("cryptography", "msgspec", "sync"),
}
"""All that `sync` may import: pure parts of the standard library, and two packages."""

EXCEPTIONS = {
    "fingerprint.py": {"pathlib"},  # reads the word list that lies beside it, once
    "field_names.py": {"pathlib"},  # reads the list that lies beside it, once
    "kinds.py": {"pathlib"},  # reads the table that lies beside it, once
}

DEEDS = {"open", "print", "input", "eval", "exec", "__import__", "breakpoint"}

TWIN_IMPORTS = re.compile(r"""(?:from|import)\s*\(?['"]([^'"]+)['"]""")
TWIN_MAY_IMPORT = re.compile(r"\./\w+|@noble/hashes/\w+\.js|\.\./\.\./\.\./sync/\w+\.json")
TWIN_MAY_NOT_SAY = re.compile(
    r"\b(Date\b|performance\.|Math\.random|getRandomValues|randomUUID|generateKey|fetch\(|"
    r"setTimeout|setInterval|indexedDB|localStorage|document\.|window\.|navigator\.|console\.)"
)
COMMENTS = re.compile(r"/\*.*?\*/|(?<![:'\"])//[^\n]*", re.DOTALL)

PYTHON_FILES = sorted((ROOT / "sync").glob("*.py"))
TWIN_FILES = sorted((ROOT / "pwa" / "src" / "sync").glob("*.ts"))


def name_of(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("path", PYTHON_FILES, ids=name_of)
def test_it_imports_only_what_is_pure(path: Path) -> None:
    imported = {
        module.partition(".")[0]
        for node in ast.walk(ast.parse(path.read_bytes()))
        for module in modules_of(node)
    }

    assert imported <= PURE | EXCEPTIONS.get(path.name, set())


@pytest.mark.parametrize("path", PYTHON_FILES, ids=name_of)
def test_it_calls_nothing_that_reaches_outside(path: Path) -> None:
    called = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }

    assert not called & DEEDS


@pytest.mark.parametrize("path", TWIN_FILES, ids=name_of)
def test_its_twin_is_as_pure(path: Path) -> None:
    code = COMMENTS.sub("", path.read_text())
    imported = TWIN_IMPORTS.findall(code)

    assert [module for module in imported if not TWIN_MAY_IMPORT.fullmatch(module)] == []
    assert TWIN_MAY_NOT_SAY.findall(code) == []


def test_the_twin_is_there() -> None:
    assert len(PYTHON_FILES) > 10
    assert len(TWIN_FILES) > 10


def modules_of(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        # A relative import stays inside `sync`.
        return [node.module or "sync"] if node.level == 0 else []
    return []
