"""The move from Poetry to uv: its commands, the changed files, and the table of commands."""

from itertools import groupby

from markupsafe import Markup

from guide import Problem
from guide.content import recordings
from guide.content.contenders import AFTER, BEFORE
from guide.content.examples import example
from guide.content.recording_types import CommandMapRow
from guide.pages.markup import (
    TerminalEntry,
    block,
    code,
    difference,
    group_row,
    inline_code,
    session,
    table,
)
from guide.pages.registry import macro


@macro
def moved(part: str) -> Markup:
    """Return the commands of one part of the move, with their output."""
    try:
        commands = recordings.migration()["parts"][part]
    except KeyError:
        raise Problem(f"The move has no part {part!r}.") from None
    entries = (
        TerminalEntry(command["text"], command["output"], command["exit_code"])
        for command in commands
    )
    return block(session(entries))


@macro
def moved_file(name: str, folded: bool = False) -> Markup:
    """Return the changes that the move makes to a file of the project."""
    changes = block(difference(_lines(BEFORE, name), _lines(AFTER, name)), name)
    if not folded:
        return changes
    return Markup('<details class="note"><summary>{}</summary>{}</details>').format(name, changes)


@macro
def left_by_the_tool() -> Markup:
    """Return the changes to make by hand in pyproject.toml after the conversion."""
    left = recordings.migration()["pyproject"]["converted"].splitlines()
    return block(difference(left, _lines(AFTER, "pyproject.toml")), "pyproject.toml")


@macro
def moved_packages() -> int:
    """Return how many packages the lockfile names, without the project."""
    return recordings.migration()["packages"]


@macro
def package_changes() -> int:
    """Return how many packages have a different version after the move."""
    return len(recordings.migration()["other_versions"])


@macro("command_map")
def command_table() -> Markup:
    """Return every Poetry command beside the one with uv, and how they differ."""
    rows = []
    for group, pairs in groupby(recordings.command_map()["rows"], lambda pair: pair["group"]):
        rows.append(group_row(group, 3) + "\n")
        rows += [_pair(pair) for pair in pairs]
    return table(rows, ("Poetry", "uv", "Compared"), "facts map", is_searched=True)


@macro
def command_count() -> int:
    """Return how many pairs of commands were compared."""
    return len(recordings.command_map()["rows"])


def _pair(pair: CommandMapRow) -> Markup:
    same = f"Same {' and '.join(pair['same'])}." if pair["same"] else ""
    when = Markup("<small>{}</small>").format(pair["when"]) if pair["when"] else ""
    return Markup('<tr><td>{}{}</td>\n<td>{}</td>\n<td class="{}">{}</td></tr>\n').format(
        code(pair["poetry"]),
        when,
        code(pair["uv"]),
        "differs" if pair["difference"] else "same",
        inline_code(" ".join(filter(None, (pair["difference"], same)))),
    )


def _lines(project: str, name: str) -> list[str]:
    return (example(project).folder / name).read_text().splitlines()
