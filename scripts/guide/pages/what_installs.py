"""Show the packages that a command installs, in a table that a script replaces with a form."""

import json
from collections.abc import Iterable

from markupsafe import Markup

from guide.content import recordings, uv_options
from guide.content.examples import example as find_example
from guide.content.recording_types import SetsRecording
from guide.pages.markup import code, code_lines, join, row, table
from guide.pages.registry import macro

# The options in each row of the table, after `uv sync --locked`.
ROWS = (
    "",
    "--no-dev",
    "--no-default-groups",
    "--no-default-groups --group prod",
    "--no-default-groups --group test",
    "--group lint",
    "--only-group lint",
    "--only-dev",
    "--all-groups",
    "--all-extras",
)
# The initial command of the form. It looks suitable for production, but it is not.
START = "uv sync --locked --no-dev"


@macro
def what_installs(example: str, *packages: str) -> Markup:
    """Return a form for any command, and a table of ten commands for use without JavaScript."""
    recorded = recordings.sets(example)
    rows = []
    for line in ROWS:
        installed = uv_options.outcome(recorded, "uv sync", line)["packages"]
        rows.append(_row([f"uv sync --locked {line}"], installed, packages))
    return Markup(
        '<div><what-installs data-set="{}" data-start="{}" data-jobs="{}"><template>{}</template>'
        "{}</what-installs></div>"
    ).format(
        example,
        START,
        json.dumps(job_commands(example)),
        _form(example, recorded),
        _table("Command", rows, packages),
    )


@macro
def installed_after(example: str, *packages: str) -> Markup:
    """Return a table of the packages that are installed after two consecutive commands."""
    recorded = recordings.sets(example)
    rows = []
    for line, sequence in recorded["sequences"].items():
        installed = recorded["outcomes"][sequence["outcome"]]["packages"]
        rows.append(_row(f"{line} {sequence['runs']}".split(" && "), installed, packages))
    return _table("Commands, one after the other", rows, packages)


@macro
def set_count(example: str) -> int:
    """Return the number of recorded commands."""
    groups = recordings.sets(example)["groups"]
    return sum(len(uv_options.command_variants(each)) for each in uv_options.option_strings(groups))


def job_commands(example: str) -> list[tuple[str, str]]:
    """Return use cases with the commands that install their packages.

    The use cases are production (with the command from the Dockerfile), the CI jobs and a laptop.
    """
    commands = [("production", find_example(example).uv_commands[0])]
    for job in recordings.pipelines()["gitlab"]:
        if job["installed"]:
            commands.append((f"the {job['name']} job", job["commands"][0]))
    return [*commands, ("a laptop", "uv sync")]


def _table(head: str, rows: list[Markup], packages: Iterable[str]) -> Markup:
    return table(rows, (head, "Packages", *packages), "facts sets", is_searched=True)


def _row(commands: list[str], installed: list[str], packages: Iterable[str]) -> Markup:
    cells = ("yes" if name in installed else "" for name in packages)
    return row(code_lines(commands), len(installed), *cells)


def _form(example: str, recorded: SetsRecording) -> Markup:
    groups = Markup("<div>{}</div>").format(_choices("checkbox", "group", recorded["groups"]))
    fields = {
        "Command": _choices("radio", "command", recorded["commands"]),
        "Lockfile": _choices("radio", "lock", uv_options.LOCKS, "neither"),
        "Default groups": _choices("radio", "base", ["", *recorded["bases"]], "as they are"),
        "Groups": _choices("radio", "way", recorded["ways"]) + groups,
        "Examples": join(_button(name, command) for name, command in job_commands(example)),
    }
    rows = (
        Markup("<fieldset><legend>{}</legend><div>{}</div></fieldset>").format(legend, inputs)
        for legend, inputs in fields.items()
    )
    return Markup(
        '<form><label class="typed"><span>Type a command, or choose its options below</span>'
        '<input name="typed" autocomplete="off" autocapitalize="off" spellcheck="false"></label>'
        '<p role="status"></p>{}</form><dl></dl>'
        "<details><summary>Compare ten commands</summary></details>"
    ).format(join(rows))


def _choices(kind: str, name: str, values: Iterable[str], none: str = "") -> Markup:
    """Return one input for each value. The label of the empty value is `none`."""
    return join(
        Markup('<label><input type="{}" name="{}" value="{}"{}>{}</label>').format(
            kind,
            name,
            value,
            " checked" if kind == "radio" and number == 0 else "",
            code(value) if value else none,
        )
        for number, value in enumerate(values)
    )


def _button(name: str, command: str) -> Markup:
    label = name.split(" ", 1)[-1]
    return Markup('<button type="button" value="{}">{}</button>').format(command, label)
