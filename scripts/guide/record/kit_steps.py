"""Apply a kit to a project by following the instructions in the kit, as a reader does.

The instructions are numbered steps. A step contains a block with commands, or begins with Copy,
Merge, Remove or Delete. Any other step cannot be followed by a program, and raises Problem.
"""

import ast
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import tomlkit
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from guide import Problem

README = "KIT-README.md"
# Runs a block of commands in the project as one script, and returns what it prints.
RunCommand = Callable[[str], str]

_STEP = re.compile(r"(?m)^\d+\. ")
_BLOCK = re.compile(r"(?ms)^ *```sh\n(.*?)^ *```$")
_NAME = re.compile(r"`([^`]+)`")
_COPIED = re.compile(r"- `([^`]+)`")
_MERGED = re.compile(r"^Merge `([^`]+)` into `([^`]+)`")
_REMOVED = re.compile(r"^Remove `([^`]+)` from `pyproject.toml`")
_PRINTED = re.compile(r"prints `([^`]+)`")


@dataclass(frozen=True)
class KitStep:
    """A step of the instructions: what it says, and the commands of its block."""

    text: str
    commands: str

    @property
    def kind(self) -> str:
        """The first word of the step, or "Run" if it has commands."""
        return "Run" if self.commands else self.text.partition(" ")[0]


def read_steps(instructions: str) -> list[KitStep]:
    """Return the steps of a kit's instructions in order."""
    steps = []
    for text in _STEP.split(instructions)[1:]:
        block = _BLOCK.search(text)
        commands = dedent(block[1]) if block else ""
        steps.append(KitStep(" ".join(_BLOCK.sub("", text).split()), commands))
    return steps


def follow(kit: Path, project: Path, run: RunCommand) -> None:
    """Carry out the instructions of the kit in the folder `kit` on a project.

    Raises Problem if a step cannot be followed, or if no step mentions a file of the kit.
    """
    unused = {path.relative_to(kit).as_posix() for path in kit.rglob("*") if path.is_file()}
    for step in read_steps((kit / README).read_text()):
        if step.kind not in _ACTIONS:
            raise Problem(f"{README} has a step that no program can follow: {step.text!r}.")
        unused -= {*_ACTIONS[step.kind](step, kit, project, run)}
    if unused - {README}:
        raise Problem(f"No step of {README} mentions {', '.join(sorted(unused - {README}))}.")


def _run(step: KitStep, _kit: Path, _project: Path, run: RunCommand) -> list[str]:
    """Run the commands, and check that they print what the step says."""
    output = run(step.commands)
    for text in _PRINTED.findall(step.text):
        if text not in output:
            raise Problem(f"{step.text!r} must print {text!r}, but it prints {output!r}.")
    return []


def _copy(step: KitStep, kit: Path, project: Path, _run: RunCommand) -> list[str]:
    """Copy the files that a step lists, and return their paths in the kit."""
    names = _COPIED.findall(step.text)
    for name in names:
        target = project / name
        if target.exists():
            raise Problem(f"{README} says to copy {name}, which the project already has.")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(kit / name, target)
    return names


def _merge(step: KitStep, kit: Path, project: Path, _run: RunCommand) -> list[str]:
    """Merge the file that a step names, and return its path in the kit."""
    match = _MERGED.match(step.text)
    target = project / match[2] if match else project
    merge = _MERGES.get(target.suffix)
    if match is None or merge is None or not target.is_file():
        raise Problem(f"{README} has a step that no program can follow: {step.text!r}.")
    target.write_text(merge(target.read_text(), (kit / match[1]).read_text()))
    return [match[1]]


def _remove(step: KitStep, _kit: Path, project: Path, _run: RunCommand) -> list[str]:
    """Remove a key of the project from pyproject.toml."""
    match = _REMOVED.match(step.text)
    if match is None:
        raise Problem(f"{README} has a step that no program can follow: {step.text!r}.")
    path = project / "pyproject.toml"
    document: Any = tomlkit.parse(path.read_text())
    document["project"].pop(match[1], None)
    path.write_text(tomlkit.dumps(document))
    return []


def _delete(step: KitStep, kit: Path, _project: Path, _run: RunCommand) -> list[str]:
    """Check that the folders that a step deletes are in the kit, and not in the project."""
    missing = [name for name in _NAME.findall(step.text) if not (kit / name).exists()]
    if missing:
        raise Problem(f"{README} says to delete {missing[0]}, which the kit does not have.")
    return []


_ACTIONS: dict[str, Callable[[KitStep, Path, Path, RunCommand], list[str]]] = {
    "Run": _run,
    "Copy": _copy,
    "Merge": _merge,
    "Remove": _remove,
    "Delete": _delete,
}


def merge_python(text: str, lines: str) -> str:
    """Put the imports of the lines above the first import of a module, and the rest at its end.

    Imports from `__future__` stay above them.
    """
    imports, rest = _split_imports(lines)
    first = next(
        node.lineno
        for node in ast.parse(text).body
        if isinstance(node, ast.Import)
        or (isinstance(node, ast.ImportFrom) and node.module != "__future__")
    )
    own = text.splitlines(keepends=True)
    head, tail = "".join(own[: first - 1]), "".join(own[first - 1 :])
    return f"{head}{imports}\n{tail.rstrip()}\n\n\n{rest}"


def _split_imports(lines: str) -> tuple[str, str]:
    """Return the imports at the start of a module, and the lines below them."""
    end = 0
    for node in ast.parse(lines).body:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            break
        end = node.end_lineno or node.lineno
    own = lines.splitlines(keepends=True)
    return "".join(own[:end]), "".join(own[end:]).lstrip("\n")


def merge_toml(text: str, lines: str) -> str:
    """Add the values of some tables to the tables of a TOML file."""
    document = tomlkit.parse(text)
    _add(document, tomlkit.parse(lines))
    return tomlkit.dumps(document)


def _add(table: Any, more: Any) -> None:
    for key, value in more.items():
        own = table.get(key)
        if isinstance(own, dict) and isinstance(value, dict):
            _add(own, value)
        elif isinstance(own, list) and isinstance(value, list):
            names = {_package(each) for each in value}
            kept = [each for each in own if _package(each) not in names]
            own.clear()
            own.extend([*kept, *value])
        else:
            table[key] = value


def _package(entry: object) -> object:
    """Return the package that a dependency names, or the entry of another list."""
    if isinstance(entry, str):
        try:
            return canonicalize_name(Requirement(entry).name)
        except InvalidRequirement:
            return entry
    return entry


_MERGES: dict[str, Callable[[str, str], str]] = {".py": merge_python, ".toml": merge_toml}
