"""Show the migration from Poetry to uv: commands, changed files, and equivalent commands."""

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


@macro("moved")
def migration_session(part: str) -> Markup:
    """Return the commands of one part of the migration, with their output."""
    try:
        commands = recordings.migration()["parts"][part]
    except KeyError:
        raise Problem(f"The recording of the migration has no part {part!r}.") from None
    entries = (
        TerminalEntry(command["text"], command["output"], command["exit_code"])
        for command in commands
    )
    return block(session(entries))


@macro("moved_file")
def migrated_file(name: str, folded: bool = False) -> Markup:
    """Return the changes that the migration makes to a file of the project."""
    changes = block(difference(_lines(BEFORE, name), _lines(AFTER, name)), name)
    if not folded:
        return changes
    return Markup('<details class="note"><summary>{}</summary>{}</details>').format(name, changes)


@macro("left_by_the_tool")
def manual_changes() -> Markup:
    """Return the manual changes to pyproject.toml after the conversion."""
    converted = recordings.migration()["pyproject"]["converted"].splitlines()
    return block(difference(converted, _lines(AFTER, "pyproject.toml")), "pyproject.toml")


@macro("moved_packages")
def locked_package_count() -> int:
    """Return the number of packages in the lockfile, without the project."""
    return recordings.migration()["packages"]


@macro
def package_changes() -> int:
    """Return the number of packages whose versions differ after the migration."""
    return len(recordings.migration()["other_versions"])


@macro("command_map")
def command_table() -> Markup:
    """Return every Poetry command with the equivalent uv command and their differences."""
    rows = []
    for group, pairs in groupby(recordings.command_map()["rows"], lambda pair: pair["group"]):
        rows.append(group_row(group, 3) + "\n")
        rows += [_pair(pair) for pair in pairs]
    return table(rows, ("Poetry", "uv", "Compared"), "facts map", is_searched=True)


@macro
def command_count() -> int:
    """Return the number of command pairs that were compared."""
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
