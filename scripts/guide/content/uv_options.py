"""The options of `uv sync` and `uv run`: which command lines are recorded, and how each is typed.

A *line* is what follows `uv sync` or `uv run`, without the flag for the lockfile. An *outcome* is
the packages that a line installs, or uv's reason for refusing the line.
"""

import tomllib
from itertools import combinations

from guide import Problem
from guide.content.examples import Example

EXAMPLE = "dependency-groups"

COMMANDS = ("uv sync", "uv run")
LOCKS = ("--locked", "--frozen", "")
# What else is installed, before any group is named.
BASES = ("", "--no-dev", "--no-default-groups", "--all-groups", "--only-dev")
WAYS = ("--group", "--only-group", "--no-group")
# What people add. The last is an extra that the example does not have.
ALSO = (
    "--dev", "--no-sync", "--exact", "--inexact", "--no-install-project", "--all-extras",
    "--extra prod",
)  # fmt: skip
# One command after another in the same environment, and what the last one runs.
SEQUENCES = (
    ("uv sync --only-group lint && uv run", "ruff check"),
    ("uv sync --only-group lint && uv run --only-group lint", "ruff check"),
    ("uv sync --only-group lint && uv run --no-sync", "ruff check"),
    ("uv sync --no-dev && uv run", "python --version"),
    ("uv sync --no-dev --group prod && uv run", "gunicorn --version"),
    ("uv sync --no-dev --group prod && uv run --no-dev", "gunicorn --version"),
    ("uv sync --no-dev --group prod && uv run --no-sync", "gunicorn --version"),
    ("uv sync --no-default-groups --group test && uv run --no-default-groups", "pytest --version"),
    ("uv sync && uv run --no-dev", "python --version"),
    ("uv sync && uv sync --no-dev", ""),
)


def groups(example: Example) -> list[str]:
    """The names of its dependency groups, in their order."""
    project = tomllib.loads((example.folder / "pyproject.toml").read_text())
    return [*project["dependency-groups"]]


def known(names: list[str]) -> list[str]:
    """Every option that is typed, in the order in which a line has them."""
    named = [f"{way} {name}" for way in WAYS for name in names]
    return [option for option in (*LOCKS, *BASES, *ALSO, *named) if option]


def lines(names: list[str]) -> list[str]:
    """Every line that is recorded, each written in the one order in which it is looked up."""
    one = {way: [f"{way} {name}" for name in names] for way in WAYS}
    found = [*BASES]
    for base in BASES:
        for way in WAYS:
            found += [_join(base, *(f"{way} {name}" for name in some)) for some in _some(names)]
    for pair in combinations(BASES[1:], 2):
        found += [_join(*pair, group) for group in ("", *one["--group"])]
    for also in ALSO:
        found += [_join(base, also) for base in BASES]
        found += [_join(base, also, group) for base in BASES[:3] for group in one["--group"]]
    for base in ("", "--no-default-groups"):
        found += [_join(base, a, b) for a in one["--group"] for b in one["--no-group"]]
    for other in ("--group", "--no-group"):
        both = ((a, b) for a in one["--only-group"] for b in one[other])
        found += [_join(*(pair if other == "--no-group" else pair[::-1])) for pair in both]
    # The only two flags of which the last one counts.
    return [*found, "--dev --no-dev", "--locked --frozen"]


def spelled(command: str, lock: str, line: str) -> str:
    """A whole command for a line. Without a flag for the lockfile, it is typed backwards and
    with `=`: that must not matter."""
    tail = "true" if command == "uv run" else ""
    if lock or {"--dev", "--no-dev"} <= set(line.split()):
        return _join(command, lock, line, tail)
    return _join(command, *(option.replace(" ", "=") for option in reversed(options(line))), tail)


def locked(line: str, lock: str, tail: str) -> str:
    """A sequence with a flag for the lockfile in each of its commands, and what it runs."""
    steps = (each.split() for each in line.split(" && "))
    typed = " && ".join(_join(*step[:2], lock, *step[2:]) for step in steps)
    return _join(typed, tail)


def options(line: str) -> list[str]:
    """The options of a line, each with its value."""
    return ["--" + option.strip() for option in line.split("--")[1:]]


def outcome(recorded: dict, command: str, line: str) -> dict:
    """What was recorded for a line. Raises Problem if nothing was."""
    for place in (recorded[command], recorded["lines"]):
        if line in place:
            return recorded["outcomes"][place[line]]
    raise Problem(f"{command} {line} was not recorded.")


def ways(line: str) -> list[tuple[str, str]]:
    """The commands and flags for the lockfile with which a line is typed."""
    locks = ("",) if line.startswith("--locked") else LOCKS
    return [(command, lock) for command in COMMANDS for lock in locks]


def _some(names: list[str]) -> list[tuple[str, ...]]:
    """Every choice of at least one of the names, in their order."""
    return [some for count in range(1, len(names) + 1) for some in combinations(names, count)]


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)
