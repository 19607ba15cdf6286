"""Check the tests themselves, so that no test passes without checking anything."""

import ast
import importlib
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeGuard

import pytest
from _pytest.assertion.rewrite import AssertionRewritingHook

from guide import ROOT

TESTS = ROOT / "tests"
FILES = sorted(TESTS.rglob("*.py"))
# Functions that return an empty list instead of an error if nothing matches.
SEARCHES = {
    *("findall", "finditer", "glob", "rglob", "iterdir", "splitlines"),
    *(
        "select",
        "find_all",
        "findAll",
        "all",
        "all_inner_texts",
        "evaluate_all",
        "query_selector_all",
    ),
}
Function = ast.FunctionDef
Rule = Callable[[ast.Module], Iterable[ast.AST]]


def functions(module: ast.Module, prefix: str = "") -> Iterator[Function]:
    every = (node for node in ast.walk(module) if isinstance(node, Function))
    return (node for node in every if node.name.startswith(prefix))


def without_inner_functions(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the descendants of a node that are not in an inner function."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (Function, ast.Lambda)):
            yield child
            yield from without_inner_functions(child)


def early_returns(module: ast.Module) -> Iterator[ast.AST]:
    """A test that returns early passes without checking anything."""
    for test in functions(module, "test_"):
        for node in without_inner_functions(test):
            if isinstance(node, ast.Return):
                yield node


def calls_of_tests(module: ast.Module) -> Iterator[ast.AST]:
    """Tests must not call each other or import from test modules."""
    for node in ast.walk(module):
        called = node.func if isinstance(node, ast.Call) else None
        name = called.id if isinstance(called, ast.Name) else ""
        imported = node.module or "" if isinstance(node, ast.ImportFrom) else ""
        if name.startswith("test_") or imported.startswith("test_"):
            yield node


def is_search(node: ast.expr) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in SEARCHES
    # A slice or an enumeration of a search is empty if the search is empty.
    if isinstance(node, ast.Subscript):
        return is_search(node.value)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        lazy = node.func.id in {"enumerate", "reversed", "sorted", "set", "list", "zip"}
        return lazy and any(map(is_search, node.args))
    return False


def is_call_of_all(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "all"


def loops_over_nothing(module: ast.Module) -> Iterator[ast.AST]:
    """An assertion in a loop over a search passes if the search is empty. Use `nonempty`."""
    for node in ast.walk(module):
        if isinstance(node, ast.For) and is_search(node.iter):
            if any(isinstance(inner, ast.Assert) for inner in ast.walk(node)):
                yield node
        elif isinstance(node, ast.Assert):
            for call in filter(is_call_of_all, ast.walk(node.test)):
                items = call.args[0]
                if isinstance(items, ast.GeneratorExp) and is_search(items.generators[0].iter):
                    yield call


def is_private(name: str) -> bool:
    return any(part.startswith("_") and not part.endswith("__") for part in name.split("."))


def private_names(module: ast.Module) -> Iterator[ast.AST]:
    """Tests must not use private names of the guide, which may change at any time."""
    imported: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("guide"):
            imported |= {alias.asname or alias.name for alias in node.names}
            if any(is_private(alias.name) for alias in node.names):
                yield node
    for node in ast.walk(module):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute):
                uses_private = name in imported and is_private(attribute)
            case ast.Constant(value=str(text)):
                uses_private = bool(re.fullmatch(r"guide(\.\w+)+", text)) and is_private(text)
            case _:
                uses_private = False
        if uses_private:
            yield node


RULES: list[Rule] = [early_returns, calls_of_tests, loops_over_nothing, private_names]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_tests_follow_the_rule(rule: Rule) -> None:
    violations = [
        f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
        for path in FILES
        for node in rule(ast.parse(path.read_text()))
    ]
    assert violations == [], rule.__doc__


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (early_returns, "def test_a():\n    if x:\n        return\n    assert y\n"),
        (early_returns, "def test_a():\n    for x in y:\n        return x\n"),
        (calls_of_tests, "def test_b():\n    test_a()\n"),
        (calls_of_tests, "from test_links import broken_links\n"),
        (loops_over_nothing, "for x in re.findall('a', b):\n    assert x\n"),
        (loops_over_nothing, "for x, y in enumerate(page.select('a')):\n    assert y\n"),
        (loops_over_nothing, "assert all(x for x in page.locator('a').all())\n"),
        (private_names, "from guide.bench import rounds\nrounds._merged()\n"),
        (private_names, "from guide.bench.rounds import _merged\n"),
        (private_names, "monkeypatch.setattr('guide.bench.rounds._merged', 1)\n"),
    ],
)
def test_a_violation_is_detected(rule: Rule, text: str) -> None:
    assert len([*rule(ast.parse(text))]) == 1


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (early_returns, "def test_a():\n    def inner():\n        return 1\n    assert inner()\n"),
        (early_returns, "def helper():\n    return 1\n"),
        (loops_over_nothing, "for x in nonempty(re.findall('a', b)):\n    assert x\n"),
        (loops_over_nothing, "for x in re.findall('a', b):\n    c.append(x)\n"),
        (private_names, "self._private()\n"),
    ],
)
def test_correct_code_is_accepted(rule: Rule, text: str) -> None:
    assert [*rule(ast.parse(text))] == []


def asserts(path: Path) -> bool:
    return any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(path.read_text())))


HELPERS = [
    path for path in FILES if not path.name.startswith(("test_", "conftest")) and asserts(path)
]


@pytest.mark.parametrize("path", HELPERS, ids=lambda path: path.stem)
def test_a_failed_assertion_of_a_helper_shows_its_values(path: Path) -> None:
    """pytest rewrites assertions only in tests and in registered helper modules."""
    spec = importlib.import_module(path.stem).__spec__
    assert spec is not None
    assert isinstance(spec.loader, AssertionRewritingHook), "register it in tests/conftest.py"
