"""Find the commands in the text of pages, and check that their programs understand them."""

import json
import re
from collections.abc import Iterator
from functools import cache

from guide.content.dockerfile import Instruction
from guide.content.shell import commands
from guide.machine.commands import run
from guide.machine.uv_releases import installed_uv
from guide.record.command_options import PATH

RECORDED = json.loads(PATH.read_text())
# Maps each command of Docker, Poetry and pip to its options.
OPTIONS = {name: options.split() for name, options in RECORDED["commands"].items()}
PROGRAMS = {"uv", "uvx", "docker", "poetry", "pip"}

# Commands that run another command. Options after the first argument belong to that command.
UV_RUNNERS = {("uv", "run"), ("uv", "tool", "run")}
RUNNERS = {"docker run", "docker exec", "docker compose run", "docker compose exec", "poetry run"}

# A redirection of output, such as `2> log`.
REDIRECTION = re.compile(r" \d?> ?[\w./]+")


def calls_in(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the commands of the known programs in a code span, which may be a RUN instruction."""
    text = REDIRECTION.sub("", " ".join(text.replace("\u200b", "").split()))
    is_instruction = text.startswith("RUN ")
    for command in Instruction.parse(text).commands if is_instruction else commands(text):
        if len(command.call) > 1 and command.call[0] in PROGRAMS:
            yield command.call


@cache
def fault_of(call: tuple[str, ...]) -> str | None:
    """Return why a program does not understand a command, or None if it does."""
    if call[0] == "uvx":
        return _fault_of_uv(("uv", "tool", "run", *call[1:]))
    return _fault_of_uv(call) if call[0] == "uv" else _fault_of_recorded(call)


def _fault_of_uv(call: tuple[str, ...]) -> str | None:
    """Let uv parse a command. With `--help`, it reports unknown words, but runs nothing else.

    In a command such as `uv run --only-group lint ruff check`, `--help` has to come before `ruff`.
    Before `lint`, it is an error, because `--only-group` needs a value.
    """
    positions = [len(call)]
    runner = next((each for each in UV_RUNNERS if call[: len(each)] == each), None)
    if runner:
        after = range(len(runner), len(call))
        positions = [at for at in after if not call[at].startswith("-")] + positions
    fault = None
    for at in positions:
        command = (*call[1:at], "--help", *call[at:])
        done = run(installed_uv(), *command, failing="uv failed", check=False, cwd="/")
        if done.returncode == 0:
            return None
        fault = done.stderr.splitlines()[0].removeprefix("error: ")
    # The text may name an option without its value, as in `uv sync --only-group`.
    return None if fault and fault.startswith("a value is required") else fault


def _fault_of_recorded(call: tuple[str, ...]) -> str | None:
    """Compare a command with the recorded options."""
    name, has_value = call[0], False
    for word in call[1:]:
        if has_value:
            has_value = False
        elif word.startswith("-") and word != "-":
            option, equals, _ = word.partition("=")
            if {option, f"{option}="}.isdisjoint(OPTIONS.get(name, [])):
                return f"{name} has no option {option}"
            has_value = f"{option}=" in OPTIONS[name] and not equals
        elif _has_subcommands(name):
            name = f"{name} {word}"
            if name not in OPTIONS and not _has_subcommands(name):
                return f"{name} is not in {PATH.name}"
        elif name in RUNNERS:
            return None
    return None


def _has_subcommands(name: str) -> bool:
    return any(each.startswith(f"{name} ") for each in OPTIONS)


@cache
def known_options() -> set[str]:
    """Return the options of all commands. A shell completion contains those of uv."""
    completion = run(installed_uv(), "generate-shell-completion", "bash", failing="uv failed")
    of_uv = re.findall(r"(?<!\S)--?[a-zA-Z][\w-]*", completion.stdout)
    return {*of_uv, *(each.rstrip("=") for options in OPTIONS.values() for each in options)}
