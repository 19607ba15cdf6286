"""The recorded commands of `uv sync` and `uv run`, and the order of their options.

An *option string* is the part of a command after `uv sync` or `uv run`, without the lockfile
option. Its *outcome* is the set of packages that it installs, or uv's reason for refusing it.
"""

import tomllib
from itertools import combinations

from guide import Problem
from guide.content.examples import Example
from guide.content.recording_types import RecordedOutcome, SetsRecording

EXAMPLE = "dependency-groups"

COMMANDS = ("uv sync", "uv run")
LOCKS = ("--locked", "--frozen", "")
# Options that select the default groups. Group options are added to them.
BASE_OPTIONS = ("", "--no-dev", "--no-default-groups", "--all-groups", "--only-dev")
GROUP_OPTIONS = ("--group", "--only-group", "--no-group")
# Other common options. The last one is for an extra that the example does not define.
OTHER_OPTIONS = (
    "--dev", "--no-sync", "--exact", "--inexact", "--no-install-project", "--all-extras",
    "--extra prod",
)  # fmt: skip
# Commands that run one after another in the same virtual environment, and the program that the last
# one runs.
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
    """Return every recorded option, in the order in which option strings contain them."""
    for_groups = [f"{option} {name}" for option in GROUP_OPTIONS for name in names]
    return [option for option in (*LOCKS, *BASE_OPTIONS, *OTHER_OPTIONS, *for_groups) if option]


def option_strings(names: list[str]) -> list[str]:
    """Return the option string of every recorded command, with its options in lookup order."""
    groups = {option: [f"{option} {name}" for name in names] for option in GROUP_OPTIONS}
    recorded = [*BASE_OPTIONS]
    for base in BASE_OPTIONS:
        for option in GROUP_OPTIONS:
            recorded += [
                _join(base, *(f"{option} {name}" for name in subset)) for subset in _subsets(names)
            ]
    for pair in combinations(BASE_OPTIONS[1:], 2):
        recorded += [_join(*pair, group) for group in ("", *groups["--group"])]
    for option in OTHER_OPTIONS:
        recorded += [_join(base, option) for base in BASE_OPTIONS]
        recorded += [
            _join(base, option, group) for base in BASE_OPTIONS[:3] for group in groups["--group"]
        ]
    for base in ("", "--no-default-groups"):
        recorded += [_join(base, a, b) for a in groups["--group"] for b in groups["--no-group"]]
    for option in ("--group", "--no-group"):
        pairs = ((a, b) for a in groups["--only-group"] for b in groups[option])
        recorded += [_join(*(pair if option == "--no-group" else pair[::-1])) for pair in pairs]
    # Only in these two pairs, the last option overrides the first.
    return [*recorded, "--dev --no-dev", "--locked --frozen"]


def command_line(command: str, lock: str, option_string: str) -> str:
    """Return a command with these options.

    Without a lockfile option, the other options are in reverse order and written with `=`, which
    must not change the outcome.
    """
    tail = "true" if command == "uv run" else ""
    if lock or {"--dev", "--no-dev"} <= set(option_string.split()):
        return _join(command, lock, option_string, tail)
    reverse = (option.replace(" ", "=") for option in reversed(options(option_string)))
    return _join(command, *reverse, tail)


def sequence_line(sequence: str, lock: str, program: str) -> str:
    """Return a sequence with the lockfile option in each command, and the program to run."""
    commands = (command.split() for command in sequence.split(" && "))
    return _join(" && ".join(_join(*words[:2], lock, *words[2:]) for words in commands), program)


def options(option_string: str) -> list[str]:
    """Return the options in an option string, each with its value."""
    return ["--" + option.strip() for option in option_string.split("--")[1:]]


def outcome(recorded: SetsRecording, command: str, option_string: str) -> RecordedOutcome:
    """Return the recorded outcome of a command. Raises Problem if it was not recorded."""
    of_command = recorded["uv sync"] if command == "uv sync" else recorded["uv run"]
    for positions in (of_command, recorded["lines"]):
        if option_string in positions:
            return recorded["outcomes"][positions[option_string]]
    raise Problem(f"{command} {option_string} is not recorded. Run: scripts/record sets")


def command_variants(option_string: str) -> list[tuple[str, str]]:
    """Return the commands and lockfile options with which an option string is recorded."""
    locks = ("",) if option_string.startswith("--locked") else LOCKS
    return [(command, lock) for command in COMMANDS for lock in locks]


def _subsets(names: list[str]) -> list[tuple[str, ...]]:
    """Return every non-empty subset of the names, each in the order of the names."""
    return [subset for size in range(1, len(names) + 1) for subset in combinations(names, size)]


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)
