"""Every public name of scripts/guide has one meaning, and no name is meaningless."""

import ast
from collections import defaultdict
from collections.abc import Iterator

from guide import ROOT

PACKAGE = ROOT / "scripts/guide"

# Names that several modules may define, and the reason.
SHARED = {
    "run": "Runs a program, or is what one of the scripts calls; called with its module's name.",
    "claim": "content.recordings has a reader for each kind of recording, named after the kind.",
    "makeExtension": "Python-Markdown looks it up in the module of an extension.",
}

# Words that do not describe a thing. They may be parts of longer names.
EMPTY_WORDS = {
    *("begun", "found", "given", "looks", "made", "mine", "place", "said", "seen", "spring"),
    *("tried", "typed", "what", "whole"),
}


def public_names(tree: ast.Module) -> set[str]:
    """Return the public classes and functions that a module defines at its top level."""
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    names = {node.name for node in tree.body if isinstance(node, definitions)}
    return {name for name in names if not name.startswith("_")}


def defined_names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of every function, class, parameter, variable and field."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


def test_a_public_name_is_defined_in_one_module() -> None:
    modules = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        for name in public_names(ast.parse(path.read_text())):
            modules[name].append(str(path.relative_to(PACKAGE)))
    shared = {name: paths for name, paths in modules.items() if len(paths) > 1}
    assert shared.keys() == SHARED.keys(), shared


def test_public_names_are_classes_and_functions_of_the_top_level() -> None:
    text = "class A:\n    def b(self): ...\n\ndef c(): ...\n\ndef _d(): ...\n\ne = 1\n"
    assert public_names(ast.parse(text)) == {"A", "c"}


def test_a_name_is_what_somebody_would_search_for() -> None:
    empty = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for line, name in defined_names(ast.parse(path.read_text()))
        if name.strip("_").lower() in EMPTY_WORDS
    ]
    assert empty == []


def test_each_kind_of_definition_is_checked() -> None:
    text = "def found(given): mine = 1\n\nclass Place:\n    said: str\n"
    names = [name for _, name in defined_names(ast.parse(text))]
    assert sorted(names) == ["Place", "found", "given", "mine", "said"]
