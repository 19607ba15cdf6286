"""Check folders as `scripts/check` asks for."""

import sys
from pathlib import Path

from rich.console import Console

from guide import Problem
from guide.check.folders import LEVELS, check_folders
from guide.check.formats import Results, as_github, as_json, as_sarif, findings
from guide.check.report import print_differences, print_report

FORMATS = {"json": as_json, "github": as_github, "sarif": as_sarif}
# One fix can make another one possible in a file that several Dockerfiles share.
_MAX_ROUNDS = 10


def check(folders: list[Path], output: str, level: str) -> int:
    """Print the findings. Return 1 if one is at the level or above, and 0 otherwise."""
    results = check_folders(folders)
    if output == "text":
        print_report(results, _console())
    elif text := FORMATS[output](results):
        print(text)
    return _status(results, level)


def show_fixes(folders: list[Path], level: str) -> int:
    """Print what the fixes would change."""
    results = check_folders(folders)
    print_differences(_fixed(results), _console())
    return _status(results, level)


def write_fixes(folders: list[Path], level: str) -> int:
    """Change the files, print the changes, and check what remains."""
    console = _console()
    for _ in range(_MAX_ROUNDS):
        fixed = _fixed(check_folders(folders))
        if not fixed:
            break
        print_differences(fixed, console)
        for path, text in fixed.items():
            _write(path, text)
    return check(folders, "text", level)


def _console() -> Console:
    return Console(file=sys.stdout, highlight=False)


def _status(results: Results, level: str) -> int:
    failing = LEVELS[: LEVELS.index(level) + 1]
    return int(any(finding["severity"] in failing for _, finding in findings(results)))


def _fixed(results: Results) -> dict[Path, str]:
    """Return the new texts of files. Of a file that Dockerfiles share, the first one counts."""
    fixed: dict[Path, str] = {}
    for folder, dockerfiles in results:
        for dockerfile in dockerfiles:
            for name, text in dockerfile["fixed"].items():
                fixed.setdefault(folder / name, text)
    return fixed


def _write(path: Path, text: str) -> None:
    """Write a file. Raises Problem if its old text cannot be kept apart from the changes."""
    try:
        if path.exists():
            path.read_bytes().decode()
        path.write_bytes(text.encode())
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{path} cannot be changed: {error}.") from error
