"""Remove an item from a copy, and make the edits after which some items show their effect."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from guide import Problem
from guide.content.dockerfile import Dockerfile, Instruction
from guide.content.edits import Edit, RunPackageManager, edit
from guide.content.examples import Example
from guide.content.line_items import Item
from guide.record.traps import FORGOT_TO_LOCK, NEEDS_NEWER_PYTHON


def _replace(file: str, pattern: str, new: str) -> Callable[[Path, RunPackageManager], None]:
    """Return a function that replaces the first match of a pattern in a file of a project."""

    def apply(folder: Path, _uv: RunPackageManager) -> None:
        path = folder / file
        text, count = re.subn(pattern, new, path.read_text(), count=1, flags=re.MULTILINE)
        if count != 1:
            raise Problem(f"{file} must contain {pattern!r}, which this edit changes.")
        path.write_text(text)

    return apply


def _in_turn(
    *changes: Callable[[Path, RunPackageManager], None],
) -> Callable[[Path, RunPackageManager], None]:
    def apply(folder: Path, uv: RunPackageManager) -> None:
        for change in changes:
            change(folder, uv)

    return apply


def _lock(folder: Path, uv: RunPackageManager) -> None:
    uv(folder, ["lock"])


def _append(pattern: str, text: str) -> Callable[[Path, RunPackageManager], None]:
    """Return a function that appends a text to the first file that a pattern matches."""

    def apply(folder: Path, _uv: RunPackageManager) -> None:
        paths = sorted(path for path in folder.glob(pattern) if "tests" not in path.parts)
        if not paths:
            raise Problem(f"An edit needs a file that matches {pattern}.")
        with paths[0].open("a") as file:
            file.write(text)

    return apply


def _rename(folder: Path, uv: RunPackageManager) -> None:
    """Change the name of a project, but not the name of the module that it may contain."""
    path = folder / "pyproject.toml"
    module = re.findall(r'(?m)^name = "(\S+)"', path.read_text())[0]
    _replace("pyproject.toml", r'^name = "\S+"', 'name = "renamed"')(folder, uv)
    if "build-backend" in path.read_text():
        _append("pyproject.toml", f'\n[tool.uv.build-backend]\nmodule-name = "{module}"\n')(
            folder, uv
        )


def _change_dockerfile(
    is_wanted: Callable[[Instruction], bool], new: str = "", keeps: bool = True
) -> Callable[[Path, RunPackageManager], None]:
    """Return a function that inserts a text above the first wanted instruction of a Dockerfile.

    Unless `keeps` is set, the text replaces the instruction.
    """

    def apply(folder: Path, _uv: RunPackageManager) -> None:
        path = folder / "Dockerfile"
        lines = path.read_text().splitlines(keepends=True)
        instructions = Dockerfile.parse("".join(lines)).instructions
        wanted = next((each for each in instructions if is_wanted(each)), None)
        if wanted is None:
            raise Problem("The Dockerfile lacks the instruction that an edit changes.")
        below = wanted.line - 1 if keeps else wanted.last_line
        path.write_text("".join([*lines[: wanted.line - 1], new, *lines[below:]]))

    return apply


def _remove_static_files(folder: Path, uv: RunPackageManager) -> None:
    """Make an app without static files of the only app that has some."""
    _change_dockerfile(_copies_static_files, keeps=False)(folder, uv)
    for file in folder.glob("*/static/**/*"):
        if file.is_file():
            file.unlink()


def _copies_static_files(instruction: Instruction) -> bool:
    return instruction.keyword == "COPY" and instruction.arguments[0].endswith("/static")


def _copies_the_project_file(instruction: Instruction) -> bool:
    return instruction.keyword == "COPY" and instruction.arguments[0] == "pyproject.toml"


def _collects_static_files(instruction: Instruction) -> bool:
    return any("collectstatic" in command.call for command in instruction.commands)


# In the folder in which an example collects its static files.
_LEFT_OVER = 'RUN install -D /dev/null "${DJANGO_STATIC_ROOT:-static-collected}/left-over"\n'
_SECOND_PYTHON = "RUN cp /usr/bin/python${PYTHON_VERSION} /usr/local/bin/python3\n"
_BUILD_SYSTEM = """
[build-system]
requires = ["uv_build>=0.13,<0.14"]
build-backend = "uv_build"
"""
# `package = false` applies even with a build system.
_PACKAGED = f"package = true\n{_BUILD_SYSTEM}"
_UNTYPED_ERROR = """

def untyped():
    return 1 + "1"
"""


def _everything_copied(folder: Path, _uv: RunPackageManager) -> None:
    """Append an instruction that copies every file that .dockerignore does not exclude."""
    with (folder / "Dockerfile").open("a") as file:
        file.write("COPY . .\n")


def repeatable(name: str) -> Edit:
    """Return an everyday edit that also adds a comment with a new text each time it is made."""
    change = edit(name)
    comment = {"view": "**/views.py", "ruff": "pyproject.toml"}[name]

    def apply(folder: Path, uv: RunPackageManager) -> None:
        change.apply(folder, uv)
        _append(comment, f"# {secrets.token_hex(4)}\n")(folder, uv)

    return Edit(name, change.title, apply)


def only_check(item: Item, is_removed: bool) -> Edit:
    """Return an edit after which no other line than an item checks whether uv.lock is up to date.

    A dependency is added without locking. `is_removed` says whether the item is removed already.
    """

    def apply(folder: Path, uv: RunPackageManager) -> None:
        path = folder / "Dockerfile"
        parts = path.read_text().split("--locked")
        number = -1 if is_removed else path.read_text()[: item.start].count("--locked")
        ends = ["--locked" if each == number else "--frozen" for each in range(len(parts) - 1)]
        path.write_text("".join(map("".join, zip(parts, [*ends, ""], strict=True))))
        FORGOT_TO_LOCK.apply(folder, uv)

    return Edit("unlocked-here", "Add a dependency without locking", apply)


def only_check_online(item: Item, is_removed: bool) -> Edit:
    """Return the edit `only_check` for a step that can update the lockfile.

    The step has a network, and the project has no package from Git, for which it might lack Git.
    """

    def apply(folder: Path, uv: RunPackageManager) -> None:
        _remove_git_packages(folder, uv)
        only_check(item, is_removed).apply(folder, uv)
        _give_network(folder, uv)

    return Edit("unlocked-online", "Add a dependency without locking, with a network", apply)


def _remove_git_packages(folder: Path, uv: RunPackageManager) -> None:
    path = folder / "pyproject.toml"
    text = path.read_text()
    for source in re.finditer(r"(?m)^(\S+) = \{ git = .*\n", text):
        text = text.replace(source[0], "").replace(f'    "{source[1]}",\n', "")
    if text != path.read_text():
        path.write_text(text)
        _lock(folder, uv)


def _give_network(folder: Path, _uv: RunPackageManager) -> None:
    path = folder / "Dockerfile"
    text = path.read_text().replace("--network=none", "--network=default")
    path.write_text(text.replace("uv export --offline", "uv export"))


def _run_mounts_again(folder: Path, _uv: RunPackageManager) -> None:
    """Make each step with a cache mount run again.

    BuildKit takes a step from the layer cache even if the `id` or `sharing` of a mount has changed.
    """
    path = folder / "Dockerfile"
    lines = path.read_text().splitlines(keepends=True)
    for instruction in reversed(Dockerfile.parse("".join(lines)).instructions):
        if any(mount.type == "cache" for mount in instruction.mounts):
            lines.insert(instruction.line - 1, f"ENV RUN_AGAIN={secrets.token_hex(4)}\n")
    path.write_text("".join(lines))


RUN_MOUNTS_AGAIN = Edit("run-again", "Run the steps with cache mounts again", _run_mounts_again)


def _add_another_dependency(folder: Path, uv: RunPackageManager) -> None:
    """Turn a project into another one, whose cache mounts have their default ids."""
    path = folder / "Dockerfile"
    path.write_text(re.sub(r"(type=cache),id=[^,\s]+", r"\1", path.read_text()))
    uv(folder, ["add", "idna", "--no-sync"])


OTHER_PROJECT = Edit("other-project", "Build another project", _add_another_dependency)


def leftovers(example: Example) -> Edit:
    """Return an edit that creates or changes a file for each entry of an example's .dockerignore.

    The entries are those of the unchanged file, so that a removed entry has its file as well.
    """
    entries = (example.folder / ".dockerignore").read_text().splitlines()
    outside = {"tests", "private"}
    code = min(
        path.parent
        for path in example.files
        if path.name == "__init__.py" and not outside & {*path.parts}
    )

    def apply(folder: Path, _uv: RunPackageManager) -> None:
        for path in leftover_paths(entries, code):
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("a") as opened:
                opened.write("# left over\n")

    return Edit("leftovers", "Leave files", apply)


def leftover_paths(entries: list[str], code: Path) -> list[Path]:
    """Return a path for each pattern of .dockerignore. `code` is a folder with the code."""
    paths = []
    for entry in entries:
        if not entry or entry.startswith(("#", "!")):
            continue
        path = Path(entry.replace("**/", f"{code}/").replace("*", "x"))
        paths.append(path / "left-over" if path.name in _FOLDERS else path)
    return paths


_FOLDERS = {
    *(".git", ".github", ".venv", ".uv-cache", "static-collected", "media", "tests"),
    *("__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache"),
}


@dataclass(frozen=True)
class Situation:
    """An edit, and what is done before it and during the build after it.

    If there is an edit `first`, the copy is built after it, and then with `change` in addition. If
    `is_new_runner` is set, cache mounts are empty in the build after `change`, and `has_token` says
    whether that build gets the token of the private server.
    """

    change: Edit
    first: Edit | None = None
    is_new_runner: bool = False
    has_token: bool = True


def situation(name: str, example: Example) -> Situation:
    """Return the situation with a name. Raises Problem if it does not exist."""
    if name == "leftovers":
        return Situation(leftovers(example), _NOTHING)
    if name == "leftovers-copied":
        return Situation(leftovers(example), _EVERYTHING_COPIED)
    if name not in _SITUATIONS:
        raise Problem(
            f"There is no edit {name!r} for a probe. There are: {', '.join(_SITUATIONS)}."
        )
    return _SITUATIONS[name]


def _edit(name: str, change: Callable[[Path, RunPackageManager], None]) -> Edit:
    return Edit(name, name.replace("-", " "), change)


_NOTHING = edit("nothing")
_EVERYTHING_COPIED = _edit("everything-copied", _everything_copied)
_DEPENDENCY = edit("dependency")
_SITUATIONS = {
    "unlocked": Situation(FORGOT_TO_LOCK),
    "newer-python": Situation(NEEDS_NEWER_PYTHON),
    "newer-python-online": Situation(
        _edit("newer-python-online", _in_turn(NEEDS_NEWER_PYTHON.apply, _give_network))
    ),
    "no-hashes": Situation(
        _edit(
            "no-hashes",
            _replace("Dockerfile", r"^( +--no-emit-project)", r"\1 --no-hashes"),
        )
    ),
    "rename": Situation(_edit("rename", _in_turn(_rename, _lock)), _NOTHING),
    "view": Situation(edit("view"), _NOTHING),
    "ruff": Situation(edit("ruff")),
    "dependency": Situation(_DEPENDENCY, _NOTHING),
    # The packages change as well, because a step is not run again only because its cache is empty.
    "new-runner": Situation(_DEPENDENCY, is_new_runner=True),
    "no-token": Situation(_DEPENDENCY, is_new_runner=True, has_token=False),
    "no-static": Situation(_edit("no-static", _remove_static_files)),
    "static-exists": Situation(
        _edit("static-exists", _change_dockerfile(_collects_static_files, _LEFT_OVER))
    ),
    # A copy at another path is enough, because the production image lacks it.
    "second-python": Situation(
        _edit("second-python", _change_dockerfile(_copies_the_project_file, _SECOND_PYTHON))
    ),
    "build-system": Situation(
        _edit("build-system", _in_turn(_append("pyproject.toml", _BUILD_SYSTEM), _lock))
    ),
    "packaged": Situation(
        _edit(
            "packaged", _in_turn(_replace("pyproject.toml", "^package = false$", _PACKAGED), _lock)
        )
    ),
    "untyped-error": Situation(_edit("untyped-error", _append("**/views.py", _UNTYPED_ERROR))),
}


# --- removing an item ---


class LockFailed(Problem):
    """uv could not update the lockfile after an item was removed from pyproject.toml."""


class EditFailed(Problem):
    """An edit could not be made after an item was removed."""


def removing(item: Item | None, *changes: Edit | None) -> Edit:
    """Return an edit that removes an item, locks again if necessary, and makes other edits."""

    def apply(folder: Path, uv: RunPackageManager) -> None:
        if item is not None:
            remove(item, folder, uv)
        for change in filter(None, changes):
            try:
                change.apply(folder, uv)
            except Problem as problem:
                raise EditFailed(str(problem)) from problem

    titles = [f"without {item.key}" if item else "unchanged"]
    titles += [change.title.lower() for change in changes if change]
    return Edit("lines", ", ".join(titles), apply)


def remove(item: Item, folder: Path, uv: RunPackageManager) -> None:
    """Remove an item from a file of a copy. Raises LockFailed if uv cannot lock afterwards."""
    path = folder / item.file
    path.write_text(item.without(path.read_text()))
    if item.file == "pyproject.toml":
        try:
            uv(folder, ["lock"])
        except Problem as problem:
            raise LockFailed(str(problem)) from problem


def no_uv(folder: Path, arguments: list[str]) -> None:
    """Take the place of uv for a project that uv does not manage."""
    raise AssertionError(f"uv does not manage {folder.name}, so it cannot run {arguments}.")
