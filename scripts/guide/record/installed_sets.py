"""Record the packages that each uv command installs in one example.

An *option string* is the part of a command after `uv sync` or `uv run`, without the lockfile
option. Its *outcome* is the set of packages that it installs, or the reason why uv rejects it.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from guide import Problem
from guide.content.examples import Example
from guide.content.recording_types import RecordedOutcome, SetsContent, SetsRecording
from guide.content.uv_options import (
    BASE_OPTIONS,
    COMMANDS,
    GROUP_OPTIONS,
    LOCKS,
    OTHER_OPTIONS,
    SEQUENCES,
    all_options,
    command_line,
    command_variants,
    groups,
    option_strings,
    outcome,
    sequence_line,
)
from guide.engine.docker import Engine
from guide.engine.uv import build_uv_image

LIST_INSTALLED = Path(__file__).with_name("list_installed.py")
# Thousands of commands take a few minutes, and longer on a busy machine.
TIME_LIMIT = 3600

# Parts of uv's errors for unknown or conflicting options.
REFUSALS = ("cannot be used with", "unexpected argument", "is not defined in")


def record_sets(engine: Engine, example: Example) -> SetsContent:
    """Run every command in a new virtual environment, and return the content of the recording."""
    names = groups(example)
    on_whole_packages = [
        sequence_line(line, lock, tail) for line, tail in SEQUENCES for lock in LOCKS
    ]
    others = [
        command_line(*variant, each)
        for each in option_strings(names)
        for variant in command_variants(each)
    ]
    return sets_content(names, *observe_sets(engine, example, on_whole_packages, others))


def observe_sets(
    engine: Engine, example: Example, on_whole_packages: Iterable[str], others: Iterable[str]
) -> tuple[dict[str, int], dict[str, RecordedOutcome]]:
    """Return the size of each package in kB, and the outcome of each command.

    The `others` use packages without their files, which is faster.
    """
    mount = f"type=bind,source={example.folder},target=/example,readonly"
    # The virtual environments are in memory, because there are thousands of them.
    options = ("--mount", mount, "--tmpfs", "/tmp:exec")
    arguments = (*dict.fromkeys(on_whole_packages), "--", *dict.fromkeys(others))
    image = build_uv_image(engine, example)
    command = ("python3", "-c", LIST_INSTALLED.read_text(), *arguments)
    printed = engine.run(image, *command, options=options, timeout=TIME_LIMIT).stdout
    sizes, *rows = (json.loads(line) for line in printed.splitlines())
    return sizes, dict(rows)


class _Outcomes:
    """The distinct outcomes of commands, in the order of the recording."""

    def __init__(self, by_command: dict[str, RecordedOutcome]):
        self.by_command = by_command
        self.different: list[RecordedOutcome] = []

    def position(self, commands: list[str]) -> int:
        """Return the position of the outcome that these commands share."""
        first, *others = (self.by_command[each] for each in commands)
        if any(each.get("packages") != first.get("packages") for each in others):
            raise Problem(
                "These commands must install the same packages, but install different packages: "
                f"{', '.join(commands)}"
            )
        if "refused" in first and not any(why in first["refused"] for why in REFUSALS):
            raise Problem(f"{commands[0]} failed for another reason than its options: {first}")
        if first not in self.different:
            self.different.append(first)
        return self.different.index(first)


def sets_content(
    names: list[str], sizes: dict[str, int], by_command: dict[str, RecordedOutcome]
) -> SetsContent:
    """Return the content of the recording.

    An option string with the same outcome for `uv sync` and `uv run` is written once. Raises
    Problem if the lockfile option or the spelling changes the outcome, or if a command fails for a
    reason other than its options.
    """
    outcomes = _Outcomes(by_command)
    both: dict[str, int] = {}
    sync: dict[str, int] = {}
    run: dict[str, int] = {}
    for each in option_strings(names):
        variants = command_variants(each)
        in_sync, in_run = (
            outcomes.position(
                [command_line(*variant, each) for variant in variants if variant[0] == command]
            )
            for command in COMMANDS
        )
        if in_sync == in_run:
            both[each] = in_sync
        else:
            sync[each], run[each] = in_sync, in_run
    return {
        "commands": [*COMMANDS],
        "options": all_options(names),
        "bases": [base for base in BASE_OPTIONS if base],
        "also": [*OTHER_OPTIONS],
        "ways": [*GROUP_OPTIONS],
        "groups": names,
        "sizes": sizes,
        "outcomes": outcomes.different,
        "lines": both,
        "uv sync": sync,
        "uv run": run,
        "sequences": {
            line: {
                "runs": tail,
                "outcome": outcomes.position([sequence_line(line, lock, tail) for lock in LOCKS]),
            }
            for line, tail in SEQUENCES
        },
    }


def sample_sets(
    recorded: SetsRecording,
) -> tuple[list[str], list[str], dict[str, RecordedOutcome]]:
    """Return a sample of commands with and without the files of packages, and their outcomes.

    The sample has every sequence, the first option string of each outcome, and one in thirty of
    the others.
    """
    sequences: dict[str, RecordedOutcome] = {}
    sample: dict[str, RecordedOutcome] = {}
    for number, (line, each) in enumerate(recorded["sequences"].items()):
        command = sequence_line(line, LOCKS[number % len(LOCKS)], each["runs"])
        sequences[command] = recorded["outcomes"][each["outcome"]]
    for number, option_string in enumerate(option_strings(recorded["groups"])):
        variants = command_variants(option_string)
        command, lock = variants[number % len(variants)]
        expected = outcome(recorded, command, option_string)
        if "refused" in expected:
            # uv's message repeats the options as the first variant spells them.
            lock = variants[0][1]
        if expected not in sample.values() or number % 30 == 0:
            sample[command_line(command, lock, option_string)] = expected
    return [*sequences], [*sample], sequences | sample
