"""Apply a kit to a project by following the instructions in the kit, as a reader does.

The instructions are numbered steps. A step lists files to copy, or files to merge, or contains a
block with commands. A step that is none of these cannot be followed, and raises Problem.
"""

import ast
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from guide import Problem

README = "KIT-README.md"
# Runs a command line in the project, and returns what it prints.
RunCommand = Callable[[str], str]

_STEP = re.compile(r"(?m)^\d+\. ")
_BLOCK = re.compile(r"(?ms)^ *```sh\n(.*?)^ *```$")
_COPIED = re.compile(r"`([^`]+)`")
_MERGED = re.compile(r"`([^`]+)` into `([^`]+)`")
_PRINTED = re.compile(r"prints `([^`]+)`")


@dataclass(frozen=True)
class Step:
    """A step of the instructions: what it says, and the command lines of its block."""

    text: str
    commands: list[str]

    @property
    def printed(self) -> list[str]:
        """What the reader should see in the output of the commands."""
        return _PRINTED.findall(self.text)


def read_steps(instructions: str) -> list[Step]:
    """Return the steps of a kit's instructions in order."""
    steps = []
    for text in _STEP.split(instructions)[1:]:
        lines = (line.strip() for block in _BLOCK.findall(text) for line in block.splitlines())
        steps.append(Step(" ".join(_BLOCK.sub("", text).split()), [line for line in lines if line]))
    return steps


def follow(kit: Path, project: Path, run: RunCommand) -> None:
    """Carry out the instructions of the kit in the folder `kit` on a project.

    Raises Problem if a step cannot be followed, or if no step mentions a file of the kit.
    """
    unused = {path.relative_to(kit).as_posix() for path in kit.rglob("*") if path.is_file()}
    for step in read_steps((kit / README).read_text()):
        if step.commands:
            output = "".join(map(run, step.commands))
            for text in step.printed:
                if text not in output:
                    raise Problem(f"{step.text!r} must print {text!r}, but it prints {output!r}.")
        elif step.text.startswith("Copy "):
            unused -= {*_copy(step, kit, project)}
        elif step.text.startswith("Merge "):
            unused -= {*_merge(step, kit, project)}
        else:
            raise Problem(f"{README} has a step that no program can follow: {step.text!r}.")
    if unused - {README}:
        raise Problem(f"No step of {README} mentions {', '.join(sorted(unused - {README}))}.")


def _copy(step: Step, kit: Path, project: Path) -> Iterator[str]:
    """Copy the files that a step names, and yield their paths in the kit."""
    names = _COPIED.findall(step.text)
    for name in names:
        target = project / name
        if target.exists():
            raise Problem(f"{README} says to copy {name}, which the project already has.")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(kit / name, target)
        yield str(name)


def _merge(step: Step, kit: Path, project: Path) -> Iterator[str]:
    """Merge the files that a step names, and yield their paths in the kit."""
    for source, name in _MERGED.findall(step.text):
        target = project / name
        merge = MERGED_KINDS.get(target.suffix)
        if merge is None or not target.exists():
            raise Problem(f"{README} says to merge lines into {name}, which is not possible.")
        target.write_text(merge(target.read_text(), (kit / source).read_text()))
        yield str(source)


def merge_python(text: str, lines: str) -> str:
    """Put the imports of the lines above the first import of a module, and the rest at its end."""
    imports, rest = _split_imports(lines)
    first = next(
        node.lineno
        for node in ast.parse(text).body
        if isinstance(node, ast.Import | ast.ImportFrom)
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


MERGED_KINDS: dict[str, Callable[[str, str], str]] = {".py": merge_python, ".toml": merge_toml}
