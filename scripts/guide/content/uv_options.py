"""The command lines of `uv sync` and `uv run` that are recorded, and the order of their options.

A *line* is the part of a command after `uv sync` or `uv run`, without the lockfile option. Its
*outcome* is the packages that it installs, or uv's reason for refusing it.
"""

import tomllib
from itertools import combinations

from guide import Problem
from guide.content.examples import Example
from guide.content.recording_types import RecordedOutcome, SetsRecording

EXAMPLE = "dependency-groups"

COMMANDS = ("uv sync", "uv run")
LOCKS = ("--locked", "--frozen", "")
# The options that choose what is installed before any group is named.
BASES = ("", "--no-dev", "--no-default-groups", "--all-groups", "--only-dev")
WAYS = ("--group", "--only-group", "--no-group")
# Options that people add. The last names an extra that the example does not have.
ALSO = (
    "--dev", "--no-sync", "--exact", "--inexact", "--no-install-project", "--all-extras",
    "--extra prod",
)  # fmt: skip
# Commands in the same virtual environment, one after another, and what the last one runs.
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
    """Return the names of the example's dependency groups, in the order of pyproject.toml."""
    project = tomllib.loads((example.folder / "pyproject.toml").read_text())
    return [*project["dependency-groups"]]


def all_options(names: list[str]) -> list[str]:
    """Return every option that is recorded, in the order in which lines have them."""
    for_groups = [f"{way} {name}" for way in WAYS for name in names]
    return [option for option in (*LOCKS, *BASES, *ALSO, *for_groups) if option]


def lines(names: list[str]) -> list[str]:
    """Return every line that is recorded, its options in the order in which it is looked up."""
    one = {way: [f"{way} {name}" for name in names] for way in WAYS}
    recorded = [*BASES]
    for base in BASES:
        for way in WAYS:
            recorded += [
                _join(base, *(f"{way} {name}" for name in some)) for some in _choices(names)
            ]
    for pair in combinations(BASES[1:], 2):
        recorded += [_join(*pair, group) for group in ("", *one["--group"])]
    for also in ALSO:
        recorded += [_join(base, also) for base in BASES]
        recorded += [_join(base, also, group) for base in BASES[:3] for group in one["--group"]]
    for base in ("", "--no-default-groups"):
        recorded += [_join(base, a, b) for a in one["--group"] for b in one["--no-group"]]
    for other in ("--group", "--no-group"):
        both = ((a, b) for a in one["--only-group"] for b in one[other])
        recorded += [_join(*(pair if other == "--no-group" else pair[::-1])) for pair in both]
    # In these pairs alone, the last option overrides the first.
    return [*recorded, "--dev --no-dev", "--locked --frozen"]


def command_line(command: str, lock: str, line: str) -> str:
    """Return the command for a line.

    Without a lockfile option, it has its options in reverse order and with `=`, which must not
    change the outcome.
    """
    tail = "true" if command == "uv run" else ""
    if lock or {"--dev", "--no-dev"} <= set(line.split()):
        return _join(command, lock, line, tail)
    return _join(command, *(option.replace(" ", "=") for option in reversed(options(line))), tail)


def sequence_line(line: str, lock: str, tail: str) -> str:
    """Return a sequence with the lockfile option in each of its commands, and what it runs."""
    commands = (command.split() for command in line.split(" && "))
    return _join(" && ".join(_join(*words[:2], lock, *words[2:]) for words in commands), tail)


def options(line: str) -> list[str]:
    """Return the options of a line, each with its value."""
    return ["--" + option.strip() for option in line.split("--")[1:]]


def outcome(recorded: SetsRecording, command: str, line: str) -> RecordedOutcome:
    """Return the recorded outcome of a line. Raises Problem when the line was not recorded."""
    of_command = recorded["uv sync"] if command == "uv sync" else recorded["uv run"]
    for positions in (of_command, recorded["lines"]):
        if line in positions:
            return recorded["outcomes"][positions[line]]
    raise Problem(f"{command} {line} was not recorded.")


def spellings(line: str) -> list[tuple[str, str]]:
    """Return the commands and lockfile options that a line is recorded with."""
    locks = ("",) if line.startswith("--locked") else LOCKS
    return [(command, lock) for command in COMMANDS for lock in locks]


def _choices(names: list[str]) -> list[tuple[str, ...]]:
    """Return every choice of at least one of the names, in their order."""
    return [some for count in range(1, len(names) + 1) for some in combinations(names, count)]


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)
