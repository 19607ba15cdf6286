"""Check every Dockerfile in a folder."""

import os
from pathlib import Path
from typing import NotRequired, TypedDict

from guide import ROOT, Problem
from guide.content import recordings
from guide.machine import node

MODULE = ROOT / "docs/assets/js/check/repository.js"
# Folders whose files do not matter. Their names do, because `COPY . .` copies them.
SKIPPED = {".git", ".hg", ".venv", "venv", "node_modules", "__pycache__", ".tox", ".mypy_cache"}
# The levels of findings, worst first.
LEVELS = ("breaks", "slow", "risky", "untidy")

_TO_READ = "(lists) => lists.map(module.filesToRead)"
_CHECK = """({ grammar, repositories }) =>
    repositories.map((each) => module.checkRepository(each, grammar))"""


class LineEdit(TypedDict):
    """Lines of a file that are replaced. If `lastLine` comes before `line`, lines are inserted."""

    file: str
    line: int
    lastLine: int
    text: list[str]


class Proposal(TypedDict):
    """A change that ends a finding, if its condition is met."""

    condition: str
    edits: list[LineEdit]


class Finding(TypedDict):
    """What is wrong with a line, why, and what to do."""

    rule: str
    title: str
    advice: str
    severity: str
    claims: list[str]
    file: str
    line: int
    lastLine: int
    message: str
    proposal: NotRequired[Proposal]


class NotJudged(TypedDict):
    """What the rules do not know."""

    line: int
    reason: str


class CheckedDockerfile(TypedDict):
    """The findings in a Dockerfile and its project. Paths start at the checked folder."""

    path: str
    findings: list[Finding]
    notJudged: list[NotJudged]
    problems: list[NotJudged]
    fixed: dict[str, str]


def check_folders(folders: list[Path]) -> list[tuple[Path, list[CheckedDockerfile]]]:
    """Return the findings in each folder. Raises Problem if no folder has a Dockerfile."""
    for folder in folders:
        if not folder.is_dir():
            raise Problem(f"{folder} is not a folder. Name folders that contain Dockerfiles.")
    paths = [_paths(folder) for folder in folders]
    repositories = [
        {"paths": each, "texts": {name: text_of(folder / name) for name in names}}
        for folder, each, names in zip(
            folders, paths, node.call(MODULE, _TO_READ, paths), strict=True
        )
    ]
    argument = {"grammar": recordings.uv_options(), "repositories": repositories}
    results = [*zip(folders, node.call(MODULE, _CHECK, argument), strict=True)]
    if not any(dockerfiles for _, dockerfiles in results):
        names = ", ".join(str(folder) for folder in folders)
        raise Problem(f"There is no Dockerfile in {names}. Name a folder that contains one.")
    return results


def _paths(folder: Path) -> list[str]:
    """Return the paths of all files, and of the folders that are skipped."""
    result = []
    for parent, folders, files in os.walk(folder):
        skipped = SKIPPED.intersection(folders)
        folders[:] = sorted({*folders} - skipped)
        at = Path(parent)
        paths = [at / name for name in sorted(files)]
        result += [path.relative_to(folder).as_posix() for path in paths if path.is_file()]
        result += [f"{(at / name).relative_to(folder).as_posix()}/" for name in sorted(skipped)]
    return result


def text_of(path: Path) -> str:
    """Return the text of a file with its line ends. Bytes that are not UTF-8 are replaced."""
    try:
        return path.read_bytes().decode(errors="replace")
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.") from error
