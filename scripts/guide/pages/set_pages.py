"""How pages show what a command installs: a table, which a script makes into a form."""

import html
import json

from guide.content import recordings, uv_options
from guide.content.examples import example as find_example
from guide.pages.claim_pages import codes
from guide.pages.registry import macro

# The rows of the table, each typed behind `uv sync --locked`.
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
# What the form shows at first: a command that looks right and is not.
START = "uv sync --locked --no-dev"


@macro
def what_installs(example: str, *packages: str) -> str:
    """Any command, and what it installs. Without JavaScript, some packages by ten commands."""
    recorded = recordings.sets(example)
    heads = "".join(f'<th scope="col">{name}</th>' for name in packages)
    rows = ""
    for line in ROWS:
        found = uv_options.outcome(recorded, "uv sync", line)["packages"]
        cells = "".join(f"<td>{'yes' if name in found else ''}</td>" for name in packages)
        typed = codes([f"uv sync --locked {line}"])
        rows += f'<tr><th scope="row">{typed}</th><td>{len(found)}</td>{cells}</tr>'
    return (
        f'<div><what-installs data-set="{example}" data-start="{START}"'
        f' data-jobs="{html.escape(json.dumps(jobs(example)))}">'
        f"<template>{_form(example, recorded)}</template>"
        '<div class="scroll"><table class="facts sets"><thead><tr><th scope="col">Command</th>'
        f'<th scope="col">Packages</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
        "</what-installs></div>"
    )


@macro
def installed_after(example: str, *packages: str) -> str:
    """Which of some packages are there after one command and another."""
    recorded = recordings.sets(example)
    heads = "".join(f'<th scope="col">{name}</th>' for name in packages)
    rows = ""
    for line, each in recorded["sequences"].items():
        found = recorded["outcomes"][each["outcome"]]["packages"]
        cells = "".join(f"<td>{'yes' if name in found else ''}</td>" for name in packages)
        typed = codes(f"{line} {each['runs']}".split(" && "))
        rows += f'<tr><th scope="row">{typed}</th><td>{len(found)}</td>{cells}</tr>'
    return (
        '<div class="scroll"><table class="facts sets"><thead><tr>'
        f'<th scope="col">One, and then the other</th><th scope="col">Packages</th>{heads}'
        f"</tr></thead><tbody>{rows}</tbody></table></div>"
    )


@macro
def set_count(example: str) -> int:
    """How many different commands were typed."""
    recorded = recordings.sets(example)
    return sum(len(uv_options.ways(line)) for line in uv_options.lines(recorded["groups"]))


def jobs(example: str) -> list[tuple[str, str]]:
    """What a set can be right for, each with the command that installs it.

    Production as in the last stage of the Dockerfile, the jobs as in the pipelines, and the
    default for the rest.
    """
    found = [("production", find_example(example).uv_commands[0])]
    for job in recordings.pipelines()["gitlab"]:
        if job["installed"]:
            found.append((f"the {job['name']} job", job["commands"][0]))
    return [*found, ("a laptop", "uv sync")]


def _form(example: str, recorded: dict) -> str:
    fields = (
        ("Command", _choices("radio", "command", recorded["commands"])),
        ("Lockfile", _choices("radio", "lock", [*uv_options.LOCKS], "neither")),
        ("Default groups", _choices("radio", "base", ["", *recorded["bases"]], "as they are")),
        (
            "Groups",
            _choices("radio", "way", recorded["ways"])
            + f"<div>{_choices('checkbox', 'group', recorded['groups'])}</div>",
        ),
        ("Ready made", "".join(_button(name, command) for name, command in jobs(example))),
    )
    rows = "".join(
        f"<fieldset><legend>{name}</legend><div>{inputs}</div></fieldset>"
        for name, inputs in fields
    )
    return (
        '<form><label class="typed"><span>Type a command, or put one together</span>'
        '<input name="typed" autocomplete="off" autocapitalize="off" spellcheck="false"></label>'
        f'<p role="status"></p>{rows}</form><dl></dl>'
        "<details><summary>Ten commands side by side</summary></details>"
    )


def _choices(kind: str, name: str, values: list[str], none: str = "") -> str:
    """One input for each value; the empty one is called `none`."""
    found = ""
    for place, value in enumerate(values):
        checked = " checked" if kind == "radio" and place == 0 else ""
        said = f"<code>{value}</code>" if value else none
        found += (
            f'<label><input type="{kind}" name="{name}" value="{value}"{checked}>{said}</label>'
        )
    return found


def _button(name: str, command: str) -> str:
    return f'<button type="button" value="{html.escape(command)}">{name.split(" ", 1)[-1]}</button>'
