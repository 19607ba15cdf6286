"""What a developer changes on an ordinary day, each as a small change to a copy of an example."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from guide import Problem
from guide.content.examples import Example

# How uv is run in the copy of an example: the arguments of uv, and the folder.
Uv = Callable[[Path, list[str]], None]


@dataclass(frozen=True)
class Edit:
    """One change. `apply` gets the copy's folder and a way to run uv in it.

    `command` is what a developer types for it, where that is a command.
    """

    name: str
    title: str
    apply: Callable[[Path, Uv], None]
    command: str = ""


def copy(example: Example, folder: Path) -> Path:
    """Copy an example's files, with their times, into the new folder `folder`."""
    for path in example.files:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(example.folder / path, target)
    return folder


def _only(folder: Path, pattern: str) -> Path:
    """The one file that the pattern is meant to find, the first in alphabetical order."""
    found = sorted(path for path in folder.glob(pattern) if "tests" not in path.parts)
    if not found:
        raise Problem(f"An edit found no {pattern} in the copy of {folder.name}.")
    return found[0]


def _append(pattern: str, line: str) -> Callable[[Path, Uv], None]:
    def apply(folder: Path, _uv: Uv) -> None:
        path = _only(folder, pattern)
        path.write_text(f"{path.read_text()}{line}\n")

    return apply


def _replace(pattern: str, old: str, new: str) -> Callable[[Path, Uv], None]:
    def apply(folder: Path, _uv: Uv) -> None:
        path = _only(folder, pattern)
        text, count = re.subn(old, new, path.read_text(), flags=re.MULTILINE)
        if count != 1:
            raise Problem(f"An edit needs {old!r} once in {path.name}, which has it {count} times.")
        path.write_text(text)

    return apply


def _with_uv(name: str, title: str, *arguments: str) -> Edit:
    """An edit that uv itself makes, to the two files and to no venv."""
    words = [*arguments, "--no-sync"]
    return Edit(name, title, lambda folder, uv: uv(folder, words), f"uv {' '.join(words)}")


def _touch(folder: Path, _uv: Uv) -> None:
    for path in folder.rglob("*"):
        path.touch()


# What the edit "uv" changes the pinned version to.
ANOTHER_UV = "0.13.8"


def _use_tools(folder: Path, _uv: Uv) -> None:
    """Leave behind what running the tests, the linter and the server on a laptop leaves."""
    for name in (".pytest_cache/x", ".ruff_cache/x", ".venv/x", "tests/__pycache__/x.pyc"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    for name in (".env", ".env.local", "db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm"):
        (folder / name).write_text("x")


EDITS = [
    Edit("nothing", "Change nothing", lambda _folder, _uv: None),
    Edit("touch", "Touch every file", _touch),
    Edit("tools", "Run tests, linter, server", _use_tools),
    Edit("readme", "Edit the README", _append("README.md", "One more line.")),
    Edit("template", "Edit a template", _append("**/templates/**/*.html", "<!-- edited -->")),
    Edit("view", "Edit a view", _append("**/views.py", "# edited")),
    Edit(
        "ruff",
        "Change a linter setting",
        _replace("pyproject.toml", r"^line-length = \d+", "line-length = 100"),
    ),
    _with_uv("version", "Bump the project's version", "version", "--bump", "patch"),
    _with_uv("dependency", "Add a dependency", "add", "sentry-sdk"),
    Edit(
        "uv",
        "Change the version of uv",
        _replace("Dockerfile", r"/uv:[\d.]+", f"/uv:{ANOTHER_UV}"),
    ),
]


def edit(name: str) -> Edit:
    """The edit of that name. Raises Problem when there is none."""
    for each in EDITS:
        if each.name == name:
            return each
    raise Problem(f"There is no edit {name!r}. There are: {', '.join(e.name for e in EDITS)}.")


# A build beside the edits: the ordinary edit, in a Dockerfile that copies the code first.
CODE_FIRST = "view-code-first"
CODE_FIRST_IN = "pattern-a-single-stage"


def code_first(dockerfile: str, lockfile: str = "uv.lock") -> str:
    """The Dockerfile with its two COPY instructions swapped. Raises Problem if it has others."""
    lock, code = f"COPY pyproject.toml {lockfile} ./\n", "COPY . .\n"
    if dockerfile.count(lock) != 1 or dockerfile.count(code) != 1:
        raise Problem("The Dockerfile no longer has the two COPY lines that are to be swapped.")
    return dockerfile.replace(lock, "\0").replace(code, lock).replace("\0", code)
