"""Everyday edits of a developer, each a small change to a copy of an example."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from guide import Problem
from guide.content.examples import Example, every_example

# Runs uv or Poetry with some arguments in a folder, the copy of an example.
RunPackageManager = Callable[[Path, list[str]], None]


@dataclass(frozen=True)
class Edit:
    """One edit. `apply` takes the folder of the copy and a function that runs uv in it.

    `command` is the command with which a developer makes the edit, or empty.
    """

    name: str
    title: str
    apply: Callable[[Path, RunPackageManager], None]
    command: str = ""


def copy(example: Example, folder: Path) -> Path:
    """Copy an example's files, with their modification times, into the new folder `folder`.

    A patch is applied. uv.lock is then out of date if the patch adds a dependency.
    """
    for path in example.files:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(example.folder / path, target)
    example.apply_patch(folder)
    return folder


def _first(folder: Path, pattern: str) -> Path:
    """Return the first file in alphabetical order that the pattern matches outside tests/."""
    matches = sorted(path for path in folder.glob(pattern) if "tests" not in path.parts)
    if not matches:
        raise Problem(f"An edit needs a file that matches {pattern} in {folder.name}.")
    return matches[0]


def _append(pattern: str, line: str) -> Callable[[Path, RunPackageManager], None]:
    def apply(folder: Path, _uv: RunPackageManager) -> None:
        path = _first(folder, pattern)
        path.write_text(f"{path.read_text()}{line}\n")

    return apply


def _replace(pattern: str, old: str, new: str) -> Callable[[Path, RunPackageManager], None]:
    def apply(folder: Path, _uv: RunPackageManager) -> None:
        path = _first(folder, pattern)
        text, count = re.subn(old, new, path.read_text(), flags=re.MULTILINE)
        if count != 1:
            raise Problem(f"An edit needs {old!r} exactly once in {path.name}. Matches: {count}.")
        path.write_text(text)

    return apply


def _with_uv(name: str, title: str, *arguments: str) -> Edit:
    """Return an edit for which uv changes pyproject.toml and uv.lock but installs nothing."""
    command = [*arguments, "--no-sync"]
    return Edit(name, title, lambda folder, uv: uv(folder, command), f"uv {' '.join(command)}")


def _touch(folder: Path, _uv: RunPackageManager) -> None:
    for path in folder.rglob("*"):
        path.touch()


# The edit "uv" changes the pinned version to this one.
ANOTHER_UV = "0.13.8"


def _use_tools(folder: Path, _uv: RunPackageManager) -> None:
    """Create the files that tests, linter and server leave on a laptop."""
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


# Edits of a workspace outside of the service whose image is built, and their titles.
WORKSPACE_EDITS = {
    "other-view": "Edit a view of the other service",
    "other-version": "Bump the other service's version",
    "other-dependency": "Add a dependency to the other service",
    "shared": "Edit the shared package",
}


def edit(name: str, example: Example | None = None) -> Edit:
    """Return the edit with the name `name`, of the example if the edits depend on it.

    Raises Problem if it does not exist.
    """
    edits = edits_of(example) if example else EDITS
    for each in edits:
        if each.name == name:
            return each
    raise Problem(f"There is no edit {name!r}. There are: {', '.join(e.name for e in edits)}.")


def edits_of(example: Example) -> list[Edit]:
    """Return the edits of an example. For a service in a workspace, they edit this service."""
    if not example.member:
        return EDITS
    other = next(
        each
        for each in every_example()
        if each.project == example.project and each.member != example.member
    )
    shared = _append("packages/*/src/*/middleware.py", "# edited")
    return [
        *(_of_service(each, example) for each in EDITS),
        *(
            replace(_of_service(edit(name.removeprefix("other-")), other), name=name, title=title)
            for name, title in WORKSPACE_EDITS.items()
            if name.startswith("other-")
        ),
        Edit("shared", WORKSPACE_EDITS["shared"], shared),
    ]


def _of_service(change: Edit, service: Example) -> Edit:
    """Return an edit that changes one service of a workspace."""
    if change.name in {"view", "template", "tools"}:
        return replace(change, apply=lambda folder, uv: change.apply(folder / service.member, uv))
    if change.command:
        option = ["--package", service.package]
        return replace(
            change,
            apply=lambda folder, uv: change.apply(
                folder, lambda root, arguments: uv(root, [*arguments, *option])
            ),
            command=f"{change.command} {' '.join(option)}",
        )
    return change


# The name of the build after the edit "view" in a Dockerfile that copies the code first, and the
# example that this Dockerfile is derived from.
CODE_FIRST = "view-code-first"
CODE_FIRST_IN = "pattern-a-single-stage"


def code_first(dockerfile: str, lockfile: str = "uv.lock") -> str:
    """Return the Dockerfile with its two COPY instructions swapped.

    Raises Problem unless the Dockerfile has each of them exactly once.
    """
    lock, code = f"COPY pyproject.toml {lockfile} ./\n", "COPY . .\n"
    if dockerfile.count(lock) != 1 or dockerfile.count(code) != 1:
        raise Problem(
            f"The Dockerfile must have {lock.strip()!r} and {code.strip()!r} exactly once each."
        )
    return dockerfile.replace(lock, "\0").replace(code, lock).replace("\0", code)
