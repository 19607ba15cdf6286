"""Record the options of the uv commands that install packages, from uv's shell completions."""

import re

from guide.content.recording_types import CommandOptions
from guide.machine import commands
from guide.machine.uv_releases import installed_uv

# The conditions under which fish completes the options of each command.
CONDITIONS = {
    "": "__fish_uv_needs_command",
    "sync": "__fish_uv_using_subcommand sync",
    "run": "__fish_uv_using_subcommand run",
    "export": "__fish_uv_using_subcommand export",
    "venv": "__fish_uv_using_subcommand venv",
    "pip sync": "__fish_uv_using_subcommand pip; and __fish_seen_subcommand_from sync",
    "pip install": "__fish_uv_using_subcommand pip; and __fish_seen_subcommand_from install",
}

# A completion of one option. `-r` means that the option takes a value.
_COMPLETION = re.compile(
    r"""(?m)^complete\ -c\ uv\ -n\ "(?P<condition>[^"]*)"
    (?:\ -s\ (?P<short>\S))?\ -l\ (?P<long>\S+)
    (?:\ -d\ '(?:[^'\\]|\\.)*')?(?P<value>\ -r\b)?""",
    re.VERBOSE,
)


def record_grammar() -> dict[str, CommandOptions]:
    """Return the options of each command. The options of every command have the key ""."""
    done = commands.run(
        *(installed_uv(), "generate-shell-completion", "fish"),
        failing="uv could not generate its shell completions",
    )
    options = read_completions(done.stdout)
    for name, own in options.items():
        if name:
            _remove_common(own, options[""])
    return options


def read_completions(script: str) -> dict[str, CommandOptions]:
    """Return the options that a completion script for fish has for each command."""
    options: dict[str, CommandOptions] = {
        name: {"flags": [], "values": [], "short": {}} for name in CONDITIONS
    }
    names = {condition: name for name, condition in CONDITIONS.items()}
    for each in _COMPLETION.finditer(script):
        if each["condition"] in names:
            own = options[names[each["condition"]]]
            long = f"--{each['long']}"
            own["values" if each["value"] else "flags"].append(long)
            if each["short"]:
                own["short"][f"-{each['short']}"] = long
    return options


def _remove_common(own: CommandOptions, common: CommandOptions) -> None:
    own["flags"] = [each for each in own["flags"] if each not in common["flags"]]
    own["values"] = [each for each in own["values"] if each not in common["values"]]
    own["short"] = {
        short: long for short, long in own["short"].items() if short not in common["short"]
    }
